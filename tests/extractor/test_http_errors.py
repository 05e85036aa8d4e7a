"""Every error that the extractor can answer with, provoked over HTTP."""

import base64
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from extractor.engines.base import Batch, Vectors
from imaging import Limits
from tests.answers import assert_failure, assert_success
from tests.extractor.conftest import MAX_BODY, Serve
from tests.extractor.dummy import FEATURELESS, DummyEngine
from tests.images import drawing, encoded
from wire.errors import STATUS

ONE, MANY = "/calFeatureVector", "/calFeatureVectors"
IMAGE = encoded(drawing(60, 40), "PNG")


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def img(data: bytes, **fields: Any) -> dict[str, Any]:
    return {"path": ONE, "json": {"img": text(data), **fields}}


def raw(path: str, body: bytes, media_type: str = "application/json") -> dict[str, Any]:
    return {"path": path, "data": body, "content_type": media_type}


BAD_REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("missing_image", {"path": ONE, "json": {}}),
    ("missing_image", {"path": ONE, "json": {"img": None}}),
    ("missing_image", {"path": ONE}),
    ("missing_image", {"path": MANY, "json": {"imgs": []}}),
    ("missing_image", {"path": MANY, "data": {"encoding": "float"}, "content_type": "multipart/form-data"}),
    ("empty_image", {"path": ONE, "json": {"img": ""}}),
    ("empty_image", {"path": ONE, "json": {"img": "data:image/png;base64,"}}),
    ("bad_base64", {"path": ONE, "json": {"img": "@@@@"}}),
    ("bad_base64", {"path": ONE, "json": {"img": 5}}),
    ("bad_base64", {"path": ONE, "json": {"img": [text(IMAGE)]}}),
    ("not_an_image", img(b"hello world" * 9)),
    ("unsupported_format", img(b"<svg/>")),
    ("truncated_image", img(IMAGE[: len(IMAGE) // 2])),
    ("too_many_pixels", img(b"P6 9000 9000 255\n")),
    ("no_features", img(encoded(Image.new("RGB", (9, 9), FEATURELESS), "PNG"))),
    ("image_too_large", raw(ONE, b" " * (MAX_BODY + 1))),
    ("image_too_large", raw(MANY, b" " * (MAX_BODY + 1), "multipart/form-data; boundary=b")),
    ("bad_parameter", raw(ONE, b"{")),
    ("bad_parameter", raw(ONE, b"[1]")),
    ("bad_parameter", raw(ONE, b"[" * 100_000)),
    ("bad_parameter", raw(MANY, b"")),
    ("bad_parameter", {"path": MANY, "json": {"imgs": [text(IMAGE)], "encoding": "packed"}}),
    ("bad_parameter", {"path": MANY, "json": {"imgs": {"0": text(IMAGE)}}}),
    ("bad_parameter", {"path": MANY, "json": {"imgs": ["QUJD"] * 65}}),
    ("unsupported_media_type", raw(ONE, IMAGE, "image/png")),
    ("unsupported_media_type", raw(MANY, b"a,b", "text/csv")),
    ("not_found", {"path": "/nowhere"}),
    ("not_found", {"path": "/calFeatureVector/"}),
    ("method_not_allowed", {"path": "/model"}),
    ("method_not_allowed", {"path": "/readyz"}),
    *(
        ("bad_box", img(IMAGE, box=box))
        for box in ("0,0,0,0", "a,b", "0,0,2,2", "-1,0,1,1", 5, [0, 0, 1], {"x": 0}, "nan,0,1,1", [10**400, 0, 1, 1])
    ),
]


def test_a_callers_mistake_has_its_name(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for name, request_ in BAD_REQUESTS:
        with subtests.test(name=name, request=str(request_)[:80]):
            assert STATUS[name] < 500
            assert_failure(client.post(**request_), name)
            assert_success(client.post(ONE, json={"img": text(IMAGE)}))


@pytest.mark.parametrize("path", ["/imageFeatureVector/calFeatureVector", ONE, MANY])
def test_images_are_sent_by_post_only(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert_failure(answer, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_an_image_of_too_many_bytes_is_refused(serve: Serve) -> None:
    answer = serve(limits=Limits(max_bytes=len(IMAGE) - 1)).post(ONE, json={"img": text(IMAGE)})
    assert f"at most {len(IMAGE) - 1} bytes" in assert_failure(answer, "image_too_large")


class Broken(DummyEngine):
    """Fails in a way that nobody foresaw."""

    def run(self, batch: Batch) -> Vectors:
        raise KeyError("layer block5_conv4 with password hunter2")


def test_an_error_of_the_network_is_internal_and_leaks_nothing(serve: Serve) -> None:
    answer = serve(Broken()).post(ONE, json={"img": text(IMAGE)})
    assert_failure(answer, "internal")
    assert b"hunter2" not in answer.data


def test_a_service_whose_network_fails_is_not_ready(serve: Serve) -> None:
    assert_failure(serve(Broken()).get("/readyz"), "not_ready")


class Gated(DummyEngine):
    """Waits at a gate in every pass."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.running = threading.Event(), threading.Event()

    def run(self, batch: Batch) -> Vectors:
        self.running.set()
        assert self.gate.wait(30)
        return super().run(batch)


def in_background(call: Callable[[], TestResponse], answers: list[TestResponse]) -> threading.Thread:
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    return thread


def test_a_full_queue_is_busy_and_empties_again(serve: Serve) -> None:
    engine, answers = Gated(), list[TestResponse]()
    app = serve(engine, queue=1).application

    def call() -> TestResponse:
        return app.test_client().post(ONE, json={"img": text(IMAGE)})

    running = in_background(call, answers)
    assert engine.running.wait(30)
    refused: list[TestResponse] = []
    others = [in_background(call, refused) for _ in range(5)]
    while len(refused) < 4:  # one of the five waits in the queue
        threading.Event().wait(0.01)
    for answer in refused[:4]:
        assert_failure(answer, "busy")
    assert_success(app.test_client().get("/readyz"))
    engine.gate.set()
    for thread in (running, *others):
        thread.join(30)
    assert [answer.status_code for answer in (*answers, *refused[4:])] == [200, 200]
    assert_success(call())


def test_every_name_that_the_extractor_documents_is_provoked_here(client: FlaskClient) -> None:
    provoked = {name for name, _ in BAD_REQUESTS} | {"internal", "not_ready", "busy"}
    others = {"page_too_deep", "unauthorized", "forbidden", "model_mismatch", "confirm_mismatch"}
    of_the_search = {"extractor_unavailable", "store_unavailable", "store_timeout"}
    assert provoked == set(STATUS) - others - of_the_search
