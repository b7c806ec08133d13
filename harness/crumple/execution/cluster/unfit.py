"""A Dask worker that can make no calls of a run, and why."""

from __future__ import annotations

from dataclasses import dataclass

from crumple.errors import CrumpleError, VoidRunError


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a Dask worker can make no call of this run.

    Attributes:
        worker: its address.
        message: what is wrong there.
        host: the machine's name; "" where nobody has asked the worker itself.
        void: whether that says that the system cannot be reached, rather than that something is missing.
        untold: whether it only has to be told what the run is.
    """

    worker: str
    message: str
    host: str = ""
    void: bool = False
    untold: bool = False

    def __str__(self) -> str:
        """In a line."""
        return f"Dask worker {self.worker}{f' ({self.host})' if self.host else ''}: {self.message}"

    @property
    def error(self) -> CrumpleError:
        """The error that this is, of the same kind as there."""
        error = (VoidRunError if self.void else CrumpleError)("")
        error.args = (str(self),)
        return error
