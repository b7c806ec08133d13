"""Files as wholes: empty, cut short, padded, packed, and named as something else than they are.

`ends` (empty, cut, zeros at the end), `json_ends` (the end of JSON), `wrapped` (packed, sent with headers), `named`.
"""

from crumple_mutators.measures.files.ends import cut, empty, padded, zero_tail
from crumple_mutators.measures.files.json_ends import json_unclosed
from crumple_mutators.measures.files.named import html_error_page, wrong_name
from crumple_mutators.measures.files.wrapped import gzipped, http_headers, zipped

__all__ = [
    "cut",
    "empty",
    "gzipped",
    "html_error_page",
    "http_headers",
    "json_unclosed",
    "padded",
    "wrong_name",
    "zero_tail",
    "zipped",
]
