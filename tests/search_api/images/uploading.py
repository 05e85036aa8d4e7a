"""Image files as tests send and change them, and what of them is there afterwards."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_api.stores.base import Record
from tests.answers import assert_success
from tests.search_api.gallery import records_in

_UPLOAD = re.compile(r"\.uploads/([0-9a-f]{2})/\1[0-9a-f]{62}\.[a-z]{3,4}")

Files = Sequence[tuple[str, bytes]]


def post_files(
    client: FlaskClient,
    files: Files,
    *,
    route: str = "/images",
    headers: Mapping[str, str] | None = None,
    **fields: object,
) -> TestResponse:
    """Send a multipart request with several parts named file; a field that is a list is sent several times."""
    pairs = [(name, str(one)) for name, many in fields.items() for one in (many if isinstance(many, list) else [many])]
    parts = [("file", file) for file in files]
    sent = requests.Request("POST", "http://localhost/", data=pairs, files=parts).prepare()
    every = {**(headers or {}), "Content-Type": sent.headers["Content-Type"]}
    return client.post(route, data=sent.body, headers=every)


def add(client: FlaskClient, *images: bytes, **fields: Any) -> Any:
    """Add ``images``, which has to succeed; return the ``data`` of the answer."""
    return assert_success(post_files(client, [("a photo.jpg", data) for data in images], **fields))


def listed(client: FlaskClient, **query: object) -> list[Any]:
    """Return the records of one large page."""
    data = assert_success(client.get("/images", query_string={"pageSize": 1000, **query}))
    records: list[Any] = data["dataList"]
    assert data["total"] == len(records)
    return records


def uploaded_files(folder: Path) -> set[str]:
    """Return the paths of all images below the upload folder; check that each is named by its hash."""
    files = [path for path in folder.rglob("*") if path.name != "stores" and not path.is_dir()]
    paths = {path.relative_to(folder).as_posix() for path in files}
    assert [path for path in paths if not _UPLOAD.fullmatch(path)] == []
    return paths


def uploads_in(store_url: str) -> dict[str, Record]:
    """Return the records of uploaded images, by path."""
    return {path: record for path, record in records_in(store_url).items() if path.startswith(".uploads/")}
