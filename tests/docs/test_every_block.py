"""Every block of code on a page is run by a test: its files are written and used, what it prints is compared.

A test claims all files of a page by `write_page("docs/fuzz.md", ...)`, any block by how it begins, in
`block("docs/fuzz.md", "...")` or `words_of`. Configuration is read here, whatever else is done with it. What cannot be
run is named below with the reason; its commands are parsed all the same, as is every command in the midst of a line.
"""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import ValidationError

from crumple.cli import crumple as command_line
from crumple.config.loading import load
from crumple.config.model import Settings
from doc_examples import ROOT, Block, blocks, pages, spoken

ELSEWHERE = {
    ("docs/dependency.md", ""): "tests/harness/dependency/test_page.py",
    ("docs/dependency.md", "dependency.down at level 1"): "tests/harness/dependency/test_page.py",
    ("docs/judges.md", '{\n  "must"'): "tests/harness/judges/test_facts_judge.py",
    ("docs/judges.md", '{\n  "type"'): "tests/harness/judges/test_schema_judge.py",
    ("docs/systems/chat.md", ""): "tests/harness/adapters/test_chat.py",
    ("docs/systems/http.md", ""): "tests/harness/adapters/test_http_page.py",
}
"""Blocks by how they begin (files alone where this says nothing), and the test in another room that runs them."""

NOT_RUN = {
    ("README.md", "make "): "installs everything, and calls for minutes",
    ("README.md", "pip install"): "installs",
    ("README.md", "crumple fuzz --time 1h"): "searches for an hour; docs/fuzz.md is run",
    ("docs/benchmarks.md", "python -m venv"): "installs",
    ("docs/dependency.md", "pip install"): "installs",
    ("docs/property-tests.md", "pip install"): "installs",
    ("docs/runbook.md", "python -m venv"): "installs",
    ("docs/runbook.md", "systemctl"): "needs systemd",
}
"""Blocks by how they begin, and why their commands are only parsed."""

OTHERS = {"$", "(umask", ".venv/bin/pip", ".venv-peers/bin/pip", "cd", "dask", "pip", "python", "systemctl"}
"""What else commands begin with; what follows is not looked at."""

OPTIONS_OF_OTHERS = {"--dashboard-address", "--junitxml", "--host", "--lifetime", "--memory-limit", "--no-dashboard"}
"""Options of other programs that pages speak of."""

_COMMENT = re.compile(r"\s+#\s.*$|\s{4,}.*$")
_SHELL = {"sh", "bash", "shell", "console", ""}


def claims() -> Mapping[str, set[str]]:
    """Of each page how the blocks begin that tests take; "" where a test takes all files."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "tests").rglob("test_*.py"):
        source = path.read_text("utf-8")
        if "doc_examples" in source:
            for node in ast.walk(ast.parse(source)):
                match node:
                    case ast.Call(func=ast.Name("write_page"), args=[ast.Constant(str(page)), *_]):
                        found[page].add("")
                    case ast.Call(
                        func=ast.Name("block" | "words_of"), args=[ast.Constant(str(page)), ast.Constant(str(begin))]
                    ):
                        found[page].add(begin)
    return found


def taken(each: Block, beginnings: set[str]) -> bool:
    """Whether a block begins in one of these ways, or is a file and all files are taken."""
    return any(each.text.startswith(how) if how else bool(each.file) for how in beginnings)


def every_block() -> Iterator[Block]:
    for page in pages():
        yield from blocks(page)


def test_every_block_is_run_by_a_test() -> None:
    known = claims()
    for page, how in (*ELSEWHERE, *NOT_RUN):
        known.setdefault(page, set()).add(how)
    missed = [str(each) for each in every_block() if not taken(each, known.get(each.page, set())) and not _read(each)]
    assert not missed, "no test takes these, by write_page or block of tests/samples/doc_examples.py:\n" + "\n".join(
        missed
    )


def test_what_is_said_of_blocks_is_said_of_blocks_that_there_are() -> None:
    for page, how in (*ELSEWHERE, *NOT_RUN):
        assert any(taken(each, {how}) for each in blocks(page)), (page, how)
    for (page, _), test in ELSEWHERE.items():
        assert page.rpartition("/")[2] in (ROOT / test).read_text("utf-8"), test


def _read(each: Block) -> bool:
    """Whether it is configuration, which the test below reads."""
    return each.language == "toml" and (not each.file or each.file.endswith("crumple.toml"))


@pytest.mark.parametrize("each", [each for each in every_block() if _read(each)], ids=str)
def test_every_configuration_is_one(each: Block, tmp_path: Path) -> None:
    """Whole files are read as crumple reads them; lines of one are put into the page's own, or into a small one."""
    if each.file:
        (tmp_path / "crumple.toml").write_text(each.content, "utf-8")
        names = re.findall(r"\$\{(\w+)\}", each.content)
        load(tmp_path / "crumple.toml", dict.fromkeys(names, "https://example.com"))
        return
    whole = [other.content for other in blocks(each.page) if other.file == "crumple.toml"]
    data = tomllib.loads(whole[0] if whole else '[system]\ncall = "a:b"\n[corpus]\npath = "corpus"\n')
    lines = each.text if re.search(r"^\[", each.text, re.MULTILINE) else f"[system]\n{each.text}"
    further = tomllib.loads(lines)
    try:
        Settings.model_validate(merged(data, further))
    except ValidationError:  # as another `[dependency]` in place of the page's own
        Settings.model_validate(data | further)


