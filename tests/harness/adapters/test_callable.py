"""Functions are given documents in the form they ask for, and their answers come back plain."""

from __future__ import annotations

import json
import math
import os
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from crumple.adapters import Request
from crumple.adapters.callable import CallableSystem
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable
from crumple.outcome import Ending
from crumple.views.pages import Page, Pages
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text
from crumple.workers.limits import MIB, Limits

SYSTEMS = Path(__file__).parents[1] / "systems"


@contextmanager
def started(scratch: Path, call: str = "", **more):
    adapter = CallableSystem(root=SYSTEMS, call=call, **more).adapter(scratch)
    try:
        adapter.start()
        yield adapter
    finally:
        adapter.close()


def text(content: str, name: str = "a.txt") -> Document:
    return Document(content.encode(), "text/plain", name)


def reply(adapter, document, **more):
    adapter.send(adapter.prepare(Request(document, **more)))
    return adapter.receive()


@pytest.fixture(scope="module")
def answering(tmp_path_factory):
    with started(tmp_path_factory.mktemp("answers"), "plain_systems:answers") as adapter:
        yield adapter


def test_path_input_is_a_file_of_the_documents_own_name_that_goes_with_its_call(tmp_path):
    with started(tmp_path, "plain_systems:path_content", input="path") as adapter:
        answer = reply(adapter, text("hello", "Rechnung 1.txt")).answer
    assert answer == ["Rechnung 1.txt", "Rechnung 1.txt", "hello", True]
    assert not list((tmp_path / "calls").iterdir())


def test_a_name_with_folders_stays_in_its_folder(tmp_path):
    with started(tmp_path, "plain_systems:path_content", input="path") as adapter:
        assert reply(adapter, text("x", "../../evil.txt")).answer[0] == "evil.txt"


def test_parts_stand_beside_a_path(tmp_path):
    with started(tmp_path, "plain_systems:beside", input="path") as adapter:
        answer = reply(adapter, text("main"), parts=(text("one", "p.txt"), text("two", "p.txt"))).answer
    assert answer == [["p.txt", "one", "one"], ["p.txt", "two", "two"]]


def test_what_goes_with_a_document_is_given_by_name(tmp_path):
    with started(tmp_path, "plain_systems:everything") as adapter:
        answer = reply(adapter, text("main"), inputs={"q": ["?"]}, parts=(text("one", "p"), text("", "q"))).answer
    assert answer == ["main", {"q": ["?"]}, "a.txt", "text/plain", [["p", "one"], ["q", ""]]]


def test_a_name_that_the_function_never_sees_makes_no_other_document(answering, tmp_path):
    one, other = (answering.prepare(Request(text("x", name))).form for name in ("a.txt", "b.pdf"))
    assert one == other != answering.prepare(Request(text("y"))).form
    with started(tmp_path, "plain_systems:everything") as naming:
        assert naming.prepare(Request(text("x"))).form is None


def test_text_input_is_the_characters_whatever_the_encoding(tmp_path):
    with started(tmp_path, "plain_systems:length", input="text") as adapter:
        utf16 = Document("ä\r\nb".encode("utf-16"), "text/plain", "a.txt")
        assert reply(adapter, utf16).answer == 4
        assert reply(adapter, text("")).answer == 0
        with pytest.raises(NotApplicable, match="the system never sees bytes"):
            adapter.prepare(Request(Document(b"\xef\xbb\xbfabc\xff", "text/plain", "a.txt")))
    system = CallableSystem(root=SYSTEMS, call="plain_systems:length", input="text")
    assert all(system.sees(view) for view in (Text, Table, Record))
    assert not any(system.sees(view) for view in (bytes, Document, Page))


def test_image_input_is_a_writable_array_of_the_one_page(tmp_path):
    grey = np.zeros((4, 3), np.uint8)
    png = Document(cv2.imencode(".png", grey)[1].tobytes(), "image/png", "a.png")
    with started(tmp_path, "plain_systems:image", input="image") as adapter:
        assert reply(adapter, png).answer == [[4, 3], "uint8", 21]
    system = CallableSystem(root=SYSTEMS, call="plain_systems:image", input="image")
    assert system.sees(Pages)
    assert not system.sees(Text)


def test_a_document_of_several_pages_is_no_image(tmp_path):
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("L", (8, 8)).save(buffer, "TIFF", save_all=True, append_images=[Image.new("L", (8, 8))])
    with (
        started(tmp_path, "plain_systems:image", input="image") as adapter,
        pytest.raises(NotApplicable, match="has 2"),
    ):
        adapter.prepare(Request(Document(buffer.getvalue(), "image/tiff", "a.tif")))


