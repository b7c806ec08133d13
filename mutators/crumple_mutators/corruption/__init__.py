"""Files whose bytes are damaged, out of order, wrapped, locked, or not those of the document at all."""

from __future__ import annotations

from crumple_mutators.corruption.damage import (
    bit_flips,
    block_doubled,
    block_zeroed,
    blocks_swapped,
    padded,
    zero_tail,
)
from crumple_mutators.corruption.passwords import owner_password, user_password
from crumple_mutators.corruption.transfer import (
    gzipped,
    html_error_page,
    joined,
    joined_table,
    seven_bits,
    text_mode,
)

__all__ = [
    "bit_flips",
    "block_doubled",
    "block_zeroed",
    "blocks_swapped",
    "gzipped",
    "html_error_page",
    "joined",
    "joined_table",
    "owner_password",
    "padded",
    "seven_bits",
    "text_mode",
    "user_password",
    "zero_tail",
]
