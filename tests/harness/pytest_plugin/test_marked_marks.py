"""Arguments of a mark, and what a marked test may not be: each mistake is an error that its reader can mend."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from crumple.case import Case
from crumple.degraded import case_of
from crumple.errors import CrumpleError
from crumple.pytest_plugin import marks

ORDER = case_of(b"a,b\n1,2\n", name="o.csv")


def read(tmp_path: Path, *args: Any, **arguments: Any) -> marks.Mark:
    (tmp_path / "corpus").mkdir(exist_ok=True)
    (tmp_path / "corpus" / "o.csv").write_text("a,b\n1,2\n")
    return marks.read(
        pytest.Mark("crumple", args, arguments, _ispytest=True), "test_it.py:3", (tmp_path / "t", tmp_path)
    )


def test_what_a_mark_does_not_say_has_a_default(tmp_path: Path) -> None:
    mark = read(tmp_path)
    assert (mark.corpus, mark.use, mark.levels, mark.limit, mark.calls, mark.seed) == (None, (), None, 0.0, None, None)


def test_a_mark_is_read_as_crumple_toml_is(tmp_path: Path) -> None:
    mark = read(
        tmp_path,
        corpus="corpus",
        use="encoding",
        levels=[1, 2.5],
        limit="5%",
        confidence="99%",
        refuses=[KeyError, (OSError, EOFError)],
        timeout="2m",
        memory="1GiB",
    )
    assert mark.corpus == tmp_path / "corpus"
    assert (mark.use, mark.levels, mark.limit, mark.confidence) == (("encoding",), (1.0, 2.5), 0.05, 0.99)
    assert (mark.refuses, mark.timeout, mark.memory) == ((KeyError, OSError, EOFError), 120.0, 1 << 30)
    assert read(tmp_path, corpus="corpus/*.csv").corpus == tmp_path / "corpus" / "*.csv"
    assert read(tmp_path, corpus=ORDER).corpus == (ORDER,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"limits": "5%"}, r"there is no argument 'limits'\. Did you mean 'limit'\? Allowed: corpus, generate, "),
        ({"limit": 5}, r'limit needs a unit: 5 is no share; write "5%" or 0.05; got 5'),
        ({"limit": 1}, r'limit needs a unit: 1 is no share; write "1%" or 0.01; got 1'),
        ({"limit": "5"}, r'limit needs a unit: "5%", or the number without quotes, 0.05; got \'5\''),
        ({"limit": 1.0}, "limit can never be broken"),
        ({"limit": "much"}, "limit must be a share from 0 to 1"),
        ({"limit": True}, "limit must be a share from 0 to 1"),
        ({"confidence": 1}, "confidence cannot be 100 %"),
        ({"corpus": "corpse"}, r"corpus names no folder: there is neither .*corpse nor .*corpse; got 'corpse'"),
        ({"corpus": "corpus/o.csv"}, "corpus must be a folder, or a pattern of files in one, and .*o.csv is a file"),
        ({"corpus": 3}, "corpus must be a folder, a pattern of files, or a list of cases"),
        ({"corpus": [ORDER, ORDER]}, "corpus must hold each id once, and has two cases 'o.csv'"),
        ({"corpus": []}, "corpus must hold a case"),
        ({"corpus": "corpus", "generate": "invoices"}, "corpus and generate are two corpora"),
        ({"count": 3}, "count is of a corpus that is generated"),
        ({"generate": "invoice"}, r"there is no corpus 'invoice' to generate. Did you mean 'invoices'\?"),
        ({"use": ["encodin"]}, r"'encodin': neither a category nor a mutator\. Did you mean 'encoding'\?"),
        ({"use": "table.heder"}, r"Did you mean 'table\.header'\?"),
        ({"use": 3}, "use must be a name or a list of names"),
        ({"levels": [0]}, "levels must be levels, numbers above 0 and at most 5"),
        ({"calls": 0}, "calls must be a whole number, 1 or more; got 0"),
        ({"calls": 2.5}, "calls must be a whole number"),
        ({"seed": -1}, "seed must be a whole number, 0 or more"),
        ({"refuses": "KeyError"}, "refuses must be classes of exceptions"),
        ({"refuses": Exception}, "Exception would make it of every failure"),
        ({"modules": ["no_such_module_here"]}, "the module 'no_such_module_here' cannot be imported"),
        ({"timeout": 0}, 'timeout must be seconds above 0, or a duration such as "30s"'),
        ({"memory": "much"}, 'memory must be bytes above 0, or a size such as "2GiB"'),
    ],
)
def test_a_bad_argument_is_said_with_its_place_and_what_is_allowed(
    tmp_path: Path, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(CrumpleError, match=said) as caught:
        read(tmp_path, **arguments)
    assert str(caught.value).startswith("test_it.py:3: @pytest.mark.crumple: ")


def test_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(CrumpleError, match="its arguments are named"):
        read(tmp_path, "corpus")


def test_a_test_is_placed_by_its_line(tmp_path: Path) -> None:
    first = next(each for each in ast.parse(Path(__file__).read_text()).body if isinstance(each, ast.FunctionDef))
    assert marks.place_of(read, Path(__file__), Path(__file__).parent) == f"test_marked_marks.py:{first.lineno}"
    assert isinstance(ORDER, Case)
