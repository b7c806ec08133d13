"""Combinations, plainly: one plain operation after the other."""

from __future__ import annotations

import functools
from typing import Any

from benchmarks.compared import plain_light, plain_objects, plain_printing, plain_warps
from benchmarks.compared.plain import Pixels, Plain

_SINGLE: dict[str, Plain] = {
    **plain_light.PLAIN,
    **plain_objects.PLAIN,
    **plain_printing.PLAIN,
    **plain_warps.PLAIN,
}

_COLOURS = ("colour_cast", "colour_misregistration")


def _chained(pixels: Pixels, _level: Any, *, steps: dict[str, Any]) -> Pixels:
    for name, value in steps.items():
        if pixels.ndim == 3 or name not in _COLOURS:
            pixels = _SINGLE[f"scan.{name}"](pixels, value)
    return pixels


def _chain(**steps: Any) -> Plain:
    return functools.partial(_chained, steps=steps)


PLAIN: dict[str, Plain] = {
    **_SINGLE,
    "combination.fax": _chain(skew=0.8, dropout_lines=3, fax_resolution="204x98", salt_and_pepper=0.001),
    "combination.feeder_accident": _chain(crumple=0.25, uneven_feed=2, skew=4, vertical_streaks=3),
    "combination.messenger": _chain(
        perspective=0.01, motion=0.4, resolution=110, oversharpened=2, jpeg=30, jpeg_generations=2
    ),
    "combination.old_archive": _chain(ink_fade=0.5, bleed_through=0.2, yellowed=0.2, stain=0.2, fold=1, skew=0.5),
    "combination.phone_photo": _chain(
        curl=1,
        perspective=0.02,
        surroundings=0.06,
        colour_cast=30,
        cast_shadow=0.75,
        defocus=0.12,
        sensor_noise=8,
        jpeg=35,
    ),
    "combination.photo_of_a_screen": _chain(
        resolution=110, perspective=0.015, moire=0.15, colour_cast=25, glare=0.04, jpeg=40
    ),
    "combination.thermal_receipt": _chain(
        dropout_lines=4, ink_fade=0.35, crumple=0.2, curl=1.5, sensor_noise=8, jpeg=35
    ),
    "combination.third_generation_copy": _chain(
        skew=1.2, dot_gain=0.14, toner_patches=0.03, print_noise=1.6, vertical_streaks=2, salt_and_pepper=0.002
    ),
}
