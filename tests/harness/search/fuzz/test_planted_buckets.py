"""Small readers with planted bugs that look alike: a search lists as many findings as there are bugs, each once."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.samples.engine_scripts import Listed, registry, scripted_mutator

from crumple.adapters.generalised import general
from crumple.adapters.refusal import compiled
from crumple.adapters.replies import reply_to
from crumple.adapters.service.exchange import Fate, Heard
from crumple.adapters.service.replies import failure
from crumple.case import Entry
from crumple.events import CleanEnded, Discovered, Discovery, RoundEnded
from crumple.judges.fields import fields
from crumple.judges.verdict import Policy, verdict
from crumple.outcome import Ending, Reply
from crumple.plan import Plan, Trial
from crumple.recipe import Step
from crumple.result import Result, Work
from crumple.search.fuzz import Fuzzing, Search
from crumple.targets import Target
from crumple.truth import Expectation
from crumple.views.text import Text
from crumple.workers import worker
from crumple.workers.frames import Frame
from crumple.workers.limits import Limits

Record = dict[str, str]
Change = tuple[str, str]

# Values of invoices, under keys as they stand in the truth's pointers.
CASES: Mapping[str, Record] = {
    f"{n}.txt": {
        "/number": f"R-{n}042",
        "/date": f"2024-03-{4 + n:02}",
        "/net": f"{1200 + n}.50",
        "/vat": f"{228 + n}.10",
        "/vendor": ["Moss Ltd", "Gray Ltd", "Fern Ltd"][n % 3],
        **{f"/lines/{at}/amount": f"{100 * n + at}.25" for at in range(2 + n)},
    }
    for n in range(1, 5)
}
NUMBERS = ("/net", "/vat", "/lines")


def numbers(how: Callable[[str], str]) -> Callable[[Record], list[Change]]:
    return lambda record: [(key, how(value)) for key, value in record.items() if key.startswith(NUMBERS)]


def only(key: str, how: Callable[[str], str]) -> Callable[[Record], list[Change]]:
    return lambda record: [(key, how(record[key]))]


MUTATORS: Mapping[str, Callable[[Record], list[Change]]] = {
    "table.decimal_comma": numbers(lambda text: text.replace(".", ",")),
    "table.currency": numbers(lambda text: f"EUR {text}"),
    "table.plus": numbers(lambda text: f"+{text}"),
    "table.stars": numbers(lambda text: f"**{text}"),
    "text.letter_o": numbers(lambda text: text.replace("0", "O")),
    "text.apostrophe": numbers(lambda text: f"'{text}"),
    "text.spaces": numbers(lambda text: f"{text[:1]} {text[1:]}"),
    "encoding.nbsp": numbers(lambda text: f"\xa0{text}\xa0"),
    "language.arabic": numbers(lambda text: text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))),
    "language.date_dots": only("/date", lambda text: ".".join(reversed(text.split("-")))),
    "language.date_words": only("/date", lambda text: text.replace("2024-03-", "March ")),
    "form.date_slash": only("/date", lambda text: text.replace("-", "/")),
    "form.no_date": only("/date", lambda text: "-"),
    "form.upper": only("/vendor", str.upper),
    "form.initials": only("/vendor", lambda text: text[:2] + "."),
    "encoding.umlaut": only("/vendor", lambda text: f"{text}\u0308"),
    "format.tab": only("/vendor", lambda text: f"{text}\t"),
    "format.number": only("/number", lambda text: text.replace("-", "/")),
}


def changed(record: Record, step: Step) -> tuple[Record, int]:
    """The record after a step, and how many changes it makes: of those that are possible some, at level 5 all."""
    possible = [change for change in MUTATORS[step.mutator](record) if record[change[0]] != change[1]]
    count = dict(step.parameters).get("count", 5)
    order = random.Random(step.seed).sample(range(len(possible)), len(possible))
    made = sorted(order[: max(1, len(possible) * int(count) // 5)]) if possible else []
    kept = [made[at] for at in numbers_of(step.only, len(made))]
    return record | dict(possible[at] for at in kept), len(made)


def numbers_of(text: str, most: int) -> list[int]:
    if not text:
        return list(range(most))
    ranges = (each.partition("-") for each in text.split(","))
    return [at for first, _, last in ranges for at in range(int(first), int(last or first) + 1) if at < most]


def truth_of(record: Record) -> dict[str, Any]:
    amounts = [float(value) for key, value in record.items() if key.startswith("/lines")]
    plain = {key[1:]: value for key, value in record.items() if not key.startswith("/lines")}
    numbers = {key: float(plain[key]) for key in ("net", "vat")}
    return {**plain, **numbers, "lines": [{"amount": each} for each in amounts]}


def sound(text: str) -> float:
    """The number in whatever digits are left."""
    return float("".join(each for each in text.replace("O", "0") if each.isdigit() or each == ".") or 1)


def right(record: Record) -> dict[str, Any]:
    """What a reader without a bug answers: values that are damaged in notation alone are read all the same."""
    clean = next(each for each in CASES.values() if each["/number"][2:] == record["/number"][2:])
    return truth_of(clean)


@dataclass
class System:
    """A reader with planted bugs: it notes which of them a document has triggered."""

    read: Callable[[Record, set[str]], Any]
    bugs: set[str]
    hit: set[str] = field(default_factory=set)

    def reply(self, record: Record) -> Reply:
        self.hit = set()
        try:
            answer = self.read(record, self.hit)
        except Exception as error:  # noqa: BLE001 - as a worker does
            settings = {"root": str(Path(__file__).parent), "call": "readers:read", "factory": ""}
            header = {"kind": "raised", "id": 1, "seconds": 0.0, **worker.described(error, settings)}
            return reply_to(Limits(), compiled((), Path()), Frame(header, b""), "", 0.0)
        return answer if isinstance(answer, Reply) else Reply(Ending.ANSWERED, answer)


def called(system: System, work: Work) -> Result:
    record, counts, steps = CASES[work.case], [], []
    for step in work.recipe.steps:
        after, count = changed(record, step)
        counts.append(count)
        if after != record:
            steps.append(step)
        elif not work.fitting:
            return Result(work, None, skipped="it changes nothing")
        record = after
    if not steps and work.recipe.steps:
        return Result(work, None, skipped="it changes nothing")
    work = replace(work, recipe=replace(work.recipe, steps=tuple(steps)))
    said = verdict(system.reply(record), Expectation(truth_of(CASES[work.case])), fields(), Policy())
    return Result(work, said, attempts=1, changes=tuple(counts) if work.counts else ())


def search(system: System, rounds: int = 60, seed: int = 3) -> list[Discovery]:
    """What a search lists, of those that it does not explain by others; as an engine drives it, a round behind."""
    mutators = registry(*(scripted_mutator(name, Text) for name in MUTATORS))
    corpus = Listed(tuple(Entry(name, "text/plain", name, True) for name in CASES))
    course = Fuzzing(Plan(corpus, mutators, seed=seed), Search(width=6))
    entries = corpus.entries()
    passed = frozenset(each.id for each in entries)
    clean = CleanEnded(entries, passed, (), frozenset(), {})
    course.begin({each.name: [Target(name) for name in CASES] for each in mutators}, clean)
    found: dict[int, Discovery] = {}
    out: deque[RoundEnded] = deque()
    events: list[Any] = []
    for number in range(rounds):
        trials: Sequence[Any] = course.following()
        out.append(RoundEnded(number, [called(system, work_of(trial)) for trial in trials]))
        if len(out) > 1:
            events += course.told(out.popleft())
    events += [each for ended in out for each in course.told(ended)]
    for event in [*events, *course.ended()]:
        if isinstance(event, Discovered):
            found[event.discovery.number] = event.discovery
    return [each for each in found.values() if each.state != "explained"]


def work_of(trial: Trial) -> Work:
    key = f"{trial.round}/{trial.name}/0/0"
    return Work(1, trial.case, trial.recipe, key=key, round=trial.round, fitting=trial.fitting, counts=trial.counts)


def bugs_of(system: System, found: Discovery) -> set[str]:
    """Which planted bugs a finding's smallest example triggers."""
    called(system, found.example.work)
    return set(system.hit)


