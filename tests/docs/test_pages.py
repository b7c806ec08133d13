"""The pages that are built from the code are what the code says."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from PIL import Image

from crumple import NotApplicable
from crumple.mutation.registry import discover

PAGE = Path(__file__).parents[2] / "docs" / "build.py"
WITHOUT: set[str] = set()
"""Mutators whose page shows nothing, and why: there are none."""
OF_TEXT_LAYERS = {"scan.rasterise", "scan.text_layer_missing", "scan.text_layer_noise", "scan.wrong_text_layer"}
"""Their pages look the same; what changes is shown in words. (`rasterise` is a control.)"""


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", PAGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PAGE.parent))
        spec.loader.exec_module(module)
    return module


def test_no_page_is_stale(build: ModuleType) -> None:
    assert build.stale() == [], "run python docs/build.py"


def test_every_key_of_the_configuration_is_described() -> None:
    from crumple.config.model import Settings

    for section in Settings.model_fields.values():
        models = [each for each in (section.annotation, *get_args(section.annotation)) if hasattr(each, "model_fields")]
        for name, field in models[0].model_fields.items():
            assert field.description, f"{models[0]}.{name} has no description"


def test_every_mutator_has_a_picture_or_an_example_on_its_page() -> None:
    folder = PAGE.parent / "mutators"
    pages = {
        each.name: (folder / f"{each.name}.md").read_text("utf-8").partition("\n## Example\n")[2] for each in discover()
    }
    assert {name for name, shown in pages.items() if "```" not in shown and "![" not in shown} == WITHOUT


def test_strips_are_there_are_small_and_say_in_words_what_they_show(build: ModuleType) -> None:
    drawn = build.mutator_pages.strips_drawn()
    shown = {name: each for name, each in drawn.items() if each["levels"]}
    assert {each.name for each in discover() if each.category == "scan"} - set(shown) == OF_TEXT_LAYERS
    sizes = {}
    for name, each in shown.items():
        path = PAGE.parent / "gallery" / f"{name}.webp"
        sizes[name] = path.stat().st_size
        with Image.open(path) as picture:
            assert list(picture.size) == each["size"], name
        text = (PAGE.parent / "mutators" / f"{name}.md").read_text("utf-8")
        (alt,) = re.findall(rf"!\[(.+)\]\(\.\./gallery/{re.escape(name)}\.webp\)", text)
        assert len(alt) > 60, name
    assert max(sizes.values()) < 40_000
    assert sum(sizes.values()) < 4_000_000
    extra = {path.stem for path in (PAGE.parent / "gallery").glob("*.webp")} - set(sizes)
    assert extra == set(build.mutator_pages.OVERVIEWS)


def test_a_strip_is_stale_once_its_mutator_or_what_it_is_drawn_of_is_another(build: ModuleType) -> None:
    pages = build.mutator_pages
    skew, blur = (discover().mutators[name] for name in ("scan.skew", "scan.defocus"))
    known = pages.strips_drawn()
    assert pages.is_fresh(skew, known)
    assert not pages.is_fresh(skew, {"scan.skew": known[blur.name]})
    assert not pages.is_fresh(skew, {"scan.skew": known["scan.skew"] | {"seed": 8}})
    assert not pages.is_fresh(skew, {})


def test_a_strip_shows_the_clean_page_and_every_level(build: ModuleType) -> None:
    strips = build.mutator_pages.strips
    strip = strips.draw(discover().mutators["scan.half_turn"], strips.Subject("a form"))
    assert strip.levels == (3,)
    height, width = strip.picture.shape[:2]
    assert width == 2 * 300 + 8
    clean, turned = strip.picture[22:, :300], strip.picture[22:, 308:]
    assert height > 400
    assert (clean != turned).any()
    with pytest.raises(NotApplicable, match="nothing of it is to be seen"):
        strips.draw(discover().mutators["scan.text_layer_missing"], strips.Subject("a form"))
