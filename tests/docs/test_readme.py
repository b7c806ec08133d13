"""What the README shows works as it is shown."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block(first_line: str) -> str:
    """The code block that begins so."""
    found = re.search(rf"^```\w+\n({re.escape(first_line)}.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found.group(1)


def crumple(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crumple", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_five_lines_and_a_corpus_give_a_run(tmp_path: Path) -> None:
    (tmp_path / "reader.py").write_text(block("# reader.py"))
    (tmp_path / "crumple.toml").write_text(block("# crumple.toml"))
    (tmp_path / "corpus").mkdir()
    for number in range(4):
        text = (
            f"Invoice {number}\nDear Zoë, thank you for your order.\nPaper: {number}.50\nTotal: {number + 7}.50 EUR\n"
        )
        (tmp_path / "corpus" / f"{number}.txt").write_text(text)
        (tmp_path / "corpus" / f"{number}.txt.truth.json").write_text(json.dumps({"total": number + 7.5}))
    done = crumple(tmp_path, "run", "--calls", "200", "--json", "result.json")
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["clean"]["right"] == 4
    assert result["categories"]["truncation"]["failures"]
    assert "encoding" in done.stdout


def test_the_mutator_that_is_shown_keeps_the_rules(tmp_path: Path) -> None:
    (tmp_path / "my_mutators.py").write_text(block("# my_mutators.py"))
    done = crumple(tmp_path, "test-mutators", "my_mutators")
    assert (done.returncode, done.stdout) == (0, "text.shouting: keeps the rules\n"), done.stderr


def test_a_mutator_that_breaks_the_rules_is_told_which(tmp_path: Path) -> None:
    sound = "return text.with_value(shouted)"
    impure = "import os\n    return text.with_value(shouted + str(os.getpid()))"
    broken = block("# my_mutators.py").replace(sound, impure)
    (tmp_path / "my_mutators.py").write_text(broken.replace("share of words", ""))
    done = crumple(tmp_path, "test-mutators", "my_mutators")
    assert done.returncode == 1
    assert "its ladder has no unit" in done.stdout
    assert "another process made other bytes of it" in done.stdout


def test_every_command_is_in_the_table() -> None:
    from crumple.cli.group import COMMANDS

    shown = set(re.findall(r"`crumple ([a-z-]+)", README.partition("## Commands")[2]))
    assert set(COMMANDS) <= shown
