"""Formats: JSON, XML, HTML, mail and office files as real programs and people write them."""

from __future__ import annotations

from crumple_mutators.format.documents import (
    comments,
    content_controls,
    hidden_text,
    hyphen_elements,
    layout_tables,
    merge_fields,
    split_runs,
    text_boxes,
    tracked_changes,
)
from crumple_mutators.format.html_structure import blocks_for_tables as html_blocks_for_tables
from crumple_mutators.format.html_structure import breaks as html_breaks
from crumple_mutators.format.html_structure import layout_tables as html_layout_tables
from crumple_mutators.format.html_structure import row_spans as html_row_spans
from crumple_mutators.format.html_structure import soup as html_soup
from crumple_mutators.format.html_structure import tag_style as html_tags
from crumple_mutators.format.html_structure import unclosed as html_unclosed
from crumple_mutators.format.html_surroundings import boilerplate as html_boilerplate
from crumple_mutators.format.html_surroundings import scripts as html_scripts
from crumple_mutators.format.html_text import comments as html_comments
from crumple_mutators.format.html_text import hidden as html_hidden
from crumple_mutators.format.html_text import references as html_references
from crumple_mutators.format.html_text import soft_breaks as html_soft_breaks
from crumple_mutators.format.html_text import split_words as html_split_words
from crumple_mutators.format.image_shapes import animated, one_pixel, tiff_jpeg, wide_canvas
from crumple_mutators.format.images import (
    alpha,
    cmyk,
    colour_profile,
    exif_rotation,
    motion_photo,
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
from crumple_mutators.format.json_syntax import json5
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
from crumple_mutators.format.mail_bodies import disagreeing as mail_disagreeing
from crumple_mutators.format.mail_bodies import flowed as mail_flowed
from crumple_mutators.format.mail_bodies import form as mail_form
from crumple_mutators.format.mail_headers import before_headers as mail_before_headers
from crumple_mutators.format.mail_headers import folded_headers as mail_folded_headers
from crumple_mutators.format.mail_headers import header_case as mail_header_case
from crumple_mutators.format.mail_headers import missing_headers as mail_missing_headers
from crumple_mutators.format.mail_headers import repeated_headers as mail_repeated_headers
from crumple_mutators.format.mail_headers import trace_headers as mail_trace_headers
from crumple_mutators.format.mail_names import attachment_name as mail_attachment_name
from crumple_mutators.format.mail_parts import attachment_cut as mail_attachment_cut
from crumple_mutators.format.mail_parts import attachment_type as mail_attachment_type
from crumple_mutators.format.mail_parts import boundary as mail_boundary
from crumple_mutators.format.mail_parts import extra_parts as mail_extra_parts
from crumple_mutators.format.mail_parts import nested as mail_nested
from crumple_mutators.format.mail_threads import older_messages as mail_older_messages
from crumple_mutators.format.mail_threads import quoted as mail_quoted
from crumple_mutators.format.mail_threads import signature as mail_signature
from crumple_mutators.format.mail_transport import doubled_dots as mail_doubled_dots
from crumple_mutators.format.mail_transport import text_cut as mail_text_cut
from crumple_mutators.format.mail_transport import transfer_lie as mail_transfer_lie
from crumple_mutators.format.mail_winmail import winmail as mail_winmail
from crumple_mutators.format.markdown import block as md_block
from crumple_mutators.format.markdown import emphasis as md_emphasis
from crumple_mutators.format.markdown import escapes as md_escapes
from crumple_mutators.format.markdown import front_matter as md_front_matter
from crumple_mutators.format.markdown import headings as md_headings
from crumple_mutators.format.markdown import html as md_html
from crumple_mutators.format.markdown import tables as md_tables
from crumple_mutators.format.office_containers import embedded_html, letterhead, office_password
from crumple_mutators.format.pdf import (
    pdf_attachment,
    pdf_flattened,
    pdf_old_revision,
    pdf_portfolio,
    pdf_sheet_size,
    pdf_xfa,
)
from crumple_mutators.format.word_notes import footnotes
from crumple_mutators.format.workbook_cells import (
    date_system_1904,
    dates_as_text,
    error_values,
    number_format,
    numbers_as_text,
)
from crumple_mutators.format.workbook_formulas import formulas_without_values
from crumple_mutators.format.workbook_layout import hidden_columns, hidden_rows, leading_blanks, merged_cells
from crumple_mutators.format.workbook_notes import cell_comments, sheet_protected
from crumple_mutators.format.workbooks import hidden_sheet, other_sheet, workbook_writer
from crumple_mutators.format.xml_prolog import around as xml_around
from crumple_mutators.format.xml_prolog import entity_expansion as xml_entity_expansion
from crumple_mutators.format.xml_prolog import external as xml_external
from crumple_mutators.format.xml_prolog import internal_entities as xml_internal_entities
from crumple_mutators.format.xml_structure import as_elements as xml_elements
from crumple_mutators.format.xml_structure import attributes as xml_attributes
from crumple_mutators.format.xml_structure import empty_elements as xml_empty_elements
from crumple_mutators.format.xml_structure import envelope as xml_envelope
from crumple_mutators.format.xml_structure import namespaces as xml_namespaces
from crumple_mutators.format.xml_structure import order as xml_order
from crumple_mutators.format.xml_structure import repeated as xml_repeated
from crumple_mutators.format.xml_text import bare_ampersands as xml_bare_ampersands
from crumple_mutators.format.xml_text import cdata as xml_cdata
from crumple_mutators.format.xml_text import comments as xml_comments
from crumple_mutators.format.xml_text import mismatched as xml_mismatched
from crumple_mutators.format.xml_text import references as xml_references
from crumple_mutators.format.xml_text import unclosed as xml_unclosed
from crumple_mutators.format.xml_text import upper_case as xml_upper_case
from crumple_mutators.format.xml_text import whitespace as xml_whitespace
from crumple_mutators.format.xml_values import conflicting as xml_conflicting

__all__ = [
    "alpha",
    "animated",
    "cell_comments",
    "cmyk",
    "colour_profile",
    "comments",
    "content_controls",
    "date_system_1904",
    "dates_as_text",
    "embedded_html",
    "error_values",
    "exif_rotation",
    "footnotes",
    "formulas_without_values",
    "hidden_columns",
    "hidden_rows",
    "hidden_sheet",
    "hidden_text",
    "html_blocks_for_tables",
    "html_boilerplate",
    "html_breaks",
    "html_comments",
    "html_hidden",
    "html_layout_tables",
    "html_references",
    "html_row_spans",
    "html_scripts",
    "html_soft_breaks",
    "html_soup",
    "html_split_words",
    "html_tags",
    "html_unclosed",
    "hyphen_elements",
    "json5",
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
    "layout_tables",
    "leading_blanks",
    "letterhead",
    "mail_attachment_cut",
    "mail_attachment_name",
    "mail_attachment_type",
    "mail_before_headers",
    "mail_boundary",
    "mail_disagreeing",
    "mail_doubled_dots",
    "mail_extra_parts",
    "mail_flowed",
    "mail_folded_headers",
    "mail_form",
    "mail_header_case",
    "mail_missing_headers",
    "mail_nested",
    "mail_older_messages",
    "mail_quoted",
    "mail_repeated_headers",
    "mail_signature",
    "mail_text_cut",
    "mail_trace_headers",
    "mail_transfer_lie",
    "mail_winmail",
    "md_block",
    "md_emphasis",
    "md_escapes",
    "md_front_matter",
    "md_headings",
    "md_html",
    "md_tables",
    "merge_fields",
    "merged_cells",
    "motion_photo",
    "number_format",
    "numbers_as_text",
    "office_password",
    "one_pixel",
    "other_image",
    "other_sheet",
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
    "sheet_protected",
    "sixteen_bits",
    "split_runs",
    "text_boxes",
    "tiff_jpeg",
    "tiff_layout",
    "tracked_changes",
    "wide_canvas",
    "workbook_writer",
    "xml_around",
    "xml_attributes",
    "xml_bare_ampersands",
    "xml_cdata",
    "xml_comments",
    "xml_conflicting",
    "xml_elements",
    "xml_empty_elements",
    "xml_entity_expansion",
    "xml_envelope",
    "xml_external",
    "xml_internal_entities",
    "xml_mismatched",
    "xml_namespaces",
    "xml_order",
    "xml_references",
    "xml_repeated",
    "xml_unclosed",
    "xml_upper_case",
    "xml_whitespace",
]
