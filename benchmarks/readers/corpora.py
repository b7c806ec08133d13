"""Clean documents of one value or one text each, with their truths, written into a folder."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
from babel.dates import format_date
from babel.numbers import format_currency

from crumple_corpora.letters import Letters

_LETTERS, _VALUES = 60, 60
_AMOUNTS = (("en_GB", "GBP"), ("en_US", "USD"), ("de_DE", "EUR"), ("fr_FR", "EUR"), ("es_ES", "EUR"), ("it_IT", "EUR"))
_DATES = ("en_GB", "en_US", "de_DE", "fr_FR", "es_ES", "it_IT")


def encodings(folder: Path) -> None:
    """Letters in every language of the corpus, UTF-8; the truth is their text."""
    corpus = Letters(_LETTERS)
    for entry in corpus.entries():
        data = corpus.load(entry.id).document.data
        (folder / entry.id).write_bytes(data)
        (folder / f"{entry.id}.truth.txt").write_bytes(data)


def amounts(folder: Path) -> None:
    """Amounts with two decimals, of which one reading only is possible."""
    rng = np.random.default_rng(7)
    for index in range(_VALUES):
        locale, currency = _AMOUNTS[index % len(_AMOUNTS)]
        amount = round(float(rng.integers(100, 9_999_999)) / 100, 2)
        _write(folder / f"amount-{index:02d}.txt", format_currency(amount, currency, locale=locale), {"amount": amount})


def dates(folder: Path) -> None:
    """Dates with their month's name."""
    rng = np.random.default_rng(7)
    for index in range(_VALUES):
        date = dt.date(2019, 1, 1) + dt.timedelta(days=int(rng.integers(2400)))
        written = format_date(date, "long", locale=_DATES[index % len(_DATES)])
        _write(folder / f"date-{index:02d}.txt", written, {"date": date.isoformat()})


def _write(path: Path, text: str, truth: object) -> None:
    path.write_text(text + "\n", "utf-8")
    path.with_name(path.name + ".truth.json").write_text(json.dumps(truth) + "\n", "utf-8")
