"""Nothing outside of the image root is ever sent, whatever a record says."""

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_failure
from tests.ingest.album import image, put
from tests.search_api.gallery import Gallery, add_record


def test_links_out_of_the_root_are_not_followed(
    subtests: pytest.Subtests, own: Gallery, own_client: FlaskClient, tmp_path: Path
) -> None:
    secret = put(tmp_path, "secret/photo.jpg", image(1))
    (own.root / "link.jpg").symlink_to(secret)
    (own.root / "folder").symlink_to(secret.parent)
    (own.root / "inside.jpg").symlink_to(own.root / own.names[0])
    (own.root / "circle.jpg").symlink_to("circle.jpg")
    for what in ("file", "thumbnail"):
        with subtests.test(what):
            for path in ("link.jpg", "folder/photo.jpg", "circle.jpg"):
                assert_failure(own_client.get(f"/images/{add_record(own, path)}/{what}"), "not_found")
            inside = own_client.get(f"/images/{add_record(own, 'inside.jpg')}/{what}")
            assert inside.status_code == 200
            inside.close()


def test_a_records_path_never_leads_out_of_the_root(
    subtests: pytest.Subtests, own: Gallery, own_client: FlaskClient, tmp_path: Path
) -> None:
    put(tmp_path, "secret.jpg", image(1))
    for path in ("../secret.jpg", "0/../../secret.jpg", f"{tmp_path}/secret.jpg", "..", ".", "a" * 5_000):
        id_ = add_record(own, path)
        for what in ("file", "thumbnail"):
            with subtests.test(f"{what} of {path:.40}"):
                assert_failure(own_client.get(f"/images/{id_}/{what}"), "not_found")


def test_a_pipe_in_the_place_of_an_image_is_not_waited_for(own: Gallery, own_client: FlaskClient) -> None:
    os.mkfifo(own.root / "pipe.jpg")
    for what in ("file", "thumbnail"):
        assert_failure(own_client.get(f"/images/{add_record(own, 'pipe.jpg')}/{what}"), "not_found")
