"""The demo's sample images: photographs that come with scikit-image, each with three rotated copies.

Searching for rotated copies of a photo among other photos is the experiment of the published street-photo article.
"""

import importlib.util
import warnings
from pathlib import Path

import numpy as np

# Of scikit-image's images those that are photographs; the rest are test patterns, scans and microscope slides.
_PHOTOGRAPHS = (
    "astronaut.png",
    "camera.png",
    "chelsea.png",
    "clock_motion.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "brick.png",
    "hubble_deep_field.jpg",
    "moon.png",
    "motorcycle_left.png",
    "rocket.jpg",
)
_TURNS = 3
_SEED = 2024
_COMPLETE = ".complete"


def make_sample(folder: Path) -> Path:
    """Write the sample images to ``folder``, once; return the image to search for first."""
    if not (folder / _COMPLETE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(_SEED)
        for photograph in bundled_photographs():
            _write_with_turns(photograph, folder, rng)
        (folder / _COMPLETE).touch()
    return folder / "chelsea.jpg"


def bundled_photographs() -> list[Path]:
    """Return the paths of the photographs in scikit-image's package, without importing it."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("scikit-image is not installed: run make demo.")
    return [Path(spec.submodule_search_locations[0], "data", name) for name in _PHOTOGRAPHS]


def _write_with_turns(source: Path, folder: Path, rng: np.random.Generator) -> None:
    from skimage.io import imread, imsave
    from skimage.transform import rotate
    from skimage.util import img_as_ubyte

    photo = imread(source)
    imsave(folder / f"{source.stem}.jpg", photo, check_contrast=False)
    for degrees in rng.integers(10, 350, _TURNS).tolist():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            turned = img_as_ubyte(rotate(photo, degrees, resize=True, cval=1.0))
        imsave(folder / f"{source.stem}-turned-{degrees}.jpg", turned, check_contrast=False)
