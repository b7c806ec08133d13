"""Parts: documents inside archives and mails are degraded in place, and what surrounds them stays as it was."""

from __future__ import annotations

import email
import email.policy
import gzip
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from bombs import gzip_of_zeros, zip_of_zeros
from crumple import Case, CrumpleError, Document, Recipe, Unreadable, identify, inside, read
from crumple.mutation.apply import degrade
from crumple.mutation.registry import discover
from crumple.views.archive import UNPACKED, Archive
from crumple.views.parts import Parts, closed, opened
from crumple_corpora.folder import Folder

MUTATORS = discover().mutators
ROWS = b"number,amount\nA-17,1234.50\nB-18,77.25\n"
OLD = b"number,amount\nC-19,1234.50\nB-18,77.25\n"
LINES = 'table.delimiter(delimiter=";",seed=1,part="{part}")'


def document(data: bytes, name: str) -> Document:
    return Document(data, identify(data, name), name)


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.mkdir("data")
        file.writestr("data/old.csv", OLD)
        file.writestr("Zoë.txt", "Zoë wrote 4711\n")
        file.comment = b"made by a test"
    return buffer.getvalue()


def mail(encoding: str = "quoted-printable") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Orders"
    message.set_content("Customer: Müller\nplease see attached\n", charset="utf-8", cte=encoding)
    message.add_attachment(ROWS, maintype="text", subtype="csv", filename="rows.csv")
    message.add_attachment(archive(), maintype="application", subtype="zip", filename="old.zip")
    return message.as_bytes(policy=email.policy.SMTP)


def case() -> Case:
    truth = {"customer": "Müller", "first": "A-17", "both": "B-18", "third": "C-19", "wrote": 4711}
    return Case("m.eml", document(mail(), "m.eml"), truth)


def test_a_mail_names_its_attachments_and_what_is_in_them() -> None:
    assert [(path, each.media_type) for path, each in inside(case().document)] == [
        ("body.txt", "text/plain"),
        ("rows.csv", "text/csv"),
        ("old.zip", "application/zip"),
        ("old.zip/data/old.csv", "text/csv"),
        ("old.zip/Zoë.txt", "text/plain"),
    ]


@pytest.mark.parametrize("part", ["rows.csv", "old.zip/data/old.csv"])
def test_a_part_is_degraded_in_place_and_all_others_stay(part: str) -> None:
    degraded = degrade(case(), Recipe.parse(LINES.format(part=part)), MUTATORS)
    before, after = dict(inside(case().document)), dict(inside(degraded.document))
    assert after[part].data == before[part].data.replace(b",", b";")
    changed = {part, "old.zip"} if "zip" in part else {part}
    assert {path for path in before if before[path].data != after[path].data} == changed
    assert degraded.expectation.truth == case().truth
    message = email.message_from_bytes(degraded.document.data, policy=email.policy.default)
    assert not [part.defects for part in message.walk() if part.defects]


def test_other_members_of_an_archive_keep_their_bytes() -> None:
    clean = archive()
    new = Archive.opened(clean).replaced({"data/old.csv": b"x" * 5000})
    with zipfile.ZipFile(io.BytesIO(new)) as file:
        assert file.testzip() is None
        assert file.namelist() == ["data/", "data/old.csv", "Zoë.txt"]
        assert file.read("data/old.csv") == b"x" * 5000
        assert file.comment == b"made by a test"
    kept = next(each for each in Archive.opened(clean).members if each.name == "Zoë.txt")
    assert clean[kept.start : kept.end] in new


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_mail_stays_as_it_was_around_a_part_however_that_is_encoded(encoding: str) -> None:
    clean = document(mail(encoding), "m.eml")
    changed = closed(clean, "rows.csv", document(b"a,b\n\xff\x00,2\n", "rows.csv"))
    assert opened(document(changed.data, "m.eml"), "rows.csv").data == b"a,b\n\xff\x00,2\n"
    start = next(part for part in read(clean, Parts).parts if part.name == "rows.csv").extent.start
    assert changed.data.startswith(clean.data[: start - 200])
    assert changed.data.endswith(clean.data[-500:])


