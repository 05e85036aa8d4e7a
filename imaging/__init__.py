"""Reads images: limits, formats, orientation, colour, crop, resize, thumbnail.

The only package that imports Pillow and OpenCV. Untrusted bytes come in; an array comes out, or one of the errors of
:mod:`imaging.errors`.
"""

from imaging.box import Box, parse_box
from imaging.errors import ImageError
from imaging.formats import ACCEPT, FORMATS, SNIFFED_BYTES, SUFFIXES, ImageFormat, looks_like_image, sniff
from imaging.frames import FRAMES, Frame, MakeFrame
from imaging.image import EncodedImage, open_image
from imaging.limits import Limits
from imaging.thumbnail import make_thumbnail

__all__ = [
    "ACCEPT",
    "FORMATS",
    "FRAMES",
    "SNIFFED_BYTES",
    "SUFFIXES",
    "Box",
    "EncodedImage",
    "Frame",
    "ImageError",
    "ImageFormat",
    "Limits",
    "MakeFrame",
    "looks_like_image",
    "make_thumbnail",
    "open_image",
    "parse_box",
    "sniff",
]
