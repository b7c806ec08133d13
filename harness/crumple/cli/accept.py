"""`crumple accept`."""

from __future__ import annotations

import click


@click.command("accept", short_help="Findings that are kept.")
def command() -> int:
    """Work in progress."""
    return 0
