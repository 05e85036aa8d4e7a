"""The catalogs of texts: equal in what they have, complete for what the page and the API may say."""

import re

import pytest

from search_api.web.locales import LANGUAGES, read_texts
from tests.paths import ROOT
from wire.errors import STATUS

STATIC = ROOT / "search_api" / "web" / "static"
SOURCES = [*STATIC.glob("*.js"), ROOT / "search_api" / "web" / "templates" / "index.html"]
JOB_STATES = ("running", "stopping", "done", "failed", "stopped", "interrupted")


def fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    english, *others = [read_texts(language).by_key for language in LANGUAGES]
    for other in others:
        assert english.keys() == other.keys()
        assert {key: fields(text) for key, text in english.items()} == {
            key: fields(text) for key, text in other.items()
        }
        assert all(text.strip() for text in other.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_the_api_has_a_text(language: str) -> None:
    texts = read_texts(language).by_key
    assert {f"error.{name}" for name in STATUS} <= texts.keys()
    assert {f"job.{state}" for state in JOB_STATES} <= texts.keys()


def test_the_page_asks_for_texts_that_there_are_and_for_all_of_them() -> None:
    keys = {re.sub(r"\.(one|other)$", "", key) for key in read_texts("en").by_key}
    sources = "".join(path.read_text() for path in SOURCES)
    quoted = set(re.findall(r"[\"'`]([a-zA-Z]+(?:\.\w+)*)[\"'`]", sources))
    called = set(re.findall(r"\b(?:text|t)\([\"']([\w.]+)[\"']", sources))
    assert called <= keys
    made = {key for key in keys if key.startswith(("error.", "job.")) or key.endswith(".hint")}
    assert keys - quoted - made == {"tile.score", "tile.distance"}  # one of them is chosen by what a hit has


def test_one_and_many_are_told_apart() -> None:
    texts = read_texts("en")
    assert texts("images", 1) == "1 image in this set"
    assert texts("images", 1_234) == "1,234 images in this set"
