"""Pictures that somebody sends: only whole and plain ones are kept, and of them the picture alone."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from atomlens.errors import MalformedInput, TooLarge
from atomlens.service.png import MAX_BYTES, MAX_SIDE, SIGNATURE, plain_png


def png(size=(40, 21), mode="RGBA", **options) -> bytes:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)).convert(
        mode
    )
    file = io.BytesIO()
    picture.save(file, "PNG", **options)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def head(width, height, depth=8, color=2, interlaced=0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_is_kept_as_it_is_without_what_is_written_beside_it(mode):
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    before = png(mode=mode, pnginfo=said)
    assert b"script" in before
    after = plain_png(before)
    assert b"script" not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.mode == other.mode == mode
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    assert plain_png(after) == after


def whole(*parts: bytes) -> bytes:
    return SIGNATURE + b"".join(parts) + chunk(b"IEND", b"")


PIXELS = zlib.compress(b"\0" * (3 * 4 + 1) * 2)
GOOD = png()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", SIGNATURE, GOOD[:-1], GOOD[:60], GOOD + b"<html>",
        GOOD[:50] + bytes([GOOD[50] ^ 1]) + GOOD[51:], whole(), whole(head(4, 2)), whole(chunk(b"IDAT", PIXELS)),
        whole(head(4, 2), chunk(b"IDAT", PIXELS[:-3])), whole(head(4, 3), chunk(b"IDAT", PIXELS)),
        whole(head(4, 1), chunk(b"IDAT", PIXELS)), whole(head(4, 2), chunk(b"IDAT", PIXELS + b"more")),
        whole(head(4, 2, depth=16), chunk(b"IDAT", PIXELS)), whole(head(4, 2, color=3), chunk(b"IDAT", PIXELS)),
        whole(head(4, 2, interlaced=1), chunk(b"IDAT", PIXELS)), whole(head(4, 2), chunk(b"IDAT", b"no zlib")),
        whole(head(4, 2), chunk(b"IDAT", zlib.compress(b"\7" * 26))), SIGNATURE + chunk(b"IEND", b"") + head(4, 2),
        SIGNATURE + struct.pack(">I", 0xFFFFFFF0) + b"IHDR" + b"\0" * 30,
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(data):
    with pytest.raises(MalformedInput) as caught:
        plain_png(data)
    assert caught.value.code == "bad_picture"
    assert caught.value.message.endswith(".")


def test_the_smallest_whole_picture_passes():
    with Image.open(io.BytesIO(plain_png(whole(head(4, 2), chunk(b"IDAT", PIXELS))))) as picture:
        assert picture.size == (4, 2)


def test_sizes_are_bounded_in_bytes_in_pixels_and_unpacked():
    with pytest.raises(TooLarge):
        plain_png(SIGNATURE + b"\0" * MAX_BYTES)
    with pytest.raises(TooLarge):
        plain_png(whole(head(MAX_SIDE + 1, 2), chunk(b"IDAT", PIXELS)))
    bomb = zlib.compress(b"\0" * 200_000_000, 9)
    assert len(bomb) < MAX_BYTES
    with pytest.raises(MalformedInput):
        plain_png(whole(head(4, 2), chunk(b"IDAT", bomb)))
