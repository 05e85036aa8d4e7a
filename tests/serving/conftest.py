"""The echo service, in this process and behind gunicorn."""

from collections.abc import Generator

import pytest
from flask.testing import FlaskClient

from tests.servers.process import Service
from tests.serving.echo_service import create_echo


@pytest.fixture
def client() -> FlaskClient:
    """A client of the echo service in this process."""
    return create_echo().test_client()


@pytest.fixture(scope="session")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Generator[Service]:
    """The echo service behind gunicorn; all tests share it."""
    log = tmp_path_factory.mktemp("echo") / "echo.log"
    with Service("tests.serving.echo_service", "ECHO", {}, log) as service:
        yield service
