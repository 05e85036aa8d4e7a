"""The images that int8 quantisation is calibrated on.

The vectors depend on them, so their digest is part of the fingerprint.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractor.models import Model
from extractor.preprocessing import preprocess
from imaging import SNIFFED_BYTES, ImageError, Limits, MakeFrame, looks_like_image, open_image

_MAX_COUNT = 300
_MIN_COUNT = 16


class BadCalibration(ValueError):
    """The calibration folder does not hold enough images."""


@dataclass(frozen=True)
class Calibration:
    """The calibration images, and the SHA-256 of their SHA-256s."""

    paths: tuple[Path, ...]
    digest: str


def find_calibration(folder: Path | None) -> Calibration:
    """Return up to 300 images below ``folder``, evenly spread over their sorted names; raises BadCalibration."""
    if folder is None:
        raise BadCalibration("EXTRACTOR_PRECISION=int8 needs EXTRACTOR_CALIBRATION, a folder with some 300 images.")
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_image(path)]
    if len(found) < _MIN_COUNT:
        raise BadCalibration(
            f"EXTRACTOR_CALIBRATION={folder} holds {len(found)} images; int8 needs at least {_MIN_COUNT}."
        )
    chosen = found[:: -(-len(found) // _MAX_COUNT)]
    digest = hashlib.sha256()
    for path in chosen:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Calibration(tuple(chosen), digest.hexdigest())


def write_frames(calibration: Calibration, model: Model, make_frame: MakeFrame, limits: Limits, out: Path) -> None:
    """Write the readable images, preprocessed, to ``out``: (n, size, size, 3) float32 as .npy."""
    frames = []
    for path in calibration.paths:
        try:
            frames.append(make_frame(open_image(path.read_bytes(), limits), model.size, None))
        except ImageError:
            continue
    if len(frames) < _MIN_COUNT:
        raise BadCalibration(
            f"Only {len(frames)} of the calibration images can be read; int8 needs at least {_MIN_COUNT}."
        )
    np.save(out, preprocess(np.stack(frames), model.normalisation))


def _is_image(path: Path) -> bool:
    with path.open("rb") as file:
        return looks_like_image(file.read(SNIFFED_BYTES))
