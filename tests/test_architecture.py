"""The rules of ARCHITECTURE.md, held by walking the imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGES = ("wire", "imaging", "serving", "extractor", "search_api", "scripts")
MAY_IMPORT = {
    "wire": set(),
    "imaging": set(),
    "serving": {"wire"},
    "extractor": {"wire", "imaging", "serving"},
    "search_api": {"wire", "imaging", "serving"},
    "scripts": set(PACKAGES),
}
# Which modules may import a heavy or exchangeable library.
OWNERS = {
    ("PIL", "cv2", "pillow_heif"): ("imaging/",),
    ("keras",): ("extractor/networks.py", "extractor/engines/"),
    ("tensorflow",): ("extractor/engines/tensorflow.py",),
    ("openvino", "nncf"): ("extractor/engines/openvino.py", "extractor/engines/export.py"),
    ("sqlite3",): ("search_api/stores/embedded/",),
    ("elasticsearch", "elastic_transport", "orjson"): ("search_api/stores/elastic/",),
    ("pymilvus", "milvus_lite", "grpc"): ("search_api/stores/milvus/",),
    ("pyarrow",): ("search_api/transfer/parquet.py",),
    ("matplotlib",): ("scripts/figure.py",),
    ("tqdm", "argparse"): ("scripts/",),
    ("gunicorn",): ("serving/gunicorn.py",),
    ("tenacity",): ("search_api/embedding/retry.py", "search_api/stores/elastic/bulk.py"),
    ("requests",): ("search_api/embedding/client.py", "extractor/weights.py", "scripts/demo.py"),
}
READS_ENVIRONMENT = ("extractor/wsgi.py", "search_api/wsgi.py", "extractor/engines/", "scripts/")


def modules() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def imports(module: str) -> Iterator[str]:
    """Dotted names of all that ``module`` imports, inside functions too."""
    for node in ast.walk(ast.parse((ROOT / module).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_walk_finds_the_code() -> None:
    assert len(modules()) > 50
    assert "imaging.image" in set(imports("extractor/embedder.py")) | set(imports("imaging/frames.py"))


@pytest.mark.parametrize("module", modules())
def test_packages_import_only_what_they_may(module: str) -> None:
    package = module.split("/", maxsplit=1)[0]
    ours = {name.split(".")[0] for name in imports(module)} & set(PACKAGES)
    assert ours - {package} <= MAY_IMPORT[package]


@pytest.mark.parametrize("module", modules())
def test_imports_are_absolute(module: str) -> None:
    assert [name for name in imports(module) if name.startswith(".")] == []


@pytest.mark.parametrize("module", modules())
def test_libraries_are_imported_by_their_owners_only(module: str) -> None:
    named = {name.split(".")[0] for name in imports(module)}
    for libraries, owners in OWNERS.items():
        assert not named & set(libraries) or module.startswith(owners), libraries


@pytest.mark.parametrize("module", [m for m in modules() if m.startswith("search_api/stores/")])
def test_stores_know_neither_flask_nor_each_other(module: str) -> None:
    names = set(imports(module)) - {"serving.errors", "serving.errors.NotFound"}
    assert not {name.split(".")[0] for name in names} & {"flask", "werkzeug", "serving"}
    engines = [path.name for path in (ROOT / "search_api/stores").iterdir() if path.is_dir()]
    own = module.split("/")[2]
    if own in engines:
        others = {f"search_api.stores.{engine}" for engine in engines if engine != own}
        assert not any(name.startswith(tuple(others)) for name in names if others)


@pytest.mark.parametrize("module", modules())
def test_only_entry_points_read_the_environment(module: str) -> None:
    text = (ROOT / module).read_text()
    reads = re.search(r"os\.environ|getenv|[^\w](Extractor|Search)Settings\(\)", text)
    assert not reads or module.startswith(READS_ENVIRONMENT)


@pytest.mark.parametrize("package", ["extractor", "search_api"])
def test_routes_hold_no_try(package: str) -> None:
    for name in ("app.py", "web/search_routes.py", "web/image_routes.py", "web/job_routes.py", "web/page.py"):
        path = ROOT / package / name
        if not path.exists():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            routed = isinstance(node, ast.FunctionDef) and any(_is_route(item) for item in node.decorator_list)
            assert not (routed and any(isinstance(inner, ast.Try) for inner in ast.walk(node))), name


def _is_route(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr in ("get", "post", "put", "patch", "delete", "route")


@pytest.mark.parametrize("module", modules())
def test_modules_stay_small_and_have_a_docstring(module: str) -> None:
    text = (ROOT / module).read_text()
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 260


def test_no_junk_drawers() -> None:
    names = {Path(module).stem for module in modules()}
    assert not names & {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
