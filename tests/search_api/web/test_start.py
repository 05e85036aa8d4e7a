"""A service that cannot start says why in one sentence and ends; one that can says what it was given."""

from pathlib import Path

import pytest

from search_api.settings import SearchSettings, split_addresses
from search_api.wsgi import create
from serving.gunicorn import CannotStart
from tests.answers import assert_sentence
from tests.servers.process import Service


def test_what_cannot_work_is_refused_before_serving(subtests: pytest.Subtests) -> None:
    for settings, words in [
        ({"store_url": "images.db"}, "is not a store"),
        ({"extractor_url": "localhost:5004"}, "is not the address"),
        ({"extractor_url": " , "}, "is not the address"),
    ]:
        with subtests.test(str(settings)):
            with pytest.raises(CannotStart, match=words) as caught:
                create(SearchSettings(**settings))  # type: ignore[arg-type]
            assert_sentence(str(caught.value))


def test_a_service_that_cannot_start_ends(tmp_path: Path) -> None:
    service = Service("search_api.wsgi", "SEARCH", {"STORE_URL": "images.db"}, tmp_path / "log")
    assert service.start(wait=False).wait() != 0
    assert "'images.db' is not a store" in service.log.read_text()
    assert "Traceback" not in service.log.read_text()


def test_a_service_starts_without_index_and_extractor(tmp_path: Path) -> None:
    app = create(SearchSettings(store_url=f"embedded://{tmp_path}/images.db"))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200


def test_several_addresses_are_separated_by_commas() -> None:
    assert split_addresses("http://a:1, http://b:2 ,,http://c:3,") == ["http://a:1", "http://b:2", "http://c:3"]
    assert SearchSettings(extractor_url="http://a:1,http://b:2").extractor_urls == ["http://a:1", "http://b:2"]


def test_settings_are_read_from_the_environment_and_empty_ones_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCH_PORT", "6001")
    monkeypatch.setenv("SEARCH_IMAGE_ROOT", "")
    monkeypatch.setenv("SEARCH_STORE_URL", "")
    settings = SearchSettings()
    assert (settings.port, settings.image_root) == (6001, None)
    assert settings.store_url.startswith("embedded:///")


def test_every_setting_has_a_default_and_a_description() -> None:
    for name, field in SearchSettings.model_fields.items():
        assert not field.is_required(), name
        assert field.description, name
        assert field.description.endswith("."), name
