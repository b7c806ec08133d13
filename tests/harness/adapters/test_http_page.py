"""Services under `crumple run`: the page's examples as a reader would run them, TLS, and what is left of a secret."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from certificates import self_signed
from crumple.adapters.http.system import HttpSystem
from crumple.adapters.http.templates import Template
from crumple.adapters.service.terms import Terms
from crumple.cli import crumple as command_line
from crumple.errors import VoidRunError

PAGE = Path(__file__).parents[3] / "docs" / "systems" / "http.md"
_BLOCK = re.compile(r"^```\w+\n# (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, service: Any) -> Iterator[Path]:
    """The files of the page, three letters, and the page's service, running."""
    folder = tmp_path_factory.mktemp("http_page")
    blocks = dict(_BLOCK.findall(PAGE.read_text("utf-8")))
    (folder / "service.py").write_text(blocks["service.py"])
    spec = importlib.util.spec_from_file_location("page_service", folder / "service.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    running = type(service)(module.app).start()
    for name in ("crumple.toml", "jobs/crumple.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        quick = blocks[name].replace('every  = "200ms"', 'every  = "20ms"')
        (folder / name).write_text(quick.replace("http://127.0.0.1:8000", running.url))
    (folder / "corpus").mkdir()
    for number in range(1, 4):
        (folder / "corpus" / f"{number}.txt").write_text(f"Invoice {number}\nTotal: {number}3.20\n")
        (folder / "corpus" / f"{number}.txt.truth.json").write_text(f'{{"total": {number}3.2}}')
    yield folder
    running.stop()


def crumple(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.chdir(folder)
    return CliRunner().invoke(command_line, ["run", "--json", "-", "--workers", "1", *words], prog_name="crumple")


@pytest.mark.parametrize("at", [".", "jobs"])
def test_the_examples_of_the_page_find_what_they_should(page: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    done = crumple(page / at, monkeypatch, "--use", "encoding.utf16,encoding.bom,truncation.empty", "--calls", "12")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["clean"]["right"] == 3
    assert document["void"]["calls"] == 0
    mutators = document["mutators"]
    assert set(mutators["encoding.bom"]["outcomes"]) == {"right"}
    assert set(mutators["truncation.empty"]["outcomes"]) == {"refused"}
    assert set(mutators["encoding.utf16"]["outcomes"]) <= {"crashed", "refused"}


def test_a_document_that_kills_the_service_is_counted_and_its_neighbours_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: Any
) -> None:
    (tmp_path / "corpus").mkdir()
    for number in range(4):
        (tmp_path / "corpus" / f"{number}.txt").write_text(f"letter {number}\nall is well\n")
        (tmp_path / "corpus" / f"{number}.txt.truth.txt").write_text(f"letter {number} all is well ")
    (tmp_path / "mine.py").write_text(
        "from numpy.random import Generator\n"
        "from crumple import Text, mutator\n"
        "@mutator('mine.deadly', level=3)\n"
        "def deadly(text: Text, rng: Generator) -> Text:\n"
        '    """Kill the service."""\n'
        "    return text.with_value('KILL ' + text.value)\n"
        "@mutator('mine.harmless', level=3)\n"
        "def harmless(text: Text, rng: Generator) -> Text:\n"
        '    """Add a space."""\n'
        "    return text.with_value(text.value + ' ')\n"
    )
    (tmp_path / "crumple.toml").write_text(
        f'[system]\nurl = "{faults.url}/killed"\nanswer = "/result"\n[corpus]\npath = "corpus"\n'
        '[judge]\nkind = "text"\n'
        '[mutate]\nmodules = ["mine"]\nuse = ["mine"]\nlevels = [3]\n[run]\ncalls = 10\n'
    )
    done = crumple(tmp_path, monkeypatch)
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["clean"]["right"] == document["clean"]["cases"] > 0
    assert set(document["mutators"]["mine.deadly"]["outcomes"]) == {"crashed"}
    assert set(document["mutators"]["mine.harmless"]["outcomes"]) == {"right"}
    assert [bucket["fingerprint"] for bucket in document["buckets"]] == ["crashed kills the service"]


def test_a_service_that_is_not_there_ends_the_run_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "1.txt").write_text("a")
    (tmp_path / "corpus" / "1.txt.truth.txt").write_text("a")
    (tmp_path / "crumple.toml").write_text('[system]\nurl = "http://127.0.0.1:1/x"\n[corpus]\npath = "corpus"\n')
    done = crumple(tmp_path, monkeypatch)
    assert done.exit_code == 4
    assert "nothing listens at 127.0.0.1:1 (connection refused). Start the service" in done.stderr


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody but itself has signed, and its key."""
    return self_signed(tmp_path_factory.mktemp("tls"))


def test_a_certificate_that_does_not_verify_is_said_with_what_to_do(
    certificate: tuple[Path, Path], faults: Any
) -> None:
    running = type(faults)(certificate).start()
    try:
        with pytest.raises(VoidRunError, match=r'certificate of localhost:.* does not verify: .*ca = "ca.pem"'):
            HttpSystem(root=PAGE.parent, template=Template(url=f"{running.url}/x")).adapter(PAGE.parent).start()
        trusting = HttpSystem(
            root=certificate[0].parent, template=Template(url=f"{running.url}/x"), terms=Terms(ca="ca.pem")
        )
        adapter = trusting.adapter(PAGE.parent)
        adapter.start()
        adapter.close()
    finally:
        running.stop()


def test_the_proxy_of_the_environment_is_used_and_named_where_it_fails(
    monkeypatch: pytest.MonkeyPatch, faults: Any
) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    elsewhere = HttpSystem(root=PAGE.parent, template=Template(url="http://service.example/x"))
    monkeypatch.setenv("http_proxy", "http://me:hunter2@127.0.0.1:1")
    with pytest.raises(VoidRunError) as error:
        elsewhere.adapter(PAGE.parent).start()
    assert "nothing listens at the proxy http://127.0.0.1:1 (connection refused)" in str(error.value)
    assert "hunter2" not in str(error.value)
    monkeypatch.setenv("http_proxy", faults.url)
    adapter = elsewhere.adapter(PAGE.parent)
    adapter.start()
    adapter.close()
