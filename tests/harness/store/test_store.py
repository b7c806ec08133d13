"""What is stored comes back: results, whole rounds, runs; and an unfinished run goes on where it stopped."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crumple import ABSENT, CrumpleError, Recipe
from crumple.events import RoundEnded
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Step
from crumple.result import Result, Work
from crumple.store import Record, Recorded, Store

IDENTITY = {"configuration": "c1", "corpus": "k1", "system": "s1"}
Opened = Callable[[], Store]


def info(name: str = "20261122-120000-aaaa") -> dict[str, Any]:
    return {"id": name, "corpus": "papers", "seed": 7}


def work(key: str, number: int = -1, *, number_of: int = 1, case: str = "a.txt", mutator: str = "scan.skew") -> Work:
    recipe = Recipe((Step(mutator, (("angle", 2.5), ("names", "x"), ("flag", True), ("n", 3)), 41, "p.pdf"),))
    return Work(number_of, case, recipe if number >= 0 else Recipe(), 3.0, mutator if number >= 0 else "", key, number)


def result(key: str, number: int = -1, outcome: Outcome = Outcome.RIGHT, **more: Any) -> Result:
    failure = outcome not in {Outcome.RIGHT, Outcome.VOID}
    fields = {name: more.pop(name) for name in ("case", "mutator") if name in more}
    verdict = Verdict(outcome, failure, 0.5, ("/a", ""), ("/b",), "print", {"cer": 0.25}, ("x", "y"))
    return Result(work(key, number, **fields), verdict, **({"attempts": 1, "cost": 0.25} | more))


def skip(key: str, number: int) -> Result:
    return Result(work(key, number), None, skipped="it has no table")


class Answers:
    """An executor that answers every work at once, and counts."""

    room = 4

    def __init__(self) -> None:
        self.called: list[str] = []
        self.waiting: list[Result] = []

    @property
    def pending(self) -> int:
        return len(self.waiting)

    def put(self, works: Sequence[Work]) -> None:
        self.called += [each.key for each in works]
        self.waiting += [replace(result(each.key, each.round), work=each) for each in works]

    def results(self, timeout: float | None = None) -> list[Result]:
        done, self.waiting = self.waiting, []
        return done


def whole(number: int, results: Sequence[Result]) -> RoundEnded:
    """A round as the engine tells of it."""
    made = [each for each in results if each.made]
    return RoundEnded(number, results, len(made), sum(each.cost for each in made))


def keys(results: Sequence[Result]) -> list[str]:
    return [each.work.key for each in results]


@pytest.fixture
def begun(opened: Opened) -> Iterator[Callable[..., Record]]:
    """Begins or resumes a run in the test's store."""
    records: list[Record] = []

    def begin(identity: Mapping[str, str] = IDENTITY, name: str = "20261122-120000-aaaa", **more: Any) -> Record:
        records.append(opened().resume_or_begin(identity, info(name), **more))
        return records[-1]

    yield begin
    for record in records:
        record.close()


def test_a_result_comes_back_as_it_was(begun: Callable[..., Record]) -> None:
    odd = replace(
        result("clean/a/0"),
        cause="caf\u00e9 \udc80 \0",
        detail="d" * 5000,
        expected="1",
        answer="2",
        seconds=1.5,
        digest="ab" * 16,
        value={"deep": [1, None, {"x": "\udcff"}], "nan": 1e300},
        attempts=3,
    )
    degraded = result("0/scan.skew/0/0", 0, Outcome.CRASHED)
    with begun() as record:
        record.save([odd, degraded, skip("0/scan.skew/1/0", 0)])
    with begun(name="other") as record:
        assert record.resumed
        assert record.id == "20261122-120000-aaaa"
        assert record.info == info()
        assert (record.past.rounds, record.past.calls) == (0, 0)
        asked = [replace(odd.work, id=9), degraded.work, work("0/scan.skew/1/0", 0)]
        found = record.take(asked)
        assert found["clean/a/0"] == replace(odd, work=asked[0])
        assert found["0/scan.skew/0/0"] == degraded
        assert found["0/scan.skew/1/0"].skipped == "it has no table"
        assert record.take(asked) == {}, "each is handed out once"


