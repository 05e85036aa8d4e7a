"""Makes the frames that models take: squares of RGB (or, under ``legacy``, BGR) pixels.

Every stored vector depends on these functions, so each is frozen under its id; a change is a new id.

``keras``: first frame; turned upright; over white; 8-bit RGB; cropped to the box; resized to the square without
keeping the aspect, by area averaging where it shrinks and bilinearly where it grows. A JPEG is decoded at a reduced
scale where that leaves at least twice the square's side.

``legacy``: what the published service did. OpenCV decodes to BGR and resizes bilinearly; Keras' own preprocessing
then swaps the channels once more, so the network sees RGB where it was trained on BGR.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from imaging.box import Box
from imaging.colour import to_rgb
from imaging.errors import TooManyPixels, TruncatedImage, UnsupportedFormat
from imaging.image import EncodedImage
from imaging.orientation import upright

Frame = NDArray[np.uint8]  # (size, size, 3)
MakeFrame = Callable[[EncodedImage, int, Box | None], Frame]


def keras_frame(encoded: EncodedImage, size: int, box: Box | None) -> Frame:
    """Return the image, or the part of it in ``box``, as (size, size, 3) uint8 RGB; raises an ImageError."""
    encoded.reduce_for(size, box)
    image = upright(encoded.load(), encoded.orientation)
    if box is not None:
        image = image.crop(box.pixels(*image.size))
    return resize(to_rgb(image), size, size)


def legacy_frame(encoded: EncodedImage, size: int, box: Box | None) -> Frame:
    """Return the image as the published service saw it: (size, size, 3) uint8 BGR; raises an ImageError."""
    if not encoded.format.read_by_opencv:
        raise UnsupportedFormat(f"The legacy preprocessing does not read {encoded.format.name}: send JPEG or PNG.")
    encoded.load()  # OpenCV trusts the header of a broken file and allocates gigabytes; Pillow refuses the file first
    try:
        pixels = cv2.imdecode(np.frombuffer(encoded.data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise TooManyPixels(f"OpenCV refuses to decode the image ({error.err}).") from None
    if pixels is None:
        raise TruncatedImage(f"The {encoded.format.name} image is cut short or damaged.")
    if box is not None:
        left, top, right, bottom = box.pixels(pixels.shape[1], pixels.shape[0])
        pixels = pixels[top:bottom, left:right]
    return np.asarray(cv2.resize(pixels, (size, size), interpolation=cv2.INTER_LINEAR), np.uint8)


FRAMES: Mapping[str, MakeFrame] = MappingProxyType({"keras": keras_frame, "legacy": legacy_frame})


def resize(pixels: Frame, width: int, height: int) -> Frame:
    """Return (h, w, 3) uint8 ``pixels`` as (height, width, 3): shrunk by area averaging, enlarged bilinearly."""
    old_height, old_width = pixels.shape[:2]
    shrinks_x, shrinks_y = old_width >= width, old_height >= height
    if shrinks_x != shrinks_y:  # OpenCV's area mode would treat both sides as growing
        shrunk = (width, old_height) if shrinks_x else (old_width, height)
        pixels = np.asarray(cv2.resize(pixels, shrunk, interpolation=cv2.INTER_AREA), np.uint8)
    method = cv2.INTER_AREA if shrinks_x and shrinks_y else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=method), np.uint8)
