"""Which failures are put down to one cause, and which are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crumple.events import Discovery
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.search.fuzz.causes import (
    MOST_ALIKE,
    MOST_SAID,
    accounted_for,
    explained,
    keeps,
    merges,
    same_cause,
    sought,
    widened,
)

LINE = "crashed ValueError at reader.py:total: float(text)"


def failed(fingerprint: str, *mutators: str, case: str = "a.txt") -> Result:
    recipe = Recipe(tuple(Step(each) for each in mutators or ("text.typos",)))
    outcome = Outcome(fingerprint.partition(" ")[0])
    return Result(Work(1, case, recipe), Verdict(outcome, failure=True, fingerprint=fingerprint))


PASSED = Result(Work(1, "a.txt"), Verdict(Outcome.RIGHT, failure=False))


def found(number: int, fingerprint: str, *mutators: str, state: str = "minimised", also: str = "") -> Discovery:
    result = failed(fingerprint, *mutators)
    marks = tuple(filter(None, (fingerprint, also)))
    return Discovery(number=number, state=state, fingerprints=marks, first=result, example=result, count=2)


class TestWhileExploring:
    def test_an_exception_at_a_line_is_one_cause_whatever_leads_to_it(self) -> None:
        known = [found(0, LINE, "text.typos")]
        assert same_cause(failed(LINE, "table.decimal_comma", "scan.skew"), known) is known[0]

    @pytest.mark.parametrize(
        "other",
        [
            "crashed ValueError at reader.py:total: int(text)",
            "crashed ValueError at reader.py:date: float(text)",
            "crashed KeyError at reader.py:total: float(text)",
            "crashed ReaderError from ValueError at reader.py:total: float(text)",
            "hung time limit",
        ],
    )
    def test_another_line_place_type_or_outcome_is_another_cause(self, other: str) -> None:
        assert same_cause(failed(other), [found(0, LINE)]) is None

    @pytest.mark.parametrize(
        "mark",
        ["wrong /total (other value)", "refused status 422", "crashed status 500", "hung time limit", "refused no /a"],
    )
    def test_what_tells_no_cause_is_another_one_by_damage_of_another_category(self, mark: str) -> None:
        known = [found(0, mark, "scan.skew")]
        assert same_cause(failed(mark, "scan.blur"), known) is known[0]
        assert same_cause(failed(mark, "text.typos", "scan.blur"), known) is known[0]
        assert same_cause(failed(mark, "table.decimal_comma"), known) is None

    def test_but_a_system_that_fails_so_on_everything_has_few_findings(self) -> None:
        mark = "crashed status 500"
        known = [found(n, mark, f"{name}.x") for n, name in enumerate(("scan", "text", "table", "form")[:MOST_ALIKE])]
        assert same_cause(failed(mark, "encoding.x"), known) is known[0]
        assert same_cause(failed(mark, "text.y"), known) is known[1]

    @pytest.mark.parametrize(
        ("seen", "same"),
        [
            ("wrong /net (another scale)", True),
            ("wrong /net, /total (another scale)", True),
            ("wrong /net, /total, /vat (another scale)", True),
            ("wrong /net, /total (another scale); /vendor (garbled)", False),
            ("wrong /net (truncated)", False),
            ("wrong /vendor (another scale)", False),
        ],
    )
    def test_more_or_fewer_fields_in_one_manner_by_the_same_mutator_are_one_cause(self, seen: str, same: bool) -> None:
        known = [found(0, "wrong /net, /total (another scale)", "table.decimal_comma")]
        assert (same_cause(failed(seen, "text.typos", "table.decimal_comma"), known) is known[0]) is same
        assert same_cause(failed(seen, "language.decimal_comma"), known) is None

    def test_fields_that_were_all_seen_so_before_are_nothing_new(self) -> None:
        known = [found(0, "wrong /a (garbled)", "scan.skew"), found(1, "wrong /b (garbled)", "scan.blur")]
        assert same_cause(failed("wrong /a, /b (other value)", "scan.noise"), known) in known
        assert same_cause(failed("wrong /a, /c (garbled)", "scan.noise"), known) is None

    def test_what_the_smallest_example_no_longer_shows_is_news_when_it_is_met_alone(self) -> None:
        """Two bugs that one mutator triggers: the first was met together with the second, and made smaller."""
        first = failed("wrong /net (another scale); /vat (truncated)", "table.decimal_comma")
        small = replace(
            found(0, "wrong /net (another scale)", "table.decimal_comma"),
            first=first,
            fingerprints=("wrong /net (another scale); /vat (truncated)", "wrong /net (another scale)"),
        )
        assert same_cause(failed("wrong /vat (truncated)", "table.decimal_comma"), [small]) is None
        assert same_cause(first, [small]) is None, "nor are both together all known"
        assert same_cause(first, [replace(small, state="minimising")]) is not None
        assert sought(first, [small]) == {"/vat"}
        assert explained(replace(first, work=failed(LINE, "table.decimal_comma", "text.a").work), [small]) == ()

    def test_fields_that_go_wrong_together_by_one_mutator_in_one_manner_have_one_cause(self) -> None:
        net = found(0, "wrong /net (sign)", "table.a")
        both = failed("wrong /net, /vat (sign)", "table.a")
        assert widened(net, both, ()) == ("wrong /net (sign)", "wrong /net, /vat (sign)")
        assert widened(net, failed("wrong /net, /vat (sign)", "table.a", "text.b"), ()) == net.fingerprints
        assert widened(replace(net, state="met"), both, ()) == net.fingerprints
        vat = found(1, "wrong /vat (sign)", "table.a")
        assert not merges(net, vat)
        assert merges(replace(net, fingerprints=widened(net, both, ())), vat)
        lines = replace(net, fingerprints=("wrong /net (sign)", "wrong /lines/*/amount, /net (sign)"))
        assert merges(lines, found(1, "wrong /vat (sign)", "table.a", also="wrong /lines/*/amount, /vat (sign)"))


class TestWhatIsSaidDiffers:
    def test_once_one_call_has_said_two_things_every_other_that_begins_so_is_the_same(self) -> None:
        known = [found(0, "crashed status 500: no vendor Moss", also="crashed status 500: no vendor Gray")]
        assert same_cause(failed("crashed status 500: no vendor Fern"), known) is known[0]
        assert same_cause(failed("crashed status 500: no date in N"), known) is None
        assert same_cause(failed("crashed status 400: no vendor Fern"), known) is None
        known = [found(0, "crashed status 500: aaa bbb", also="crashed status 500: ccc ddd")]
        assert same_cause(failed("crashed status 500: eee fff"), known) is known[0]

    def test_messages_that_go_on_differently_after_one_beginning_quote_the_document(self) -> None:
        start = "crashed exit code 1: line N: bad amount"
        values = ["None of A-N", "N of A-N", "… of A-N", "Moss Ltd of A-N", "='…' of A-N", "EUR N of A-N"]
        known = [found(n, f"{start} {each}") for n, each in enumerate(values[: MOST_SAID - 1])]
        new = failed(f"{start} {values[-1]}", "table.currency")
        assert same_cause(new, known[1:]) is None
        assert same_cause(new, known) is known[0]
        assert same_cause(failed("crashed exit code 1: line N: bad date None"), known) is None
        grown = replace(known[0], fingerprints=widened(known[0], new, known))
        assert len(grown.fingerprints) == 2
        assert all(merges(grown, each) for each in known[1:])
        assert same_cause(failed("crashed exit code 1: line N: bad date None"), [grown]) is None

    def test_many_that_were_met_once_each_show_it_too(self) -> None:
        once = [replace(found(n, f"crashed status 500: bad {chr(97 + n)}"), count=1) for n in range(MOST_SAID)]
        assert same_cause(failed("crashed status 500: bad z"), once) is once[0]
        assert same_cause(failed("crashed status 500: bad z"), once[1:]) is None

    def test_bugs_that_were_met_again_are_not_taken_for_that(self) -> None:
        again = [found(n, f"crashed status 500: bad {chr(97 + n)}") for n in range(3 * MOST_SAID)]
        assert same_cause(failed("crashed status 500: bad z"), again) is None

    def test_a_message_that_quotes_what_other_steps_have_changed_is_the_same(self) -> None:
        known = [found(0, "crashed exit code 1: line N: N is over the limit of N", "table.comma")]
        quoted = "crashed exit code 1: line N: EUR N is over the limit of N"
        assert same_cause(failed(quoted, "table.comma", "table.currency"), known) is known[0]
        assert same_cause(failed(quoted, "table.currency"), known) is None
        assert same_cause(failed("crashed exit code 1: no date in N", "table.comma"), known) is None

    def test_several_lines_of_one_function_are_not_taken_for_that(self) -> None:
        two = [found(0, LINE, also="crashed ValueError at reader.py:total: int(text)")]
        assert same_cause(failed("crashed ValueError at reader.py:total: Decimal(text)"), two) is None


class TestMadeSmaller:
    @pytest.mark.parametrize(
        ("was", "now", "kept"),
        [
            (LINE, LINE, True),
            (LINE, "crashed ValueError at reader.py:total: int(text)", False),
            ("wrong /a, /b (garbled)", "wrong /b (other value)", True),
            ("wrong /a, /b (garbled)", "wrong /b (truncated)", False),
            ("wrong /a (garbled)", "wrong /a, /b (garbled)", False),
            ("wrong /a, /b, /c, /d, /e, /f, ... (garbled)", "wrong /z (garbled)", True),
            ("wrong /a (garbled)", "refused no /a", False),
            ("refused no /a, /b", "refused no /b", True),
            ("hung time limit", "hung time limit", True),
            ("hung time limit", "exhausted memory limit", False),
        ],
    )
    def test_a_failure_keeps_its_fingerprint_or_some_of_its_fields(self, was: str, now: str, kept: bool) -> None:
        assert keeps(failed(was, "text.a", "text.b"), failed(now, "text.a")) is kept

    def test_a_call_that_passes_or_was_not_made_keeps_nothing(self) -> None:
        assert not keeps(failed(LINE), PASSED)
        assert not keeps(failed(LINE), replace(PASSED, verdict=None, skipped="no text"))

    def test_the_same_call_with_other_words_is_the_same_failure(self) -> None:
        one, two = "crashed status 500: no vendor Moss", "crashed status 500: queue is full"
        assert keeps(failed(one, "text.a"), failed(two, "text.a"))
        assert not keeps(failed(one, "text.a", "text.b"), failed(two, "text.a"))


class TestMixtures:
    @pytest.mark.parametrize(
        ("whole", "parts", "accounted"),
        [
            ("wrong /a (garbled); /b (sign)", ["wrong /a (garbled)", "wrong /b (sign)"], True),
            ("wrong /a (other value)", ["wrong /a (sign)", "wrong /a (truncated)"], True),
            ("wrong /a, /c (garbled)", ["wrong /a (garbled)", "wrong /b (sign)"], False),
            ("wrong /lines (items missing)", ["wrong /lines/*/amount (sign)"], True),
            (LINE, [LINE, "wrong /a (garbled)"], True),
            (LINE, ["wrong /a (garbled)", "wrong /b (sign)"], False),
            ("wrong /a (garbled)", [LINE, "hung time limit"], False),
        ],
    )
    def test_what_its_steps_do_alone_accounts_for_a_mixture(
        self, whole: str, parts: list[str], accounted: bool
    ) -> None:
        assert accounted_for(failed(whole, "text.a", "text.b"), [PASSED, *map(failed, parts)]) is accounted

    def test_known_discoveries_by_its_mutators_explain_a_mixture_without_a_call(self) -> None:
        known = [
            found(0, "wrong /a (sign)", "text.a"),
            found(1, "wrong /b (sign)", "table.b"),
            found(2, LINE, "scan.c"),
        ]
        assert explained(failed("wrong /a, /b (sign)", "text.a", "table.b", "scan.c"), known) == (0, 1)
        assert explained(failed("wrong /a, /b (sign)", "text.a", "scan.c"), known) == ()
        assert explained(failed("wrong /a (sign)", "text.a"), known) == (), "no mixture"
        met = [replace(each, state="met") for each in known]
        assert explained(failed("wrong /a, /b (sign)", "text.a", "table.b"), met) == ()


class TestAfterwards:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            (("wrong /a, /b (sign)", "text.a"), ("wrong /b (garbled)", "text.a"), True),
            (("wrong /a (sign)", "text.a"), ("wrong /b (sign)", "text.a"), False),
            (("wrong /a (sign)", "text.a"), ("wrong /a (garbled)", "text.b"), False),
            (("wrong /a (sign)", "text.a"), ("wrong /a (sign)", "text.b"), True),
            (("wrong /a (sign)", "text.a"), ("wrong /a (sign)", "scan.b"), False),
            (("wrong /lines (items added)", "text.a"), ("wrong /lines/*/sum (sign)", "text.a"), True),
            (("wrong /a (sign)", "text.a"), ("refused no /a", "text.a"), False),
            ((LINE, "text.a"), ("wrong /a (sign)", "text.a"), False),
            ((LINE, "text.a"), ("crashed ValueError at reader.py:total: int(text)", "text.a"), False),
            ((LINE, "text.a"), (LINE, "scan.b"), True),
            (("crashed status 500: no total", "text.a"), ("crashed status 500: no date", "text.a"), False),
            (("hung time limit", "text.a"), ("hung time limit", "text.a"), True),
        ],
    )
    def test_two_are_one_where_mutators_and_fields_agree(
        self, one: tuple[str, str], other: tuple[str, str], same: bool
    ) -> None:
        assert merges(found(0, *one), found(1, *other)) is same
        assert merges(found(1, *other), found(0, *one)) is same

    def test_none_is_merged_before_one_was_made_smaller(self) -> None:
        one, other = (found(n, "wrong /a (sign)", "text.a", state="met") for n in (0, 1))
        assert not merges(one, other)

    def test_two_that_only_say_different_things_are_one_where_that_is_known_to_differ(self) -> None:
        says = found(0, "crashed status 500: no vendor Moss", also="crashed status 500: no vendor Gray")
        assert merges(says, found(1, "crashed status 500: no vendor Fern", "scan.b"))
        assert not merges(says, found(1, "crashed status 500: no date in N", "scan.b"))
        assert not merges(says, found(1, "crashed status 400: no vendor Fern", "scan.b"))
