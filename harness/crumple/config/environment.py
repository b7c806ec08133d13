"""`${NAME}` in a configuration's texts; `$${NAME}` stands for the characters themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crumple.config.toml_source import Key
from crumple.masking import mask_of

# A name ends before the next "$": in "${${A}" only the second is a reference, and the first is a flaw.
_REFERENCE = re.compile(r"\$(\$?)\{([^}$]*)\}?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True)
class Expansion:
    """A configuration whose references to the environment are being replaced.

    Attributes:
        environment: names -> values.
        used: the variables that were referred to, with their values; never shown.
        flaws: (key, what is wrong), in the order of the file.
    """

    environment: Mapping[str, str]
    used: dict[str, str] = field(default_factory=dict)
    flaws: list[tuple[Key, str]] = field(default_factory=list)

    def expand(self, value: Any, key: Key = ()) -> Any:
        """The value with every reference replaced; what cannot be replaced stays, and is a flaw."""
        if isinstance(value, Mapping):
            return {name: self.expand(item, (*key, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [self.expand(item, (*key, index)) for index, item in enumerate(value)]
        if isinstance(value, str) and "${" in value:
            return _REFERENCE.sub(lambda found: self._replace(found, key), value)
        return value

    def _replace(self, found: re.Match[str], key: Key) -> str:
        escaped, name = found.groups()
        if escaped:
            return found[0][1:]
        if not found[0].endswith("}") or not _NAME.fullmatch(name):
            self.flaws.append((key, "a reference to the environment reads ${NAME}; $${ stands for the characters"))
        elif name not in self.environment:
            self.flaws.append((key, f"the environment has no variable {name}"))
        else:
            self.used[name] = self.environment[name]
            return self.environment[name]
        return found[0]


def masked(value: Any, secrets: Mapping[str, str]) -> Any:
    """Texts with the values that came from the environment replaced by their names again, at any depth.

    Args:
        value: a text, or lists and mappings of them; anything else is returned as it is.
        secrets: names -> values, of which those of fewer than four characters are let through.
    """
    return mask_of(secrets).deep(value)
