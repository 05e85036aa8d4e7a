"""The rules of ARCHITECTURE.md, held by walking the imports. Each test lists the offenders."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.paths import ROOT

WEB = ("search_api/web/", "search_api/app.py", "search_api/wsgi.py")  # the only parts that know Flask
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
    ("keras",): ("extractor/networks/", "extractor/engines/"),
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
    ("requests",): (
        "search_api/embedding/transport.py",
        "extractor/weights.py",
        "scripts/demo.py",
        "scripts/process.py",
    ),
    ("flask", "flask_cors", "werkzeug"): (
        "serving/",
        "extractor/",
        "search_api/web/",
        "search_api/app.py",
        "search_api/wsgi.py",
    ),
}
READS_ENVIRONMENT = ("extractor/wsgi.py", "search_api/wsgi.py", "extractor/engines/", "scripts/")
FLASK_FREE_SERVING = {"serving.errors", "serving.semaphore", "serving.logs"}
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
MAX_LINES = 260


@cache
def modules() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text())


@cache
def imports(module: str) -> frozenset[str]:
    """Dotted names of all that ``module`` imports, inside functions too."""
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(module: str) -> set[str]:
    return {name.split(".")[0] for name in imports(module)}


def layers() -> dict[str, int]:
    """The parts of search_api, packages and modules, by the layer that ARCHITECTURE.md puts each into."""
    rows = re.findall(r"^\| (\d) \| (.+?) \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
    return {part: int(layer) for layer, parts in rows for part in re.findall(r"`(\w+)(?:/|\.py)`", parts)}


def part_of(name: str) -> str:
    """The part of search_api that a module's path or dotted name belongs to."""
    names = name.removesuffix(".py").replace("/", ".").split(".")
    return names[1] if len(names) > 1 else "__init__"


def test_the_walk_finds_the_code() -> None:
    assert len(modules()) > 50
    assert "imaging.image" in imports("extractor/embedder.py") | imports("imaging/frames.py")


def test_packages_import_only_what_they_may() -> None:
    offenders = [
        module
        for module in modules()
        for package in [module.split("/", maxsplit=1)[0]]
        if not roots(module) & set(PACKAGES) <= MAY_IMPORT[package] | {package}
    ]
    assert offenders == []


def test_imports_are_absolute() -> None:
    assert [module for module in modules() if any(name.startswith(".") for name in imports(module))] == []


def test_libraries_are_imported_by_their_owners_only() -> None:
    offenders = [
        (module, libraries)
        for module in modules()
        for libraries, owners in OWNERS.items()
        if roots(module) & set(libraries) and not module.startswith(owners)
    ]
    assert offenders == []


def test_every_part_of_the_search_service_has_a_layer() -> None:
    paths = [
        path for path in (ROOT / "search_api").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    ]
    assert set(layers()) == {path.stem for path in paths} - {"__init__"}


def test_the_search_service_imports_only_downwards() -> None:
    layer = layers()
    offenders = [
        (module, name)
        for module in modules()
        if module.startswith("search_api/") and module != "search_api/__init__.py"
        for name in imports(module)
        if name.startswith("search_api.")
        and part_of(name) in layer
        and part_of(name) != part_of(module)
        and layer[part_of(name)] >= layer[part_of(module)]
    ]
    assert offenders == []


def test_below_the_web_layer_nothing_knows_flask() -> None:
    offenders = [
        (module, name)
        for module in modules()
        if module.startswith("search_api/") and not module.startswith((*WEB, "search_api/settings.py"))
        for name in imports(module)
        if name.startswith("serving.") and not any(name.startswith(allowed) for allowed in FLASK_FREE_SERVING)
    ]
    assert offenders == []


def test_stores_do_not_know_each_other() -> None:
    engines = [path.name for path in (ROOT / "search_api/stores").iterdir() if (path / "__init__.py").exists()]
    assert len(engines) >= 3
    offenders = [
        (module, name)
        for engine in engines
        for module in modules()
        if module.startswith(f"search_api/stores/{engine}/")
        for name in imports(module)
        if name.startswith(
            ("search_api.stores.url.", *(f"search_api.stores.{other}" for other in engines if other != engine))
        )
    ]
    assert offenders == []


def test_only_entry_points_read_the_environment() -> None:
    reads = re.compile(r"os\.environ|getenv|[^\w](Extractor|Search)Settings\(\)")
    offenders = [module for module in modules() if reads.search((ROOT / module).read_text())]
    assert [module for module in offenders if not module.startswith(READS_ENVIRONMENT)] == []


def test_routes_hold_no_try() -> None:
    routes = [
        (module, node)
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef) and any(_is_route(item) for item in node.decorator_list)
    ]
    assert len(routes) > 20
    assert [
        (module, node.name) for module, node in routes if any(isinstance(inner, ast.Try) for inner in ast.walk(node))
    ] == []


def _is_route(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    verbs = ("get", "post", "put", "patch", "delete", "route")
    return isinstance(decorator, ast.Call) and isinstance(call, ast.Attribute) and call.attr in verbs


def test_modules_stay_small_and_have_a_docstring() -> None:
    offenders = [
        module
        for module in modules()
        if not ast.get_docstring(tree(module)) or len((ROOT / module).read_text().splitlines()) > MAX_LINES
    ]
    assert offenders == []


def test_no_junk_drawers() -> None:
    assert [module for module in modules() if Path(module).stem in JUNK_DRAWERS] == []
