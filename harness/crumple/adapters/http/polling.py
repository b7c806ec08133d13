"""Services that take a job and are asked later how it stands: sent, asked, fetched, and cancelled past the limit."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urljoin

from crumple.adapters.placeholders import check, filled, names
from crumple.adapters.service.exchange import Exchange, Fate, Heard
from crumple.adapters.service.retries import retry_after
from crumple.adapters.service.transport import Line
from crumple.errors import CrumpleError
from crumple.plain_text import excerpt
from crumple.truth import ABSENT, Truth, lookup, stands
from crumple.urls import same_host
from crumple.workers.limits import in_seconds

IN_URL: Final = ("id", "location")
_CANCELLING = 5.0
_SAID = 40


@dataclass(frozen=True, slots=True)
class State:
    """A way in which a job can stand: the value at a JSON pointer of the service's answer is one of these."""

    at: str
    among: tuple[Any, ...]

    def holds(self, answer: Any) -> bool:
        """Whether an answer says so."""
        return isinstance(answer, (Mapping, list)) and any(stands(answer, self.at, each) for each in self.among)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How a job is followed.

    Attributes:
        url: where it is asked for; {id} is the job's, {location} the Location header of the first answer.
        id: JSON pointer of the job's id in the first answer.
        every: seconds between two questions; a Retry-After goes first.
        done: when there is an answer.
        failed: when it has failed; None: never.
        refused: when the service says that it cannot; None: never.
        fetch: where the answer is; "": it is what was asked for last.
        cancel: what is sent a DELETE where the time limit ends the job; "": nothing.
    """

    url: str
    done: State
    id: str = "/id"
    every: float = 1.0
    failed: State | None = None
    refused: State | None = None
    fetch: str = ""
    cancel: str = ""

    def check(self) -> None:
        """Reject placeholders that there are none of.

        Raises:
            CrumpleError: with the key.
        """
        for key in ("url", "fetch", "cancel"):
            check(getattr(self, key), IN_URL, f"[system.poll] {key}")
        if not names([self.url]):
            raise CrumpleError(
                "every job would be asked for at one URL", where="[system.poll] url", hint='Like ".../jobs/{id}".'
            )


@dataclass(frozen=True, slots=True)
class Job:
    """How a job has ended.

    Attributes:
        heard: what the service said last, with the attempts of the first request and the seconds of all of it.
        stands: "done", "failed" or "refused"; "" where it was not followed to an end.
        problem: where the service has not kept to what is agreed, what is missing; it is the system's failure.
    """

    heard: Heard
    stands: str = ""
    problem: str = ""


class Follower:
    """Follows one job to its end."""

    def __init__(self, polling: Polling, line: Line, timeout: float) -> None:
        """Follow through `line`; `timeout` is seconds from when the job was taken."""
        self._polling = polling
        self._line = line
        self._timeout = timeout
        self._headers: tuple[tuple[str, str], ...] = ()
        self._service = ""
        self._words: dict[str, str] = {}
        self._stood: Truth = ABSENT

    async def job(self, exchange: Exchange) -> Job:
        """Send a job, follow it, and fetch its answer."""
        first = await self._line.ask(exchange)
        if not first.whole or first.status >= 400:
            return Job(first)
        began = time.monotonic() - first.seconds
        until = began + self._timeout
        self._service = exchange.url
        self._headers = tuple(pair for pair in exchange.headers if not pair[0].lower().startswith("content-"))
        job = self._named(first) or await self._followed(first, until)
        if job.heard.fate is Fate.HUNG:
            # Whichever question it was that time has run out at, it is the job that took too long.
            job = Job(self._late(job.heard))
            await self._cancel()
        # It was taken once; asking how it stands costs nothing. What ends a taken job may well be its document.
        lost = job.heard.fate in {Fate.UNREACHABLE, Fate.RESET}
        heard = replace(
            job.heard,
            attempts=first.attempts,
            seconds=time.monotonic() - began,
            doubtful=job.heard.doubtful or first.doubtful or lost,
        )
        return replace(job, heard=heard)

    def _named(self, first: Heard) -> Job | None:
        """Learn what the job is called; the end of it where it has no name."""
        answer, location = answer_of(first), first.headers.get("location", "")
        found = lookup(answer, self._polling.id) if isinstance(answer, (Mapping, list)) else ABSENT
        words = {}
        if isinstance(found, (str, int)) and not isinstance(found, bool) and found != "":
            words["id"] = str(found)
        if location:
            words["location"] = urljoin(first.url, location)
        missing = names([self._polling.url, self._polling.fetch, self._polling.cancel]) - words.keys()
        if missing and self._stands(first) == "":
            at = "Location header" if "location" in missing else f"job id at {self._polling.id or 'the top'}"
            return Job(first, problem=f"the answer has no {at}")
        self._words = words
        return None

    async def _followed(self, heard: Heard, until: float) -> Job:
        """Ask until it stands otherwise than waiting."""
        while True:
            stands = self._stands(heard)
            if stands == "done" and self._polling.fetch:
                if not names([self._polling.fetch]) <= self._words.keys():
                    return Job(heard, problem=f"the answer has no job id at {self._polling.id}")
                return Job(await self._line.ask(self._asking(self._polling.fetch), until=until), "done")
            if stands:
                return Job(heard, stands)
            asked = retry_after(heard.headers, time.time())
            wait = self._polling.every if asked is None else asked
            if time.monotonic() + wait >= until:
                await self._line.wait(max(0.0, until - time.monotonic()))
                return Job(replace(heard, fate=Fate.HUNG))
            await self._line.wait(wait)
            heard = await self._line.ask(self._asking(self._polling.url), until=until)
            if not heard.whole or heard.status >= 400:
                return Job(heard)

    def _stands(self, heard: Heard) -> str:
        answer = answer_of(heard)
        self._stood = lookup(answer, self._polling.done.at) if isinstance(answer, (Mapping, list)) else ABSENT
        states = ("refused", self._polling.refused), ("failed", self._polling.failed), ("done", self._polling.done)
        return next((name for name, state in states if state is not None and state.holds(answer)), "")

    def _late(self, heard: Heard) -> Heard:
        # A typing error in `done` looks like a service that hangs: what it said tells the two apart.
        at = self._polling.done.at
        said = f"nothing at {at}" if self._stood is ABSENT else f"{excerpt(json.dumps(self._stood), _SAID)} at {at}"
        cause = f"no answer within {in_seconds(self._timeout)}; the job was still not done, it had {said}"
        return Heard(Fate.HUNG, heard.status, heard.headers, heard.body, cause=cause, kind="time limit")

    def _asking(self, template: str) -> Exchange:
        """What asks at a URL of the job's; the service's own headers go to its own host alone."""
        words = self._words
        if template not in {"{id}", "{location}"}:  # a whole URL is taken as it is, a part of one is quoted
            words = {name: quote(each, safe="") if name == "id" else each for name, each in words.items()}
        url = urljoin(self._service, filled(template, words))
        headers = self._headers if same_host(self._service, url) else ()
        return Exchange("GET", url, headers, repeatable=True, counted=False)

    async def _cancel(self) -> None:
        """Tell the service that nobody waits any more; whether it hears that changes nothing."""
        if self._polling.cancel and names([self._polling.cancel]) <= self._words.keys():
            asking = replace(self._asking(self._polling.cancel), method="DELETE", repeatable=False)
            await self._line.ask(asking, until=time.monotonic() + _CANCELLING)


def answer_of(heard: Heard) -> Any:
    """An answer's JSON; None where it is none."""
    try:
        return json.loads(heard.body)
    except (ValueError, RecursionError):
        return None
