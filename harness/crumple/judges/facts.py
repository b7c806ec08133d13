"""The judge `facts`: what must and what must not appear in an answer in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from crumple import normalise
from crumple.errors import CrumpleError
from crumple.judges.declining import PHRASES
from crumple.judges.mentions import Mentions, Number, mentions, plain
from crumple.judges.options import Tolerances, check_flag
from crumple.judges.patterns import compiled, found
from crumple.judges.values import is_list
from crumple.normalise import holds_values
from crumple.outcome import Judgement
from crumple.truth import AnyOf, Json, covers, leaves, pointer

_KEYS: Final = ("must", "must_not", "numbers")
_FACT_KEYS: Final = ("text", "number", "matches", "from")
_READ: Final = 500_000  # characters
_DECLINES_WITHIN: Final = 20_000  # characters
_EXAMPLE: Final = (
    'It reads { "must": ["Meyer", 1234.5, { "matches": "INV-[0-9]+" }], "must_not": ["John"] }; '
    "a text, a number or a list alone is what must appear."
)
_WHERE: Final = "truth"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer in prose says, whatever words it says it in.

    The truth has `must`, a list or named facts, and may have `must_not`, and `numbers`: the further numbers that may
    stand in the answer, where all others are made up. A fact is

    - a number, or text that is one ("1.234,50", "EUR 12"): found in any notation that may mean it, as a number: 12 is
      not in 312, nor in A12. An amount in another currency is another amount;
    - a date, in any notation;
    - other text: found as whole words, whatever the case, spaces, quotes, dashes and marks of emphasis;
    - `{ "matches": "regular expression" }`, searched for in the text so freed;
    - `{ "$any_of": [...] }` of these.

    Beside `matches` (or `text`, `number`), `from` quotes the document where the fact is said in other words: what is
    lost is found by it. The score is the share of facts that are there. One that is not is abstained where the
    answer says that it cannot tell, and where it is blank; else it is wrong: nobody would notice. Anything that must
    not appear makes the score 0.

    A lost fact may be missing. Where all are, an answer that has none of them must say that it cannot tell: anything
    else is made up. What else is said of a lost fact beside others that are kept, only `numbers` sees.

    Attributes:
        ignore_case: take letters that differ by case only for the same.
        tolerances: by how much numbers may differ.
        declines: what an answer says that cannot tell; None: the phrases of `crumple.judges.declining`.
    """

    ignore_case: bool = True
    tolerances: Tolerances = field(default_factory=Tolerances)
    declines: tuple[re.Pattern[str], ...] | None = None

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Compare an answer with the facts.

        Raises:
            CrumpleError: the truth is not written so, or a pattern of it searches without end.
        """
        expected = _expected(truth)
        text = as_text(answer)[:_READ]
        seen = mentions(text, ignore_case=self.ignore_case)
        must = [(path, fact) for path, fact in _facts(expected, "must") if not _is_nothing(fact)]
        there = {path: self._has(path, fact, seen) for path, fact in must}
        gone = {path for path, _ in must if _is_lost(path, lost)}
        missing = [path for path, _ in must if not there[path] and path not in gone]
        said = [path for path, fact in _facts(expected, "must_not") if self._has(path, fact, seen, surely=True)]
        said += self._made_up(expected, must, seen)
        all_lost = bool(must) and len(gone) == len(must) and not any(there.values())
        declined = bool(missing or all_lost) and (not holds_values(text) or self._declines(seen))
        if all_lost and not declined:
            said.append("/must")  # all is lost, and it says something else
        figures = {"facts": float(len(must)), "kept": float(sum(there.values()))}
        score = 0.0 if said else 1.0 - len(missing) / len(must) if must else 1.0
        if declined:
            return Judgement(score, tuple(said), tuple(missing), figures)
        return Judgement(score, (*said, *missing), (), figures)

    def _has(self, path: str, fact: Json, seen: Mentions, *, surely: bool = False) -> bool:
        """Whether a text mentions a fact; `surely`: in whatever way it is read."""
        if isinstance(fact, AnyOf):
            return any(self._has(path, option, seen, surely=surely) for option in fact.options)  # type: ignore[arg-type]
        if isinstance(fact, Mapping):
            _check_fact(path, fact)
            if "matches" in fact:
                where = f"{_WHERE}, at {path}"
                return found(compiled(str(fact["matches"]), where, ignore_case=self.ignore_case), seen.words, where)
            fact = fact["text"] if "text" in fact else fact["number"]
        if isinstance(fact, bool) or not isinstance(fact, (str, int, float)):
            raise CrumpleError(f"{fact!r} is no fact", where=f"{_WHERE}, at {path}", hint=_EXAMPLE)
        return self._mentioned(path, fact, seen, surely=surely)

    def _declines(self, seen: Mentions) -> bool:
        said = seen.words[:_DECLINES_WITHIN]
        if self.declines is None:
            return PHRASES.search(said) is not None
        return any(found(each, said, "[judge] declines") for each in self.declines)

    def _mentioned(self, path: str, fact: str | float, seen: Mentions, *, surely: bool) -> bool:
        amount = normalise.quantity(fact)
        if amount is not None:
            tolerance = self.tolerances.at(path)
            wanted = frozenset(amount.readings)
            if "%" in amount.unit:
                wanted |= {each.scaleb(-2) for each in wanted}
            if any(_agrees(number, wanted, amount.unit, tolerance, surely=surely) for number in seen.numbers):
                return True
        days = frozenset(normalise.dates(fact))
        if days and any(days.issuperset(each) if surely else days.intersection(each) for each in seen.days):
            return True
        if amount is not None:
            return False
        written = plain(str(fact), ignore_case=self.ignore_case)
        return bool(written) and seen.words_of(written)

    def _made_up(self, expected: Mapping[str, Json], must: Sequence[tuple[str, Json]], seen: Mentions) -> list[str]:
        """The pointer of `numbers` where the answer has one that neither it nor a fact allows."""
        if "numbers" not in expected:
            return []
        further = expected["numbers"]
        if not is_list(further) or any(normalise.quantity(each) is None for each in further):
            raise CrumpleError("numbers is a list of numbers", where=f"{_WHERE}, at /numbers", hint=_EXAMPLE)
        allowed = {reading for each in further for reading in normalise.numbers(each)}
        for _, fact in must:
            allowed.update(_numbers_of(fact))
        tolerance = self.tolerances.at("/numbers")
        for number in seen.numbers:
            if not number.aside and not _agrees(number, frozenset(allowed), frozenset(), tolerance):
                return ["/numbers"]
        return []


def facts(
    *,
    ignore_case: bool = True,
    tolerance: float | Mapping[str, float] = 0,
    declines: Sequence[str] | None = None,
) -> Facts:
    """Make the judge.

    Args:
        ignore_case: take letters that differ by case only for the same.
        tolerance: by how much numbers may differ; for all, or by pointer: {"/must/total": 0.01}.
        declines: regular expressions, one of which is in every answer that says that it cannot tell. By default
            phrases of English, German, French, Spanish, Italian, Dutch, Portuguese and Polish; none: [].

    Raises:
        CrumpleError: an option is not as it must be.
    """
    check_flag("ignore_case", ignore_case)
    tolerances = Tolerances.of(tolerance)
    if declines is None:
        return Facts(ignore_case, tolerances)
    if not is_list(declines) or not all(isinstance(each, str) and each for each in declines):
        raise CrumpleError(
            "declines is a list of regular expressions",
            where="[judge] declines",
            hint='Like ["cannot tell", "not stated"]; [] where no answer says that it cannot tell.',
        )
    patterns = tuple(compiled(each, "[judge] declines", ignore_case=True) for each in declines)
    return Facts(ignore_case, tolerances, patterns)


def as_text(answer: Json | bytes) -> str:
    """An answer as prose: text as it is, bytes as UTF-8, of anything else its values, one a line."""
    if isinstance(answer, (bytes, bytearray)):
        return bytes(answer).decode("utf-8", "replace")
    if isinstance(answer, str):
        return answer
    return "\n".join(normalise.text(value) for _, value in leaves(answer) if holds_values(value))


def _expected(truth: Json) -> Mapping[str, Json]:
    if truth is None or isinstance(truth, (str, int, float, AnyOf)) or is_list(truth):
        return {"must": truth if is_list(truth) else [truth]}
    assert isinstance(truth, Mapping)
    for key in truth:
        if key not in _KEYS:
            raise CrumpleError(
                f"the judge facts does not know {key!r}", where=_WHERE, got=key, allowed=_KEYS, hint=_EXAMPLE
            )
    return truth


def _facts(expected: Mapping[str, Json], key: str) -> Iterator[tuple[str, Json]]:
    """The facts of one kind with their pointers."""
    stated = expected.get(key)
    if isinstance(stated, Mapping) and not (stated.keys() <= set(_FACT_KEYS) and _names_one(stated)):
        yield from ((pointer(key, name), fact) for name, fact in stated.items())
    elif is_list(stated):
        yield from ((pointer(key, index), fact) for index, fact in enumerate(stated))
    elif stated is not None:
        yield pointer(key), stated


def _names_one(fact: Mapping[str, Json]) -> bool:
    return len({"text", "number", "matches"} & fact.keys()) == 1


def _check_fact(path: str, fact: Mapping[str, Json]) -> None:
    for key in fact:
        if key not in _FACT_KEYS:
            raise CrumpleError(
                f"a fact has no {key!r}", where=f"{_WHERE}, at {path}", got=key, allowed=_FACT_KEYS, hint=_EXAMPLE
            )
    if not _names_one(fact):
        raise CrumpleError(
            "a fact has exactly one of text, number and matches", where=f"{_WHERE}, at {path}", hint=_EXAMPLE
        )


def _is_nothing(fact: Json) -> bool:
    """Whether nothing is asked for any more: a mutator has taken the value away, and said so."""
    if isinstance(fact, Mapping):
        return any(fact[key] is None or fact[key] == "" for key in ("text", "number", "matches") if key in fact)
    if isinstance(fact, AnyOf):
        return any(_is_nothing(option) for option in fact.options)  # type: ignore[arg-type]
    return fact is None or fact == ""


def _is_lost(path: str, lost: frozenset[str]) -> bool:
    """Whether a fact, or what is said of it below, is lost."""
    return covers(path, lost) or any(each.startswith(path + "/") for each in lost)


def _agrees(
    number: Number, wanted: frozenset[Decimal], unit: frozenset[str], tolerance: Decimal, *, surely: bool = False
) -> bool:
    if (unit and number.unit and not unit & number.unit) or (surely and number.aside):
        return False
    close = (any(abs(reading - each) <= tolerance for each in wanted) for reading in number.readings)
    return all(close) if surely else any(close)


def _numbers_of(fact: object) -> frozenset[Decimal]:
    """Every number that a fact mentions, in words as well: "14 days"."""
    if isinstance(fact, AnyOf):
        return frozenset[Decimal]().union(*(_numbers_of(option) for option in fact.options))
    if isinstance(fact, Mapping):
        return frozenset[Decimal]().union(*(_numbers_of(each) for each in fact.values()))
    if isinstance(fact, str):
        inside = (reading for each in mentions(fact, ignore_case=False).numbers for reading in each.readings)
        return frozenset((*normalise.numbers(fact), *inside))
    return frozenset(normalise.numbers(fact)) if isinstance(fact, (int, float)) else frozenset()