def merged(data: Mapping[str, Any], further: Mapping[str, Any]) -> dict[str, Any]:
    """One configuration with the lines of another in it."""
    both = dict(data)
    for key, value in further.items():
        both[key] = merged(both[key], value) if isinstance(both.get(key), dict) and isinstance(value, dict) else value
    return both


def lines(each: Block) -> Iterator[str]:
    """The commands of a block: of an example of a session those behind a prompt, otherwise every line that is none."""
    for line in each.text.replace("\\\n", " ").splitlines():
        prompt, stripped = line.startswith("$ "), line.strip()
        if prompt or (each.language != "console" and stripped and not stripped.startswith(("#", "..."))):
            yield _COMMENT.sub("", stripped.removeprefix("$ "))


def commands() -> list[tuple[str, str]]:
    """Every command of `crumple`, of pytest and of make, of Python's modules, by the page that it is on."""
    found = []
    for page in pages():
        found += [(page, line) for each in blocks(page) if each.language in _SHELL for line in lines(each)]
        found += [(page, each) for each in spoken(page)]
    ours = re.compile(r"(crumple|pytest|make|python -m (benchmarks|crumple)[\w.]*) [\w'<-]")
    return [each for each in dict.fromkeys(found) if ours.match(each[1])]


@pytest.fixture(scope="module")
def plugin() -> set[str]:
    """The options that crumple adds to pytest's."""
    source = "".join(each.read_text("utf-8") for each in (ROOT / "harness/crumple/pytest_plugin").glob("*.py"))
    return set(re.findall(r"--crumple[\w-]*", source))


def test_every_command_of_a_page_is_one(plugin: set[str]) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    wrong = []
    for page, line in commands():
        first, *words = shlex.split(line)
        if first == "crumple" and not words[0].startswith("-"):
            complaint = said_of(words)
        elif first == "make":
            complaint = "" if words[0] in targets else "no such target"
        elif first == "pytest":
            own = {word.partition("=")[0] for word in words if word.startswith("--crumple")}
            complaint = ", ".join(own - plugin)
        else:
            complaint = "" if first == "crumple" or find_spec(words[1]) else "no such module"
        if complaint:
            wrong.append(f"{page}: {line}: {complaint}")
    assert not wrong, "\n".join(wrong)


def said_of(words: list[str]) -> str:
    """What is wrong with a command of crumple: that there is none, or no such option; names of files may be made up."""
    command = command_line.get_command(None, words[0])  # type: ignore[arg-type]
    if command is None:
        return "no such command"
    context = click.Context(command, info_name=words[0], resilient_parsing=False)
    try:
        if isinstance(command, click.Group) and len(words) > 1:
            inner = command.get_command(context, words[1])
            if inner is None:
                return f"no such command {words[1]}"
            command, words = inner, words[1:]
        # `crumple run --use`, in the midst of a line, speaks of the option.
        command.make_parser(context).parse_args([*words[1:], "it"] if words[-1].startswith("-") else words[1:])
    except click.UsageError as error:
        return error.format_message()
    return ""


def test_every_option_that_a_page_speaks_of_is_there(plugin: set[str]) -> None:
    """Options in the midst of a line, of whatever command."""
    known = plugin | OPTIONS_OF_OTHERS | {"--help", "--version"}
    for name in command_line.list_commands(None):  # type: ignore[arg-type]
        command = command_line.get_command(None, name)  # type: ignore[arg-type]
        inner = list(command.commands.values()) if isinstance(command, click.Group) else []
        for each in filter(None, (command, *inner)):
            known |= {word for param in each.params for word in (*param.opts, *param.secondary_opts)}
    for path in (ROOT / "benchmarks").rglob("*.py"):
        known |= set(re.findall(r'"(--[a-z][\w-]+)"', path.read_text("utf-8")))
    named = {(page, word) for page in pages() for each in spoken(page) for word in re.findall(r"^--[a-z][\w-]+", each)}
    assert not {each for each in named if each[1] not in known}


def test_every_line_for_a_shell_is_one() -> None:
    wrong = []
    for each in every_block():
        if each.language in {"sh", "bash", "shell"}:
            done = subprocess.run(["bash", "-n"], input=each.text, capture_output=True, text=True, check=False)
            begin = {line.split()[0] for line in lines(each)} - OTHERS - {"crumple", "pytest", "make"}
            wrong += [f"{each}: {done.stderr or begin}"] if done.returncode or begin else []
    assert not wrong, "\n".join(wrong)
