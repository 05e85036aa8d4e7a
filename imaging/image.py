"""Opens images: the header at once, the pixels on demand."""

import io
import math
import struct
import zlib
from dataclasses import dataclass

import pillow_heif
from PIL import Image, UnidentifiedImageError

from imaging.box import Box
from imaging.errors import EmptyImage, ImageTooLarge, NotAnImage, TooManyPixels, TruncatedImage, UnsupportedFormat
from imaging.formats import ImageFormat, sniff
from imaging.limits import Limits
from imaging.orientation import orientation_of, swaps_sides

# What Pillow and its codecs raise on damaged files, next to OSError.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)


@dataclass
class EncodedImage:
    """An image whose header has been read. ``width`` and ``height`` are those of the upright image."""

    data: bytes
    format: ImageFormat
    image: Image.Image
    orientation: int
    width: int
    height: int

    def reduce_for(self, size: int, box: Box | None = None) -> None:
        """Let a JPEG decode at a reduced scale that leaves at least twice ``size`` on both sides of ``box``."""
        if self.format.name != "JPEG":
            return
        wanted = (2 * size / (box.w if box else 1), 2 * size / (box.h if box else 1))
        if swaps_sides(self.orientation):
            wanted = wanted[::-1]
        self.image.draft(None, (math.ceil(wanted[0]), math.ceil(wanted[1])))

    @property
    def pixels(self) -> int:
        """Return how many pixels the header announces."""
        return self.width * self.height

    def load(self) -> Image.Image:
        """Return the first frame, decoded, as stored: not turned, in the file's colour mode; raises an ImageError."""
        try:
            self.image.load()
        except MemoryError:
            raise TooManyPixels(f"There is not enough memory to decode {self.width} x {self.height} pixels.") from None
        except _DAMAGE as error:
            raise TruncatedImage(f"The {self.format.name} image is cut short or damaged ({_brief(error)}).") from None
        if self.format.name == "PNG" and self.orientation == 1:  # its EXIF data may come after the pixels
            self._turn(orientation_of(self.image))
        return self.image if self.format.name != "JPEG" else self._without_rest()

    def _without_rest(self) -> Image.Image:
        """Return a reduced JPEG without a last row or column that covers less than half of what the others do."""
        width, height = (self.height, self.width) if swaps_sides(self.orientation) else (self.width, self.height)
        scale = round(max(width, height) / max(self.image.size))
        whole = (max(1, round(width / scale)), max(1, round(height / scale)))
        return self.image if whole == self.image.size else self.image.crop((0, 0, *whole))

    def _turn(self, orientation: int) -> None:
        self.orientation = orientation
        if swaps_sides(orientation):
            self.width, self.height = self.height, self.width


def open_image(data: bytes, limits: Limits) -> EncodedImage:
    """Return ``data`` with its header read and checked against ``limits``; no pixel is decoded.

    Raises EmptyImage, ImageTooLarge, NotAnImage, UnsupportedFormat, TruncatedImage or TooManyPixels.
    """
    if not data:
        raise EmptyImage("The image has no bytes.")
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(f"An image has at most {limits.max_bytes} bytes; this one has {len(data)}.")
    image_format = sniff(data)
    image = _open(data, image_format)
    if image.width * image.height > limits.max_pixels:
        raise TooManyPixels(
            f"An image has at most {limits.max_pixels} pixels; this one claims {image.width} x {image.height}."
        )
    orientation = _orientation_in_header(image, image_format)
    width, height = image.size[::-1] if swaps_sides(orientation) else image.size
    return EncodedImage(data, image_format, image, orientation, width, height)


def _orientation_in_header(image: Image.Image, image_format: ImageFormat) -> int:
    if image_format.turned_by_decoder:
        return 1
    if image_format.name == "PNG" and "exif" not in image.info:
        return 1  # Pillow would decode all pixels to find EXIF data after them
    return orientation_of(image)


def _open(data: bytes, image_format: ImageFormat) -> Image.Image:
    name = image_format.name
    if name == "HEIC":
        pillow_heif.register_heif_opener()
    try:
        return Image.open(io.BytesIO(data), formats=image_format.pillow_names)
    except Image.DecompressionBombError as error:
        raise TooManyPixels(f"The image claims too many pixels ({_brief(error)}).") from None
    except UnidentifiedImageError:
        raise NotAnImage(
            f"The file begins like a {name} image, but its header is broken or of a kind that is not read."
        ) from None
    except OSError as error:
        if "unsupported" in str(error).lower():
            raise UnsupportedFormat(f"This kind of {name} is not read ({_brief(error)}).") from None
        raise TruncatedImage(f"The {name} image is cut short or damaged ({_brief(error)}).") from None
    except _DAMAGE as error:
        raise NotAnImage(f"The {name} image's header is broken ({_brief(error)}).") from None


def _brief(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]
