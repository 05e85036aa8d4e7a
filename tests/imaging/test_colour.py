"""Every colour mode becomes 8-bit RGB over white."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.images import drawing, encoded
from tests.imaging.decode import decode

DRAWING = drawing(40, 600)  # higher than two of the strips that colours are converted in
PIXELS = np.asarray(DRAWING)


def _png(width: int, depth: int, colour_type: int, row: bytes, transparent: bytes) -> bytes:
    """A PNG of one row; Pillow writes no 16-bit transparency."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, 1, depth, colour_type, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"tRNS", transparent), (b"IDAT", zlib.compress(b"\0" + row)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, body) for name, body in chunks)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_transparency_is_laid_over_white(kind: str) -> None:
    alpha = np.full(PIXELS.shape[:2], 255, np.uint8)
    alpha[:300] = 0
    alpha[:, :20] = 128
    rgba = Image.fromarray(np.dstack([PIXELS, alpha]))
    share = alpha[..., None] / 255
    wanted = PIXELS * share + 255 * (1 - share)
    options = {"exact": True} if kind == "WEBP" else {}
    assert np.abs(decode(encoded(rgba, kind, **options)) - wanted).max() <= 1


def test_an_opaque_alpha_channel_changes_nothing() -> None:
    assert np.array_equal(decode(encoded(DRAWING.convert("RGBA"), "PNG")), PIXELS)


def test_grey_with_alpha_is_laid_over_white() -> None:
    image = Image.merge("LA", [Image.new("L", (4, 4), 100), Image.new("L", (4, 4), 51)])
    assert np.unique(decode(encoded(image, "PNG"))).tolist() == [224]  # 100 * 0.2 + 255 * 0.8


def test_grey_is_repeated_in_all_channels() -> None:
    grey = DRAWING.convert("L")
    assert np.array_equal(decode(encoded(grey, "PNG")), np.repeat(np.asarray(grey)[..., None], 3, axis=2))


def test_black_and_white_becomes_0_and_255() -> None:
    assert set(np.unique(decode(encoded(DRAWING.convert("1"), "PNG")))) == {0, 255}


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_16_bit_grey_is_scaled_to_8_and_not_clipped(kind: str) -> None:
    ramp = np.linspace(0, 65535, 600).astype(np.uint16).repeat(4).reshape(600, 4)
    grey = decode(encoded(Image.fromarray(ramp), kind))
    assert np.array_equal(grey[..., 0], ramp // 257)
    assert (grey[..., 0] == grey[..., 2]).all()


@pytest.mark.parametrize("largest", [1.0, 255.0])
def test_float_grey_fills_the_range_whether_it_ends_at_1_or_at_255(largest: float) -> None:
    ramp = np.linspace(0, largest, 600, dtype=np.float32).repeat(4).reshape(600, 4)
    grey = decode(encoded(Image.fromarray(ramp), "TIFF"))[..., 1]
    assert (grey.min(), grey.max()) == (0, 255)
    assert np.abs(grey - ramp * (255 / largest)).max() <= 1


def test_a_palette_gives_its_colours() -> None:
    palette = DRAWING.quantize(64)
    assert np.array_equal(decode(encoded(palette, "PNG")), np.asarray(palette.convert("RGB")))


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_white(kind: str) -> None:
    image = Image.new("P", (4, 2))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 1), 1)
    pixels = decode(encoded(image, kind, transparency=0))
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[1, 1].tolist() == [0, 0, 200]


def test_a_palette_with_half_transparent_entries_is_mixed_with_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)
    pixels = decode(encoded(image, "PNG", transparency=bytes([51, 255])))
    assert pixels.tolist() == [[[244, 204, 204], [0, 0, 200]]]


def test_one_transparent_colour_of_an_rgb_image_is_white() -> None:
    image = Image.fromarray(np.array([[[10, 20, 30], [10, 20, 31]]], np.uint8))
    assert decode(encoded(image, "PNG", transparency=(10, 20, 30))).tolist() == [[[255] * 3, [10, 20, 31]]]


def test_one_transparent_value_of_a_16_bit_grey_image_is_white() -> None:
    data = _png(2, 16, 0, struct.pack(">HH", 1000, 40000), struct.pack(">H", 1000))
    assert decode(data)[0, :, 0].tolist() == [255, 155]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_converted_and_not_inverted(kind: str) -> None:
    red = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    assert np.abs(decode(encoded(red, kind)).astype(int) - [255, 0, 0]).max() <= 3


def test_16_bit_colour_keeps_its_high_bytes() -> None:
    data = _png(1, 16, 2, struct.pack(">HHH", 0xFF80, 0x8001, 0x0100), struct.pack(">HHH", 0xFFFF, 0, 0))
    assert decode(data).tolist() == [[[255, 128, 1]]]
