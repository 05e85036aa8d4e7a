"""The table of store engines: a row is all it takes, and no client is imported before a URL names its engine."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_api.stores import collection_names, create_store, drop_store, engines, open_store, swap_stores
from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import Search, StoreUnavailable
from search_api.stores.catalogue import Catalogue
from search_api.stores.engines import ENGINES, StoreEngine
from search_api.stores.url import BadStoreUrl, parse_store_url, resolve, with_collection
from tests.paths import ROOT
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record

_TOY_URL = """
from pathlib import Path

from search_api.stores.embedded.url import EmbeddedUrl


def toy_url(parts):
    return EmbeddedUrl(Path(parts.path), "cosine")
"""
_TOY_ADMIN = """
from search_api.stores.embedded.admin import EmbeddedAdmin


class ToyAdmin(EmbeddedAdmin):
    \"\"\"Keeps toys in a file.\"\"\"
"""
_PROGRAM = """
import sys


class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, NotInstalled())
from search_api.stores import create_store
from search_api.stores.base import StoreUnavailable
assert not {"elasticsearch", "elastic_transport", "orjson", "pymilvus", "milvus_lite"} & set(sys.modules)
try:
    create_store(sys.argv[2], "a:model", 4)
except StoreUnavailable as error:
    print(error)
"""
_NOT_INSTALLED = {
    "elasticsearch": (
        "elasticsearch://host:9200/index",
        "The Elasticsearch store needs the package elasticsearch, which is not installed: run pip install -r"
        " requirements.txt, or uv sync --inexact --extra elastic.",
    ),
    "pymilvus": (
        "milvus://host:19530/collection",
        "The Milvus store needs the package pymilvus, which is not installed: run pip install -r requirements.txt, or"
        " uv sync --inexact --extra milvus.",
    ),
    "milvus_lite": (
        "milvus://{folder}/images.db",
        "The Milvus store needs the package milvus-lite, which is not installed: run pip install -r requirements.txt,"
        " or uv sync --inexact --extra milvus.",
    ),
}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreEngine]:
    """An engine whose package lies beside the program, with a row in the table."""
    package = tmp_path / "toy_store"
    package.mkdir()
    for name, code in {"__init__": "", "url": _TOY_URL, "admin": _TOY_ADMIN}.items():
        (package / f"{name}.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    from toy_store.url import toy_url  # type: ignore[import-not-found]

    row = StoreEngine("Toy", ("toy", "toy+tls"), toy_url, "toy_store.admin.ToyAdmin", ("toy:///box.db",))
    monkeypatch.setattr(engines, "ENGINES", (*ENGINES, row))
    yield row
    for name in [name for name in sys.modules if name.partition(".")[0] == "toy_store"]:
        del sys.modules[name]


def test_a_new_engine_is_known_everywhere_by_its_row(toy: StoreEngine, tmp_path: Path) -> None:
    url = f"toy://{tmp_path}/images.db"
    assert resolve(url)[0] is toy
    assert "toy_store.admin" not in sys.modules, "its code is loaded when a collection is asked for"
    assert parse_store_url(url).display_name == f"{tmp_path}/images.db"
    with pytest.raises(BadStoreUrl, match=r"or toy:///box\.db\.$"):
        parse_store_url("doll:///box.db")
    store = create_store(url, FINGERPRINT, DIM)
    store.upsert([record("a.jpg")])
    store.publish()
    store.close()
    store = open_store(url)
    assert [hit.file_path for hit in store.search(Search(QUERY)).hits] == ["a.jpg"]
    store.close()
    create_store(with_collection(url, "other"), FINGERPRINT, DIM).close()
    assert collection_names(url) == ["other"]
    assert [one.name for one in Catalogue(url).summaries()] == ["default", "other"]
    swap_stores(url, with_collection(url, "other"))
    drop_store(url)
    assert [(one.name, one.images) for one in Catalogue(url).summaries()] == [("default", 0), ("other", 1)]


def test_two_engines_do_not_swap_collections(toy: StoreEngine, tmp_path: Path) -> None:
    with pytest.raises(BadStoreUrl, match="within one engine only"):
        swap_stores(f"toy://{tmp_path}/images.db", f"embedded://{tmp_path}/images.db")


def test_every_row_leads_to_an_admin_and_every_example_to_its_row() -> None:
    schemes = [scheme for engine in ENGINES for scheme in engine.schemes]
    assert len(schemes) == len(set(schemes))
    for engine in ENGINES:
        assert engine.examples
        for example in engine.examples:
            found, url = resolve(example)
            assert found is engine
            assert isinstance(engine.admin_of(url), CollectionAdmin)


@pytest.mark.parametrize("module", _NOT_INSTALLED)
def test_no_client_is_imported_early_and_a_missing_one_is_named(module: str, tmp_path: Path) -> None:
    url, sentence = _NOT_INSTALLED[module]
    command = [sys.executable, "-c", _PROGRAM, module, url.format(folder=tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (sentence, "")


def test_a_module_of_ours_that_is_missing_is_not_taken_for_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "search_api.stores.elastic.bulk", None)
    monkeypatch.delitem(sys.modules, "search_api.stores.elastic.admin", raising=False)
    with pytest.raises(ModuleNotFoundError, match="bulk"):
        open_store("elasticsearch://host:9200/index")


def test_a_package_that_is_missing_is_a_store_that_is_unavailable(toy: StoreEngine, tmp_path: Path) -> None:
    (tmp_path / "toy_store" / "admin.py").write_text("import toy_client")
    for package in ("", "toy_client"):
        row = StoreEngine("Toy", ("toy",), toy.parse, toy.admin, toy.examples, package, "toys")
        with pytest.raises(StoreUnavailable if package else ModuleNotFoundError, match="toy_client"):
            row.admin_of(parse_store_url(f"toy://{tmp_path}/images.db"))
