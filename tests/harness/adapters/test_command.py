"""Commands as systems: what they are given, and what is made of what they do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crumple.adapters import Request
from crumple.adapters.command.system import CommandSystem
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable
from crumple.judges.exact import exact
from crumple.judges.verdict import Policy, verdict
from crumple.outcome import Ending, Outcome, Reply
from crumple.truth import Expectation
from crumple.views.inputs import Inputs
from crumple.views.pages import Page
from crumple.workers.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands need Linux or macOS")

Call = Callable[..., Reply]


def request(data: bytes = b"words\n", name: str = "an order.txt", **more: object) -> Request:
    return Request(Document(data, "text/plain", name), **more)


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """One call of a command in `tmp_path / "root"`; a text is a shell script."""
    root = tmp_path / "root"
    root.mkdir()

    def made(command: str | list[str], asked: Request | None = None, **system: object) -> Reply:
        argv = ["sh", "-c", command] if isinstance(command, str) else command
        described = CommandSystem(**({"root": root, "command": tuple(argv), "limits": Limits(timeout=20)} | system))
        adapter = described.adapter(tmp_path / "scratch")
        adapter.start()
        try:
            adapter.send(adapter.prepare(asked or request()))
            return adapter.receive()
        finally:
            adapter.close()
            assert list((tmp_path / "scratch").glob("calls/*")) == []

    return made


# ------------------------------------------------------------------------------------------------ what is given


def test_without_input_the_document_is_its_standard_input(call):
    assert call(["cat"]).answer == "words"


def test_a_document_that_is_larger_than_any_pipe_need_not_be_read(call):
    assert call("echo done", request(b"x" * 3_000_000)).answer == "done"
    assert len(call(["cat"], request(b"x" * 3_000_000)).answer) == 3_000_000


def test_input_is_a_file_with_the_documents_own_name(call):
    assert call("basename '{input}'; cat '{input}'; cat").answer == "an order.txt\nwords"


def test_output_is_where_the_answer_is_read_from(call):
    assert call("echo progress; cp '{input}' {output}").answer == "words"


def test_an_ending_that_the_command_puts_behind_output_is_found(call):
    assert call("cp '{input}' {output}.txt").answer == "words"


def test_words_stand_for_what_belongs_to_the_case(call):
    asked = request(
        inputs={"question": "who?"}, parts=(Document(b"1", "text/plain", "p"), Document(b"2", "a/b", "q/p"))
    )
    script = 'echo "{name}|{media_type}|$Q|$ALL|$(cat {parts}/*)|{{name}}"'
    reply = call(script, asked, env={"Q": "{inputs/question}", "ALL": "{inputs}"})
    assert reply.answer == 'an order.txt|text/plain|who?|{"question": "who?"}|21|{name}'


def test_what_is_filled_in_is_not_looked_through_again(call):
    assert call(["echo", "{name}"], request(name="{work}")).answer == "{work}"


def test_it_runs_beside_the_configuration_and_has_an_empty_folder_of_its_own(call, tmp_path):
    answer = call("pwd; ls -a {work} | wc -l; echo $TMPDIR; touch {work}/here").answer.split("\n")
    assert answer[0] == str(tmp_path / "root")
    assert answer[1].strip() == "2"
    assert answer[2].startswith(str(tmp_path / "scratch"))


def test_a_relative_program_is_one_beside_the_configuration(call, tmp_path):
    script = tmp_path / "root" / "mine.sh"
    script.write_text("#!/bin/sh\necho mine\n")
    script.chmod(0o755)
    assert call(["./mine.sh"]).answer == "mine"


# ------------------------------------------------------------------------------------------------ what is read


@pytest.mark.parametrize(
    ("reads", "printed", "answer"),
    [
        ("text", "one\\ntwo\\n", "one\ntwo"),
        ("text", "\\357\\273\\277caf\\303\\251\\r\\n", "café"),
        ("text", "caf\\351", "caf�"),
        ("json", '\\357\\273\\277{"total": 1.5}\\n', {"total": 1.5}),
        ("csv", "a;b\\n\\n1,5;two\\n", [["a", "b"], ["1,5", "two"]]),
        ("bytes", "\\000\\377\\n", b"\x00\xff\n"),
    ],
)
def test_an_answer_is_read_in_its_form(call, reads, printed, answer):
    assert call(["printf", printed], reads=reads).answer == answer


@pytest.mark.parametrize(
    ("reads", "script", "kind", "cause"),
    [
        ("json", "echo 'Total: 3'", "answer is not JSON", "answer is not JSON: Expecting value: line 1"),
        ("json", "true", "answer is not JSON", "answer is not JSON: it is empty"),
        ("json", "printf '\\351'", "answer is not JSON", "answer is not JSON: byte 0 is not UTF-8"),
        ("json", "head -c 100000 /dev/zero | tr '\\0' '['", "answer is not JSON", "answer is not JSON: it is nested"),
        ("csv", "echo 'a,\"b'", "answer is not CSV", "answer is not CSV: unexpected end"),
        ("text", ": {output}", "no answer", "no answer: it has written no file {output}"),
        ("text", "mkfifo {output}", "no answer", "no answer: {output} is no file"),
        ("text", "ln -s /dev/zero {output}", "no answer", "no answer: {output} is no file"),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_crash_of_its_own_kind(call, reads, script, kind, cause):
    reply = call(script, reads=reads)
    assert (reply.ending, reply.kind) == (Ending.CRASHED, kind)
    assert reply.cause.startswith(cause)


def test_a_file_that_claims_to_be_huge_is_not_read(call):
    reply = call("truncate -s 10G {output}")
    assert (reply.ending, reply.cause) == (Ending.EXHAUSTED, "an answer of 10 GiB, over 64 MiB")


# ------------------------------------------------------------------------------------------------ how it fails


def test_a_declared_exit_code_is_a_refusal(call):
    reply = call("echo 'cannot read page 2' >&2; exit 3", refuses=(3,))
    assert (reply.ending, reply.cause) == (Ending.REFUSED, "exit code 3: cannot read page 2")


def test_what_matches_on_standard_error_refuses_only_where_it_failed(call):
    refuses = ({"matches": "encrypted"},)
    assert call("echo 'file is encrypted' >&2; exit 1", refuses=refuses).ending is Ending.REFUSED
    assert call("echo 'not encrypted' >&2; echo fine", refuses=refuses).ending is Ending.ANSWERED
    assert call("echo encrypted", refuses=refuses).ending is Ending.REFUSED
    assert call("echo 'encrypted' >&2; kill -SEGV $$", refuses=refuses).ending is Ending.CRASHED


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Error (1234): Dictionary key must be a name", "Error (N): Dictionary key must be a name"),
        ("cannot open '/tmp/x/y.pdf': bad xref at 0x7ffe12", "cannot open '…': bad xref at ID"),
        ('order 6f1c2a9be04d17aa: 12.50 of 2026-01-02T10:11 is "12,5"', "order ID: N of N is '…'"),
        ("could not fetch https://x.example/a?b=1 for an order.txt", "could not fetch URL for {name}"),
        ("can't parse utf8 in line 7, won't go on", "can't parse utf8 in line N, won't go on"),
        ("\\033[31mERROR\\033[0m page 3", "ERROR page N"),
    ],
)
def test_messages_of_one_bug_are_one_kind(call, message, kind):
    reply = call(["sh", "-c", "printf '%b\\n' \"$0\" >&2; exit 1", message])
    assert reply.kind == f"exit code 1: {kind}"


def test_a_python_traceback_is_told_by_its_exception_and_its_place(call, tmp_path):
    script = "import json\ndef load():\n    json.loads('{')\nload()\n"
    (tmp_path / "root" / "importer.py").write_text(script)
    reply = call([sys.executable, "importer.py"])
    assert reply.kind == "JSONDecodeError at importer.py:load: json.loads('{')"
    assert reply.cause.startswith("exit code 1: json.decoder.JSONDecodeError: Expecting property name")


def test_what_shells_make_of_a_signal_is_said(call):
    assert call("exit 139").cause == "exit code 139 (SIGSEGV)"


# ------------------------------------------------------------------------------------------------ before and after


def test_what_fails_before_the_call_is_void(call):
    reply = call("echo fine", before=(("sh", "-c", "echo no server >&2; exit 2"),))
    assert (reply.ending, reply.cause) == (Ending.VOID, "before: sh: exit code 2: no server")


def test_setting_up_does_not_count_as_the_calls_time(call):
    reply = call(
        "cat {work}/x", before=(("sh", "-c", "sleep 0.3; echo ready > {work}/x"),), limits=Limits(timeout=0.25)
    )
    assert (reply.ending, reply.answer) == (Ending.ANSWERED, "ready")
    assert reply.seconds < 0.25


def test_setting_up_that_never_ends_is_void(call):
    reply = call("echo fine", before=(("sleep", "60"),), limits=Limits(startup=0.1))
    assert (reply.ending, reply.cause) == (Ending.VOID, "before: sleep: not done within 0.1 s")


def test_the_answer_is_what_the_answer_command_prints(call):
    assert call("echo progress; echo done > {work}/x", answer_command=("cat", "{work}/x")).answer == "done"


def test_where_nothing_can_be_queried_after_a_success_it_is_the_calls_doing(call):
    reply = call("true", answer_command=("cat", "{work}/x"))
    assert (reply.ending, reply.kind) == (
        Ending.CRASHED,
        "answer_command: exit code 1: cat: {work}/x: No such file or directory",
    )


@pytest.mark.parametrize(
    ("left", "ending"),
    [
        ("", Ending.REFUSED),
        ("number,total", Ending.REFUSED),
        ("number,total\\n1,2.50", Ending.PARTIAL),
        ("1,2.50", Ending.PARTIAL),
    ],
)
def test_a_refusal_that_leaves_rows_is_a_partial_write(call, left, ending):
    options = {"answer_command": ("cat", "{work}/t"), "leaves": "nothing", "reads": "csv", "refuses": (4,)}
    assert call(f"printf '{left}' > {{work}}/t; exit 4", **options).ending is ending


def test_a_partial_write_is_wrong_even_where_refusing_is_acceptable(call):
    reply = call("echo 1 > {output}; echo no disk >&2; exit 4", leaves="nothing")
    assert reply.cause == "left values behind: exit code 4: no disk"
    judged = verdict(reply, Expectation("2", refusable=True), exact(), Policy())
    assert (judged.outcome, judged.failure, judged.fingerprint) == (Outcome.WRONG, True, "wrong partial write")


def test_what_a_refusal_leaves_is_nobodys_affair_unless_it_is_asked_for(call):
    assert call("echo 1 > {output}; exit 4", refuses=(4,)).ending is Ending.REFUSED


# ------------------------------------------------------------------------------------------------ what it sees


def prepared(tmp_path: Path, command: tuple[str, ...], asked: Request) -> bytes | None:
    return CommandSystem(root=tmp_path, command=command).adapter(tmp_path).prepare(asked).form


def test_a_name_that_the_command_never_sees_makes_no_other_document(tmp_path):
    one, other = request(name="a.pdf"), request(name="b.doc")
    assert prepared(tmp_path, ("cat",), one) == prepared(tmp_path, ("cat",), other)
    assert prepared(tmp_path, ("cat", "{input}"), one) != prepared(tmp_path, ("cat", "{input}"), other)


def test_damage_to_inputs_is_seen_only_where_they_are_given(tmp_path):
    assert not CommandSystem(root=tmp_path, command=("cat",)).sees(Inputs)
    assert CommandSystem(root=tmp_path, command=("cat",), env={"Q": "{inputs/question}"}).sees(Inputs)
    assert CommandSystem(root=tmp_path, command=("cat",)).sees(Page)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "\ud800.txt"])
def test_a_document_whose_name_no_file_can_have_is_not_sent(tmp_path, name):
    with pytest.raises(NotApplicable, match="no file can have its name"):
        prepared(tmp_path, ("cat", "{input}"), request(name=name))


@pytest.mark.parametrize("inputs", ["a\0b", "x" * 200_000])
def test_inputs_that_no_argument_can_hold_are_not_sent(tmp_path, inputs):
    with pytest.raises(NotApplicable, match="argument of a program"):
        prepared(tmp_path, ("echo", "{inputs}"), request(inputs=inputs))


# ------------------------------------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("system", "said"),
    [
        (
            {"command": ("pdftotxet", "-")},
            r"\[system\] command: there is no command 'pdftotxet' on PATH\. Did you mean",
        ),
        ({"command": ("here.sh",)}, r"no command 'here.sh' on PATH\. It stands in .*: write './here.sh'"),
        ({"command": ("./here.sh",)}, r"'./here.sh' is not executable\. Make it so with `chmod \+x ./here.sh`"),
        ({"command": ("./hare.sh",)}, r"there is no file '.*/hare.sh'\. Did you mean 'here.sh'\?"),
        ({"command": ("cat", "{inptu}")}, r"there is no placeholder '\{inptu\}'\. Did you mean '\{input\}'\?"),
        ({"command": ("awk", "{print}")}, "a brace itself is written twice"),
        (
            {"command": ("cat {input}",)},
            r"'cat \{input\}' is one word\. Write its words apart: \[\"cat\", \"\{input\}\"\]",
        ),
        (
            {"command": ("cat {input} | wc",)},
            r"is one word\. A shell must be named: \[\"sh\", \"-c\", \"cat \{input\} \| wc\"\]",
        ),
        ({"command": ("{work}/x",)}, "cannot be a placeholder"),
        ({"command": ()}, "it names no command"),
        ({"env": {"DB": "{wrok}"}}, r"\[system\] env DB: there is no placeholder '\{wrok\}'"),
        ({"before": (("craetedb",),)}, r"\[system\] before: there is no command 'craetedb'"),
        ({"answer_command": ("cat", "{x}")}, r"\[system\] answer_command: there is no placeholder"),
        ({"reads": "jsno"}, r"\[system\] reads: there is no 'jsno'\. Did you mean 'json'\?"),
        ({"refuses": (0,)}, "exit code 0 would make a refusal of every answer"),
        ({"refuses": (300,)}, "300 is no exit code"),
        ({"leaves": "nothing"}, "nobody could tell what it has left"),
    ],
)
def test_a_mistake_is_told_before_anything_runs(tmp_path, system, said):
    (tmp_path / "here.sh").write_text("true\n")
    with pytest.raises(CrumpleError, match=said):
        CommandSystem(**({"root": tmp_path, "command": ("cat",)} | system))


def test_a_script_without_its_first_line_is_told_so(call, tmp_path):
    script = tmp_path / "root" / "mine.sh"
    script.write_text("echo mine\n")
    script.chmod(0o755)
    reply = call(["./mine.sh"])
    assert reply.ending is Ending.VOID
    assert "'mine.sh' cannot be run: Exec format error. A script begins with a line such as #!/bin/sh" in reply.cause


def test_another_script_is_another_version(tmp_path):
    (tmp_path / "one.sh").write_text("echo 1\n")
    system = CommandSystem(root=tmp_path, command=("sh", "one.sh", "{input}"))
    before = system.version()
    assert system.version() == before
    (tmp_path / "one.sh").write_text("echo 2\n")
    assert system.version() != before
    assert CommandSystem(root=tmp_path, command=("cat", "one.sh")).version() != system.version()
