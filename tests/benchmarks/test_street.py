"""python -m benchmarks.street: photos find themselves and their turned copies; changed copies find their photos."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.changes import ALL_CHANGES
from search_api.stores import create_store
from tests.running import run

MODEL = ("--model", "efficientnet_lite0")


def street(*arguments: object) -> subprocess.CompletedProcess[str]:
    return run("benchmarks.street", *arguments, settings={"PYTHONWARNINGS": "error"})


@pytest.fixture(scope="module")
def folder(photographs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four photographs, one of them below, and one twice."""
    root = tmp_path_factory.mktemp("photos")
    (root / "below").mkdir()
    for photo in photographs[:3]:
        shutil.copy(photo, root)
    shutil.copy(photographs[4], root / "below")
    shutil.copy(photographs[0], root / "the-same-again.png")
    return root


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("output") / "street"


@pytest.fixture(scope="module")
def done(folder: Path, output: Path) -> subprocess.CompletedProcess[str]:
    """One run on two stores, made in the folder of the results."""
    stores = [("--store", f"embedded://{output}-{name}.db") for name in ("one", "two")]
    return street(folder, *MODEL, *(part for store in stores for part in store), "--output", output)


def test_every_photo_finds_itself_first(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if "°" in line]
    assert [row[0] for row in rows] == ["astronaut.png", "below/rocket.jpg", "chelsea.png", "coffee.png"]
    assert [row[2] for row in rows] == ["0.0000"] * 4
    assert "itself first, at distance 0: 4 of 4" in done.stdout


def test_most_turned_copies_are_among_the_next_three(done: subprocess.CompletedProcess[str]) -> None:
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("turned copies among the next 3: "))
    assert float(line.split()[-1].rstrip("%")) > 60


def test_two_stores_rank_alike_and_are_dropped(done: subprocess.CompletedProcess[str], output: Path) -> None:
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("the first 10 are the same on "))
    assert line.endswith(": 4 of 4")
    assert f"{output}-one.db and embedded://{output}-two.db" in line
    assert list(output.parent.glob("*.db*")) == []


def test_every_change_and_strength_has_its_recall(done: subprocess.CompletedProcess[str]) -> None:
    for name, strengths in ALL_CHANGES.items():
        rows = [line.split() for line in done.stdout.splitlines() if line.startswith(f"{name} ")]
        assert [float(row[-3]) for row in rows] == list(strengths)
        for row in rows:
            first, fifth = (float(cell.rstrip("%")) for cell in row[-2:])
            assert 0 <= first <= fifth == 100  # there are only four photos
    for mild in ("cropped to % of each side 90", "recompressed, JPEG quality 90", "brightness, % 75"):
        (shares,) = (line.split()[-2:] for line in done.stdout.splitlines() if " ".join(line.split()).startswith(mild))
        assert shares == ["100.0%", "100.0%"]


@pytest.mark.skipif(importlib.util.find_spec("milvus_lite") is None, reason="milvus-lite is not installed")
def test_milvus_and_embedded_rank_alike(photographs: list[Path], tmp_path: Path) -> None:
    for photo in photographs[:2]:
        shutil.copy(photo, tmp_path)
    done = street(tmp_path, *MODEL, "--output", tmp_path / "figures")
    assert done.returncode == 0, done.stderr
    assert "squared distances in milvus and embedded" in done.stdout
    assert "the first 10 are the same on milvus and embedded: 2 of 2" in done.stdout


def test_an_equal_file_is_named_and_not_counted(done: subprocess.CompletedProcess[str]) -> None:
    assert "the-same-again.png is left out: the same file as astronaut.png" in done.stderr


def test_the_figures_are_written(done: subprocess.CompletedProcess[str], output: Path) -> None:
    sizes = {}
    for name in ("hits.png", "recall.png"):
        assert f"{output / name}" in done.stdout
        with Image.open(output / name) as drawn:
            drawn.load()
            sizes[name] = drawn.size
    assert sizes["hits.png"][0] > 6 * 150  # the query and five hits in a row
    assert sizes["hits.png"][1] > 4 * 150  # a row for every photo


def test_a_broken_photo_is_named_and_the_rest_go_on(photographs: list[Path], tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(photographs[1], photos)
    shutil.copy(photographs[2], photos / "$100 & $200 {.png")  # no formula for the figure
    (photos / "broken.png").write_bytes(photographs[0].read_bytes()[:5000])
    done = street(photos, *MODEL, "--store", f"embedded://{tmp_path}/images.db", "--output", tmp_path)
    assert done.returncode == 1
    assert "broken.png is left out: " in done.stderr
    assert "itself first, at distance 0: 2 of 2" in done.stdout


def test_a_collection_that_is_there_already_is_left_alone(folder: Path, tmp_path: Path) -> None:
    url = f"embedded://{tmp_path}/images.db"
    create_store(url, "another", 2).close()
    done = street(folder, *MODEL, "--store", url, "--output", tmp_path / "figures")
    assert done.returncode == 2
    assert done.stderr.endswith("already: name one that is not there yet.\n")
    assert (tmp_path / "images.db").exists()


def test_one_photo_alone_cannot_be_distinguished(photographs: list[Path], tmp_path: Path) -> None:
    shutil.copy(photographs[0], tmp_path)
    done = street(tmp_path, *MODEL, "--store", f"embedded://{tmp_path}/images.db", "--output", tmp_path)
    assert done.returncode == 2
    assert "two are needed" in done.stderr


def test_weights_that_cannot_be_had_give_way_to_the_next_model(photographs: list[Path], tmp_path: Path) -> None:
    for photo in photographs[1:3]:
        shutil.copy(photo, tmp_path)
    weights, store = f"mobilenet_v2={tmp_path}/missing.h5", f"embedded://{tmp_path}/images.db"
    done = street(tmp_path, "--weights", weights, "--store", store, "--output", tmp_path)
    assert "mobilenet_v2 is skipped. " in done.stdout
    assert "2 photos, 3 turned copies of each; efficientnet_lite0, 1280 numbers" in done.stdout
    assert done.returncode == 0


def test_what_is_not_a_folder_is_said(tmp_path: Path) -> None:
    done = street(tmp_path / "missing")
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
