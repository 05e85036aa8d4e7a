"""Starts both services on the embedded store with images in it: what ``make demo`` runs.

State lives in .demo/: the sample images, an index for each image folder with a note of its model, logs, and the
process ids while the services run.
"""

import argparse
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from extractor.settings import ExtractorSettings
from scripts.exit_codes import ALL_WELL, COULD_NOT_RUN, failing_with_one_sentence
from scripts.sample import make_sample
from search_api.settings import SearchSettings

_STATE = Path(".demo").resolve()
_PIDS = _STATE / "pids.json"
_START_SECONDS = 600
_STOP_SECONDS = 20
_BEST = 6


class DemoFailed(RuntimeError):
    """The demo cannot go on; the message says why."""


@dataclass(frozen=True)
class CollectionAdmin:
    """Where the images of this demo are, and where its index and the name of its model are kept."""

    images: Path
    index: Path
    model: Path


def main() -> int:
    with failing_with_one_sentence(DemoFailed, OSError):
        arguments = _parse_arguments()
        if arguments.command == "stop":
            return _stop()
        return _start(arguments.images, arguments.detach)


def _start(images: Path | None, detach: bool) -> int:
    extractor, search = ExtractorSettings(), SearchSettings()
    for name, port in (("EXTRACTOR", extractor.port), ("SEARCH", search.port)):
        _check_port_is_free(name, port)
    query = make_sample(_STATE / "images") if images is None else None
    place = _place(images or _STATE / "images")
    environment = _environment(place, extractor, search)
    extractor_url, search_url = f"http://127.0.0.1:{extractor.port}", f"http://127.0.0.1:{search.port}"
    try:
        extractor_process = _launch("extractor.wsgi", environment)
        _wait_for(f"{extractor_url}/healthz", "extractor.wsgi", extractor_process)
        _say_model(extractor_url, place)
        search_process = _launch("search_api.wsgi", environment)
        _index(place, environment)
        _wait_for(f"{search_url}/readyz", "search_api.wsgi", search_process)
        _show_search(search_url, query or _first_image(place.images))
        print(f"\nopen {search_url}/ and drop an image on it")
        if detach:
            print("make demo-stop stops both services")
        else:
            print("Ctrl-C stops both services", flush=True)
            _wait_for_ctrl_c()
            _stop()
    except BaseException:
        _stop()
        raise
    return ALL_WELL


def _wait_for_ctrl_c() -> None:
    with suppress(KeyboardInterrupt):
        signal.pause()


def _stop() -> int:
    if not _PIDS.exists():
        return ALL_WELL
    pids = [pid for pid, module in json.loads(_PIDS.read_text()).items() if _is_ours(int(pid), module)]
    pids = list(map(int, pids))
    for pid in pids:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while any(_runs(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in pids:
        _signal(pid, signal.SIGKILL)
    _PIDS.unlink()
    return ALL_WELL


def _is_ours(pid: int, module: str) -> bool:
    """Whether the process is still the one that was started: after a reboot its number may be a stranger's."""
    try:
        return module in Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no such process, or a system without /proc


def _signal(pid: int, number: int) -> bool:
    """Send a signal to a service and its worker; whether there was one."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    return True


def _runs(pid: int) -> bool:
    with suppress(ChildProcessError):  # stopped from another process than the one that started it
        os.waitpid(pid, os.WNOHANG)
    return _signal(pid, 0)


def _place(images: Path) -> CollectionAdmin:
    images = images.resolve()
    if not images.is_dir():
        raise DemoFailed(f"IMAGES={images} is not a folder.")
    folder = _STATE / f"index-{hashlib.sha256(str(images).encode()).hexdigest()[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    return CollectionAdmin(images, folder / "images.db", folder / "model.txt")


def _environment(place: CollectionAdmin, extractor: ExtractorSettings, search: SearchSettings) -> dict[str, str]:
    """The user's environment, with this demo's store and, unless the user names a model, the noted or automatic one."""
    own = {
        "SEARCH_STORE_URL": f"embedded://{place.index}",
        "SEARCH_IMAGE_ROOT": str(place.images),
        "SEARCH_UPLOAD_DIR": str(place.index.parent),
        "SEARCH_JOBS_DIR": str(place.index.parent / "jobs"),
        "SEARCH_EXTRACTOR_URL": f"http://127.0.0.1:{extractor.port}",
        "PYTHONUNBUFFERED": "1",
    }
    if "EXTRACTOR_MODEL" not in os.environ:
        own["EXTRACTOR_MODEL"] = place.model.read_text().strip() if place.model.exists() else "auto"
    return {**os.environ, **own}


def _launch(module: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with (_STATE / f"{module}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    pids = json.loads(_PIDS.read_text()) if _PIDS.exists() else {}
    _PIDS.write_text(json.dumps({**pids, str(process.pid): module}))
    return process


def _wait_for(url: str, module: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=_START_SECONDS).status_code == 200:
                return
        except requests.ConnectionError:
            if process.poll() is not None:
                raise DemoFailed(_reason(module)) from None
        time.sleep(0.05)
    raise DemoFailed(f"{module} does not answer: see {_STATE / module}.log.")


def _reason(module: str) -> str:
    """Why a service has ended, by its log."""
    log = _STATE / f"{module}.log"
    said = [line for line in log.read_text().splitlines() if " ERROR " in line or line.startswith("A setting")]
    return said[0] if said else f"{module} has ended: see {log}."


def _say_model(extractor_url: str, place: CollectionAdmin) -> None:
    model = requests.get(f"{extractor_url}/model", timeout=60).json()["data"]
    if not place.model.exists():
        place.model.write_text(model["name"])
        if model["name"] != "vgg19" and "EXTRACTOR_MODEL" not in os.environ:
            print(f"VGG19's weights cannot be downloaded here: going on with {model['name']}.")
    print(f"model {model['name']} on {model['engine']} ({model['precision']})")


def _index(place: CollectionAdmin, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "scripts.ingest", str(place.images)]
    if subprocess.run(command, env=environment, check=False).returncode == COULD_NOT_RUN:
        raise DemoFailed("The images could not be indexed.")


def _show_search(search_url: str, query: Path) -> None:
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
        raise DemoFailed(f"There are no JPEG, PNG or WebP images below {images}.")
    return found[0]


def _check_port_is_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoFailed(
                f"Port {port} is taken: run make demo-stop if a demo still runs, or set {name}_PORT to another one."
            ) from None


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="start both services and index the images")
    start.add_argument("--images", type=Path, metavar="FOLDER", help="index this folder instead of the sample set")
    start.add_argument("--detach", action="store_true", help="return once ready")
    commands.add_parser("stop", help="stop both services")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
