"""Which way the files of a URL are listed and read, by its scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crumple import Location
from crumple_corpora.archived_files import ArchivedFiles
from crumple_corpora.prefixed_files import PagedFiles, PrefixedFiles
from crumple_corpora.remote_files import RemoteFiles

_KINDS: Final[Mapping[str, type[RemoteFiles]]] = {
    **dict.fromkeys(("s3", "s3a"), PagedFiles),
    **dict.fromkeys(("gs", "gcs", "az", "abfs", "abfss"), PrefixedFiles),
    **dict.fromkeys(("zip", "tar", "libarchive"), ArchivedFiles),
}


def remote_files(location: Location) -> RemoteFiles:
    """What reads the files of a place, as well as that kind of place can be read."""
    return _KINDS.get(location.scheme, RemoteFiles)(location)
