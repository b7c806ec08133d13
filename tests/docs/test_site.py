"""The documentation as a site: built without a warning, asking nobody for anything, and read in a real browser."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browsers import barriers, watched

ROOT = Path(__file__).parents[2]
# The theme's own buttons for copying stand in landmarks without a name; Markdown has no table without a header.
FORGIVEN = {"landmark-unique", "empty-table-header"}
_CODE = re.compile(r"<(pre|script|style|svg)\b.*?</\1>|<code>.*?</code>", re.DOTALL)
_ASKED = re.compile(r"<(?:script|link|img|iframe|source|video)\b[^>]*?\b(?:src|href)=[\"']?((?:https?:)?//[^\s\"'>]*)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built strictly: every link, anchor and page of the navigation is there. Once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "site"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            done = subprocess.run(
                [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
                cwd=ROOT,
                env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            if done.returncode:
                shutil.rmtree(folder, ignore_errors=True)
            assert (done.returncode, done.stdout + done.stderr) == (0, ""), done.stdout + done.stderr
    return folder


@pytest.fixture
def opened(site: Path, browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site from the disk; in the end nothing was asked of a network, and nothing complained of."""
    with watched(browser) as open_page:
        yield lambda name, **how: open_page((site / name).as_uri(), **how)


def test_every_page_is_whole_and_asks_for_nothing_from_elsewhere(site: Path) -> None:
    """Lists, tables and code are read as on a forge; `_ASKED` would find a font, a script or a picture of others."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(list((ROOT / "docs" / "mutators").glob("*.md")))
    for path in pages:
        text = path.read_text("utf-8")
        assert not _ASKED.findall(text), path.name
        left = [each for each in re.findall(r"<p>.*?</p>", _CODE.sub("", text), re.DOTALL) if _markdown(each)]
        assert not left, f"{path.name}: {left[0]}"


def _markdown(paragraph: str) -> bool:
    """Whether Markdown was left as it is written."""
    return bool(re.search(r"\n\s*(?:[-*]|\d+\.) |\| ---|```|\*\*|\]\(", paragraph))


def test_the_navigation_names_no_single_mutator(site: Path) -> None:
    front = (site / "index.html").read_text("utf-8")
    assert 'href="mutators.html"' in front
    assert "mutators/" not in front


def test_what_lies_outside_docs_is_in_the_site(site: Path) -> None:
    assert 'href="ARCHITECTURE.html"' in (site / "extending.html").read_text("utf-8")
    assert "<h1" in (site / "ARCHITECTURE.html").read_text("utf-8")


def test_a_search_from_the_disk_finds_a_mutator_by_a_word_of_its_name(opened: Callable[..., Any]) -> None:
    page = opened("systems/python.html")
    page.keyboard.press("/")
    page.keyboard.type("mojibake")
    first = page.locator(".md-search-result__item a").first
    first.wait_for()
    assert first.locator("h1").inner_text() == "encoding.mojibake"
    first.click()
    page.wait_for_url("**/mutators/encoding.mojibake.html*")


def test_pages_can_be_read_by_everybody(opened: Callable[..., Any]) -> None:
    """By axe's rules, in light and in dark; and on a phone no page is wider than its screen."""
    names = ("index", "runbook", "systems/http")
    for number, name in enumerate(names):
        page = opened(
            f"{name}.html", color_scheme=("light", "dark")[number % 2], viewport={"width": 1280, "height": 900}
        )
        assert barriers(page, but=FORGIVEN) == "", name
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
