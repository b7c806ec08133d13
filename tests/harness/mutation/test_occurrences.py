"""Where a value stands in running text."""

import pytest

from crumple.mutation.occurrences import occurrences


def found(value: object, text: str) -> list[str]:
    """What stands at each place, with a character on both sides."""
    return [text[max(0, each.start - 1) : each.end + 1] for each in occurrences(value, text)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text", "places"),
    [
        ("M-10450", "<n>M-10450</n><p>M-10450-01</p>", [">M-10450<"]),
        ("Meyer", "Meyer, Meyersdorf, Meyer-Schmidt", ["Meyer,", " Meyer-"]),
        ("100", "2100 and 100 and 100.50", [" 100 "]),
        ("RE/7", "RE/7/24 but RE/7", [" RE/7"]),
        ("M-10450", "only M-10450-01", [" M-10450-"]),
        ("北京", "在北京市 北京", ["在北京市", " 北京"]),
    ],
)
def test_what_is_a_part_of_a_longer_word_is_another_one_unless_there_is_nothing_else(
    value: str, text: str, places: list[str]
) -> None:
    assert sorted(found(value, text)) == sorted(places)
