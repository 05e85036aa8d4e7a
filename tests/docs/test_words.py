"""One word for one thing: CONTRIBUTING.md's glossary says which, and these are the words that it replaced.

The whole tree is read: code, tests, page, documents. What may stay is in ``ALLOWED``, with the reason.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.docs.markdown import read, section, tables
from tests.paths import ROOT

SUFFIXES = (".py", ".md", ".js", ".css", ".html", ".json", ".toml", ".yml", ".txt")
NAMES = ("Makefile", "Dockerfile.extractor", "Dockerfile.search", ".env.example", "run")
NOT_OURS = (".venv", ".git", ".demo", ".bench", "build", "street", "images", "node_modules", "package-lock.json")
THIS = "tests/docs/test_words.py"


class Rule(NamedTuple):
    """What is refused, what to say instead, and which files may say it all the same."""

    pattern: str
    instead: str
    allowed: tuple[str, ...] = ()


def word(*words: str) -> str:
    """Match each of ``words``, alone or as a part of an identifier in any style."""
    forms = (
        rf"(?<![A-Za-z]){one}(?![a-z])|(?:(?<![A-Za-z])|(?<=[a-z])){one.capitalize()}(?![a-z])"
        rf"|(?<![A-Z]){one.upper()}(?![A-Z])"
        for one in words
    )
    return f"(?:{'|'.join(forms)})"


RULES = [
    Rule(
        r"(?i)(?<!multi-)(?<!multi_)(?<!<)(?<!</)picture",  # the file format, and the element of HTML
        "image",
    ),
    Rule(r"\b_?(?:MOST|LARGEST|LONGEST)_[A-Z]", "MAX_..."),
    Rule(r"\b_?(?:LEAST|SMALLEST|SHORTEST)_[A-Z]", "MIN_..."),
    Rule(word("desk", "desks"), "job manager"),
    Rule(
        word("shelf", "shelves"),
        "job repository",
        (  # photos of shelves in a shop, and the option of that name
            "README.md",
            "docs/performance.md",
            "benchmarks/retrieval.py",
            "benchmarks/thresholds.py",
            "tests/search_api/test_acceptance.py",
            "tests/search_api/test_engines_agree.py",
        ),
    ),
    Rule(word("keeper", "keepers"), "upload storage"),
    Rule(word("told") + r"(?! apart)", "say what it is: answer, config, record"),
    Rule(word("whoever", "whomever"), "who, everyone who, the caller"),
    Rule(word("mend", "mends", "mended"), "fix, correct"),
    Rule(r"(?<!here )(?:is|are) no (?:extractor|image|name|number|vector)\b", "is not an ..."),
    Rule(r"(?i)\bleast[ _](?:score|cosine)", "minimum score"),
    Rule(r"(?i)\b(?:small|large|capital) letters", "lower case, upper case"),
    Rule(r"\b[Tt]h(?:is|e) set\b(?! of)", "this collection"),
    Rule(
        r"\b(?:[Tt]he|nearest|best|five|ten|these|those|more|fewer|of|their|its) finds\b(?! \w+self)"
        r"|\bfinds of\b|\b(?:a|best|each|every|tenth) find\b|\bfinds\.png",
        "hits, results",
    ),
    Rule(word("culprit"), "bisect"),
    Rule(word("twin", "twins"), "duplicate"),
    Rule(word("adoption"), "legacy import"),
    Rule(word("badness", "goodness"), "sort key, similarity"),
    Rule(word("patiently"), "retrying"),
    Rule(r"\b(?:TryAgain|PictureRejected|ExtractorBreaksDown)\b", "RetryableError, ImageRejected, ExtractorCrashes"),
    Rule(r"\bnaming_failures\b", "translate_errors"),
    Rule(r"\b(?:give_up|check_wanted|_?unwanted)\b", "abort, check_cancelled, cancel_requested"),
    Rule(r"\b(?:OpenedIndex|PublishedStore)\b", "BaseElasticStore, LegacyStore"),
    Rule(r"\b(?:write_whole|whole_file)\b", "write_atomic, atomic_file"),
    Rule(r"\b(?:found_of|left_in|view_of|note_sharing)\b", "to_hit, mask, snapshot_of, register_owner"),
    Rule(r"\b(?:BodyGate|body_gate)\b", "BodyLimiter, body_limiter"),
]


def files() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that people write."""
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT)
        if (path.suffix in SUFFIXES or path.name in NAMES) and path.is_file() and not set(name.parts) & set(NOT_OURS):
            yield name.as_posix(), path.read_text(encoding="utf-8")


