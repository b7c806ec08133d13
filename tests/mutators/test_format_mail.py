"""Mail of category format: the standard library reads the same text and the same attachments."""

import base64
import email
import email.policy
import re
from email.message import EmailMessage

import pytest

import crumple_mutators.format as family
from crumple import Degraded, Document, NotApplicable, read, write
from crumple.mutation.action import act, seen_as
from crumple.mutation.mutator import Mutator
from naming import degraded_or_refused
from oracles.format_mail import tnef

MAIL = {
    name: each
    for name in family.__all__
    if name.startswith("mail_") and isinstance(each := getattr(family, name), Mutator)
}
ORDER = family.mail_form.examples[0][1]
SINGLE = "From: a@example.org\nTo: b@example.org\nSubject: Order of today\n\nTotal: 12.50 for three\n.5 off\n"


def made(name: str, content: str = ORDER, *, level: float = 5, seed: int = 0) -> Degraded:
    mutator = MAIL[name]
    document = Document(content.encode("utf-8", "surrogateescape"), "message/rfc822", "a.eml")
    return act(mutator, read(document, seen_as(mutator)), mutator.step(level, seed))


def parsed(source: str) -> EmailMessage:
    found = email.message_from_bytes(source.encode(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(source: str) -> str:
    part = parsed(source).get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def attachments(source: str) -> list[bytes]:
    return [part.get_content() for part in parsed(source).walk() if part.get_filename() == "terms.pdf"]


READ_AS_IT_IS = ("folded_headers", "header_case", "repeated_headers", "missing_headers", "trace_headers", "extra_parts")


@pytest.mark.parametrize("name", [f"mail_{each}" for each in READ_AS_IT_IS])
@pytest.mark.parametrize("level", [1, 3, 5])
@pytest.mark.parametrize("content", [ORDER, SINGLE], ids=["parts", "single"])
def test_body_and_attachments_are_read_as_they_were(name: str, level: float, content: str) -> None:
    for seed in range(3):
        source = made(name, content, level=level, seed=seed).view.value
        assert body(source) == body(content)
        assert attachments(source) == attachments(content)


@pytest.mark.parametrize("name", ["mail_folded_headers", "mail_header_case", "mail_repeated_headers"])
def test_headers_say_what_they_said(name: str) -> None:
    for header in ("Subject", "From", "Date", "To"):
        assert parsed(made(name).view.value)[header] == parsed(ORDER)[header]


def test_missing_headers_are_exactly_those_that_are_lost() -> None:
    for level in (1, 3, 5):
        degraded = made("mail_missing_headers", level=level)
        gone = {ORDER[each.start : each.end] for each in degraded.lost}
        assert gone
        assert all(each not in degraded.view.value for each in gone)
        assert sorted(ORDER.split("\r\n")) == sorted([*degraded.view.value.split("\r\n"), *(g.strip() for g in gone)])


@pytest.mark.parametrize("form", family.mail_form.ladder.rungs)
@pytest.mark.parametrize("content", [ORDER, SINGLE], ids=["parts", "single"])
def test_the_text_is_whole_in_some_part(form: str, content: str) -> None:
    source = made("mail_form", content, level=1 + family.mail_form.ladder.rungs.index(form)).view.value
    texts = [part.get_content() for part in parsed(source).walk() if part.get_content_maintype() == "text"]
    assert any(body(content) == " ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in texts)
    assert attachments(source) == attachments(content)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_lines_that_flow_are_the_old_ones_when_joined(level: float) -> None:
    source = made("mail_flowed", level=level).view.value
    part = parsed(source).get_body(("plain",))
    assert part is not None
    assert part.get_param("format") == "flowed"
    assert re.sub(r" \r?\n(?=[^\r\n])", " ", source).replace("; format=flowed", "") == ORDER
    width = MAIL["mail_flowed"].ladder.at(level)
    assert all(len(line) <= width + 1 for line in part.get_content().splitlines() if " " in line.strip())


def test_older_messages_follow_the_newest_and_share_no_number_with_it() -> None:
    for level in (1, 3, 5):
        source = made("mail_older_messages", level=level, seed=3).view.value
        part = parsed(source).get_body(("plain",))
        assert part is not None
        newest, quotes = part.get_content().replace("\r\n", "\n").split("\n\n", 1)
        assert " ".join(newest.split()) == body(ORDER)
        quoted = re.findall(r"^(?:> )+Total: ([\d.]+)", quotes, re.MULTILINE)
        assert len(quoted) == MAIL["mail_older_messages"].ladder.at(level)
        assert all(one != other for each in quoted for one, other in zip(each, "1047.80", strict=True) if one != ".")


@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_quoted_message_is_the_old_one_behind_its_marks(level: float) -> None:
    lines = [line for line in made("mail_quoted", level=level).view.value.splitlines() if line.startswith("> ")]
    depth = MAIL["mail_quoted"].ladder.at(level)
    deepest = [line[2 * depth :] for line in lines if line.startswith("> " * depth)]
    assert " ".join(" ".join(deepest).split()) == body(ORDER)


def test_a_signature_stands_below_the_message() -> None:
    text = body(made("mail_signature").view.value)
    assert text.startswith(body(ORDER) + " -- Sam Reed")


@pytest.mark.parametrize("damage", family.mail_boundary.ladder.rungs)
def test_damaged_boundaries_leave_every_part_whole(damage: str) -> None:
    level = 1 + family.mail_boundary.ladder.rungs.index(damage)
    source = made("mail_boundary", level=level).view.value
    if level < 4:
        assert body(source) == body(ORDER)
        assert attachments(source) == attachments(ORDER)
    else:
        assert source.split("\r\n\r\n", 1)[1] == ORDER.split("\r\n\r\n", 1)[1]


@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_nested_message_is_whole_and_those_around_it_say_nothing_else(level: float) -> None:
    source = made("mail_nested", level=level).view.value
    depth = MAIL["mail_nested"].ladder.at(level)
    assert source.endswith(ORDER)
    assert source.count("Content-Type: message/rfc822") == depth
    assert set(re.findall(r"^Subject: .*", source, re.MULTILINE)) == set(
        re.findall(r"^Subject: .*", ORDER, re.MULTILINE)
    )


def test_attachments_of_any_declared_type_have_their_content() -> None:
    for level in (1, 2, 3, 4, 5):
        source = made("mail_attachment_type", level=level).view.value
        part = next(part for part in parsed(source).walk() if part.get_filename() == "terms.pdf")
        assert part.get_payload(decode=True) == attachments(ORDER)[0]


def test_of_a_cut_attachment_what_is_left_is_its_beginning_and_the_rest_is_lost() -> None:
    whole = attachments(ORDER)[0]
    for level in (1, 3, 5):
        degraded = made("mail_attachment_cut", level=level)
        encoded = re.search(r'filename="terms.pdf"\s+([A-Za-z0-9+/=]+)', degraded.view.value)
        assert encoded is not None
        left = base64.b64decode(encoded[1][: len(encoded[1]) // 4 * 4])
        assert whole.startswith(left)
        assert len(left) < len(whole)
        (lost,) = degraded.lost
        assert encoded[1] + ORDER[lost.start : lost.end] in ORDER
        assert body(degraded.view.value) == body(ORDER)


@pytest.mark.parametrize("what", family.mail_before_headers.ladder.rungs)
def test_the_message_follows_whole_what_stands_before_it(what: str) -> None:
    level = 1 + family.mail_before_headers.ladder.rungs.index(what)
    assert made("mail_before_headers", level=level).view.value.endswith(ORDER)


HEAD = "From: a\nContent-Type: multipart/mixed; boundary=x\n\n"
HOSTILE = {
    "one byte": "F",
    "no headers": "x" * 20_000,
    "no end": "A: b\r\n" * 4000,
    "folded": "A: b\r\n" + " c\r\n" * 5000 + "\r\nx",
    "boundaries": HEAD + "--x\r\n" * 1500,
    "dashes": HEAD + "-" * 20_000,
    "nested": (HEAD + "--x\n") * 300,
    "forwarded": "From: a\nContent-Type: message/rfc822\n\n" * 300 + "From: a\n\nb",
    "encoded": HEAD + "--x\nContent-Type: a/b\nContent-Transfer-Encoding: base64\n\n" + "A" * 20_000,
    "carriage returns": "\r" * 20_000,
    "undecodable": "From: \udcff\n\n\udcfe\n",
    "one line": "From: a\n\n" + "a b" * 20_000,
    "empty body": "From: a\nTo: b\n\n",
}


@pytest.mark.parametrize("name", MAIL)
def test_hostile_mail_gives_a_result_or_a_reason(name: str) -> None:
    for kind, content in HOSTILE.items():
        document = Document(content.encode("utf-8", "surrogateescape"), "message/rfc822", "a.eml")
        for level in (1, 5):
            with degraded_or_refused(kind):
                write(made(name, content, level=level).view, document)


def test_a_winmail_dat_holds_the_text_and_every_file() -> None:
    source = made("mail_winmail").view.value
    packed = next(part for part in parsed(source).walk() if part.get_filename() == "winmail.dat")
    text, files = tnef(packed.get_payload(decode=True))
    assert " ".join(text.split()) == body(ORDER)
    assert list(files.items()) == [("terms.pdf", attachments(ORDER)[0])]
    assert not body(source), "nothing is left of the message beside it"


@pytest.mark.parametrize("form", family.mail_attachment_name.ladder.rungs[:4])
def test_an_attached_file_is_called_what_it_was_called(form: str) -> None:
    source = made("mail_attachment_name", level=1 + family.mail_attachment_name.ladder.rungs.index(form)).view.value
    assert 'filename="terms.pdf"' not in source
    assert attachments(source) == attachments(ORDER)


def test_an_attachment_without_a_name_is_there() -> None:
    source = made("mail_attachment_name", level=5).view.value
    assert "terms.pdf" not in source
    assert attachments(ORDER)[0] in [part.get_payload(decode=True) for part in parsed(source).walk()]


@pytest.mark.parametrize("level", [1, 3, 5])
def test_of_a_cut_text_exactly_what_cannot_be_read_is_lost(level: float) -> None:
    degraded = made("mail_text_cut", level=level)
    (lost,) = degraded.lost
    told = " ".join(ORDER[: lost.start].rpartition("\r\n\r\n")[2].split())
    said = body(degraded.view.value)
    assert said.startswith(told)
    assert re.fullmatch(r" ?\S*=[0-9A-F]", said[len(told) :]), "of what is lost no more than a piece of a word is left"
    assert attachments(degraded.view.value) == attachments(ORDER)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_dot_is_doubled_where_a_soft_break_fell_before_it(level: float) -> None:
    source = made("mail_doubled_dots", level=level).view.value
    assert re.search(r"=\r\n\.\.\d\d", source)
    assert ".." in body(source)
    assert body(source).replace("..", ".") == body(ORDER)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_text_and_html_say_each_of_the_two_right_answers(level: float) -> None:
    degraded = made("mail_disagreeing", level=level)
    page = parsed(degraded.view.value).get_body(("html",)).get_content()
    assert body(degraded.view.value) == body(ORDER)
    for place, either in degraded.truth.values.items():
        old, new = either.options
        assert ORDER[place.start : place.end] == old != new
        assert new in page


def test_a_text_that_would_mean_something_in_the_claimed_encoding_is_left_alone() -> None:
    for text, level in (("Total=3D12\n", 4), ("QUJD\n", 5), ("Total 12\n", 1)):
        with pytest.raises(NotApplicable):
            made("mail_transfer_lie", f"From: a@example.org\nSubject: x\n\n{text}", level=level)
