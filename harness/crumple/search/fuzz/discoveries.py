"""What a search has found so far: every failure is put down to one cause, and each cause is counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from crumple.events import Discovery, Explored
from crumple.findings.status import Known
from crumple.judges.signs import read
from crumple.recipe import Recipe, Step
from crumple.result import Result
from crumple.search.fuzz.causes import explained, merges, same_cause, sought, widened
from crumple.search.fuzz.minimised import Minimised
from crumple.statistics.species import chance_of_new, has_gone_quiet

MOST = 200
"""How many discoveries are kept; a system that fails in a new way each time would fill the memory."""
_UNTOUCHED = "it was known, and was not made smaller anew"
CUT = "the search ended before that"
_MIXED = "its steps alone fail so"
_WAVERING = ("flaky", "not reproduced")
_SEVERAL, _COMBINATION = 2, "combination"
_DONE = ("minimised", "not minimised", "flaky")


class Discoveries:
    """Failures by their cause, in the order in which they were met."""

    def __init__(self, known: Sequence[Known]) -> None:
        """With what was found before this search: the failures of those are not news, but of those that were fixed."""
        self._known = sorted(known, key=lambda each: each.state == "fixed")
        self._accepted = {each.id: each.recipe for each in known if each.state == "accepted"}
        self._replayed: dict[str, tuple[Result, int, int]] = {}
        self._all: list[Discovery] = []
        self._shown: list[int] = []  # how many calls that explored have shown each
        self._grown: set[int] = set()
        self._shorter: dict[int, Result] = {}  # of those whose recipe has several steps, a failure by one
        self._before: dict[int, Discovery] = {}  # what they were before that is made smaller in their place
        self._calls = self._latest = 0  # all of them, and when one showed a kind for the first time
        self._left = 0
        self._unlisted: Counter[bytes] = Counter()  # of those beyond the most, how often such calls have shown each
        self._times: Counter[int] = Counter()  # how many of these were shown so often

    def __getitem__(self, number: int) -> Discovery:
        return self._all[number]

    @property
    def all(self) -> Sequence[Discovery]:
        """Those that are kept, by their numbers."""
        return self._all

    def news(self, number: int) -> frozenset[str]:
        """The fields of a discovery's first failure that no other discovery shows; none where no other shows any."""
        first = self._all[number].first
        found = sought(first, [each for each in self._all if each.number != number and each.state in _DONE])
        return frozenset() if found == sought(first, ()) else found

    @property
    def are_doubtful(self) -> bool:
        """Whether there were failures that come and go: then another one may fail alike twice by chance."""
        return any(each.state in _WAVERING for each in self._all)

    def __len__(self) -> int:
        return len(self._all)

    def replayed(self, known: Known, tries: Sequence[Result]) -> Discovery | None:
        """A finding that was known fails as it did: the last of these calls is an example of it.

        Returns:
            Its discovery, where it was met before that.
        """
        failed = [each for each in tries if each.verdict is not None and known.knows(each.verdict.fingerprint)]
        if not failed:
            return None
        self._replayed[known.id] = (failed[-1], len(tries), len(failed))
        found = next((each for each in self._all if each.known == known.id and each.why == _UNTOUCHED), None)
        if found is not None:
            found = self._as_replayed(found)
            self._all[found.number] = found
        return found

    def _as_replayed(self, found: Discovery) -> Discovery:
        """The discovery of a known finding with what replaying that has shown."""
        example, tries, failed = self._replayed[found.known]
        state = "minimised" if failed == tries else "flaky"
        return replace(found, state=state, example=example, tries=tries, failed=failed)

    def called(self) -> None:
        """One more call was made to explore."""
        self._calls += 1

    def met(self, failure: Result, *, exploring: bool) -> tuple[Discovery | None, bool]:
        """Put a failure down to its cause.

        Args:
            failure: what came of a call.
            exploring: whether the call was made to explore; only these say how much is left.

        Returns:
            The discovery, None where no more are kept; and whether it was met for the first time.
        """
        known, new = self._known_of(failure) if self._accepted else None, False
        is_accepted = known is not None and known.id in self._accepted
        found = None if is_accepted else same_cause(failure, self._eligible(failure))
        found = found or self._known_already(failure)
        if found is None:
            found, new = self._begun(failure), True
            if found is None:
                if exploring:
                    self._not_listed(failure)
                return None, False
        else:
            marks = widened(found, failure, self._all)
            self._grown |= {found.number} if len(marks) > len(found.fingerprints) else set()
            if found.state == "not reproduced":
                # What did not fail again, and is met anew, fails now and then; or another cause shows the same.
                found, new = replace(found, state="met", first=failure, example=failure, tries=1, failed=1), True
            found = replace(found, count=found.count + 1, fingerprints=marks)
            self._all[found.number] = found
            if exploring and _steps(failure) == 1 and _shows(failure) == _shows(found.first):
                self._shorter.setdefault(found.number, failure)
        if exploring:
            for number in self._causes(found.number):
                self._shown[number] += 1
                if self._shown[number] == 1:
                    self._latest = self._calls
        return found, new

    def _eligible(self, failure: Result) -> Sequence[Discovery]:
        """The discoveries that a failure may be put down to.

        Whoever has accepted a finding has accepted what its own mutators do: where the fingerprint does not tell the
        cause, another mutator's failure is not to hide behind it.
        """
        if not self._accepted or read(_shows(failure)).telling:
            return self._all
        return [
            each
            for each in self._all
            if each.known not in self._accepted or _has(failure.work.recipe, self._accepted[each.known])
        ]

    def _not_listed(self, failure: Result) -> None:
        """One that is not kept counts all the same where it is estimated how much is left."""
        assert failure.verdict is not None
        mark = hashlib.blake2b(failure.verdict.fingerprint.encode("utf-8", "replace"), digest_size=8).digest()
        self._unlisted[mark] += 1
        times = self._unlisted[mark]
        self._times[times - 1] -= times > 1
        self._times[times] += 1
        if times == 1:
            self._latest = self._calls

    def _known_of(self, failure: Result) -> Known | None:
        """The finding that a failure is one of; where the fingerprint does not tell, the damage must be akin too.

        Of one that is accepted it must be the same.
        """
        mark, recipe = _shows(failure), failure.work.recipe
        telling = read(mark).telling
        for each in self._known:
            alike = _has(recipe, each.recipe) if each.id in self._accepted else _akin(each.recipe, recipe)
            if each.knows(mark) and (telling or alike):
                return each
        return None

    def _known_already(self, failure: Result) -> Discovery | None:
        """The discovery of a known finding, that another of its failures is put down to."""
        known = self._known_of(failure)
        if known is None:
            return None
        found = next((each for each in self._all if each.known == known.id), None)
        if found is not None:
            found = replace(found, fingerprints=tuple(dict.fromkeys((*found.fingerprints, _shows(failure)))))
        return found

    def _begun(self, failure: Result) -> Discovery | None:
        if len(self._all) >= MOST:
            self._left += 1
            return None
        assert failure.verdict is not None
        found = Discovery(
            number=len(self._all),
            state="met",
            fingerprints=(failure.verdict.fingerprint,),
            first=failure,
            example=failure,
            met_after=self._calls,
        )
        known = self._known_of(failure)
        if known is not None:
            found = replace(found, known=known.id)
            if known.state != "fixed" and known.small:
                found = replace(found, state="not minimised", why=_UNTOUCHED)
                found = self._as_replayed(found) if known.id in self._replayed else found
        self._all.append(found)
        self._shown.append(0)
        return found

    def asked(self, number: int) -> Discovery:
        """One more call was made to make a discovery smaller."""
        found = self._all[number]
        self._all[number] = replace(found, state="minimising", calls=found.calls + 1)
        return self._all[number]

    def done(self, number: int, done: Minimised) -> Discovery:
        """A discovery is as small as it gets."""
        found, before = self._all[number], self._before.pop(number, None)
        if before is not None and (done.state != "minimised" or _steps(done.example) >= _steps(before.example)):
            return self._as_before(before, done.calls)
        self._all[number] = replace(
            found,
            state="flaky" if done.state == "not reproduced" and found.count > 1 else done.state,
            fingerprints=tuple(dict.fromkeys((*found.fingerprints, *done.fingerprints))),
            example=done.example,
            tries=done.tries,
            failed=done.failed,
            why=done.why,
            thresholds=done.thresholds,
            kept=done.kept,
            calls=done.calls + (before.calls if before is not None else 0),
        )
        return self._all[number]

    def shorter(self, number: int) -> Result | None:
        """A failure by one step of what takes several as it was met, once: it is to be made smaller in its place."""
        found = self._all[number]
        if found.state not in {"minimised", "not minimised"} or found.known or _steps(found.example) < _SEVERAL:
            return None
        if number not in self._shorter or number in self._before:
            return None
        self._before[number] = found
        return self._shorter.pop(number)

    def _as_before(self, before: Discovery, calls: int) -> Discovery:
        """What was to be made smaller in another way stays as it was, but for what was met since."""
        now = self._all[before.number]
        self._all[before.number] = replace(
            before, count=now.count, fingerprints=now.fingerprints, calls=before.calls + calls
        )
        return self._all[before.number]

    def settle(self, number: int, others: Sequence[int]) -> list[Discovery]:
        """What is to be said of a discovery that is as small as it gets, once it is held against all the others.

        Args:
            number: the discovery's.
            others: those that were met while it was made smaller.
        """
        found = self._all[number]
        if found.state == "explained":
            parts = tuple(each for each in others if each != number)
            # A mixture that nothing accounts for is a finding of its own.
            return [self.explain(number, parts, found.why) if parts else self._kept(number)]
        parts = explained(found.example, [each for each in self._all if each.number != number])
        if parts:
            return [self.explain(number, parts, _MIXED)]
        return self._merged(number) or [found]

    def _merged(self, number: int) -> list[Discovery]:
        """Unite a discovery with another one of the same cause, if there is any."""
        found = self._all[number]
        eligible = self._eligible(found.example)
        same = next((each for each in eligible if each.state in _DONE and merges(each, found)), None)
        if same is None:
            return []
        # One that was known before keeps its name.
        first, second = sorted((same, found), key=lambda each: (not each.known, each.number))
        return self._united(first.number, second.number)

    def _kept(self, number: int) -> Discovery:
        self._all[number] = replace(self._all[number], state="not minimised")
        return self._all[number]

    def accounted(self, number: int) -> Discovery | None:
        """The discovery, where others that were made smaller since it was met account for all that it shows."""
        parts = explained(self._all[number].first, self._all)
        return self.explain(number, parts, _MIXED) if parts else None

    def joined(self, number: int) -> list[Discovery]:
        """What a discovery turns out to be one with, where more is known of it since it was asked last."""
        if number not in self._grown:
            return []
        self._grown.discard(number)
        return self._merged(number)

    def explain(self, number: int, parts: Sequence[int], why: str = "") -> Discovery:
        """A discovery is nothing of its own: others account for it, and for every call that has shown it."""
        shown, self._shown[number] = self._shown[number], 0
        self._all[number] = replace(self._all[number], state="explained", parts=tuple(parts), why=why)
        for cause in self._causes(number):
            self._shown[cause] += shown
        return self._all[number]

    def _causes(self, number: int) -> set[int]:
        """What a discovery comes down to: itself, or what accounts for it in the end."""
        causes: set[int] = set()
        seen: set[int] = set()
        following = [number]
        while following:
            each = following.pop()
            if each not in seen:
                seen.add(each)
                parts = self._all[each].parts
                following += parts
                if not parts:
                    causes.add(each)
        return causes

    def _united(self, number: int, other: int) -> list[Discovery]:
        """Two discoveries are one, the first; the other becomes a part of it."""
        one, two = self._all[number], self._all[other]
        marks = tuple(dict.fromkeys((*one.fingerprints, *two.fingerprints)))
        if two.state == "minimised" != one.state:
            one = replace(one, state=two.state, example=two.example, tries=two.tries, failed=two.failed, why=two.why)
            one = replace(one, thresholds=two.thresholds, kept=two.kept)
        self._all[number] = replace(one, fingerprints=marks, count=one.count + two.count)
        return [self.explain(other, (number,), "it has the same cause"), self._all[number]]

    def cut(self, number: int) -> Discovery:
        """The search ends before a discovery was as small as it gets."""
        if number in self._before:
            return self._as_before(self._before.pop(number), 0)
        self._all[number] = replace(self._all[number], state="not minimised", why=CUT)
        return self._all[number]

    def full(self) -> list[Discovery]:
        """In the end, what is to be said where not all could be kept: on the one that was met last."""
        if not self._left:
            return []
        last = self._all[-1]
        why = f"{self._left} more failures, of kinds not listed: no more than {MOST} are kept"
        self._all[-1] = replace(last, why="; ".join(filter(None, (last.why, why))))
        return [self._all[-1]]

    def explored(self, waiting: int) -> Explored:
        """How far the search has come; `waiting` discoveries are not as small as they get yet."""
        kinds = sum(each > 0 for each in self._shown) + len(self._unlisted)
        once, twice = self._rare()
        return Explored(self._calls, kinds, once, *chance_of_new(self._calls, once, twice), waiting)

    def _rare(self) -> tuple[int, int]:
        """How many kinds were seen once, and twice; a mixture may show several in one call, but counts as one."""
        once = min(self._shown.count(1) + self._times[1], self._calls)
        return once, min(self._shown.count(2) + self._times[2], (self._calls - once) // 2)

    def is_quiet(self, share: float) -> bool:
        """Whether the chance that the next call shows a new kind is hardly above a share."""
        once, twice = self._rare()
        since = self._calls - self._latest
        return has_gone_quiet(share, calls=self._calls, once=once, twice=twice, since=since)


def _shows(failure: Result) -> str:
    return failure.verdict.fingerprint if failure.verdict is not None else ""


def _steps(failure: Result) -> int:
    """How many steps its recipe has; what is several in one counts as that."""
    return sum(_SEVERAL if _category(step) == _COMBINATION else 1 for step in failure.work.recipe.steps)


def _akin(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes have mutators of one category."""
    return bool({_category(step) for step in one.steps} & {_category(step) for step in other.steps})


def _has(recipe: Recipe, smaller: Recipe) -> bool:
    """Whether a recipe has every mutator of another."""
    return {step.mutator for step in smaller.steps} <= {step.mutator for step in recipe.steps}


def _category(step: Step) -> str:
    return step.mutator.partition(".")[0]