def without_glossary(name: str, text: str) -> str:
    """``text`` without the last column of the glossary, which names the words not to say."""
    if name != "CONTRIBUTING.md":
        return text
    return re.sub(r"^(\| [^|]+ \| [^|]+ \|).*\|$", r"\1", text, flags=re.MULTILINE)


def line_of(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1


def noun_find(text: str) -> Iterator[int]:
    """Yield the line of every name in Python code that calls a hit a find: ``finds``, ``best_finds``, ``find =``."""
    if not re.search(r"(?i)(?:\b|_)finds?\b", text):
        return
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.string.strip()]
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        named = token.type == tokenize.NAME and before.string not in (".", "def")
        many = re.fullmatch(r"(?i)(?:\w*_)?finds", token.string) and after.string != "("
        one = re.fullmatch(r"(?:\w+_)?find", token.string) and after.string in ("=", ":", ".", "[", "in")
        if named and (many or one):
            yield token.start[0]


def test_the_old_words_are_gone() -> None:
    offenders = []
    for name, whole in files():
        if name == THIS:
            continue
        text = without_glossary(name, whole)
        offenders += [
            f"{name}:{line_of(match)}: {match[0]!r}: {rule.instead}"
            for rule in RULES
            if name not in rule.allowed
            for match in re.finditer(rule.pattern, text)
        ]
        if name.endswith(".py"):
            offenders += [f"{name}:{number}: a find: hit, results" for number in noun_find(whole)]
    assert not offenders, f"{len(offenders)} old words:\n" + "\n".join(offenders)


def test_files_are_not_named_by_the_old_words() -> None:
    names = [name for name, _ in files() if name != THIS]
    offenders = [
        f"{name}: {rule.instead}"
        for name in names
        for rule in RULES
        if any(re.search(rule.pattern, part) for part in (Path(name).stem, *Path(name).parent.parts))
    ]
    assert not offenders, "\n".join(offenders)


def test_every_rule_still_refuses_what_it_is_for() -> None:
    said = (
        "picture readPicture MOST_FILES _LEAST_SIDE Desk self._shelf Keeper told whomever mend",
        "is no extractor. Least score, small letters, this set, the nearest finds, _find_culprit, twins, adoption",
        "badness patiently TryAgain naming_failures give_up OpenedIndex write_whole view_of BodyGate",
    )
    silent = [rule.pattern for rule in RULES if not any(re.search(rule.pattern, line) for line in said)]
    assert silent == []
    spared = ("multi-picture JPEG", "multi_picture", "<picture>", "There is no image", "told apart", "recommended")
    assert [text for text in spared for rule in RULES if re.search(rule.pattern, text)] == []


def test_every_allowance_is_used() -> None:
    texts = dict(files())
    unused = [
        f"{name}: {rule.pattern}"
        for rule in RULES
        for name in rule.allowed
        if name not in texts or not re.search(rule.pattern, texts[name])
    ]
    assert unused == []


def test_the_glossary_has_about_twenty_words_each_with_its_meaning() -> None:
    (glossary,) = tables(section(read("CONTRIBUTING.md"), "Words"))
    assert glossary[0] == ["word", "what it means here", "not"]
    assert 20 <= len(glossary) - 1 <= 30
    assert all(word and meaning for word, meaning, _ in glossary)
