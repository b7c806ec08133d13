"""Damaged archives: what a patient reader unpacks header by header, and what nobody does."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from crumple import ALL, Document, Extent, NotApplicable
from crumple_mutators import corruption
from damaged_files import ZIP, applied, archive, degraded
from oracles.corruption import members
from oracles.orders import case, read_plainly

DOCX, XLSX = "order.docx", "order.xlsx"


def content(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {each.filename: packed.read(each) for each in packed.infolist()}


@pytest.mark.parametrize("mutator", [corruption.archive_directory_missing, corruption.archive_checksum])
@pytest.mark.parametrize("name", ["zip", DOCX, XLSX])
def test_every_member_is_found_by_its_own_header_and_a_strict_reader_refuses(mutator, name: str) -> None:
    clean = archive() if name == "zip" else case(name).document
    damaged = degraded(mutator, clean, 3)
    assert dict(members(damaged.data)) == content(clean.data)
    with pytest.raises(zipfile.BadZipFile):
        content(damaged.data)


@pytest.mark.skipif(not shutil.which("zip"), reason="there is no zip on this machine")
def test_a_repairing_program_unpacks_an_archive_without_its_directory(tmp_path: Path) -> None:
    """`zip -FF` writes it anew."""
    broken, mended = tmp_path / "broken.zip", tmp_path / "mended.zip"
    broken.write_bytes(degraded(corruption.archive_directory_missing, archive(), 3).data)
    subprocess.run(["zip", "-FF", broken, "--out", mended], input=b"y\n", capture_output=True, check=False)
    assert content(mended.read_bytes()) == content(archive().data)


def test_a_member_is_missing_and_the_others_are_as_they_were() -> None:
    clean = case(DOCX).document
    gone = []
    for level in (1, 2, 3, 4, 5):
        said = applied(corruption.archive_member_missing, clean, level)
        left, before = content(said.view), content(clean.data)
        assert all(left[name] == before[name] for name in left)
        gone.append(set(before) - set(left))
        assert (said.lost is ALL) == (level == 5)
    properties, theme, types, relationships, text = gone
    assert "docProps/core.xml" in properties
    assert theme == {"word/theme/theme1.xml"}
    assert types == {"[Content_Types].xml"}
    assert relationships == {"_rels/.rels"}
    assert text == {"word/document.xml"}


def test_without_its_relationships_a_letter_is_refused_by_strict_readers() -> None:
    damaged = degraded(corruption.archive_member_missing, case(DOCX).document, 4)
    with pytest.raises(KeyError):
        read_plainly(damaged)


def test_of_an_archive_the_member_that_is_cut_is_lost_and_of_an_office_file_all() -> None:
    for level in (1, 3, 5):
        said = applied(corruption.archive_member_cut, archive(), level)
        (extent,) = said.lost
        assert isinstance(extent, Extent)
        clean, left = archive().data, said.view
        assert len(left) == len(clean)
        assert left[: extent.start] == clean[: extent.start]
        assert left[extent.end :] == clean[extent.end :]
        unread = 0
        with zipfile.ZipFile(io.BytesIO(left)) as packed:
            for each in packed.infolist():
                try:
                    assert packed.read(each) == content(clean)[each.filename]
                except (zipfile.BadZipFile, EOFError, OSError, ValueError):
                    unread += 1
                except Exception as error:  # noqa: BLE001 - zlib's own
                    assert type(error).__name__ == "error"  # noqa: PT017
                    unread += 1
        assert unread == 1
    assert applied(corruption.archive_member_cut, case(DOCX).document, 1).lost is ALL


def test_names_change_and_content_does_not() -> None:
    clean = content(archive().data)
    names = []
    for level in (1, 2, 3, 4, 5):
        damaged = degraded(corruption.archive_names, archive(), level).data
        with zipfile.ZipFile(io.BytesIO(damaged)) as packed:
            infos = packed.infolist()
            assert {packed.read(each) for each in infos} == set(clean.values())
        names.append([each.orig_filename for each in infos])
    assert [each[0] for each in names] == [
        "2024\\order-0.txt",
        "./2024/order-0.txt",
        "/2024/order-0.txt",
        "../../2024/order-0.txt",
        "2024/order-0.txt",
    ]
    assert len(names[4]) == 2 * len(set(names[4])) == 6


def test_a_locked_archive_says_its_names_and_nothing_else() -> None:
    said = applied(corruption.archive_locked, archive(), 5)
    assert said.lost is ALL
    with zipfile.ZipFile(io.BytesIO(said.view)) as packed:
        assert packed.namelist() == list(content(archive().data))
        with pytest.raises(RuntimeError, match="password"):
            packed.read(packed.namelist()[0])
        with pytest.raises((RuntimeError, zipfile.BadZipFile)):
            packed.read(packed.namelist()[0], pwd=b"secret")


def test_what_is_no_archive_is_skipped() -> None:
    locked = degraded(corruption.archive_locked, archive(), 5)
    for document in (Document(b"PK\x03\x04", ZIP, "a.zip"), Document(b"PK\x05\x06" + bytes(18), ZIP, "a.zip"), locked):
        for name in ("checksum", "directory_missing", "locked", "member_cut", "names", "member_missing"):
            with pytest.raises(NotApplicable):
                applied(getattr(corruption, f"archive_{name}"), document, 5 if name == "locked" else 3)


@pytest.mark.parametrize("name", ["zip", DOCX, XLSX])
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_an_archive_in_another_form_is_sound(name: str, level: float, tmp_path: Path) -> None:
    clean = archive() if name == "zip" else case(name).document
    other = degraded(corruption.archive_form, clean, level)
    assert other.data != clean.data
    assert content(other.data) == content(clean.data)
    if unzip := shutil.which("unzip"):
        file = tmp_path / "other.zip"
        file.write_bytes(other.data)
        assert subprocess.run([unzip, "-tqq", file], capture_output=True, check=False).returncode == 0


def test_the_forms_are_what_they_are_called() -> None:
    comment, streamed, big, spanned, program = (
        degraded(corruption.archive_form, archive(), level).data for level in (1, 2, 3, 4, 5)
    )
    with zipfile.ZipFile(io.BytesIO(comment)) as packed:
        assert packed.comment
    with zipfile.ZipFile(io.BytesIO(streamed)) as packed:
        assert all(each.flag_bits & 8 for each in packed.infolist())
        assert streamed[14:26] == bytes(12)
    assert b"PK\x06\x06" in big
    assert b"PK\x06\x07" in big
    assert spanned.startswith(b"PK\x07\x08PK\x03\x04")
    assert program.startswith(b"MZ")
