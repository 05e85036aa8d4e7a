"""Images for the calibration of an int8 network: which are taken, and what is written for it."""

from pathlib import Path

import numpy as np
import pytest

from extractor.calibration import BadCalibration, find_calibration, write_frames
from extractor.models import MODELS
from extractor.preprocessing import preprocess
from imaging import FRAMES, Limits, open_image
from tests.images import drawing, encoded

LITE = MODELS["efficientnet_lite0"]


def fill(folder: Path, count: int) -> list[Path]:
    """``count`` images, each of another size, with names in that order."""
    paths = [folder / f"{number:04}.png" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(encoded(drawing(8 + number, 8), "PNG"))
    return paths


def test_too_few_images_are_refused(tmp_path: Path) -> None:
    fill(tmp_path, 15)
    (tmp_path / "notes.txt").write_text("not an image")
    with pytest.raises(BadCalibration, match="holds 15 images; int8 needs at least 16"):
        find_calibration(tmp_path)


def test_a_large_folder_is_sampled_evenly(tmp_path: Path) -> None:
    paths = fill(tmp_path, 601)
    taken = find_calibration(tmp_path).paths
    assert taken == tuple(paths[::3])


def test_the_digest_is_that_of_the_images_and_not_of_their_names(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        fill(folder, 16)
    assert find_calibration(first).digest == find_calibration(second).digest
    (second / "0003.png").write_bytes(encoded(drawing(99, 9), "PNG"))
    assert find_calibration(first).digest != find_calibration(second).digest


def test_the_network_is_given_what_it_gets_in_service_and_broken_images_are_left_out(tmp_path: Path) -> None:
    paths = fill(tmp_path, 17)
    paths[0].write_bytes(paths[0].read_bytes()[:60])
    write_frames(find_calibration(tmp_path), LITE, FRAMES["keras"], Limits(), tmp_path / "frames.npy")
    written = np.load(tmp_path / "frames.npy")
    assert written.shape == (16, 224, 224, 3)
    assert written.dtype == np.float32
    frame = FRAMES["keras"](open_image(paths[5].read_bytes(), Limits()), 224, None)
    assert np.array_equal(written[4], preprocess(frame[None], LITE.normalisation)[0])


def test_too_few_readable_images_are_refused(tmp_path: Path) -> None:
    paths = fill(tmp_path, 16)
    paths[0].write_bytes(paths[0].read_bytes()[:60])
    with pytest.raises(BadCalibration, match="Only 15"):
        write_frames(find_calibration(tmp_path), LITE, FRAMES["keras"], Limits(), tmp_path / "frames.npy")