# --- the readers ---


def one_line(record: Record, hit: set[str]) -> Any:
    """One bug: a helper that nine mutators of four categories make crash, from three callers."""

    def number(text: str) -> float:
        hit.add("number")
        value = float(text)
        hit.clear()
        return value

    def net() -> float:
        return number(record["/net"])

    return right(record) | {
        "net": net(),
        "vat": number(record["/vat"]),
        "lines": [{"amount": number(value)} for key, value in record.items() if key.startswith("/lines")],
    }


def two_raises(record: Record, hit: set[str]) -> Any:
    """Two bugs: one function raises the same ValueError in two places, by lines that read alike."""
    parts = record["/date"].split("-")
    if len(parts) == 1:
        hit.add("one part")
        raise ValueError(f"bad date {record['/date']}")
    if not parts[0]:
        hit.add("no year")
        raise ValueError(f"bad date {record['/date']}")
    return right(record)


def library(record: Record, hit: set[str]) -> Any:
    """Two bugs: one call of a library's for dates, one for numbers; every kind of damage ends deep in it."""
    hit.add("date")
    date.fromisoformat(record["/date"])
    hit.clear()
    hit.add("json")
    lines = [{"amount": json.loads(value)} for key, value in record.items() if key.startswith("/lines")]
    hit.clear()
    return right(record) | {"lines": lines}


