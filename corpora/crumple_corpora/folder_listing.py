"""Which files of a folder are cases, and which truth belongs to which. Looks at names alone; pure."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crumple import CrumpleError, Json
from crumple_corpora.files import CASE_FILE, ENDINGS, File, Files, is_hidden, near, stem

# What a truth is about, and its ending: "a.pdf.truth.json"; a bare "truth.json" is about nothing.
_TRUTH = re.compile(r"(.*[^/])\.truth(\.[^./]*)?|(?:.*/)?truth(\.(?:json|txt|csv))", re.DOTALL)
_README = re.compile(r"(?:.*/)?readme(?:\.[^/]*)?", re.DOTALL | re.IGNORECASE)
_TRUTH_NAMES = "NAME.EXT.truth.json (or .txt, .csv) for NAME.EXT, NAME.truth.json for every file of that name"
AT_ONCE: Final = 10_000
"""So many files of a listing are looked at together: how far apart a document and its truth, a case.toml and what is
in its folder may come in it."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A truth that is written where it is referred to."""

    value: Json


@dataclass(frozen=True, slots=True)
class Item:
    """One case before anything of it is read. Files are named by their paths below the corpus folder.

    Attributes:
        id: the document's path; of a folder that is one case the folder's.
        path: the document.
        truth: the file that holds the truth, or the truth itself; None where nobody has said.
        group, tags, inputs: as in `crumple.Case`; an empty group is the id.
        parts: further documents.
        size: of the document in bytes; -1 where that was not listed.
    """

    id: str
    path: str
    truth: str | Inline | None = None
    group: str = ""
    tags: frozenset[str] = frozenset()
    inputs: Json = None
    parts: tuple[str, ...] = ()
    size: int = -1


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A folder with a case.toml, by its path; "" is the corpus folder itself."""

    path: str


def together(files: Iterable[File], most: int | None = AT_ONCE) -> Iterator[Sequence[File] | CaseFolder]:
    """Files that belong together, and folders that are one case, in one pass over a listing.

    Args:
        files: of one folder, with all below it, one after the other, as `Files.walk` has them.
        most: how many are held at a time; None: all.

    Raises:
        CrumpleError: a case.toml comes after more files of its folder than are held.
    """
    held: OrderedDict[str, list[File] | CaseFolder] = OrderedDict()
    count, last = 0, ""
    case: str | None = None
    for file in files:
        if case is not None and file.name.startswith(case):
            continue
        folder, _, name = file.name.rpartition("/")
        if name == CASE_FILE:
            case = f"{folder}/" if folder else ""
            if last.startswith(case) and last:
                raise CrumpleError(
                    f"a {CASE_FILE} in a folder of more than {most:,} files",
                    where=file.name,
                    hint="A folder with one is a single case. Remove it, or move the others elsewhere.",
                )
            # A folder's files come one after the other: those of this one are the last.
            while held and next(reversed(held)).startswith(case):
                count -= _many(held.popitem()[1])
            held[file.name] = CaseFolder(folder)  # which is none if its own folder turns out to be one
        else:
            own = held.setdefault(_family(file.name), [])
            assert isinstance(own, list), "no family has a dot in its last name"
            own.append(file)
        count += 1
        while most is not None and count > most:
            last, ready = held.popitem(last=False)
            if not held and not isinstance(ready, CaseFolder):
                ready, held[last] = _parted(ready)
            count -= _many(ready)
            yield ready
    yield from held.values()


def _many(held: Sequence[File] | CaseFolder) -> int:
    return 1 if isinstance(held, CaseFolder) else len(held)


def _family(name: str) -> str:
    """The same for all files that belong together, if for others too: the path up to the first dot of the last name."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition('.')[0]}"


def _parted(files: Sequence[File]) -> tuple[list[File], list[File]]:
    """Of a family that is too large to be held those that are nowhere near the last one, and the others.

    "2024.000001.pdf" and a million more are one family.
    """
    last = [files[-1].name]
    for each in reversed(files[:-1]):
        if not any(near(one, each.name) or near(each.name, one) for one in last):
            break
        last.append(each.name)
    at = len(files) - len(last)
    return list(files[:at] or files), list(files[at:] if at else [])


def listed(files: Iterable[File]) -> Iterator[File]:
    """Without hidden files, and those in hidden folders."""
    return (each for each in files if not any(map(is_hidden, each.name.split("/"))))


def pair(place: Files, files: Sequence[File]) -> list[Item]:
    """Documents with the truth beside them, by their names alone.

    The nearer name wins: `a.pdf.truth.json` for a.pdf over `a.truth.json` for a.pdf, a.png and a.csv. Files that a
    truth is shared by are one group.

    Raises:
        CrumpleError: two truths for one file, a truth without a document, or one of an unknown kind.
    """
    sizes = {each.name: each.size for each in files}
    documents = [name for name in sizes if not _TRUTH.fullmatch(name) and not _README.fullmatch(name)]
    truths = _by_subject(place, [name for name in sizes if _TRUTH.fullmatch(name)])
    known, stems = set(documents), Counter(map(stem, documents))
    used: set[str] = set()
    items = []
    for name in documents:
        own = stem(name)
        # a.pdf.truth.json is about a.pdf, not about a.pdf.gz beside it.
        shared = own in truths and (own not in known or stem(own) == own)
        subject = name if name in truths else own if shared else ""
        used.add(subject)
        group = own if shared and stems[own] > 1 else ""
        items.append(Item(name, name, truths.get(subject), group, size=sizes[name]))
    for subject, truth in truths.items():
        if subject not in used:
            raise CrumpleError(
                f"a truth without a document: there is no {subject} and no file {subject}.* that needs it",
                where=place.where(truth),
                hint=f"Truth is named {_TRUTH_NAMES}.",
            )
    return items


def truth_beside(place: Files, name: str) -> str | None:
    """The truth file for exactly this document, by its name.

    Raises:
        CrumpleError: there are two.
    """
    named = {f"{name}.truth{ending}" for ending in ENDINGS}
    found = [each.name for each in place.beside(name) if each.name in named]
    if len(found) > 1:
        raise two_truths(place, found[0], found[1])
    return found[0] if found else None


def two_truths(place: Files, one: str, other: str) -> CrumpleError:
    """The error for a document that has more than one truth."""
    last = other.rpartition("/")[2]
    return CrumpleError(f"a second truth, beside {last}", where=place.where(one), hint="Keep one of them.")


def _by_subject(place: Files, truths: Sequence[str]) -> dict[str, str]:
    """Truth files by what they are about: the name before ".truth"."""
    found: dict[str, str] = {}
    for name in truths:
        match = _TRUTH.fullmatch(name)
        subject, ending = (match[1], match[2] or match[3] or "") if match else ("", "")
        if ending not in ENDINGS:
            raise CrumpleError(
                "a truth of a kind that is not known",
                where=place.where(name),
                got=f".truth{ending}",
                allowed=[f".truth{ending}" for ending in ENDINGS],
            )
        if not subject:
            raise CrumpleError(
                "a truth that does not say for which document",
                where=place.where(name),
                hint=f"Truth is named {_TRUTH_NAMES}; or make the folder one case with a {CASE_FILE}.",
            )
        if subject in found:
            raise two_truths(place, name, found[subject])
        found[subject] = name
    return found
