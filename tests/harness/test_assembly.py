"""From a configuration to a plan and what a lane is told; corpora by name and tag."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from crumple.assembly import Assembly, Wishes, assemble, run_info
from crumple.config.loading import load
from crumple.errors import CrumpleError
from crumple.views.pages import Page
from crumple.views.text import Text

SYSTEM = '[system]\ncall = "mine:read"\n'
INVOICES = '[corpus]\ngenerate = "invoices"\ncount = 2\n'


def made(tmp_path: Path, text: str, wishes: Wishes | None = None) -> Assembly:
    (tmp_path / "crumple.toml").write_text(text)
    return assemble(load(tmp_path / "crumple.toml", {}), wishes)


def error(tmp_path: Path, text: str, wishes: Wishes | None = None) -> str:
    with pytest.raises(CrumpleError) as caught:
        made(tmp_path, text, wishes)
    return str(caught.value)


def test_the_lanes_are_told_all_of_it_and_it_can_travel(tmp_path: Path) -> None:
    text = (
        SYSTEM + 'timeout = "3s"\n' + INVOICES + '[mutate]\nrefusable = { "scan.skew" = "never", "encoding.bom" = 2 }\n'
    )
    assembly = made(tmp_path, text)
    spec = pickle.loads(pickle.dumps(assembly.spec))
    assert spec.root == tmp_path
    assert spec.mutators["encoding.bom"].startswith("crumple_mutators.encoding")
    assert spec.refusable == {"encoding.bom": 2.0, "scan.skew": None}
    assert spec.system.limits.timeout == 3
    assert len(spec.corpus.entries()) == 8


def test_none_on_the_command_line_makes_calls_here_whatever_is_configured(tmp_path: Path) -> None:
    configured = SYSTEM + INVOICES + '[run]\ndask = "tcp://scheduler:8786"\n'
    assert made(tmp_path, configured).dask == "tcp://scheduler:8786"
    assert made(tmp_path, configured, Wishes(dask="none")).dask == ""
    assert "'none' is no address of a Dask scheduler" in error(tmp_path, SYSTEM + INVOICES + '[run]\ndask = "none"\n')


def test_the_limit_on_pixels_reaches_the_lanes(tmp_path: Path) -> None:
    assert made(tmp_path, SYSTEM + INVOICES + '[mutate]\npixels = "2M"\n').spec.pixels == 2_000_000
    assert made(tmp_path, SYSTEM + INVOICES).spec.pixels == 400_000_000


def test_controls_are_always_there_and_never_visited(tmp_path: Path) -> None:
    assembly = made(tmp_path, SYSTEM + INVOICES + '[mutate]\nuse = ["encoding"]\n')
    assert {each.category for each in assembly.plan.registry} == {"encoding"}
    assert [each.name for each in assembly.plan.controls] == ["scan.rasterise"]
    assert "scan.skew" in assembly.registry.mutators
    assert "only controls" in error(tmp_path, SYSTEM + INVOICES + '[mutate]\nuse = ["scan.rasterise"]\n')


def test_a_budget_of_money_that_nothing_counts_against_is_an_error(tmp_path: Path) -> None:
    text = SYSTEM + INVOICES + "[run]\ncost = 5\n"
    assert "[run] cost: it can never be reached, for nothing says what a call costs" in error(tmp_path, text)
    assert made(tmp_path, text.replace("[corpus]", "cost = 0.01\n[corpus]")).plan.cost == 5


def test_wishes_go_before_the_file(tmp_path: Path) -> None:
    text = SYSTEM + INVOICES + "[mutate]\nseed = 3\nlevels = [2]\n[run]\ncalls = 50\nworkers = 3\n"
    plan = made(tmp_path, text).plan
    assert (plan.seed, plan.levels, plan.calls) == (3, (2.0,), 50)
    wishes = Wishes(use=("scan.skew",), levels=(1.0, 4.0), seed=0, calls=9, seconds=60.0, workers=1)
    assembly = made(tmp_path, text, wishes)
    assert [each.name for each in assembly.plan.registry] == ["scan.skew"]
    assert (assembly.plan.seed, assembly.plan.levels, assembly.plan.calls) == (0, (1.0, 4.0), 9)
    assert (assembly.plan.seconds, assembly.lanes) == (60, 1)


def test_a_wish_for_time_lifts_the_default_budget_and_keeps_a_configured_one(tmp_path: Path) -> None:
    assert made(tmp_path, SYSTEM + INVOICES).plan.calls == 1000
    assert made(tmp_path, SYSTEM + INVOICES, Wishes(seconds=5.0)).plan.calls is None
    assert made(tmp_path, SYSTEM + INVOICES + "[run]\ncalls = 7\n", Wishes(seconds=5.0)).plan.calls == 7


def test_what_the_system_sees_follows_its_input(tmp_path: Path) -> None:
    plan = made(tmp_path, SYSTEM + 'input = "text"\n' + INVOICES).plan
    assert plan.sees(Text)
    assert not plan.sees(Page)


def test_a_folder_is_looked_for_beside_the_file_and_tags_choose(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("a")
    assert [each.id for each in made(tmp_path, SYSTEM + '[corpus]\npath = "docs"\n').plan.corpus.entries()] == ["a.txt"]
    corpus = made(tmp_path, SYSTEM + INVOICES + 'tags = ["pdf", "csv"]\n').plan.corpus
    assert sorted({each.id.rpartition(".")[2] for each in corpus.entries()}) == ["csv", "pdf"]
    assert corpus.name == "invoices, seed 0, pdf or csv"
    assert corpus.load("invoice-0001.csv").truth


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (SYSTEM + '[corpus]\ngenerate = "invoicse"\n', ["crumple.toml, line 3", "Did you mean 'invoices'?", "letters"]),
        (SYSTEM + INVOICES + "cuont = 3\n", ["crumple.toml, line 3", "unknown key 'cuont'", "Did you mean 'count'?"]),
        (SYSTEM + '[corpus]\npath = "d"\npatern = 3\n', ["crumple.toml, line 5, [corpus]: unknown key 'patern'"]),
        (SYSTEM + INVOICES + 'dpi = "x"\n', ["crumple.toml, line 3"]),
        (SYSTEM + INVOICES + '[judge]\nkind = "felds"\n', ["crumple.toml, line 6", "Did you mean 'fields'?"]),
        (SYSTEM + INVOICES + '[judge]\nfeilds = ["/a"]\n', ["crumple.toml, line 6", "Did you mean 'fields'?"]),
        (SYSTEM + INVOICES + '[mutate]\nuse = ["scna"]\n', ["crumple.toml, line 7, [mutate]", "Did you mean 'scan'?"]),
        (
            SYSTEM + INVOICES + '[mutate]\nrefusable = { "scan.skw" = 3 }\n',
            ["crumple.toml, line 7, [mutate]", "Did you mean 'scan.skew'?"],
        ),
        (SYSTEM + INVOICES + '[mutate]\nmodules = ["not_there"]\n', ["not_there", "cannot be imported"]),
        (SYSTEM + 'refuses = [{ answr = "/a" }]\n' + INVOICES, ["crumple.toml, line 1"]),
    ],
)
def test_what_does_not_exist_or_fit_is_placed(tmp_path: Path, text: str, messages: list[str]) -> None:
    found = error(tmp_path, text)
    for message in messages:
        assert message in found


def test_an_unknown_tag_is_met_with_those_there_are(tmp_path: Path) -> None:
    corpus = made(tmp_path, SYSTEM + INVOICES + 'tags = ["pfd"]\n').plan.corpus
    with pytest.raises(CrumpleError, match="Did you mean 'pdf'"):
        corpus.entries()


def test_a_runs_document_names_seed_corpus_and_versions(tmp_path: Path) -> None:
    info = run_info(made(tmp_path, SYSTEM + INVOICES, Wishes(seed=5)), 0.1)
    assert (info["seed"], info["corpus"]) == (5, "invoices, seed 0")
    assert {"crumple", "python", "numpy"} <= set(info["versions"])
