"""Which failures have one cause. Pure.

What a failure shows is read from its fingerprint. Some fingerprints tell a cause by themselves: an exception at a line
of the user's own code, a message. Others do not: "wrong /total (other value)" may come of a comma or of a skewed page.
Of those, failures are one cause where the damage is of one category as well.

    same_cause      a failure of the search: which discovery is it another example of?
    sought          which of its fields are to be made smaller, where others are known already?
    keeps           a failure by less damage: is it still the failure that is being made smaller?
    accounted_for   what a mixture shows: is it what its steps show alone?
    explained       the same by discoveries that are known already, without a call
    widened         what is known of a discovery, with one more of its failures
    merges          two discoveries that were made smaller: are they one?
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

from crumple.events import Discovery
from crumple.judges.signs import Signs, alike, nearly, overlap, read
from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Result
from crumple.search.fuzz.messages import MOST_SAID, quoting, template

MOST_ALIKE = 3
"""A fingerprint that tells no cause stands for so many findings at most: beyond that it is how the system fails."""
_MOST_MARKS = 12
_SAMPLED = frozenset({Outcome.HUNG, Outcome.EXHAUSTED})
"""Where such a call was when it was ended is chance."""


def same_cause(result: Result, discoveries: Sequence[Discovery]) -> Discovery | None:
    """The discovery that a failure is another example of; None: it is of a new kind.

    - A fingerprint that tells a cause: the discovery that has it. Also one that is known to say something else at each
      call, with the same status or exit code; and one whose mutators the recipe has too, where nearly the same words
      are said: a message may quote what the other steps have changed.
    - One that does not: a discovery that has it, where the recipe shares a category of mutators with it; failing that
      any that has it, once `MOST_ALIKE` have.
    - Wrong or missing fields: as well where the recipe has the mutators of a discovery that was made smaller, and more
      or fewer fields are wrong in the same manners; and where discoveries of the recipe's categories have shown every
      one of the fields in its manner before: nothing is new.

    Args:
        result: a failure.
        discoveries: those so far, in the order of their numbers.
    """
    mark = _mark(result)
    signs = read(mark)
    exact = [each for each in discoveries if mark in each.fingerprints]
    recipe = result.work.recipe
    if signs.telling:
        return exact[0] if exact else _in_other_words(signs, recipe, discoveries)
    near = [each for each in exact if _related(recipe, each.example.work.recipe)]
    if near and all(each.state == "minimised" for each in near) and sought(result, discoveries):
        return None
    if near:
        return next((each for each in near if _has(recipe, each.example.work.recipe)), near[0])
    if len(exact) >= MOST_ALIKE:
        return exact[0]
    if signs.outcome in _SAMPLED:
        return None
    return _nothing_new(signs, recipe, discoveries)


def sought(result: Result, discoveries: Iterable[Discovery]) -> frozenset[str]:
    """Which of the fields that a failure shows are news: shown by no discovery of its categories in that manner."""
    signs, recipe = read(_mark(result)), result.work.recipe
    known = [each for each in discoveries if _ended(each) == signs.outcome]
    return _news(signs, [_fields_of(each) for each in known if _related(recipe, each.example.work.recipe)])


def keeps(failure: Result, again: Result) -> bool:
    """Whether a call with less damage, or the same call once more, still shows the failure.

    It does with the same fingerprint; with fewer of its fields wrong, each in the manner that it was wrong in; and
    where it hangs or needs too much once more, wherever that was stopped.
    """
    if failure.verdict is None or again.verdict is None or not again.verdict.failure:
        return False
    one, other = failure.verdict.fingerprint, again.verdict.fingerprint
    if one == other:
        return True
    was, now = read(one), read(other)
    if was.outcome != now.outcome:
        return False
    if was.outcome in _SAMPLED:
        return True
    if not was.fields or not now.fields:
        # The same call says something else: what it says is no sign.
        return (
            failure.work.recipe == again.work.recipe and failure.work.case == again.work.case and was.head == now.head
        )
    return all(
        (name in was.fields and alike(was.fields[name], manner)) or (was.more and name not in was.fields)
        for name, manner in now.fields.items()
    )


def widened(discovery: Discovery, failure: Result, discoveries: Sequence[Discovery]) -> tuple[str, ...]:
    """A discovery's fingerprints, with that of one more failure where it shows more of the same cause.

    It does where the very mutators of the smallest example, and no others, have made fields wrong together: that tells
    that they go wrong for one reason, as far as it can be told from outside. And where its message is known to quote.
    """
    mark, marks = _mark(failure), discovery.fingerprints
    if mark in marks or len(marks) >= _MOST_MARKS:
        return marks
    signs = read(mark)
    if signs.fields and discovery.state == "minimised":
        same = _mutators(failure.work.recipe) == _mutators(discovery.example.work.recipe)
        return (*marks, mark) if same else marks
    return (*marks, mark) if signs.telling and quoting(signs, discoveries) is not None else marks


def accounted_for(whole: Result, parts: Iterable[Result]) -> bool:
    """Whether failures by some of a recipe's steps account for all that the whole of it shows.

    A crash, or whatever brings no answer, is one of theirs, and hides the rest; of wrong fields each is wrong in one of
    them, in whatever manner: what one step has changed another may change once more.
    """
    signs = read(_mark(whole))
    shown = [read(_mark(each)) for each in parts if each.verdict is not None and each.verdict.failure]
    if not signs.fields:
        return any(_same_words(signs, each) for each in shown)
    fields = [name for each in shown for name in each.fields]
    return all(any(overlap(name, each) for each in fields) for name in signs.fields)


def explained(result: Result, discoveries: Sequence[Discovery]) -> tuple[int, ...]:
    """Which discoveries account for what a recipe of several steps shows; () where they do not.

    Args:
        result: a failure.
        discoveries: those so far; only those count that were made smaller, to mutators that the recipe has too.
    """
    recipe = result.work.recipe
    if len(recipe.steps) < 2:
        return ()
    there = [
        each
        for each in discoveries
        if each.state == "minimised"
        and each.example.work.recipe.steps
        and len(each.example.work.recipe.steps) < len(recipe.steps)
        and _has(recipe, each.example.work.recipe)
    ]
    signs = read(_mark(result))
    same = [each for each in there if not signs.fields and any(_same_words(signs, read(mark)) for mark in _own(each))]
    touching = [each for each in there if _touches(signs, _fields_of(each))]
    shown = [name for each in touching for name in _fields_of(each)]
    if signs.fields and all(any(overlap(name, each) for each in shown) for name in signs.fields):
        return tuple(each.number for each in touching)
    return tuple(each.number for each in same)


def merges(one: Discovery, other: Discovery) -> bool:
    """Whether two discoveries that were made smaller have one cause.

    - Never failures of different outcomes, nor crashes at different places.
    - Fields that are wrong or missing, where the smallest recipes have the same mutators and fields overlap; or the
      same fingerprint with recipes of one category.
    - Hanging, and needing too much, where the smallest recipes have the same mutators.
    - The same in other words, where one has said different things at the same call.
    """
    if "minimised" not in (one.state, other.state) or one.number == other.number:
        return False
    first, second = read(_mark(one.example)), read(_mark(other.example))
    if first.outcome != second.outcome:
        return False
    if _mark(one.example) == _mark(other.example):
        return first.telling or _related(one.example.work.recipe, other.example.work.recipe)
    if first.said and second.said and first.head == second.head:
        templates = ((template(one), second.said), (template(other), first.said))
        return any(start is not None and said[: len(start)] == start for start, said in templates)
    if _mutators(one.example.work.recipe) != _mutators(other.example.work.recipe):
        return False
    if first.outcome in _SAMPLED:
        return True
    return any(overlap(name, each) for name in _fields_of(one) for each in _fields_of(other))


def _in_other_words(signs: Signs, recipe: Recipe, discoveries: Sequence[Discovery]) -> Discovery | None:
    """The discovery of the same head that says the same in other words, or whose words are known to differ.

    One whose marks begin alike says something else behind that. Many messages that begin alike and go on differently
    quote the document; many that were met once each, and nothing twice, say something else at every call.
    """
    alike = [each for each in discoveries if read(each.fingerprints[0]).head == signs.head]
    if not alike or not signs.said:
        return None
    for each in alike:
        quoted = nearly(signs, read(_mark(each.example))) and _has(recipe, each.example.work.recipe)
        start = template(each)
        if (start is not None and signs.said[: len(start)] == start) or (quoted and each.state == "minimised"):
            return each
    slot = quoting(signs, alike)
    once = [each for each in alike if each.count == 1]
    return slot or (alike[0] if len(once) >= MOST_SAID and 2 * len(once) > len(alike) else None)


def _same_words(one: Signs, other: Signs) -> bool:
    return one.outcome == other.outcome and (one.how == other.how or nearly(one, other))


def _nothing_new(signs: Signs, recipe: Recipe, discoveries: Sequence[Discovery]) -> Discovery | None:
    """The discovery that comes nearest to a failure in fields, where these say nothing new."""
    if not signs.fields:
        return None
    there = [(each, _fields_of(each)) for each in discoveries if _ended(each) == signs.outcome]
    for each, fields in there:
        if (
            each.state == "minimised"
            and _has(recipe, each.example.work.recipe)
            and _in_one_manner(signs.fields, fields)
        ):
            return each
    related = [(each, fields) for each, fields in there if _related(recipe, each.example.work.recipe)]
    if not related or _news(signs, [fields for _, fields in related]):
        return None
    return max(related, key=lambda pair: (len(pair[1].keys() & signs.fields.keys()), -pair[0].number))[0]


def _news(signs: Signs, known: Sequence[Mapping[str, str]]) -> frozenset[str]:
    return frozenset(
        name
        for name, manner in signs.fields.items()
        if not any(name in fields and alike(manner, fields[name]) for fields in known)
    )


def _in_one_manner(fields: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether fields are more or fewer than those that are known, all of them wrong in manners that are known."""
    common = fields.keys() & known.keys()
    nested = common and (common == fields.keys() or common == known.keys())
    return bool(nested) and all(
        alike(manner, known[name]) if name in known else any(alike(manner, each) for each in known.values())
        for name, manner in fields.items()
    )


