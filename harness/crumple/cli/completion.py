"""`crumple completion`: the script that makes a shell complete crumple's commands and options."""

from __future__ import annotations

import click

_HELP = """Print the shell's completion script.

\b
Examples:
  bash:  echo 'eval "$(crumple completion bash)"' >> ~/.bashrc
  zsh:   echo 'eval "$(crumple completion zsh)"' >> ~/.zshrc
  fish:  crumple completion fish > ~/.config/fish/completions/crumple.fish
"""


@click.command("completion", help=_HELP, short_help="Print the completion script for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script."""
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    root = ctx.find_root().command
    click.echo(completion(root, {}, "crumple", "_CRUMPLE_COMPLETE").source())
