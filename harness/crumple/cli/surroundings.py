"""What `crumple init` finds in a folder: a function that could be the system, documents, truths. Runs none of it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from crumple.views.format import formats, identify

# Words that such a function begins with or is called, likeliest first.
_VERBS = (
    *("extract", "read", "parse", "predict", "classify", "recognise", "recognize", "transcribe", "ocr"),
    *("process", "convert", "detect", "handle", "run", "main"),
)
_KEYWORDS = frozenset({"name", "media_type", "inputs", "parts"})
_FOLDERS = ("corpus", "samples", "documents", "data", "examples", "inputs", "testdata", "tests/data")
_NOT_DOCUMENTS = frozenset({"crumple.toml", "pyproject.toml", "package.json", "package-lock.json", "requirements.txt"})
_DECLARATIONS = frozenset({"manifest.csv", "case.toml"})
_NOT_SYSTEMS = ("test_", "conftest", "setup", "noxfile", "fabfile")
_TRUTHS = (".json", ".txt", ".csv")
_LOOKED_AT = 2000
_HEAD = 8192
_TEXTS = frozenset({"text", "txt", "content", "string"})
_PATHS = frozenset({"path", "file", "filename", "filepath", "file_path", "document_path", "pdf_path", "image_path"})
_IMAGES = frozenset({"image", "img", "pixels", "page_image"})
_RECORDS = frozenset({"record", "row", "payload"})

_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


@dataclass(frozen=True, slots=True)
class FoundSystem:
    """A function that could be the system.

    Attributes:
        target: "module:function".
        input: the form that its argument seems to want.
        gives_text: whether it says that it returns a text.
    """

    target: str
    input: str
    gives_text: bool


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """Documents in a folder.

    Attributes:
        path: as [corpus] path takes it: "samples", or "*.pdf" where they lie among other files.
        names: theirs, sorted, from the folder that was searched.
        media_types: of those, the commonest first.
        truths: how many have a truth beside them.
        truth_kinds: the endings of those truths: {".json"}.
    """

    path: str
    names: tuple[str, ...]
    media_types: tuple[str, ...]
    truths: int
    truth_kinds: frozenset[str]


def find_system(folder: Path) -> FoundSystem | None:
    """The likeliest function of the folder's modules that takes one document, read from their source."""
    candidates: list[tuple[int, str, _Function]] = []
    modules = [(path.stem, path) for path in sorted(folder.glob("*.py"))]
    modules += [(path.parent.name, path) for path in sorted(folder.glob("*/__init__.py"))]
    for module, path in modules:
        if module.startswith(_NOT_SYSTEMS) or not module.isidentifier():
            continue
        candidates += [(_rank(function.name), module, function) for function in _functions(path)]
    if not candidates:
        return None
    # A name that says nothing counts only where there is nothing to choose from.
    rank, module, function = min(candidates, key=lambda each: each[0])
    if rank == len(_VERBS) and len(candidates) > 1:
        return None
    returns = ast.unparse(function.returns) if function.returns else ""
    return FoundSystem(f"{module}:{function.name}", _input(function), returns in {"str", "'str'"})


def _functions(path: Path) -> Iterator[_Function]:
    """The public functions of a module that can be called with one argument."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            arguments = [*node.args.posonlyargs, *node.args.args]
            needed = len(arguments) - len(node.args.defaults)
            extra = {each.arg for each in arguments[1:needed]} | {
                each.arg
                for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                if default is None
            }
            if arguments and extra <= _KEYWORDS:
                yield node


def _rank(name: str) -> int:
    return next((rank for rank, verb in enumerate(_VERBS) if name == verb or name.startswith(verb + "_")), len(_VERBS))


def _input(function: _Function) -> str:
    """The form of input that a function's first argument seems to want, by its annotation and its name."""
    first = [*function.args.posonlyargs, *function.args.args][0]
    annotation = ast.unparse(first.annotation).lower() if first.annotation else ""
    if "bytes" in annotation:
        return "bytes"
    if "path" in annotation or first.arg in _PATHS:
        return "path"
    if "array" in annotation or "image" in annotation or first.arg in _IMAGES:
        return "image"
    if annotation.startswith(("dict", "mapping")) or first.arg in _RECORDS:
        return "record"
    if annotation == "str" or first.arg in _TEXTS:
        return "text"
    return "bytes"


def find_documents(folder: Path) -> FoundDocuments | None:
    """The documents of the first likely folder that has some, or those that lie in this one."""
    for name in _FOLDERS:
        if (folder / name).is_dir() and (found := _found(folder, sorted((folder / name).rglob("*")), name)):
            return found
    here = [path for path in sorted(folder.iterdir()) if path.name not in _NOT_DOCUMENTS]
    endings = Counter(path.suffix for path in here if path.is_file() and _is_document(path))
    for ending, _ in endings.most_common(1):
        return _found(folder, [path for path in here if path.suffix == ending], f"*{ending}")
    return None


def _found(folder: Path, paths: list[Path], as_path: str) -> FoundDocuments | None:
    documents = [path for path in paths[:_LOOKED_AT] if path.is_file() and _is_document(path)]
    if not documents:
        return None
    types: Counter[str] = Counter()
    for path in documents:
        with path.open("rb") as file:
            types[identify(file.read(_HEAD), path.name)] += 1
    if any(path.name in _DECLARATIONS for path in paths):
        return _declared(folder, as_path, types)
    truths = [truth for path in documents if (truth := truth_beside(path)) is not None]
    return FoundDocuments(
        as_path,
        tuple(path.relative_to(folder).as_posix() for path in documents),
        tuple(kind for kind, _ in types.most_common()),
        len(truths),
        frozenset(path.suffix for path in truths),
    )


def _declared(folder: Path, as_path: str, types: Counter[str]) -> FoundDocuments | None:
    """The cases of a folder in which files say what is a case and what its right answer is."""
    from crumple.corpora import folder as corpus_of

    entries = corpus_of(folder / as_path).entries()
    if not entries:
        return None
    return FoundDocuments(
        as_path,
        tuple(entry.id for entry in entries),
        tuple(kind for kind, _ in types.most_common()),
        sum(entry.has_truth for entry in entries),
        frozenset({".json"}),
    )


def _is_document(path: Path) -> bool:
    """Whether a file could be a case: of a format that is known, and neither code nor a truth nor a README."""
    name = path.name
    known = {extension for each in formats().values() for extension in each.extensions}
    if name.startswith(".") or ".truth." in name or name.lower().startswith("readme"):
        return False
    return path.suffix.lower() in known and path.suffix != ".py" and name not in _DECLARATIONS


def truth_beside(path: Path) -> Path | None:
    """The file that holds a document's right answer, where there is one."""
    beside = [path.with_name(f"{stem}.truth{ending}") for stem in (path.name, path.stem) for ending in _TRUTHS]
    return next((each for each in beside if each.is_file()), None)
