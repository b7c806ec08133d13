"""What the site needs beyond Markdown: pages that lie outside docs/, and a way back from a mutator's page.

The same Markdown is read on a forge, where it is right as it stands; nothing here changes a file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

BESIDE = ("ARCHITECTURE.md", "CHANGELOG.md")
"""Pages of the repository's root that the site has too."""

LOOKED_UP = ("CHANGELOG.md", "benchmarks.md", "calibration.md", "readers.md")

_CODE = re.compile(r"`[^`\n]+`")
_COMMENT = re.compile(r"\A\s*<!--.*?-->\s*", re.DOTALL)
_HEADING = re.compile(r"^# .+$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take the root's pages in."""
    for name in BESIDE:
        files.append(File.generated(config, name, abs_src_path=str(Path(config.docs_dir).parent / name)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Links as they are in the site, tables as its parser reads them."""
    source = page.file.src_uri
    markdown = _COMMENT.sub("", markdown)  # before a heading it would hide that this is the title
    if source in LOOKED_UP or source.startswith("mutators/"):
        page.meta["search"] = {"boost": 0.5}  # what explains comes first
    if source in BESIDE:
        markdown = re.sub(r"\]\(docs/", "](", markdown)
    outside = "../" * (source.count("/") + 1)
    for name in BESIDE:
        markdown = markdown.replace(f"]({outside}{name}", f"]({outside[3:]}{name}")
    if source.startswith("mutators/"):
        category = source.removeprefix("mutators/").partition(".")[0]
        back = f"[Mutators](../mutators.md) / [{category}](../mutators.md#{category})"
        markdown = _HEADING.sub(lambda heading: f"{heading[0]}\n\n{back}", markdown, count=1)
    return "\n".join(_row(line) for line in markdown.split("\n"))


def on_post_page(output: str, **_: object) -> str:
    """Names for what the theme leaves without one, which a screen reader needs."""
    output = output.replace('role="dialog">', 'role="dialog" aria-label="Search">')
    return output.replace('<input type="checkbox" disabled', '<input type="checkbox" aria-label="Step" disabled')


def _row(line: str) -> str:
    """A row of a table: a forge wants a bar in code escaped, the site's parser shows the escape."""
    if not line.startswith("|"):
        return line
    return _CODE.sub(lambda code: code[0].replace(r"\|", "|"), line)
