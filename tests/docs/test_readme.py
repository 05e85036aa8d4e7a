"""Both READMEs are short, quote figures that stand in the documents, and say the same.

What is not translated is the same in both: names in backticks, numbers, code, links. What documents link to and name is
held in test_links.py.
"""

import re

from tests.docs.markdown import blocks, code_spans, headings, links, prose, read, sections, tables

ENGLISH = read("README.md")
CHINESE = read("README.zh-CN.md")
BOTH = (CHINESE, ENGLISH)

MAX_LINES = 150
_FIGURE = re.compile(r"\d[\d.,]*\d? (?:ms|MB|GB|s|%)(?!\w)")


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d(?:[\d.,]*\d)?", text))


def latin(text: str) -> set[str]:
    return set(re.findall(r"[a-z][a-z0-9_]*", text.lower()))


def length(text: str) -> tuple[int, int]:
    """How many paragraphs and list items there are."""
    return len(re.split(r"\n{2,}", text.strip())), len(re.findall(r"^- ", text, re.MULTILINE))


def without_comments(block: str) -> str:
    """``block`` with each comment reduced to its sign."""
    return re.sub(r"[ \t]+# .*$", " #", block, flags=re.MULTILINE)


def test_both_have_at_most_150_lines() -> None:
    assert max(len(text.splitlines()) for text in BOTH) <= MAX_LINES


def test_the_figures_stand_in_the_document_with_the_command_that_makes_them() -> None:
    measured = read("docs/operations.md") + read("docs/performance.md")
    quoted = {figure.partition(" ")[0] for figure in _FIGURE.findall(prose(ENGLISH))}
    assert quoted
    assert {one for one in quoted if not re.search(rf"(?<![\d.]){re.escape(one)}(?![\d.]\d)", measured)} == set()


def test_both_have_headings_of_the_same_levels_and_sections_of_the_same_length() -> None:
    levels = [[level for level, _ in headings(text)] for text in BOTH]
    assert levels[0] == levels[1]
    lengths = [[length(section) for section in sections(text)] for text in BOTH]
    assert lengths[0] == lengths[1]


def test_every_table_has_the_same_rows_and_columns_in_both() -> None:
    shapes = [[[len(row) for row in table] for table in tables(text)] for text in BOTH]
    assert shapes[0] == shapes[1] != []


def test_every_section_and_row_has_the_same_names_and_numbers_in_both() -> None:
    facts = [[(code_spans(part), numbers(part)) for part in parts(text)] for text in BOTH]
    different = [(chinese, english) for chinese, english in zip(*facts, strict=True) if chinese != english]
    assert different == []


def test_no_latin_word_stands_in_a_chinese_section_or_row_that_the_english_one_lacks() -> None:
    pairs = zip(*map(parts, BOTH), strict=True)
    assert set().union(*(latin(chinese) - latin(english) for chinese, english in pairs)) - {"english"} == set()


def test_code_blocks_are_the_same_in_both_but_for_their_comments() -> None:
    texts = [[without_comments(block) for block in blocks(text)] for text in BOTH]
    assert texts[0] == texts[1] != []


def test_both_link_to_the_same_places_and_to_each_other() -> None:
    chinese, english = (sorted(links(text)) for text in BOTH)
    chinese.remove("README.md")
    english.remove("README.zh-CN.md")
    assert chinese == english


def test_the_chinese_contents_name_every_section_of_the_reference() -> None:
    contents = read("docs/README.zh-CN.md")
    named = re.findall(r"^## \[([\w-]+\.md)\]", contents, re.MULTILINE)
    assert sorted(named) == sorted(set(re.findall(r"\]\(docs/([\w-]+\.md)\)", CHINESE)) - {"README.zh-CN.md"})
    sections_of = {name: re.findall(rf"^- \[([^\]]+)\]\({name}#", contents, re.MULTILINE) for name in named}
    assert sections_of == {name: [words for _, words in headings(read(f"docs/{name}"))[1:]] for name in named}


def parts(text: str) -> list[str]:
    """The sections of ``text``, and the rows of its tables."""
    return sections(text) + [" ".join(row) for table in tables(text) for row in table]