@pytest.mark.parametrize("case", ["b\udc80d.txt", "n\0l", "x" * 4000, "\u00e9\u4e2d"])
def test_any_file_name_can_be_stored(begun: Callable[..., Record], case: str) -> None:
    named = result(f"clean/{case}/0", case=case)
    again = result(f"3/a.b/0/0{case}", 3, case=case)
    with begun() as record:
        record.save([named, again])
    with begun() as record:
        assert list(record.take([named.work, again.work]).values()) == [named, again]


def test_whole_rounds_come_back_in_order_without_what_they_do_not_count(begun: Callable[..., Record]) -> None:
    def rows(number: int) -> list[Result]:
        return [result(f"{number}/scan.skew/1/0", number), result(f"{number}/text.typos/0/0", number, Outcome.WRONG)]

    with begun() as record:
        for number in (0, 2, 1, 4):
            record.save([skip(f"{number}/scan.skew/0/0", number), *rows(number)])
            record.add(whole(number, rows(number)))
        record.save([result("again/x")])
    with begun() as record:
        past = record.past
        assert (past.rounds, past.calls, past.cost) == (3, 6, 1.5), "round 3 is missing, so that 4 is not reached"
        ended = list(past.ended())
        assert [each.number for each in ended] == [0, 1, 2]
        for each in ended:
            stored = [replace(one, work=replace(one.work, id=0)) for one in each.results]
            assert stored == [replace(one, work=replace(one.work, id=0)) for one in rows(each.number)]
        ids = [one.work.id for each in ended for one in each.results]
        assert len(set(ids)) == len(ids)
        # What belongs to no whole round from the first on comes back by its key.
        left = [*rows(4), skip("4/scan.skew/0/0", 4), result("again/x")]
        assert set(record.take([one.work for one in left])) == set(keys(left))


def test_a_round_behind_a_gap_is_told_again_when_the_run_goes_on(begun: Callable[..., Record]) -> None:
    own = {number: [result(f"{number}/a.b/0/0", number)] for number in range(3)}
    with begun() as record:
        for number in (0, 2):
            record.save(own[number])
            record.add(whole(number, own[number]))
        record.snapshot({})
    with begun() as record:
        assert record.past.rounds == 1
        assert len(record.take([own[2][0].work])) == 1
        record.add(whole(2, own[2]))
        record.save(own[1])
        record.add(whole(1, own[1]))
        record.snapshot({})
        assert record.trouble is None
    with begun() as record:
        assert record.past.rounds == 3


