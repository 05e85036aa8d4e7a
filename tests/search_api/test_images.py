"""GET /images/...: records, pictures and thumbnails of known ids, and of nothing else."""

import io
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from imaging import Limits, make_thumbnail, open_picture
from search_api.stores import create_store, open_store
from search_api.stores.base import Record, image_id
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import picture, put
from tests.pictures import drawing, encoded, exif, stored_as
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import Gallery, index


@pytest.fixture
def own(tmp_path: Path, gallery: Gallery) -> Gallery:
    """A gallery that a test may spoil."""
    root = tmp_path / "own photos"
    shutil.copytree(gallery.root, root)
    made = Gallery(root, f"embedded://{tmp_path}/own.db", gallery.names)
    index(root, made.store_url)
    return made


@pytest.fixture
def own_client(make_client: MakeClient, own: Gallery) -> FlaskClient:
    return make_client(store_url=own.store_url, root=own.root)


def add_record(gallery: Gallery, file_path: str) -> str:
    """Put a record for ``file_path`` into the store, whatever is there; return its id."""
    store = open_store(gallery.store_url)
    (sample,) = store.by_path([gallery.names[0]], with_vectors=True)
    store.upsert([replace(sample, id=image_id(file_path), file_path=file_path, sha256="0" * 64)])
    store.close()
    return image_id(file_path)


def test_a_record_is_shown(client: FlaskClient, gallery: Gallery) -> None:
    data = assert_success(client.get(f"/images/{image_id(gallery.names[7])}"))
    assert list(data) == ["id", "file_path", "sha256", "metadata"]
    assert data["file_path"] == gallery.names[7]
    assert data["metadata"] == {"folder": "1", "bytes": len(picture(7))}


def test_a_picture_is_sent_as_it_is(client: FlaskClient, gallery: Gallery) -> None:
    answer = client.get(f"/images/{image_id(gallery.names[7])}/file")
    assert (answer.status_code, answer.data) == (200, picture(7))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    answer.close()


@pytest.mark.parametrize("what", ["file", "thumbnail"])
def test_a_picture_that_a_browser_has_is_not_sent_again(client: FlaskClient, gallery: Gallery, what: str) -> None:
    path = f"/images/{image_id(gallery.names[7])}/{what}"
    with client.get(path) as first, client.get(path, headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert (again.status_code, again.data) == (304, b"")
        assert "max-age" in first.headers["Cache-Control"]


def test_the_media_type_is_that_of_the_content(own: Gallery, own_client: FlaskClient) -> None:
    kinds = {"PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "BMP": "image/bmp", "TIFF": "image/tiff"}
    for kind, media_type in {**kinds, "PPM": "image/x-portable-anymap"}.items():
        put(own.root, f"{kind}.html", picture(1, kind))
        answer = own_client.get(f"/images/{add_record(own, f'{kind}.html')}/file")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
        answer.close()


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
    put(own.root, own.names[7], picture(500))
    changed = own_client.get(path).data
    put(own.root, own.names[7], picture(7))
    assert own_client.get(path).data == make_thumbnail(open_picture(picture(7), Limits()), 320) != changed


@pytest.mark.parametrize("what", ["", "/file", "/thumbnail"])
def test_an_unknown_id_is_not_found(client: FlaskClient, what: str) -> None:
    for unknown in ("nope", "0" * 32, "..%2F..%2Fetc%2Fpasswd", "%00", "%FF", "a" * 3_000):
        assert_failure(client.get(f"/images/{unknown}{what}"), "not_found")


@pytest.mark.parametrize("what", ["file", "thumbnail"])
def test_a_file_that_is_gone_is_not_found(own: Gallery, own_client: FlaskClient, what: str) -> None:
    (own.root / own.names[3]).unlink()
    assert own.names[3] in assert_failure(own_client.get(f"/images/{image_id(own.names[3])}/{what}"), "not_found")
    (own.root / own.names[3]).mkdir()
    assert_failure(own_client.get(f"/images/{image_id(own.names[3])}/{what}"), "not_found")


def test_a_file_that_is_no_picture_any_more_is_not_sent(own: Gallery, own_client: FlaskClient) -> None:
    for content in (b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"%PDF-1.7", b""):
        put(own.root, own.names[4], content)
        assert_failure(own_client.get(f"/images/{image_id(own.names[4])}/file"), "not_found")
        refused = own_client.get(f"/images/{image_id(own.names[4])}/thumbnail")
        assert refused.get_json()["error"] in ("not_an_image", "unsupported_format", "empty_image")


@pytest.mark.parametrize("what", ["file", "thumbnail"])
def test_links_out_of_the_root_are_not_followed(
    own: Gallery, own_client: FlaskClient, tmp_path: Path, what: str
) -> None:
    secret = put(tmp_path, "secret/photo.jpg", picture(1))
    (own.root / "link.jpg").symlink_to(secret)
    (own.root / "folder").symlink_to(secret.parent)
    (own.root / "inside.jpg").symlink_to(own.root / own.names[0])
    for path in ("link.jpg", "folder/photo.jpg"):
        assert_failure(own_client.get(f"/images/{add_record(own, path)}/{what}"), "not_found")
    inside = own_client.get(f"/images/{add_record(own, 'inside.jpg')}/{what}")
    assert inside.status_code == 200
    inside.close()


@pytest.mark.parametrize("what", ["file", "thumbnail"])
@pytest.mark.parametrize("path", ["../secret.jpg", "0/../../secret.jpg", "{tmp}/secret.jpg", "..", ".", "a" * 5_000])
def test_a_records_path_never_leads_out_of_the_root(
    own: Gallery, own_client: FlaskClient, tmp_path: Path, path: str, what: str
) -> None:
    put(tmp_path, "secret.jpg", picture(1))
    id_ = add_record(own, path.format(tmp=tmp_path))
    assert_failure(own_client.get(f"/images/{id_}/{what}"), "not_found")


def test_a_pipe_in_the_place_of_a_picture_is_not_waited_for(own: Gallery, own_client: FlaskClient) -> None:
    os.mkfifo(own.root / "pipe.jpg")
    for what in ("file", "thumbnail"):
        assert_failure(own_client.get(f"/images/{add_record(own, 'pipe.jpg')}/{what}"), "not_found")


def test_without_an_image_root_no_picture_is_shown(make_client: MakeClient, gallery: Gallery) -> None:
    client = make_client(root=None)
    for what in ("file", "thumbnail"):
        detail = assert_failure(client.get(f"/images/{image_id(gallery.names[0])}/{what}"), "not_found")
        assert "SEARCH_IMAGE_ROOT" in detail
    assert client.get(f"/images/{image_id(gallery.names[0])}").status_code == 200


def test_paths_with_odd_characters_are_sent(make_client: MakeClient, tmp_path: Path) -> None:
    names = ["ü ö/日本 🙂.jpg", "50% #1?.jpg", "a'b\"c&d.jpg", "line\nbreak.jpg"]
    store = create_store(f"embedded://{tmp_path}/odd.db", str(FINGERPRINT), MODEL.dim)
    for number, name in enumerate(names):
        put(tmp_path / "odd", name, picture(number))
    vector = np.ones(MODEL.dim, np.float32)
    store.upsert([Record(image_id(name), name, "0" * 64, vector, {}) for name in names])
    store.close()
    client = make_client(store_url=f"embedded://{tmp_path}/odd.db", root=tmp_path / "odd")
    for number, name in enumerate(names):
        answer = client.get(f"/images/{image_id(name)}/file")
        assert (answer.status_code, answer.data) == (200, picture(number))
        answer.close()
