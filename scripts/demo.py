"""Starts both services on the embedded store with images in it: what ``make demo`` runs.

Everything is kept in .demo/: the sample images, for each image folder an index and the name of its model, logs, and
the process ids while the services run.
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from extractor.settings import ExtractorSettings
from scripts.exit_codes import ALL_WELL, COULD_NOT_RUN, failing_with_one_sentence
from scripts.process import Background, ServiceFailed, check_port_is_free
from scripts.sample import make_sample
from search_api.settings import SearchSettings

_STATE = Path(".demo").resolve()
_BEST = 6


class DemoFailed(RuntimeError):
    """The demo cannot go on; the message says why."""


@dataclass(frozen=True)
class DemoPaths:
    """Where a demo's images are, and where its index and the name of its model are kept."""

    images: Path
    index: Path
    model: Path


def main() -> int:
    with failing_with_one_sentence(DemoFailed, ServiceFailed, OSError):
        arguments = _parse_arguments()
        if arguments.command == "stop":
            Background(_STATE).stop()
        else:
            _start(arguments.images, arguments.detach)
    return ALL_WELL


def _start(images: Path | None, detach: bool) -> None:
    extractor, search = ExtractorSettings(), SearchSettings()
    check_port_is_free("EXTRACTOR_PORT", extractor.port)
    check_port_is_free("SEARCH_PORT", search.port)
    query = make_sample(_STATE / "images") if images is None else None
    paths = _demo_paths(images or _STATE / "images")
    environment = _environment(paths, extractor.port)
    extractor_url, search_url = f"http://127.0.0.1:{extractor.port}", f"http://127.0.0.1:{search.port}"
    background = Background(_STATE)
    try:
        background.start("extractor.wsgi", environment).wait_until_ready(f"{extractor_url}/healthz")
        _print_model(extractor_url, paths)
        search_service = background.start("search_api.wsgi", environment)
        _ingest(paths, environment)
        search_service.wait_until_ready(f"{search_url}/readyz")
        _print_search(search_url, query or _first_image(paths.images))
        print(f"\nopen {search_url}/ and drop an image on it")
        if detach:
            print("make demo-stop stops both services")
        else:
            print("Ctrl-C stops both services", flush=True)
            with suppress(KeyboardInterrupt):
                signal.pause()
            background.stop()
    except BaseException:
        background.stop()
        raise


def _demo_paths(images: Path) -> DemoPaths:
    images = images.resolve()
    if not images.is_dir():
        raise DemoFailed(f"IMAGES={images} is not a folder.")
    folder = _STATE / f"index-{hashlib.sha256(str(images).encode()).hexdigest()[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    return DemoPaths(images, folder / "images.db", folder / "model.txt")


def _environment(paths: DemoPaths, extractor_port: int) -> dict[str, str]:
    """Return the user's environment with this demo's store and, unless it names a model, the noted or automatic one."""
    own = {
        "SEARCH_STORE_URL": f"embedded://{paths.index}",
        "SEARCH_IMAGE_ROOT": str(paths.images),
        "SEARCH_UPLOAD_DIR": str(paths.index.parent),
        "SEARCH_JOBS_DIR": str(paths.index.parent / "jobs"),
        "SEARCH_EXTRACTOR_URL": f"http://127.0.0.1:{extractor_port}",
        "PYTHONUNBUFFERED": "1",
    }
    if "EXTRACTOR_MODEL" not in os.environ:
        own["EXTRACTOR_MODEL"] = paths.model.read_text().strip() if paths.model.exists() else "auto"
    return {**os.environ, **own}


def _print_model(extractor_url: str, paths: DemoPaths) -> None:
    model = requests.get(f"{extractor_url}/model", timeout=60).json()["data"]
    if not paths.model.exists():
        paths.model.write_text(model["name"])
        if model["name"] != "vgg19" and "EXTRACTOR_MODEL" not in os.environ:
            print(f"VGG19's weights cannot be downloaded here: using {model['name']} instead.")
    print(f"model {model['name']} on {model['engine']} ({model['precision']})")


def _ingest(paths: DemoPaths, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "scripts.ingest", str(paths.images)]
    if subprocess.run(command, env=environment, check=False).returncode == COULD_NOT_RUN:
        raise DemoFailed("The images could not be indexed.")


def _print_search(search_url: str, query: Path) -> None:
    with query.open("rb") as file:
        form = {"score": "-1", "pageSize": str(_BEST)}
        answer = requests.post(f"{search_url}/searchByImage", files={"file": file}, data=form, timeout=60).json()
    if answer["code"] != 200:
        raise DemoFailed(f"The first search failed: {answer['detail']}")
    data = answer["data"]
    print(f"\nthe {len(data['dataList'])} of {data['total']} images that are most like {query.name}:")
    for hit in data["dataList"]:
        print(f"  {hit['score']:6.3f}  {hit['file_path']}")


def _first_image(images: Path) -> Path:
    found = [path for path in sorted(images.rglob("*")) if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp")]
    if not found:
        raise DemoFailed(f"There are no JPEG, PNG or WebP images in {images}.")
    return found[0]


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="start both services and index the images")
    start.add_argument("--images", type=Path, metavar="FOLDER", help="index this folder instead of the sample images")
    start.add_argument("--detach", action="store_true", help="return once both services are ready")
    commands.add_parser("stop", help="stop both services")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
