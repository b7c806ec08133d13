"""The limit on pixels that is configured holds in every lane."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from crumple import Recipe
from crumple.corpora import folder
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.result import Work

SKEW = Recipe.parse("scan.skew(angle=3,seed=1)")


@pytest.mark.parametrize(("pixels", "reason"), [(4 * 200 * 300, ""), (4 * 200 * 300 - 1, "[mutate] pixels")])
def test_a_page_of_too_many_pixels_is_a_skip_with_the_reason(make_spec, ask, tmp_path: Path, pixels, reason):
    out = io.BytesIO()
    Image.linear_gradient("L").resize((200, 300)).save(out, "PNG")
    (tmp_path / "page.png").write_bytes(out.getvalue())
    (tmp_path / "page.png.truth.json").write_text('{"a": 1}')
    spec: LaneSpec = replace(
        make_spec(),
        corpus=folder(tmp_path),
        mutators={"scan.skew": "crumple_mutators.scan.geometry"},
        pixels=pixels,
    )
    with LocalLanes(spec, 1) as lanes:
        lanes.put([Work(0, "page.png", SKEW, 3.0, "scan.skew")])
        (result,) = ask.all(lanes)
    assert reason in (result.skipped or "")
    assert bool(result.skipped) == bool(reason)