def test_record_input_is_the_json_value(tmp_path):
    document = Document(b'{"a": [1.5, NaN, "\\ud800"]}', "application/json", "a.json")
    with started(tmp_path, "plain_systems:record", input="record") as adapter:
        answer = reply(adapter, document).answer
        with pytest.raises(NotApplicable, match="not JSON"):
            adapter.prepare(Request(Document(b"{", "application/json", "a.json")))
    assert answer["a"][0] == 1.5
    assert math.isnan(answer["a"][1])
    assert answer["a"][2] == "\ud800"


def test_two_documents_that_look_the_same_have_one_form(tmp_path):
    with started(tmp_path, "plain_systems:length", input="text") as adapter:
        plain, marked, other = (
            adapter.prepare(Request(Document(data, "text/plain", "a.txt"))).form
            for data in (b"abc", b"\xef\xbb\xbfabc", b"abd")
        )
    assert plain == marked != other


def test_async_functions_are_waited_for(tmp_path):
    with started(tmp_path, "plain_systems:later") as adapter:
        assert [reply(adapter, text("x")).answer for _ in range(2)] == ["later", "later"]


@pytest.mark.parametrize("factory", ["build", "build_later"])
def test_a_factory_builds_the_system_once(tmp_path, factory):
    with started(tmp_path, factory=f"plain_systems:{factory}") as adapter:
        assert [reply(adapter, text("x")).answer for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("decimal", 1234.5),
        ("long decimal", "0.12345678901234567890123"),
        ("date", {"2024-02-29": "2024-02-29T12:30:00"}),
        ("enum", ["red"]),
        ("set", [1, 2, 3]),
        ("tuple", [1, ["a", None]]),
        ("path", "a/b"),
        ("model", {"total": 12.5}),
        ("text", "ä\ud800"),
        ("bytes", b"\x00\xff"),
        ("none", None),
    ],
)
def test_answers_are_made_plain(answering, name, answer):
    got = reply(answering, text(name))
    assert (got.ending, got.answer) == (Ending.ANSWERED, answer)
    assert type(got.answer) is type(answer)


def test_nan_and_infinity_survive(answering):
    nan, infinity = reply(answering, text("nan")).answer
    assert math.isnan(nan)
    assert infinity == math.inf


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("key", "returned a dict with a tuple as key, which is not JSON-able"),
        ("function", "returned a function at /0, which is not JSON-able"),
        ("broken", "returned a Broken that raised ValueError when it was read, which is not JSON-able"),
    ],
)
def test_other_answers_are_crashes_that_say_what_was_returned(answering, name, cause):
    got = reply(answering, text(name))
    assert (got.ending, got.cause) == (Ending.CRASHED, cause)


def test_a_crash_is_named_by_the_innermost_frame_of_the_users_own_code(tmp_path):
    with started(tmp_path, "plain_systems:fails") as adapter:
        got = reply(adapter, text("x"))
    assert got.kind == 'JSONDecodeError at plain_systems.py:fails: json.loads("{")'
    assert got.cause.startswith("JSONDecodeError: Expecting property name")


def test_address_space_can_be_limited(tmp_path):
    limits = Limits(timeout=20, address_space=400 * MIB)
    with started(tmp_path, "hostile:act", limits=limits) as adapter:
        got = reply(adapter, text("allocate"))
        assert (got.ending, got.kind) == (Ending.EXHAUSTED, "memory limit")
        assert reply(adapter, text("fine")).answer == "fine"


