"""The images that show a quantised network which numbers to expect.

Which images these are is part of what an int8 vector depends on, so their digest goes into the fingerprint.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractor.models import Model
from extractor.preprocessing import preprocess
from imaging import SNIFFED_BYTES, ImageError, Limits, MakeFrame, looks_like_image, open_image

_ENOUGH = 300
_MIN_COUNT = 16


class BadCalibration(ValueError):
    """The calibration folder does not hold enough images."""


@dataclass(frozen=True)
class Calibration:
    """Some images, and the SHA-256 over theirs."""

    paths: tuple[Path, ...]
    digest: str


def find_calibration(folder: Path | None) -> Calibration:
    """Up to 300 images below ``folder``, evenly spread over their sorted names; raises :class:`BadCalibration`."""
    if folder is None:
        raise BadCalibration("EXTRACTOR_PRECISION=int8 needs EXTRACTOR_CALIBRATION, a folder with some 300 images.")
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_image(path)]
    if len(found) < _MIN_COUNT:
        raise BadCalibration(f"EXTRACTOR_CALIBRATION={folder} holds {len(found)} images: {_MIN_COUNT} is the least.")
    some = found[:: -(-len(found) // _ENOUGH)]
    digest = hashlib.sha256()
    for path in some:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Calibration(tuple(some), digest.hexdigest())


def write_frames(calibration: Calibration, model: Model, make_frame: MakeFrame, limits: Limits, out: Path) -> None:
    """Write what the network would be given for the readable images: (n, size, size, 3) float32 as .npy."""
    frames = []
    for path in calibration.paths:
        try:
            frames.append(make_frame(open_image(path.read_bytes(), limits), model.size, None))
        except ImageError:
            continue
    if len(frames) < _MIN_COUNT:
        raise BadCalibration(f"Only {len(frames)} of the calibration images can be read: {_MIN_COUNT} is the least.")
    np.save(out, preprocess(np.stack(frames), model.normalisation))


def _is_image(path: Path) -> bool:
    with path.open("rb") as file:
        return looks_like_image(file.read(SNIFFED_BYTES))
