"""The engine, the images built from this checkout, and the figures at the end of the report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.containers import bases
from tests.containers.engine import Engine
from tests.containers.figures import Figures
from tests.containers.machine import prepare
from tests.paths import CACHE, ROOT

_FIGURES = pytest.StashKey[Figures]()
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Image:
    """One of our images and the base it is made from."""

    name: str
    base: str


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = Figures()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash[_FIGURES].lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    return pytestconfig.stash[_FIGURES]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    prepare()
    with Engine(CACHE / "containers") as engine:
        yield engine


@pytest.fixture(scope="session")
def build(engine: Engine, figures: Figures) -> Callable[..., Image]:
    """Builds an image from this checkout on a stand-in, and notes how long that took and how large it is."""

    def build(name: str, dockerfile: str, base: str, *options: str) -> Image:
        seconds = engine.build(name, ROOT / dockerfile, ROOT, *options)
        added = (engine.size(name) - engine.size(base)) / _MEGABYTE
        figures.add(f"{name}: built (from the layers of earlier runs, if there are any) in", seconds, "s")
        figures.add(f"{name}: on top of a base of {engine.size(base) / _MEGABYTE:,.0f} MB", added, "MB")
        return Image(name, base)

    return build


@pytest.fixture(scope="session")
def search(engine: Engine, build: Callable[..., Image]) -> Image:
    bases.make_python(engine)
    return build("image-search-search", "Dockerfile.search", bases.PYTHON)


@pytest.fixture(scope="session")
def cpu_extractor(engine: Engine, build: Callable[..., Image]) -> Image:
    bases.make_python(engine)
    return build("image-search-extractor:cpu", "Dockerfile.extractor", bases.PYTHON, "--target=cpu")


@pytest.fixture(scope="session")
def gpu_extractor(engine: Engine, build: Callable[..., Image]) -> Image:
    bases.make_python(engine)
    bases.make_tensorflow(engine)
    return build("image-search-extractor:gpu", "Dockerfile.extractor", bases.TENSORFLOW, "--target=gpu")
