"""Frames are found in whatever comes through a pipe, in whatever pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.workers.frames import Frame, FrameReader, FrameTooLarge, pack

NONCE = b"12345678"
BODIES = st.binary(max_size=60)
# Junk of the very bytes that frames begin with is the likeliest to mislead.
JUNK = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"CRMP", b"CRMP1234", b"CRMPCRMP1234567", b"CRMP87654321" * 4]),
).filter(lambda junk: b"CRMP" + NONCE not in junk)


def frame(number: int, body: bytes) -> bytes:
    return pack(NONCE, {"kind": "bytes", "id": number}, len(body)) + body


def read_all(reader: FrameReader) -> list[Frame]:
    return list(iter(reader.next, None))


@given(st.lists(st.tuples(JUNK, BODIES), max_size=5), st.lists(st.integers(1, 50), max_size=10))
def test_frames_between_junk_come_out_whole_however_the_stream_is_cut(messages, cuts):
    stream = b"".join(junk + frame(number, body) for number, (junk, body) in enumerate(messages))
    reader, found, at = FrameReader(NONCE, 100), [], 0
    for cut in [*cuts, len(stream)]:
        reader.feed(stream[at : at + cut])
        at += cut
        found += read_all(reader)
    assert [(each.header["id"], each.body) for each in found] == [(n, body) for n, (_, body) in enumerate(messages)]
    assert reader.junk == sum(len(junk) for junk, _ in messages)


@given(st.binary(max_size=300))
def test_junk_alone_is_no_frame(junk):
    reader = FrameReader(NONCE, 100)
    reader.feed(junk)
    assert reader.next() is None


@given(st.binary(max_size=40))
def test_a_frame_of_another_nonce_is_junk(body):
    reader = FrameReader(b"other one", 100)
    reader.feed(frame(1, body))
    assert reader.next() is None


@pytest.mark.parametrize("whole", [True, False])
def test_a_frame_over_the_limit_is_said_before_its_body_is_read(whole):
    reader = FrameReader(NONCE, 10)
    reader.feed(frame(1, b"x" * 11)[: None if whole else 60])
    with pytest.raises(FrameTooLarge) as error:
        reader.next()
    assert error.value.size == 11


def test_what_is_missing_of_a_frame_is_known_once_it_has_begun():
    reader = FrameReader(NONCE, 1000)
    data = frame(1, b"x" * 500)
    assert reader.missing == 0
    reader.feed(data[:100])
    assert reader.next() is None
    assert reader.missing == len(data) - 100
