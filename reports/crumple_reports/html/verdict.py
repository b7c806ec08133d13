"""The top of the page: what came out, for whoever pays. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from crumple import Material, contract_state, excerpt, many_fail_clean, void_reason
from crumple_reports.comparison_words import answer_words, is_comparison, names_of, subject_of
from crumple_reports.content import content_of, discreet
from crumple_reports.examples import config_option
from crumple_reports.figures import count, cut_digests
from crumple_reports.headline import advice
from crumple_reports.html.attempts import Attempts
from crumple_reports.html.key_figures import KINDS, Figure, key_figures
from crumple_reports.night_words import day, pairs
from crumple_reports.parts import BAD, GOOD, OPEN, TOLD
from crumple_reports.worst import Worst, worst_of

_LINES: Final = 8
_LONG: Final = 120
_SENTENCE: Final = 2_000
_PAIRS: Final = "pairs of a mutator and cases"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page answers, for those who read no further.

    Attributes:
        question: what it is read for.
        words: the answer in a few words.
        state: BAD, OPEN, GOOD, or TOLD where nothing was to be kept.
    """

    question: str
    words: str
    state: str


_UNREAD: Final = Answer("What came out?", "It cannot be read from this document", OPEN)


def top_of(
    document: Mapping[str, Any], material: Material, attempts: Attempts, *, linked: Collection[str] = ()
) -> dict[str, Any]:
    """What stands above the sections.

    Args:
        document: with every part that its kind has.
        material: what may be shown of single calls.
        attempts: that make its parts.
        linked: the anchors of the sections that there are.
    """
    told = attempts.made("the verdict", partial(_told, document, material), _NOTHING_TOLD)
    nothing: list[Worst] = []
    none: list[Figure] = []
    worst = attempts.made("the list of the worst problems", partial(worst_of, document), nothing)
    return told | {
        "title": f"{_about(document)}: {told['answer'].words}",
        "figures": attempts.made("the list of figures", partial(key_figures, document), none),
        "worst": worst,
        "linked": "problems" in linked,
        "command": next((each.command for each in worst if each.command), ""),
        "needs": _needs(document) if worst else "",
    }


_NOTHING_TOLD: Final[dict[str, Any]] = {
    "subject": [],
    "answer": _UNREAD,
    "sentence": "What can be read of it is below.",
    "advice": [],
    "lines": [],
    "more_lines": 0,
}


