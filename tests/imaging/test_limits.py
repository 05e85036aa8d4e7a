"""Limits are looked at before a pixel is decoded."""

import struct
import zlib

import pytest

from imaging import Limits, open_image
from imaging.errors import EmptyImage, ImageTooLarge, TooManyPixels
from tests.images import drawing, encoded

SMALL = drawing(64, 64)  # a multiple of 64: HEIC pads others
SIDE = 12_000  # 144 megapixels: above the limit, below what Pillow refuses by itself
# A complete GIF in 43 bytes: a screen of 1 x 1 and on it a frame of 65535 x 66601.
GIF_BOMB = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(6) + b"\x21\xf9\x04\x00\x00\x00\x00\x00"
    b"\x2c" + struct.pack("<HHHH", 0, 65280, 65535, 1321) + b"\x00\x02\x02\x4c\x01\x00\x3b"
)


def _png(data: bytes) -> bytes:
    header = b"IHDR" + struct.pack(">II", SIDE, SIDE) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


def _jpeg(data: bytes) -> bytes:
    start = data.index(b"\xff\xc0") + 5
    return data[:start] + struct.pack(">HH", SIDE, SIDE) + data[start + 4 :]


def _webp(data: bytes) -> bytes:
    side = (SIDE - 1).to_bytes(3, "little")
    start = data.index(b"VP8X") + 12
    return data[:start] + side + side + data[start + 6 :]


def _iso_media(data: bytes) -> bytes:
    return data.replace(
        b"ispe\x00\x00\x00\x00" + struct.pack(">II", 64, 64), b"ispe" + struct.pack(">III", 0, SIDE, SIDE)
    )


BOMBS = {
    "PNG": _png(encoded(SMALL, "PNG")),
    "JPEG": _jpeg(encoded(SMALL, "JPEG")),
    "WebP": _webp(encoded(SMALL, "WEBP", save_all=True, append_images=[drawing(64, 64).rotate(180)])),
    "GIF": b"GIF89a" + struct.pack("<HH", SIDE, SIDE) + encoded(SMALL, "GIF")[10:],
    "BMP": encoded(SMALL, "BMP")[:18] + struct.pack("<ii", SIDE, SIDE) + encoded(SMALL, "BMP")[26:],
    "PPM": f"P6 {SIDE} {SIDE} 255\n".encode() + bytes(100),
    "AVIF": _iso_media(encoded(SMALL, "AVIF")),
    "HEIC": _iso_media(encoded(SMALL, "HEIF")),
}


def test_no_bytes_are_not_an_image() -> None:
    with pytest.raises(EmptyImage, match="no bytes"):
        open_image(b"", Limits())


def test_an_image_may_have_as_many_bytes_as_allowed_and_no_more() -> None:
    data = encoded(SMALL, "PNG")
    open_image(data, Limits(max_bytes=len(data)))
    with pytest.raises(ImageTooLarge, match=f"at most {len(data) - 1} bytes; this one has {len(data)}"):
        open_image(data, Limits(max_bytes=len(data) - 1))


def test_an_image_may_have_as_many_pixels_as_allowed_and_no_more() -> None:
    data = encoded(SMALL, "PNG")
    open_image(data, Limits(max_pixels=4096))
    with pytest.raises(TooManyPixels, match="at most 4095 pixels; this one claims 64 x 64"):
        open_image(data, Limits(max_pixels=4095))


def test_bytes_are_counted_before_they_are_looked_at() -> None:
    with pytest.raises(ImageTooLarge):
        open_image(b"not an image at all", Limits(max_bytes=5))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # Pillow's own, softer limit
@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS.keys())
def test_a_small_file_that_claims_many_pixels_is_refused_by_its_header(data: bytes) -> None:
    assert len(data) < 20_000
    with pytest.raises(TooManyPixels, match=f"{SIDE} x {SIDE}"):  # decoding would find it cut short
        open_image(data, Limits())


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused() -> None:
    assert len(GIF_BOMB) == 43
    with pytest.raises(TooManyPixels, match=f"{65535 * 66601} pixels"):
        open_image(GIF_BOMB, Limits())


def test_opening_an_image_decodes_nothing() -> None:
    cut = encoded(SMALL, "PNG")[:60]
    assert open_image(cut, Limits()).width == 64
