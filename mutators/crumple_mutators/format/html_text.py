"""How the text of an HTML page is written: words taken apart by tags, references, comments, marks that are not seen."""

from __future__ import annotations

from typing import Final

from numpy.random import Generator

from crumple import Degraded, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.markup import HTML, HTML_ORDER, characters, shown, words

_TAGS: Final = (
    ("<b>", "</b>"),
    ("<span>", "</span>"),
    ('<font size="2">', "</font>"),
    ('<span style="letter-spacing:0.1pt">', "</span>"),
    ("<strong><em>", "</em></strong>"),
    ('<span lang="en-US">', "</span>"),
)
_SOFT: Final = ("<wbr>", "&shy;", "&zwnj;", "&#8203;", "&#x2060;")
_COMMENTS: Final = (
    "<!-- {0} -->",
    "<!-- Total: {0}.00 -->",
    "<!--[if mso]><p>Total: {0}.00</p><![endif]-->",
    "<!--[if gte mso 9]><xml><w:Zoom>{0}</w:Zoom></xml><![endif]-->",
    "<!-- TODO: remove <td>{0}</td> -->",
)
_HIDDEN: Final = (
    '<span style="display:none">{0}</span>',
    '<span style="display: none; mso-hide: all">Total: {0}.00</span>',
    "<span hidden>{0}</span>",
    '<span style="font-size:0;color:#ffffff">Total {0}.00 </span>',
    '<span style="visibility:hidden;position:absolute">{0}</span>',
    "<template>Total: {0}.00</template>",
)
_LEAST_WORD, _LEAST_LONG = 2, 5


@mutator("format.html_split_words", only=HTML, share=shares("words"), examples=[HTML_ORDER])
def split_words(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put tags of formatting into the middle of words and numbers (<b>4</b>53.80), as word processors' HTML has them.

    No space stands there, so a browser shows the same and the answer is the same. Ladder: the shares of `form`, of
    words of two characters or more.
    """
    found = words(text.value, shown(text.value), _LEAST_WORD)
    where, kinds = rng.random(len(found)).tolist(), rng.integers(len(_TAGS), size=len(found)).tolist()

    def written(at: int) -> str:
        cut = found[at][1 + int(where[at] * (len(found[at]) - 1))].start
        before, after = _TAGS[kinds[at]]
        return before + text.value[found[at][0].start : cut] + after + text.value[cut : found[at][-1].end]

    return rewritten(text, _whole(found), share, rng, written, "it shows no words")


def _whole(found: list[list[Span]]) -> list[Span]:
    return [Span(each[0].start, each[-1].end) for each in found]


@mutator("format.html_soft_breaks", only=HTML, share=shares("long words"), examples=[HTML_ORDER])
def soft_breaks(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put marks where a word may be broken: <wbr>, soft hyphens, joiners and spaces of no width.

    As content management systems do. They are not seen, so the answer is the same. Ladder: the shares of `form`, of
    words of five characters or more.
    """
    found = words(text.value, shown(text.value), _LEAST_LONG)
    where, kinds = rng.random(len(found)).tolist(), rng.integers(len(_SOFT), size=len(found)).tolist()
    marks = [each[1 + int(where[at] * (len(each) - 1))] for at, each in enumerate(found)]
    return rewritten(
        text,
        marks,
        share,
        rng,
        lambda at: _SOFT[kinds[at]] + text.value[marks[at].start : marks[at].end],
        f"it shows no words of {_LEAST_LONG} characters",
    )


@mutator("format.html_references", only=HTML, share=shares("texts"), examples=[HTML_ORDER])
def references(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write texts as numbers of characters (&#52;&#x35;), as pages that hide addresses from robots do.

    A browser shows the same, so the answer is the same. Ladder: the shares of `form`, of texts between tags.
    """
    spans = shown(text.value)
    hexadecimal = rng.integers(2, size=len(spans)).tolist()

    def written(at: int) -> str:
        form = "&#x{:X};" if hexadecimal[at] else "&#{};"
        found = (text.value[each.start : each.end] for each in characters(text.value, spans[at]))
        return "".join(form.format(ord(each)) if len(each) == 1 and _named(each) else each for each in found)

    return rewritten(text, spans, share, rng, written, "it shows no text")


def _named(character: str) -> bool:
    """Whether a character has a number that a page may name; white space is left as it is."""
    return not character.isspace() and not "\ud800" <= character <= "\udfff" and not "\x7f" <= character <= "\x9f"


@mutator("format.html_comments", only=HTML, share=shares("texts"), examples=[HTML_ORDER])
def comments(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put comments into the page, some with markup and other numbers, some for one mail program only.

    As templates and Outlook leave them. A browser shows none, so the answer is the same. Ladder: the shares of `form`,
    of texts that get one before them.
    """
    return _before_texts(text, share, rng, _COMMENTS)


@mutator("format.html_hidden", only=HTML, share=shares("texts"), examples=[HTML_ORDER])
def hidden(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put texts with other numbers into the page that nobody sees: not displayed, of no size, for sorting, for robots.

    As tables that sort, previews of mails and trackers have them. What is asked for is what is seen, so the answer is
    the same. Ladder: the shares of `form`, of texts that get one before them.
    """
    return _before_texts(text, share, rng, _HIDDEN)


def _before_texts(text: Text, share: float, rng: Generator, forms: tuple[str, ...]) -> Degraded[Text]:
    spans = shown(text.value)
    kinds, numbers = (
        rng.integers(len(forms), size=len(spans)).tolist(),
        rng.integers(1, 10**6, size=len(spans)).tolist(),
    )
    return rewritten(
        text,
        spans,
        share,
        rng,
        lambda at: forms[kinds[at]].format(numbers[at]) + text.value[spans[at].start : spans[at].end],
        "it shows no text",
    )
