"""The README's tables and commands are those of the code."""

import re
from pathlib import Path

import pytest

from extractor.models import MODELS
from extractor.openapi import document as extractor_document
from extractor.settings import ExtractorSettings
from search_api.settings import SearchSettings
from search_api.web.openapi import document as search_document
from tests.docs.tables import settings_rows
from tests.paths import ROOT
from wire.errors import STATUS

README = (ROOT / "README.md").read_text()
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("row", settings_rows(ExtractorSettings) + settings_rows(SearchSettings))
def test_every_setting_stands_in_the_readme(row: str) -> None:
    assert row in README


def test_no_setting_stands_in_the_readme_that_does_not_exist() -> None:
    named = set(re.findall(r"^\| `((?:EXTRACTOR|SEARCH)_[A-Z_]+)`", README, re.MULTILINE))
    known = {f"EXTRACTOR_{name.upper()}" for name in ExtractorSettings.model_fields}
    known |= {f"SEARCH_{name.upper()}" for name in SearchSettings.model_fields}
    assert named == known


def test_every_error_name_stands_in_the_failure_table_with_its_status() -> None:
    section = README.partition("## When something fails")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \|", section, re.MULTILINE)
    assert {name: int(status) for name, status in rows} == dict(STATUS)


@pytest.mark.parametrize("route", [*extractor_document(1)["paths"], *search_document()["paths"]])
def test_every_route_stands_in_the_readme(route: str) -> None:
    assert f"{route}`" in README or f"{route} " in README


def test_every_model_stands_in_the_readme_with_its_numbers() -> None:
    for model in MODELS.values():
        assert f"| `{model.name}` | {model.dim} | {model.pooling} | {model.suggested_threshold:.2f} |" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_documents_link_to_exist(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_and_modules_that_documents_name_exist(document: Path) -> None:
    text, makefile = document.read_text(), (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`make ([a-z-]+)", text)):
        assert f"\n{target}:" in makefile, target
    for module in set(re.findall(r"python -m ((?:scripts|benchmarks|extractor|search_api|tests)[\w.]*)", text)):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
