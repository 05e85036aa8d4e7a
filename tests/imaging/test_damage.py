"""Images that begin well and end early, or whose header is broken."""

import pytest

from imaging import Limits, open_image
from imaging.errors import ImageError, NotAnImage, TruncatedImage, UnsupportedFormat
from tests.images import drawing, encoded
from tests.imaging.decode import decode

DRAWING = drawing(200, 150)
KINDS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "HEIF"]


def test_an_image_that_is_cut_short_is_refused_by_name(subtests: pytest.Subtests) -> None:
    for kept in [0.95, 0.5]:
        for kind in KINDS:
            with subtests.test(kept=kept, kind=kind):
                data = encoded(DRAWING, kind)
                with pytest.raises(TruncatedImage, match="cut short or damaged"):
                    decode(data[: int(len(data) * kept)])


def test_a_truncated_progressive_jpeg_is_refused_and_not_guessed() -> None:
    data = encoded(DRAWING, "JPEG", progressive=True)
    with pytest.raises(TruncatedImage):
        decode(data[: len(data) * 9 // 10])


@pytest.mark.filterwarnings("ignore:.*EXIF data:UserWarning:PIL")  # Pillow warns of a TIFF without its tags
def test_the_first_bytes_alone_are_refused_by_some_name(subtests: pytest.Subtests) -> None:
    for length in [12, 20, 40]:
        for kind in [*KINDS, "AVIF"]:
            with subtests.test(length=length, kind=kind):
                with pytest.raises(ImageError) as refusal:
                    decode(encoded(DRAWING, kind)[:length])
                assert str(refusal.value).endswith(".")


def test_a_flipped_bit_in_a_png_is_damage() -> None:
    data = bytearray(encoded(DRAWING, "PNG"))
    data[data.index(b"IDAT") + 100] ^= 0x10
    with pytest.raises(TruncatedImage):
        decode(bytes(data))


def test_a_broken_png_header_is_not_an_image() -> None:
    data = bytearray(encoded(DRAWING, "PNG"))
    data[17] ^= 0xFF  # in IHDR, whose checksum no longer fits
    with pytest.raises(NotAnImage, match="begins like a PNG"):
        open_image(bytes(data), Limits())


def test_an_image_of_no_width_is_not_an_image() -> None:
    with pytest.raises(NotAnImage):
        open_image(b"P6 0 5 255\n", Limits())


def test_a_rare_kind_of_a_read_format_is_unsupported_and_says_which() -> None:
    data = bytearray(encoded(DRAWING, "BMP"))
    data[28] = 2  # two bits a pixel: no encoder writes that
    with pytest.raises(UnsupportedFormat, match="kind of BMP is not read"):
        open_image(bytes(data), Limits())


def test_what_follows_a_complete_image_does_not_matter() -> None:
    data = encoded(DRAWING, "JPEG")
    assert (decode(data + b"<html>" * 100) == decode(data)).all()
