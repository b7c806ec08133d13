"""The [system] that `crumple init` writes, for each kind of system. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from crumple import urls
from crumple.cli.init_schema import EXAMPLE, schema_of
from crumple.cli.surroundings import FoundDocuments, FoundSystem
from crumple.config.fields import BY_HAND
from crumple.errors import CrumpleError

SCHEMA_FILE = "answer.schema.json"
KEY = "OPENAI_API_KEY"
_COLUMN = 39
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_FACTS = frozenset({"must", "must_not"})

Reads = Literal["text", "json", "csv"]


@dataclass(frozen=True, slots=True)
class Tested:
    """What is tested, as the template needs it.

    Attributes:
        kind: the key that names it: "call", "command", "url", "chat" or "batch".
        what: in a few words, for the screen.
        lines: of [system], below its header.
        reads: what its answers are.
        files: further files to write, name -> text.
        variable: the environment's variable that must be set, or "".
        program: what is run, or "".
        by_hand: whether a person processes the documents, and nothing can be called.
    """

    kind: str
    what: str
    lines: Sequence[str]
    reads: Reads
    files: Mapping[str, str] = field(default_factory=dict)
    variable: str = ""
    program: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Examples:
    """What is known of the right answers.

    Attributes:
        truths: some of them.
        inputs: what goes with a document, by its names; such as "question".
    """

    truths: Sequence[Any] = ()
    inputs: Sequence[str] = ()

    @property
    def facts(self) -> bool:
        """Whether they say what must stand in a free text."""
        return bool(self.truths) and all(isinstance(each, Mapping) and _FACTS & set(each) for each in self.truths)


def said(key: str, value: Any, comment: str = "", *, out: bool = False) -> str:
    """A line: the key, its value, and what it means; `out`: commented out."""
    line = f"{'# ' if out else ''}{key} = {toml(value)}"
    return f"{line.ljust(_COLUMN)}{'' if len(line) < _COLUMN else ' '}# {comment}" if comment else line


def toml(value: Any) -> str:
    """A value as TOML: texts, numbers, lists and inline tables."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {toml(item)}" for name, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    # JSON's texts are TOML's, but for one control character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def reads_of(documents: FoundDocuments | None, otherwise: Reads) -> Reads:
    """What answers are likely to be: what the right ones beside the documents are."""
    kinds = documents.truth_kinds if documents else frozenset()
    if len(kinds) != 1:
        return otherwise
    return {".txt": "text", ".csv": "csv"}.get(next(iter(kinds)), "json")  # type: ignore[return-value]  # one of Reads


def function(found: FoundSystem, refuses: str) -> Tested:
    """A Python function.

    Args:
        found: where it is.
        refuses: the exception by which it says that it cannot, or "".
    """
    lines = [
        said("call", found.target, "module:function; it is given one document"),
        said("input", found.input, "bytes | path | text | image | record"),
        '# python = ".venv/bin/python"          # the interpreter that it lives in; default: crumple\'s own',
        '# timeout = "30s"                      # longer is "hung"; memory = "2GiB": more is "exhausted"',
        "# What it raises when it knows that it cannot, which is better than a wrong answer:",
        said("refuses", [refuses] if refuses else [], out=not refuses),
    ]
    what = f"{found.target}, given {found.input}"
    return Tested("call", what, lines, "text" if found.gives_text else "json")


def command(line: str, documents: FoundDocuments | None) -> Tested:
    """A command line, as one would type it."""
    from crumple.adapters.command.system import PLACEHOLDERS
    from crumple.adapters.placeholders import check as check_placeholders

    words = _words(line, "--command")
    for word in words:
        check_placeholders(word, PLACEHOLDERS, "--command")
    reads = reads_of(documents, "text")
    answer = "the file {output}" if any("{output}" in word for word in words) else "standard output"
    given = "{input} is the document's file" if any("{input}" in word for word in words) else "given on standard input"
    lines = [
        said("command", words),
        f"# The document: {given}. Without {{input}} it goes to standard input.",
        f"# The answer: {answer}. With {{output}} in the command it is that file. {{work}} is an empty folder.",
        said("reads", reads, "how the answer is read: text | json | csv | bytes"),
        '# timeout = "30s"                      # longer is "hung"; memory = "2GiB": more is "exhausted"',
        "# refuses = [2]                        # exit codes that say clearly that it cannot",
        '# env = { TOKEN = "${TOKEN}" }         # what is taken from the environment is never written anywhere',
        "# Of an importer, whose answer is in a database:",
        '# before = [["createdb", "{work}/t.db"]]',
        '# answer_command = ["query", "{work}/t.db"]',
        '# leaves = "nothing"                   # after a refusal or a crash the answer must be empty',
    ]
    return Tested("command", f"the command {shlex.join(words)}", lines, reads, program=words[0])


