"""The pictures that show a quantised network which numbers to expect.

Which pictures these are is part of what an int8 vector depends on, so their digest goes into the fingerprint.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractor.models import Model
from extractor.preprocessing import normalise
from imaging import SNIFFED_BYTES, Limits, MakeFrame, PictureError, looks_like_picture, open_picture

_ENOUGH = 300
_LEAST = 16


class BadCalibration(ValueError):
    """The calibration folder does not hold enough pictures."""


@dataclass(frozen=True)
class Calibration:
    """Some pictures, and the SHA-256 over theirs."""

    paths: tuple[Path, ...]
    digest: str


def find_calibration(folder: Path | None) -> Calibration:
    """Up to 300 pictures below ``folder``, evenly spread over their sorted names; raises :class:`BadCalibration`."""
    if folder is None:
        raise BadCalibration("EXTRACTOR_PRECISION=int8 needs EXTRACTOR_CALIBRATION, a folder with some 300 pictures.")
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_picture(path)]
    if len(found) < _LEAST:
        raise BadCalibration(f"EXTRACTOR_CALIBRATION={folder} holds {len(found)} pictures: {_LEAST} is the least.")
    some = found[:: -(-len(found) // _ENOUGH)]
    digest = hashlib.sha256()
    for path in some:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Calibration(tuple(some), digest.hexdigest())


def write_frames(calibration: Calibration, model: Model, make_frame: MakeFrame, limits: Limits, out: Path) -> None:
    """Write what the network would be given for the readable pictures: (n, size, size, 3) float32 as .npy."""
    frames = []
    for path in calibration.paths:
        try:
            frames.append(make_frame(open_picture(path.read_bytes(), limits), model.size, None))
        except PictureError:
            continue
    if len(frames) < _LEAST:
        raise BadCalibration(f"Only {len(frames)} of the calibration pictures can be read: {_LEAST} is the least.")
    np.save(out, normalise(np.stack(frames), model.normalisation))


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        return looks_like_picture(file.read(SNIFFED_BYTES))
