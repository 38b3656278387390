"""What a file really is, by its first bytes. Names and headers say what the sender likes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

#: a picture of more pixels than any phone makes would fill the memory of whoever opens it
MOST_PIXELS = 120_000_000

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"#!AMR\n", "audio/amr"),
    (b"#!SILK_V3", "audio/silk"),
    (b"\x02#!SILK_V3", "audio/silk"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"M4A ": "audio/mp4"}
_EXPECTED = {"image": "image/", "voice": "audio/", "video": "video/", "shortvideo": "video/"}
#: raw speex frames have no beginning of their own; these have
_SURELY_NOT_SOUND = (b"<", b"{", b"PK", b"MZ", b"\x7fELF", b"%PDF", b"#!/", b"Rar!", b"\x1f\x8b", b"7z")


class WrongKind(Exception):
    """Not what it claims to be."""


def kind_of(content: bytes, kind: str, *, format: str = "") -> str:
    """Media type of what came as `kind` (image, voice, video, shortvideo). WrongKind says why it is refused."""
    found = _sniff(content)
    if not found and kind == "voice" and format == "speex" and not content.startswith(_SURELY_NOT_SOUND):
        found = "audio/speex"  # what WeChat sends as speex is bare frames
    if not found:
        raise WrongKind("unknown kind of file")
    if not found.startswith(_EXPECTED.get(kind, "image/")):
        raise WrongKind(f"{found} sent as {kind}")
    width, height = _pixels(content, found)
    if width * height > MOST_PIXELS:
        raise WrongKind(f"{width}x{height} pixels")
    return found


def _sniff(content: bytes) -> str:
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    return next((kind for start, kind in _STARTS if content.startswith(start)), "")


def _pixels(content: bytes, kind: str) -> tuple[int, int]:
    """As the header says; (0, 0) where that is not known."""
    try:
        if kind == "image/png":
            width, height = struct.unpack(">II", content[16:24])
        elif kind == "image/gif":
            width, height = struct.unpack("<HH", content[6:10])
        elif kind == "image/jpeg":
            height, width = next(_frames(content))
        else:
            return 0, 0
    except (struct.error, StopIteration):
        return 0, 0
    return width, height


def _frames(content: bytes) -> Iterator[tuple[int, int]]:
    """Height and width of each JPEG frame header (SOF0 to SOF15, but for DHT, JPG and DAC)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            yield struct.unpack(">HH", content[at + 5 : at + 9])
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
