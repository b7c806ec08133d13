"""What a search has come to, as its screen and its plain lines say it while it goes on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crumple.cli.progress import Pace
from crumple.events import CallEnded, Discovered, Discovery, Event, Explored, Replayed, Resumed
from crumple.findings.finding import category_of
from crumple.plain_text import excerpt

BEING_MADE_SMALLER = ("met", "minimising")
_NO_KIND = ("explained", "not reproduced")
_LONG = 160


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may spend; None: as much as it takes."""

    calls: int | None = None
    seconds: float | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A category's kinds of failure.

    Attributes:
        category: its name.
        kinds, new, known: how many; `known` are in `findings/` already.
        failures: how many failures were put down to them.
    """

    category: str
    kinds: int
    new: int
    known: int
    failures: int


@dataclass(slots=True)
class Board:
    """What the events of a search have told so far.

    Attributes:
        pace: calls, rate, time.
        budget: see there.
        ids: a discovery's number -> the id of its finding, kept up by somebody else.
        named: a finding's id -> one line that says what happens, from the same.
        replays: how many findings are called again at the beginning.
        discoveries: by number.
        explored: how far it has come; None before the first round.
        replayed: the findings that were called again, in order.
        cost: the money that was spent.
        calls: how many calls were made in all.
        paced: whether the pace is told of events by somebody else.
    """

    pace: Pace
    budget: Budget = field(default_factory=Budget)
    ids: Mapping[int, str] = field(default_factory=dict)
    named: Callable[[str], str] = lambda finding: ""
    replays: int = 0
    discoveries: dict[int, Discovery] = field(default_factory=dict)
    explored: Explored | None = None
    replayed: list[Replayed] = field(default_factory=list)
    cost: float = 0.0
    calls: int = 0
    paced: bool = False

    def add(self, event: Event) -> None:
        """Take one event in."""
        if not self.paced:
            self.pace.add(event)
        match event:
            case Resumed(calls=calls, cost=cost):
                self.calls += calls
                self.cost += cost
            case CallEnded(result):
                self.calls += result.made
                self.cost += result.cost
            case Discovered(discovery):
                self.discoveries[discovery.number] = discovery
            case Explored():
                self.explored = event
            case Replayed():
                self.replayed.append(event)

    @property
    def kinds(self) -> list[Discovery]:
        """The discoveries that are kinds of failure of their own, in the order in which they were met."""
        return [each for each in self.discoveries.values() if each.state not in _NO_KIND]

    @property
    def newest(self) -> Discovery | None:
        """The one that was met last, of those that were not known before; None where there is none."""
        return next((each for each in reversed(self.kinds) if not each.known), None)

    @property
    def open(self) -> list[Discovery]:
        """Those that are being made smaller, those that were called most often first."""
        found = [each for each in self.kinds if each.state in BEING_MADE_SMALLER]
        return sorted(found, key=lambda each: (-each.calls, each.number))

    def rows(self) -> list[Row]:
        """Kinds by category, the most first; what is made smaller has none while its steps are of several."""
        by_category: dict[str, list[Discovery]] = {}
        for each in self.kinds:
            by_category.setdefault(listed_under(each), []).append(each)
        rows = [
            Row(
                name,
                len(own),
                sum(not each.known for each in own),
                sum(bool(each.known) for each in own),
                sum(each.count for each in own),
            )
            for name, own in by_category.items()
        ]
        return sorted(rows, key=lambda row: (not row.category, -row.kinds, -row.failures, row.category))

    def found_when(self, cells: int) -> list[int]:
        """How many new kinds were met in each of so many stretches of the calls that explored, the first one first."""
        calls = max(self.explored.calls if self.explored else 0, *(each.met_after for each in self.kinds), 1)
        counts = [0] * cells
        for each in self.kinds:
            counts[min(cells - 1, max(0, each.met_after - 1) * cells // calls)] += 1
        return counts


def listed_under(found: Discovery) -> str:
    """Its category; "" where only minimising will tell which of several."""
    steps = found.example.work.recipe.steps
    several = len({step.mutator.partition(".")[0] for step in steps}) > 1
    return "" if found.state in BEING_MADE_SMALLER and several else category_of(steps)


def what(found: Discovery) -> str:
    """What happens, in one line: outcome, exception and place, or the fields that are wrong."""
    return excerpt(found.fingerprints[0], _LONG)


def by_what(found: Discovery) -> str:
    """On which case, and by which mutators."""
    work = found.example.work
    return f"{excerpt(work.case, _LONG)} > {' > '.join(step.mutator for step in work.recipe.steps)}"


class News:
    """Of a search's events those that a person wants to read, each as one line."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self._states: dict[int, str] = {}

    def line(self, event: Event) -> str:
        """What an event has to tell; "" where it is nothing new."""
        match event:
            case Replayed(finding=finding, status=status, results=results, why=why):
                calls = f" in {len(results)} calls" if results else ""
                return f"{finding}: {status}{calls}{f'; {excerpt(why, _LONG)}' if why else ''}"
            case Discovered(discovery):
                before = self._states.get(discovery.number, "")
                self._states[discovery.number] = discovery.state
                return "" if before == discovery.state else _told(discovery, first=not before)
        return ""


def _told(found: Discovery, *, first: bool) -> str:
    name = f"kind {found.number + 1}"
    if found.known:
        return f"met again: {found.known}" if first else ""
    recipe = excerpt(f"{found.example.work.case} > {found.example.work.recipe}", 2 * _LONG)
    sure = f"{found.failed} of {found.tries} calls failed so"
    match found.state:
        case "met":
            return f"found {name}: {what(found).rstrip(',')}, by {by_what(found)}"  # it may end in a line of code
        case "minimised":
            return f"{name}, as small as it gets: {recipe} ({sure})"
        case "not minimised":
            return f"{name}, not as small as it could be: {recipe} ({sure}){f'; {found.why}' if found.why else ''}"
        case "flaky":
            return f"{name} fails now and then: {sure}"
        case "not reproduced":
            return f"{name} did not fail again ({sure})"
        case "explained" if found.parts:
            return f"{name} is explained by {', '.join(f'kind {each + 1}' for each in found.parts)}"
        case "explained":
            return f"{name} is explained by others"
    return f"found {name}: {what(found)}" if first else ""
