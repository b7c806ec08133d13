"""Where a program failed is read from the stack trace that it printed."""

from __future__ import annotations

import pytest

from crumple.adapters.traces import dumped_place, named, python_trace

PLAIN = """reading
Traceback (most recent call last):
  File "/p/importer.py", line 40, in <module>
    load()
  File "/p/importer.py", line 7, in load
    return [amount(each) for each in cells]
  File "/p/importer.py", line 7, in <listcomp>
    return [amount(each) for each in cells]
            ^^^^^^^^^^^^
  File "/usr/lib/python3.11/decimal.py", line 3, in parse
    raise X
decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]
"""
INNER = """Traceback (most recent call last):
  File "/p/importer.py", line 7, in load
    return float(text)
ValueError: could not convert string to float: '1,5'
"""
OUTER = """Traceback (most recent call last):
  File "/p/importer.py", line 40, in <module>
    load()
  File "/p/importer.py", line 9, in load
    raise ImportFailed(path)
ImportFailed: x.csv
"""
FROM = "\nThe above exception was the direct cause of the following exception:\n\n"
DURING = "\nDuring handling of the above exception, another exception occurred:\n\n"
DEEP = """Traceback (most recent call last):
  File "/p/importer.py", line 4, in a
    b()
  File "/p/importer.py", line 9, in b
    b()
  [Previous line repeated 990 more times]
  File "/p/importer.py", line 11, in c
    return 1
RecursionError: maximum recursion depth exceeded
"""


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (PLAIN, ("InvalidOperation", "importer.py:load: return [amount(each) for each in cells]")),
        (INNER, ("ValueError", "importer.py:load: return float(text)")),
        (OUTER, ("ImportFailed", "importer.py:load: raise ImportFailed(path)")),
        (INNER + FROM + OUTER, ("ImportFailed from ValueError", "importer.py:load: return float(text)")),
        (INNER + DURING + OUTER, ("ImportFailed from ValueError", "importer.py:load: return float(text)")),
        (INNER + "\nand later\n" + OUTER, ("ImportFailed", "importer.py:load: raise ImportFailed(path)")),
        (OUTER + DURING + INNER, ("ValueError", "importer.py:load: return float(text)")),
        (DEEP, ("RecursionError", "importer.py:b")),
        ("no total in line 3", None),
        ("Traceback (most recent call last):\n", None),
    ],
)
def test_a_python_trace_is_told_by_exception_and_line(output: str, told: tuple[str, str] | None) -> None:
    assert python_trace(output, "/p") == told


def test_a_crash_of_the_interpreter_is_told_by_the_innermost_line_of_ones_own() -> None:
    dump = (
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
        '  File "/usr/lib/python3.11/ctypes/__init__.py", line 519 in string_at\n'
        '  File "/p/reader.py", line 49 in render\n  File "/p/reader.py", line 80 in read\n\nExtension modules: x\n'
    )
    assert dumped_place(dump, "/p") == "reader.py:render"
    assert dumped_place(dump, "/elsewhere") == ""
    assert dumped_place("signal", "/p") == ""


JAVA = """Exception in thread "main" java.lang.IllegalStateException: no total
\tat com.acme.Main.main(Main.java:9)
Caused by: java.lang.NumberFormatException: For input string
\tat com.acme.Main.sum(Main.java:20)
\t... 1 more
"""
NODE = """/p/app.js:3
  throw new RangeError('bad')
  ^

RangeError: bad
    at sum (/p/app.js:3:9)

Node.js v18.1.0
"""
RUST = """thread 'main' panicked at src/main.rs:2:5:
no total
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
"""
GO = """panic: runtime error: index out of range [3]

goroutine 1 [running]:
main.main()
\t/p/main.go:5 +0x1d
exit status 2
"""
NET = """Unhandled exception. System.FormatException: not a number
   at Program.Main() in /p/Program.cs:line 3
"""
CPP = """terminate called after throwing an instance of 'std::out_of_range'
  what():  stoi
"""
PHP = "PHP Fatal error:  Uncaught TypeError: no number in /p/a.php:3\n#0 {main}\n  thrown in /p/a.php on line 3\n"


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (JAVA, "java.lang.NumberFormatException: For input string"),
        (NODE, "RangeError: bad"),
        (RUST, "no total"),
        (GO, "panic: runtime error: index out of range [3]"),
        (NET, "System.FormatException: not a number"),
        (CPP, "terminate called after throwing an instance of 'std::out_of_range' what(): stoi"),
        (PHP, "Uncaught TypeError: no number in /p/a.php"),
        ("line 3 has no total\n", ""),
    ],
)
def test_of_other_languages_the_line_that_names_the_exception_is_found_above_its_stack(output: str, line: str) -> None:
    assert named(output) == line
