"""The services of the compose file together: in order, with their limits, and one search through all of them."""

import json
import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.containers import bases
from tests.containers.conftest import Image
from tests.containers.engine import Engine
from tests.containers.figures import Figures
from tests.containers.project import Project, need_compose, settings

_SEARCH = "http://127.0.0.1:5005"
_KEY = secrets.token_hex(24)
_SERVICES = ("elasticsearch", "extractor-cpu", "search")
_OURS = ("extractor-cpu", "search")


@pytest.fixture(scope="module")
def image(photographs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of several photographs in a folder that any user may read."""
    folder = tmp_path_factory.mktemp("images")
    folder.chmod(0o755)
    for photograph in photographs:
        (folder / photograph.name).write_bytes(photograph.read_bytes())
    return folder / photographs[0].name


@pytest.fixture(scope="module")
def project(
    engine: Engine,
    search: Image,
    cpu_extractor: Image,
    image: Path,
    tmp_path_factory: pytest.TempPathFactory,
    figures: Figures,
) -> Iterator[Project]:
    """The running services, with every photograph indexed."""
    need_compose()
    bases.make_elasticsearch(engine)
    env = settings(
        tmp_path_factory.mktemp("settings"),
        ELASTIC_PASSWORD=secrets.token_hex(24),
        SEARCH_API_KEY=_KEY,
        IMAGES=str(image.parent),
        EXTRACTOR_MODEL="efficientnet_lite0",  # the one whose weights a package brings
    )
    project = Project(engine, env)
    project.build("extractor-cpu", "search", "tools")
    started = time.monotonic()
    project.up()
    figures.add("compose file: all services up, in order, after", time.monotonic() - started, "s")
    started = time.monotonic()
    project.run("ingest")
    engine.wait_until_healthy(project.container("search"))
    figures.add("compose file: six images ingested and search ready after", time.monotonic() - started, "s")
    yield project
    for service in _SERVICES:
        figures.add(f"compose file: {service} uses", _memory(project, service)[0] / 1e6, "MB of memory")
    project.down()


def _hits(engine: Engine, image: Path) -> list[dict[str, Any]]:
    status, answer = engine.ask(f"{_SEARCH}/searchByImage", "-F", f"file=@{image}", "-F", "score=0.99")
    assert status == 200, answer
    hits: list[dict[str, Any]] = answer["data"]["dataList"]
    return hits


def _inspect(project: Project, service: str) -> dict[str, Any]:
    described: list[dict[str, Any]] = json.loads(project.engine.podman("inspect", project.container(service)))
    return described[0]


def _memory(project: Project, service: str) -> tuple[int, int]:
    """The bytes that a service uses, and how many it may."""
    shown = "{{.ContainerStats.MemUsage}} {{.ContainerStats.MemLimit}}"
    stats = project.engine.podman("stats", "--no-stream", f"--format={shown}", project.container(service))
    used, limit = stats.split()
    return int(used), int(limit)


@pytest.mark.parametrize("missing", ["ELASTIC_PASSWORD", "SEARCH_API_KEY"])
def test_without_a_secret_nothing_starts(engine: Engine, tmp_path: Path, missing: str) -> None:
    need_compose()
    given = {"ELASTIC_PASSWORD": "secret", "SEARCH_API_KEY": "secret"}
    assert Project(engine, settings(tmp_path, **given)).refusal() == ""
    del given[missing]
    assert f"set {missing} in .env" in Project(engine, settings(tmp_path, **given)).refusal()


@pytest.mark.parametrize("needed", ["elasticsearch", "extractor-cpu"])
def test_the_search_service_starts_when_what_it_needs_is_healthy(project: Project, needed: str) -> None:
    checks = _inspect(project, needed)["State"]["Health"]["Log"]
    passed = [datetime.fromisoformat(check["End"]) for check in checks if check["ExitCode"] == 0]
    assert min(passed) <= datetime.fromisoformat(_inspect(project, "search")["State"]["StartedAt"])


def test_an_ingested_image_is_found_through_the_published_port(engine: Engine, project: Project, image: Path) -> None:
    best = _hits(engine, image)[0]
    assert best["file_path"] == image.name
    assert best["score"] == pytest.approx(1.0, abs=1e-3)
    thumbnail = engine.inside(["curl", "--silent", "--fail", f"{_SEARCH}/images/{best['id']}/thumbnail", "--head"])
    assert "image/jpeg" in thumbnail.stdout


def test_the_extractor_answers_at_its_published_port(engine: Engine, project: Project) -> None:
    status, answer = engine.ask("http://127.0.0.1:5004/model")
    assert (status, answer["data"]["name"]) == (200, "efficientnet_lite0")


def test_only_the_key_lets_a_client_change_the_index(engine: Engine, project: Project, image: Path) -> None:
    route = f"{_SEARCH}/images/{_hits(engine, image)[0]['id']}"
    assert engine.ask(route, "-X", "DELETE")[0] == 401
    assert engine.ask(route, "-X", "DELETE", "-H", "Authorization: Bearer wrong")[0] == 401
    assert _hits(engine, image)
    assert engine.ask(route, "-X", "DELETE", "-H", f"Authorization: Bearer {_KEY}")[0] == 200
    assert not _hits(engine, image)
    project.run("ingest")
    assert _hits(engine, image)


def test_a_folder_is_indexed_by_a_job(engine: Engine, project: Project, image: Path) -> None:
    wanted = ("-H", "Content-Type: application/json", "-d", '{"path": ""}')
    status, answer = engine.ask(f"{_SEARCH}/jobs", "-H", f"Authorization: Bearer {_KEY}", *wanted)
    assert status == 200, answer
    stream = engine.inside(["curl", "--silent", "--no-buffer", f"{_SEARCH}/jobs/{answer['data']['id']}/events"]).stdout
    job = json.loads(stream.strip().splitlines()[-1].removeprefix("data: "))
    assert (job["state"], job["failed"]) == ("done", 0), job
    assert job["done"] == job["total"] > 0


def test_elasticsearch_is_not_published_and_wants_its_password(engine: Engine, project: Project) -> None:
    assert engine.ask("http://127.0.0.1:9200")[0] == 0
    ask = "import requests; print(requests.get('http://elasticsearch:9200').status_code)"
    assert engine.podman("exec", project.container("search"), "python", "-c", ask) == "401"


def test_the_other_commands_have_an_image_of_their_own(project: Project) -> None:
    assert "images" in project.run("tools", "scripts.index", "info")


@pytest.mark.parametrize("service", _OURS)
def test_our_services_are_neither_root_nor_may_write_outside_of_volumes(project: Project, service: str) -> None:
    described = _inspect(project, service)
    assert described["Config"]["User"] == "10001:10001"
    assert described["HostConfig"]["ReadonlyRootfs"]
    status = project.engine.podman("exec", project.container(service), "cat", "/proc/1/status")
    assert "CapBnd:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status


@pytest.mark.parametrize("service", _OURS)
def test_a_memory_limit_holds(engine: Engine, project: Project, service: str) -> None:
    used, limit = _memory(project, service)
    assert used < limit / 2
    greedy = ["podman", "exec", project.container(service), "python", "-c", f"bytearray({limit * 5 // 2})"]
    assert engine.inside(greedy, check=False).returncode == 137
    engine.wait_until_healthy(project.container(service))


def test_containers_made_anew_find_everything_again(engine: Engine, project: Project, image: Path) -> None:
    added = engine.ask(f"{_SEARCH}/images", "-H", f"Authorization: Bearer {_KEY}", "-F", f"file=@{image}")
    assert added[0] == 200, added
    project.down()
    project.up()
    engine.wait_until_healthy(project.container("search"))
    found = {hit["file_path"]: hit["id"] for hit in _hits(engine, image)}
    assert image.name in found
    upload = f"{_SEARCH}/images/{found[added[1]['data']['items'][0]['file_path']]}/file"
    assert "image/" in engine.inside(["curl", "--silent", "--fail", "--head", upload]).stdout
