"""The whole page: its head, its sections, and the policy that keeps anything foreign from running."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from crumple import FIGURES, Material
from crumple_reports.html.attempts import Attempts
from crumple_reports.html.completed import completed
from crumple_reports.html.environment import environment
from crumple_reports.html.sections import shown_sections
from crumple_reports.html.verdict import top_of
from crumple_reports.let_out import let_out


def render(document: Mapping[str, Any], material: Material = FIGURES) -> str:
    """The report as a page.

    Args:
        document: of a run, a night, a pytest session or a comparison. What it lacks is said on the page.
        material: what it can be made of beside.

    Raises:
        CrumpleError: it is no document at all.
    """
    whole, notes = completed(document)
    whole = let_out(whole, material)
    attempts = Attempts()
    sections = shown_sections(whole, material, attempts)
    top = top_of(whole, material, attempts, linked={each.id for each in sections})
    style, script = _joined("style", ".css"), _joined("script", ".js")
    page = environment().get_template("page.html")
    return page.render(
        top=top,
        notes=[*notes, *attempts.trouble],
        sections=sections,
        policy=_policy(style, script),
        # Both are files of this package: nothing of a document is in them.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )


@cache
def _joined(folder: str, ending: str) -> str:
    own = files("crumple_reports.html") / folder
    parts = sorted((each.name, each) for each in own.iterdir() if each.name.endswith(ending))
    return "\n".join(each.read_text("utf-8") for _, each in parts)


@cache
def _policy(style: str, script: str) -> str:
    """What a browser may do on the page: this style, this script, pictures that are in the page itself."""
    return (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
