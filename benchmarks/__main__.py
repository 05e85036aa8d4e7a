"""``python -m benchmarks``: speed and memory, each next to what it is compared with, in one run."""

import sys
import tempfile
from pathlib import Path

import cv2

from benchmarks import extractor_speed, ingest_speed, store_speed
from benchmarks.changes import SMALL_CHANGES, changed_copies
from benchmarks.images import read_rgb
from scripts.sample import bundled_photographs

_SINGLES = 16


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_images(folder)
        singles = [path.read_bytes() for path in sorted(folder.iterdir())[:: 195 // _SINGLES]]
        bounds_hold = [extractor_speed.measure(singles), ingest_speed.measure(folder), store_speed.measure()]
    return 0 if all(bounds_hold) else 1


def write_images(folder: Path) -> None:
    """Write 195 JPEGs to ``folder``: scikit-image's 13 photographs in 15 changed copies each."""
    for photo in bundled_photographs():
        for number, copy in enumerate(changed_copies(read_rgb(photo), SMALL_CHANGES).values()):
            cv2.imwrite(str(folder / f"{photo.stem}-{number:02}.jpg"), copy[..., ::-1])


if __name__ == "__main__":
    sys.exit(main())
