"""The command line as a whole: help, errors, exit codes, what it costs to start, completion."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.cli.group import COMMANDS
from crumple.config.complaints import ConfigurationError
from crumple.errors import CrumpleError, VoidRunError


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


def test_help_names_every_command_and_the_exit_codes() -> None:
    code, out, _ = call("--help")
    assert code == 0
    for word in (*COMMANDS, "Exit codes", "130 interrupted"):
        assert word in out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    code, out, _ = call(name, "--help")
    assert code == 0
    assert "Examples:" in out
    assert f"crumple {name}" in out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom crumple.cli import crumple\n"
        "try: crumple(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'rich', 'pydantic', 'cv2', 'PIL', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_slip_in_a_commands_name_is_met_with_the_nearest() -> None:
    code, _, err = call("rnu")
    assert code == 2
    assert "There is no command 'rnu'. Did you mean 'run'?" in err


def test_the_version_is_shown() -> None:
    code, out, _ = call("--version")
    assert code == 0
    assert out.startswith("crumple 0.")


def raised(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The exit code and messages where a command raises an error."""

    @click.command("failing")
    def command() -> None:
        raise error

    monkeypatch.setattr("crumple.cli.group.COMMANDS", ("failing",))
    monkeypatch.setattr(type(command_line), "get_command", lambda self, ctx, name: command)
    code, _, err = call("failing")
    return code, err


def test_a_users_mistake_is_a_message_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ConfigurationError([CrumpleError("one thing"), CrumpleError("another")])
    assert raised(error, monkeypatch) == (2, "error: one thing.\nerror: another.\n")


def test_what_a_system_printed_is_no_further_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    error = CrumpleError("it cannot be loaded", hint="\nTraceback:\n  line 3")
    assert raised(error, monkeypatch) == (2, "error: it cannot be loaded.\n  Traceback:\n    line 3\n")


def test_what_a_message_quotes_does_nothing_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert raised(CrumpleError("no case 'a\x1b[2J'"), monkeypatch) == (2, "error: no case 'a\\x1b[2J'.\n")


def test_an_error_ends_with_its_own_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert raised(VoidRunError("nobody there"), monkeypatch)[0] == 4


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    assert raised(KeyboardInterrupt(), monkeypatch) == (130, "interrupted\n")


def test_crumples_own_fault_says_so_and_is_no_verdict_on_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    code, err = raised(ZeroDivisionError("oops"), monkeypatch)
    assert code == 70
    assert "ZeroDivisionError: oops" in err
    assert "fault of crumple's own" in err


def test_what_the_terminal_cannot_encode_is_escaped() -> None:
    code = "from crumple.cli.output import emit; emit('caf\\u00e9 \\udc80 \\u5b57')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.stdout == b"caf\\xe9 \\udc80 \\u5b57\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_no_fault_of_crumples_own() -> None:
    code = "from crumple.cli import main; main()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "list"], check=False, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: standard output: it cannot be written")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    code, out, _ = call("completion", shell)
    assert code == 0
    assert "_CRUMPLE_COMPLETE" in out


def test_the_shell_completes_commands_and_mutators(tmp_path: Path) -> None:
    def completions(*words: str) -> list[str]:
        env = {"_CRUMPLE_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("crumple", *words))}
        env["COMP_CWORD"] = str(len(words))
        code = "from crumple.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env, cwd=tmp_path
        )
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert completions("re") == ["replay", "report"]
    assert "encoding.bom" in completions("describe", "encoding.b")
    assert "encoding.bom" in completions("mutate", "a.txt", "--with", "encoding.b")
    assert completions("list", "enc") == ["encoding"]
    assert "scan,encoding.bom" in completions("run", "--use", "scan,encoding.b")
