"""What crumple.toml may say: sections, keys, types, defaults. Importing this brings pydantic in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from crumple.config.contract import Contract
from crumple.config.fields import (
    Duration,
    Level,
    Money,
    Pixels,
    Pointer,
    Rate,
    Section,
    Share,
    Size,
    Text,
    Texts,
    listed,
    refusable_from,
    some,
)
from crumple.config.mix import Mix
from crumple.config.nightly import Nightly
from crumple.config.quantities import PIXELS
from crumple.config.system import System
from crumple.remote import is_url

DEFAULT_CALLS = 1000


def _pass(value: object) -> float | None:
    if value == "clean":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
        raise ValueError('must be a number above 0 and at most 1, or "clean"')
    return float(value)


class Corpus(Section):
    """[corpus]: a folder, or a generator with options of its own; of its cases those with one of the tags."""

    model_config = ConfigDict(extra="allow")

    path: Annotated[str, Field(min_length=1)] | None = None
    """A folder, or a pattern such as "corpus/**/*.pdf": files with NAME.EXT.truth.json, or NAME.truth.*, beside
    them. Or a URL of either, such as "s3://bucket/invoices/**/*.pdf"; see corpora.md."""
    generate: Annotated[str, Field(min_length=1)] | None = None
    """A generated corpus: "invoices", "letters", "forms", "sundries", or a plugin's."""
    count: Annotated[int, Field(ge=1)] | None = None
    """How many groups of cases are generated."""
    seed: Annotated[int, Field(ge=0)] | None = None
    """What the corpus is generated from."""
    tags: Annotated[tuple[str, ...], BeforeValidator(some)] = ()
    """Only cases that have one of these tags."""
    largest: Size | None = None
    """How large a document may be, by default "1GiB": a call that needs a larger one is void, and it is never read."""

    @model_validator(mode="after")
    def _one_origin(self) -> Corpus:
        if (self.path is None) == (self.generate is None):
            raise PydanticCustomError("value_error", "must have exactly one of path and generate")
        if self.path is not None and (self.count is not None or self.seed is not None):
            raise PydanticCustomError("value_error", "takes count and seed only with generate")
        if self.generate is not None and self.largest is not None:
            raise PydanticCustomError("value_error", "takes largest only with path")
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
    """One of "exact", "fields", "text", "table", "label", "facts", "schema", a plugin's, or your own
    "module:function"."""
    pass_mark: Annotated[float | None, BeforeValidator(_pass)] = Field(default=1.0, alias="pass")
    """The score from which on an answer is right; or "clean": no worse than on the same clean document."""
    slack: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """How much worse than clean still passes, with `pass = "clean"`."""
    abstain: Literal["refused", "wrong"] = "refused"
    """What an answer is that only leaves fields out."""
    json_schema: Text | None = Field(default=None, alias="schema")
    """The file of a JSON schema that every answer is to keep to, beside what the judge says of it:
    "answer.schema.json". Needs the extra `schema`."""

    @property
    def options(self) -> dict[str, Any]:
        """The keys that only the judge knows."""
        return dict(self.model_extra or {})


class Mutate(Section):
    """[mutate]: which mutators (none named: all that apply), at which levels."""

    use: Annotated[tuple[str, ...], BeforeValidator(some)] = ()
    """Categories and mutators; by default all that apply."""
    levels: Annotated[tuple[Level, ...], BeforeValidator(some)] = (1.0, 3.0, 5.0)
    """The levels that are drawn from, each above 0 and at most 5."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Of every draw: the same seed makes the same calls."""
    pixels: Pixels = PIXELS
    """How many pixels the pages of one document may have together: "400M", or a whole number; one page may have a
    quarter of them. What claims more, as decompression bombs do, is not unpacked, and no page mutator applies to it."""
    modules: Texts = ()
    """Your own modules of mutators, beside the file."""
    refusable: Mapping[str, Annotated[float | None, BeforeValidator(refusable_from)]] = Field(default_factory=dict)
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
    cost: Annotated[Money, Field(gt=0)] | None = None
    """How much money the run may spend, as [system] cost or prices count it."""
    ask_above: Annotated[Money, Field(gt=0)] | None = None
    """Without a budget in money, a run that would take more money than this stops after the clean calls, and says what
    it would take."""
    workers: Annotated[int, Field(ge=1)] | None = None
    """How many of crumple's own processes degrade and judge, each with a function or command of its own to call; by
    default one a core."""
    concurrency: Annotated[int, Field(ge=1)] = 16
    """How many calls to a service may be out at a time; fewer where it does not bear them."""
    rate: Rate | None = None
    """How many calls to a service may be made in a time: "60/min", "10/s"."""
    repeat: Annotated[int, Field(ge=1, le=100)] = 1
    """How often every call is made; rates are the means."""
    void: Share = 0.2
    """From which share of void calls on the whole run is void: "20%"."""
    dask: Text | None = None
    """Where calls are made instead of here: the address of a Dask scheduler, "tcp://scheduler:8786"; or "local", a
    cluster on this machine. Needs crumple[dask]."""
    dask_patience: Duration = 60.0
    """How long a run waits for a Dask scheduler that is gone, or for a worker where there is none any more: "60s"."""
    store: Text | None = None
    """Where results are kept: a PostgreSQL URL; by default in the folder .crumple beside the file."""

    @property
    def budget(self) -> int | None:
        """The budget in calls: 1000 where nothing is said, none where only a time is."""
        if self.calls is None and self.time is None:
            return DEFAULT_CALLS
        return self.calls


