"""Word documents with footnotes."""

from __future__ import annotations

from typing import Final

from numpy.random import Generator

from crumple import NotApplicable, Package, mutator
from crumple_mutators.format.documents import PARAGRAPHS, new_run, on_words
from crumple_mutators.format.word_runs import altered
from crumple_mutators.format.word_samples import DOCX, LETTER, MAIN, TYPES
from crumple_mutators.format.workbook_samples import DECLARATION

_LINE: Final = '<w:footnote w:type="{}" w:id="{}"><w:p><w:r><w:{}/></w:r></w:p></w:footnote>'


@mutator("format.footnotes", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def footnotes(package: Package, share: float, rng: Generator) -> Package:
    """Add footnotes to words that say what they were in an earlier version, as contracts and offers have them.

    They speak of another version, and what the text says is the same; who runs the text and its notes together reads
    both. Ladder: a first guess, uncalibrated.
    """
    main = package.main()
    if package.related(main, "footnotes") or "word/footnotes.xml" in package.names:
        raise NotApplicable("it has footnotes already")
    said = [
        _LINE.format("separator", -1, "separator"),
        _LINE.format("continuationSeparator", 0, "continuationSeparator"),
    ]

    def noted(word: str, looks: str, number: int) -> str:
        text = f"In the version of last year: {altered(word, 3)}"
        said.append(
            f'<w:footnote w:id="{number + 1}"><w:p><w:r><w:footnoteRef/></w:r>{new_run(text)}</w:p></w:footnote>'
        )
        mark = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        return f'{new_run(word, looks)}<w:r>{mark}<w:footnoteReference w:id="{number + 1}"/></w:r>'

    package = on_words(package, share, rng, noted)
    content = f'{DECLARATION}<w:footnotes xmlns:w="{MAIN}">{"".join(said)}</w:footnotes>'
    return package.with_related(main, "footnotes", "word/footnotes.xml", content.encode(), f"{TYPES}.footnotes+xml")[0]
