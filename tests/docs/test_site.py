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

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
# The theme's own buttons for copying stand in landmarks without a name; Markdown has no table without a header.
FORGIVEN = {"landmark-unique", "empty-table-header"}
QUICK = {"preload": False, "resultTypes": ["violations"]}  # it would ask for the style files anew
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
def opened(site: Path) -> Iterator[Callable[..., object]]:
    """Opens a page of the site from the disk; in the end nothing was asked of a network, and nothing complained of."""
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("there is no chromium")
    from playwright.sync_api import sync_playwright

    trouble: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))

        def open_page(name: str, **how: object):  # type: ignore[no-untyped-def]
            page = chromium.new_context(**how).new_page()
            page.on("console", lambda said: trouble.append(said.text) if said.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: trouble.append(str(error)))
            page.on("request", lambda asked: None if asked.url.startswith("file:") else trouble.append(asked.url))
            page.goto((site / name).as_uri())
            return page

        yield open_page
        chromium.close()
    assert not trouble


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


def test_a_search_from_the_disk_finds_a_mutator_by_a_word_of_its_name(opened: Callable[..., object]) -> None:
    page = opened("systems/python.html")
    page.keyboard.press("/")  # type: ignore[attr-defined]
    page.keyboard.type("mojibake")  # type: ignore[attr-defined]
    first = page.locator(".md-search-result__item a").first  # type: ignore[attr-defined]
    first.wait_for()
    assert first.locator("h1").inner_text() == "encoding.mojibake"
    first.click()
    page.wait_for_url("**/mutators/encoding.mojibake.html*")  # type: ignore[attr-defined]


def test_pages_can_be_read_by_everybody(opened: Callable[..., object]) -> None:
    """By axe's rules, in light and in dark; and on a phone no page is wider than its screen."""
    from axe_playwright_python.sync_playwright import Axe

    names = ("index", "runbook", "systems/http")
    for number, name in enumerate(names):
        page = opened(
            f"{name}.html", color_scheme=("light", "dark")[number % 2], viewport={"width": 1280, "height": 900}
        )
        found = [each for each in Axe().run(page, options=QUICK).response["violations"] if each["id"] not in FORGIVEN]
        assert not found, (name, found[0]["id"], found[0]["nodes"][0]["html"])
        page.set_viewport_size({"width": 360, "height": 800})  # type: ignore[attr-defined]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name  # type: ignore[attr-defined]
