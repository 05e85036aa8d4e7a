"""make demo, from the program that it runs on."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.running import run
from tests.servers.process import free_port


class Demo:
    """The demo with a folder of its own for its state."""

    def __init__(self, folder: Path) -> None:
        self.search_port = free_port()
        self._ports = {"EXTRACTOR_PORT": str(free_port()), "SEARCH_PORT": str(self.search_port)}
        self._folder = folder

    def run(self, *arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return run("scripts.demo", *arguments, settings={**self._ports, **settings}, folder=self._folder)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path)
    yield made
    made.run("stop")


def test_the_demo_indexes_its_sample_once_and_searches_it(demo: Demo) -> None:
    first = demo.run("start", "--detach")
    assert first.returncode == 0, first.stderr
    assert "  1.000  chelsea.jpg" in first.stdout
    assert "chelsea-turned" in first.stdout
    page = requests.get(f"http://127.0.0.1:{demo.search_port}/", timeout=30)
    assert "52 images in this collection" in page.text
    assert demo.run("stop").returncode == 0

    second = demo.run("start", "--detach")
    assert "unchanged               52" in second.stdout
    assert "added                    0" in second.stdout


def test_a_folder_of_ones_own_is_indexed_instead(demo: Demo, photographs: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "my photos"
    folder.mkdir()
    for path in photographs:
        shutil.copy(path, folder)
    done = demo.run("start", "--images", folder, "--detach", EXTRACTOR_MODEL="efficientnet_lite0")
    assert done.returncode == 0, done.stderr
    assert f"of {len(photographs)} images" in done.stdout
    assert demo.run("start", "--images", folder, "--detach").stderr.startswith("Port ")


def test_a_folder_that_is_not_there_is_refused(demo: Demo, tmp_path: Path) -> None:
    done = demo.run("start", "--images", tmp_path / "missing")
    assert done.returncode == 2
    assert "is not a folder" in done.stderr


def test_a_model_that_cannot_be_loaded_stops_the_demo_with_its_sentence(demo: Demo, tmp_path: Path) -> None:
    weights = str(tmp_path / "missing.h5")
    done = demo.run("start", "--detach", EXTRACTOR_MODEL="vgg16", EXTRACTOR_WEIGHTS=weights)
    assert done.returncode == 2
    assert "missing.h5 is not a file" in done.stderr


def test_stopping_when_nothing_runs_is_fine(demo: Demo) -> None:
    assert demo.run("stop").returncode == 0
