"""`crumple ci`: a workflow for the CI service that is used, and a dashboard for what it measures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.ci.project import Project

_HELP = """Write a workflow that runs crumple on every pull request, every night, and by hand for a sign-off.

It is written for the project as it is found: where crumple.toml is, what is installed, which variables the
configuration names (they become secrets), whether tests are marked, where results are kept, the default branch. It is
yours to change, and is never overwritten unless --force says so.

\b
  github    .github/workflows/crumple.yml
  gitlab    .gitlab/crumple.yml, and .gitlab-ci.yml that includes it, where there is none
  jenkins   Jenkinsfile.crumple
  grafana   crumple-dashboard.json: a dashboard of the metrics that `crumple nightly --metrics` writes

\b
Examples:
  crumple ci github
  crumple ci gitlab --stdout

Exit codes: 0 written; 2 usage, there is a file already, or it cannot be written.
"""
_GRAFANA: Final = "crumple-dashboard.json"
_GITLAB: Final = ".gitlab-ci.yml"


@click.command("ci", help=_HELP, short_help="Write a workflow for GitHub, GitLab or Jenkins.")
@click.argument("service", type=click.Choice(["github", "gitlab", "jenkins", "grafana"]))
@config_option
@click.option("--stdout", is_flag=True, help="Print it, and write nothing.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
def command(service: str, config: str | None, stdout: bool, force: bool) -> None:
    """Look, write, and say what is left to do."""
    from crumple.ci.dashboard import dashboard

    if service == "grafana":
        if stdout:
            emit(dashboard().rstrip("\n"))
            return
        _write(Path(_GRAFANA), dashboard(), force=force)
        emit("next: in Grafana, Dashboards, New, Import: choose this file and your Prometheus")
        return
    from crumple.ci.looking import look, repository_of
    from crumple.ci.writing import file_of, workflow
    from crumple.config.finding import find

    path = find(Path(config) if config is not None else None)
    project = look(path)
    text = workflow(service, project)
    if stdout:
        emit(text.rstrip("\n"))
        return
    root = repository_of(path.parent)
    _write(root / file_of(service, project), text, force=force)
    _explain(service, project)
    if service == "gitlab":
        _include(root, file_of(service, project))
    if not (path.parent / "crumple.baseline.json").is_file():
        emit("baseline: there is none yet, and nights are compared with nothing until there is: `crumple run`, then")
        emit("          `crumple baseline latest --reason TEXT`; commit crumple.baseline.json")


def _explain(service: str, project: Project) -> None:
    """What was found, and what is left to do."""
    emit(f"installs: {', '.join([*project.own, project.crumple])}, with Python {project.python}")
    which = "marked tests, findings and limits" if project.marked else "findings and limits"
    emit(f"on every pull request: {which}" + (f" of {project.folder}/" if project.folder else ""))
    store = {"github": "the cache", "gitlab": "the cache", "jenkins": "the workspace"}[service]
    emit(f"nights: their results are kept in {f'{store} ({project.store})' if project.store else 'your database'}")
    names = [*project.secrets, *project.at_night]
    if names:
        emit(f"secrets: set {', '.join(names)} there; what forks see of them the file says")
    if service == "gitlab":
        emit("next: a schedule under Build, Pipeline schedules; CRUMPLE_TOKEN, as the file says, for comments")
    elif service == "jenkins":
        emit("next: a Pipeline job with this file as its script path")
    else:
        emit(f"next: commit it; nights run once it is on {project.branch}")


def _include(root: Path, file: str) -> None:
    """See to it that GitLab comes by the file."""
    whole = root / _GITLAB
    if not whole.exists():
        _write(whole, f"include:\n  - local: {file}\n", force=False)
        return
    try:
        included = file in whole.read_text("utf-8", errors="replace")
    except OSError:
        included = False
    if not included:
        emit(f"{_GITLAB} is left as it is; add to it:")
        emit("  include:")
        emit(f"    - local: {file}")


def _write(path: Path, text: str, *, force: bool) -> None:
    from crumple.config.finding import shown

    place = shown(path.absolute())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() == text.encode():
            emit(f"{place} is as it would be written")
            return
        with path.open("wb" if force else "xb") as file:
            file.write(text.encode())
    except FileExistsError:
        raise CrumpleError(
            "there is one already", where=place, hint="--stdout shows what would be written; --force overwrites it."
        ) from None
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=place) from None
    emit(f"wrote {place}")
