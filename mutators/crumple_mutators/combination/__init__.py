"""The category combination: what really happens to a page or a table, all at once."""

from crumple_mutators.combination.pages import (
    fax,
    feeder_accident,
    messenger,
    old_archive,
    phone_photo,
    photo_of_a_screen,
    thermal_receipt,
    third_generation_copy,
)
from crumple_mutators.combination.tables import edited_by_hand, erp_report, old_host, spreadsheet_export

__all__ = [
    "edited_by_hand",
    "erp_report",
    "fax",
    "feeder_accident",
    "messenger",
    "old_archive",
    "old_host",
    "phone_photo",
    "photo_of_a_screen",
    "spreadsheet_export",
    "thermal_receipt",
    "third_generation_copy",
]
