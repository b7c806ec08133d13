"""Formats: JSON, XML, HTML, mail and office files as real programs and people write them."""

from __future__ import annotations

from crumple_mutators.format.images import (
    alpha,
    cmyk,
    colour_profile,
    exif_rotation,
    other_image,
    palette,
    png_interlaced,
    progressive,
    resolution,
    sixteen_bits,
    tiff_layout,
)
from crumple_mutators.format.json_layout import escapes as json_escapes
from crumple_mutators.format.json_layout import float_noise as json_float_noise
from crumple_mutators.format.json_layout import key_style as json_key_style
from crumple_mutators.format.json_layout import layout as json_layout
from crumple_mutators.format.json_layout import member_order as json_member_order
from crumple_mutators.format.json_layout import number_notation as json_number_notation
from crumple_mutators.format.json_lines import bad_lines as jsonl_bad_lines
from crumple_mutators.format.json_lines import form as jsonl_form
from crumple_mutators.format.json_lines import noise as jsonl_noise
from crumple_mutators.format.json_shape import answer as json_answer
from crumple_mutators.format.json_shape import concatenated as json_concatenated
from crumple_mutators.format.json_shape import depth as json_depth
from crumple_mutators.format.json_shape import double_encoded as json_double_encoded
from crumple_mutators.format.json_shape import envelope as json_envelope
from crumple_mutators.format.json_shape import extra_members as json_extra_members
from crumple_mutators.format.json_shape import extremes as json_extremes
from crumple_mutators.format.json_shape import long_string as json_long_string
from crumple_mutators.format.json_syntax import comments as json_comments
from crumple_mutators.format.json_syntax import literals as json_literals
from crumple_mutators.format.json_syntax import missing_commas as json_missing_commas
from crumple_mutators.format.json_syntax import raw_newlines as json_raw_newlines
from crumple_mutators.format.json_syntax import single_quotes as json_single_quotes
from crumple_mutators.format.json_syntax import smart_quotes as json_smart_quotes
from crumple_mutators.format.json_syntax import trailing_commas as json_trailing_commas
from crumple_mutators.format.json_syntax import unclosed as json_unclosed
from crumple_mutators.format.json_syntax import unquoted_keys as json_unquoted_keys
from crumple_mutators.format.json_values import conflicting_keys as json_conflicting_keys
from crumple_mutators.format.json_values import duplicate_keys as json_duplicate_keys
from crumple_mutators.format.json_values import long_integers as json_long_integers
from crumple_mutators.format.json_values import not_a_number as json_not_a_number
from crumple_mutators.format.pdf import (
    pdf_attachment,
    pdf_flattened,
    pdf_old_revision,
    pdf_portfolio,
    pdf_sheet_size,
    pdf_xfa,
)

__all__ = [
    "alpha",
    "cmyk",
    "colour_profile",
    "exif_rotation",
    "json_answer",
    "json_comments",
    "json_concatenated",
    "json_conflicting_keys",
    "json_depth",
    "json_double_encoded",
    "json_duplicate_keys",
    "json_envelope",
    "json_escapes",
    "json_extra_members",
    "json_extremes",
    "json_float_noise",
    "json_key_style",
    "json_layout",
    "json_literals",
    "json_long_integers",
    "json_long_string",
    "json_member_order",
    "json_missing_commas",
    "json_not_a_number",
    "json_number_notation",
    "json_raw_newlines",
    "json_single_quotes",
    "json_smart_quotes",
    "json_trailing_commas",
    "json_unclosed",
    "json_unquoted_keys",
    "jsonl_bad_lines",
    "jsonl_form",
    "jsonl_noise",
    "other_image",
    "palette",
    "pdf_attachment",
    "pdf_flattened",
    "pdf_old_revision",
    "pdf_portfolio",
    "pdf_sheet_size",
    "pdf_xfa",
    "png_interlaced",
    "progressive",
    "resolution",
    "sixteen_bits",
    "tiff_layout",
]
