"""Reads the file of a JSON schema."""

from __future__ import annotations

from pathlib import Path

from crumple.errors import CrumpleError
from crumple.judges.schema import Schema


def read_schema(path: Path, where: str) -> str:
    """The text of a schema, which is one.

    Args:
        path: of the file.
        where: what names it, for messages.

    Raises:
        CrumpleError: it cannot be read, or holds no schema that answers can be held to.
    """
    place = f"{where}: {path.name}"
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        near = sorted(each.name for each in path.parent.glob("*.json"))[:10] if path.parent.is_dir() else []
        raise CrumpleError(
            "there is no such file",
            where=place,
            got=path.name,
            allowed=near,
            hint=f"It is looked for in {path.parent}.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CrumpleError(f"it cannot be read: {error}", where=place) from None
    Schema(text, place)
    return text
