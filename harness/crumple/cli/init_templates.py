"""The files that `crumple init` writes. Pure."""

from __future__ import annotations

from crumple.cli.surroundings import FoundDocuments, FoundSystem

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


def configuration(system: FoundSystem, documents: FoundDocuments | None, *, example: bool) -> str:
    """The text of crumple.toml.

    Args:
        system: what is tested.
        documents: what it is tested with; None: generated invoices.
        example: whether the system is the example that is written beside it.
    """
    return "\n".join(
        (
            "# What crumple tests, with which documents, and how it judges. `crumple run` reads it.",
            "# A key that is commented out shows its default.",
            "",
            *_system(system, example and documents is None),
            "",
            *(_generated() if documents is None else _folder(documents)),
            "",
            *_judge(system, documents),
            "",
            *_rest(),
            "",
        )
    )


def _system(system: FoundSystem, refuses: bool) -> list[str]:
    refusal = f'["{SYSTEM_FILE.removesuffix(".py")}.Unreadable"]' if refuses else "[]"
    return [
        "[system]",
        f'call = "{system.target}"'.ljust(38) + "# module:function; it is given one document",
        f'input = "{system.input}"'.ljust(38) + "# bytes | path | text | image | record",
        '# python = ".venv/bin/python"          # the interpreter that it lives in; default: crumple\'s own',
        '# timeout = "30s"                      # longer is "hung"; memory = "2GiB": more is "exhausted"',
        "# What it raises when it knows that it cannot, which is better than a wrong answer:",
        f"{'' if refuses else '# '}refuses = {refusal}",
    ]


def _generated() -> list[str]:
    return [
        "[corpus]",
        "# Invoices made from a seed, with their right answers. For documents of your own:",
        '# path = "corpus"',
        'generate = "invoices"',
        "count = 20",
        'tags = ["csv"]                        # the shapes that the system reads: csv, image, json, pdf',
    ]


def _folder(documents: FoundDocuments) -> list[str]:
    first = documents.names[0]
    lines = ["[corpus]", f'path = "{documents.path}"']
    if documents.truths == len(documents.names):
        return [*lines, "# Every document has its right answer beside it."]
    return [
        *lines,
        "# The right answer to a document stands beside it, in a file of its name with .truth.json (JSON),",
        "# .truth.txt (a text) or .truth.csv (a table) at its end:",
        f"#   {first}",
        f'#   {first}.truth.json    for example: {{"number": "R-1001", "total": 119.0}}',
        "# Without one, the document is called clean three times, and where the answers agree they stand in for the",
        "# right one: that measures consistency, not correctness.",
    ]


def _judge(system: FoundSystem, documents: FoundDocuments | None) -> list[str]:
    kinds = documents.truth_kinds if documents else frozenset({".json"})
    as_text = kinds == {".txt"} or (not kinds and system.gives_text)
    if as_text:
        return [
            "[judge]",
            'kind = "text"                         # or fields, table, label, exact, or "module:function"',
            'pass = "clean"                        # right is what is no worse than its own clean answer,',
            "slack = 0.02                          # less this much of the score; or a score to reach: pass = 0.95",
        ]
    kind = "table" if kinds == {".csv"} else "fields"
    return [
        "[judge]",
        f'kind = "{kind}"'.ljust(38) + '# exact | fields | text | table | label | "module:function"',
        '# pass = 1.0                           # the score to reach, or "clean": no worse than its own clean answer',
    ]


def _rest() -> list[str]:
    return [
        "[mutate]",
        '# use = ["scan", "encoding.mojibake"]  # categories or mutators; default: all that apply. `crumple list`',
        "# levels = [1, 3, 5]                   # 1 is everyday, 3 is bad, 5 the worst that production really sends",
        "# seed = 0",
        "",
        "[run]",
        "# calls = 1000                         # the first budget that is reached ends a run",
        '# time = "10m"',
        "# workers = 2                          # default: one a core",
    ]
