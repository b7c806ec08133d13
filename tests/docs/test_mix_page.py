"""The example of docs/mix.md, run as a reader would: the page shows what it prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from doc_examples import block, text_of, words_of, write_page

PAGE = text_of("docs/mix.md")
_ORDER = """\
Order {n} of 5 March 2024
Café Zoë, 12 chairs at 3.60 EUR, delivered to the door

Total {total} EUR
Thank you
"""


def orders(where: Path) -> None:
    """The corpus that the page speaks of."""
    for n in range(1, 21):
        path = where / "corpus" / f"order-{n}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_ORDER.format(n=n, total=f"{n * 7}.20"), "utf-8")
        path.with_name(f"{path.name}.truth.json").write_text(json.dumps({"total": f"{n * 7}.20"}))


def test_the_forecast_of_the_page_is_what_the_run_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/mix.md", tmp_path)
    orders(tmp_path)
    (words,) = words_of("docs/mix.md", "$ crumple run")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command_line, [*words, "--json", "r.json"], prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    shown = re.search(r"^Forecast for production.*?(?=\n\n\S)", done.stdout, re.DOTALL | re.MULTILINE)
    assert shown is not None
    printed = block("docs/mix.md", "$ crumple run")
    assert shown[0] in printed
    assert done.stdout.partition("\n")[0] in printed
    runs, failures = (
        sum(each[key] for each in json.loads(Path("r.json").read_text())["categories"].values())
        for key in ("runs", "failures")
    )
    assert f"{failures} of {runs} degraded calls failed" in PAGE
    assert f"degraded calls of this run {failures / runs:.0%} fail".replace("%", " %") in PAGE
