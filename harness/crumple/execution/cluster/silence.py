"""Dask says on standard error what crumple's errors and lines already tell, each in words of its own."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SILENT: Final = logging.CRITICAL + 1
_LOGGERS: Final = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")
"""Each of these has a level of its own, by Dask's configuration or Python's."""


def silence() -> None:
    """From now on Dask says nothing in this process."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(SILENT)


@contextmanager
def silent() -> Iterator[None]:
    """Meanwhile Dask's client, and a cluster in this process, say nothing."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [each.level for each in loggers]
    silence()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="distributed")
            yield
    finally:
        for each, level in zip(loggers, before, strict=True):
            each.setLevel(level)
