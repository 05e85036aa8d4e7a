"""Which files are images, by their content and never by their name."""

import numpy as np
import pytest

from imaging import SNIFFED_BYTES, Limits, looks_like_image, open_image, sniff
from imaging.errors import NotAnImage, UnsupportedFormat
from imaging.formats import ACCEPT, FORMATS, SUFFIXES
from tests.images import drawing, encoded
from tests.imaging.decode import decode

DRAWING = drawing(60, 40)
READ = [
    ("JPEG", encoded(DRAWING, "JPEG")),
    ("JPEG", encoded(DRAWING, "JPEG", progressive=True)),
    ("JPEG", encoded(DRAWING, "MPO", save_all=True, append_images=[DRAWING])),
    ("PNG", encoded(DRAWING, "PNG")),
    ("WebP", encoded(DRAWING, "WEBP")),
    ("WebP", encoded(DRAWING, "WEBP", lossless=False, quality=95)),
    ("GIF", encoded(DRAWING, "GIF")),
    ("BMP", encoded(DRAWING, "BMP")),
    ("TIFF", encoded(DRAWING, "TIFF")),
    ("TIFF", encoded(DRAWING, "TIFF", compression="tiff_lzw")),
    ("TIFF", encoded(DRAWING, "TIFF", big_tiff=True)),
    ("PPM", encoded(DRAWING, "PPM")),
    ("PPM", encoded(DRAWING.convert("L"), "PPM")),
    ("PPM", encoded(DRAWING.convert("1"), "PPM")),
    ("PPM", b"P2 # text\n2 1 255 0 255\n"),
    ("AVIF", encoded(DRAWING, "AVIF")),
    ("HEIC", encoded(DRAWING, "HEIF")),
]
REFUSED = [
    ("SVG", b'<?xml version="1.0"?>\n<!-- a file --><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("SVG", b'\xef\xbb\xbf<SVG width="1"/>'),
    ("PDF", encoded(DRAWING, "PDF")),
    ("PSD", b"8BPS\x00\x01" + bytes(20)),
    ("EPS", encoded(DRAWING, "EPS")),
    ("EPS", b"\xc5\xd0\xd3\xc6" + bytes(28)),
    ("ICO", encoded(DRAWING, "ICO", sizes=[(16, 16)])),
    ("CUR", b"\x00\x00\x02\x00\x01\x00" + bytes(16)),
    ("ICNS", encoded(drawing(32, 32), "ICNS")),
    ("JPEG 2000", encoded(DRAWING, "JPEG2000")),
    ("JPEG 2000", encoded(DRAWING, "JPEG2000", no_jp2=True)),
    ("JPEG XL", b"\xff\x0a" + bytes(20)),
    ("JPEG XL", b"\x00\x00\x00\x0cJXL \r\n\x87\n"),
    ("DDS", encoded(DRAWING, "DDS")),
    ("QOI", encoded(DRAWING, "QOI")),
    ("OpenEXR", b"\x76\x2f\x31\x01" + bytes(20)),
    ("Radiance HDR", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n"),
    ("XCF", b"gimp xcf v011"),
    ("ISO media", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"),
    ("RIFF", b"RIFF\x24\x00\x00\x00WAVEfmt "),
    ("ZIP", b"PK\x03\x04" + bytes(20)),
]
OTHER_FILES = {
    "text": b"hello world, this is plain text\n",
    "one byte": b"\xff",
    "a letter": b"P",
    "zeros": bytes(100),
    "noise": np.random.default_rng(0).bytes(1000),
    "json": b'{"img": null}',
    "html": b"<!doctype html><html><body>404</body></html>",
    "git lfs pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "magic too short": b"\x89PNG\r\n",
}


def test_a_format_that_is_read_is_recognised_and_decodes(subtests: pytest.Subtests) -> None:
    for name, data in READ:
        with subtests.test(name=name, start=data[:12]):
            assert sniff(data).name == name
            assert decode(data).shape[2] == 3


def test_every_format_that_is_promised_is_tried_here() -> None:
    assert {name for name, _ in READ} == set(FORMATS)


def test_each_format_has_suffixes_and_a_media_type_of_its_own() -> None:
    assert len(SUFFIXES) == sum(len(image_format.suffixes) for image_format in FORMATS.values())
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)
    assert len({image_format.media_type for image_format in FORMATS.values()}) == len(FORMATS)
    assert set(ACCEPT.split(",")) == {"image/*", *SUFFIXES}


def test_a_format_that_names_itself_among_its_compatible_ones_only_is_recognised() -> None:
    avif = encoded(DRAWING, "AVIF")
    assert avif[8:12] == b"avif"
    assert sniff(avif[:8] + b"isom" + avif[12:]).name == "AVIF"
    assert sniff(avif[:8] + b"mif1" + avif[12:]).name == "AVIF"


def test_all_formats_give_the_same_pixels(subtests: pytest.Subtests) -> None:
    for kind in ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "PPM", "AVIF", "HEIF"]:
        with subtests.test(kind=kind):
            difference = decode(encoded(DRAWING, kind)).astype(int) - np.asarray(DRAWING)
            assert np.abs(difference).mean() < (2 if kind in ("JPEG", "AVIF") else 1e-9)


def test_a_known_format_that_is_not_read_is_refused_by_its_name(subtests: pytest.Subtests) -> None:
    for name, data in REFUSED:
        with (
            subtests.test(name=name, start=data[:12]),
            pytest.raises(UnsupportedFormat, match=f"^{name} files are not read. Send one of JPEG, PNG"),
        ):
            sniff(data)


def test_anything_else_is_not_an_image(subtests: pytest.Subtests) -> None:
    for data in OTHER_FILES.values():
        with subtests.test(data=data), pytest.raises(NotAnImage, match="is not an image"):
            open_image(data, Limits())


def test_the_first_bytes_tell_whether_a_file_looks_like_an_image() -> None:
    assert all(looks_like_image(data[:SNIFFED_BYTES]) for _, data in READ)
    assert not any(looks_like_image(data[:SNIFFED_BYTES]) for _, data in REFUSED)
    assert not any(looks_like_image(data) for data in (b"", *OTHER_FILES.values()))
