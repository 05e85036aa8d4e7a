"""The health check of the container images, against real services."""

from tests.running import run
from tests.servers.process import Service, free_port


def test_a_ready_service_is_healthy(extractor: Service) -> None:
    done = run("serving.health_check", f"{extractor.url}/readyz", settings={"http_proxy": "http://127.0.0.1:1"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_another_status_is_not_healthy(extractor: Service) -> None:
    assert run("serving.health_check", f"{extractor.url}/nothing-here").returncode == 1


def test_a_service_that_does_not_listen_is_not_healthy() -> None:
    done = run("serving.health_check", f"http://127.0.0.1:{free_port()}/readyz")
    assert (done.returncode, done.stderr) == (1, "")
