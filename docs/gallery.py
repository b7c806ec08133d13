"""Draws the strips of pictures in docs/gallery: `python docs/gallery.py`, or only some: `... scan.skew form`.

Without a name it draws those whose mutator has changed since, which takes some minutes where all of them have; `--all`
draws every one again. `docs/build.py` puts them into the mutators' pages.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import mutator_pages
import numpy as np
import strips
from PIL import Image

from crumple import NotApplicable
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover

QUALITY, LARGEST = 45, 30_000
SUBJECTS = {}
"""Where the first document that shows anything shows too little."""


def main(words: Sequence[str]) -> int:
    """Draw what is asked for, or stale, and forget what is gone."""
    folder = mutator_pages.GALLERY
    folder.mkdir(exist_ok=True)
    known = mutator_pages.strips_drawn()
    registry = discover()
    pictured = [each for each in registry if mutator_pages.to_be_pictured(each)]
    for mutator in pictured:
        asked = not words or words == ["--all"] or {mutator.name, mutator.category} & set(words)
        fresh = mutator_pages.is_fresh(mutator, known) and not words
        if not asked or fresh:
            continue
        known[mutator.name] = _drawn(mutator)
        sys.stderr.write(f"{mutator.name}: {known[mutator.name]}\n")
    names = {each.name for each in pictured}
    known = {name: known[name] for name in sorted(known) if name in names}
    _overviews(known)
    (folder / "strips.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    for path in folder.glob("*.webp"):
        drawn = known.get(path.stem)
        if path.stem not in mutator_pages.OVERVIEWS and not (drawn and drawn["levels"]):
            path.unlink()
    return 0


def _overviews(known: Mapping[str, mutator_pages.Drawn]) -> None:
    """A picture a category, of all its strips."""
    for category in mutator_pages.OVERVIEWS:
        drawn = [(name, each["levels"]) for name, each in known.items() if name.startswith(f"{category}.")]
        shown = [(name, len(levels), mutator_pages.GALLERY / f"{name}.webp") for name, levels in drawn if levels]
        tiles = [
            (name.partition(".")[2], np.asarray(Image.open(path).convert("RGB")), count) for name, count, path in shown
        ]
        picture = Image.fromarray(strips.overview(tiles, pieces=category == "form"))
        picture.save(mutator_pages.GALLERY / f"{category}.webp", quality=50, method=6)


def _drawn(mutator: Mutator) -> mutator_pages.Drawn:
    """Draw one of the first document that it shows anything of, and say what is to be seen; no levels: nothing is."""
    subject = strips.Subject()
    first = SUBJECTS.get(mutator.name)
    for subject in [first] if first else [strips.Subject(each) for each in strips.documents()]:
        if not mutator.fits(strips.documents()[subject.document].media_type):
            continue
        try:
            strip = strips.draw(mutator, subject)
        except NotApplicable:
            continue
        path = mutator_pages.GALLERY / f"{mutator.name}.webp"
        for quality in range(QUALITY, 0, -10):
            Image.fromarray(strip.picture).save(path, quality=quality, method=6)
            if path.stat().st_size <= LARGEST:
                break
        size = strip.picture.shape[1], strip.picture.shape[0]
        return _entry(mutator, subject, list(strip.levels), size, strip.pages)
    return _entry(mutator, subject, [], (0, 0), pages=False)


def _entry(
    mutator: Mutator, subject: strips.Subject, levels: list[float], size: tuple[int, int], pages: bool
) -> mutator_pages.Drawn:
    return {
        "digest": strips.digest(mutator, subject),
        "document": subject.document,
        "seed": subject.seed,
        "page": subject.page,
        "levels": levels,
        "size": list(size),
        "pages": pages,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
