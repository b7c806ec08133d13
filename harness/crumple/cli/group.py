"""The group of commands: imports a command when it is named, and turns errors into messages and exit codes."""

from __future__ import annotations

import importlib
import sys
import traceback
from typing import IO, Any

import click

from crumple import __version__
from crumple.cli.output import emit
from crumple.errors import CrumpleError, nearest
from crumple.masking import forget, presentable
from crumple.plain_text import visible

# In the order that --help shows them, which is the order that a newcomer needs them in.
COMMANDS = (
    "init",
    "check",
    "run",
    "breaking-points",
    "fuzz",
    "nightly",
    "baseline",
    "history",
    "replay",
    "accept",
    "findings",
    "export",
    "judge",
    "truth",
    "profile",
    "runs",
    "show",
    "report",
    "compare",
    "prune",
    "list",
    "describe",
    "mutate",
    "test-mutators",
    "demo",
    "ci",
    "completion",
)
FAULT = 70
INTERRUPTED = 130


class Failure(click.ClickException):
    """A mistake that its reader can mend, as click shows it."""

    def __init__(self, error: CrumpleError) -> None:
        super().__init__(str(error))
        self.messages = [presentable(str(each)) for each in getattr(error, "errors", (error,))]
        self.exit_code: int = error.exit_code  # type: ignore[misc]  # click declares it on the class

    def show(self, file: IO[Any] | None = None) -> None:
        """Print a line for each thing that is wrong; what else is known of it (what a system printed) indented."""
        for message in self.messages:
            first, *more = message.splitlines() or [""]
            emit(f"error: {visible(first).rstrip()}", err=True)
            for line in more:
                emit(f"  {visible(line)}".rstrip(), err=True)


class Lazy(click.Group):
    """A group whose commands are modules of this package, each with a `command`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.params.append(
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_version,
                help="Show the version and exit.",
            )
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order that help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"crumple.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; for a slip, the nearest one is suggested."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            meant = f" Did you mean {near!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{meant} Commands: {', '.join(COMMANDS)}.")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it returns is the exit code."""
        forget()
        try:
            code = super().invoke(ctx)
        except CrumpleError as error:
            raise Failure(error) from None
        except KeyboardInterrupt:
            emit("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception:  # noqa: BLE001 - the last line of defence: say whose fault it is
            emit(presentable(traceback.format_exc()), err=True)
            emit(
                "This is a fault of crumple's own, not of your system. Please report it, with the lines above and",
                err=True,
            )
            emit(presentable(f"what you ran: crumple {' '.join(sys.argv[1:])} ({version()})."), err=True)
            ctx.exit(FAULT)
        ctx.exit(code or 0)


def version() -> str:
    """The versions of crumple and Python."""
    return f"crumple {__version__}, Python {sys.version.split()[0]}"


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(version())
        ctx.exit()
