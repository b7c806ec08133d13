"""Every result on disk before it counts: one database a project, and the same command goes on where a run stopped.

A run is written so:

    from crumple.store import Recorded, open_store

    store = open_store(location, root)      # location: --store or [run] store, or None; root: the file's folder
    with store.resume_or_begin(identity, info, fresh=fresh, wait=not no_wait, say=say, kept=cut) as record:
        tally = Tally(registry, record.info)            # of a resumed run: its own id and start
        with LocalLanes(spec, lanes) as local, watching(...) as watcher:
            for event in run(plan, Recorded(local, record), past=record.past):
                record.add(event)                       # marks whole rounds; before the tally or after, no matter
                tally.add(event)
                record.show(lambda: cut_document(tally.document(record.seconds)))  # every 5 s, or less often
        record.end(document)                            # or record.interrupt(document) after Ctrl-C; masked and cut
    store.close()

- `identity`: `Mapping[str, str]`, what the calls depend on, by its name for people -> a digest: "configuration",
  "corpus", "mutators", "crumple and its libraries", "the system's version", and "the cases drawn" (a digest of
  `population(plan)`, which depends on the seed and on the budget in calls). Names that differ are said to the user.
- `info`: `run_info(plan)`: at least "id"; JSON; kept as it is, so without secrets. `record.info` has the stored one.
- `kept`: a `Result` as it may be written by [privacy]; called for every new result. The one that is handed on is whole.
  A clean answer of a case without truth (`value`) that may not be written is called for again when the run goes on.
- `record.past`: satisfies `engine.Past`: `rounds`, `calls`, `cost` (of the whole rounds), `seconds`, `ended()`.
- Results outside whole rounds come back through `Recorded` when their works are put again; a stored result whose case
  or recipe is another one than the work's is an error that says --fresh.
- Where nothing more can be stored, `Recorded` takes no further work, what is out comes back and is saved, and then
  its `results` raises a `StoreError` (a CrumpleError). Do not call `record.end` after it; leaving the `with` suffices.
- No end was written: the run counts as interrupted, and the same command goes on with it.
- The folder of kept documents is `crumple.kept`'s: `keep(project_folder(root) / "documents", document)`, by the lane.
"""

from __future__ import annotations

from pathlib import Path

from crumple.store.database import connect, exists
from crumple.store.faults import StoreError
from crumple.store.lines import LATEST, Line
from crumple.store.past import Past
from crumple.store.record import Record
from crumple.store.recorded import Recorded
from crumple.store.runs import Store

__all__ = ["LATEST", "Line", "Past", "Record", "Recorded", "Store", "StoreError", "exists", "open_store"]


def open_store(location: str | None, root: Path) -> Store:
    """Open a project's store; it is made where it is missing.

    Args:
        location: a PostgreSQL URL, the path of a file, or None for `.crumple/store.db` beside the configuration.
        root: the configuration file's folder.

    Raises:
        CrumpleError: it cannot be opened or written, or a newer crumple has made it.
    """
    return Store(connect(location, root), root)
