"""Small upright JPEGs for lists of results."""

import io

from PIL import Image

from imaging.colour import to_rgb
from imaging.frames import resize
from imaging.image import EncodedImage
from imaging.orientation import upright


def make_thumbnail(image: EncodedImage, side: int) -> bytes:
    """Return an upright JPEG of ``image`` whose longer side has at most ``side`` pixels; never enlarged."""
    image.reduce_for(side)
    pixels = to_rgb(upright(image.load(), image.orientation))
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(width, height))
    small = resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    out = io.BytesIO()
    Image.fromarray(small).save(out, "JPEG", quality=85)
    return out.getvalue()
