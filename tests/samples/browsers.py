"""A real browser that pages are opened in; nothing that it is shown may load, run or complain of anything foreign."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pytest

CHROMIUM: Final = shutil.which("chromium") or shutil.which("google-chrome")
# Without these it looks for updates and hosts of its makers', which is noise on a machine without a network.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_UNFOLD: Final = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once a process: there can be no second one beside it."""
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("there is no chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@contextlib.contextmanager
def watched(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens addresses; in the end nothing was asked of a network, and nothing was complained of."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def open_page(url: str, **how: object) -> Any:
        context = browser.new_context(**how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: trouble.append(message.text) if message.type in {"error", "warning"} else 0)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: trouble.append(request.url) if _foreign(request.url) else 0)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble


def _foreign(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:"))


def barriers(page: Any, scheme: str = "light", *, within: Sequence[Sequence[str]] = (), but: Sequence[str] = ()) -> str:
    """What stands in the way of somebody, by axe's rules, with everything unfolded; "" where nothing does.

    Args:
        page: as it is.
        scheme: in the dark colours are looked at alone: all else is as in the light.
        within: selectors of what is looked at; by default everything.
        but: rules that are left out.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(_UNFOLD)
    # Style sheets would be asked for anew.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if scheme == "dark":
        options["runOnly"] = ["color-contrast"]
    found = Axe().run(page, context={"include": list(within)} if within else None, options=options)
    return "\n".join(
        f"{each['id']}: {each['nodes'][0]['html'][:300]}"
        for each in found.response["violations"]
        if each["id"] not in but
    )
