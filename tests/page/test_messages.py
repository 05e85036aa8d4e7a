"""The page's messages: the same in both languages, complete for what the page and the API may say."""

import re
from typing import get_args

from search_api.jobs.job import JobState
from search_api.web.locales import LANGUAGES, read_messages
from tests.paths import ROOT
from wire.errors import STATUS

WEB = ROOT / "search_api" / "web"
SOURCES = [*(WEB / "static").glob("*.js"), WEB / "templates" / "index.html"]


def fields(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", message))


def test_both_languages_have_the_same_messages_with_the_same_fields() -> None:
    english, *others = [read_messages(language).by_key for language in LANGUAGES]
    for other in others:
        assert english.keys() == other.keys()
        assert {key: fields(message) for key, message in english.items()} == {
            key: fields(message) for key, message in other.items()
        }
        assert all(message.strip() for message in other.values())


def test_every_error_of_the_api_and_every_state_of_a_job_has_a_message() -> None:
    needed = {f"error.{name}" for name in STATUS} | {f"job.{state}" for state in get_args(JobState)}
    missing = {language: needed - read_messages(language).by_key.keys() for language in LANGUAGES}
    assert not any(missing.values()), missing


def test_the_page_asks_for_messages_that_there_are_and_for_all_of_them() -> None:
    keys = {re.sub(r"\.(one|other)$", "", key) for key in read_messages("en").by_key}
    sources = "".join(path.read_text() for path in SOURCES)
    quoted = set(re.findall(r"[\"'`]([a-zA-Z]+(?:\.\w+)*)[\"'`]", sources))
    called = set(re.findall(r"\b(?:text|t)\([\"']([\w.]+)[\"']", sources))
    assert called <= keys
    made = {key for key in keys if key.startswith(("error.", "job.")) or key.endswith(".hint")}
    assert keys - quoted - made == {"tile.score", "tile.distance"}  # one of them is chosen by what a hit has


def test_one_and_many_have_messages_of_their_own() -> None:
    messages = read_messages("en")
    assert messages("images", 1) == "1 image in this collection"
    assert messages("images", 1_234) == "1,234 images in this collection"
