"""The documents of a finding, degraded again in this process, as far as they may be kept."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from crumple.case import Case
from crumple.config.loading import Config
from crumple.discretion import Discretion
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, in_words
from crumple.findings.finding import NO_PAPER, Paper
from crumple.mutation.apply import degrade
from crumple.mutation.registry import Registry
from crumple.plain_text import excerpt
from crumple.recipe import Recipe

NONE_KEPT = 'no document is kept here: [privacy] findings is "recipe"'
_REDACTED = "no document is kept here: [privacy] redact blacks out fields, which cannot be done in a document"
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_MOST_BYTES = 20 << 20
_COMPARED = 200_000  # bytes
_MOST_LINES, _LONGEST = 12, 160
_SECRET_FROM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """A finding's documents.

    Attributes:
        clean, degraded: what they are.
        files: name in the folder -> content.
        difference: lines that differ, as a diff has them.
        kept: what is in the folder, and why not all.
    """

    clean: Paper = NO_PAPER
    degraded: Paper = NO_PAPER
    files: Mapping[str, bytes] = field(default_factory=dict)
    difference: tuple[str, ...] = ()
    kept: str = NONE_KEPT


def keeps_documents(config: Config) -> bool:
    """Whether documents may be in what goes into version control.

    Those of a generated corpus may where nothing is said, unless no text of a document is to be kept anywhere.
    """
    privacy = config.settings.privacy
    if config.source.value(("privacy", "findings")) is not None:
        return privacy.findings == "full"
    return config.settings.corpus.generate is not None and privacy.store != "recipe"


def papers_of(
    load: Callable[[str], Case],
    case_id: str,
    recipe: Recipe,
    registry: Registry,
    discretion: Discretion,
    digest: str,
    *,
    full: bool,
) -> Papers:
    """The documents of a recipe; whatever goes wrong is said in `kept`.

    Args:
        load: gives a case of the corpus.
        case_id: the case's.
        recipe: how its document is degraded.
        registry: the mutators.
        discretion: what may not be kept.
        digest: of the degraded document that the system failed on; "" where it is not known.
        full: whether documents may be kept.
    """
    try:
        case = load(case_id)
        clean = Paper(digest=case.document.digest, bytes=len(case.document.data), media_type=case.document.media_type)
    except Exception as error:  # noqa: BLE001 - somebody's corpus may raise anything
        why = f": {_words(error)}" if full else ""
        return Papers(degraded=Paper(digest=digest), kept=f"the clean document could not be read{why}")
    if not full or discretion.redact:
        return Papers(clean=clean, degraded=Paper(digest=digest), kept=NONE_KEPT if not full else _REDACTED)
    try:
        degraded = degrade(case, recipe, registry.mutators).document
    except Exception as error:  # noqa: BLE001 - somebody's mutator may raise anything
        return Papers(
            clean=clean,
            degraded=Paper(digest=digest),
            kept=f"the degraded document could not be made again: {_words(error)}",
        )
    return _kept(case, clean, degraded, discretion, digest)


def _kept(case: Case, clean: Paper, degraded: Document, discretion: Discretion, digest: str) -> Papers:
    whole = Papers(
        clean=clean,
        degraded=Paper(digest=degraded.digest, bytes=len(degraded.data), media_type=degraded.media_type),
    )
    if digest and degraded.digest != digest:
        return replace(whole, kept="no document is kept here: the recipe made another one here than in the run")
    if any(holds_secret(each.data, discretion) for each in (case.document, degraded)):
        return replace(whole, kept="no document is kept here: it holds a value that came from the environment")
    if len(case.document.data) + len(degraded.data) > _MOST_BYTES:
        return replace(whole, kept=f"no document is kept here: they have more than {_MOST_BYTES >> 20} MiB")
    clean_name = f"clean{_ending(case.document)}"
    files = {clean_name: case.document.data}
    clean = replace(clean, file=clean_name)
    if degraded.data == case.document.data:
        return replace(
            whole, clean=clean, files=files, kept="the document is the clean one: what is changed goes beside it"
        )
    degraded_name = f"degraded{_ending(degraded)}"
    files[degraded_name] = degraded.data
    return Papers(
        clean=clean,
        degraded=replace(whole.degraded, file=degraded_name),
        files=files,
        difference=_difference(case.document.data, degraded.data),
        kept="",
    )


def _words(error: Exception) -> str:
    known = isinstance(error, (CrumpleError, NotApplicable))
    return excerpt(str(error) if known else in_words(error), 2 * _LONGEST).rstrip(".")


def _ending(document: Document) -> str:
    found = _ENDING.search(document.name)
    return found.group().lower() if found else ".bin"


def holds_secret(data: bytes, discretion: Discretion) -> bool:
    """Whether a document has a value in it that came from the environment."""
    found = (value.strip().encode("utf-8", "surrogateescape") for value in discretion.secrets.values())
    return any(len(each) >= _SECRET_FROM and each in data for each in found)


def _difference(one: bytes, other: bytes) -> tuple[str, ...]:
    """The first lines that differ, "- as it was" and "+ as it is", where both are text of a bearable size."""
    if max(len(one), len(other)) > _COMPARED:
        return ()
    try:
        before, after = (each.decode("utf-8").splitlines() for each in (one, other))
    except UnicodeDecodeError:
        return ()
    lines = [
        f"{line[0]} {excerpt(line[1:], _LONGEST)}"
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if line[:1] in "+-" and not line.startswith(("---", "+++"))
    ]
    more = len(lines) - _MOST_LINES
    return tuple(lines[:_MOST_LINES]) + ((f"  and {more} more lines",) if more > 0 else ())
