"""Where `[privacy]` lets out figures only, the words of systems and documents are in no report, wherever they stood."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from crumple import FIGURES
from crumple.reporting import report
from hostile_documents import KINDS

SAID: Final = frozenset({"expected", "answer", "detail", "cause", "fingerprint", "fingerprints", "shows"})
"""Keys under which the words of a system or a document stand; below `findings` also "what"."""
WORDS: Final = "Kind: SaidByTheSystem"


def saying(value: Any, key: str = "", above: str = "") -> Any:
    """The document with these words wherever a system's can be; its kind may be shown, and not what follows."""
    if isinstance(value, str):
        return WORDS if key in SAID or (key == "what" and above != "changes") else value
    if isinstance(value, dict):
        return (
            {WORDS: 3} if key == "causes" else {name: saying(each, name, key or above) for name, each in value.items()}
        )
    return [saying(each, key, above) for each in value] if isinstance(value, (list, tuple)) else value


def written(ending: str, document: dict[str, Any]) -> str:
    return str(report(Path(f"x.{ending}"))(document, FIGURES))


@pytest.mark.parametrize("ending", ["html", "md", "xml", "json"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_system_said_is_in_no_report_of_figures(kind: str, ending: str) -> None:
    document = saying(KINDS[kind]())
    document |= {"items": [each | {"privacy": "figures"} for each in document["items"]]} if kind == "pytest" else {}
    assert WORDS in str(document)
    assert "SaidByTheSystem" not in written(ending, document)
