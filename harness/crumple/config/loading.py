"""From the configuration's file to checked settings; importing this brings pydantic in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from crumple.config import finding
from crumple.config.complaints import ConfigurationError, complaints
from crumple.config.environment import Expansion, masked
from crumple.config.model import Settings
from crumple.config.toml_source import Source
from crumple.errors import CrumpleError
from crumple.masking import remember


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was read and found sound.

    Attributes:
        path: the file that it came from, absolute.
        settings: what it says, with the environment's values in place.
        source: what it says as it was written; messages quote only this.
        secrets: the environment's variables that it refers to, with their values; never shown.
    """

    path: Path
    settings: Settings
    source: Source
    secrets: Mapping[str, str]

    @property
    def root(self) -> Path:
        """The folder that the file's relative paths and modules are looked for in."""
        return self.path.parent

    def __repr__(self) -> str:
        return f"Config({str(self.path)!r})"


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read a configuration file.

    Args:
        path: what `find` returned.
        environment: for `${NAME}`; by default the process's own.

    Raises:
        CrumpleError: all that is wrong with the file at once, a line each.
    """
    source = finding.source(path)
    expansion = Expansion(os.environ if environment is None else environment)
    data = expansion.expand(source.data)
    remember(expansion.used)
    errors = [
        (
            source.line(key),
            CrumpleError(what, where=source.place(key), hint="Set it." if "no variable" in what else ""),
        )
        for key, what in expansion.flaws
    ]
    settings = None
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        errors += complaints(error, source, [key for key, _ in expansion.flaws])
    if settings is None or errors:
        raise ConfigurationError(error for _, error in sorted(errors, key=lambda pair: pair[0]))
    return Config(path, settings, source, dict(expansion.used))


def mask(config: Config, value: object) -> object:
    """A text, or JSON of them, without the values that the configuration took from the environment."""
    return masked(value, config.secrets)
