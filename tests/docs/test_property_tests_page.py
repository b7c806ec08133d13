"""The example of docs/property-tests.md, run by pytest as a reader would."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "property-tests.md").read_text("utf-8")
_FILE = re.compile(r"^```python\n# (\S+\.py)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHOWN = re.compile(r"^```text\n\w+=<.*? > (\S+?)\(.*?\)>\n```$", re.MULTILINE)


def test_the_example_fails_as_the_page_says(tmp_path: Path) -> None:
    ((name, code),) = _FILE.findall(PAGE)
    (tmp_path / name).write_text(code, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    (shown,) = _SHOWN.findall(PAGE)
    failing = re.findall(r"order=<order\.csv > (.*)>", ran.stdout)
    assert failing
    assert all(" > " not in recipe for recipe in failing), "one step each"
    assert any(recipe.startswith(f"{shown}(") for recipe in failing)
