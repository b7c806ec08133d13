"""Files whose bytes or structure are damaged, wrapped, locked, wrongly named, or not those of the document at all."""

from __future__ import annotations

from crumple_mutators.corruption.archive_forms import archive_form
from crumple_mutators.corruption.archives import (
    archive_checksum,
    archive_directory_missing,
    archive_locked,
    archive_member_cut,
    archive_member_missing,
    archive_names,
)
from crumple_mutators.corruption.damage import (
    bit_flips,
    block_doubled,
    block_zeroed,
    blocks_swapped,
    padded,
    zero_tail,
)
from crumple_mutators.corruption.passwords import owner_password, user_password
from crumple_mutators.corruption.pdf_contents import (
    pdf_content_cut,
    pdf_fonts_missing,
    pdf_page_lost,
    pdf_page_tree_loop,
    pdf_text_map_missing,
)
from crumple_mutators.corruption.pdf_file import pdf_index, pdf_print_job, pdf_streams, pdf_version
from crumple_mutators.corruption.pictures import jpeg_scan, png_checksums, tiff_strips
from crumple_mutators.corruption.transfer import (
    gzipped,
    html_error_page,
    joined,
    joined_table,
    seven_bits,
    text_mode,
)
from crumple_mutators.corruption.wrapping import (
    gzip_cut,
    http_headers,
    script_output,
    wrong_media_type,
    wrong_name,
    zipped,
)

__all__ = [
    "archive_checksum",
    "archive_directory_missing",
    "archive_form",
    "archive_locked",
    "archive_member_cut",
    "archive_member_missing",
    "archive_names",
    "bit_flips",
    "block_doubled",
    "block_zeroed",
    "blocks_swapped",
    "gzip_cut",
    "gzipped",
    "html_error_page",
    "http_headers",
    "joined",
    "joined_table",
    "jpeg_scan",
    "owner_password",
    "padded",
    "pdf_content_cut",
    "pdf_fonts_missing",
    "pdf_index",
    "pdf_page_lost",
    "pdf_page_tree_loop",
    "pdf_print_job",
    "pdf_streams",
    "pdf_text_map_missing",
    "pdf_version",
    "png_checksums",
    "script_output",
    "seven_bits",
    "text_mode",
    "tiff_strips",
    "user_password",
    "wrong_media_type",
    "wrong_name",
    "zero_tail",
    "zipped",
]
