"""The clean documents of the cases used last: opened, decoded, and with the places of their truths."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from crumple.case import Case
from crumple.document import Document
from crumple.errors import CrumpleError, Unreadable
from crumple.mutation.locate import locate
from crumple.mutation.located import Located
from crumple.truth import Truth, alternatives
from crumple.views.format import read, views_of
from crumple.views.pages import Pages
from crumple.views.parts import Parts, inside, opened

_KEPT_BYTES = 256 << 20
_KEPT_TRUTHS = 64
_KEPT_PARTS = 64


class ViewCache:
    """The decoded views of the clean documents used last, and where their truths stand.

    Decoding a page costs more than degrading it, and a lane meets the same clean document again and again.
    """

    def __init__(self, most: int = _KEPT_BYTES) -> None:
        """Keep views of about this many bytes together, and always the last one."""
        self._most = most
        self._held = 0
        self._views: OrderedDict[tuple[str, str, type], tuple[object, int]] = OrderedDict()
        self._inner: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._located: OrderedDict[tuple[str, int], tuple[Truth, Located]] = OrderedDict()

    def document(self, case: Case, part: str) -> Document:
        """A clean document of a case by the part's name; what stands inside another is opened once.

        Raises:
            CrumpleError: the case has no such part.
        """
        own = {"": case.document} | {each.name: each for each in case.parts}
        if part in own:
            return own[part]
        if (case.id, part) not in self._inner:
            root, path = rooted(own, part, case)
            try:
                self._inner[case.id, part] = opened(own[root], path)
            except Unreadable:
                raise _unknown(case, part) from None
            if len(self._inner) > _KEPT_PARTS:
                self._inner.popitem(last=False)
        self._inner.move_to_end((case.id, part))
        return self._inner[case.id, part]

    def view(self, case: Case, part: str, kind: type) -> object:
        """A clean document of a case seen as a view.

        Raises:
            Unreadable: it cannot be.
        """
        key, document = (case.id, part, kind), self.document(case, part)
        if key not in self._views:
            view: object = read(document, kind)
            self._views[key] = view, (size := _size(view, document))
            self._held += size
            while self._held > self._most and len(self._views) > 1:
                self._held -= self._views.popitem(last=False)[1][1]
        self._views.move_to_end(key)
        return self._views[key][0]

    def located(self, case: Case, number: int = 0) -> Located:
        """Where the case's truth stands in its clean document; of several whole answers, that of this number."""
        key, truth = (case.id, number), alternatives(case.truth)[number]
        if key not in self._located or self._located[key][0] is not truth:
            self._located[key] = truth, locate(truth, case.document, case)
            if len(self._located) > _KEPT_TRUTHS:
                self._located.popitem(last=False)
        self._located.move_to_end(key)
        return self._located[key][1]


def _size(view: object, document: Document) -> int:
    """About how many bytes a view holds; text is held as characters and, as cells, once more."""
    return sum(page.pixels.nbytes for page in view) if isinstance(view, Pages) else 4 * len(document.data)


def rooted(own: Iterable[str], part: str, case: Case) -> tuple[str, str]:
    """The document of the case that a part stands in, and the part's path there.

    Raises:
        CrumpleError: there is none.
    """
    names = [name for name in own if name and part.startswith(name + "/")]
    root = max(names, key=len, default="")
    if not root and Parts not in views_of(case.document.media_type):
        raise _unknown(case, part)
    return root, part[len(root) + 1 :] if root else part


def _unknown(case: Case, part: str) -> CrumpleError:
    documents = {"": case.document} | {each.name: each for each in case.parts}
    inner = [f"{name}/{path}" if name else path for name, each in documents.items() for path, _ in inside(each)]
    return CrumpleError(
        f"{case.id} has no part {part!r}", got=part, allowed=[name for name in (*documents, *inner) if name]
    )
