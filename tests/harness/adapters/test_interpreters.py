"""A system lives under its own interpreter, with or without crumple and numpy there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from crumple.adapters import Request
from crumple.adapters.callable import CallableSystem
from crumple.document import Document
from crumple.errors import CrumpleError
from crumple.outcome import Ending

SYSTEM = """
import sys

def f(document, name):
    if document == b"raise":
        raise KeyError("total")
    try:
        import crumple
    except ImportError:
        crumple = None
    return {"python": list(sys.version_info[:2]), "crumple": crumple is not None, "prefix": sys.prefix, "name": name}

async def later(document):
    return document.decode()

def image(pixels):
    return pixels.shape
"""


@pytest.fixture(scope="session")
def bare(tmp_path_factory) -> Path:
    """The python of a virtual environment with nothing in it."""
    folder = tmp_path_factory.mktemp("bare")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    return folder / "bin" / "python"


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "its_system.py").write_text(SYSTEM)
    return tmp_path


def replies(root: Path, python: str, *words: str, call: str = "f"):
    adapter = CallableSystem(root=root, call=f"its_system:{call}", python=python).adapter(root / "lane")
    try:
        adapter.start()
        for word in words:
            adapter.send(adapter.prepare(Request(Document(word.encode(), "text/plain", "a.txt"))))
            yield adapter.receive()
    finally:
        adapter.close()


def test_a_bare_virtual_environment_needs_neither_crumple_nor_numpy(root, bare):
    good, bad = replies(root, str(bare), "x", "raise")
    assert good.answer["crumple"] is False
    # Had the link to the interpreter been resolved, the environment would be another.
    assert good.answer["prefix"] == str(bare.parents[1])
    assert (bad.ending, bad.kind) == (Ending.CRASHED, 'KeyError at its_system.py:f: raise KeyError("total")')


def test_the_interpreter_is_taken_from_the_configurations_folder(root, bare):
    relative = os.path.relpath(bare, root)
    (reply,) = replies(root, relative, "x")
    assert reply.answer["prefix"] == str(bare.parents[1])


def test_image_input_without_numpy_is_a_usage_error(root, bare):
    adapter = CallableSystem(root=root, call="its_system:image", python=str(bare), input="image").adapter(root / "lane")
    with pytest.raises(CrumpleError, match="has no numpy"):
        adapter.start()
    adapter.close()


@pytest.mark.parametrize("python", ["nowhere/python", "no-such-python", "."])
def test_an_interpreter_that_is_not_there_is_an_error(root, python):
    with pytest.raises(CrumpleError, match="no interpreter"):
        CallableSystem(root=root, call="its_system:f", python=python).adapter(root / "lane")


def _others() -> dict[str, str]:
    """Interpreters of other versions than ours, where this machine has any."""
    found: dict[str, str] = {}
    for minor in range(6, 15):
        version = f"3.{minor}"
        if minor == sys.version_info[1]:
            continue
        candidates = [shutil.which(f"python{version}")]
        roots = (os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv"))
        for each in filter(None, roots):
            candidates += [str(path) for path in sorted(Path(each).glob(f"versions/{version}.*/bin/python"))]
        for candidate in filter(None, candidates):
            if _version(candidate) == version:
                found[version] = candidate
                break
    return found


def _order(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _version(python: str) -> str:
    try:
        said = subprocess.run([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                              check=True, capture_output=True, text=True, timeout=30)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()


def test_the_same_worker_runs_under_other_versions_of_python(root):
    others = _others()
    if not others:
        pytest.skip("no other version of Python is installed here")
    oldest, newest = min(others, key=_order), max(others, key=_order)
    for version in dict.fromkeys((oldest, newest)):
        python = others[version]
        good, bad = replies(root, python, "x", "raise")
        assert good.answer["python"] == [int(part) for part in version.split(".")]
        assert bad.cause == "KeyError: 'total'"
        (later,) = replies(root, python, "soon", call="later")
        assert later.answer == "soon"
