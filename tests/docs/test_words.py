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
NOT_OURS = ("build", "street", "images", "node_modules", "package-lock.json")  # made or downloaded
HIDDEN = (".ci", ".env.example")  # what is ours although its name begins with a dot
THIS = "tests/docs/test_words.py"


class Rule(NamedTuple):
    """What is refused, what to say instead, and which files may say it all the same.

    ``words`` are in lower case, and every match has one of them. Without a ``pattern`` each is refused alone and as a
    part of an identifier in any style.
    """

    words: tuple[str, ...]
    instead: str
    pattern: str = ""
    allowed: tuple[str, ...] = ()

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what ``text`` must not say."""
        lower = text.lower()
        if any(word in lower for word in self.words):
            yield from re.finditer(self.pattern or "|".join(map(in_any_style, self.words)), text)


def in_any_style(word: str) -> str:
    """Return a pattern for ``word``, of one thing or many, in prose and in snake, camel and upper case."""
    return (
        rf"(?<![A-Za-z]){word}s?(?![a-z])|(?:(?<![A-Za-z])|(?<=[a-z])){word.capitalize()}s?(?![a-z])"
        rf"|(?<![A-Z]){word.upper()}S?(?![A-Z])"
    )


RULES = [
    # The format of files with several images, and the element of HTML, are called so.
    Rule(
        ("picture",),
        "image",
        r"(?i)(?<!multi-)(?<!multi_)(?<!<)(?<!</)picture",
        allowed=("tests/search_api/test_acceptance.py",),  # a variable of the shared acceptance checks
    ),
    Rule(("most_", "largest_", "longest_"), "MAX_...", r"\b_?(?:MOST|LARGEST|LONGEST)_[A-Z]"),
    Rule(("least_", "smallest_", "shortest_"), "MIN_...", r"\b_?(?:LEAST|SMALLEST|SHORTEST)_[A-Z]"),
    Rule(("desk",), "job manager"),
    Rule(
        ("shelf", "shelves"),
        "job repository",
        allowed=(  # photos of shelves in a shop, and the option of that name
            "README.md",
            "docs/performance.md",
            "benchmarks/retrieval.py",
            "benchmarks/thresholds.py",
            "tests/search_api/test_acceptance.py",
            "tests/search_api/test_engines_agree.py",
        ),
    ),
    Rule(("keeper",), "upload storage"),
    Rule(("told",), "say what it is: answer, config, record", rf"(?:{in_any_style('told')})(?![ _]apart)"),
    Rule(("whoever", "whomever"), "who, everyone who, the caller"),
    Rule(("mend", "mended"), "fix, correct"),
    Rule(("is no", "are no"), "is not an ...", r"(?<!here )(?:is|are) no (?:extractor|image|name|number|vector)\b"),
    Rule(("least score", "least_score", "least cosine"), "minimum score", r"(?i)\bleast[ _](?:score|cosine)"),
    Rule((" letters",), "lower case, upper case", r"(?i)\b(?:small|large) letters"),
    Rule(("this set", "the set"), "this collection", r"\b[Tt]h(?:is|e) set\b(?! of)"),
    Rule(
        ("find",),
        "hit, results",
        r"\b(?:[Tt]he|nearest|best|five|ten|these|those|more|fewer|of|their|its) finds\b(?! \w+self)"
        r"|\bfinds of\b|\b(?:a|best|each|every|tenth) find\b|\bfinds\.png",
    ),
    Rule(("culprit",), "bisect"),
    Rule(("twin",), "duplicate"),
    Rule(("adoption",), "legacy import"),
    Rule(("badness", "goodness"), "sort key, similarity"),
    Rule(("patiently",), "retrying"),
    Rule(("tryagain",), "RetryableError", r"\bTryAgain\b"),
    Rule(("extractorbreaksdown",), "ExtractorCrashes", r"\bExtractorBreaksDown\b"),
    Rule(("naming_failures",), "translate_errors", r"\bnaming_failures\b"),
    Rule(("give_up", "check_wanted", "unwanted"), "cancel, abort", r"\b(?:give_up|check_wanted|_?unwanted)\b"),
    Rule(("openedindex", "publishedstore"), "BaseElasticStore, LegacyStore", r"\b(?:OpenedIndex|PublishedStore)\b"),
    Rule(("write_whole", "whole_file"), "write_atomic, atomic_file", r"\b(?:write_whole|whole_file)\b"),
    Rule(("found_of", "left_in", "view_of"), "to_hit, mask, snapshot_of", r"\b(?:found_of|left_in|view_of)\b"),
    Rule(("note_sharing",), "register_owner", r"\bnote_sharing\b"),
    Rule(("bodygate", "body_gate"), "BodyLimiter, body_limiter", r"\b(?:BodyGate|body_gate)\b"),
]


def files() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that people write."""
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - set(NOT_OURS)
    ours = [ROOT / name for name in (*names, *HIDDEN)]
    paths = [path for folder in ours for path in (folder.rglob("*") if folder.is_dir() else (folder,))]
    for path in sorted(paths):
        if path.is_file() and (path.suffix in SUFFIXES or path.name in NAMES):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


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
            for match in rule.matches(text)
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
        if any(list(rule.matches(part)) for part in (Path(name).stem, *Path(name).parent.parts))
    ]
    assert not offenders, "\n".join(offenders)


def test_every_rule_still_refuses_what_it_is_for() -> None:
    said = (
        "readPicture MOST_FILES _LEAST_SIDE Desks self._shelf Keeper told whomever mend is no extractor. Least score, "
        "small letters, this set, the nearest finds, _find_culprit, twins, adoption, badness patiently TryAgain "
        "ExtractorBreaksDown naming_failures give_up OpenedIndex write_whole view_of note_sharing BodyGate"
    )
    assert [rule.words for rule in RULES if not list(rule.matches(said))] == []
    spared = (
        "multi-picture JPEG, multi_picture, <picture>, There is no image, told apart, told_apart, amended, this set of"
    )
    assert [match[0] for rule in RULES for match in rule.matches(spared)] == []


def test_every_allowance_is_used() -> None:
    texts = dict(files())
    unused = [
        f"{name}: {rule.words}"
        for rule in RULES
        for name in rule.allowed
        if name not in texts or not list(rule.matches(texts[name]))
    ]
    assert unused == []


def test_the_glossary_has_about_twenty_words_each_with_its_meaning() -> None:
    (glossary,) = tables(section(read("CONTRIBUTING.md"), "Words"))
    assert glossary[0] == ["word", "what it means here", "not"]
    assert 20 <= len(glossary) - 1 <= 30
    assert all(word and meaning for word, meaning, _ in glossary)
