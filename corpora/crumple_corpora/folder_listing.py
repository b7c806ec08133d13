"""Which files of a folder are cases, and which truth belongs to which. Reads names, case.toml and the manifest."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crumple import CrumpleError, Json
from crumple_corpora.folder_truth import ENDINGS

CASE_FILE = "case.toml"
MANIFEST = "manifest.csv"
# What file managers and office programs leave behind.
_LITTER = ("thumbs.db", "desktop.ini", "__macosx")
# What a truth is about, and its ending: "a.pdf.truth.json"; a bare "truth.json" is about nothing.
_TRUTH = re.compile(r"(.*[^/])\.truth(\.[^./]*)?|(?:.*/)?truth(\.(?:json|txt|csv))", re.DOTALL)
_README = re.compile(r"(?:.*/)?readme(?:\.[^/]*)?", re.DOTALL | re.IGNORECASE)
_TRUTH_NAMES = "NAME.EXT.truth.json (or .txt, .csv) for NAME.EXT, NAME.truth.json for every file of that name"


@dataclass(frozen=True, slots=True)
class Inline:
    """A truth that is written where it is referred to."""

    value: Json


@dataclass(frozen=True, slots=True)
class Item:
    """One case before anything of it is read.

    Attributes:
        id: the path below the corpus folder, with "/".
        path: the document.
        truth: the file that holds the truth, or the truth itself; None where nobody has said.
        group, tags, inputs: as in `crumple.Case`; an empty group is the id.
        parts: further documents.
    """

    id: str
    path: Path
    truth: Path | Inline | None = None
    group: str = ""
    tags: frozenset[str] = frozenset()
    inputs: Json = None
    parts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """What a folder holds.

    Attributes:
        files: every file outside of case folders, hidden ones and litter left out, by its path with "/".
        cases: the folders that hold a case.toml, "" for the corpus folder itself.
    """

    files: tuple[str, ...]
    cases: tuple[str, ...]


def walk(root: Path) -> Tree:
    """Every file and case folder below `root`, sorted; symbolic links are followed.

    Raises:
        CrumpleError: a folder cannot be read, a link leads back to a folder that it is in, or a name is not UTF-8.
    """
    files: list[str] = []
    cases: list[str] = []
    _visit(root, "", {}, files, cases)
    return Tree(tuple(sorted(files)), tuple(sorted(cases)))


def _visit(folder: Path, below: str, above: dict[tuple[int, int], str], files: list[str], cases: list[str]) -> None:
    try:
        stat = folder.stat()
        with os.scandir(folder) as scan:
            found = [(entry.name, entry.is_dir()) for entry in scan]
    except OSError as error:
        raise CrumpleError(f"cannot be read: {error.strerror}", where=str(error.filename or folder)) from None
    identity = (stat.st_dev, stat.st_ino)
    if identity in above:
        raise CrumpleError(
            f"a symbolic link that leads back to {above[identity]}",
            where=str(folder),
            hint="Remove it, or the corpus has no end.",
        )
    if any(name == CASE_FILE for name, _ in found):
        cases.append(below.rstrip("/"))
        return
    for name, is_folder in found:
        if name.startswith((".", "~$")) or name.casefold() in _LITTER:
            continue
        try:
            name.encode()
        except UnicodeEncodeError:
            raise CrumpleError(f"the file name {name!r} is not UTF-8", where=str(folder), hint="Rename it.") from None
        if is_folder:
            _visit(folder / name, f"{below}{name}/", above | {identity: str(folder)}, files, cases)
        else:
            files.append(below + name)


def pair(root: Path, files: Sequence[str]) -> list[Item]:
    """Documents with the truth beside them, by their names alone.

    The nearer name wins: `a.pdf.truth.json` for a.pdf over `a.truth.json` for a.pdf, a.png and a.csv. Files that a
    truth is shared by are one group.

    Raises:
        CrumpleError: two truths for one file, a truth without a document, or one of an unknown kind.
    """
    documents = [name for name in files if not _TRUTH.fullmatch(name) and not _README.fullmatch(name)]
    truths = _by_subject(root, [name for name in files if _TRUTH.fullmatch(name)])
    known, stems = set(documents), Counter(map(_stem, documents))
    used: set[str] = set()
    items = []
    for name in documents:
        stem = _stem(name)
        # a.pdf.truth.json is about a.pdf, not about a.pdf.gz beside it.
        shared = stem in truths and (stem not in known or _stem(stem) == stem)
        subject = name if name in truths else stem if shared else ""
        used.add(subject)
        group = stem if shared and stems[stem] > 1 else ""
        items.append(Item(name, root / name, root / truths[subject] if subject else None, group))
    for subject, truth in truths.items():
        if subject not in used:
            raise CrumpleError(
                f"a truth without a document: there is no {subject} and no file {subject}.* that needs it",
                where=str(root / truth),
                hint=f"Truth is named {_TRUTH_NAMES}.",
            )
    return items


def truth_beside(path: Path) -> Path | None:
    """The truth file for exactly this document, by its name.

    Raises:
        CrumpleError: there are two.
    """
    found = [place for ending in ENDINGS if (place := path.with_name(f"{path.name}.truth{ending}")).is_file()]
    if len(found) > 1:
        raise two_truths(found[0], found[1])
    return found[0] if found else None


def two_truths(one: Path, other: Path) -> CrumpleError:
    """The error for a document that has more than one truth."""
    return CrumpleError(f"a second truth, beside {other.name}", where=str(one), hint="Keep one of them.")


def _by_subject(root: Path, truths: Sequence[str]) -> dict[str, str]:
    """Truth files by what they are about: the name before ".truth"."""
    found: dict[str, str] = {}
    for name in truths:
        match = _TRUTH.fullmatch(name)
        subject, ending = (match[1], match[2] or match[3] or "") if match else ("", "")
        if ending not in ENDINGS:
            raise CrumpleError(
                "a truth of a kind that is not known",
                where=str(root / name),
                got=f".truth{ending}",
                allowed=[f".truth{ending}" for ending in ENDINGS],
            )
        if not subject:
            raise CrumpleError(
                "a truth that does not say for which document",
                where=str(root / name),
                hint=f"Truth is named {_TRUTH_NAMES}; or make the folder one case with a {CASE_FILE}.",
            )
        if subject in found:
            raise two_truths(root / name, root / found[subject])
        found[subject] = name
    return found


def _stem(name: str) -> str:
    """A path without the ending of its last name."""
    return os.path.splitext(name)[0]
