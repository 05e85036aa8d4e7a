"""GET /metrics, for Prometheus."""

import base64

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.extractor.conftest import Serve
from tests.images import drawing, encoded

IMAGE = base64.b64encode(encoded(drawing(60, 40), "PNG")).decode()
TEXT = base64.b64encode(b"plain text").decode()


def samples(client: FlaskClient) -> dict[str, float]:
    """Every sample, its labels written behind its name."""
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


def test_the_names_of_the_contract_are_there(client: FlaskClient) -> None:
    client.post("/calFeatureVector", json={"img": IMAGE})
    found = samples(client)
    assert found["extractor_images_total{ok}"] == 1
    assert all(found[f"extractor_seconds_count{{{stage}}}"] == 1 for stage in ("decode", "queue", "model"))
    assert (found["extractor_batch_size_count"], found["extractor_batch_size_sum"]) == (1, 1)


def test_every_image_is_counted_by_its_result(client: FlaskClient) -> None:
    client.post("/calFeatureVectors", json={"imgs": [IMAGE, TEXT, "@@", IMAGE, TEXT]})
    client.post("/calFeatureVector", json={"img": TEXT})
    found = samples(client)
    assert found["extractor_images_total{ok}"] == 2
    assert found["extractor_images_total{not_an_image}"] == 3
    assert found["extractor_images_total{bad_base64}"] == 1


def test_a_batch_counts_its_images_and_its_passes(client: FlaskClient) -> None:
    client.post("/calFeatureVectors", json={"imgs": [IMAGE] * 20})
    found = samples(client)
    assert found["extractor_batch_size_sum"] == 20
    assert 3 <= found["extractor_batch_size_count"] <= 20  # the network takes 8 at most
    assert found["extractor_seconds_count{model}"] == found["extractor_batch_size_count"]
    assert found["extractor_seconds_count{decode}"] == 20


def test_times_are_seconds(client: FlaskClient) -> None:
    client.post("/calFeatureVector", json={"img": IMAGE})
    found = samples(client)
    assert all(0 <= found[f"extractor_seconds_sum{{{stage}}}"] < 60 for stage in ("decode", "queue", "model"))


def test_two_services_in_one_process_count_apart(client: FlaskClient, serve: Serve) -> None:
    client.post("/calFeatureVector", json={"img": IMAGE})
    assert "extractor_images_total{ok}" not in samples(serve())
