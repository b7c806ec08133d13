"""crumple.toml: what may stand in it, and what is said of what may not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crumple.config.environment import Expansion, masked
from crumple.config.finding import find
from crumple.config.loading import Config, load
from crumple.config.quantities import duration, size
from crumple.config.toml_source import parse
from crumple.errors import CrumpleError

WHOLE = """
[system]
call = "invoices:extract"
input = "text"
python = ".venv/bin/python"
timeout = "200ms"
startup = "5m"
memory = "2GiB"
output = "500kB"
spare = 0
refuses = ["invoices.Unreadable", { answer = "/needs_review", equals = true }]
env = { KEY = "${SECRET}", LITERAL = "$${SECRET}" }

[corpus]
generate = "invoices"
count = 3
seed = 4
dpi = 150
tags = ["pdf"]

[judge]
kind = "fields"
pass = "clean"
slack = 0.1
abstain = "wrong"
fields = ["/total"]

[mutate]
use = ["scan", "encoding.mojibake"]
levels = [1, 2.5]
seed = 7
modules = ["mine"]
refusable = { "scan.skew" = 3, "language.*" = "never" }

[run]
calls = 10
time = "1.5h"
workers = 2
"""


def read(tmp_path: Path, text: str, environment: dict[str, str] | None = None, name: str = "crumple.toml") -> Config:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load(path, environment or {})


def errors(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(CrumpleError) as caught:
        read(tmp_path, text, environment)
    return [line.removeprefix(f"{tmp_path}{os.sep}") for line in str(caught.value).splitlines()]


SOUND = '[system]\ncall = "a:b"\n[corpus]\npath = "c"\n'


def test_every_key_is_read(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE, {"SECRET": "s3cr3t"}).settings
    assert (settings.system.timeout, settings.system.startup) == (0.2, 300)
    assert (settings.system.memory, settings.system.output, settings.system.spare) == (2 * 2**30, 500_000, 0)
    assert settings.system.refuses == ("invoices.Unreadable", {"answer": "/needs_review", "equals": True})
    assert dict(settings.system.env) == {"KEY": "s3cr3t", "LITERAL": "${SECRET}"}
    assert settings.corpus.options == {"count": 3, "seed": 4, "dpi": 150}
    assert (settings.judge.pass_mark, settings.judge.slack, settings.judge.abstain) == (None, 0.1, "wrong")
    assert settings.judge.options == {"fields": ["/total"]}
    assert settings.mutate.levels == (1, 2.5)
    assert dict(settings.mutate.refusable) == {"scan.skew": 3, "language.*": None}
    assert (settings.run.calls, settings.run.time, settings.run.workers) == (10, 5400, 2)


def test_defaults_are_those_that_are_documented(tmp_path: Path) -> None:
    settings = read(tmp_path, SOUND).settings
    assert (settings.system.kind, settings.system.timeout, settings.system.memory) == ("call", 30, 2 * 2**30)
    assert (settings.judge.kind, settings.judge.pass_mark) == ("fields", 1)
    assert (settings.mutate.use, settings.mutate.levels) == ((), (1, 3, 5))
    assert settings.mutate.pixels == 400_000_000
    assert settings.run.budget == 1000


@pytest.mark.parametrize(("written", "pixels"), [('"1.5G"', 1_500_000_000), ('"20 k"', 20_000), ("123456", 123_456)])
def test_pixels_are_counted_in_thousands_millions_and_thousands_of_those(
    tmp_path: Path, written: str, pixels: int
) -> None:
    assert read(tmp_path, f"{SOUND}[mutate]\npixels = {written}\n").settings.mutate.pixels == pixels


def test_a_time_alone_is_the_only_budget(tmp_path: Path) -> None:
    assert read(tmp_path, SOUND + '[run]\ntime = "1m"\n').settings.run.budget is None


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = errors(
        tmp_path,
        """[system]
call = "nothing"
timout = "3s"
timeout = 30
memory = "2gib"
input = "byte"
refuses = [
  "a.B",
  3.5,
]

