"""Files that are elsewhere, by their URLs: opened through fsspec, and what goes wrong there put into words."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from crumple.errors import CrumpleError, DeniedError, in_words, nearest

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://|::)")
_SCHEME_OF_PART: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://|\Z)")
_EXTRAS: Final = {
    **dict.fromkeys(("s3", "s3a"), "s3"),
    **dict.fromkeys(("gs", "gcs"), "gcs"),
    **dict.fromkeys(("az", "abfs", "abfss", "adl"), "azure"),
}
"""Which extra a scheme needs beside fsspec."""
OBJECT_STORES: Final = (*_EXTRAS, "memory")
"""Schemes of stores where an object is there when all of it is, and nobody sees a part of one."""
_TRIES: Final = 2
_S3: Final = {"connect_timeout": 5, "read_timeout": 20, "retries": {"mode": "standard", "max_attempts": 4}}
"""A request that a store is too busy for is made again after ever longer pauses, for some 15 s; a lane waits no longer
than a minute."""
_DENIED: Final = re.compile(
    "Unable to locate credentials|ExpiredToken|InvalidToken|AccessDenied|(?<!certificate has )expired|"
    "failed to authenticate|AuthenticationFailed|AuthorizationFailure|AuthorizationPermissionMismatch|"
    "Invalid Credentials|Unauthorized|Forbidden"
)
_NOT_THERE: Final = re.compile("ContainerNotFound|The specified container does not exist")
_TALKATIVE: Final = ("gcsfs", "adlfs", "azure")
"""Their own log lines, with tracebacks, would stand beside the one error that says the same."""
_BUSY: Final = re.compile(r"SlowDown|reduce your request rate|Service ?Unavailable|\b503\b|Too Many Requests|Throttl")
_PASSWORD: Final = re.compile(r"(?<=://)([^\s/?#:@]*):[^\s/?#]*@")
_SIGNATURE: Final = re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*?(?=::|[\s'\")]|$)")
_LONGEST: Final = 200


def is_url(path: str) -> bool:
    """Whether a path is a URL: "s3://bucket/folder", "zip://*.pdf::s3://bucket/a.zip"."""
    return _SCHEME.match(path) is not None


@dataclass(frozen=True, slots=True)
class Location:
    """A folder by its URL.

    Attributes:
        url: of the folder, without "/" in the end.
        storage: scheme -> what its file system is made with beside what the environment says, such as
            {"s3": {"endpoint_url": "http://..."}}; never shown.
    """

    url: str
    storage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def scheme(self) -> str:
        """The first one of the URL."""
        found = _SCHEME.match(self.url)
        return found[0].lower() if found else "file"

    @property
    def path(self) -> str:
        """The URL without schemes and what it is chained to."""
        return self.url.partition("::")[0].partition("://")[2].rstrip("/")

    @property
    def title(self) -> str:
        """What reports call it: its last folder, or what holds it."""
        shown = self.of("")
        last = shown.partition("::")[0].partition("://")[2].rstrip("/").rpartition("/")[2]
        return last or shown.rstrip("/").rpartition("/")[2]

    def of(self, name: str) -> str:
        """What messages call a file below it, or itself: without a password, and what signs a URL of the web."""
        first, chain, rest = _shown(self.url).partition("::")
        if not name:
            return f"{first}{chain}{rest}"
        return f"{first if first.endswith('/') else f'{first}/'}{name}{chain}{rest}"

    def is_in(self, pattern: str) -> bool:
        """Whether it is in the folder of another URL, or is that; which may end with a pattern of names."""
        folder, wildcard, _ = re.split(r"([*?\[]|\Z)", pattern, maxsplit=1)
        folder = folder.rpartition("/")[0] if wildcard else folder
        return f"{self.url}/".startswith(f"{folder.rstrip('/')}/")

    def opened(self, *, caches: bool) -> tuple[AbstractFileSystem, str]:
        """Its file system, and the folder's path there.

        Args:
            caches: whether what was listed is remembered.

        Raises:
            CrumpleError: what its scheme needs is not installed, there is no such scheme, or its options are wrong.
        """
        try:
            from fsspec import available_protocols
            from fsspec.core import url_to_fs
        except ImportError:
            raise _lacking("fsspec", "remote", self.of("")) from None
        url = "::".join(_SCHEME_OF_PART.sub(lambda found: found[0].lower(), part) for part in self.url.split("::"))
        schemes = [each.group() for part in url.split("::") if (each := _SCHEME_OF_PART.match(part))]
        named = [(name, self.of("")) for name in schemes] + [(name, f"[storage.{name}]") for name in self.storage]
        for name, where in named:
            if name not in available_protocols():
                near = nearest(name, available_protocols())
                hint = f"Did you mean {near!r}?" if near else "Such as s3, gs, az, file, zip."
                raise CrumpleError(f"there is no scheme {name!r}", where=where, hint=hint)
        _quieten()
        options = {scheme: {**_defaults(scheme), **self.storage.get(scheme, {})} for scheme in schemes}
        try:
            system, path = url_to_fs(url, use_listings_cache=caches, skip_instance_cache=True, **options)
        except ImportError as error:
            extra = next((_EXTRAS[each] for each in schemes if each in _EXTRAS), "")
            if not extra:
                raise CrumpleError(f"its scheme needs what is not installed ({error})", where=self.of("")) from None
            raise _lacking(f"what {extra} needs", extra, self.of("")) from None
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.failed(error) from None
        if hasattr(system, "retries"):
            system.retries = _TRIES
        return system, path

    def failed(self, error: Exception, name: str = "") -> CrumpleError:
        """What went wrong there with a file, or the whole folder, in words."""
        whole, where = _shown(in_words(error)), self.of(name)
        said = whole[:_LONGEST]
        if isinstance(error, FileNotFoundError) or _NOT_THERE.search(whole):
            return CrumpleError("there is no such file" if name else "there is no such place", where=where)
        if isinstance(error, PermissionError) or _DENIED.search(whole):
            return DeniedError(
                f"access is denied: credentials are missing, wrong or have expired ({said})",
                where=where,
                hint="Renew them; the same command goes on with what was made.",
            )
        if _BUSY.search(whole):
            return CrumpleError(
                f"the store is too busy, and stayed so when asked again ({said})",
                where=where,
                hint="Ask for less at a time with [run] workers; the same command goes on with what was made.",
            )
        if isinstance(error, TypeError) and "unexpected keyword argument" in whole:
            return CrumpleError(f"its file system has no such option ({said})", where=f"[storage], {where}")
        return CrumpleError(
            f"it cannot be reached ({said})", where=where, hint="Is it there, and does this machine reach it?"
        )


def _quieten() -> None:
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _shown(text: str) -> str:
    """A text whose URLs hold neither passwords nor signatures."""
    return _SIGNATURE.sub(r"\1", _PASSWORD.sub(r"\1:***@", text))


def _defaults(scheme: str) -> dict[str, Any]:
    if scheme in ("file", "local"):
        return {"auto_mkdir": True}
    return {"config_kwargs": dict(_S3)} if _EXTRAS.get(scheme) == "s3" else {}


def _lacking(what: str, extra: str, where: str) -> CrumpleError:
    return CrumpleError(f"{what} is not installed", where=where, hint=f'Install it: pip install "crumple[{extra}]".')