def _told(document: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """The answer, with the sentences beside it."""
    content = content_of(document)
    answer = _answer(document, content.state, content.kind)
    return {
        "subject": _subject(document, content.subject, content.kind),
        "answer": answer,
        "sentence": excerpt(_beside(content.verdict, document, answer), _SENTENCE),
        "advice": list(_advice(document, material, content.kind)),
        "lines": [excerpt(each, _SENTENCE) for each in content.remarks[:_LINES]],
        "more_lines": max(0, len(content.remarks) - _LINES),
    }


def _beside(verdict: str, document: Mapping[str, Any], answer: Answer) -> str:
    """The verdict without the words that the answer has said."""
    said = f"The contract is {contract_state(document)}: "
    if not verdict.startswith(said) or said.strip(": ").lower() not in answer.words.lower():
        return verdict
    rest = verdict.removeprefix(said)
    return f"{rest[:1].upper()}{rest[1:]}"


def _about(document: Mapping[str, Any]) -> str:
    if is_comparison(document):
        return excerpt(" or ".join(names_of(document)), _LONG)
    return excerpt(str((document.get("run") or {}).get("project") or "crumple"), _LONG)


def _subject(document: Mapping[str, Any], subject: str, kind: str) -> list[str]:
    """Which run of what this is: its project, the system, the moment."""
    if kind == "compare":
        return subject_of(document)
    run = document.get("run") or {}
    parts = [
        {"night": "crumple nightly", "pytest": "crumple in pytest"}.get(kind, f"crumple {kind}"),
        str(run.get("project") or ""),
        subject,
        day(run["started"]) if run.get("started") else "",
        f"run {run['id']}" if run.get("id") else "",
    ]
    return [excerpt(cut_digests(each), _LONG) for each in parts if each]


def _answer(document: Mapping[str, Any], state: str, kind: str) -> Answer:
    return _ANSWERS.get(kind, _of_anything)(document, state)


def _of_anything(document: Mapping[str, Any], state: str) -> Answer:
    return Answer("What came out?", {BAD: "Not good", OPEN: "Not decided", GOOD: "Good"}.get(state, "See below"), state)


def _of_run(document: Mapping[str, Any], state: str) -> Answer:
    asked = "Would you sign off?"
    if void_reason(discreet(document)):
        return Answer(asked, "Nothing can be said: the run is void", OPEN)
    match contract_state(document):
        case "broken":
            return Answer(asked, "No: the contract is broken", BAD)
        case "undecided":
            return Answer(asked, "Not yet: the contract is undecided", OPEN)
        case "met":
            return Answer(asked, "Yes: the contract is met", GOOD)
    runs = sum(each["runs"] for each in document["categories"].values())
    if not runs:
        return Answer(asked, "Nothing can be said: nothing was measured", OPEN)
    return Answer(asked, "There is no contract to hold it to", TOLD)


def _of_night(document: Mapping[str, Any], state: str) -> Answer:
    night = document["night"]
    asked = "Did anything get worse?"
    if night["state"] == "worse":
        return Answer(asked, "Yes", BAD)
    words = {
        "better": "No, it got better",
        "no baseline": "Not known: there is no baseline yet",
        "void": "Not known: this night is void",
    }.get(str(night["state"]), "")
    if not words:
        words = "Nothing beyond chance" if _told_apart(document) else "Too little to tell"
    broken = ", and the contract is broken" if contract_state(document) == "broken" else ""
    open_ = night["state"] in {"no baseline", "void"} or words.startswith("Too")
    return Answer(asked, words + broken, BAD if broken else OPEN if open_ else GOOD)


def _told_apart(document: Mapping[str, Any]) -> bool:
    """Whether calls of degraded documents were compared, and enough of them."""
    rows = document["night"].get("categories") or ()
    damaged = [each for each in rows if each["category"] not in {"clean", "all"}] or rows
    return bool(pairs(document)[0]) and not all(each["state"] == "unknown" for each in damaged)


def _of_search(document: Mapping[str, Any], state: str) -> Answer:
    asked = "What breaks it?"
    if void_reason(discreet(document)):
        return Answer(asked, "Nothing can be said: the run is void", OPEN)
    search = document.get("search") or {}
    kinds = sum(each["state"] in KINDS for each in search.get("discoveries") or ())
    if kinds:
        return Answer(asked, f"{count(kinds, 'kind')} of failure", BAD)
    if not (search.get("explored") or {}).get("calls"):
        return Answer(asked, "Nothing was searched", OPEN)
    return Answer(asked, "Nothing that was found", TOLD)


def _of_points(document: Mapping[str, Any], state: str) -> Answer:
    asked = "From where on does it break?"
    rows = document["breaking_points"]
    broken = sum(each["state"] in {"breaks", "always"} for each in rows)
    if void_reason(discreet(document)):
        return Answer(asked, "Nothing can be said: the run is void", OPEN)
    if broken:
        kinds = any(each["kind"] for each in rows)
        what = count(len(rows), "pair of a mutator and cases" if kinds else "mutator", _PAIRS if kinds else "")
        return Answer(asked, f"It breaks under {broken:,} of {what}", BAD)
    known = any(each["state"] == "never" for each in rows)
    return Answer(asked, "Nowhere that it was tried" if known else "Not known", TOLD if known else OPEN)


def _of_session(document: Mapping[str, Any], state: str) -> Answer:
    asked = "Do the robustness tests pass?"
    if not document["items"]:
        return Answer(asked, "No test ran under crumple", OPEN)
    words = {BAD: "No", OPEN: "Not decided", GOOD: "Yes"}
    return Answer(asked, words.get(state, "Not known"), state)


def _of_comparison(document: Mapping[str, Any], state: str) -> Answer:
    return Answer("Which of the two fails less?", answer_words(document), state)


_ANSWERS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Answer]]] = {
    "run": _of_run,
    "night": _of_night,
    "fuzz": _of_search,
    "breaking-points": _of_points,
    "pytest": _of_session,
    "compare": _of_comparison,
}


def _advice(document: Mapping[str, Any], material: Material, kind: str) -> Iterator[str]:
    """What to change where a run says little, and what is to be said of a contract that is not there."""
    if kind in {"pytest", "compare"}:
        return
    if void_reason(discreet(document)) or many_fail_clean(document):
        lines = advice(document)
        # The first says what the system answered; what to change is in the last.
        yield from lines[-1:] if material.privacy == "figures" else lines
    elif kind == "run" and not document["contract"] and any(each["runs"] for each in document["categories"].values()):
        yield (
            "No contract says how much may fail. Limits are agreed on before the work begins, each a "
            "[[contract.limit]] in crumple.toml; with them this page says whether they are met."
        )


def _needs(document: Mapping[str, Any]) -> str:
    """What must be there for a line to be pasted."""
    if document.get("kind") == "pytest":
        return "Run it in the project's folder, where the tests are; it needs crumple and pytest installed."
    if config_option(document):
        where = "the folder that this was run in: the line names the configuration from there"
    else:
        project = _about(document)
        where = "the project's folder, where crumple.toml is" + (f" ({project})" if project != "crumple" else "")
    return f"Run it in {where}. It needs crumple installed, and what the system itself needs; it makes one call."
