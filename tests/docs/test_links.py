"""What documents point to is there: links and their anchors, files, modules, targets of make."""

import re
from pathlib import Path

from tests.docs.expected import make_targets
from tests.docs.markdown import DOCUMENTS, anchors, code_spans, commands, links, name_of
from tests.paths import ROOT

_FOLDERS = ("benchmarks", "docs", "extractor", "imaging", "scripts", "search_api", "serving", "tests", "wire")
_PATH = re.compile(rf"(?:{'|'.join(_FOLDERS)})/[\w./-]*|[\w-]+\.(?:py|md|toml|txt|yml|lock)")
_MODULE = re.compile(rf"python -m ((?:{'|'.join(_FOLDERS)})(?:\.\w+)*)")
_TARGET = re.compile(r"\bmake ((?:[a-z-]+ ?)+)")
_MADE_BY_THE_READER = {"elasticsearch.yml"}


def test_links_lead_to_files_and_headings_that_exist() -> None:
    broken = []
    for document in DOCUMENTS:
        for link in links(document.read_text()):
            path, _, anchor = link.partition("#")
            target = (document.parent / path).resolve() if path else document
            if re.match("https?:", link):
                continue
            if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
                broken.append(f"{name_of(document)}: {link}")
    assert not broken, "\n".join(broken)


def test_files_that_documents_name_exist() -> None:
    names = {path.name for folder in _FOLDERS for path in (ROOT / folder).rglob("*")}
    missing = [
        f"{name_of(document)}: {span}"
        for document in DOCUMENTS
        for span in sorted(code_spans(document.read_text()))
        if _PATH.fullmatch(span) and not _exists(span, names)
    ]
    assert not missing, "\n".join(missing)


def test_modules_and_make_targets_that_documents_name_exist() -> None:
    missing = []
    for document in DOCUMENTS:
        for command in commands(document.read_text()):
            modules = [name for name in _MODULE.findall(command) if not _runs(ROOT / name.replace(".", "/"))]
            targets = [
                name for names in _TARGET.findall(command) for name in names.split()[:1] if name not in make_targets()
            ]
            missing += [f"{name_of(document)}: {name}" for name in modules + targets]
    assert not missing, "\n".join(missing)


def _exists(span: str, names: set[str]) -> bool:
    """Whether ``span`` is a path below the root, or the bare name of some file."""
    return (ROOT / span).exists() or span in names or span in _MADE_BY_THE_READER


def _runs(path: Path) -> bool:
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()
