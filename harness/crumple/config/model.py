"""What crumple.toml may say: sections, keys, types, defaults. Importing this brings pydantic in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from crumple.config.quantities import PIXELS, duration, pixels, size

DEFAULT_CALLS = 1000
_CALLABLE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def _callable(value: object) -> str:
    if not isinstance(value, str) or not _CALLABLE.fullmatch(value):
        raise ValueError('must read "module:function"')
    return value


def _pass(value: object) -> float | None:
    if value == "clean":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
        raise ValueError('must be a number above 0 and at most 1, or "clean"')
    return float(value)


def _level(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 5:
        raise ValueError("must be a level, a number above 0 and at most 5")
    return float(value)


def _refusable(value: object) -> float | None:
    if value == "never":
        return None
    try:
        return _level(value)
    except ValueError:
        raise ValueError('must be a level, a number above 0 and at most 5, or "never"') from None


def _refusal(value: object) -> str | Mapping[str, Any]:
    if not isinstance(value, (str, Mapping)) or not value:
        raise ValueError(
            'must be an exception ("module.Class"), a predicate ("module:function"), '
            '{ answer = "/pointer", equals = ... } or { matches = "..." }'
        )
    return value


def _list(value: object) -> object:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list, in square brackets")
    return tuple(value)


def _some(value: object) -> object:
    if not (values := _list(value)):
        raise ValueError("must not be empty; leave it out for the default")
    return values


Duration = Annotated[float, BeforeValidator(duration)]
Size = Annotated[int, BeforeValidator(size)]
Pixels = Annotated[int, BeforeValidator(pixels)]
Callable = Annotated[str, BeforeValidator(_callable)]
Level = Annotated[float, BeforeValidator(_level)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_list)]


class Section(BaseModel):
    """A table of the file: frozen, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class System(Section):
    """[system]: what is tested, how it is called, and what one call may take."""

    call: Callable | None = None
    """What is tested, "module:function", plain or async, found relative to the file: given a document, it returns
    the answer."""
    factory: Callable | None = None
    """Instead of call, the "module:function" that builds the system in each worker and returns what is called."""
    input: Literal["bytes", "path", "text", "image", "record"] = "bytes"
    """The form that documents are given in: "bytes", "path", "text", "image" (a numpy array) or "record" (its
    JSON value)."""
    python: Annotated[str, Field(min_length=1)] | None = None
    """The interpreter that the system lives in, such as ".venv/bin/python"; by default crumple's own."""
    timeout: Duration = 30.0
    """How long one call may take before it is killed as hung: "30s", "200ms"."""
    startup: Duration = 300.0
    """How long loading the system may take."""
    memory: Size = 2 * 2**30
    """How much memory the system and all that it starts may hold: "2GiB"."""
    output: Size = 2**20
    """How much one call may print: "1MiB"."""
    spare: Literal[0, 1] = 1
    """Whether a second, loaded worker is kept ready for when one dies; large systems have none."""
    refuses: Annotated[tuple[Annotated[Any, BeforeValidator(_refusal)], ...], BeforeValidator(_list)] = ()
    """How the system says that it cannot: an exception ("module.Class"), a predicate of the answer ("module:function"),
    `{ answer = "/pointer", equals = true }` or `{ matches = "regular expression" }`."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """Variables that are added to the environment of the system."""

    @model_validator(mode="after")
    def _one_system(self) -> System:
        if (self.call is None) == (self.factory is None):
            raise PydanticCustomError("value_error", "must have exactly one of call and factory")
        return self


class Corpus(Section):
    """[corpus]: a folder, or a generator with options of its own; of its cases those with one of the tags."""

    model_config = ConfigDict(extra="allow")

    path: Annotated[str, Field(min_length=1)] | None = None
    """A folder, or a pattern such as "corpus/**/*.pdf": files with NAME.EXT.truth.json, or NAME.truth.*, beside
    them."""
    generate: Annotated[str, Field(min_length=1)] | None = None
    """A generated corpus: "invoices", "letters", "forms", "sundries", or a plugin's."""
    count: Annotated[int, Field(ge=1)] | None = None
    """How many groups of cases are generated."""
    seed: Annotated[int, Field(ge=0)] | None = None
    """What the corpus is generated from."""
    tags: Annotated[tuple[str, ...], BeforeValidator(_some)] = ()
    """Only cases that have one of these tags."""

    @model_validator(mode="after")
    def _one_origin(self) -> Corpus:
        if (self.path is None) == (self.generate is None):
            raise PydanticCustomError("value_error", "must have exactly one of path and generate")
        if self.path is not None and (self.count is not None or self.seed is not None):
            raise PydanticCustomError("value_error", "takes count and seed only with generate")
        return self

    @property
    def options(self) -> dict[str, Any]:
        """What the generator is given: count, seed and whatever else it takes."""
        given = {"count": self.count, "seed": self.seed} | (self.model_extra or {})
        return {name: value for name, value in given.items() if value is not None}


