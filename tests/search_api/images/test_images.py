"""GET /images/...: records, images and thumbnails of known ids, and of nothing else."""

from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from search_api.stores import create_store
from search_api.stores.base import Record, image_id
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import image, put
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import Gallery, add_record


def test_a_record_is_shown(client: FlaskClient, gallery: Gallery) -> None:
    data = assert_success(client.get(f"/images/{image_id(gallery.names[7])}"))
    assert list(data) == ["id", "file_path", "sha256", "metadata"]
    assert data["file_path"] == gallery.names[7]
    assert data["metadata"] == {"folder": "1", "bytes": len(image(7))}


def test_an_image_is_sent_as_it_is(client: FlaskClient, gallery: Gallery) -> None:
    answer = client.get(f"/images/{image_id(gallery.names[7])}/file")
    assert (answer.status_code, answer.data) == (200, image(7))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    answer.close()


def test_an_image_that_a_browser_has_is_not_sent_again(
    subtests: pytest.Subtests, client: FlaskClient, gallery: Gallery
) -> None:
    for what in ["file", "thumbnail"]:
        with subtests.test(what):
            path = f"/images/{image_id(gallery.names[7])}/{what}"
            with client.get(path) as first, client.get(path, headers={"If-None-Match": first.headers["ETag"]}) as again:
                assert (again.status_code, again.data) == (304, b"")
                assert "max-age" in first.headers["Cache-Control"]


def test_the_media_type_is_that_of_the_content(own: Gallery, own_client: FlaskClient) -> None:
    kinds = {"PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "BMP": "image/bmp", "TIFF": "image/tiff"}
    for kind, media_type in {**kinds, "PPM": "image/x-portable-anymap"}.items():
        put(own.root, f"{kind}.html", image(1, kind))
        answer = own_client.get(f"/images/{add_record(own, f'{kind}.html')}/file")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
        answer.close()


def test_an_unknown_id_is_not_found(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for what in ["", "/file", "/thumbnail"]:
        with subtests.test(what):
            for unknown in ("nope", "0" * 32, "..%2F..%2Fetc%2Fpasswd", "%00", "%FF", "a" * 3_000):
                assert_failure(client.get(f"/images/{unknown}{what}"), "not_found")


def test_a_file_that_is_gone_is_not_found(subtests: pytest.Subtests, own: Gallery, own_client: FlaskClient) -> None:
    for number, what in enumerate(("file", "thumbnail")):
        with subtests.test(what):
            route = f"/images/{image_id(own.names[number])}/{what}"
            (own.root / own.names[number]).unlink()
            assert own.names[number] in assert_failure(own_client.get(route), "not_found")
            (own.root / own.names[number]).mkdir()
            assert_failure(own_client.get(route), "not_found")


def test_a_file_that_is_not_an_image_any_more_is_not_sent(own: Gallery, own_client: FlaskClient) -> None:
    for content in (b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"%PDF-1.7", b""):
        put(own.root, own.names[4], content)
        assert_failure(own_client.get(f"/images/{image_id(own.names[4])}/file"), "not_found")
        refused = own_client.get(f"/images/{image_id(own.names[4])}/thumbnail")
        assert refused.get_json()["error"] in ("not_an_image", "unsupported_format", "empty_image")


def test_without_an_image_root_no_image_is_shown(make_client: MakeClient, gallery: Gallery) -> None:
    client = make_client(root=None)
    for what in ("file", "thumbnail"):
        detail = assert_failure(client.get(f"/images/{image_id(gallery.names[0])}/{what}"), "not_found")
        assert "SEARCH_IMAGE_ROOT" in detail
    assert client.get(f"/images/{image_id(gallery.names[0])}").status_code == 200


def test_paths_with_odd_characters_are_sent(make_client: MakeClient, tmp_path: Path) -> None:
    names = ["ü ö/日本 🙂.jpg", "50% #1?.jpg", "a'b\"c&d.jpg", "line\nbreak.jpg"]
    store = create_store(f"embedded://{tmp_path}/odd.db", str(FINGERPRINT), MODEL.dim)
    for number, name in enumerate(names):
        put(tmp_path / "odd", name, image(number))
    vector = np.ones(MODEL.dim, np.float32)
    store.upsert([Record(image_id(name), name, "0" * 64, vector, {}) for name in names])
    store.close()
    client = make_client(store_url=f"embedded://{tmp_path}/odd.db", root=tmp_path / "odd")
    for number, name in enumerate(names):
        answer = client.get(f"/images/{image_id(name)}/file")
        assert (answer.status_code, answer.data) == (200, image(number))
        answer.close()