def _fields_of(discovery: Discovery) -> Mapping[str, str]:
    """The fields of a discovery: those of its example, and those that were seen with it in the same manners."""
    return _fields(_mark(discovery.example), discovery.fingerprints)


@functools.lru_cache(maxsize=1024)
def _fields(example: str, fingerprints: tuple[str, ...]) -> Mapping[str, str]:
    own = read(example)
    fields = dict(own.fields)
    for signs in map(read, fingerprints):
        if signs.outcome == own.outcome:
            fields |= {
                name: manner
                for name, manner in signs.fields.items()
                if name not in fields and manner in own.fields.values()
            }
    return fields


def _own(discovery: Discovery) -> set[str]:
    return {_mark(discovery.example), *discovery.fingerprints}


def _touches(signs: Signs, fields: Mapping[str, str]) -> bool:
    return any(overlap(name, each) for name in signs.fields for each in fields)


def _ended(discovery: Discovery) -> str:
    verdict = discovery.example.verdict
    return "" if verdict is None else verdict.outcome


def _mark(result: Result) -> str:
    return "" if result.verdict is None else result.verdict.fingerprint


def _mutators(recipe: Recipe) -> frozenset[str]:
    return frozenset(step.mutator for step in recipe.steps)


def _has(recipe: Recipe, smaller: Recipe) -> bool:
    """Whether a recipe has every mutator of another."""
    return _mutators(smaller) <= _mutators(recipe)


def _related(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes have mutators of one category; where there are none, nothing tells them apart."""
    first = {step.mutator.partition(".")[0] for step in one.steps}
    second = {step.mutator.partition(".")[0] for step in other.steps}
    return not first or not second or not first.isdisjoint(second)
