"""The mutators that are there: found by entry points and in modules that the configuration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from crumple import loading
from crumple.errors import CrumpleError, nearest
from crumple.mutation.mutator import Mutator

GROUP = "crumple.mutators"
_WHERE = "modules of mutators"


@dataclass(frozen=True, slots=True)
class Registry:
    """Mutators by name, in the order of their names."""

    mutators: Mapping[str, Mutator]

    def __iter__(self) -> Iterator[Mutator]:
        return iter(self.mutators.values())

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that has a mutator."""
        return tuple(dict.fromkeys(each.category for each in self))

    def get(self, name: str) -> Mutator:
        """The mutator of this name.

        Raises:
            CrumpleError: there is none; with the nearest name.
        """
        if name not in self.mutators:
            raise CrumpleError(
                f"there is no mutator {name!r}", hint=self._meant(name) + "`crumple list` shows them all."
            )
        return self.mutators[name]

    def _meant(self, word: str) -> str:
        """What a wrong word was most likely meant to be; where nothing is near, what its category holds."""
        near = nearest(word, [*self.categories, *self.mutators])
        return f"Did you mean {near!r}? " if near else self._beside(word)

    def _beside(self, word: str) -> str:
        beside = [each.name for each in self if "." in word and each.category == word.partition(".")[0]]
        return f"There are {', '.join(beside)}. " if beside else ""

    def select(self, use: Iterable[str], *, where: str = "") -> Registry:
        """Only the mutators that `use` names, by category or by name.

        Raises:
            CrumpleError: a word that is neither.
        """
        words = list(use)
        chosen = {each.name: each for each in self if each.name in words or each.category in words}
        unknown = [word for word in words if word not in self.mutators and word not in self.categories]
        if unknown:
            raise CrumpleError(
                f"{', '.join(map(repr, unknown))}: neither a category nor a mutator",
                where=where,
                hint="".join(self._meant(word) for word in unknown)
                + f"Categories: {', '.join(self.categories)}. `crumple list` shows every mutator.",
            )
        return Registry({name: chosen[name] for name in sorted(chosen)})

    def overruled(self, refusable: Mapping[str, float | None], *, where: str = "") -> Registry:
        """The same mutators with other levels from which on a refusal is acceptable.

        Args:
            refusable: "scan.skew", "scan.*" or "*" -> level, or None for never; what is named later wins.
            where: the place of the configuration, for errors.

        Raises:
            CrumpleError: a pattern that names nothing.
        """
        mutators = dict(self.mutators)
        for pattern, level in refusable.items():
            named = [name for name in mutators if _matches(pattern, name)]
            if not named:
                raise CrumpleError(
                    f"{pattern!r} names no mutator",
                    where=where,
                    hint=f'{self._meant(pattern)}Allowed are a name, "category.*" and "*".',
                )
            for name in named:
                mutators[name] = replace(mutators[name], refusable_from=level)
        return Registry(mutators)


def _matches(pattern: str, name: str) -> bool:
    return pattern in (name, "*") or (pattern.endswith(".*") and name.startswith(pattern[:-1]))


def discover(modules: Iterable[str] = (), root: Path | None = None) -> Registry:
    """Every mutator of the installed plugins and of the named modules.

    Args:
        modules: names of modules beside the configuration file.
        root: the configuration file's folder, where they are looked for first.

    Raises:
        CrumpleError: a module that cannot be imported, or that registers a mutator wrongly.
    """
    found: dict[str, Mutator] = {}
    for point in sorted(loading.entry_points(GROUP), key=lambda point: (point.name, point.value)):
        _collect(loading.module(point.value.partition(":")[0], None, f"the entry point {point.name} of {GROUP}"), found)
    for name in modules:
        _collect(loading.module(name, root, _WHERE), found)
    return Registry({name: found[name] for name in sorted(found)})


def collected(modules: Iterable[str], root: Path | None) -> dict[str, Mutator]:
    """The mutators among the top-level names of these modules, in their order.

    Raises:
        CrumpleError: a module that cannot be imported.
    """
    found: dict[str, Mutator] = {}
    for name in modules:
        _collect(loading.module(name, root, _WHERE), found)
    return found


class InModules(Mapping[str, Mutator]):
    """Mutators by name, as a lane has them: a plugin's module is imported when one of its mutators is asked for.

    Most calls are made with a few of hundreds. Modules beside the configuration are imported at once, so that one
    that cannot be is known of before there are calls.
    """

    def __init__(self, modules: Mapping[str, str], root: Path, refusable: Mapping[str, float | None]) -> None:
        """Import what is beside the configuration.

        Args:
            modules: name -> the module that defines it.
            root: the configuration file's folder.
            refusable: name -> another level from which on a refusal is acceptable.

        Raises:
            CrumpleError: a module that cannot be imported.
        """
        self._modules, self._root, self._refusable = modules, root, refusable
        self._loaded: dict[str, Mutator] = {}
        for module in dict.fromkeys(modules.values()):
            if loading.beside(module, root):
                self._load(module)

    def __getitem__(self, name: str) -> Mutator:
        found = self._loaded.get(name)
        if found is None:
            self._load(self._modules[name])
            found = self._loaded[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def _load(self, module: str) -> None:
        for name, each in collected((module,), self._root).items():
            if self._modules.get(name) == module:
                overruled = name in self._refusable
                self._loaded[name] = replace(each, refusable_from=self._refusable[name]) if overruled else each


def of_modules(modules: Mapping[str, str], root: Path | None) -> dict[str, Mutator]:
    """Mutators by the modules that define them: name -> module's name."""
    found = collected(dict.fromkeys(modules.values()), root)
    return {name: found[name] for name in modules}


def _collect(module: ModuleType, found: dict[str, Mutator]) -> None:
    for each in vars(module).values():
        if not isinstance(each, Mutator) or found.get(each.name) is each:
            continue
        if each.name in found:
            raise CrumpleError(
                f"mutator {each.name!r} is defined in {found[each.name].module} and in {each.module}",
                hint="Rename one of them.",
            )
        found[each.name] = each
