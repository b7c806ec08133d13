"""Scanned and photographed pages, and their text layers: what goes wrong between the sheet and the file.

Where the next one goes, from the printer to the file:

- print: `ink` (how much, how sharp), `printing` (machines and what they drop), `screening` (dots, moire)
- paper: `paper` (stock, age, the back showing through), `stains`, `corners`, `filing` (holes, staples)
- people: `pens`, `markers`, `stamps`, `labels`, `overprints` (watermarks, rules)
- the feeder and the camera: `geometry`, `edges`, `surroundings`, `light`, `optics`, `sensor`
- the file: `bilevel`, `compression`, `text_layer`
- whole sheets: `sheets` (which, in what order), `turns`, `feeds` (stuck together, of mixed resolution)

What they draw with is in `drawing`; `pdf_sheets`, `strangers` and `misreadings` serve the last two lines.
"""

from crumple_mutators.scan.bilevel import binarise, dither, fax_resolution
from crumple_mutators.scan.compression import jpeg, jpeg_generations, oversharpened, rasterise
from crumple_mutators.scan.corners import dog_ear, torn_corner
from crumple_mutators.scan.edges import black_border, cut_off, next_page_edge
from crumple_mutators.scan.feeds import mixed_resolution, stuck_sheets
from crumple_mutators.scan.filing import punch_holes, staple
from crumple_mutators.scan.geometry import crumple, curl, fold, lens_distortion, perspective, skew, uneven_feed
from crumple_mutators.scan.ink import dot_gain, ink_fade, ink_thinning, toner_patches, uneven_ink
from crumple_mutators.scan.labels import barcode_label, sticky_note
from crumple_mutators.scan.light import (
    cast_shadow,
    colour_cast,
    glare,
    light_gradient,
    overexposed,
    underexposed,
    vignette,
)
from crumple_mutators.scan.markers import highlighter, redaction
from crumple_mutators.scan.optics import defocus, motion, resolution
from crumple_mutators.scan.overprints import ruled_lines, watermark
from crumple_mutators.scan.paper import bleed_through, paper_texture, paper_tint, security_background, yellowed
from crumple_mutators.scan.pens import crossed_out, handwriting, underline
from crumple_mutators.scan.printing import dot_matrix, dropout_lines, print_noise
from crumple_mutators.scan.screening import halftone, moire
from crumple_mutators.scan.sensor import (
    banding,
    colour_misregistration,
    salt_and_pepper,
    sensor_noise,
    vertical_streaks,
)
from crumple_mutators.scan.sheets import (
    blank_page,
    foreign_page,
    interleaved_blanks,
    page_duplicated,
    page_missing,
    pages_reordered,
)
from crumple_mutators.scan.stains import cup_ring, stain, water_stain
from crumple_mutators.scan.stamps import stamp
from crumple_mutators.scan.surroundings import surroundings
from crumple_mutators.scan.text_layer import scanned, text_layer_missing, text_layer_noise, wrong_text_layer
from crumple_mutators.scan.turns import half_turn, mirrored, quarter_turn, upside_down_page

__all__ = [
    "banding",
    "barcode_label",
    "binarise",
    "black_border",
    "blank_page",
    "bleed_through",
    "cast_shadow",
    "colour_cast",
    "colour_misregistration",
    "crossed_out",
    "crumple",
    "cup_ring",
    "curl",
    "cut_off",
    "defocus",
    "dither",
    "dog_ear",
    "dot_gain",
    "dot_matrix",
    "dropout_lines",
    "fax_resolution",
    "fold",
    "foreign_page",
    "glare",
    "half_turn",
    "halftone",
    "handwriting",
    "highlighter",
    "ink_fade",
    "ink_thinning",
    "interleaved_blanks",
    "jpeg",
    "jpeg_generations",
    "lens_distortion",
    "light_gradient",
    "mirrored",
    "mixed_resolution",
    "moire",
    "motion",
    "next_page_edge",
    "overexposed",
    "oversharpened",
    "page_duplicated",
    "page_missing",
    "pages_reordered",
    "paper_texture",
    "paper_tint",
    "perspective",
    "print_noise",
    "punch_holes",
    "quarter_turn",
    "rasterise",
    "redaction",
    "resolution",
    "ruled_lines",
    "salt_and_pepper",
    "scanned",
    "security_background",
    "sensor_noise",
    "skew",
    "stain",
    "stamp",
    "staple",
    "sticky_note",
    "stuck_sheets",
    "surroundings",
    "text_layer_missing",
    "text_layer_noise",
    "toner_patches",
    "torn_corner",
    "underexposed",
    "underline",
    "uneven_feed",
    "uneven_ink",
    "upside_down_page",
    "vertical_streaks",
    "vignette",
    "water_stain",
    "watermark",
    "wrong_text_layer",
    "yellowed",
]
