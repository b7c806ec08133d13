"""What stands in an HTML page beside its content: scripts, styles, navigation, banners, footers."""

from __future__ import annotations

import json
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, Span, Text, mutator
from crumple_mutators.format.markup import HTML, HTML_ORDER, body
from crumple_mutators.positions import spliced

_BLOCKS: Final = (
    (
        '<div id="cookie-banner" role="dialog"><p>We value your privacy. 14 partners use cookies.</p>'
        "<button>Accept all</button> <button>Settings</button></div>"
    ),
    '<nav><ul><li><a href="/">Home</a></li><li><a href="/orders">Orders</a></li><li>Help</li></ul></nav>',
    "<footer><p>Example Trading Ltd, 1 High Street. Registered no. 0123456. All rights reserved.</p></footer>",
    "<aside><h3>You may also like</h3><ul><li>Gift card, from 10.00</li><li>Lamp, now 19.90</li></ul></aside>",
    '<div class="newsletter"><h3>Newsletter</h3><p>Save 5 on your next order.</p></div>',
    '<div class="preheader">View this message in your browser</div>',
    '<p class="legal">This message is confidential. If you are not the addressee, please delete it.</p>',
    '<div class="share"><a href="#">Print</a> <a href="#">Share</a> <a href="#">Save as PDF</a></div>',
)
_TOP: Final = frozenset({0, 1, 5, 7})


@mutator(
    "format.html_boilerplate",
    only=HTML,
    blocks=Ladder(1, 3, 6, 12, 24, unit="blocks", zero=0),
    examples=[HTML_ORDER],
)
def boilerplate(text: Text, blocks: int, rng: Generator) -> Degraded[Text]:
    """Put what every page has around the content: a cookie banner, navigation, offers, a newsletter, a footer.

    It is no part of the question, so the answer is the same, other numbers and addresses notwithstanding. Ladder: a
    first guess.
    """
    around = body(text.value)
    order = rng.permutation(len(_BLOCKS)).tolist()
    picked = [order[at % len(order)] for at in range(int(blocks))]
    above = "".join(f"\n{_BLOCKS[each]}" for each in picked if each in _TOP)
    below = "".join(f"{_BLOCKS[each]}\n" for each in picked if each not in _TOP)
    places = [Span(around.start, around.start), Span(around.end, around.end)]
    return Degraded(text.with_value(spliced(text.value, places, (above, below))))


@mutator(
    "format.html_scripts",
    only=HTML,
    size=Ladder(1 << 10, 1 << 13, 1 << 16, 1 << 18, 1 << 20, unit="bytes"),
    examples=[HTML_ORDER],
)
def scripts(text: Text, size: int, rng: Generator) -> Degraded[Text]:
    """Put scripts, styles and data for scripts into the page, with names and numbers of their own.

    As shops and trackers do. A browser shows none of it, so the answer is the same. Ladder: a first guess; a megabyte
    is what shops send.
    """
    start = body(text.value).start
    draws = rng.integers(1, 10**6, size=256).tolist()
    item = {"@type": "Offer", "name": "Lamp", "price": draws[0] / 100, "total": draws[1] / 100, "date": "2019-01-01"}
    head = (
        "\n<style>td{padding:0}.total:after{content:'0.00'}</style>\n"
        f'<script type="application/ld+json">{json.dumps(item)}</script>\n<script>\nvar total = {draws[2]};\n'
    )
    lines = [f'track("event", {{"id": {each}, "html": "<td>{each}.00<\\/td>"}});\n' for each in draws]
    block = "".join(lines)
    filler = (block * (int(size) // len(block) + 1))[: max(0, int(size) - len(head))]
    whole = filler[: filler.rfind("\n") + 1]
    return Degraded(text.with_value(text.value[:start] + head + whole + "</script>" + text.value[start:]))
