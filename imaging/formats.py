"""The image formats, one record each; a file's format is known by its first bytes, never by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from imaging.errors import NotAnImage, UnsupportedFormat

SNIFFED_BYTES = 4096


@dataclass(frozen=True)
class ImageFormat:
    """A format that is read.

    ``suffixes`` are lower case, the usual one first. ``pillow_names`` are Pillow's names for it. Its files begin with
    one of ``prefixes``, which are empty where :func:`sniff` has to look further. ``turned_by_decoder`` says that its
    decoder applies the EXIF orientation itself, ``read_by_opencv`` that OpenCV reads it too.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    pillow_names: tuple[str, ...]
    prefixes: tuple[bytes, ...] = ()
    turned_by_decoder: bool = False
    read_by_opencv: bool = True

    @property
    def suffix(self) -> str:
        """Return the suffix for a new file of this format."""
        return self.suffixes[0]


FORMATS: Mapping[str, ImageFormat] = MappingProxyType(
    {
        image_format.name: image_format
        for image_format in (
            ImageFormat(
                "JPEG",
                "image/jpeg",
                (".jpg", ".jpeg", ".jpe", ".jfif"),
                ("JPEG", "MPO"),  # a phone's JPEG may be a multi-picture file
                (b"\xff\xd8\xff",),
            ),
            ImageFormat("PNG", "image/png", (".png",), ("PNG",), (b"\x89PNG\r\n\x1a\n",)),
            ImageFormat("WebP", "image/webp", (".webp",), ("WEBP",)),
            ImageFormat("GIF", "image/gif", (".gif",), ("GIF",), (b"GIF87a", b"GIF89a"), read_by_opencv=False),
            ImageFormat("BMP", "image/bmp", (".bmp", ".dib"), ("BMP",), (b"BM",)),
            ImageFormat(
                "TIFF",
                "image/tiff",
                (".tif", ".tiff"),
                ("TIFF",),
                (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
                turned_by_decoder=True,
            ),
            ImageFormat("PPM", "image/x-portable-anymap", (".ppm", ".pgm", ".pbm", ".pnm"), ("PPM",)),
            ImageFormat("AVIF", "image/avif", (".avif",), ("AVIF",), read_by_opencv=False),
            ImageFormat(
                "HEIC", "image/heic", (".heic", ".heif"), ("HEIF",), turned_by_decoder=True, read_by_opencv=False
            ),
        )
    }
)
SUFFIXES = frozenset(suffix for image_format in FORMATS.values() for suffix in image_format.suffixes)
# The accept attribute of a file input; browsers do not count all of these suffixes to image/*.
ACCEPT = ",".join(("image/*", *sorted(SUFFIXES)))
# Recognised so that the error can name them.
_REFUSED = (
    (b"%PDF", "PDF"),
    (b"8BPS", "PSD"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\x00\x00\x02\x00", "CUR"),
    (b"icns", "ICNS"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"DDS ", "DDS"),
    (b"qoif", "QOI"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"gimp xcf", "XCF"),
    (b"AT&TFORM", "DjVu"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
)
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))


def sniff(data: bytes) -> ImageFormat:
    """Return the format of ``data``, one of :data:`FORMATS`; the first :data:`SNIFFED_BYTES` are enough.

    Raises :class:`UnsupportedFormat` for a known format that is not read, :class:`NotAnImage` for anything else.
    """
    for image_format in FORMATS.values():
        if data.startswith(image_format.prefixes):
            return image_format
    if data[:4] == b"RIFF":
        if data[8:12] == b"WEBP":
            return FORMATS["WebP"]
        raise _refusal("RIFF")
    if data[:1] == b"P" and data[1:2] in b"123456" and data[2:3].isspace():
        return FORMATS["PPM"]
    if data[4:8] == b"ftyp":
        return _sniff_iso_media(data)
    for prefix, name in _REFUSED:
        if data.startswith(prefix):
            raise _refusal(name)
    if b"<svg" in data[:SNIFFED_BYTES].lower():
        raise _refusal("SVG")
    raise NotAnImage(f"The file is not an image. Send one of {', '.join(FORMATS)}.")


def looks_like_image(start: bytes) -> bool:
    """Return whether a file with these first :data:`SNIFFED_BYTES` bytes is of a format that is read."""
    try:
        sniff(start)
    except (NotAnImage, UnsupportedFormat):
        return False
    return True


def _sniff_iso_media(data: bytes) -> ImageFormat:
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[i : i + 4] for i in range(16, length, 4))}
    if brands & _AVIF_BRANDS:
        return FORMATS["AVIF"]
    if brands & _HEIC_BRANDS:
        return FORMATS["HEIC"]
    raise _refusal("ISO media")


def _refusal(name: str) -> UnsupportedFormat:
    return UnsupportedFormat(f"{name} files are not read. Send one of {', '.join(FORMATS)}.")
