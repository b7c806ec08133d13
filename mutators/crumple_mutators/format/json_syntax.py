"""JSON that no standard allows and that people, scripts and language models write all the same."""

from __future__ import annotations

import contextlib
import itertools
import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.json_tokens import JSON, JSONS, ORDER, places, tokens
from crumple_mutators.positions import spliced

_NAME: Final = re.compile(r'"[A-Za-z_$][A-Za-z0-9_$]*"')
_ESCAPE: Final = re.compile(r"\\.|'", re.DOTALL)
_BREAKABLE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\n|[^\s\\] \S")
_INDENT: Final = 400
_LITERALS: Final = {
    "python": ("True", "False", "None"),
    "javascript": ("true", "false", "undefined"),
    "upper": ("TRUE", "FALSE", "NULL"),
    "ruby": ("true", "false", "nil"),
    "yaml": ("yes", "no", "~"),
}
_REMARKS: Final = ("required", "see the handbook", "to be checked", "as agreed by phone", "do not change", "new")


@mutator(
    "format.json_trailing_commas",
    refusable_from=1,
    only=JSONS,
    share=shares("objects and lists"),
    examples=[ORDER],
)
def trailing_commas(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave a comma after the last member of objects and lists, as hands and templates that write JSON do.

    Nothing is said by it, so the answer is the same; RFC 8259 does not allow it, so refusing is acceptable.
    Ladder: the shares of `form`, of objects and lists that are not empty.
    """
    pairs = itertools.pairwise(tokens(text.value))
    ends = [last.end() for last, closing in pairs if closing.group() in ("}", "]") and last.group() not in ("{", "[")]
    spans = [Span(end - 1, end) for end in ends]
    return rewritten(
        text, spans, share, rng, lambda at: text.value[spans[at].start] + ",", "it has no object or list with members"
    )


@mutator("format.json_missing_commas", refusable_from=1, only=JSONS, share=shares("commas"), examples=[ORDER])
def missing_commas(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave out commas between members, as edits by hand and language models do.

    Where one member ends and the next begins is seen without it, so the answer is the same; it is no JSON, so refusing
    is acceptable. Ladder: the shares of `form`, of commas.
    """
    spans = [Span(*token.span()) for token in tokens(text.value) if token.group() == ","]

    def left(at: int) -> str:
        # Without a space two numbers would become one.
        return "" if text.value[spans[at].end : spans[at].end + 1].isspace() else " "

    return rewritten(text, spans, share, rng, left, "it has no commas")


@mutator("format.json_comments", refusable_from=1, only=JSON, share=shares("members"), examples=[ORDER])
def comments(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put comments before members, as configuration files and people who explain their data do.

    A comment is no value, so the answer is the same; RFC 8259 does not allow it, so refusing is acceptable. Where a
    member has a line of its own the comment has one too ("// ..."), else it stands in "/* */". Ladder: the shares of
    `form`, of members.
    """
    spans = places(text.value, "key")
    remarks = rng.integers(len(_REMARKS), size=len(spans)).tolist()

    def written(at: int) -> str:
        start, end = spans[at].start, spans[at].end
        line = text.value.rfind("\n", max(0, start - _INDENT), start)
        indent = text.value[line:start] if line >= 0 else ""
        remark, key = _REMARKS[remarks[at]], text.value[start:end]
        return f"// {remark}{indent}{key}" if indent[:1] == "\n" and indent.isspace() else f"/* {remark} */ {key}"

    return rewritten(text, spans, share, rng, written, "it has no members")


@mutator("format.json_single_quotes", refusable_from=1, only=JSONS, share=shares("strings and keys"), examples=[ORDER])
def single_quotes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put strings and keys in single quotes, as JavaScript and Python print them.

    The characters are the same, so the answer is; RFC 8259 does not allow it, so refusing is acceptable. Ladder: the
    shares of `form`, of strings and keys.
    """
    spans = places(text.value, "key", "string")

    def written(at: int) -> str:
        inner = text.value[spans[at].start + 1 : spans[at].end - 1]
        return "'" + _ESCAPE.sub(lambda found: {"'": "\\'", '\\"': '"'}.get(found[0], found[0]), inner) + "'"

    return rewritten(text, spans, share, rng, written, "it has no strings")


@mutator("format.json_smart_quotes", refusable_from=1, only=JSONS, share=shares("strings and keys"), examples=[ORDER])
def smart_quotes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put strings and keys in typographic quotes, as word processors and chat programs make them of plain ones.

    Where a string begins and ends is still seen, so the answer is the same; it is no JSON, so refusing is acceptable.
    Ladder: the shares of `form`, of strings and keys without quotes in them.
    """
    found = places(text.value, "key", "string")
    spans = [each for each in found if not re.search("[\u201c\u201d\\\\]", text.value[each.start : each.end])]
    return rewritten(
        text,
        spans,
        share,
        rng,
        lambda at: f"\u201c{text.value[spans[at].start + 1 : spans[at].end - 1]}\u201d",
        "it has no strings without quotes in them",
    )


@mutator("format.json_unquoted_keys", refusable_from=1, only=JSONS, share=shares("keys"), examples=[ORDER])
def unquoted_keys(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write keys without quotes, as JavaScript and JSON5 do.

    They are the same keys, so the answer is the same; RFC 8259 does not allow it, so refusing is acceptable. Ladder:
    the shares of `form`, of keys that are names.
    """
    spans = [each for each in places(text.value, "key") if _NAME.fullmatch(text.value, each.start, each.end)]
    return rewritten(
        text,
        spans,
        share,
        rng,
        lambda at: text.value[spans[at].start + 1 : spans[at].end - 1],
        "it has no keys that can do without quotes",
    )


@mutator(
    "format.json_literals",
    refusable_from=1,
    only=JSONS,
    language=Ladder("python", "javascript", "upper", "ruby", "yaml", unit="language"),
    examples=[ORDER],
)
def literals(text: Text, language: str, rng: Generator) -> Degraded[Text]:
    """Write true, false and null as another language does: True and None, undefined, NULL, nil, yes and no.

    They mean the same, so the answer is the same; RFC 8259 does not allow them, so refusing is acceptable. Ladder: a
    first guess, by how rarely a reader knows them.
    """
    words = dict(zip(("true", "false", "null"), _LITERALS[language], strict=True))
    spans = [each for each in places(text.value, "word") if text.value[each.start : each.end] in words]
    new = [words[text.value[each.start : each.end]] for each in spans]
    degraded = rewritten(text, spans, 1, rng, lambda at: new[at], "it has no true, false or null")
    if degraded.view.value == text.value:
        raise NotApplicable(f"its literals are the same in {language}")
    return degraded


@mutator("format.json_raw_newlines", refusable_from=1, only=JSON, share=shares("strings"), examples=[ORDER])
def raw_newlines(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    r"""Break strings over several lines with bare line ends, as templates and language models that forget "\n" do.

    A line end stands in place of its escape, or of a space; white space aside the value is the same, and so is the
    answer. RFC 8259 does not allow it, so refusing is acceptable. Ladder: the shares of `form`, of strings that hold
    one or the other.
    """
    found = places(text.value, "string")
    spans = [each for each in found if _BREAKABLE.search(text.value, each.start + 1, each.end - 1)]

    def written(at: int) -> str:
        inner = text.value[spans[at].start : spans[at].end]
        broken = re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[0], inner, flags=re.DOTALL)
        return broken if broken != inner else re.sub(r"(?<=[^\s\\]) (?=\S)", "\n", inner, count=1)

    return rewritten(text, spans, share, rng, written, "no string holds a space or a line end")


@mutator(
    "format.json_unclosed",
    refusable_from=1,
    only=JSON,
    missing=Ladder(1, 2, 3, 4, 5, unit="closing brackets", zero=0),
    examples=[ORDER],
)
def unclosed(text: Text, missing: int, rng: Generator) -> Degraded[Text]:
    """Leave out the last closing brackets, as an answer that reached its length limit at the very end does.

    All values are there, so the answer is the same; it is no JSON, so refusing is acceptable. Ladder: a first guess.
    """
    ends: list[Span] = []
    for token in tokens(text.value):
        if token.group() in ("}", "]"):
            ends.append(Span(*token.span()))
        else:
            ends.clear()
    ends = ends[max(0, len(ends) - int(missing)) :] if missing else []
    if missing and not ends:
        raise NotApplicable("it does not end in a closing bracket")
    return Degraded(text.with_value(spliced(text.value, ends, [""] * len(ends))), touched=ends)


@mutator("format.json5", refusable_from=1, only=JSON, level=3, examples=[ORDER])
def json5(text: Text, rng: Generator) -> Degraded[Text]:
    """Write JSON as JSON5, as configuration files and people who think of JavaScript do: all of its liberties at once.

    Keys without quotes, single quotes, a comment before every member, a comma after the last. It says the same, so the
    answer is the same; RFC 8259 does not allow it, so refusing is acceptable.
    """
    degraded = Degraded(text)
    for each in (comments, unquoted_keys, single_quotes, trailing_commas):
        with contextlib.suppress(NotApplicable):
            degraded = each(degraded.view, 1.0, rng)
    if degraded.view == text:
        raise NotApplicable("nothing of it is written otherwise in JSON5")
    return degraded
