"""python -m scripts.local_search: the published local script, without services."""

from pathlib import Path

import pytest
from PIL import Image

from scripts.sample import bundled_photographs
from tests.running import run

MODEL = {"EXTRACTOR_MODEL": "efficientnet_lite0"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photographs, one of them turned a little and in a folder below, a broken one and a text."""
    root = tmp_path_factory.mktemp("photos")
    for path in bundled_photographs():
        Image.open(path).convert("RGB").save(root / f"{path.stem}.jpg")
    (root / "turned").mkdir()
    Image.open(root / "chelsea.jpg").rotate(8, fillcolor="white").save(root / "turned" / "chelsea.jpg")
    (root / "broken.jpg").write_bytes((root / "coffee.jpg").read_bytes()[:5000])
    (root / "notes.txt").write_text("not an image")
    return root


def test_hits_come_best_first_and_none_is_below_the_threshold(folder: Path) -> None:
    done = run("scripts.local_search", folder / "chelsea.jpg", folder, settings=MODEL)
    scores, paths = zip(*(line.split(maxsplit=1) for line in done.stdout.splitlines()), strict=True)
    assert paths[:2] == ("chelsea.jpg", "turned/chelsea.jpg")
    assert scores[0] == "1.0000"
    assert sorted(map(float, scores), reverse=True) == list(map(float, scores))
    assert min(map(float, scores)) >= 0.6


def test_the_threshold_can_be_chosen(folder: Path) -> None:
    done = run("scripts.local_search", folder / "chelsea.jpg", folder, "--threshold", -1, settings=MODEL)
    assert len(done.stdout.splitlines()) == len(bundled_photographs()) + 1


def test_a_broken_image_is_named_and_the_rest_go_on(folder: Path) -> None:
    done = run("scripts.local_search", folder / "chelsea.jpg", folder, settings=MODEL)
    assert done.returncode == 1
    assert "broken.jpg: truncated_image: " in done.stderr
    assert "notes.txt" not in done.stderr


def test_the_figure_shows_query_and_hits(folder: Path, tmp_path: Path) -> None:
    figure = tmp_path / "figure.png"
    run("scripts.local_search", folder / "chelsea.jpg", folder, "--save-figure", figure, settings=MODEL)
    with Image.open(figure) as drawn:
        assert drawn.format == "PNG"
        width, height = drawn.size
    assert width > 3 * 200  # the query and at least two hits beside it
    assert height > 200


def test_what_cannot_run_says_why_in_one_sentence(subtests: pytest.Subtests, folder: Path) -> None:
    for query, place, reason in [
        ("missing.jpg", "", "No such file"),
        ("notes.txt", "", "not an image"),
        ("chelsea.jpg", "missing", "not a folder"),
    ]:
        with subtests.test(reason):
            done = run("scripts.local_search", folder / query, folder / place, settings=MODEL)
            assert done.returncode == 2
            assert reason in done.stderr.splitlines()[-1]


def test_a_model_that_cannot_be_loaded_is_named(folder: Path) -> None:
    settings = {"EXTRACTOR_MODEL": "vgg19", "EXTRACTOR_WEIGHTS": str(folder / "missing.h5")}
    done = run("scripts.local_search", folder / "chelsea.jpg", folder, settings=settings)
    assert done.returncode == 2
    assert "missing.h5 is not a file" in done.stderr
