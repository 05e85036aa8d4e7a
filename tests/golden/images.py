"""One image for every decision that the preprocessing takes, made of scikit-image's photographs."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import skimage
from PIL import Image

from tests.images import encoded, exif, stored_as


def _photograph(name: str) -> Image.Image:
    return Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")


def plain_image() -> bytes:
    """A photograph as it is."""
    return encoded(_photograph("astronaut.png"), "PNG")


def odd_images() -> Mapping[str, bytes]:
    """Lossless files, so that no encoder has a say; the JPEG is one that scikit-image carries."""
    cat, coffee = _photograph("chelsea.png"), _photograph("coffee.png")
    fade = Image.linear_gradient("L").resize(cat.size)
    grey16 = (np.asarray(coffee.convert("L"), np.uint16) * 257) ^ 0x5A
    others = [coffee.resize(cat.size), cat.rotate(180)]
    return {
        "plain": encoded(cat, "PNG"),
        **{f"exif {turn}": encoded(stored_as(cat, turn), "PNG", exif=exif(turn)) for turn in range(2, 9)},
        "exif 6 in TIFF": encoded(stored_as(cat, 6), "TIFF", exif=exif(6)),
        "alpha": encoded(Image.merge("RGBA", [*cat.split(), fade]), "PNG"),
        "grey with alpha": encoded(Image.merge("LA", [cat.convert("L"), fade]), "PNG"),
        "grey": encoded(cat.convert("L"), "PNG"),
        "16 bit": encoded(Image.fromarray(grey16), "PNG"),
        "float": encoded(Image.fromarray(np.asarray(cat.convert("L"), np.float32) / 255), "TIFF"),
        "cmyk": encoded(coffee.convert("CMYK"), "TIFF"),
        "palette": encoded(cat.quantize(32, dither=Image.Dither.NONE), "PNG"),
        "transparent palette": encoded(cat.quantize(32, dither=Image.Dither.NONE), "PNG", transparency=3),
        "animated gif": encoded(cat.quantize(64), "GIF", save_all=True, append_images=others),
        "animated webp": encoded(cat, "WEBP", save_all=True, append_images=others),
        "animated png": encoded(cat, "PNG", save_all=True, append_images=others),
        "jpeg": (Path(skimage.__file__).parent / "data" / "rocket.jpg").read_bytes(),
        "small": encoded(cat.resize((90, 60)), "PNG"),
        "wide": encoded(coffee.crop((0, 100, 600, 180)), "PNG"),
    }
