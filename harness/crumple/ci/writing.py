"""A workflow's text, from its template and the project that it is for. Reads the template; else pure.

A line of a template that is nothing but `@@name@@` becomes as many lines as there are, each as deep as it; or none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Final

from crumple.ci.project import Project
from crumple.errors import CrumpleError

SERVICES: Final = {
    "github": ("github.yml", ".github/workflows/{name}.yml"),
    "gitlab": ("gitlab.yml", ".gitlab/{name}.yml"),
    "jenkins": ("Jenkinsfile", "Jenkinsfile.{name}"),
}
"""Service -> its template, and where the workflow of a name belongs in the repository."""
CALLS: Final = 200
"""How many calls an item may make on a pull request."""
_TOKEN: Final = re.compile(r"@@(\w+)@@")
_PLAIN: Final = re.compile(r"(?!-)[\w./+-]+(?: [\w./+-]+)*")
_UNUSED: Final = "not-used-by-this-job"
_NO_FORKS: Final = (
    "Pull requests from forks are not given them, nor those of Dependabot: for these the job is left out."
)
_OWN_PIPELINES: Final = "Merge requests from forks have pipelines of their own project, which is not given them."
_TRUSTED: Final = "Every build can read them: let Jenkins build pull requests of people you trust, and no others."
_SAME_REPOSITORY: Final = (
    "github.event_name == 'push' || (github.event_name == 'pull_request' && "
    "github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]')"
)


def name_of(project: Project) -> str:
    """What its workflow is called: "crumple", or "crumple-services-reader" of a project in a folder of its own."""
    return "-".join(["crumple", *re.findall(r"[A-Za-z0-9_]+", project.folder)])


def file_of(service: str, project: Project) -> str:
    """Where its workflow belongs, from the repository's root."""
    return SERVICES[service][1].format(name=name_of(project))


def workflow(service: str, project: Project) -> str:
    """The workflow's text.

    Args:
        service: one of `SERVICES`.
        project: what it is for.

    Raises:
        CrumpleError: the project's folder has a name that means something to a shell or a workflow.
    """
    for name in (project.folder, project.store):
        if name and not _PLAIN.fullmatch(name):
            raise CrumpleError(
                "a workflow cannot name this place: it may hold letters, figures, blanks and . / + - _ alone",
                where=name,
                hint="Give it a plainer name.",
            )
    template = resources.files("crumple.ci").joinpath("templates", SERVICES[service][0]).read_text("utf-8")
    return _filled(template, _common(project) | _OWN[service](project))


def _filled(template: str, values: Mapping[str, str | Sequence[str]]) -> str:
    made: list[str] = []
    for line in template.splitlines():
        alone = _TOKEN.fullmatch(line.strip())
        value = values[alone[1]] if alone else None
        if alone and not isinstance(value, str):
            depth = line[: len(line) - len(line.lstrip())]
            made += [f"{depth}{each}" if each else "" for each in value or ()]
        else:
            made.append(_TOKEN.sub(lambda found: str(values[found[1]]), line))
    return "\n".join(made) + "\n"


def _common(project: Project) -> dict[str, str | Sequence[str]]:
    folder = project.folder
    place = f" ({folder})" if folder else ""
    return {
        "name": name_of(project),
        "branch": project.branch,
        "python": project.python,
        "directory": folder or ".",
        "slash_directory": f"/{folder}" if folder else "",
        "prefix": f"{folder}/" if folder else "",
        "install": _install(project),
        "pytest": _pytest(project),
        "run": f"crumple run{' --decide --strict' if project.contract else ''}",
        "mark": f"<!-- crumple{place} -->",
        "issue": f"crumple nightly: something got worse{place}",
    }


def _install(project: Project) -> list[str]:
    """Pip's lines, one for each: a file of hashes bears no other requirement beside it."""
    return [f"python -m pip install {each}" for each in (*project.own, f'"{project.crumple}" pytest')]


def _pytest(project: Project) -> str:
    """The tests that are crumple's: marked ones, findings and limits. Crumple spreads calls over processes itself."""
    which = "-m crumple" if project.marked else project.config
    alone = " -n 0" if project.distributed else ""
    return f"python -m pytest{alone} --crumple {which} --crumple-calls {CALLS}"


def _github(project: Project) -> dict[str, str | Sequence[str]]:
    secret = [f"{name}: ${{{{ secrets.{name} }}}}" for name in project.secrets]
    own = "github.event_name == 'pull_request' || github.event_name == 'push'"
    values: dict[str, str | Sequence[str]] = {
        "about_secrets": _about_secrets(project, "#", "secrets of the repository", _NO_FORKS),
        "pull_request_if": own,
        "test_env": _block("env:", [*secret, *(f"{name}: {_UNUSED}" for name in project.at_night)]),
        "night_env": _block("env:", [*secret, *_night_secrets(project)]),
        "always_env": [*secret, *_night_secrets(project)],
        "fetch_store": [],
        "keep_store": [],
    }
    if project.secrets:
        values["pull_request_if"] = _SAME_REPOSITORY
    if project.store:
        store = [
            f'    path: "{_below(project, project.store)}"',
            f"    key: {name_of(project)}-store-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}",
        ]
        values["fetch_store"] = [
            "- name: Fetch the store of earlier nights",
            "  uses: actions/cache/restore@v5",
            "  with:",
            *store,
            f"    restore-keys: {name_of(project)}-store-",
        ]
        values["keep_store"] = [
            "- name: Keep the store",
            "  if: always() && steps.night.outputs.code != ''",
            "  uses: actions/cache/save@v5",
            "  with:",
            *store,
        ]
    return values


def _gitlab(project: Project) -> dict[str, str | Sequence[str]]:
    cache = [
        "cache:",
        f"  key: {name_of(project)}-store",
        "  when: always",
        "  paths:",
        f'    - "{_below(project, project.store)}"',
    ]
    return {
        "about_secrets": _about_secrets(project, "#", "masked CI/CD variables", _OWN_PIPELINES),
        "test_variables": _block("variables:", [f"{name}: {_UNUSED}" for name in project.at_night]),
        "gitlab_cache": cache if project.store else [],
    }


def _jenkins(project: Project) -> dict[str, str | Sequence[str]]:
    names = [*project.secrets, *project.at_night]
    bound = [f"  {name} = credentials('{name}')" for name in names]
    return {
        "about_secrets": _about_secrets(project, "//", "credentials (Secret text)", _TRUSTED),
        "credentials": ["environment {", *bound, "}"] if bound else [],
    }


_OWN: Final = {"github": _github, "gitlab": _gitlab, "jenkins": _jenkins}


def _night_secrets(project: Project) -> list[str]:
    return [f"{name}: ${{{{ secrets.{name} }}}}" for name in project.at_night]


def _below(project: Project, name: str) -> str:
    """A path from the repository's root."""
    return f"{project.folder}/{name}" if project.folder else name


def _block(head: str, lines: Sequence[str]) -> list[str]:
    return [head, *(f"  {each}" for each in lines)] if lines else []


def _about_secrets(project: Project, sign: str, what: str, forks: str) -> list[str]:
    """Which secrets there must be, and who does not see them, or does."""
    lines = []
    if project.secrets:
        lines += [f"Needs, as {what}: {', '.join(project.secrets)}.", forks]
    if project.at_night:
        lines.append(f"Nights need, as {what}: {', '.join(project.at_night)}.")
    return [sign, *(f"{sign} {line}" for line in lines)] if lines else []
