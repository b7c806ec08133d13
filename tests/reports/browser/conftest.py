"""A real browser that pages are opened in; nothing that it is shown may load, run or complain of anything foreign."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
# Without these it looks for updates and hosts of its makers', which is noise on a machine without a network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium, started once."""
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("there is no chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Opens a report's text as a file; in the end nothing was asked of a network, and nothing was complained of."""
    contexts, trouble = [], []

    def open_page(text: str, **how: object):
        assert "could not be made of this document" not in text  # a section that fails leaves only this sentence
        path = tmp_path / f"report{len(contexts)}.html"
        path.write_text(text, "utf-8")
        context = browser.new_context(**how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: trouble.append(message.text) if message.type in {"error", "warning"} else 0)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: trouble.append(request.url) if _foreign(request.url) else 0)
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble


def _foreign(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:"))
