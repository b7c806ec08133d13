"""Systems that are HTTP services: each call is a request, or a job that is followed to its end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crumple.adapters import Prepared, Request
from crumple.adapters.http.polling import Follower, Job, Polling
from crumple.adapters.http.templates import Template
from crumple.adapters.reading import READERS, Misread, read
from crumple.adapters.refusal import check, compiled
from crumple.adapters.replies import one_line, own_fault
from crumple.adapters.service.errors import sentence, shared
from crumple.adapters.service.exchange import Exchange, Heard
from crumple.adapters.service.replies import failure, text_of
from crumple.adapters.service.terms import Terms
from crumple.adapters.service.transport import Line, Transport
from crumple.errors import CrumpleError
from crumple.outcome import Ending, Reply
from crumple.truth import ABSENT, lookup
from crumple.urls import place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSystem:
    """A service, what is sent to it, and how its answer is read; pickled to every lane.

    Attributes:
        root: the configuration file's folder.
        template: what is sent.
        terms: how it is called: time, concurrency, rate, retries.
        reads: how the answer is read: "json", "text", "csv" or "bytes".
        answer: JSON pointer of the answer in what the service sends; "" for all of it.
        retry: "safe" or "any": whether what was sent may be sent again whatever became of it.
        refuses: by what the system refuses: statuses, and conditions that its whole answer is held against.
        polling: how a job is followed; None where the first answer is the answer.
    """

    root: Path
    template: Template
    terms: Terms = field(default_factory=Terms)
    reads: str = "json"
    answer: str = ""
    retry: str = "safe"
    refuses: tuple[object, ...] = ()
    polling: Polling | None = None

    def __post_init__(self) -> None:
        self.template.check()
        if self.reads not in READERS:
            raise CrumpleError(f"there is no {self.reads!r}", where="[system] reads", got=self.reads, allowed=READERS)
        if self.answer and self.reads != "json":
            raise CrumpleError(
                f"{self.answer!r} points into JSON, and the answer is read as {self.reads}", where="[system] answer"
            )
        check(self.refuses, "service")
        if self.polling is not None:
            self.polling.check()
        self.terms.check(self.root)

    @property
    def longest(self) -> float:
        """Seconds that one call may take at the most, with all its retries and all waiting for them."""
        return self.terms.longest

    @property
    def concurrency(self) -> int:
        """How many calls may be out at a time."""
        return self.terms.concurrency

    def sees(self, view: type) -> bool:
        """Whether damage made in this view is in the request: all of it, but where only text is sent."""
        return self.template.sees(view)

    def version(self) -> str:
        """The service's URL without credentials and query: what it runs cannot be seen from outside."""
        return place_of(self.template.url)

    def divided(self, lanes: int) -> HttpSystem:
        """The same with a lane's share of the concurrency and the rate."""
        return replace(self, terms=self.terms.divided(lanes))

    def adapter(self, scratch: Path) -> HttpAdapter:
        """An adapter for one lane; it needs no files."""
        return HttpAdapter(self)


class HttpAdapter:
    """Calls a service, with many calls out at a time."""

    def __init__(self, system: HttpSystem) -> None:
        """Prepare; `start` connects."""
        self._system = system
        self._refusals = compiled(system.refuses, system.root, "service")
        self._transport = Transport(system.terms.of(system.root, self._refusals.codes))

    def start(self) -> None:
        """Try one connection.

        Raises:
            CrumpleError: httpx is not installed, or `ca` cannot be read.
            VoidRunError: the service cannot be reached.
        """
        self._transport.start(self._system.template.url)

    def prepare(self, request: Request) -> Prepared:
        """Make the request.

        Raises:
            NotApplicable: text is sent, and the document is none.
        """
        repeatable = self._system.retry == "any" or self._system.template.method == "GET"
        exchange, form = self._system.template.exchange(request, repeatable=repeatable)
        return Prepared(exchange, None if form is None else form.seen)

    @property
    def room(self) -> int:
        """How many more calls may be sent now."""
        return self._transport.room

    def send(self, prepared: Prepared) -> None:
        """Begin a call."""
        exchange: Exchange = prepared.message

        async def talk(line: Line) -> Job:
            if self._system.polling is None:
                return Job(await line.ask(exchange), "done")
            return await Follower(self._system.polling, line, self._system.terms.timeout).job(exchange)

        self._transport.send(prepared, talk)

    def arrived(self, timeout: float) -> list[tuple[Prepared, Reply]]:
        """The replies that are there; waits for the first at most `timeout` seconds."""
        return [(prepared, self._reply(outcome)) for prepared, outcome in self._transport.arrived(timeout)]

    def close(self) -> None:
        """End every connection."""
        self._transport.close()

    def _reply(self, outcome: Job | Exception) -> Reply:
        if isinstance(outcome, Exception):
            return own_fault(outcome)
        try:
            return self._read(outcome)
        except Exception as error:  # noqa: BLE001 - whatever an answer holds, the lane lives
            return own_fault(error)

    def _read(self, job: Job) -> Reply:
        heard = job.heard
        answer: Any = None
        misread: Misread | None = None
        if heard.whole:
            try:
                answer = read(heard.body, self._system.reads)
            except Misread as error:
                answer, misread = heard.body.decode("utf-8", "replace"), error
            try:
                entry = self._refused_by(job, answer)
            except CrumpleError as error:
                return own_fault(error)
            if entry:
                return _refused(heard, entry)
        failed = failure(heard)
        if failed is not None:
            return failed
        if job.stands != "done":
            return _crashed(heard, *_unfinished(job))
        if misread is not None:
            return _crashed(heard, misread.why, misread.kind)
        found = lookup(answer, self._system.answer) if self._system.answer else answer
        if found is ABSENT:
            what = f"the answer has nothing at {self._system.answer}"
            return _crashed(heard, what, what)
        return Reply(Ending.ANSWERED, found, seconds=heard.seconds, attempts=heard.attempts)

    def _refused_by(self, job: Job, answer: Any) -> str:
        """What makes a whole answer a refusal, whatever its status; "" where nothing does.

        Raises:
            CrumpleError: a user's function has raised.
        """
        if job.heard.status in self._refusals.codes:
            return f"status {job.heard.status}"
        if job.stands == "refused":
            return "the job was refused"
        entry = self._refusals.answer(answer) if self._refusals.conditions else ""
        return f"answer: {entry}" if entry else ""


def _unfinished(job: Job) -> tuple[str, str]:
    """Why a job brought nothing, in one line, and what such jobs have in common."""
    if job.problem:
        return job.problem, job.problem
    said = sentence(job.heard.body)
    return f"the job has failed: {said}", f"the job has failed: {shared(said)}"


def _crashed(heard: Heard, cause: str, kind: str) -> Reply:
    detail = text_of(heard.body)
    return Reply(Ending.CRASHED, None, one_line(cause), kind, detail, heard.seconds, attempts=heard.attempts)


def _refused(heard: Heard, entry: str) -> Reply:
    detail = text_of(heard.body)
    return Reply(Ending.REFUSED, None, entry, entry, detail, heard.seconds, attempts=heard.attempts)
