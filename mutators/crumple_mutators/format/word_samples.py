"""A small Word document that the mutators of documents have as their example, put together part by part."""

from __future__ import annotations

from typing import Final

from crumple_mutators.format.workbook_samples import content_types, packed, related

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINES: Final = (
    "Order RE-2024-0117 of 2024-03-25",
    "Dear Ms Brontë, thank you for your order.",
    "Twelve oak-tables at 102.50 each come to 1,230.00 EUR.",
    "Please pay by 17 May 2024.",
    "Kind regards",
    "Zoë Núñez",
)
LETTER: Final = (
    "letter.docx",
    packed(
        {
            "[Content_Types].xml": content_types({"word/document.xml": f"{TYPES}.document.main+xml"}),
            "_rels/.rels": related(("officeDocument", "word/document.xml")),
            "word/document.xml": (
                f'<w:document xmlns:w="{MAIN}"><w:body>'
                + "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in _LINES)
                + '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
            ),
        }
    ),
)
