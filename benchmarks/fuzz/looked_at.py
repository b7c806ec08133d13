"""What was seen by eye where the sound twin fails as well: is the alarm a true one?

The rule: it is true where the values that are asked for stand in the document for a person to read, and the system does
not give them. It is not where the system gives what stands there, or what nobody could know to be damaged. What is not
in these lists is counted as not true.
"""

from __future__ import annotations

from collections.abc import Sequence

STANDS_THERE = "the answer is what stands in the document now: nothing in it tells that it was damaged"
WHOLE = "the truth is a figure of all rows, and follows damage to the one that it stands in alone"
REVISION = "the older revision, which is all that is left of a file that was cut behind it"
OTHER_MAIL = "the sender of the mail that took the place of the first one"
SHARED = "both twins are wrong, of a value that a person reads"
REFUSED = "both twins refuse what a person reads"
UNSEEN = "not looked at"

_BY_CHANCE = (
    "text.delete",
    "text.double",
    "text.insert",
    "text.keyboard",
    "text.ocr",
    "text.phonetic",
    "text.swap",
    "text.typos",
    "text.leet",
    "corruption.bit_flips",
    "corruption.blocks_swapped",
    "encoding.bad_bytes",
    "encoding.bad_bytes_in_data",
)
_FALSE = {
    ("sensor_logs", "table.unit_slip"): WHOLE,
    ("sensor_logs", "table.outlier"): WHOLE,
    ("meter_readings", "form.wrong_field"): WHOLE,
    ("tick_sheets", "scan.redaction"): STANDS_THERE,
    ("meter_readings", "format.json_float_noise"): WHOLE,
    ("order_mails", "scope.blank"): OTHER_MAIL,
    ("order_mails", "scope.one_word"): OTHER_MAIL,
    ("order_mails", "scope.other_kind"): OTHER_MAIL,
}
_TRUE = {
    ("till_receipts", "language.numbers"): SHARED,  # "1 206.50" is read as 206.50
}


def looked_at(system: str, outcome: str, mutators: Sequence[str]) -> tuple[bool, str]:
    """Whether a finding that the twin shares is a true alarm, and why.

    Args:
        system: its name.
        outcome: the finding's.
        mutators: of its recipe.
    """
    if outcome == "refused":
        return True, REFUSED
    pairs = [(system, each) for each in mutators]
    why = next((_FALSE[each] for each in pairs if each in _FALSE), "")
    if why:
        return False, why
    if "format.pdf_old_revision" in mutators:
        return False, REVISION
    if any(each in _TRUE for each in pairs):
        return True, SHARED
    return False, STANDS_THERE if any(each in _BY_CHANCE for each in mutators) else UNSEEN
