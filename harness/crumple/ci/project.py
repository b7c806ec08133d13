"""What of a project a workflow needs to know. Data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STORE: Final = ".crumple/store.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project as its workflows see it.

    Attributes:
        folder: the configuration's, below the repository's root: "services/reader"; "" for the root itself.
        config: the configuration's file: "crumple.toml" or "pyproject.toml".
        branch: the repository's default branch.
        python: which version: "3.12".
        crumple: what to install of crumple: "crumple[http]==0.1.0".
        own: how pip is told of the project's own packages: ("-e .", "-r requirements.txt").
        marked: whether tests are marked with `@pytest.mark.crumple`.
        contract: whether there is one to decide.
        distributed: whether pytest is configured to spread tests over processes.
        secrets: variables that every job needs, for the system is called with them.
        at_night: variables that only the nights need: the webhook's, the store's.
        store: the file that results are kept in, from the configuration's folder; "" for a database.
    """

    folder: str = ""
    config: str = "crumple.toml"
    branch: str = "main"
    python: str = "3.12"
    crumple: str = "crumple"
    own: tuple[str, ...] = ()
    marked: bool = False
    contract: bool = False
    distributed: bool = False
    secrets: tuple[str, ...] = ()
    at_night: tuple[str, ...] = ()
    store: str = STORE