def batch(line: str, documents: FoundDocuments | None) -> Tested:
    """A command that processes a folder."""
    if line == BY_HAND:
        reads = reads_of(documents, "json")
        lines = [said("batch", line), said("reads", reads, "how an answer is read: text | json | csv | bytes")]
        return Tested("batch", "documents that are processed by hand", lines, reads, by_hand=True)
    words = _words(line, "--batch")
    for name in ("{input}", "{output}"):
        if not any(name in word for word in words):
            raise CrumpleError(
                f"does not say where its {name} goes",
                where="--batch",
                hint='A folder of documents and a folder for the answers: "process {input} {output}".',
            )
    reads = reads_of(documents, "json")
    lines = [
        said("batch", words),
        "# {input} is a folder of documents, {output} one for the answers: a file each, of the document's name.",
        said("reads", reads, "how an answer is read: text | json | csv | bytes"),
        '# timeout = "30s"                      # for all of it',
    ]
    return Tested("batch", f"the batch {shlex.join(words)}", lines, reads, program=words[0])


def service(url: str, documents: FoundDocuments | None) -> Tested:
    """An HTTP service."""
    check_url(url, "--url")
    reads = reads_of(documents, "json")
    lines = [
        said("url", url, "where documents are sent"),
        '# method = "POST"                      # POST | PUT | PATCH | GET',
        '# body = "raw"                         # raw: the document; multipart: a form; json: the template',
        '# field = "file"                       # of a form, the field that holds the document',
        '# template = { name = "{name}", content = "{base64}" }',
        '# headers = { Authorization = "Bearer ${TOKEN}" }    # taken from the environment, and never written anywhere',
        said("reads", reads, "how the answer is read: json | text | csv | bytes"),
        '# answer = "/result"                   # where in the JSON the answer is; default: all of it',
        '# refuses = [422, { answer = "/needs_review", equals = true }]    # statuses and answers that say: I cannot',
        '# timeout = "30s"                      # longer is "hung"',
        "# cost = 0.004                         # money a call, if it costs any",
    ]
    if url.startswith("https"):
        lines.append('# ca = "ca.pem"                        # the certificate of a private authority')
    return Tested("url", f"the service at {url}", lines, reads)


def poll(tested: Tested) -> list[str]:
    """How a service that takes jobs is asked for their answers, commented out."""
    if tested.kind != "url":
        return []
    return [
        "",
        "# A service that takes a job and is asked later how it stands:",
        "# [system.poll]",
        '# url = "/jobs/{id}"',
        '# id = "/job_id"',
        '# done = { at = "/status", in = ["done"] }',
        '# failed = { at = "/status", in = ["failed"] }',
    ]


def chat(url: str, model: str, documents: FoundDocuments | None, examples: Examples) -> Tested:
    """An OpenAI-compatible chat service."""
    check_url(url, "--chat")
    own = urlsplit(url).hostname in _LOCAL
    free = examples.facts or (bool(examples.truths) and schema_of(examples.truths) is None)
    schema = None if free else schema_of(examples.truths or [EXAMPLE])
    form = _form(documents)
    lines = [
        said("chat", url, "the base URL of an OpenAI-compatible service"),
        said("model", model),
        said("key", f"${{{KEY}}}", "taken from the environment, and never written anywhere", out=own),
        said("input", form, "how the document goes along: text | image (pages as pictures) | file"),
        *_prompt(form, schema is not None, examples),
    ]
    if schema is None:
        lines.append(said("reads", "text", "the answer is free text"))
    else:
        made = "made from the right answers" if examples.truths else "an example: change it to what you want to know"
        lines.append(said("schema", SCHEMA_FILE, f"what answers must look like; {made}"))
    lines += [
        "# options = { temperature = 0 }        # what else is sent with every request",
        "# prices = { input = 0.15, output = 0.60 }           # money for a million tokens",
        '# timeout = "30s"                      # longer is "hung"',
    ]
    files = {} if schema is None else {SCHEMA_FILE: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}
    reads: Reads = "text" if schema is None else "json"
    return Tested("chat", f"the chat model {model} at {url}", lines, reads, files, "" if own else KEY)


def _prompt(form: str, structured: bool, examples: Examples) -> list[str]:
    asked = [f"{{{name}}}" for name in examples.inputs]
    task = "Read this document, and answer in JSON. Use null for what it does not say."
    if asked:
        task = "Answer from this document alone."
    elif not structured:
        task = "Read this document, and say what is in it."
    text = [*asked, "", "{document}"] if form == "text" else asked
    return ['prompt = """', task, *([""] if text and text[0] else []), *text, '"""']


def _form(documents: FoundDocuments | None) -> str:
    first = documents.media_types[0] if documents else "application/pdf"
    return "image" if first == "application/pdf" or first.startswith("image/") else "text"


def check_url(url: str, where: str) -> None:
    """Reject what is no URL, and one with a password, which does not belong into a file."""
    urls.check_url(url, where)
    if urlsplit(url).password is not None:
        raise CrumpleError(
            "it holds a password, and crumple.toml is a file that others read",
            where=where,
            hint="Leave it out here, and write ${NAME} in its place afterwards: it is taken from the environment.",
        )


def _words(line: str, where: str) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CrumpleError(f"it is no command line: {str(error).lower()}", where=where) from None
    if not words:
        raise CrumpleError("it names no command", where=where, hint='Like "pdftotext {input} -".')
    return words
