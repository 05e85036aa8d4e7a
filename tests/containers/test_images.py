"""Each image by itself: what is in it, as whom it runs, that it becomes ready and stops."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.conftest import Image
from tests.containers.engine import Engine
from tests.containers.figures import Figures

_READ_ONLY = ("--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp:size=256m,noexec,nosuid,nodev")  # as Docker's is
_AS_IN_COMPOSE = (*_READ_ONLY, "--cap-drop=ALL", "--security-opt=no-new-privileges")
_PACKAGES = "/opt/venv/lib/python3.11/site-packages"
_MODEL = "EXTRACTOR_MODEL=efficientnet_lite0"  # the one whose weights a package brings

built = pytest.mark.parametrize("image", ["search", "cpu_extractor", "gpu_extractor"], indirect=True)
extractors = pytest.mark.parametrize(
    ("image", "running"), [("cpu_extractor", "openvino"), ("gpu_extractor", "tensorflow")], indirect=["image"]
)


@pytest.fixture
def image(request: pytest.FixtureRequest) -> Image:
    built: Image = request.getfixturevalue(request.param)
    return built


@pytest.fixture
def images(photographs: list[Path], tmp_path: Path) -> Path:
    """A folder of images that any user may read."""
    folder = tmp_path / "images"
    folder.mkdir(mode=0o755)
    for photograph in photographs:
        (folder / photograph.name).write_bytes(photograph.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def clean(engine: Engine) -> Iterator[None]:
    yield
    engine.podman("rm", "--force", "--all", "--time=1", check=False)


def _inside(engine: Engine, image: Image, *command: str) -> str:
    return engine.podman("run", "--rm", *_AS_IN_COMPOSE, image.name, *command)


def _start(engine: Engine, image: Image, name: str, *options: str) -> float:
    """Start the service on the namespace's own network; returns when that was."""
    engine.podman("run", "--detach", f"--name={name}", "--network=host", *_AS_IN_COMPOSE, *options, image.name)
    return time.monotonic()


def test_the_search_image_adds_at_most_350_megabytes_to_its_base(engine: Engine, search: Image) -> None:
    assert engine.size(search.name) - engine.size(search.base) <= 350_000_000


def test_the_image_for_a_cpu_has_no_tensorflow(engine: Engine, cpu_extractor: Image) -> None:
    packages = _inside(engine, cpu_extractor, "ls", _PACKAGES).lower().split()
    assert "openvino" in packages
    assert not [name for name in packages if "tensorflow" in name]


def test_the_image_for_a_gpu_runs_its_bases_tensorflow_below_our_packages(engine: Engine, gpu_extractor: Image) -> None:
    packages = _inside(engine, gpu_extractor, "ls", _PACKAGES).lower().split()
    assert "flask" in packages
    assert not [name for name in packages if "tensorflow" in name or "nvidia" in name]
    where = "import tensorflow, keras; print(tensorflow.__file__, tensorflow.__version__, keras.__file__)"
    tensorflow, version, keras = _inside(engine, gpu_extractor, "python", "-c", where).splitlines()[-1].split()
    assert tensorflow.startswith("/usr/")
    assert version == "2.21.0"
    assert keras.startswith(_PACKAGES)


@built
def test_an_image_holds_our_packages_and_no_more_of_the_checkout(engine: Engine, image: Image) -> None:
    shown = _inside(engine, image, "find", "/app", "-mindepth", "1", "-maxdepth", "1", "-printf", "%f\n")
    assert set(shown.split()) <= {"extractor", "imaging", "scripts", "search_api", "serving", "wire"}
    assert _inside(engine, image, "find", "/app", "-regex", r".*/\(\..*\|test.*\|__pycache__\)") == ""


@built
def test_an_image_holds_no_secret(engine: Engine, image: Image) -> None:
    config = engine.podman("image", "inspect", "--format={{.Config.Env}} {{.History}}", image.name)
    assert "PASSWORD" not in config
    assert "API_KEY" not in config


@built
def test_nobody_in_a_container_is_root_or_can_become_so(engine: Engine, image: Image) -> None:
    assert _inside(engine, image, "id", "-u") == "10001"
    status = _inside(engine, image, "cat", "/proc/self/status")
    assert "CapBnd:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status


@extractors
def test_an_extractor_becomes_ready_on_a_read_only_file_system_and_stops_on_a_signal(
    engine: Engine, image: Image, running: str, figures: Figures
) -> None:
    started = _start(engine, image, "extractor", f"--env={_MODEL}", f"--env=EXTRACTOR_ENGINE={running}")
    engine.wait_until_healthy("extractor")
    figures.add(f"{image.name}: ready, its network converted, after", time.monotonic() - started, "s")
    assert engine.ask("127.0.0.1:5004/model")[1]["data"]["engine"] == running
    assert engine.inside(["podman", "exec", "extractor", "touch", "/app/file"], check=False).returncode != 0
    engine.podman("stop", "--time=30", "extractor")
    assert engine.podman("inspect", "--format={{.State.ExitCode}}", "extractor") == "0"


def test_the_search_service_becomes_ready_once_something_is_indexed_and_stops_on_a_signal(
    engine: Engine, search: Image, cpu_extractor: Image, images: Path, figures: Figures
) -> None:
    mounts = ("--volume=index:/index", f"--volume={images}:/images:ro")
    _start(engine, cpu_extractor, "extractor", f"--env={_MODEL}")
    engine.wait_until_healthy("extractor")
    _start(engine, search, "search", *mounts)
    engine.podman("exec", "search", "python", "-m", "scripts.ingest", "/images")
    engine.wait_until_healthy("search")
    engine.podman("rm", "--force", "--time=30", "search")

    started = _start(engine, search, "search", *mounts)
    engine.wait_until_healthy("search")
    figures.add(f"{search.name}: ready after", time.monotonic() - started, "s")
    assert engine.inside(["podman", "exec", "search", "touch", "/app/file"], check=False).returncode != 0
    engine.podman("stop", "--time=30", "search")
    assert engine.podman("inspect", "--format={{.State.ExitCode}}", "search") == "0"
