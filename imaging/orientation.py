"""The EXIF orientation tag: cameras store the sensor's image, and how to turn it upright."""

from PIL import Image

from imaging.errors import TooManyPixels

_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(image: Image.Image) -> int:
    """Return the tag's value, 1 to 8; 1 (upright) when it is absent, unknown or unreadable."""
    try:
        value = image.getexif().get(_TAG, 1)
    except Exception:  # noqa: BLE001 - broken EXIF raises almost anything, and the pixels are still good
        return 1
    return value if value in _TURNS else 1


def swaps_sides(orientation: int) -> bool:
    """Return whether turning the image upright swaps its width and height."""
    return orientation >= 5


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return ``image`` turned upright; raises TooManyPixels when memory runs out."""
    turn = _TURNS.get(orientation)
    try:
        return image if turn is None else image.transpose(turn)
    except MemoryError:
        raise TooManyPixels(f"There is not enough memory to turn {image.width} x {image.height} pixels.") from None
