"""What is done to pixels: limits, formats, orientation, colour, crop, resize, thumbnail.

The only package that imports Pillow and OpenCV. A picture comes in as bytes of unknown worth and leaves as an array,
or as one of the named errors of :mod:`imaging.errors`.
"""

from imaging.box import Box, parse_box
from imaging.errors import PictureError
from imaging.formats import SNIFFED_BYTES, looks_like_picture, sniff
from imaging.frames import FRAMES, Frame, MakeFrame
from imaging.image import Picture, open_picture
from imaging.limits import Limits
from imaging.thumbnail import make_thumbnail

__all__ = [
    "FRAMES",
    "SNIFFED_BYTES",
    "Box",
    "Frame",
    "Limits",
    "MakeFrame",
    "Picture",
    "PictureError",
    "looks_like_picture",
    "make_thumbnail",
    "open_picture",
    "parse_box",
    "sniff",
]