[corpus]
path = 1
[judge]
pass = 2
[mutate]
levels = [1, 9]
"refusable" = { "scan.*" = "nevr" }
[oddity]
clean = 1
""",
    )
    assert found == [
        'crumple.toml, line 2, [system]: call must read "module:function", got "nothing".',
        (
            "crumple.toml, line 3, [system]: unknown key 'timout'. Did you mean 'timeout'? Allowed: call, "
            "input, python, timeout, startup, memory, output, largest_answer, spare, refuses, cost, version, "
            "version_command, env."
        ),
        'crumple.toml, line 4, [system]: timeout must be a duration above 0 such as "30s", "5m" or "200ms", got 30.',
        'crumple.toml, line 5, [system]: memory must be a size above 0 such as "2GiB" or "500MB", got "2gib".',
        (
            "crumple.toml, line 6, [system]: input cannot be \"byte\". Did you mean 'bytes'? Allowed: bytes, path, "
            "text, image, record, file."
        ),
        (
            'crumple.toml, line 7, [system]: refuses, item 2, must be an exception ("module.Class"), a predicate '
            '("module:function"), an exit code or status (a whole number), { answer = "/pointer", equals = ... } or '
            '{ matches = "..." }, got 3.5.'
        ),
        "crumple.toml, line 13, [corpus]: path must be a text in quotes, got 1.",
        'crumple.toml, line 15, [judge]: pass must be a number above 0 and at most 1, or "clean", got 2.',
        "crumple.toml, line 17, [mutate]: levels, item 2, must be a level, a number above 0 and at most 5, got 9.",
        (
            "crumple.toml, line 18, [mutate]: refusable.scan.* must be a level, a number above 0 and at most 5, or "
            '"never", got "nevr".'
        ),
        (
            "crumple.toml, line 19, [oddity]: unknown section [oddity]. Allowed: system, corpus, judge, mutate, run, "
            "storage, privacy, dependency, contract, mix, nightly."
        ),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[system]\ncall = "a:b"\nfactory = "a:b"\n[corpus]\npath = "c"\n', "exactly one of call, factory, command"),
        ('[system]\n[corpus]\npath = "c"\n', "exactly one of call, factory, command"),
        (SOUND.replace("call =", "command ="), 'must be a list of the command and its arguments: ["pdftotext"'),
        (SOUND.replace("call =", 'python = "a"\nurl ='), "has python, which goes with call or factory, not with url"),
        (SOUND.replace("call =", 'input = "bytes"\nchat ='), 'with chat it may be "text", "image" or "file"'),
        (SOUND.replace("call =", 'answer = "result"\nurl ='), 'must be a JSON pointer such as "/result"'),
        (
            SOUND.replace("[corpus]", '[system.poll]\nurl = "x"\n[corpus]').replace("call", "url"),
            "poll.done is missing",
        ),
        (SOUND + '[run]\nrate = "60"\n', 'rate must be a rate above 0 such as "60/min"'),
        (SOUND + "[run]\nvoid = 5\n", 'void must be a share from 0 to 1, or in per cent: "5%"'),
        (SOUND + '[dependency]\nurl = "http://x"\n', "must have exactly one of env and listen"),
        (SOUND + '[privacy]\nstore = "everything"\n', "Allowed: recipe, failing, all"),
        ('[system]\ncall = "a:b"\n[corpus]\n', "exactly one of path and generate"),
        ('[system]\ncall = "a:b"\n[corpus]\npath = "c"\ncount = 3\n', "count and seed only with generate"),
        ('[system]\ncall = "a:b"\n', "the section [corpus] is missing"),
        ('call = "a:b"\n' + SOUND, "'call' stands outside the sections"),
        ('call = "a:b"\n' + SOUND, "It belongs under [system]."),
        ("[system]\ncall = a:b\n", 'Texts stand in quotes: key = "text".'),
        (SOUND + "[mutate]\nuse = []\n", "use must not be empty"),
        (SOUND + '[mutate]\nuse = "scan"\n', "use must be a list, in square brackets"),
        (SOUND + "[mutate]\nlevels = [1, 1.0]\n", "names a level twice"),
        (SOUND + "[mutate]\nlevels = [true]\n", "must be a level"),
        (SOUND + "[mutate]\nlevels = [nan]\n", "must be a level"),
        (SOUND + "[mutate]\nseed = -1\n", "seed must be at least 0"),
        (
            SOUND + '[mutate]\npixels = "400MB"\n',
            'pixels must be a number of pixels such as "400M" or "1G", got "400MB"',
        ),
        (SOUND + "[mutate]\npixels = 0\n", "pixels must be a number of pixels"),
        (SOUND + "[run]\ncalls = 0\n", "calls must be at least 1"),
        (SOUND + "[run]\ncalls = 1.0\n", "calls must be a whole number"),
        (SOUND + "[judge]\npass = true\n", "pass must be a number"),
        (SOUND + "[judge]\npass = nan\n", "pass must be a number"),
        (SOUND + "judge = 3\n", "unknown key"),
        ("[judge]\n" + SOUND + "[[run]]\ncalls = 1\n", "must be a table"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, text: str, message: str) -> None:
    found = errors(tmp_path, text) if "unknown key" not in message else _unknown_to_the_corpus(tmp_path, text)
    assert any(message in line for line in found), found


def _unknown_to_the_corpus(tmp_path: Path, text: str) -> list[str]:
    """A corpus may have options of its own, so its keys are checked when it is made."""
    from crumple.assembly import assemble

    with pytest.raises(CrumpleError) as caught:
        assemble(read(tmp_path, text))
    return str(caught.value).splitlines()


def test_broken_toml_is_placed_by_line_and_column(tmp_path: Path) -> None:
    assert errors(tmp_path, "[system]\ncall = 3 4\n") == [
        "crumple.toml, line 2, column 10: expected newline or end of document after a statement."
    ]
    assert errors(tmp_path, '[system]\ncall = "a')[0].startswith("crumple.toml, line 2, column ")


def test_a_file_that_is_not_utf8_is_placed_by_line(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_bytes(b'[system]\n# caf\xe9\ncall = "a:b"\n')
    with pytest.raises(CrumpleError, match="line 2: it is not UTF-8"):
        load(tmp_path / "crumple.toml")


def test_windows_line_ends_and_a_byte_order_mark_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert load(tmp_path / "crumple.toml").settings.system.call == "a:b"


def test_a_missing_variable_is_named_with_its_place(tmp_path: Path) -> None:
    text = SOUND.replace("[corpus]", 'env = { A = "${NOT_THERE}" }\n[corpus]')
    assert errors(tmp_path, text) == [
        "crumple.toml, line 3, [system]: the environment has no variable NOT_THERE. Set it."
    ]
    assert "reads ${NAME}" in errors(tmp_path, text.replace("${NOT_THERE}", "${not-a-name}"))[0]
    assert "reads ${NAME}" in errors(tmp_path, text.replace("${NOT_THERE}", "${OPEN"))[0]


def test_values_of_the_environment_are_in_no_message(tmp_path: Path) -> None:
    text = WHOLE.replace('"text"', '"${SECRET}"').replace('"200ms"', '"${SECRET}"').replace('"fields"', '"${SECRET}"')
    text = text.replace("calls = 10", 'calls = "${SECRET}"').replace('"invoices:extract"', '"${SECRET}"')
    found = "\n".join(errors(tmp_path, text, {"SECRET": "hunter2"}))
    assert "hunter2" not in found
    assert found.count("${SECRET}") == 4


def test_a_configuration_does_not_show_its_secrets_when_printed(tmp_path: Path) -> None:
    assert "hunter2" not in repr(read(tmp_path, WHOLE, {"SECRET": "hunter2"}))


def test_masking_puts_the_names_back_at_any_depth() -> None:
    document = {"cause": "401 for key hunter2", "list": [{"answer": "hunter2hunter2"}], "count": 2}
    assert masked(document, {"KEY": "hunter2", "SHORT": "2"}) == {
        "cause": "401 for key ${KEY}",
        "list": [{"answer": "${KEY}${KEY}"}],
        "count": 2,
    }


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.crumple.system]\ncall = "a:b"\n')
    assert find(below) == tmp_path / "pyproject.toml"
    (tmp_path / "one" / "pyproject.toml").write_text('[project]\nname = "crumple-user"\n')
    assert find(below) == tmp_path / "pyproject.toml"
    (tmp_path / "one" / "crumple.toml").write_text(SOUND)
    assert find(below) == tmp_path / "one" / "crumple.toml"


def test_where_there_is_none_init_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrumpleError, match="crumple init"):
        find(tmp_path)
    with pytest.raises(CrumpleError, match="no such file or folder"):
        find(tmp_path / "nothing.toml")


def test_pyproject_is_read_below_its_table(tmp_path: Path) -> None:
    text = SOUND.replace("[system]", "[tool.crumple.system]").replace("[corpus]", "[tool.crumple.corpus]")
    assert read(tmp_path, text, name="pyproject.toml").settings.system.call == "a:b"
    with pytest.raises(CrumpleError, match=r"pyproject.toml, line 3, \[tool.crumple.system\]: unknown key 'imput'"):
        read(
            tmp_path,
            text.replace("[tool.crumple.corpus]", 'imput = "text"\n[tool.crumple.corpus]'),
            name="pyproject.toml",
        )


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("200ms", 0.2), ("5m", 300), ("1.5h", 5400), ("0.25 s", 0.25)]
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "count"), [("2GiB", 2**31), ("500MB", 5 * 10**8), ("1.5 KiB", 1536), ("64kB", 64000), ("7B", 7)]
)
def test_sizes_are_read(text: str, count: int) -> None:
    assert size(text) == count


_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)? ?[A-Za-z]+")


@given(
    st.one_of(
        st.text().filter(lambda text: not _QUANTITY.fullmatch(text)),
        st.integers(),
        st.floats(),
        st.none(),
        st.booleans(),
    )
)
@example("0s")
@example("-3s")
@example("3")
@example("٣s")
@example("1e3s")
@example("3 S")
@example("0.0001B")
def test_what_is_no_quantity_is_rejected_without_repeating_it(value: object) -> None:
    for read_quantity in (duration, size):
        with pytest.raises(ValueError, match=r"^must be a (duration|size) above 0 such as \"[^\"]+\""):
            read_quantity(value)


_KEYS = st.text("abc", min_size=1, max_size=3)
_VALUES = st.one_of(
    st.integers(-5, 5).map(str),
    st.sampled_from(
        ['"x"', "true", "[1,\n 2,\n]", '"""a\n[b]\nc = 1\n"""', "'''\n[q]\n'''", "{ a = 1 }", '"#"', "1 # c"]
    ),
)


@settings(max_examples=50)
@given(
    st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=4), min_size=1, max_size=4), st.data()
)
def test_the_line_of_every_key_is_told(tables: dict[str, dict[str, str]], data: st.DataObject) -> None:
    """Whatever spans several lines or looks like a header within a string does not shift what follows."""
    lines: list[str] = []
    expected = {}
    for table, keys in tables.items():
        lines += [""] * data.draw(st.integers(0, 2))
        lines.append(f"[{table}]  # [not.this]")
        for key, value in keys.items():
            expected[table, key] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    source = parse("\n".join(lines), "file")
    assert {key: source.line(key) for key in expected} == expected


def test_arrays_of_tables_have_lines_of_their_own() -> None:
    source = parse("[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n[a.b.d]\ne = 3\n", "file")
    assert [source.line(("a", "b", 0, "c")), source.line(("a", "b", 1, "c"))] == [2, 4]
    assert source.line(("a", "b", 1, "d", "e")) == 6


@example("${${A}")
@given(st.text(alphabet="${}AB1-", max_size=12))
def test_expansion_replaces_what_it_knows_and_reports_the_rest(text: str) -> None:
    expansion = Expansion({"A": "value"})
    expanded = expansion.expand(text, ("key",))
    plain = text.count("${A}") - text.count("$${A}")
    assert expanded.count("value") == plain
    assert expansion.used == ({"A": "value"} if plain else {})
    if "${" not in text:
        assert expanded == text
        assert not expansion.flaws
    elif "${A}" not in text and "$${" not in text:
        assert expansion.flaws


def test_commands_without_a_run_do_without_pydantic() -> None:
    code = "import sys, crumple.cli, crumple.config.finding; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_rates_and_shares_are_written_as_people_say_them(tmp_path: Path) -> None:
    run = read(tmp_path, SOUND + '[run]\nrate = "90/min"\nvoid = "12.5 %"\n').settings.run
    assert (run.rate, run.void) == (1.5, 0.125)


def test_one_command_may_stand_without_brackets_around_it(tmp_path: Path) -> None:
    text = SOUND.replace('call = "a:b"', 'command = ["import"]\nbefore = ["createdb", "{work}/t.db"]')
    assert read(tmp_path, text).settings.system.before == (("createdb", "{work}/t.db"),)
