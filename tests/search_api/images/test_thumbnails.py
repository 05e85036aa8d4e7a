"""GET /images/ID/thumbnail: small, upright, made once."""

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from imaging import Limits, make_thumbnail, open_image
from search_api.stores.base import image_id
from tests.images import drawing, encoded, exif, stored_as
from tests.ingest.album import image, put
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import Gallery, add_record


def test_a_thumbnail_is_a_small_upright_jpeg(own: Gallery, own_client: FlaskClient) -> None:
    upright = drawing(900, 600)
    put(own.root, "turned.jpg", encoded(stored_as(upright, 6), "JPEG", exif=exif(6)))
    answer = own_client.get(f"/images/{add_record(own, 'turned.jpg')}/thumbnail")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    small = Image.open(io.BytesIO(answer.data)).convert("RGB")
    assert small.size == (320, 213)
    for place in ((10, 10), (300, 10), (10, 200), (300, 200)):
        wanted = upright.getpixel((round(place[0] * 900 / 320), round(place[1] * 600 / 213)))
        assert small.getpixel(place) == pytest.approx(wanted, abs=12)


def test_a_thumbnail_is_made_once_and_then_kept(own: Gallery, own_client: FlaskClient, tmp_path: Path) -> None:
    path = f"/images/{image_id(own.names[7])}/thumbnail"
    first = own_client.get(path).data
    kept = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert [file.read_bytes() for file in kept] == [first]
    kept[0].write_bytes(b"from the cache")
    assert own_client.get(path).data == b"from the cache"
    (own.root / own.names[7]).unlink()
    assert own_client.get(path).status_code == 200


def test_a_cache_that_cannot_be_written_to_costs_no_thumbnail(
    own: Gallery, make_client: MakeClient, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("")
    for cache in (tmp_path / "a file", Path("/proc/no such place")):
        client = make_client(store_url=own.store_url, root=own.root, cache=cache)
        answer = client.get(f"/images/{image_id(own.names[7])}/thumbnail")
        assert Image.open(io.BytesIO(answer.data)).format == "JPEG"


def test_the_thumbnail_of_a_changed_file_is_not_kept_for_the_content_that_was_indexed(
    own: Gallery, own_client: FlaskClient
) -> None:
    path = f"/images/{image_id(own.names[7])}/thumbnail"
    put(own.root, own.names[7], image(500))
    changed = own_client.get(path).data
    put(own.root, own.names[7], image(7))
    assert own_client.get(path).data == make_thumbnail(open_image(image(7), Limits()), 320) != changed
