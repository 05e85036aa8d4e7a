"""Reads Markdown: its prose, code blocks, tables, headings and links."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.paths import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def read(name: str) -> str:
    """Return the text of the document ``name``, a path below the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def name_of(document: Path) -> str:
    """Return the path of ``document`` below the root."""
    return document.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """Return ``text`` without its code blocks, whose lines may begin like a heading."""
    return _BLOCK.sub("", text)


def blocks(text: str) -> list[str]:
    """Return the code blocks of ``text``."""
    return _BLOCK.findall(text)


def sections(text: str) -> list[str]:
    """Return what stands between the headings of ``text``, each part with its heading's words."""
    return re.split(r"^#+ ", prose(text), flags=re.MULTILINE)


def section(text: str, heading: str) -> str:
    """Return what stands below ``heading``, a level of two, up to the next of that level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def headings(text: str) -> list[tuple[int, str]]:
    """Return level and words of every heading."""
    return [(len(signs), words) for signs, words in _HEADING.findall(prose(text))]


def anchors(text: str) -> set[str]:
    """Return the anchors that the headings of ``text`` get on GitHub."""
    return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in headings(text)}


def links(text: str) -> list[str]:
    """Return the targets of all links and images."""
    return _LINK.findall(prose(text))


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of every row of every table, heads included, rulers left out."""
    found = re.findall(r"(?:^\|.*\|$\n)+", prose(text), re.MULTILINE)
    return [[_cells(row) for row in table.splitlines() if not row.startswith("|---")] for table in found]


def code_spans(text: str) -> set[str]:
    """Return what stands between backticks."""
    return set(re.findall(r"`([^`\n]+)`", prose(text)))


def commands(text: str) -> Iterator[str]:
    """Yield every command line that ``text`` names: code spans, and lines of code blocks after a prompt."""
    yield from code_spans(text)
    for block in blocks(text):
        yield from re.findall(r"^\$ (.+?)(?:\s+# .*)?$", block, re.MULTILINE)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
