"""Searches as tests ask them."""

from typing import Any

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.answers import assert_success


def post_image(client: FlaskClient, data: bytes, **fields: object) -> TestResponse:
    """A multipart upload, as browsers send it, to /searchByImage."""
    texts = {name: str(value) for name, value in fields.items()}
    sent = requests.Request("POST", "http://localhost/", data=texts, files={"file": ("a photo.jpg", data)}).prepare()
    return client.post("/searchByImage", data=sent.body, content_type=sent.headers["Content-Type"])


def find(client: FlaskClient, data: bytes, **fields: object) -> Any:
    """The ``data`` of a successful search by image."""
    return assert_success(post_image(client, data, **fields))


def paths(page: Any) -> list[str]:
    """The paths of a page's hits."""
    return [hit["file_path"] for hit in page["dataList"]]
