"""The files that `crumple init` writes. Pure."""

from __future__ import annotations

from crumple.cli.init_systems import Examples, Tested, poll, said
from crumple.cli.surroundings import FoundDocuments
from crumple.plain_text import visible

SYSTEM_FILE = "system.py"

INVOICE_SYSTEM = '''"""An example of a system: reads an invoice's lines from a CSV export. Put your own in its place."""

import csv
import io


class Unreadable(Exception):
    """What this system raises when it knows that it cannot; crumple.toml declares it under `refuses`."""


def read(document: bytes) -> dict:
    rows = list(csv.DictReader(io.StringIO(document.decode("utf-8"))))
    if not rows:
        raise Unreadable("no lines")
    return {
        "number": rows[0]["invoice_number"],
        "date": rows[0]["date"],
        "currency": rows[0]["currency"],
        "lines": [
            {
                "description": row["description"],
                "quantity": float(row["quantity"]),
                "unit_price": float(row["unit_price"]),
                "amount": float(row["amount"]),
            }
            for row in rows
        ],
    }
'''

TEXT_SYSTEM = '''"""An example of a system: the text of a document. Put your own in its place."""


def read(document: bytes, media_type: str) -> str:
    if media_type == "application/pdf":
        import io

        from pypdf import PdfReader

        return "\\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
    if media_type.startswith("image/"):
        raise NotImplementedError("images need a reader of yours: put your OCR here")
    return document.decode("utf-8")
'''


def configuration(tested: Tested, documents: FoundDocuments | None, examples: Examples, tags: str = "csv") -> str:
    """The text of crumple.toml.

    Args:
        tested: the system.
        documents: what it is tested with; None: generated invoices.
        examples: of right answers.
        tags: of generated invoices, the shape that the system reads.
    """
    return "\n".join(
        (
            "# What crumple tests, with which documents, and how it judges. `crumple run` reads it.",
            "# A key that is commented out shows its default, or what could stand there.",
            "",
            "[system]",
            *tested.lines,
            *poll(tested),
            "",
            *(_generated(tags) if documents is None else _folder(documents)),
            "",
            *_judge(tested, documents, examples),
            "",
            *_rest(tested),
            "",
        )
    )


def _generated(tags: str) -> list[str]:
    return [
        "[corpus]",
        "# Invoices made from a seed, with their right answers. For documents of your own:",
        '# path = "corpus"',
        'generate = "invoices"',
        "count = 20",
        said("tags", [tags], "the shapes that the system reads: csv, image, json, pdf"),
    ]


def _folder(documents: FoundDocuments) -> list[str]:
    first = documents.names[0]
    lines = ["[corpus]", said("path", documents.path)]
    if documents.truths == len(documents.names):
        return [*lines, "# Every document has its right answer beside it."]
    return [
        *lines,
        "# The right answer to a document stands beside it, in a file of its name with .truth.json (JSON),",
        "# .truth.txt (a text) or .truth.csv (a table) at its end:",
        f"#   {visible(first)}",
        f'#   {visible(first)}.truth.json    for example: {{"number": "R-1001", "total": 119.0}}',
        "# Without one, the document is called clean three times, and where the answers agree they stand in for the",
        "# right one: that measures consistency, not correctness. `crumple truth` writes these for you to correct.",
    ]


def _judge(tested: Tested, documents: FoundDocuments | None, examples: Examples) -> list[str]:
    kinds = documents.truth_kinds if documents else frozenset({".json"})
    if examples.facts:
        return ["[judge]", said("kind", "facts", "what must and what must not stand in the answer")]
    if kinds == {".txt"} or (not kinds and tested.reads == "text"):
        return [
            "[judge]",
            'kind = "text"                          # or fields, table, label, exact, facts, or "module:function"',
            'pass = "clean"                         # right is what is no worse than its own clean answer,',
            "slack = 0.02                           # less this much of the score; or a score to reach: pass = 0.95",
        ]
    kind = "table" if kinds == {".csv"} or (not kinds and tested.reads == "csv") else "fields"
    return [
        "[judge]",
        said("kind", kind, 'exact | fields | text | table | label | facts | "module:function"'),
        '# pass = 1.0                           # the score to reach, or "clean": no worse than its own clean answer',
    ]


def _rest(tested: Tested) -> list[str]:
    elsewhere = tested.kind in {"url", "chat"}
    return [
        "[mutate]",
        '# use = ["scan", "encoding.mojibake"]  # categories or mutators; default: all that apply. `crumple list`',
        "# levels = [1, 3, 5]                   # 1 is everyday, 3 is bad, 5 the worst that production really sends",
        "# seed = 0",
        "",
        "[run]",
        *(
            _BOUNDED
            if elsewhere
            else ["# calls = 1000                         # the first budget that is reached ends a run"]
        ),
        '# time = "10m"',
        *(_SERVICES if elsewhere else ["# workers = 2                          # default: one a core"]),
        "",
        "[privacy]",
        '# store = "failing"                    # recipe | failing | all: what is kept of documents in .crumple',
        '# redact = ["/iban"]                   # fields blacked out before anything is stored or shown',
    ]


_BOUNDED = [
    "calls = 300                            # the first budget that is reached ends a run; the same command goes on"
]
_SERVICES = [
    "# cost = 5.0                           # money that it may spend, by cost or prices above",
    "# concurrency = 16                     # calls at a time; fewer where the service does not bear them",
    '# rate = "60/min"                      # calls in a time',
]
