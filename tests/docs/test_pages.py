"""The pages that are built from the code are what the code says."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "build.py"


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
