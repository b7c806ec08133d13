"""Findings as files: what a search tells becomes folders that a developer can act on, and nothing is lost of them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from crumple.config.loading import load
from crumple.events import Discovered, Ended, Replayed, Threshold
from crumple.findings.finding import Acceptance, Finding, Replaying, StepSaid, id_of
from crumple.findings.folder import Folder
from crumple.findings.page import page
from crumple.findings.papers import keeps_documents
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from kept_findings import BOM, ENDINGS, INFO, TODAY, discovery, failure, finding, keeping, project

FULL = '[privacy]\nfindings = "full"\n'


def folders(where: Path) -> list[str]:
    found = where / "findings"
    return sorted(each.name for each in found.iterdir()) if found.is_dir() else []


def written(where: Path) -> str:
    """Every text in the folder."""
    return "\n".join(
        each.read_bytes().decode("utf-8", "replace")
        for each in sorted((where / "findings").rglob("*"))
        if each.is_file()
    )


def only(where: Path) -> Finding:
    (name,) = folders(where)
    return Folder(where).read(name)


def test_a_discovery_is_written_at_once_with_all_that_a_developer_needs(tmp_path: Path) -> None:
    project(tmp_path, more=FULL)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path), why=""))
    finding = only(tmp_path)
    assert (finding.category, kept.ids, kept.new) == ("encoding", {0: finding.id}, {finding.id})
    assert kept.still_open() == [finding.id]
    place = tmp_path / "findings" / finding.id
    assert {each.name for each in place.iterdir()} == {"README.md", "clean.json", "degraded.json", "finding.json"}
    assert (place / "clean.json").read_bytes() == (tmp_path / "corpus" / "a.json").read_bytes()
    assert (place / "degraded.json").read_bytes().startswith(b"\xef\xbb\xbf")
    assert finding.frames == ("mine.py:7 in read",)
    said = (place / "README.md").read_text("utf-8")
    for words in (
        "crashes: ValueError: Mrs Secretive has no total",
        f"    crumple replay {finding.id}\n",
        f"    crumple replay 'a.json > {BOM}'",
        "The system crashes when encoding.json_bom has acted on `a.json`",
        "failed 2 of 2 times",
        "in 5 calls",
        "crumple 0.1.0, Python 3.11",
    ):
        assert words in said
    assert str(tmp_path) not in written(tmp_path)


def test_without_leave_no_text_of_a_document_or_an_answer_is_written(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    wrong = Verdict(Outcome.WRONG, failure=True, wrong=("/customer",), fingerprint="wrong /customer (other value)")
    quoting = failure(tmp_path, ENDINGS, mark="crashed exit code 3: cannot read Mrs Secretive")
    answered = failure(tmp_path)
    kept.take(discovery(quoting))
    kept.take(
        discovery(
            Result(answered.work, wrong, expected='"Mrs Secretive"', answer='"Mr Secretive"', digest=answered.digest),
            number=1,
        )
    )
    why = "another failure: crashed exit code 4: Mrs Secretive"
    other = Verdict(Outcome.CRASHED, failure=True, fingerprint="crashed exit code 4: Mrs Secretive")
    kept.take(Replayed(kept.ids[0], "CHANGED", (Result(quoting.work, other, digest=quoting.digest),), why))
    assert len(folders(tmp_path)) == 2
    assert "Secretive" not in written(tmp_path)
    assert "clean.json" not in written(tmp_path)
    assert '[privacy] findings is "recipe"' in written(tmp_path)
    # And it is known all the same when it is met again, and told from others of the kind.
    known = {each.id: each for each in keeping(tmp_path).known()}
    assert known[kept.ids[0]].knows("crashed exit code 3: cannot read Mrs Secretive")
    assert not known[kept.ids[0]].knows("crashed exit code 3: cannot write")
    assert known[kept.ids[1]].knows("wrong /customer (other value)")


def test_secrets_are_in_no_file_and_redacted_fields_keep_documents_out(tmp_path: Path) -> None:
    project(tmp_path, more=f'{FULL}redact = ["/customer"]\n[judge]\nkind = "fields"\n')
    text = (tmp_path / "crumple.toml").read_text().replace("spare = 0", 'spare = 0\nenv = { KEY = "${KEY}" }')
    (tmp_path / "crumple.toml").write_text(text)
    kept = keeping(tmp_path, secrets={"KEY": "hunter2-secret"})
    kept.take(discovery(failure(tmp_path, cause="ValueError: no entry for hunter2-secret")))
    assert "hunter2" not in written(tmp_path)
    assert "${KEY}" in written(tmp_path)
    assert only(tmp_path).clean.file == ""
    assert "redact" in only(tmp_path).kept


def test_documents_of_a_generated_corpus_are_kept_unless_said_otherwise(tmp_path: Path) -> None:
    project(tmp_path)
    path = tmp_path / "crumple.toml"
    own = path.read_text()
    made = own.replace('path = "corpus"', 'generate = "invoices"')
    said = []
    for text in (own, own + FULL, made, *(f'{made}[privacy]\n{key} = "recipe"\n' for key in ("findings", "store"))):
        path.write_text(text)
        said.append(keeps_documents(load(path)))
    assert said == [False, True, True, False, False]


def test_what_is_known_better_takes_the_place_of_what_was_met(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    both = failure(tmp_path, f"{ENDINGS} > {BOM}")
    kept.take(discovery(both, state="met"))
    assert folders(tmp_path) == [id_of("crashed ValueError at mine.py:read", both.work.recipe)]
    kept.take(discovery(both, state="minimising", count=3))
    small = failure(tmp_path, "text.lower_case(seed=4)")
    assert len(folders(tmp_path)) == 1
    kept.take(discovery(both, example=small, count=4))
    assert only(tmp_path).category == "text"
    assert (only(tmp_path).seen, only(tmp_path).minimised.met_by) == (4, f"a.json > {ENDINGS} > {BOM}")
    assert kept.new == {only(tmp_path).id}


def test_the_page_says_what_its_own_recipe_shows(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    first = failure(tmp_path, f"{ENDINGS} > {BOM}", mark="crashed ValueError at mine.py:dates")
    kept.take(discovery(first, example=failure(tmp_path, mark="crashed ValueError at mine.py:total")))
    said = page(only(tmp_path))
    assert said.splitlines()[0].endswith(": `crashes: ValueError at mine.py:total`")
    assert "put down to it as well:\n\n    crashed ValueError at mine.py:dates\n" in said
    assert only(tmp_path).id == id_of("crashed ValueError at mine.py:dates", only(tmp_path).recipe)


def test_a_mixture_that_others_explain_is_no_finding(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path, f"{ENDINGS} > {BOM}"), state="met"))
    kept.take(discovery(failure(tmp_path, f"{ENDINGS} > {BOM}"), state="explained", parts=(1, 2)))
    assert (folders(tmp_path), kept.ids, kept.new, kept.still_open()) == ([], {}, set(), [])


def test_the_same_kind_in_a_later_run_is_the_same_folder(tmp_path: Path) -> None:
    project(tmp_path)
    first = keeping(tmp_path)
    first.take(discovery(failure(tmp_path), count=3))
    for run, count in (("two", 2), ("two", 5), ("three", 1)):  # the second goes on with the run of the first
        later = keeping(tmp_path, today=dt.date(2026, 4, 2))
        later.begin({**INFO, "id": run})
        (known,) = later.known()
        later.take(discovery(failure(tmp_path, case="b.json"), known=known.id, count=1))
        later.take(discovery(failure(tmp_path, case="b.json"), known=known.id, count=count))
        later.take(Ended("calls"))
        assert later.new == set()
        assert later.still_open() == [known.id]
    finding = only(tmp_path)
    assert (finding.seen, finding.first_seen.date, finding.last_seen.date) == (9, TODAY, dt.date(2026, 4, 2))
    assert finding.last_seen.run == "three"
    assert finding.case == "a.json"


def test_a_run_that_goes_on_writes_what_it_wrote_before(tmp_path: Path) -> None:
    project(tmp_path)
    first, second = keeping(tmp_path), None
    first.take(discovery(failure(tmp_path, f"{ENDINGS} > {BOM}"), state="met", count=1))
    second = keeping(tmp_path)
    second.take(discovery(failure(tmp_path, f"{ENDINGS} > {BOM}"), state="met", count=1))
    second.take(discovery(failure(tmp_path, f"{ENDINGS} > {BOM}"), example=failure(tmp_path, ENDINGS), count=2))
    assert only(tmp_path).seen == 2
    assert second.new == {only(tmp_path).id}


def test_a_fixed_finding_that_is_met_again_is_open_and_shows_what_fails_now(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path)))
    name = kept.ids[0]
    kept.take(Replayed(name, "FIXED", ()))
    assert (only(tmp_path).state, kept.still_open()) == ("fixed", [])
    again = keeping(tmp_path)
    again.begin({**INFO, "id": "two"})
    assert [each.state for each in again.known()] == ["fixed"]
    new = failure(tmp_path, ENDINGS)
    again.take(discovery(new, state="met", known=name))
    assert only(tmp_path).state == "fixed"  # it may still turn out to be a mixture of others
    again.take(discovery(new, known=name))
    assert (only(tmp_path).state, str(only(tmp_path).recipe), again.again) == ("open", ENDINGS, {name})
    assert [each.state for each in only(tmp_path).history] == ["open", "fixed", "open"]


def test_what_was_met_of_a_fixed_finding_is_kept_by_an_interruption(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path)))
    kept.take(Replayed(kept.ids[0], "FIXED", ()))
    again = keeping(tmp_path)
    again.take(discovery(failure(tmp_path, ENDINGS), state="met", known=kept.ids[0]))
    again.close()
    assert only(tmp_path).state == "open"


@pytest.mark.parametrize(
    ("before", "status", "after"),
    [
        ("open", "FIXED", "fixed"),
        ("open", "FAILS", "open"),
        ("open", "ERROR", "open"),
        ("fixed", "FAILS", "open"),
        ("fixed", "FLAKY", "open"),
        ("fixed", "OTHER BYTES", "fixed"),
        ("fixed", "ERROR", "fixed"),
    ],
)
def test_a_replay_alone_says_what_is_fixed_and_what_is_open_again(
    before: str, status: str, after: str, tmp_path: Path
) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    failing = failure(tmp_path)
    kept.take(discovery(failing))
    if before == "fixed":
        kept.take(Replayed(kept.ids[0], "FIXED", ()))
    kept.take(Replayed(kept.ids[0], status, (failing,) if status in {"FAILS", "FLAKY"} else ()))
    assert only(tmp_path).state == after
    replayed = only(tmp_path).replayed
    assert replayed is not None
    assert replayed.status == status


def test_what_a_replay_found_flaky_is_called_more_often_before_it_is_fixed() -> None:
    sure = finding("text-11111111", BOM, "crashed")
    seen = Replaying(status="FLAKY", when=TODAY, tries=4, failed=1)
    assert (sure.known(TODAY).failed, sure.known(TODAY).tries) == (2, 2)
    flaky = replace(sure, replayed=seen).known(TODAY)
    assert (flaky.failed, flaky.tries) == (1, 4)


def test_an_acceptance_that_is_over_counts_as_open(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path)))
    given = Acceptance(reason="later", by="Ada", until=TODAY, when=TODAY)
    Folder(tmp_path).write(replace(only(tmp_path), state="accepted", accepted=given))
    today, tomorrow = keeping(tmp_path), keeping(tmp_path, today=TODAY + dt.timedelta(days=1))
    assert [each.state for each in today.known() + tomorrow.known()] == ["accepted", "open"]
    for each in (today, tomorrow):
        each.take(Replayed(kept.ids[0], "FAILS", (failure(tmp_path),)))
    assert today.still_open() == []
    assert tomorrow.still_open() == [kept.ids[0]]
    assert only(tmp_path).state == "open"


def test_a_finding_that_cannot_be_read_stays_as_it_is_beside_the_new_one(tmp_path: Path) -> None:
    project(tmp_path)
    first = keeping(tmp_path)
    first.take(discovery(failure(tmp_path)))
    broken = tmp_path / "findings" / first.ids[0] / "finding.json"
    broken.write_text("{")
    said: list[str] = []
    second = keeping(tmp_path)
    second.troubles.extend(said)
    second.take(discovery(failure(tmp_path)))
    assert broken.read_text() == "{"
    assert second.ids[0] == f"{first.ids[0]}-2"
    assert any("it is no JSON" in each for each in second.troubles)


def test_a_folder_that_cannot_be_written_is_said_once_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    for number, recipe in enumerate((BOM, ENDINGS)):
        kept.take(discovery(failure(tmp_path, recipe), number=number))
    (said,) = kept.troubles
    assert "Read-only file system" in said
    assert len(kept.still_open()) == 2
    assert not any(map(kept.has_written, kept.ids.values()))
    monkeypatch.undo()
    kept.take(discovery(failure(tmp_path, BOM, "b.json")))
    assert kept.has_written(kept.ids[0])


def test_a_document_that_cannot_be_made_again_is_said(tmp_path: Path) -> None:
    project(tmp_path, more=FULL)
    kept = keeping(tmp_path)
    failing = failure(tmp_path)
    kept.take(discovery(Result(failing.work, failing.verdict, digest="0" * 32)))
    assert "made another one here" in only(tmp_path).kept
    other = failure(tmp_path, mark="crashed KeyError")
    kept.take(discovery(Result(Work(1, "gone.json", failing.work.recipe), other.verdict), number=1))
    assert "could not be read" in Folder(tmp_path).read(kept.ids[1]).kept


def test_pages_are_made_of_the_data_alone_and_hold_nothing_that_is_obeyed(tmp_path: Path) -> None:
    project(tmp_path, more=FULL)
    kept = keeping(tmp_path)
    nasty = "ValueError: \x1b[31m<script>`x`</script>\u202e"
    kept.take(discovery(failure(tmp_path, cause=nasty)))
    place = tmp_path / "findings" / kept.ids[0]
    read = Finding.from_json(json.loads((place / "finding.json").read_text("utf-8")))
    assert read.cause == nasty
    assert page(read) == (place / "README.md").read_text("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", written(tmp_path))


def test_a_page_shows_wrong_fields_side_by_side(tmp_path: Path) -> None:
    project(tmp_path, more=FULL)
    kept = keeping(tmp_path)
    failing = failure(tmp_path)
    verdict = Verdict(Outcome.WRONG, failure=True, wrong=("/total",), fingerprint="wrong /total (another scale)")
    expected, answer = '{"/total": {"$any_of": [10.5, null]}}', '{"/total": 105}'
    kept.take(discovery(Result(failing.work, verdict, expected=expected, answer=answer, digest=failing.digest)))
    said = page(only(tmp_path))
    assert "silently wrong: /total (another scale)" in said
    assert "    /total\n      expected  10.5 or nothing\n      came      105\n" in said


def test_a_page_says_steps_in_words_with_their_units() -> None:
    skew = StepSaid(mutator="scan.skew", does="Turn", parameter="angle", value=2.5, unit="deg", level=3.2, only="0-3")
    drop = StepSaid(
        mutator="text.delete", parameter="share", value=0.125, unit="share of words", only="7", part="a.txt"
    )
    said = page(finding("combination-11111111", BOM, "crashed", steps=(skew, drop)))
    assert (
        "1. `scan.skew`: Turn; angle = 2.5 deg; level 3.2 of 5; of its changes, counted from 0, only numbers 0-3 are "
        "kept.\n2. `text.delete`: 12.5 % of words; of its changes, counted from 0, only number 7 is kept; in a.txt.\n"
    ) in said


def test_events_of_other_kinds_and_of_strangers_change_nothing(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(Replayed("nobody-12345678", "FAILS", ()))
    kept.take(Discovered(discovery(failure(tmp_path)).discovery))
    assert len(folders(tmp_path)) == 1


def test_what_an_earlier_run_left_large_is_made_small_under_its_own_name(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    both = failure(tmp_path, f"{ENDINGS} > text.lower_case(seed=4)")
    kept.take(discovery(both, state="not minimised", why="the search ended", count=3))
    (large,) = keeping(tmp_path).known()
    assert (large.small, large.id.partition("-")[0]) == (False, "combination")
    again = keeping(tmp_path)
    again.begin({**INFO, "id": "two"})
    again.take(discovery(both, known=large.id, calls=0))  # it was met, and not made smaller
    assert not only(tmp_path).small
    again.take(discovery(both, example=failure(tmp_path, ENDINGS), known=large.id))
    assert (only(tmp_path).category, only(tmp_path).small, only(tmp_path).seen) == ("encoding", True, 4)
    assert only(tmp_path).first_seen.run == INFO["id"]
    assert again.new == set()


def test_two_discoveries_that_come_to_the_same_are_one_folder_whichever_goes(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path), count=4))
    both = failure(tmp_path, f"{ENDINGS} > {BOM}")
    kept.take(discovery(both, state="met", number=1))
    assert len(folders(tmp_path)) == 2
    kept.take(discovery(both, example=failure(tmp_path, case="b.json"), number=1))
    assert (only(tmp_path).case, kept.ids[0]) == ("a.json", kept.ids[1])
    kept.take(discovery(both, state="explained", parts=(0,), number=1))
    kept.take(discovery(failure(tmp_path), count=5))
    kept.close()
    assert (only(tmp_path).seen, kept.ids) == (5, {0: only(tmp_path).id})


def test_two_that_were_met_alike_and_show_something_else_are_two_folders(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    kept.take(discovery(failure(tmp_path)))
    other = failure(tmp_path, case="b.json", mark="crashed KeyError at mine.py:read")
    for _ in range(2):
        kept.take(discovery(failure(tmp_path, case="b.json"), example=other, number=1))
    assert sorted(kept.ids.values()) == folders(tmp_path)
    assert len(folders(tmp_path)) == 2
    assert kept.ids[0] == id_of("crashed ValueError at mine.py:read", failure(tmp_path).work.recipe)


def test_a_page_says_in_its_unit_from_where_on_it_fails_and_once_of_what_was_seen_once(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    threshold = Threshold(0, "share", "share of bytes", 0.00125, 0.001)
    kept.take(discovery(failure(tmp_path), thresholds=(threshold,), count=1))
    said = page(only(tmp_path))
    assert "fails from 0.125 % of bytes on, and not with 0.1 % of bytes." in said
    assert f"Seen once, on {TODAY} (run {INFO['id']}).\n" in said


def test_configurations_of_one_folder_keep_their_findings_apart(tmp_path: Path) -> None:
    project(tmp_path)
    first = keeping(tmp_path)
    first.take(discovery(failure(tmp_path)))
    (tmp_path / "crumple.toml").rename(tmp_path / "other.toml")
    second = keeping(tmp_path, config="other.toml")
    assert second.known() == []
    second.take(discovery(failure(tmp_path)))
    assert second.ids[0] == f"{first.ids[0]}-2"
    page_of_it = (tmp_path / "findings" / second.ids[0] / "README.md").read_text("utf-8")
    assert f"crumple replay {second.ids[0]} --config other.toml" in page_of_it
    assert "crumple accept --config other.toml" in page_of_it


def test_what_failed_once_and_never_again_is_no_finding_and_opens_none(tmp_path: Path) -> None:
    project(tmp_path)
    kept = keeping(tmp_path)
    for state in ("met", "minimising", "not reproduced"):
        kept.take(discovery(failure(tmp_path), state=state))
    kept.take(Ended("calls"))
    assert (folders(tmp_path), kept.ids, kept.still_open()) == ([], {}, [])
    Folder(tmp_path).write(finding("text-11111111", BOM, "crashed", state="fixed"))
    later = keeping(tmp_path)
    (known,) = later.known()
    for state in ("met", "minimising", "not reproduced"):
        later.take(discovery(failure(tmp_path), state=state, known=known.id))
    later.take(Ended("calls"))
    assert (only(tmp_path).state, later.again, later.still_open()) == ("fixed", set(), [])


def test_what_could_not_be_written_is_written_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, more=FULL)
    kept = keeping(tmp_path)
    with monkeypatch.context() as full:
        full.setattr("crumple.findings.folder._write", _no_space)
        kept.take(discovery(failure(tmp_path)))
    assert kept.troubles
    kept.take(Ended("calls"))
    assert {each.name for each in (tmp_path / "findings" / only(tmp_path).id).iterdir()} == {
        "README.md",
        "clean.json",
        "degraded.json",
        "finding.json",
    }


def _no_space(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device")