class Privacy(Section):
    """[privacy]: what is kept of documents, and for how long; `.crumple/` is its owner's alone."""

    store: Literal["recipe", "failing", "all"] = "failing"
    """What is kept in .crumple: no text of any document ("recipe"), documents and answers of failures ("failing"), or
    of every call ("all")."""
    documents: Text | None = None
    """Where they are kept instead, for workers that are elsewhere: a URL such as "s3://bucket/documents". `crumple
    prune` leaves alone what is there."""
    findings: Literal["recipe", "full"] = "recipe"
    """What of a finding goes into version control: its recipe and hash, or the documents too; of a generated corpus
    they are there by default, unless `store` is "recipe"."""
    reports: Literal["figures", "excerpts", "full"] = "full"
    """What HTML files show; comments, webhooks and JUnit files never hold more than figures."""
    redact: Annotated[tuple[Pointer, ...], BeforeValidator(listed)] = ()
    """JSON pointers of fields whose values are blacked out before anything is stored or shown: ["/iban"]."""
    keep_for: Duration | None = None
    """How long `crumple prune` keeps runs: "30d"."""

    @model_validator(mode="after")
    def _elsewhere(self) -> Privacy:
        if self.documents is not None and not is_url(self.documents):
            raise PydanticCustomError("value_error", 'documents must be a URL, such as "s3://bucket/documents"')
        return self


class Dependency(Section):
    """[dependency]: what the system itself calls; a local proxy stands in front of it and makes it fail."""

    url: Text
    """Where it is: "https://api.example.com"."""
    env: Text | None = None
    """The variable that tells the system where it is; it is set to the proxy's URL."""
    listen: Text | None = None
    """Where the proxy listens for a service that is configured by hand: "127.0.0.1:8089"."""

    @model_validator(mode="after")
    def _one_way(self) -> Dependency:
        if (self.env is None) == (self.listen is None):
            raise PydanticCustomError("value_error", "must have exactly one of env and listen")
        return self


class Storage(Section):
    """[storage]: how the file systems of URLs are made, a table a scheme, beside what the environment says.

    In the words of fsspec: under [storage.s3] endpoint_url, key = "${KEY}", secret = "${SECRET}".
    """

    model_config = ConfigDict(extra="allow")

    @property
    def options(self) -> dict[str, dict[str, Any]]:
        """Scheme -> the options of its file system."""
        return {name: dict(each) for name, each in (self.model_extra or {}).items()}

    @model_validator(mode="after")
    def _tables(self) -> Storage:
        for name, each in (self.model_extra or {}).items():
            if not isinstance(each, Mapping):
                raise PydanticCustomError("value_error", f"has a table a scheme: [storage.s3] {name} = ...")
        return self


class Settings(Section):
    """The whole file."""

    system: System
    corpus: Corpus
    judge: Judge = Judge()
    mutate: Mutate = Mutate()
    run: Run = Run()
    storage: Storage = Storage()
    privacy: Privacy = Privacy()
    dependency: Dependency | None = None
    contract: Contract | None = None
    mix: Mix | None = None
    nightly: Nightly = Nightly()
