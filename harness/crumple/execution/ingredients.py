"""What results are made with besides documents: libraries, mutators, judge, system. Where one differs, so may they."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import crumple
from crumple.adapters import versions
from crumple.execution.spec import LaneSpec

LIBRARIES: Final = ("numpy", "opencv-python-headless", "pillow", "pypdfium2", "pypdf", "reportlab", "Babel", "Faker")
"""Those whose version can change what a mutator makes of a document, or a generated corpus."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What the results of a lane are made with.

    Attributes:
        versions: of crumple and of what it draws and writes with, by name.
        files: digests of what else they depend on, by what it is.
    """

    versions: Mapping[str, str]
    files: Mapping[str, str]

    def differing(self, others: Ingredients) -> list[str]:
        """In words, what is different there; [] where results are the same."""
        names = sorted(self.versions.keys() | others.versions.keys())
        found = [
            f"{name} {others.versions.get(name, 'none')} instead of {self.versions.get(name, 'none')}"
            for name in names
            if self.versions.get(name) != others.versions.get(name)
        ]
        return [*found, *(name for name, digest in self.files.items() if others.files.get(name) != digest)]


def ingredients_of(spec: LaneSpec) -> Ingredients:
    """What is there of what lanes of a description need, as far as it can be seen without loading any of it.

    Raises:
        CrumpleError: a program that the system is started with is not there.
    """
    files = {f"the mutators in {top}": digest for top, digest in sources(spec.mutators.values(), spec.root)}
    judging = own_functions([spec.judge, spec.judge_options, spec.cost], spec.root)
    files |= {f"the file of {word}": digest for word, digest in judging}
    return Ingredients(dict(libraries()), files | {"the system's files": spec.system.version()})


def libraries() -> Iterator[tuple[str, str]]:
    """The versions of crumple and of what it draws and writes with."""
    yield "crumple", crumple.__version__
    for name in LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def own_functions(value: Any, root: Path) -> Iterator[tuple[str, str]]:
    """Each "module:function" in a piece of a configuration, with a digest of its module."""
    for word in sorted(set(_words(value))):
        module, colon, function = word.partition(":")
        if colon and module.replace(".", "").isidentifier() and function.isidentifier():
            yield word, versions.of_module(module, root)


def sources(modules: Iterable[str], root: Path) -> Iterator[tuple[str, str]]:
    """Each package that modules are in, with a digest of its source; looked for in `root` first."""
    for top in sorted({module.partition(".")[0] for module in modules}):
        own = versions.of_module(top, root)
        spec = find_spec(top) if own == versions.UNKNOWN else None
        places = list(spec.submodule_search_locations or ()) if spec else []
        if places:
            own = versions.of_files(Path(places[0]).rglob("*.py"))
        elif spec is not None and spec.origin:
            own = versions.of_files([Path(spec.origin)])
        yield top, own


def _words(value: Any) -> Iterator[str]:
    """Every text in a piece of the configuration."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
