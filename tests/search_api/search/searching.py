"""Searches as tests send them."""

from typing import Any

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.answers import assert_success


def post_image(client: FlaskClient, data: bytes, **fields: object) -> TestResponse:
    """Send /searchByImage a multipart upload, as browsers do."""
    texts = {name: str(value) for name, value in fields.items()}
    sent = requests.Request("POST", "http://localhost/", data=texts, files={"file": ("a photo.jpg", data)}).prepare()
    return client.post("/searchByImage", data=sent.body, content_type=sent.headers["Content-Type"])


def search(client: FlaskClient, data: bytes, **fields: object) -> Any:
    """Return the ``data`` of a search by image, which has to succeed."""
    return assert_success(post_image(client, data, **fields))


def paths(page: Any) -> list[str]:
    """Return the paths of a page's hits."""
    return [hit["file_path"] for hit in page["dataList"]]
