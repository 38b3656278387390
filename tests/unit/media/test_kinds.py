"""A file is what its first bytes say."""

from __future__ import annotations

import struct

import pytest

from xiaoxiao.media.kinds import WrongKind, kind_of

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF"
    + bytes(10)
    + b"\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 600, 800)
    + bytes(10)
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 800, 600) + bytes(5)


@pytest.mark.parametrize(
    ("expected", "kind", "content"),
    [
        ("image/jpeg", "image", JPEG),
        ("image/png", "image", PNG),
        ("image/gif", "image", b"GIF89a" + struct.pack("<HH", 10, 10)),
        ("image/webp", "image", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("image/heic", "image", b"\x00\x00\x00\x18ftypheic"),
        ("video/mp4", "video", b"\x00\x00\x00\x18ftypisom"),
        ("video/mp4", "shortvideo", b"\x00\x00\x00\x18ftyp3gp4"),
        ("audio/amr", "voice", b"#!AMR\n\x3c"),
        ("audio/silk", "voice", b"\x02#!SILK_V3"),
        ("audio/mpeg", "voice", b"ID3\x03"),
    ],
)
def test_it_is_known_by_its_beginning(expected: str, kind: str, content: bytes) -> None:
    assert expected == kind_of(content, kind)


def test_bare_speex_frames_are_sound_only_when_the_message_says_so() -> None:
    frames = bytes(range(0x30, 0x60))
    assert "audio/speex" == kind_of(frames, "voice", format="speex")
    with pytest.raises(WrongKind):
        kind_of(frames, "voice", format="amr")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image", b""),
        ("image", b"<svg onload=alert(1)>"),
        ("image", b"<html><script>"),
        ("image", b"PK\x03\x04"),
        ("image", b"MZ\x90\x00"),
        ("image", b"#!/bin/sh\n"),
        ("image", b"\x00\x00\x00\x18ftypisom"),
        ("video", JPEG),
        ("voice", PNG),
        ("voice", b"<html>"),
    ],
)
def test_what_it_does_not_claim_to_be_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(WrongKind):
        kind_of(content, kind, format="speex")


@pytest.mark.parametrize(
    "content",
    [
        PNG[:16] + struct.pack(">II", 100_000, 100_000) + bytes(5),
        b"GIF89a" + struct.pack("<HH", 65535, 65535),
        JPEG.replace(struct.pack(">HH", 600, 800), struct.pack(">HH", 60_000, 60_000)),
    ],
)
def test_a_picture_that_would_fill_the_memory_is_refused(content: bytes) -> None:
    with pytest.raises(WrongKind):
        kind_of(content, "image")


@pytest.mark.parametrize("cut", range(2, len(JPEG)))
def test_a_picture_that_breaks_off_breaks_nothing(cut: int) -> None:
    for content in (JPEG[:cut], PNG[:cut]):
        try:
            assert kind_of(content, "image").startswith("image/")
        except WrongKind:
            assert cut < 9
