"""Where the pages of a half-degraded document come from, so that places on them can be named in the clean one.

A stamp on a page that was turned, moved to the front and stretched hides what stood in another place of
another page. Which fields are lost is looked up there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crumple.mutation.mutator import Origin
from crumple.places import Place, Region, Spans, each_once, overlap
from crumple.views.bend import Bend
from crumple.views.pages import Pages


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the pages of a document come from.

    Attributes:
        origins: for each page, its place in the clean document; None where all are in their clean places.
    """

    origins: tuple[Origin | None, ...] | None = None

    def origin(self, page: int) -> Origin | None:
        """Where a page comes from; None for one that was made up."""
        if self.origins is None:
            return Origin(page)
        return self.origins[page] if page < len(self.origins) else None

    def after(self, origins: Sequence[Origin | None]) -> Trace:
        """After the document's pages were moved as a mutator says."""
        return Trace(tuple(each and self._before(each) for each in origins)) if origins else self

    def through(self, pages: Pages) -> Trace:
        """After the document was read as pages, and these were made of them."""
        return self.after([Origin(page.source.index, page.bend) if page.source else None for page in pages])

    def _before(self, origin: Origin) -> Origin | None:
        earlier = self.origin(origin.page)
        return earlier and Origin(earlier.page, Bend((*earlier.bend.moves, *origin.bend.moves)))

    def clean(self, places: Sequence[Place]) -> Sequence[Place]:
        """Places of the document as it is now, as places of the clean one; what is not there is left out."""
        if isinstance(places, Spans):
            return places
        found = (self._clean(place) if isinstance(place, Region) else place for place in places)
        return tuple(place for place in found if place is not None)

    def _clean(self, region: Region) -> Region | None:
        origin = self.origin(region.page)
        return None if origin is None else origin.bend.origin(replace(region, page=origin.page))

    def gone(self, lost: Sequence[Place]) -> Sequence[Place]:
        """What nobody can read any more, as places of the clean document: not what a second copy still shows."""
        if isinstance(lost, Spans):
            return each_once(lost)
        copies: dict[int, set[int]] = defaultdict(set)
        for page, origin in enumerate(self.origins or ()):
            if origin is not None:
                copies[origin.page].add(page)
        hidden: dict[int, list[Region]] = defaultdict(list)
        found: list[Place] = []
        for place in lost:
            if not isinstance(place, Region):
                found.append(place)
            elif (region := self._clean(place)) is not None:
                hidden[place.page].append(region)
        for page, regions in hidden.items():
            for region in regions:
                others = copies[region.page] - {page}
                if all(any(overlap(region, other) for other in hidden.get(twin, ())) for twin in others):
                    found.append(region)
        return tuple(dict.fromkeys(found))