class Judge(Section):
    """[judge]: how an answer is held against the truth, and which score passes; further keys are the judge's own."""

    model_config = ConfigDict(extra="allow")

    kind: Annotated[str, Field(min_length=1)] = "fields"
    """One of "exact", "fields", "text", "table", "label", a plugin's, or your own "module:function"."""
    pass_mark: Annotated[float | None, BeforeValidator(_pass)] = Field(default=1.0, alias="pass")
    """The score from which on an answer is right; or "clean": no worse than on the same clean document."""
    slack: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """How much worse than clean still passes, with `pass = "clean"`."""
    abstain: Literal["refused", "wrong"] = "refused"
    """What an answer is that only leaves fields out."""

    @property
    def options(self) -> dict[str, Any]:
        """The keys that only the judge knows."""
        return dict(self.model_extra or {})


class Mutate(Section):
    """[mutate]: which mutators (none named: all that apply), at which levels."""

    use: Annotated[tuple[str, ...], BeforeValidator(_some)] = ()
    """Categories and mutators; by default all that apply."""
    levels: Annotated[tuple[Level, ...], BeforeValidator(_some)] = (1.0, 3.0, 5.0)
    """The levels that are drawn from, each above 0 and at most 5."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Of every draw: the same seed makes the same calls."""
    pixels: Pixels = PIXELS
    """How many pixels the pages of one document may have together: "400M", or a whole number; one page may have a
    quarter of them. What claims more, as decompression bombs do, is not unpacked, and no page mutator applies to it."""
    modules: Texts = ()
    """Your own modules of mutators, beside the file."""
    refusable: Mapping[str, Annotated[float | None, BeforeValidator(_refusable)]] = Field(default_factory=dict)
    """From which level on refusing is acceptable where you overrule a mutator: `"scan.skew" = 3`, `"language.*" =
    "never"`."""

    @model_validator(mode="after")
    def _each_level_once(self) -> Mutate:
        if len(set(self.levels)) != len(self.levels):
            raise PydanticCustomError("value_error", "names a level twice")
        return self


class Run(Section):
    """[run]: what a run may spend; the first budget that is reached ends it."""

    calls: Annotated[int, Field(ge=1)] | None = None
    """How many calls may be made, clean ones included; 1000 where neither calls nor time is given."""
    time: Duration | None = None
    """How long the run may take: "10m"."""
    workers: Annotated[int, Field(ge=1)] | None = None
    """How many calls at a time; by default one a core."""

    @property
    def budget(self) -> int | None:
        """The budget in calls: 1000 where nothing is said, none where only a time is."""
        if self.calls is None and self.time is None:
            return DEFAULT_CALLS
        return self.calls


class Settings(Section):
    """The whole file."""

    system: System
    corpus: Corpus
    judge: Judge = Judge()
    mutate: Mutate = Mutate()
    run: Run = Run()
