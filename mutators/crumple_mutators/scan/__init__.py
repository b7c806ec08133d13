"""Scanned and photographed pages, and their text layers: what goes wrong between the sheet and the file."""

from crumple_mutators.scan.compression import jpeg, rasterise
from crumple_mutators.scan.geometry import crumple, curl, fold, lens_distortion, perspective, skew, uneven_feed
from crumple_mutators.scan.light import cast_shadow
from crumple_mutators.scan.marks import stamp
from crumple_mutators.scan.optics import defocus, resolution
from crumple_mutators.scan.sensor import salt_and_pepper, sensor_noise
from crumple_mutators.scan.sheets import blank_page, half_turn, mirrored, page_duplicated, page_missing
from crumple_mutators.scan.text_layer import wrong_text_layer

__all__ = [
    "blank_page",
    "cast_shadow",
    "crumple",
    "curl",
    "defocus",
    "fold",
    "half_turn",
    "jpeg",
    "lens_distortion",
    "mirrored",
    "page_duplicated",
    "page_missing",
    "perspective",
    "rasterise",
    "resolution",
    "salt_and_pepper",
    "sensor_noise",
    "skew",
    "stamp",
    "uneven_feed",
    "wrong_text_layer",
]
