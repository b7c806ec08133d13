"""The user's modules and functions: the configuration's folder comes first, and what is not there is said."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

from crumple import loading
from crumple.errors import CrumpleError
from crumple.loading import function, module


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder with modules; what is imported from it is forgotten afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    (tmp_path / "loaded_rules.py").write_text("import loaded_words\nLIMIT = 5\n\ndef too_long(answer):\n    return 1\n")
    (tmp_path / "loaded_words.py").write_text(
        "class Words:\n    @staticmethod\n    def count(answer):\n        return 7\n"
    )
    (tmp_path / "loaded_broken.py").write_text("def f():\n    raise KeyError('price')\n\nf()\n")
    (tmp_path / "loaded_needy.py").write_text("import a_module_that_nobody_has\n")
    (tmp_path / "loaded_leaving.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "loaded_syntax.py").write_text("def f(:\n")
    (tmp_path / "loaded_words2").mkdir()
    (tmp_path / "loaded_words2" / "__init__.py").write_text("")
    (tmp_path / "loaded_words2" / "deep.py").write_text("def f(answer):\n    return 9\n")
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_function_beside_the_configuration_finds_its_neighbours(root):
    assert function("loaded_rules:too_long", root, "here")(None) == 1
    assert function("loaded_words:Words.count", root, "here")(None) == 7
    assert function("loaded_words2.deep:f", root, "here")(None) == 9


def test_an_installed_module_is_found_with_and_without_a_folder(root):
    assert module("statistics", root, "here") is statistics
    assert module("statistics", None, "here") is statistics


def test_the_folder_comes_before_a_module_of_that_name_which_keeps_its_place(root):
    (root / "statistics.py").write_text("def mean(answer):\n    return 'mine'\n")
    assert function("statistics:mean", root, "here")([1, 2]) == "mine"
    assert sys.modules["statistics"] is statistics
    assert module("statistics", root, "here") is module("statistics", root, "here")


def test_two_folders_with_modules_of_one_name_are_told_apart(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "loaded_rules.py").write_text("def too_long(answer):\n    return 2\n")
    found = [function("loaded_rules:too_long", folder, "here")(None) for folder in (root, other, root)]
    assert found == [1, 2, 1]


def test_a_folder_goes_to_the_front_of_the_path_once(root):
    sys.path.append(str(root))
    module("loaded_rules", root, "here")
    assert sys.path[0] == str(root)
    assert sys.path.count(str(root)) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("loaded_rules:too_lon", r"^here: 'loaded_rules' has no function 'too_lon'\. Did you mean 'too_long'\?"),
        ("loaded_rules:LIMIT", "no function 'LIMIT': what has that name is of type int"),
        ("loaded_ruls:f", r"^here: the module 'loaded_ruls' cannot be imported.*Did you mean 'loaded_rules'\?"),
        ("loaded_broken:f", r"cannot be imported: KeyError: 'price' \(loaded_broken\.py, line 2\)"),
        ("loaded_needy:f", "ModuleNotFoundError: No module named 'a_module_that_nobody_has'"),
        ("loaded_leaving:f", r"SystemExit: 3 \(loaded_leaving\.py, line 1\)"),
        ("loaded_syntax:f", r"SyntaxError: .*\(loaded_syntax\.py, line 1\)"),
        ("loaded_rules", "does not read module:function"),
        ("loaded_rules:", "does not read module:function"),
        ("..:f", "does not read module:function"),
    ],
)
def test_what_cannot_be_had_is_said_with_its_place_and_the_nearest_name(root: Path, name: str, message: str):
    with pytest.raises(CrumpleError, match=message):
        function(name, root, "here")


def test_what_a_module_says_as_a_crumple_error_stays_as_it_is(root):
    (root / "loaded_told.py").write_text("from crumple import CrumpleError\nraise CrumpleError('two of one name')\n")
    with pytest.raises(CrumpleError, match=r"^two of one name\.$"):
        module("loaded_told", root, "here")


def test_installed_plugins_are_looked_for_once() -> None:
    """That is a file of every distribution there is, for each lane, judge, view and report."""
    one, other = (list(loading.entry_points("crumple.judges")) for _ in range(2))
    assert one
    assert all(each is again for each, again in zip(one, other, strict=True))
