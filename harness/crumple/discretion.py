"""What of a result may leave a lane, and what of it may be written down. Pure.

Two lines are drawn. Nothing that leaves a lane holds a secret or a redacted value, so that nobody behind it need
think of them: not the screen, not the store, not a report. And of what the screen may show in full, the store gets only
what `[privacy] store` allows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from crumple.masking import mask_of
from crumple.outcome import Outcome, Verdict
from crumple.redaction import BLACK, holds, redacted, redacted_answer, redacting
from crumple.result import Result
from crumple.truth import ABSENT, Json, Truth

_QUOTED = re.compile(r"(?<!\w)(?:'[^']*'|\"[^\"]*\"|`[^`]*`|[“„«][^”“»]*[”“»])(?!\w)")
_NUMBER = re.compile(r"\d{5,}")
# In what is void: a status, an exit code or an exception, behind which stands what somebody else has said of it.
_SAID = re.compile(r"\b(status \d+|exit code \d+|[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)): .*", re.DOTALL)
_OTHER_LABEL = "(another)"
# Keys of a run's document under which texts of one call stand, by what becomes of them.
_DROPPED = frozenset({"expected", "answer", "detail"})
_GENERAL = frozenset({"cause", "fingerprint", "fingerprints", "shows"})
# Keys of what was found before and called again: what happens then, and why that is told, are in a system's words.
_FOUND = frozenset({"finding", "findings", "replayed"})
_ANOTHER = "another failure: "
# What stands below these is found by names that somebody chose, and "table" or "answer" may be one of them.
_NAMED = frozenset({"categories", "mutators", "controls", "levels", "outcomes", "figures", "damaged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """What the team wants kept to itself.

    Attributes:
        secrets: values that came from the environment, by the names of their variables; never shown.
        redact: JSON pointers of fields whose values are blacked out before anything is stored or shown.
        store: what is written down: "recipe", "failing" or "all".
    """

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    redact: tuple[str, ...] = ()
    store: Literal["recipe", "failing", "all"] = "failing"

    def keeps(self, *, failed: bool) -> bool:
        """Whether a call's document is kept; never where fields are redacted, for it holds them."""
        return not self.redact and (self.store == "all" or (self.store == "failing" and failed))

    def truth(self, truth: Truth) -> Truth:
        """A truth as it may be shown."""
        return redacted(truth, self.redact) if self.redact else truth

    def answer(self, answer: Json | bytes) -> Json | bytes:
        """An answer as it may be shown."""
        return redacted_answer(answer, self.redact) if self.redact else answer

    def discreet(self, result: Result, *truths: Truth) -> Result:
        """A result as it may leave its lane: secrets masked, redacted values blacked out, wherever a text quotes them.

        `value`, the whole answer that is to stand in for a truth, stays as it is: it is compared with, and never
        shown; `stored` keeps it from being written down.

        Args:
            result: its excerpts were made of what `truth` and `answer` returned.
            truths: whose values at the redacted places are looked for.
        """
        verdict = result.verdict
        if verdict is not None and verdict.fingerprint and self.store == "recipe":
            # Before anything is counted, so that a resumed run has the buckets of an uninterrupted one.
            verdict = replace(verdict, fingerprint=general(verdict.fingerprint))
        if not self.secrets and not self.redact:
            return result if verdict is result.verdict else replace(result, verdict=verdict)
        texts = (result.skipped, result.cause, result.detail, result.expected, result.answer)
        if not any(texts) and (verdict is None or not (verdict.fingerprint or verdict.labels)):
            return result
        clean = self._cleaner(truths)
        skipped, cause, detail, expected, answer = map(clean, texts)
        if verdict is not None:
            labels = verdict.labels
            if labels is not None:
                labels = (self._label(labels[0], clean), self._label(labels[1], clean))
            verdict = replace(verdict, fingerprint=clean(verdict.fingerprint), labels=labels)
        return replace(
            result, verdict=verdict, skipped=skipped, cause=cause, detail=detail, expected=expected, answer=answer
        )

    def _label(self, label: str, clean: Callable[[str], str]) -> str:
        return BLACK if label and "" in self.redact else clean(label)

    def _cleaner(self, truths: Sequence[Truth]) -> Callable[[str], str]:
        mask = mask_of(self.secrets)
        if not self.redact:
            return mask
        redact = redacting(truths, self.redact)
        return lambda text: redact(mask(text))

    def stored(self, result: Result) -> Result:
        """A result as it may be written down.

        Without `value` where that may not be: what a clean call of a case without truth has answered. It is called
        again where a run goes on, for it is what other answers are compared with.
        """
        if result.value is not ABSENT and (self.store == "recipe" or holds(result.value, self.redact)):
            result = replace(result, value=ABSENT)
        if self.store != "recipe":
            return result
        void = result.verdict is not None and result.verdict.outcome is Outcome.VOID
        return replace(
            result,
            verdict=None if result.verdict is None else _without_labels(result.verdict),
            skipped=_unquoted(result.skipped),
            cause=general(result.cause, void=void),
            detail="",
            expected="",
            answer="",
        )

    def stored_document(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """A run's document as it may be written down."""
        shown = self.shown_document(document)
        return shown if self.store != "recipe" else _cut(shown)

    def shown_document(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """A run's document as it may be shown: what did not come out of a lane, such as a version, is masked too."""
        return dict(mask_of(self.secrets).deep(document))


def figures_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """A run's document without any text of a document or an answer, as the store has it with `store = "recipe"`."""
    return {name: _cut_field(str(name), item) for name, item in document.items()}


def general(text: str, *, void: bool = False) -> str:
    """What remains of a cause or a fingerprint where nothing of a document may: its kind, without what it quotes.

    What systems and their exceptions say stands behind a colon: "ValueError", "exit code 3", "status 500". What is
    void is crumple's own words, up to such a colon.
    """
    kind, colon, _ = text.partition(": ")
    if colon and (not void or " " not in kind):
        return kind
    return _unquoted(_SAID.sub(r"\1", text) if void else text)


def _unquoted(text: str) -> str:
    return _NUMBER.sub("N", _QUOTED.sub("'…'", text))


def _without_labels(verdict: Verdict) -> Verdict:
    """Labels are the team's own words; what was answered instead of one may be any text."""
    if verdict.labels is None or verdict.labels[0] == verdict.labels[1]:
        return verdict
    return replace(verdict, labels=(verdict.labels[0], _OTHER_LABEL))


def _cut(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _cut_field(str(name), item) for name, item in value.items()}
    return [_cut(item) for item in value] if isinstance(value, (list, tuple)) else value


def _cut_field(name: str, value: Any) -> Any:
    if name in _NAMED and isinstance(value, Mapping):
        return {key: _cut(item) for key, item in value.items()}
    if name in _DROPPED and isinstance(value, str):
        return ""
    if name in _GENERAL and isinstance(value, (str, list, tuple)):
        return general(value) if isinstance(value, str) else [_cut_field(name, each) for each in value]
    if name in _FOUND and isinstance(value, (Mapping, list, tuple)):
        return _cut_finding(value) if isinstance(value, Mapping) else [_cut_field(name, each) for each in value]
    if name == "reason" and isinstance(value, str):
        return _unquoted(value)
    if name == "causes" and isinstance(value, Mapping):
        return _summed((general(str(cause), void=True), times) for cause, times in value.items())
    if name == "table" and isinstance(value, Mapping):
        return {truth: _summed(_own(value, row)) for truth, row in value.items()}
    return _cut(value)


def _cut_finding(found: Mapping[str, Any]) -> dict[str, Any]:
    cut = {name: _cut_field(str(name), item) for name, item in found.items()}
    if isinstance(found.get("what"), str):
        cut["what"] = ""
    if isinstance(found.get("why"), str):
        another, failure = found["why"].startswith(_ANOTHER), found["why"].removeprefix(_ANOTHER)
        cut["why"] = f"{_ANOTHER}{general(failure)}" if another else general(failure, void=True)
    return cut


def _own(labels: Mapping[str, Any], row: Any) -> Any:
    """A row without the words of an answer that is none of the labels, which are the team's own."""
    cells = row.items() if isinstance(row, Mapping) else ()
    return ((answer if answer in labels or not answer else _OTHER_LABEL, times) for answer, times in cells)


def _summed(pairs: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, times in pairs:
        found[name] = found.get(name, 0) + (times if isinstance(times, int) else 0)
    return found
