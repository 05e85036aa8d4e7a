"""The reference says what the code does: settings, parameters, errors, routes, models, commands, extras."""

import re

from extractor.openapi import document as extractor_document
from extractor.settings import ExtractorSettings
from search_api.settings import SearchSettings
from search_api.stores.engines import ENGINES
from search_api.web.openapi import document as search_document
from tests.docs.expected import extras, make_targets, model_rows, parameter_rows, settings_rows
from tests.docs.markdown import code_spans, read, section, tables
from tests.paths import ROOT
from wire.errors import STATUS

API = read("docs/api.md")
CONFIGURATION = read("docs/configuration.md")
COMMANDS = read("docs/commands.md")


def rows(text: str) -> list[list[str]]:
    """The body of the only table in ``text``."""
    (table,) = tables(text)
    return table[1:]


def test_the_tables_of_settings_are_those_of_the_code() -> None:
    assert rows(section(CONFIGURATION, "Extractor")) == settings_rows(ExtractorSettings)
    assert rows(section(CONFIGURATION, "Search service")) == settings_rows(SearchSettings)


def test_the_table_of_search_parameters_is_that_of_the_code() -> None:
    assert rows(section(API, "Searching").partition("\n### ")[0]) == parameter_rows()


def test_the_table_of_errors_has_every_name_with_its_status() -> None:
    table = rows(section(API, "Errors"))
    assert [(name.strip("`"), int(status)) for name, status, _ in table] == list(STATUS.items())


def test_the_table_of_routes_has_every_operation_of_both_services() -> None:
    named = {route for route, _, _ in rows(section(API, "Routes")) for route in re.findall("`([^`]+)`", route)}
    documents = (extractor_document(1), search_document())
    assert named == {
        f"{method.upper()} {path}"
        for document in documents
        for path, operations in document["paths"].items()
        for method in operations
        if method in ("get", "post", "put", "patch", "delete")
    }


def test_the_table_of_models_is_that_of_the_code() -> None:
    (table,) = tables(read("docs/models.md"))
    assert table[1:] == model_rows()


def test_the_table_of_stores_has_every_url_that_the_engines_give_as_examples() -> None:
    urls = [url.strip("`") for url, _ in tables(read("docs/stores.md"))[0][1:]]
    assert sorted(urls) == sorted(example for engine in ENGINES for example in engine.examples)


def test_every_command_line_stands_in_the_table_with_options_that_exist() -> None:
    scripts = {path.stem: path.read_text() for path in (ROOT / "scripts").glob("*.py")}
    table = tables(COMMANDS)[0][1:]
    named = {match[1] for command, _ in table if (match := re.search(r"python -m scripts\.(\w+)", command))}
    assert named == {name for name, code in scripts.items() if "\ndef main() " in code} - {"__main__", "demo"}
    options = {option for row in table for option in re.findall(r"--[a-z-]+", " ".join(row))}
    assert [option for option in sorted(options) if not any(f'"{option}"' in code for code in scripts.values())] == []


def test_the_table_of_make_has_every_target() -> None:
    named = {target for target, _ in tables(COMMANDS)[1][1:] for target in re.findall(r"`make ([a-z-]+)", target)}
    assert named == set(make_targets())


def test_the_table_of_extras_is_that_of_the_project() -> None:
    assert [name.strip("`") for name, _ in rows(section(CONFIGURATION, "What to install"))] == extras()


def test_every_setting_that_a_document_names_exists() -> None:
    known = {row[0].strip("`") for row in settings_rows(ExtractorSettings) + settings_rows(SearchSettings)}
    named = {name for text in (API, COMMANDS, read("docs/stores.md")) for name in code_spans(text)}
    assert {name for name in named if re.fullmatch("(?:EXTRACTOR|SEARCH)_[A-Z_]+", name)} <= known