def two_commas(record: Record, hit: set[str]) -> Any:
    """Two silent bugs by one comma: a net of a hundred times as much, a tax without its cents."""
    answer = right(record)
    if "," in record["/net"]:
        hit.add("net")
        answer["net"] = sound(record["/net"].replace(",", ""))
    if "," in record["/vat"]:
        hit.add("vat")
        answer["vat"] = sound(record["/vat"].partition(",")[0])
    return answer


def any_line(record: Record, hit: set[str]) -> Any:
    """One silent bug in whichever line the comma stands, of documents of three to six lines."""
    answer = right(record)
    values = [value for key, value in record.items() if key.startswith("/lines")]
    for line, value in zip(answer["lines"], values, strict=True):
        if "," in value:
            hit.add("line")
            line["amount"] *= 100
    return answer


def three_ways(record: Record, hit: set[str]) -> Any:
    """Three bugs on one field: by letters for digits, by a comma, and a date that crashes before either shows."""
    answer = right(record)
    if record["/date"] == "-":
        hit.add("date")
        raise KeyError("date")
    if "O" in record["/net"]:
        hit.add("letter")
        answer["net"] = 17.0
    elif "," in record["/net"]:
        hit.add("comma")
        answer["net"] *= 100
    return answer


def one_helper(record: Record, hit: set[str]) -> Any:
    """One silent bug in a helper that reads every amount: a comma makes each a hundred times as much."""
    answer = right(record)
    amounts = [value for key, value in record.items() if key.startswith("/lines")]
    for line, value in zip(answer["lines"], amounts, strict=True):
        line["amount"] *= 100 if "," in value else 1
    for key in ("net", "vat"):
        answer[key] *= 100 if "," in record[f"/{key}"] else 1
    if answer != right(record):
        hit.add("comma")
    return answer


def refusals(record: Record, hit: set[str]) -> Any:
    """Two wrong refusals that say the same: one of a comma, one of a month's name."""
    if "," in record["/net"]:
        hit.add("comma")
    if "March" in record["/date"]:
        hit.add("month")
    return Reply(Ending.REFUSED, kind="Unreadable at reader.py:read: raise Unreadable") if hit else right(record)


REQUESTS = random.Random(7)


def service(record: Record, hit: set[str]) -> Any:
    """Two bugs of a service: it numbers its requests, and quotes what it could not read."""
    words = (
        f"request {REQUESTS.getrandbits(64):016x}-{REQUESTS.randrange(10**6)} at 2026-01-02T10:{record['/number'][2]}0Z"
    )
    if "," in record["/net"]:
        hit.add("net")
        return failure(
            Heard(Fate.ANSWERED, 500, body=json.dumps({"error": f"{words}: no net in {record['/net']!r}"}).encode())
        )
    if record["/vendor"].isupper():
        hit.add("vendor")
        body = json.dumps({"error": {"code": "E_VENDOR", "message": f"{words}: no net in {record['/net']!r}"}})
        return failure(Heard(Fate.ANSWERED, 500, body=body.encode()))
    return right(record)


def program(record: Record, hit: set[str]) -> Any:
    """One bug of a program whose message has two hundred numbers."""
    if "," in record["/net"]:
        hit.add("comma")
        number = REQUESTS.randrange(200)
        line = f"line {number}: {record['/net']} is over {number / 7} in /tmp/{number}.csv"
        return Reply(Ending.CRASHED, kind=f"exit code 1: {general(line)}")
    return right(record)


SYSTEMS = {
    each.read.__name__: each
    for each in (
        System(one_line, {"number"}),
        System(two_raises, {"one part", "no year"}),
        System(library, {"date", "json"}),
        System(two_commas, {"net", "vat"}),
        System(any_line, {"line"}),
        System(one_helper, {"comma"}),
        System(refusals, {"comma", "month"}),
        System(three_ways, {"date", "letter", "comma"}),
        System(service, {"net", "vendor"}),
        System(program, {"comma"}),
    )
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_there_are_as_many_findings_as_bugs_and_each_is_one_of_them(name: str) -> None:
    system = SYSTEMS[name]
    found = search(system)
    listed = [bugs_of(system, each) for each in found]
    said = [(each.fingerprints, str(each.example.work.recipe)) for each in found]
    assert all(len(bugs) == 1 for bugs in listed), f"two bugs in one: {said}"
    assert sorted(bug for bugs in listed for bug in bugs) == sorted(system.bugs), said


def test_a_system_that_says_something_else_at_every_call_has_few_findings() -> None:
    words = random.Random(1)

    def read(record: Record, hit: set[str]) -> Any:
        if set(",O") & set("".join(record.values())):
            said = " ".join("".join(words.choices("abcdefgh", k=6)) for _ in range(4))
            return Reply(Ending.CRASHED, kind=f"exit code 1: {said}")
        return right(record)

    found = search(System(read, set()))
    assert 1 <= len(found) <= 3, [each.fingerprints for each in found]
