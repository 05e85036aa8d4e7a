"""The Chinese README says what the English one says: the same sections, tables, names, numbers, examples and links.

What the English one says is held against the code in test_readme.py, which follows the links of both.
"""

import re

import pytest

from tests.paths import ROOT

ENGLISH = (ROOT / "README.md").read_text()
CHINESE = (ROOT / "README.zh-CN.md").read_text()

_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)]+)\)")
_UNTRANSLATED = {
    "settings and their defaults": r"^\| (`(?:EXTRACTOR|SEARCH)_[A-Z_]+`) \| ([^|]*) \|",
    "errors and their status": r"^\| (`\w+`) \| (\d{3}) \| [^|]* \|$",
    "models and their numbers": r"^\| (`\w+`) \| (\d+) \| (max|avg) \| (\d\.\d\d) \|",
    "commands": r"^\| (`python -m [^`]+`) \|",
    "stores": r"^\| (`\w+://[^`]+`) \|",
    "store options": r"^\| (`[\w`, ]+`) \| \S+ \| [^|]* \| [^|]* \|$",
    "parameters of a search": r"^\| (`[a-z][\w`, ]+`) \| (?!\d{3} )[^|]* \| [^|]* \|$",
}


def prose(text: str) -> str:
    """``text`` without its code blocks, whose lines may begin like a heading."""
    return _BLOCK.sub("", text)


def blocks(text: str) -> list[str]:
    """The code blocks, each comment reduced to its sign; output that begins with one stays."""
    return [re.sub(r"[ \t]+# .*$", " #", block, flags=re.MULTILINE) for block in _BLOCK.findall(text)]


def sections(text: str) -> list[str]:
    return re.split(r"^#+ ", prose(text), flags=re.MULTILINE)


def length(section: str) -> tuple[int, int]:
    """How many paragraphs and list items there are."""
    return len(re.split(r"\n{2,}", section.strip())), len(re.findall(r"^- ", section, re.MULTILINE))


def tables(text: str) -> list[list[list[str]]]:
    """The cells of every row of every table."""
    found = re.findall(r"(?:^\|.*\|$\n)+", prose(text), re.MULTILINE)
    return [[cells(row) for row in table.splitlines()] for table in found]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def names(text: str) -> set[str]:
    """What stands in code spans."""
    return set(re.findall(r"`([^`]+)`", text))


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d(?:[\d.,]*\d)?", text))


def latin(text: str) -> set[str]:
    return set(re.findall(r"[a-z][a-z0-9_]*", text.lower()))


def routes(text: str) -> set[str]:
    return {name for name in names(prose(text)) if re.match(r"(?:[A-Z]+ )?/", name)}


def test_both_have_headings_of_the_same_levels_in_the_same_order() -> None:
    levels = [re.findall(r"^(#+) ", prose(text), re.MULTILINE) for text in (CHINESE, ENGLISH)]
    assert levels[0] == levels[1]


def test_every_section_has_as_many_paragraphs_and_list_items_in_both() -> None:
    counts = [[length(section) for section in sections(text)] for text in (CHINESE, ENGLISH)]
    assert counts[0] == counts[1]


def test_every_table_has_the_same_rows_and_columns_in_both() -> None:
    shapes = [[[len(row) for row in table] for table in tables(text)] for text in (CHINESE, ENGLISH)]
    assert shapes[0] == shapes[1] != []


@pytest.mark.parametrize("pattern", _UNTRANSLATED.values(), ids=_UNTRANSLATED.keys())
def test_columns_that_are_not_translated_are_the_same_in_both(pattern: str) -> None:
    rows = [re.findall(pattern, text, re.MULTILINE) for text in (CHINESE, ENGLISH)]
    assert rows[0] == rows[1] != []


def test_every_cell_has_the_same_names_and_numbers_in_both() -> None:
    facts = [
        [[(names(cell), numbers(cell)) for cell in row] for table in tables(text) for row in table]
        for text in (CHINESE, ENGLISH)
    ]
    assert facts[0] == facts[1]


def test_every_section_has_the_same_names_and_numbers_in_both() -> None:
    facts = [[(names(section), numbers(section)) for section in sections(text)] for text in (CHINESE, ENGLISH)]
    assert facts[0] == facts[1]


def test_no_latin_word_stands_in_a_chinese_row_that_the_english_row_lacks() -> None:
    rows = [[" ".join(row) for table in tables(text) for row in table] for text in (CHINESE, ENGLISH)]
    added = [latin(chinese) - latin(english) for chinese, english in zip(*rows, strict=True)]
    assert set().union(*added) == set()


def test_no_latin_word_stands_in_a_chinese_section_that_the_english_section_lacks() -> None:
    pairs = zip(sections(CHINESE), sections(ENGLISH), strict=True)
    assert set().union(*(latin(chinese) - latin(english) for chinese, english in pairs)) == set()


def test_every_route_stands_in_both() -> None:
    assert routes(CHINESE) == routes(ENGLISH) != set()


def test_code_blocks_are_the_same_in_both_but_for_their_comments() -> None:
    assert blocks(CHINESE) == blocks(ENGLISH) != []


def test_both_link_to_the_same_places_and_to_each_other() -> None:
    chinese, english = sorted(_LINK.findall(CHINESE)), sorted(_LINK.findall(ENGLISH))
    chinese.remove("README.md")
    english.remove("README.zh-CN.md")
    assert chinese == english
