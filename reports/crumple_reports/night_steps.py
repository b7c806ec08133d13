"""What to do after a night, step by step, each with the commands that do it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crumple import quoted, visible, void_reason
from crumple_reports.examples import config_option
from crumple_reports.figures import count
from crumple_reports.night_words import ALL, CLEAN, changes, drifting, failing_again, to_look_at, worse_rows


@dataclass(frozen=True, slots=True)
class Advised:
    """One step.

    Attributes:
        text: what to do, and what it shows.
        commands: what to paste into a shell for it.
    """

    text: str
    commands: tuple[str, ...] = ()


def steps(document: Mapping[str, Any]) -> list[Advised]:
    """What whoever reads this is to do now, and what can wait. Empty where there is nothing to do."""
    night = document.get("night") or {}
    made = {"worse": _worse, "void": _void, "better": _better, "no baseline": _first}.get(str(night.get("state")))
    return made(document) if made is not None else []


def _worse(document: Mapping[str, Any]) -> list[Advised]:
    config = config_option(document)
    return [
        Advised(
            "Reproduce: paste a replay line. It calls the system with that very document, and ends with 1 where it "
            "fails. One that passes for you failed for something that your machine does not have, or by chance."
        ),
        Advised(f"Hold until morning. {_hold(document)}"),
        _morning(document),
        Advised(
            "Accept nothing at night. That is for daylight: it has a name and a reason, and an acceptance ends. A "
            "finding that is to be left for a while, or new answers that are what is wanted:",
            (
                f"crumple accept{config} ID --reason 'WHY' --until 30d --by 'NAME'",
                f"crumple baseline{config} {_run(document)} --reason 'WHY' --by 'NAME'",
            ),
        ),
    ]


def _hold(document: Mapping[str, Any]) -> str:
    """What keeps it from reaching more people, and what to ask before somebody is got up."""
    system = next((each for each in changes(document) if each[0] == "system"), None)
    if system is not None:
        who = f"The system is another one: {system[1]} in the baseline, {system[2]} tonight. Release no further with it"
    else:
        who = "Release no further until somebody has seen why"
    silent = sum(each["now"] == "wrong" for each in to_look_at(document))
    if not silent:
        return f"{who}."
    shown = len(to_look_at(document))
    which = f"{silent} of the {count(shown, 'document')} above" if silent < shown else "What is shown above"
    verb = "are" if 1 < silent < shown else "is"
    return f"{who}. {which} {verb} wrong without a complaint: where nobody reads the answers, that may not wait."


def _morning(document: Mapping[str, Any]) -> Advised:
    """What is opened by day: a search makes a cause small, unless it shows on clean documents or is known."""
    config = config_option(document)
    rows = [*worse_rows(document), *drifting(document)]
    use = dict.fromkeys(str(each["category"]) for each in rows if each["category"] not in {ALL, CLEAN})
    found = f"crumple findings{config}"
    if use or any(each["category"] == ALL for each in rows):
        only = f" --use {quoted(','.join(use))}" if use else ""
        searched = f"crumple fuzz{config}{only} --time 30m"
        return Advised(
            "Open the finding, in the morning: each cause made small, and kept in findings/.", (searched, found)
        )
    if failing_again(document):
        return Advised("In the morning: findings/ has a page on each finding, with what it takes to see it.", (found,))
    return Advised("In the morning mend it, and replay again: what fails here needs no search to be made small.")


def _run(document: Mapping[str, Any]) -> str:
    return quoted(str(document["run"].get("id", "latest")))


def _void(document: Mapping[str, Any]) -> list[Advised]:
    config = config_option(document)
    ended = document["run"].get("ended")
    if ended == "interrupted":
        return [Advised("The same command goes on where it stopped.", (f"crumple nightly{config}",))]
    if not document["void"]["calls"]:
        quiet = Advised("Nobody need get up: nothing is known to be worse.")
        if ended in {"time", "cost"}:
            what = "time" if ended == "time" else "money"
            return [quiet, Advised(f"By day: allow it more {what}, or fewer [nightly] calls; nothing was reached.")]
        return [
            quiet,
            Advised(
                "By day: see below why nothing can be compared. Bring back the corpus of the baseline, or make a new "
                "run, look at it, and make it the baseline.",
                (f"crumple run{config}", f"crumple baseline{config} latest --reason 'WHY' --by 'NAME'"),
            ),
        ]
    return [
        Advised(
            "Nobody need get up for the quality: nothing is known to be worse. crumple could not reach the system from "
            "where it runs; whether it is down for everybody, its own monitoring says."
        ),
        Advised(
            "When it is reachable again, the same command goes on; what came back is not called again."
            if void_reason(document) or ended == "outage"
            else "When it is reachable again, the same command begins anew: this night came to its end.",
            (f"crumple nightly{config}",),
        ),
    ]


def _better(document: Mapping[str, Any]) -> list[Advised]:
    return [
        Advised(
            "To hold what was won, by day: from then on nights are compared with this one.",
            (f"crumple baseline{config_option(document)} {_run(document)} --reason 'WHY' --by 'NAME'",),
        )
    ]


def _first(document: Mapping[str, Any]) -> list[Advised]:
    if document["run"].get("ended") in {"interrupted", "outage", "all fail clean"}:
        return [Advised("This night is not to be the baseline: it did not come to its end.")]
    return [
        Advised(
            "Once somebody has looked at the report below, make this night what the next ones are compared with:",
            (f"crumple baseline{config_option(document)} {_run(document)} --reason 'WHY' --by 'NAME'",),
        )
    ]


def case_of(example: Mapping[str, Any]) -> str:
    """The document that an example is about, made visible."""
    return visible(str(example["replay"]).partition(" > ")[0])