def test_what_stands_in_another_part_too_is_not_lost_with_one() -> None:
    gone = degrade(case(), Recipe.parse('truncation.empty(seed=1,part="rows.csv")'), MUTATORS)
    assert gone.expectation.lost == {"/first"}
    gone = degrade(case(), Recipe.parse('truncation.empty(seed=1,part="old.zip")'), MUTATORS)
    assert gone.expectation.lost == {"/third", "/wrote"}


def test_damage_to_the_mail_itself_loses_what_its_encoded_parts_hold() -> None:
    gone = degrade(case(), Recipe.parse("truncation.cut(kept=0.5,seed=1)"), MUTATORS)
    assert gone.expectation.lost == {"/third", "/wrote"}


def test_steps_on_several_parts_and_on_the_whole_follow_one_another() -> None:
    steps = [LINES.format(part=part) for part in ("old.zip/data/old.csv", "rows.csv", "old.zip/data/old.csv")]
    steps[2] = 'table.footer_total(lines=1,seed=4,part="old.zip/data/old.csv")'
    degraded = degrade(case(), Recipe.parse(" > ".join([*steps, "corruption.padded(zeros=16,seed=1)"])), MUTATORS)
    after = dict(inside(degraded.document))
    assert after["rows.csv"].data.startswith(b"number;amount")
    assert after["old.zip/data/old.csv"].data.count(b";") > OLD.count(b",")
    assert degraded.document.data.endswith(bytes(16))


def test_a_part_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CrumpleError, match=r"no part 'row\.csv'.*rows\.csv"):
        degrade(case(), Recipe.parse(LINES.format(part="row.csv")), MUTATORS)


def test_gzip_holds_one_document_named_without_its_ending() -> None:
    clean = document(gzip.compress(ROWS), "rows.csv.gz")
    degraded = degrade(Case("g", clean, {"first": "A-17"}), Recipe.parse(LINES.format(part="rows.csv")), MUTATORS)
    assert gzip.decompress(degraded.document.data) == ROWS.replace(b",", b";")


def test_a_folder_lists_what_its_files_carry(tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    (tmp_path / "a.csv").write_bytes(ROWS)
    listed = {entry.id: entry for entry in Folder(tmp_path).entries()}
    assert listed["a.csv"].inside == ()
    assert ("old.zip/data/old.csv", "text/csv") in listed["m.eml"].inside


def test_a_bomb_is_not_unpacked() -> None:
    mebibytes = UNPACKED // (1 << 20) + 1
    with pytest.raises(Unreadable, match="unpacks to"):
        read(document(zip_of_zeros({"zeros": mebibytes}), "bomb.zip"), Parts)
    with pytest.raises(Unreadable, match="unpacks to"):
        read(document(gzip_of_zeros(mebibytes), "bomb.gz"), Parts)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"PK\x05\x06", archive()[:-30], archive()[:40], b"PK\x03\x04" + bytes(200)]
)
def test_a_broken_archive_is_unreadable_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(Document(data, "application/zip", "a.zip"), Parts)


def test_an_encrypted_archive_is_unreadable_with_a_reason() -> None:
    data = bytearray(archive())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    with pytest.raises(Unreadable, match="encrypted"):
        read(document(bytes(data), "a.zip"), Parts)


def test_a_mail_nested_300_deep_is_looked_into_a_few_levels_only() -> None:
    inner = b"From: a@b.c\r\nTo: a@b.c\r\nSubject: 0\r\n\r\nhello\r\n"
    for depth in range(300):
        inner = b"From: a@b.c\r\nTo: a@b.c\r\nSubject: %d\r\nContent-Type: message/rfc822\r\n\r\n%s" % (depth, inner)
    nested = document(inner, "deep.eml")
    assert len(list(inside(nested))) == 3
    multipart = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(300))
    deep = document(b"From: a@b.c\r\nTo: a@b.c\r\nSubject: x\r\n" + multipart + b"\r\nhello\r\n", "deep.eml")
    assert list(inside(deep)) == [] or len(list(inside(deep))) == 1


def test_names_that_two_attachments_share_are_told_apart() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Orders"
    message.set_content("see attached\n")
    for data in (ROWS, OLD):
        message.add_attachment(data, maintype="text", subtype="csv", filename="rows.csv")
    found = dict(inside(document(message.as_bytes(), "m.eml")))
    assert [(name, each.data) for name, each in found.items()] == [("rows.csv", ROWS), ("rows (2).csv", OLD)]
