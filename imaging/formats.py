"""What a file is, by its first bytes and never by its name."""

from imaging.errors import NotAnImage, UnsupportedFormat

SNIFFED_BYTES = 4096
READ_FORMATS = ("JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "HEIC")

_READ = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
# Recognised so that the refusal can name them.
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


def sniff(data: bytes) -> str:
    """Return the format's name, one of :data:`READ_FORMATS`.

    Raises :class:`UnsupportedFormat` for a known format that is not read, :class:`NotAnImage` for anything else.
    """
    for magic, name in _READ:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF":
        if data[8:12] == b"WEBP":
            return "WebP"
        raise _refusal("RIFF")
    if data[:1] == b"P" and data[1:2] in b"123456" and data[2:3].isspace():
        return "PPM"
    if data[4:8] == b"ftyp":
        return _sniff_iso_media(data)
    for magic, name in _REFUSED:
        if data.startswith(magic):
            raise _refusal(name)
    if b"<svg" in data[:SNIFFED_BYTES].lower():
        raise _refusal("SVG")
    raise NotAnImage(f"The file is not an image. Send one of {', '.join(READ_FORMATS)}.")


def looks_like_image(begin: bytes) -> bool:
    """Whether a file that begins like this (:data:`SNIFFED_BYTES` are enough) is of a format that is read."""
    try:
        sniff(begin)
    except (NotAnImage, UnsupportedFormat):
        return False
    return True


def _sniff_iso_media(data: bytes) -> str:
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[i : i + 4] for i in range(16, length, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIC_BRANDS:
        return "HEIC"
    raise _refusal("ISO media")


def _refusal(name: str) -> UnsupportedFormat:
    return UnsupportedFormat(f"{name} files are not read. Send one of {', '.join(READ_FORMATS)}.")
