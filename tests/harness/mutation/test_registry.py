"""The registry: choosing mutators by category and name, and what a wrong word is told."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crumple import CrumpleError
from crumple.mutation.registry import InModules, discover

REGISTRY = discover()


def test_a_category_and_a_name_choose_what_they_name() -> None:
    chosen = REGISTRY.select(["scan", "encoding.bom"])
    assert set(chosen.categories) == {"scan", "encoding"}
    assert [each.name for each in chosen if each.category == "encoding"] == ["encoding.bom"]


def test_every_wrong_word_is_named_with_what_was_meant() -> None:
    with pytest.raises(CrumpleError) as error:
        REGISTRY.select(["scna", "skew", "encoding.mojibak"], where="[mutate] use")
    message = str(error.value)
    assert message.startswith("[mutate] use: 'scna', 'skew', 'encoding.mojibak': neither a category nor a mutator.")
    for meant in ("'scan'", "'scan.skew'", "'encoding.mojibake'"):
        assert f"Did you mean {meant}?" in message
    assert len(message) < 1200


def test_an_unknown_mutator_is_told_the_nearest_or_else_its_neighbours() -> None:
    with pytest.raises(CrumpleError, match=r"Did you mean 'scan.skew'\? `crumple list`"):
        REGISTRY.get("scan.skwe")
    with pytest.raises(CrumpleError, match=r"There are .*scan.stamp") as error:
        REGISTRY.get("scan.zzzzzzzzzz")
    assert "encoding." not in str(error.value)
    with pytest.raises(CrumpleError, match=r"there is no mutator 'zzz'\. `crumple list` shows them all"):
        REGISTRY.get("zzz")


def test_refusals_are_overruled_by_name_category_and_all_the_last_word_winning() -> None:
    changed = REGISTRY.overruled({"*": 5, "scan.*": None, "scan.skew": 2})
    assert [changed.get(name).refusable_from for name in ("encoding.bom", "scan.stamp", "scan.skew")] == [5, None, 2]
    assert REGISTRY.get("scan.skew").refusable_from == 5
    with pytest.raises(CrumpleError, match=r"Did you mean 'scan\.skew'"):
        REGISTRY.overruled({"scan.skw": 1})


PLUGINS = {each.name: each.module for each in REGISTRY}


def test_a_lane_imports_the_module_of_a_plugin_when_a_mutator_of_it_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import json, sys\nfrom pathlib import Path\nfrom crumple.mutation.registry import InModules\n"
        "known = InModules(json.load(sys.stdin), Path(sys.argv[1]), {})\n"
        "held = lambda: [each for each in sys.modules if each.startswith('crumple_mutators.')]\n"
        "before = held()\nassert 'scan.skew' in known\nassert len(list(known)) == len(known)\n"
        "print(json.dumps([before, known['text.typos'].name, 'crumple_mutators.scan.geometry' in sys.modules]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, input=json.dumps(PLUGINS), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], "text.typos", False]


def test_a_lane_has_every_mutator_as_it_is_and_with_the_refusals_that_are_overruled(tmp_path: Path) -> None:
    known = InModules(PLUGINS, tmp_path, {"scan.skew": 2, "scan.stamp": None})
    assert {name: known[name].name for name in known} == {name: name for name in REGISTRY.mutators}
    assert known["encoding.bom"] is REGISTRY.get("encoding.bom")
    assert [known[name].refusable_from for name in ("scan.skew", "scan.stamp")] == [2, None]
    assert "scan.skwe" not in known
    with pytest.raises(KeyError):
        known["scan.skwe"]


def test_a_module_beside_the_configuration_that_cannot_be_imported_is_known_of_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "registry_broken.py").write_text("raise KeyError('price')\n")
    with pytest.raises(CrumpleError, match="KeyError: 'price'"):
        InModules({**PLUGINS, "mine.dot": "registry_broken"}, tmp_path, {})
