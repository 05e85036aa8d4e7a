"""Settings: each has a default, a meaning, and limits."""

import pytest
from pydantic import ValidationError

from extractor.models import MODELS
from extractor.settings import ExtractorSettings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ExtractorSettings.model_fields:
        monkeypatch.delenv(f"EXTRACTOR_{name.upper()}", raising=False)


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = ExtractorSettings()
    assert (settings.model, settings.weights, settings.engine) == ("vgg19", "imagenet", "auto")
    assert (settings.precision, settings.pooling, settings.preprocessing) == ("auto", None, "keras")
    assert (settings.max_bytes, settings.max_pixels, settings.queue) == (20 * 2**20, 64_000_000, 64)
    assert (settings.host, settings.port) == ("127.0.0.1", 5004)


def test_every_setting_says_what_it_means() -> None:
    assert all(field.description for field in ExtractorSettings.model_fields.values())


def test_every_model_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*MODELS, "auto"):
        monkeypatch.setenv("EXTRACTOR_MODEL", name)
        assert ExtractorSettings().model == name


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_PORT", "")
    monkeypatch.setenv("EXTRACTOR_POOLING", "")
    assert ExtractorSettings().port == 5004
    assert ExtractorSettings().pooling is None


def test_a_value_that_is_not_allowed_is_refused(subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in [
        ("MODEL", "vgg"),
        ("ENGINE", "onnx"),
        ("PRECISION", "fp16"),
        ("POOLING", "mean"),
        ("PREPROCESSING", "caffe"),
        ("MAX_BYTES", "0"),
        ("MAX_PIXELS", "-1"),
        ("QUEUE", "0"),
        ("PORT", "70000"),
        ("LOG_FORMAT", "xml"),
    ]:
        with subtests.test(name=name, value=value):
            monkeypatch.setenv(f"EXTRACTOR_{name}", value)
            with pytest.raises(ValidationError, match=name.lower()):
                ExtractorSettings()
        monkeypatch.delenv(f"EXTRACTOR_{name}")
