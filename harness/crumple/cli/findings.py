"""`crumple findings`."""

from __future__ import annotations

import click


@click.command("findings", short_help="Findings that are kept.")
def command() -> int:
    """Work in progress."""
    return 0
