"""What goes on beside a night: its course is told what is known, and what it measured is compared with the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.cli.night_store import NightStore
    from crumple.cli.progress import Watcher
    from crumple.config.loading import Config
    from crumple.discretion import Discretion
    from crumple.events import Event
    from crumple.execution.executor import Executor
    from crumple.findings.keeping import Keeping
    from crumple.findings.status import Known
    from crumple.nightly.baseline import Baseline
    from crumple.nightly.course import Night
    from crumple.nightly.night import NightTally, Setting

WORSE, VOID, BROKEN, INTERRUPTED = 1, 4, 5, 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a night is carried out and compared with, read before it begins.

    Attributes:
        config: the configuration.
        assembly: made of it.
        baseline: None where there is none yet.
        cases: id -> digest of each case of the baseline as it is now.
        store: the night's.
        keeping: knows the findings, and writes how they stand.
        known: the findings.
    """

    config: Config
    assembly: Assembly
    baseline: Baseline | None
    cases: Mapping[str, str]
    store: NightStore
    keeping: Keeping
    known: Sequence[Known]


class NightCompanion:
    """Sits beside a night: tells it what is known, and compares it with the baseline.

    Attributes:
        document: the run's, once it is complete.
    """

    def __init__(self, course: Night, tally: NightTally, prepared: Prepared) -> None:
        """Beside this course."""
        self._course, self._tally, self._prepared = course, tally, prepared
        self._known: Sequence[Known] = ()
        self._info: Mapping[str, Any] = {}
        self.document: dict[str, Any] | None = None

    @property
    def discretion(self) -> Discretion:
        """What of the document may be shown, and what written down."""
        return self._prepared.assembly.spec.discretion

    @property
    def kind(self) -> str:
        """What the run is called among others."""
        return "night"

    def known(self) -> dict[str, Any]:
        """The findings that are there when the night begins, and what its new recipes are drawn from."""
        import secrets

        return {
            "findings": [each.to_json() for each in self._prepared.known],
            **self._prepared.store.mine,
            "fresh_seed": secrets.randbelow(1 << 31),
        }

    def begin(self, info: Mapping[str, Any]) -> None:
        """Tell the course what was known when the night began, though it may be another day now."""
        from crumple.findings.status import Known

        self._info = info
        known = info.get("known", {})
        self._known = [Known.from_json(each) for each in known.get("findings", ())]
        self._course.know(self._known, known.get("fresh_seed", 0))
        self._prepared.keeping.begin(info)
        self._prepared.store.close_others(str(info.get("id")))

    def watching(self, seconds: float | None) -> AbstractContextManager[Watcher]:
        """Progress, as of any run."""
        from crumple.cli.progress import watching

        return watching(seconds)

    def attended(self, executor: Executor) -> Executor:
        """Nobody sits there at night."""
        return executor

    def clock(self) -> float:
        """The clock of any run."""
        import time

        return time.monotonic()

    def take(self, event: Event) -> None:
        """Take one event in."""
        from crumple.undisturbed import undisturbed

        with undisturbed():  # a finding's folder is written whole
            self._prepared.keeping.take(event)
        self._tally.add(event)

    def complete(self, document: dict[str, Any]) -> None:
        """Put what the night came to into the run's document."""
        from crumple.soundness import void_reason

        self._prepared.keeping.close()
        ended = document["run"]["ended"]
        void = void_reason(document) or ("The system could not be reached any more." if ended == "outage" else "")
        document["night"] = self._tally.document(self._setting(), ended, void)
        self.document = document

    def nothing(self, info: Mapping[str, Any], why: str) -> dict[str, Any]:
        """The document of a night that could not even begin, for whoever is to be told of that.

        Args:
            info: what is known of it beforehand.
            why: what was in the way.
        """
        from crumple.mutation.registry import Registry
        from crumple.summary import Tally

        document = Tally(Registry({}), {**info, "kind": self.kind}).document(0.0)
        document["run"]["ended"] = "outage"
        document["void"]["causes"] = {why: 1}
        self.complete(document)
        return document

    def _setting(self) -> Setting:
        from crumple.kept import Elsewhere, find, place
        from crumple.nightly.night import Setting
        from crumple.project import project_folder

        beside = self._prepared
        past, met = beside.store.past(beside.baseline, self._info.get("settings", {}))
        settings = beside.config.settings
        documents = place(project_folder(beside.config.root), settings.privacy.documents, settings.storage.options)
        nightly = settings.nightly

        def kept(digest: str) -> str:
            from crumple.config.finding import shown

            if isinstance(documents, Elsewhere):
                return documents.find(digest) or ""
            path = find(documents, digest)
            return shown(path) if path is not None else ""

        return Setting(
            said=_said(beside.config, nightly.false_alarms),
            alpha=nightly.false_alarms,
            void_above=nightly.void_above,
            known=self._known,
            cases=beside.cases,
            changes=self._changes(),
            past=past,
            store=beside.store.store.where,
            met=met,
            happens=beside.keeping.line,
            kept=kept,
        )

    def _changes(self) -> Sequence[Mapping[str, str]]:
        from crumple.nightly.changes import Conditions, changes, machine_of, settings_of

        baseline, info, assembly = self._prepared.baseline, self._info, self._prepared.assembly
        if baseline is None:
            return ()
        used = assembly.plan.registry
        return changes(
            baseline,
            Conditions(
                system=str(info.get("system", "")),
                versions={name: str(each) for name, each in info.get("versions", {}).items()},
                machine=machine_of(info),
                settings=settings_of(assembly.plan, assembly.spec, int(info.get("corpus_cases", 0))),
                mutators={each: used.get(each).version for each in baseline.mutators if each in used.mutators},
                cases=self._prepared.cases,
            ),
        )

    def code(self, document: Mapping[str, Any], code: int) -> int:
        """1 where something got worse; a contract that is broken as it was is another matter."""
        from crumple.cli.carry_out import BROKEN as BROKEN_CONTRACT

        state = document["night"]["state"]
        if code == INTERRUPTED:
            return code
        if state == "worse":
            return WORSE
        if state == "void" or code == VOID:
            return VOID
        if self._prepared.store.trouble:
            return VOID
        if state == "no baseline":
            return 0
        return BROKEN if code == BROKEN_CONTRACT else 0


def _said(config: Config, alpha: float) -> str:
    """How often it may wake somebody for nothing, as it is written, or as it is by default."""
    written = config.source.value(("nightly", "false_alarms"))
    return written if isinstance(written, str) else f"{alpha * 365:.3g} a year"
