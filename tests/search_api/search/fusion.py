"""Searches by several images, and their expected rankings."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from tests.answers import assert_success
from tests.ingest.album import image
from tests.search_api.gallery import COUNT, Gallery, directions
from tests.search_api.images.uploading import post_files
from tests.search_api.search.searching import paths

ALL: dict[str, Any] = {"score": -1, "pageSize": COUNT}


def by_images(client: FlaskClient, numbers: Sequence[int], **fields: Any) -> Any:
    """Return the ``data`` of a search by several images, which has to succeed."""
    files = [(f"{number}.jpg", image(number)) for number in numbers]
    return assert_success(post_files(client, files, route="/searchByImage", **fields))


def expected(gallery: Gallery, numbers: Sequence[int], weights: Sequence[float]) -> list[tuple[str, float]]:
    """Return the ranking by brute force: the weighted sum of unit vectors against all of the gallery."""
    query = np.array(weights) @ directions([image(number) for number in numbers])
    scores = directions([image(number) for number in range(COUNT)]) @ (query / np.linalg.norm(query))
    return sorted(zip(gallery.names, scores.tolist(), strict=True), key=lambda pair: -pair[1])


def assert_ranked(page: Any, ranking: list[tuple[str, float]]) -> None:
    assert paths(page) == [path for path, _ in ranking]
    assert [hit["score"] for hit in page["dataList"]] == pytest.approx([score for _, score in ranking], abs=1e-5)
