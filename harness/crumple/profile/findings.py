"""What was measured of one file. Frozen data, which travels between processes."""

from __future__ import annotations

from dataclasses import dataclass

from crumple.recipe import Value


@dataclass(frozen=True, slots=True)
class Finding:
    """What one measure said of one file.

    Attributes:
        of: the measure's name, that of the mutator whose trace it is.
        value: in the mutator's unit; True or False where it was found or not; None: it cannot be told.
    """

    of: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One file.

    Attributes:
        path: from the folder, with "/" between its parts.
        size: in bytes.
        media_type: "" where the file could not even be read.
        digest: of its bytes, by which two files are told to be the same; "" where it could not be read.
        findings: what the measures said that apply to it.
        closed: why it could not be opened as what it is; "" where it could.
        failed: measures that raised, with what they raised.
    """

    path: str
    size: int = 0
    media_type: str = ""
    digest: str = ""
    findings: tuple[Finding, ...] = ()
    closed: str = ""
    failed: tuple[tuple[str, str], ...] = ()
