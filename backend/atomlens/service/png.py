"""PNG pictures that somebody sends: checked throughout before they are kept (W3C PNG, third edition; zlib, RFC 1950).

What is kept is a picture alone: its ancillary chunks (comments, places, profiles) are left out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from atomlens.errors import MalformedInput, TooLarge

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: Largest file, and largest side in pixels.
MAX_BYTES: Final = 1_500_000
MAX_SIDE: Final = 2_400
#: Channels by colour type: RGB, and RGB with opacity.
_CHANNELS: Final = {2: 3, 6: 4}


def plain_png(data: bytes) -> bytes:
    """The same picture, with nothing in the file but the picture.

    Raises `TooLarge` beyond `MAX_BYTES` or `MAX_SIDE`; `MalformedInput`, code "bad_picture", for what is no PNG of
    8 bits in RGB or RGBA, or is damaged, or has something behind its end.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The picture has {len(data):,} bytes; at most {MAX_BYTES:,} are kept.", field="picture")
    if not data.startswith(SIGNATURE):
        raise _bad("it does not begin as a PNG does")
    chunks = list(_chunks(data))
    if [kind for kind, _ in chunks[:1]] != [b"IHDR"] or chunks[-1][0] != b"IEND" or len(chunks[0][1]) != 13:
        raise _bad("its head or its end is missing")
    width, height, depth, color, packing, filtering, interlacing = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or color not in _CHANNELS or packing or filtering or interlacing:
        raise _bad("it is not of 8 bits in RGB or RGBA, row by row")
    if 0 in (width, height):
        raise _bad("it has no pixels")
    if max(width, height) > MAX_SIDE:
        raise TooLarge(f"The picture is {width} × {height}; at most {MAX_SIDE} pixels a side.", field="picture")
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    _check_pixels(packed, width * _CHANNELS[color] + 1, height)
    parts = [(b"IHDR", chunks[0][1]), (b"IDAT", packed), (b"IEND", b"")]
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height of one that `plain_png` has made."""
    width, height = struct.unpack_from(">II", picture, 16)
    return width, height


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(data):
        if place + 12 > len(data):
            raise _bad("it ends too early")
        (length,) = struct.unpack_from(">I", data, place)
        kind, end = data[place + 4 : place + 8], place + 12 + length
        if end > len(data):
            raise _bad("it ends too early")
        content = data[place + 8 : place + 8 + length]
        if zlib.crc32(kind + content) != struct.unpack_from(">I", data, end - 4)[0]:
            raise _bad("a part of it is damaged")
        yield kind, content
        if kind == b"IEND" and end != len(data):
            raise _bad("something stands behind its end")
        place = end


def _check_pixels(packed: bytes, row: int, height: int) -> None:
    """That it unpacks to its rows and no more: a small file may hold very many zeros."""
    unpacker = zlib.decompressobj()
    try:
        pixels = unpacker.decompress(packed, row * height + 1)
    except zlib.error as error:
        raise _bad("its pixels cannot be unpacked") from error
    if len(pixels) != row * height or not unpacker.eof or unpacker.unused_data or max(pixels[::row]) > 4:
        raise _bad("its pixels do not fill it")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _bad(reason: str) -> MalformedInput:
    return MalformedInput(
        f"This is no picture that can be kept: {reason}.",
        code="bad_picture",
        field="picture",
        hint="Send a PNG of 8 bits in RGB or RGBA.",
    )
