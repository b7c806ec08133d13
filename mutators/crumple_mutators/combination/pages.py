"""Combinations that really happen: what a fax, a telephone, a copier or an archive does to a page, all at once.

Each has one level: what usually comes of it. Its steps are mutators of `scan`, at everyday to bad values.
"""

from __future__ import annotations

from numpy.random import Generator

from crumple import Degraded, Page, chain, mutator
from crumple_mutators.scan import (
    bleed_through,
    cast_shadow,
    colour_cast,
    crumple,
    curl,
    defocus,
    dot_gain,
    dropout_lines,
    fax_resolution,
    fold,
    glare,
    ink_fade,
    jpeg,
    jpeg_generations,
    moire,
    motion,
    oversharpened,
    perspective,
    print_noise,
    resolution,
    salt_and_pepper,
    sensor_noise,
    skew,
    stain,
    surroundings,
    toner_patches,
    uneven_feed,
    vertical_streaks,
    yellowed,
)


@mutator("combination.fax", truth=("same", "lost"), level=3)
def fax(page: Page, rng: Generator) -> Degraded[Page]:
    """Send the page by fax at standard resolution: crooked by a degree, bilevel, with specks and missing lines.

    Source: the catalogue's fax, low resolution with a threshold and dropout; 204 x 98 dpi is ITU-T T.4's standard.
    """
    return chain(page, rng, (skew, 0.8), (dropout_lines, 3), (fax_resolution, "204x98"), (salt_and_pepper, 0.001))


@mutator("combination.phone_photo", truth=("same", "lost"), level=3)
def phone_photo(page: Page, rng: Generator) -> Degraded[Page]:
    """Photograph the page with a phone: from the side, on a table, in its own shadow, not quite sharp, as a JPEG.

    Source: the catalogue's phone photo, perspective with shadow, defocus and JPEG.
    """
    return chain(
        page,
        rng,
        (curl, 1),
        (perspective, 0.02),
        (surroundings, 0.06),
        (colour_cast, 30),
        (cast_shadow, 0.75),
        (defocus, 0.12),
        (sensor_noise, 8),
        (jpeg, 35),
    )


@mutator("combination.third_generation_copy", truth=("same", "lost"), level=3)
def third_generation_copy(page: Page, rng: Generator) -> Degraded[Page]:
    """Copy the copy of a copy: crooked, strokes grown together, toner missing in patches, specks, all black or white.

    Source: the catalogue's third-generation copy, dot gain with a threshold, skew and specks.
    """
    return chain(
        page,
        rng,
        (skew, 1.2),
        (dot_gain, 0.14),
        (toner_patches, 0.03),
        (print_noise, 1.6),
        (vertical_streaks, 2),
        (salt_and_pepper, 0.002),
    )


@mutator("combination.old_archive", truth=("same", "lost"), level=3)
def old_archive(page: Page, rng: Generator) -> Degraded[Page]:
    """Take the page out of an archive: folded, yellowed and stained, its ink faded, the back showing through.

    Source: the catalogue's old archive, fade with stain, fold and bleed-through.
    """
    return chain(
        page, rng, (ink_fade, 0.5), (bleed_through, 0.2), (yellowed, 0.2), (stain, 0.2), (fold, 1), (skew, 0.5)
    )


@mutator("combination.feeder_accident", truth=("same", "lost"), level=5, refusable_from=5)
def feeder_accident(page: Page, rng: Generator) -> Degraded[Page]:
    """Let the feeder draw the sheet in askew and by jerks, over dirty glass, so that corners are cut off.

    Source: what a jam in a document feeder leaves behind; values of the catalogue's single rows.
    """
    return chain(page, rng, (crumple, 0.25), (uneven_feed, 2), (skew, 4), (vertical_streaks, 3))


@mutator("combination.thermal_receipt", truth=("same", "lost"), level=3)
def thermal_receipt(page: Page, rng: Generator) -> Degraded[Page]:
    """Keep the page in a purse for half a year, as a thermal receipt: faded, curled, creased, with missing lines.

    Source: what thermal paper does; values of the catalogue's single rows.
    """
    return chain(
        page, rng, (dropout_lines, 4), (ink_fade, 0.35), (crumple, 0.2), (curl, 1.5), (sensor_noise, 8), (jpeg, 35)
    )


@mutator("combination.photo_of_a_screen", truth=("same", "lost"), level=3)
def photo_of_a_screen(page: Page, rng: Generator) -> Degraded[Page]:
    """Photograph the page on a monitor: moire, a lamp's reflection, a slight tilt, a cold cast, a JPEG.

    Source: what support desks are sent; values of the catalogue's single rows.
    """
    return chain(
        page, rng, (resolution, 110), (perspective, 0.015), (moire, 0.15), (colour_cast, 25), (glare, 0.04), (jpeg, 40)
    )


@mutator("combination.messenger", truth=("same", "lost"), level=3)
def messenger(page: Page, rng: Generator) -> Degraded[Page]:
    """Send a photograph of the page through a messenger: shaken, scaled down, sharpened, saved as JPEG again and again.

    Source: what messengers do to pictures; values of the catalogue's single rows.
    """
    return chain(
        page,
        rng,
        (perspective, 0.01),
        (motion, 0.6),
        (resolution, 85),
        (oversharpened, 2),
        (jpeg, 18),
        (jpeg_generations, 2),
    )
