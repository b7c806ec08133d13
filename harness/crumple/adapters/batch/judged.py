"""In place of a system: gives each call the answer that was collected for its document."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

from crumple.adapters import Prepared, Request
from crumple.adapters.batch.answers import Answers, Said, collect
from crumple.adapters.batch.manifest import Exported, call_digest, read_manifest, request_digest
from crumple.adapters.generalised import general, last_line
from crumple.adapters.reading import Misread, read
from crumple.adapters.refusal import Refusals, check, compiled
from crumple.adapters.replies import answered, one_line
from crumple.errors import CrumpleError, NotApplicable
from crumple.outcome import Ending, Reply
from crumple.workers.limits import MIB, in_bytes

MISSING, EMPTY = "missing", "empty"
"""What `refuses` may name besides conditions: that a document has no answer, or an empty file for one."""
_LONGEST = 300.0
_LONGEST_DETAIL = 4000


def conditions(refuses: tuple[object, ...]) -> tuple[object, ...]:
    """What `refuses` names besides "missing" and "empty"."""
    return tuple(each for each in refuses if each not in (MISSING, EMPTY))


def check_refusals(refuses: tuple[object, ...]) -> None:
    """Reject what cannot be a refusal of a batch system.

    Raises:
        CrumpleError: with the entry.
    """
    for entry in conditions(refuses):
        if isinstance(entry, int) or (isinstance(entry, str) and ":" not in entry):
            raise CrumpleError(
                f"{entry!r} is no refusal of a batch system",
                where="[system] refuses",
                got=str(entry),
                allowed=[MISSING, EMPTY],
                hint='Or { answer = "/pointer", equals = ... }, { matches = "..." }, "module:function" of an answer. '
                "A file NAME.refused always is one.",
            )
    check(conditions(refuses))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSystem:
    """The answers to an export.

    Attributes:
        folder: what was exported.
        answers: where they are: a folder or a table.
        root: the configuration file's folder.
        refuses: as configured.
        reads: how files are read; "" is by their endings.
        largest: how many bytes an answer may have.
        made_by: the version of the system that has answered.
    """

    folder: Path
    answers: Path
    root: Path
    refuses: tuple[object, ...] = ()
    reads: str = ""
    largest: int = 64 * MIB
    made_by: str = ""

    def __post_init__(self) -> None:
        check_refusals(self.refuses)

    @property
    def longest(self) -> float:
        """Seconds that reading the list and one answer may take."""
        return _LONGEST

    @property
    def concurrency(self) -> int:
        """One in each lane."""
        return 0

    def sees(self, view: type) -> bool:
        """A batch system was given files: it has seen all damage."""
        return True

    def version(self) -> str:
        """That of the system which has answered, as far as it is known."""
        return self.made_by

    def divided(self, lanes: int) -> JudgedSystem:
        """Each lane reads for itself."""
        return self

    def adapter(self, scratch: Path) -> JudgedAdapter:
        """An adapter for one lane."""
        return JudgedAdapter(self)


class JudgedAdapter:
    """Looks each call's answer up."""

    def __init__(self, system: JudgedSystem) -> None:
        """Take the description; `start` reads."""
        self._system = system
        self._refusals = compiled(conditions(system.refuses), system.root)
        self._salt = ""
        self._calls: dict[str, Exported] = {}
        self._answers = Answers(place=system.answers)
        self._out: deque[str] = deque()

    def start(self) -> None:
        """Read what was exported, and find the answers.

        Raises:
            CrumpleError: one of them cannot be read.
        """
        manifest = read_manifest(self._system.folder)
        self._salt = manifest.salt
        self._calls = {each.call: each for each in manifest.documents}
        self._answers = collect(self._system.answers, [each.name for each in manifest.documents])

    def prepare(self, request: Request) -> Prepared:
        """The name of the call's document.

        Raises:
            NotApplicable: no document was exported for this call.
            CrumpleError: it was another one.
        """
        exported = self._calls.get(call_digest(self._salt, request.key))
        if exported is None:
            raise NotApplicable("no document was exported for it")
        if exported.digest != request_digest(request):
            raise CrumpleError(
                "what was exported for this call is not what would be exported now",
                where=str(self._system.folder),
                hint="A mutator, a library or the corpus has changed since: export anew.",
            )
        return Prepared(exported.name)

    def send(self, prepared: Prepared) -> None:
        """Remember which answer is wanted."""
        self._out.append(prepared.message)

    def receive(self) -> Reply:
        """The answer."""
        name = self._out.popleft()
        return reply_to(name, self._answers, self._refusals, self._system)

    def close(self) -> None:
        """Nothing needs to be ended."""


def reply_to(name: str, answers: Answers, refusals: Refusals, system: JudgedSystem) -> Reply:
    """What was collected for a document, as a reply."""
    said = answers.get(name, system.largest, system.reads)
    if said is None:
        ending = Ending.REFUSED if MISSING in system.refuses else Ending.CRASHED
        return Reply(ending, cause=f"no answer to {name}", kind="no answer")
    if said.flaw:
        return Reply(Ending.VOID, cause=f"the answer cannot be read: {said.flaw}", kind="answer cannot be read")
    if said.size:
        cause = f"an answer of {in_bytes(said.size)}, over {in_bytes(system.largest)}"
        return Reply(Ending.EXHAUSTED, cause=cause, kind="output limit", seconds=said.seconds)
    if said.how != "answer":
        return _told(name, said)
    if said.content in (b"", "", None) and EMPTY in system.refuses:
        return Reply(Ending.REFUSED, cause="an empty answer", kind="an empty answer", seconds=said.seconds)
    if not isinstance(said.content, bytes):
        return answered(refusals, said.content, "", said.seconds)
    try:
        return answered(refusals, read(said.content, said.reads), "", said.seconds)
    except Misread as misread:
        return Reply(Ending.CRASHED, cause=one_line(misread.why), kind=misread.kind, seconds=said.seconds)


def _told(name: str, said: Said) -> Reply:
    """A refusal or a failure in the system's own words, of which the bucket keeps what does not vary."""
    content = said.content
    words = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    text = words if isinstance(words, str) else ""
    what = "refused" if said.how == "refused" else "failed"
    # Of a traceback the last line says it.
    last = one_line(last_line(text))
    cause, kind = (f"{what}: {last}", f"{what}: {general(last, [(name, 'NAME')])}") if last else (what, what)
    ending = Ending.REFUSED if said.how == "refused" else Ending.CRASHED
    detail = text.strip()[-_LONGEST_DETAIL:] if "\n" in text.strip() else ""
    return Reply(ending, None, cause, kind, detail, said.seconds)