def test_many_rounds_are_read_in_pieces(begun: Callable[..., Record], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple.store.past._ROWS_READ", 7)
    with begun() as record:
        for number in range(40):
            own = [result(f"{number}/a.b/{at}/0", number) for at in range(1 + number % 3)]
            record.save(own)
            record.add(whole(number, own))
        record.snapshot({"half": 1})
    with begun() as record:
        assert [(one.number, len(one.results)) for one in record.past.ended()] == [(n, 1 + n % 3) for n in range(40)]


def test_no_call_is_made_twice(begun: Callable[..., Record]) -> None:
    works = [work(f"clean/{at}/0", number_of=at) for at in range(50)]
    with begun() as record:
        executor = Recorded(first := Answers(), record)
        executor.put(works[:30])
        assert keys(executor.results()) == keys(answered_all(works[:30]))
        executor.put(works[30:33])  # in flight when it ends
    with begun() as record:
        executor = Recorded(second := Answers(), record)
        got: list[Result] = []
        queue = list(works)
        while queue or executor.pending:
            room = executor.room
            now, queue = queue[:room], queue[room:]
            executor.put(now)
            got += executor.results(0.0)
    assert sorted(keys(got)) == sorted(one.key for one in works)
    assert sorted(one.work.id for one in got) == list(range(50))
    assert first.called == [one.key for one in works[:33]]
    assert second.called == [one.key for one in works[30:]]


def answered_all(works: Sequence[Work]) -> list[Result]:
    return [replace(result(each.key), work=each) for each in works]


def test_what_the_store_answers_is_not_held_back_by_slow_lanes(begun: Callable[..., Record]) -> None:
    with begun() as record:
        record.save([result(f"clean/{at}/0") for at in range(800)])
    with begun() as record:
        executor = Recorded(Answers(), record)
        turns = at = 0
        while at < 800:
            end = min(800, at + executor.room)
            executor.put([work(f"clean/{number}/0") for number in range(at, end)])
            at = end
            executor.results(0.0)
            turns += 1
        assert turns < 12
        assert executor.room == Answers.room, "nothing of the store is left"


def test_what_is_never_asked_for_again_makes_no_room(begun: Callable[..., Record]) -> None:
    with begun() as record:
        record.save([result(f"again/{at}") for at in range(100)])
    with begun() as record:
        executor = Recorded(Answers(), record)
        executor.put([work(f"clean/{at}/0") for at in range(executor.room)])
        assert executor.room == Answers.room


def test_what_was_void_is_called_again_when_a_run_goes_on(begun: Callable[..., Record], opened: Opened) -> None:
    with begun() as record:
        record.save([result("clean/a/0", outcome=Outcome.VOID), result("clean/b/0")])
    with begun() as record:
        executor = Recorded(lanes := Answers(), record)
        executor.put([work("clean/a/0"), work("clean/b/0")])
        assert len(executor.results()) == 2
        assert lanes.called == ["clean/a/0"]
    with begun() as record:
        assert len(record.take([work("clean/a/0"), work("clean/b/0")])) == 2
    (line,) = opened().lines()
    assert (line.calls, line.void, line.cost) == (3, 1, 0.75), "what was paid for counts"


def test_a_failure_that_was_tried_twice_is_listed_as_one(begun: Callable[..., Record], opened: Opened) -> None:
    failed = replace(result("0/scan.skew/0/0", 0), verdict=Verdict(Outcome.CRASHED, True))
    with begun() as record:
        record.save([failed, replace(failed, work=work("again/0/scan.skew/0/0"))])
    (line,) = opened().lines()
    assert (line.calls, line.failures) == (2, 1)


def test_an_answer_that_may_not_be_kept_is_called_for_again(begun: Callable[..., Record]) -> None:
    cut: Callable[[Result], Result] = lambda one: replace(one, value=ABSENT, answer="")  # noqa: E731
    whole = replace(result("clean/a/0"), value={"total": 3}, answer="3")
    with begun(kept=cut) as record:
        record.save([whole, replace(result("clean/b/0"), answer="4")])
    with begun(kept=cut) as record:
        assert record.take([work("clean/a/0")]) == {}
        assert record.take([work("clean/b/0")])["clean/b/0"].answer == ""
        record.save([whole])  # in the place of the first


def test_an_answer_that_is_no_json_is_called_for_again(begun: Callable[..., Record]) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with begun() as record:
        record.save([replace(result("clean/a/0"), value=deep), replace(result("clean/b/0"), value={"x": {1, 2}})])  # type: ignore[arg-type, dict-item]
    with begun() as record:
        assert record.take([work("clean/a/0"), work("clean/b/0")]) == {}


def test_a_cost_that_is_no_number_is_none(begun: Callable[..., Record], opened: Opened) -> None:
    with begun() as record:
        record.save([replace(result("clean/a/0"), cost=math.nan)])
    assert opened().lines()[0].cost == 0


def test_a_stored_result_is_only_handed_back_for_its_own_document(begun: Callable[..., Record]) -> None:
    with begun() as record:
        record.save([result("0/scan.skew/0/0", 0)])
    with begun() as record, pytest.raises(CrumpleError, match=r"as 0/scan.skew/0/0 it has 'a.txt > scan.skew.*--fresh"):
        record.take([work("0/scan.skew/0/0", 0, case="b.txt")])


def test_a_run_that_has_ended_is_never_used_again(begun: Callable[..., Record], opened: Opened) -> None:
    with begun() as record:
        record.save([result("clean/a/0")])
        record.end({"schema": 1})
    with begun(name="second") as record:
        assert not record.resumed
        assert record.take([work("clean/a/0")]) == {}
    states = {line.id: line.state for line in opened().lines()}
    assert states == {"20261122-120000-aaaa": "ended", "second": "interrupted"}


def test_another_configuration_begins_anew_and_is_told_why(begun: Callable[..., Record]) -> None:
    said: list[str] = []
    with begun() as record:
        record.save([result("clean/a/0")])
    changed = {**IDENTITY, "corpus": "k2", "judge": "j"}
    with begun(changed, "second", say=said.append) as record:
        assert not record.resumed
    assert said == [
        "run 20261122-120000-aaaa is unfinished (1 call), but this has changed since: corpus, judge; beginning anew"
    ]
    with begun(say=said.append) as record:
        assert record.resumed, "the first one is still there for its own configuration"
    assert said[1] == "going on with run 20261122-120000-aaaa (1 call stored; --fresh begins anew)"


def test_fresh_gives_up_what_is_unfinished(begun: Callable[..., Record], opened: Opened) -> None:
    with begun() as record:
        record.save([result("clean/a/0")])
    with begun(name="second", fresh=True) as record:
        assert not record.resumed
        record.end({})
    assert [(line.id, line.state) for line in opened().lines()][1] == ("20261122-120000-aaaa", "abandoned")
    with begun(name="third") as record:
        assert not record.resumed


def test_the_document_is_there_before_the_end(begun: Callable[..., Record], opened: Opened) -> None:
    store = opened()
    with begun() as record:
        assert store.document(store.find("latest")) is None
        record.snapshot({"run": {"calls": 3}})
        assert store.find("2026").state == "running"
        assert store.document(store.find("2026")) == {"run": {"calls": 3}}
        record.interrupt({"run": {"calls": 4}})
    assert store.find("latest").state == "interrupted"
    assert store.document(store.find("latest")) == {"run": {"calls": 4}}


def test_a_document_that_takes_long_to_make_is_made_less_often(
    begun: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, made = [1000.0], []
    monkeypatch.setattr("crumple.store.record.time.monotonic", lambda: now[0])

    def document() -> Mapping[str, Any]:
        made.append(now[0])
        now[0] += 10
        return {}

    with begun() as record:
        for now[0] in range(1000, 1500):
            record.show(document)
    assert made == [1001, 1211, 1421]


def test_runs_are_found_by_how_they_begin(begun: Callable[..., Record], opened: Opened) -> None:
    with pytest.raises(CrumpleError, match="there are no runs yet"):
        opened().find("latest")
    for name in ("20260101-aa", "20260101-ab", "20270101-ba"):
        begun({"x": name}, name).close()
    store = opened()
    assert store.find("2027").id == store.find("latest").id == "20270101-ba"
    with pytest.raises(CrumpleError, match="2 runs begin with '2026': 20260101-ab, 20260101-aa"):
        store.find("2026")
    with pytest.raises(CrumpleError, match=r"no run '20270101-bb'. Did you mean '20270101-ba'\?"):
        store.find("20270101-bb")


def test_a_second_process_does_not_write_the_same_run(begun: Callable[..., Record], opened: Opened) -> None:
    said: list[str] = []
    with begun():
        with pytest.raises(
            CrumpleError, match=r"run 20261122-120000-aaaa is being written by process \d+ on .*--fresh"
        ):
            begun(wait=False)
        with begun({**IDENTITY, "corpus": "k2"}, "beside", say=said.append):
            assert said == [], "another run may go on beside it"
        with begun(name="fresh", fresh=True):
            pass
    assert {line.id for line in opened().lines()} == {"20261122-120000-aaaa", "beside", "fresh"}


def test_no_password_is_shown(opened: Opened, location: str | None) -> None:
    assert "hidden-word" not in opened().where


def test_files_are_their_owners_alone(begun: Callable[..., Record], tmp_path: Path, location: str | None) -> None:
    if location is not None:
        pytest.skip("a server has its own files")
    with begun() as record:
        record.save([result("clean/a/0")])
        files = [path for path in (tmp_path / ".crumple").rglob("*") if path.is_file() and path.name != ".gitignore"]
        assert {path.name for path in files} >= {"store.db", "store.db-wal"}
        assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert not list((tmp_path / ".crumple" / "store.locks").iterdir()), "locks and reserved space are gone"