def test_the_environment_and_the_temporary_folder_are_the_lanes_own(tmp_path):
    (tmp_path / "env_system.py").write_text("import os\ndef f(d): return [os.environ['DB'], os.environ['TMPDIR']]")
    adapter = CallableSystem(root=tmp_path, call="env_system:f", env={"DB": "x"}).adapter(tmp_path / "lane")
    adapter.start()
    assert reply(adapter, text("x")).answer == ["x", str(tmp_path / "lane" / "tmp")]
    adapter.close()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"call": "plain_systems:Anwsers"}, "there is no 'Anwsers' in plain_systems. Did you mean 'answers'?"),
        ({"call": "plain_systems:NOT_A_FUNCTION"}, "is of type int and cannot be called"),
        ({"factory": "plain_systems:length"}, "cannot be loaded: TypeError"),
        ({"factory": "plain_systems:answers_nothing"}, "there is no 'answers_nothing'"),
        ({"call": "plain_systems:no_argument"}, "has no parameter that could take the document"),
        ({"call": "plain_systems:needs_more"}, "needs an argument 'tenant'"),
        (
            {"call": "plain_systems:answers", "refuses": ("plain_systems.Unreadible",)},
            "there is no such exception in plain_systems. Did you mean 'plain_systems.Unreadable'?",
        ),
        ({"call": "starts_badly:f"}, "cannot be loaded: RuntimeError: at import"),
        ({"call": "exits:f"}, "exited with code 4 while it was loaded"),
        ({"call": "dies:f"}, "ended while it was loaded: signal SIGKILL"),
        ({"call": "sleeps:f", "limits": Limits(startup=0.3)}, "was not loaded within 0.3 s"),
        ({"call": "lacks:f"}, "cannot be loaded: ModuleNotFoundError: No module named 'surely_not_there'"),
    ],
)
def test_a_function_that_cannot_be_loaded_says_why(tmp_path, more, message):
    modules = {
        "starts_badly": "raise RuntimeError('at import')",
        "exits": "import sys; sys.exit(4)",
        "dies": "import os; os.kill(os.getpid(), 9)",
        "sleeps": "import time; time.sleep(60)",
        "lacks": "import surely_not_there",
    }
    for name, source in modules.items():
        (tmp_path / f"{name}.py").write_text(source)
    (tmp_path / "plain_systems.py").write_text((SYSTEMS / "plain_systems.py").read_text())
    adapter = CallableSystem(**({"root": tmp_path} | more)).adapter(tmp_path / "lane")
    with pytest.raises(CrumpleError) as error:
        adapter.start()
    adapter.close()
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "exactly one of call and factory"),
        ({"call": "a:b", "factory": "c:d"}, "exactly one of call and factory"),
        ({"call": "a.b"}, 'does not read "module:function"'),
        ({"call": "a:b", "input": "byte"}, "Did you mean 'bytes'"),
        ({"call": "a:b", "refuses": ("Exception",)}, "a refusal of every crash"),
    ],
)
def test_a_description_that_makes_no_sense_is_an_error_at_once(more, message):
    with pytest.raises(CrumpleError, match=message):
        CallableSystem(root=SYSTEMS, **more)


def test_limits_below_zero_are_an_error():
    with pytest.raises(CrumpleError, match="timeout must be above 0"):
        Limits(timeout=0)


def test_a_systems_description_travels_as_a_pickle():
    import pickle

    system = CallableSystem(root=SYSTEMS, call="a:b", refuses=("x.Y", {"matches": "no"}), env={"A": "b"})
    assert pickle.loads(pickle.dumps(system)) == system
    assert json.dumps(str(system.root))


FAILS_TO_RELOAD = """
import os
flag = os.path.join(os.path.dirname(__file__), "flag")
if os.path.exists(flag):
    os.remove(flag)
    raise RuntimeError("the licence server did not answer")


def act(data):
    if data == b"kill":
        open(flag, "w").close()
        os._exit(7)
    return data.decode()
"""


def test_a_reload_that_fails_costs_one_call_and_shifts_no_answer(tmp_path):
    (tmp_path / "reloading.py").write_text(FAILS_TO_RELOAD)
    words = ["one", "kill", "two", "three", "four"]
    adapter = CallableSystem(root=tmp_path, call="reloading:act").adapter(tmp_path / "lane")
    adapter.start()
    for word in words:
        adapter.send(adapter.prepare(Request(text(word))))
    replies = [adapter.receive() for _ in words]
    replies.append(reply(adapter, text("five")))
    adapter.close()
    assert [each.answer for each in replies] == ["one", None, None, "three", "four", "five"]
    assert [each.ending for each in replies[1:3]] == [Ending.CRASHED, Ending.VOID]
    assert replies[2].cause.endswith("cannot be loaded: RuntimeError: the licence server did not answer.")
    assert "Traceback" in replies[2].detail


DIES_ONCE = """
import os
flag = os.path.join(os.path.dirname(__file__), "flag")


def act(data):
    if data == b"kill" and not os.path.exists(flag):
        open(flag, "w").close()
        os._exit(7)
    return data.decode()
"""


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="needs waitid")
def test_a_death_that_is_met_while_the_next_call_is_sent_is_still_the_first_ones(tmp_path):
    (tmp_path / "dying_once.py").write_text(DIES_ONCE)
    adapter = CallableSystem(root=tmp_path, call="dying_once:act").adapter(tmp_path / "lane")
    adapter.start()
    adapter.send(adapter.prepare(Request(text("kill"))))
    os.waitid(os.P_PID, adapter._workers._current.pid, os.WEXITED | os.WNOWAIT)
    adapter.send(adapter.prepare(Request(text("two"))))
    first, second = adapter.receive(), adapter.receive()
    adapter.close()
    assert (first.ending, first.cause) == (Ending.CRASHED, "exit code 7")
    assert second.answer == "two"


def test_an_answer_is_never_given_for_another_call(tmp_path):
    with started(tmp_path, "plain_systems:later") as adapter:
        adapter.send(adapter.prepare(Request(text("a"))))
        with pytest.raises(CrumpleError, match="call 7 is asked for, and the oldest that is out is 1"):
            adapter._workers.receive(7)
        assert adapter.receive().answer == "later"
