"""What a folder for a batch system holds: its places, its documents' names, and the list of both. Reads and writes it.

The list does not say how a document is degraded: it names each call by a digest, so that whoever processes the folder
is as blind to it as in production.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crumple.adapters import Request
from crumple.errors import CrumpleError

SCHEMA = 1
MANIFEST, README = "manifest.json", "README.txt"
DOCUMENTS, ANSWERS, INPUTS, PARTS = "documents", "answers", "inputs", "parts"
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
_LARGEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Exported:
    """One document of the folder.

    Attributes:
        name: of its file, and of what goes with it in other folders.
        call: a digest of the call that it is for.
        digest: of all that the system is given in that call.
    """

    name: str
    call: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was exported, and from what.

    Attributes:
        salt: what calls' digests are made with.
        made: what determines the plan: two exports of which this is the same are of the same calls.
        wishes: what the command line asked for, for `crumple judge` to ask for as well.
        documents: in the order of their names.
    """

    salt: str
    made: Mapping[str, Any] = field(default_factory=dict)
    wishes: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[Exported] = ()


def salt_of(made: Mapping[str, Any]) -> str:
    """What the digests of an export's calls are made with: the same for the same export."""
    return hashlib.blake2b(json.dumps(made, sort_keys=True).encode(), digest_size=8).hexdigest()


def call_digest(salt: str, key: str) -> str:
    """A call's name that does not say what it is about."""
    return hashlib.blake2b(key.encode(), key=salt.encode(), digest_size=12).hexdigest()


def request_digest(request: Request) -> str:
    """A digest of all that a system is given in one call."""
    found = hashlib.blake2b(digest_size=16)
    for document in (request.document, *request.parts):
        found.update(f"{document.name}\0{document.media_type}\0{document.digest}\0".encode("utf-8", "surrogateescape"))
    found.update(json.dumps(request.inputs, sort_keys=True, default=repr).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def plain(name: str) -> str:
    """A file name of letters, digits, dots, dashes and underscores, its ending kept; not the empty one."""
    stem, ending = os.path.splitext(os.path.basename(name))
    stem, ending = (_NOT_PLAIN.sub("_", each) for each in (stem, ending))
    return f"{stem[: _LONGEST_NAME - len(ending)] or 'document'}{ending[:_LONGEST_NAME]}"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it.

    Raises:
        OSError: it cannot be.
    """
    text = json.dumps({"schema": SCHEMA, **asdict(manifest)}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The list of what a folder holds.

    Raises:
        CrumpleError: there is none, it cannot be read, or another crumple has written it.
    """
    path = folder / MANIFEST
    if not path.is_file():
        what = "there is no such folder" if not folder.is_dir() else f"it has no {MANIFEST}"
        raise CrumpleError(what, where=str(folder), hint="Name a folder that `crumple export` has written.")
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("it is larger than any that crumple writes")
        data = json.loads(path.read_text("utf-8"))
        schema = data.pop("schema")
        if schema != SCHEMA:
            raise CrumpleError(
                f"it was written by another crumple, in form {schema}; this one reads form {SCHEMA}",
                where=str(path),
                hint="Judge it with the crumple that has exported it, or export anew.",
            )
        data["documents"] = tuple(Exported(**each) for each in data["documents"])
        return Manifest(**data)
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        words = " ".join(str(error).split())
        raise CrumpleError(
            f"it is not what `crumple export` has written: {words}", where=str(path), hint="Export anew."
        ) from None
