"""Truth files from the system's own clean answers, for a person to correct: asked for, agreed on, written."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from crumple.case import Case, Corpus, Entry
from crumple.clean import STAND_IN_CALLS, Standard, standard
from crumple.corpora import Tagged, WithoutTruth, streamed
from crumple.errors import CrumpleError
from crumple.execution.executor import Executor
from crumple.files import replace_file
from crumple.outcome import Outcome
from crumple.result import Result, Work
from crumple.truth import ABSENT, Truth

STAND_IN, TRUTH = "$stand_in", "$truth"
_NOTE: Final = "What the system itself says of the clean document, right or wrong. Correct it, then remove this entry."


@runtime_checkable
class Folder(Protocol):
    """A corpus whose cases can be given truth files."""

    def truth_file(self, case_id: str) -> tuple[Path, bool]:
        """Where a truth for a case is written, and whether its truth, if it has one, stands there."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A corpus as if nobody had said what is right.

    Attributes:
        corpus: where cases come from.
    """

    corpus: Corpus

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.corpus.name

    def entries(self) -> Sequence[Entry]:
        """Every case's entry, without truth."""
        return [replace(each, has_truth=False) for each in self.corpus.entries()]

    def load(self, case_id: str) -> Case:
        """The case itself, without truth."""
        return replace(self.corpus.load(case_id), truth=ABSENT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written, and what stays as it is.

    Attributes:
        files: case's id -> where its truth is written.
        kept: case's id -> why its truth is left alone.
    """

    files: Mapping[str, Path]
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a case's clean answers came to.

    Attributes:
        case: the case's id.
        file: where it belongs.
        truth: what the answers agree on; ABSENT where that is nothing.
        left_out: pointers of the fields that they differ in.
        why_not: why there is no stand-in; "" where there is one.
        void: whether that is no fault of the system.
    """

    case: str
    file: Path
    truth: Truth = ABSENT
    left_out: tuple[str, ...] = ()
    why_not: str = ""
    void: bool = False


def wanted(corpus: Corpus, *, everything: bool = False, force: bool = False) -> Wanted:
    """Which cases are to be given a truth file.

    Args:
        corpus: a folder's.
        everything: also those whose own truth file a person has written or corrected; only with `force`.
        force: whether stand-ins that nobody has corrected yet are written anew.

    Raises:
        CrumpleError: it is not a folder's.
    """
    folder = corpus
    while isinstance(folder, (Tagged, WithoutTruth)):
        folder = folder.corpus
    if streamed(folder):
        raise CrumpleError(
            f"{corpus.name} is elsewhere, and truths are written beside the documents of a folder here",
            where="[corpus] path",
            hint="Copy some documents into a folder, draft their truths there, and copy these back.",
        )
    if not isinstance(folder, Folder):
        raise CrumpleError(
            f"{corpus.name} is generated, and knows the right answers itself",
            where="[corpus]",
            hint="`crumple truth` is for a folder of your own documents, [corpus] path.",
        )
    files: dict[str, Path] = {}
    kept: dict[str, str] = {}
    for entry in corpus.entries():
        file, own = folder.truth_file(entry.id)
        if not entry.has_truth:
            files[entry.id] = file
        elif not own:
            kept[entry.id] = "its truth stands elsewhere"
        elif force and (everything or entry.stand_in):
            files[entry.id] = file
        else:
            kept[entry.id] = "it has a stand-in already" if entry.stand_in else "it has a truth"
    return Wanted(files, kept)


def stand_ins(executor: Executor, files: Mapping[str, Path]) -> Iterator[StandIn]:
    """What the system says of each case, as soon as its clean calls are back.

    Args:
        executor: started, with a corpus that is `Untold`.
        files: as in `Wanted`.
    """
    works = [
        Work(number, case, key=f"clean/{case}/{again}", pass_mark=1.0)
        for number, (case, again) in enumerate((case, again) for case in files for again in range(STAND_IN_CALLS))
    ]
    executor.put(works)
    results: dict[str, list[Result]] = {}
    left = len(works)
    while left:
        for result in executor.results(1.0):
            left -= 1
            case = result.work.case
            results.setdefault(case, []).append(result)
            if len(results[case]) == STAND_IN_CALLS:
                yield _of(case, files[case], results.pop(case))


def _of(case: str, file: Path, results: Sequence[Result]) -> StandIn:
    flawed = next((each for each in results if each.verdict is None or each.verdict.outcome is not Outcome.RIGHT), None)
    if flawed is not None:
        verdict = flawed.verdict
        if verdict is None:
            return StandIn(case, file, why_not=flawed.skipped)
        cause = f"{verdict.outcome}: {flawed.cause}" if flawed.cause else str(verdict.outcome)
        return StandIn(case, file, why_not=cause, void=verdict.outcome is Outcome.VOID)
    agreed: Standard | None = standard(results, 1.0)
    if agreed is None:
        said = [each.value for each in results]
        same = all(each == said[0] for each in said)
        return StandIn(case, file, why_not="its answer says nothing" if same else "its answers agree on nothing")
    try:
        text(agreed.stand_in, ())
    except ValueError as error:
        return StandIn(case, file, why_not=str(error))
    return StandIn(case, file, agreed.stand_in, agreed.unstable)


def text(truth: Truth, left_out: Sequence[str]) -> str:
    """The file's content: JSON that says what it is.

    Raises:
        ValueError: the answer holds what JSON in UTF-8 does not know.
    """
    mark: dict[str, Any] = {"note": _NOTE}
    if left_out:
        mark["left_out"] = list(left_out)
    inner: Mapping[str, Any] = truth if isinstance(truth, Mapping) else {TRUTH: truth}
    try:
        written = json.dumps({STAND_IN: mark, **inner}, ensure_ascii=False, indent=2, allow_nan=False)
        written.encode()
    except UnicodeEncodeError:
        raise ValueError("its answer holds bytes that are not text") from None
    except (ValueError, TypeError):
        raise ValueError("its answer holds a number that JSON does not know") from None
    return written + "\n"


def write(stand_in: StandIn, *, force: bool = False) -> None:
    """Write the file; one that is there only with `force`.

    Raises:
        CrumpleError: it cannot be written.
    """
    content = text(stand_in.truth, stand_in.left_out).encode()
    # Hidden, so that no corpus takes it for a document; and a file is there whole or not at all.
    beside = stand_in.file.with_name(f".{stand_in.file.name}~")
    try:
        if force:
            replace_file(stand_in.file, content)
            return
        beside.write_bytes(content)
        os.link(beside, stand_in.file)
    except FileExistsError:
        raise CrumpleError("it is there already", where=str(stand_in.file), hint="--force writes over it.") from None
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(stand_in.file)) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
