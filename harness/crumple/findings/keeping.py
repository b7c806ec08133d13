"""Findings as files, beside a run: what was found before, and what the run's events say of it. Does I/O."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from crumple.case import Corpus
from crumple.config.loading import Config
from crumple.discretion import Discretion
from crumple.errors import in_words
from crumple.events import Discovered, Discovery, Ended, Event, Replayed
from crumple.execution.calls import CaseShelf
from crumple.findings.finding import Finding, id_of
from crumple.findings.folder import Folder, named
from crumple.findings.held import Held
from crumple.findings.making import Setting, again, environment_of, finding_of, id_for, marks_of, taken_over
from crumple.findings.papers import keeps_documents, papers_of
from crumple.findings.status import Known
from crumple.findings.told import told
from crumple.findings.words import what_happens
from crumple.mutation.registry import Registry

_KEPT = frozenset({"minimised", "not minimised", "flaky"})
_SMALL = frozenset({"minimised", "flaky"})
_GONE = frozenset({"explained", "not reproduced"})
"""No findings: a mixture of others; what failed once and never again may be any call's bad luck."""


class Keeping:
    """The findings of a project while calls are made: `known`, then `begin`, then `take` for every event, then `close`.

    Attributes:
        ids: a discovery's number -> the id of its finding, as far as it has one; of those that are explained, none.
        new: ids of the findings that nobody knew before this run; those that were fixed and fail again are not new.
        again: ids of those that were fixed before, and fail again.
        statuses: id -> what replaying it said in this run.
    """

    def __init__(
        self,
        config: Config,
        corpus: Corpus,
        registry: Registry,
        discretion: Discretion,
        *,
        writes: bool = True,
        say: Callable[[str], None] = lambda line: None,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        """Nothing is read or written yet.

        Args:
            config: findings are in `findings/` beside it.
            corpus: where cases come from (`assembly.plan.corpus`).
            registry: every mutator that a recipe may name (`assembly.registry`).
            discretion: what may be shown (`assembly.spec.discretion`).
            writes: whether files are written at all.
            say: told of troubles, one line each.
            today: for dates.
        """
        self.ids: dict[int, str] = {}
        self.new: set[str] = set()
        self.again: set[str] = set()
        self.statuses: dict[str, str] = {}
        self._held = Held(Folder(config.root), writes=writes, say=say)
        self._cases = CaseShelf(corpus)
        self._setting = Setting(
            root=config.root,
            registry=registry,
            discretion=discretion,
            full=keeps_documents(config),
            config=named(config.path),
        )
        self._today = today
        self._last: dict[int, Discovery] = {}
        self._unsettled: dict[int, Discovery] = {}

    @property
    def troubles(self) -> list[str]:
        """What could not be read or written, each a sentence for the user; said once, as it comes."""
        return self._held.troubles

    def has_written(self, name: str) -> bool:
        """Whether a finding is in its folder as it is now."""
        return name not in self._held.lost

    def known(self) -> list[Known]:
        """Every finding of this configuration: open, accepted and fixed; an acceptance that is over counts as open.

        What cannot be read is said, and left as it is.

        Raises:
            CrumpleError: `findings` is there and is no folder.
        """
        self._held.read()
        own = self._setting.config
        return [each.known(self._today()) for each in self._held.findings.values() if each.config == own]

    def begin(self, info: Mapping[str, Any]) -> None:
        """The run begins, or goes on.

        Args:
            info: what is known of it: "id", "versions" and "system".
        """
        self._held.read()
        self._setting = replace(
            self._setting,
            run=str(info.get("id") or ""),
            environment=environment_of(info, platform.platform(terse=True)),
        )

    def take(self, event: Event) -> None:
        """Write what an event says; others than `Discovered`, `Replayed` and `Ended` are ignored. Raises nothing."""
        try:
            match event:
                case Discovered(discovery):
                    self._discovered(discovery)
                case Replayed():
                    self._replayed(event)
                case Ended():
                    self.close()
        except Exception as error:  # noqa: BLE001 - the run goes on: what it found is in the store as well
            self._held.trouble(f"a finding could not be kept: {in_words(error)}")

    def close(self) -> None:
        """Write what is not written yet (how often findings were met); also after an interruption."""
        for discovery in list(self._unsettled.values()):
            self._reopen(discovery, self._held.findings[discovery.known])
        self._held.flush()

    def still_open(self) -> list[str]:
        """Ids of the findings that this run has met or replayed, and that are open now: with any it ends with 1.

        Accepted ones are not among them, unless their acceptance is over.
        """
        met = {*self.ids.values(), *self.statuses}
        today = self._today()
        return [
            each for each in self._held.findings if each in met and self._held.findings[each].stands(today) == "open"
        ]

    def finding(self, name: str) -> Finding | None:
        """A finding as it is now."""
        return self._held.findings.get(name)

    def line(self, finding: str) -> str:
        """One line: what happens."""
        return what_happens(self._held.findings[finding]) if finding in self._held.findings else ""

    def _discovered(self, discovery: Discovery) -> None:
        before, self._last[discovery.number] = self._last.get(discovery.number), discovery
        if discovery.state in _GONE:
            self._forget(discovery.number)
            return
        if discovery.known:
            self._met_again(discovery)
            return
        if before is not None and _same(before, discovery) and discovery.number in self.ids:
            self._count(discovery)
            return
        self._found(discovery)

    def _met_again(self, discovery: Discovery) -> None:
        """A finding that was known before the run. Of a fixed one this is news, once it is known what it is."""
        number, finding = discovery.number, self._held.findings.get(discovery.known)
        self._forget(number, other_than=discovery.known)
        if finding is None:  # it was removed meanwhile
            self._found(replace(discovery, known=""))
            return
        met = number not in self.ids
        self.ids[number] = finding.id
        if finding.state == "fixed":
            self._unsettled[number] = discovery
            if discovery.state in _KEPT:
                self._reopen(discovery, finding)
            return
        if discovery.state in _SMALL and discovery.calls and not finding.small:
            self._made_small(discovery, finding)
            return
        today = self._today()
        changed = again(finding, discovery, self._setting, today)
        if finding.stands(today) != finding.state:
            changed = changed.become("open", today, "its acceptance is over, and it was met again")
        if met or changed.state != finding.state:
            self._held.put(changed)
        else:
            self._held.put_later(changed)

    def _reopen(self, discovery: Discovery, finding: Finding) -> None:
        """A finding that was fixed fails again; what shows it now takes the place of what fails no more."""
        self._unsettled.pop(discovery.number, None)
        self.again.add(finding.id)
        new, files = self._made(discovery)
        reopened = taken_over(replace(new, id=finding.id), replace(finding, replayed=None))
        reopened = reopened.become("open", self._today(), "met again by a search")
        self._held.put(reopened, files)

    def _made_small(self, discovery: Discovery, finding: Finding) -> None:
        """A finding that an earlier run could not make small is smaller now, and may be called otherwise."""
        made, files = self._made(discovery)
        name = (
            finding.id if id_for(discovery) == finding.id else self._held.free(id_for(discovery), self._setting.config)
        )
        smaller = taken_over(replace(made, id=name), self._held.findings.get(name, finding))
        self.ids[discovery.number] = name
        self._held.put(smaller, files)
        if name != finding.id:
            if finding.id in self.statuses:
                self.statuses[name] = self.statuses.pop(finding.id)
            self._held.remove(finding.id)

    def _count(self, discovery: Discovery) -> None:
        """Nothing but how often has changed: that is written in the end."""
        finding = self._held.findings[self.ids[discovery.number]]
        self._held.put_later(again(finding, discovery, self._setting, self._today()))

    def _found(self, discovery: Discovery) -> None:
        """A new finding, or one that is known better now."""
        if discovery.state not in _KEPT and discovery.number in self.ids:
            self._count(discovery)  # while it is made smaller it is worth no writing
            return
        number, own = discovery.number, self.ids.get(discovery.number)
        name = self._held.free(id_for(discovery), self._setting.config)
        if self._is_others(name, number):
            name = self._beside(name, discovery)
        if self._is_others(name, number):
            self._forget(number)  # another discovery has come to the same: it is the search that tells which is which
            self.ids[number] = name
            return
        made, files = self._made(discovery)
        finding = replace(made, id=name)
        there = self._held.findings.get(name)
        old = there or self._held.findings.get(own or "")
        finding = taken_over(finding, old) if old is not None else finding
        if there is None or there.first_seen.run == self._setting.run != "":
            self.new.add(name)
        elif finding.state == "fixed":  # the search did not know that it is this one
            self.again.add(name)
            finding = finding.become("open", self._today(), "met again by a search")
        self.ids[number] = name
        self._held.put(finding, files)
        if own is not None and own != name:
            self._drop(own)

    def _made(self, discovery: Discovery) -> tuple[Finding, Mapping[str, bytes]]:
        """A discovery as a finding, and its documents."""
        example, setting = discovery.example, self._setting
        papers = papers_of(
            self._cases.get,
            example.work.case,
            example.work.recipe,
            setting.registry,
            setting.discretion,
            example.digest,
            full=setting.full,
        )
        return finding_of(discovery, papers, setting, self._today()), papers.files

    def _is_others(self, name: str, number: int) -> bool:
        """Whether another discovery of this run goes by it."""
        return any(each == name and other != number for other, each in self.ids.items())

    def _beside(self, name: str, discovery: Discovery) -> str:
        """Of two that were met alike, by the same mutators, the second goes by what it shows itself."""
        verdict = discovery.example.verdict
        there = self._held.findings.get(name)
        if verdict is None or there is None or there.state == "fixed":
            return name
        shows = marks_of((verdict.fingerprint,), self._setting)[0]
        if shows == there.shows or discovery.state not in _KEPT:
            return name
        return self._held.free(id_of(verdict.fingerprint, discovery.example.work.recipe), self._setting.config)

    def _forget(self, number: int, other_than: str = "") -> None:
        """A discovery that is none of its own after all."""
        self._unsettled.pop(number, None)
        own = self.ids.pop(number, None) if self.ids.get(number) != other_than else None
        if own is not None:
            self._drop(own)

    def _drop(self, name: str) -> None:
        """Remove what this run alone has written, and what no discovery goes by any more."""
        if name not in self.new or name in self.ids.values():
            return
        self.new.discard(name)
        self._held.remove(name)

    def _replayed(self, event: Replayed) -> None:
        finding = self._held.findings.get(event.finding)
        self.statuses[event.finding] = event.status
        if finding is None:
            return
        changed = told(finding, event, self._today(), self._setting)
        if finding.state == "fixed" and changed.state == "open":
            self.again.add(finding.id)
        if changed != finding:
            self._held.put(changed)


def _same(one: Discovery, other: Discovery) -> bool:
    """Whether they differ in nothing but counts."""
    return (one.state, one.fingerprints, one.example.work, one.why) == (
        other.state,
        other.fingerprints,
        other.example.work,
        other.why,
    )
