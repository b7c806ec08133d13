"""The JSON schema that a chat model's answers are to keep to: read from its file, and as it is sent along."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

from crumple.errors import CrumpleError

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME: Final = 64


def response_format(path: Path) -> dict[str, Any]:
    """What is sent with every call, under `response_format`.

    Raises:
        CrumpleError: the file cannot be read, or is no JSON schema.
    """
    try:
        schema = json.loads(_text_of(path))
    except (ValueError, RecursionError) as error:
        raise CrumpleError(f"not JSON: {error}", where=f"[system] schema, {path}") from None
    if not isinstance(schema, dict):
        raise CrumpleError("a JSON schema is an object", where=f"[system] schema, {path}")
    named = _NO_NAME.sub("_", path.stem.removesuffix(".schema"))[:_LONGEST_NAME] or "answer"
    form = {"name": named, "strict": _is_strict(schema), "schema": schema}
    return {"type": "json_schema", "json_schema": form}


def digest(path: Path) -> str:
    """What tells one schema from another.

    Raises:
        CrumpleError: the file cannot be read.
    """
    return hashlib.blake2b(_text_of(path).encode(), digest_size=8).hexdigest()


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise CrumpleError(f"cannot be read: {error.strerror}", where=f"[system] schema, {path}") from None
    except UnicodeDecodeError:
        raise CrumpleError("not UTF-8", where=f"[system] schema, {path}") from None


def _is_strict(schema: Any) -> bool:
    """Whether services hold a model strictly to a schema: all objects are closed and need all that they have."""
    if isinstance(schema, list):
        return all(map(_is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if "properties" in schema or schema.get("type") == "object":
        has, needs = schema.get("properties", {}), schema.get("required", [])
        if schema.get("additionalProperties") is not False or not isinstance(has, dict) or not isinstance(needs, list):
            return False
        if any(name not in needs for name in has):
            return False
    return all(map(_is_strict, schema.values()))
