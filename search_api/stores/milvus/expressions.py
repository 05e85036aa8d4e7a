"""Milvus' boolean expressions, as text: Milvus 2.3 and milvus-lite take no parameters, so literals are escaped here.

A record's metadata is kept twice: as it is, and as ``tags``, texts below keys of plain characters. A key such as
``a"b`` cannot be written in a way that both engines understand, but ``_a%22b`` can.
"""

from collections.abc import Sequence
from urllib.parse import quote

from search_api.stores.base import BadQuery, Filter, Metadata, as_text

ID = "id"
PATH = "file_path"
SHA256 = "sha256"
METADATA = "metadata"
TAGS = "tags"
VECTOR = "vector"

NOTHING = f'{ID} == ""'
EVERYTHING = f'{ID} != ""'
MAX_LITE_VALUES = 1_000  # each is compared with every record in turn
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def literal(text: str) -> str:
    """Return ``text`` as a literal in double quotes; other control characters may stay as they are."""
    return f'"{text.translate(_ESCAPED)}"'


def tags_of(metadata: Metadata) -> dict[str, str]:
    """Return ``metadata`` as filters compare it: texts below keys of plain characters."""
    return {_tag(key): as_text(value) for key, value in metadata.items()}


def any_of(field: str, values: Sequence[str]) -> str:
    """Return the expression for records whose ``field`` is one of ``values``."""
    return f"{field} in [{', '.join(map(literal, values))}]" if values else NOTHING


def none_of(field: str, values: Sequence[str]) -> str:
    """Return the expression for records whose ``field`` is none of ``values``, of which there is at least one."""
    return f"{field} not in [{', '.join(map(literal, values))}]"


def matching(filter: Filter, *, lite: bool) -> list[str]:
    """Return one expression for each key of ``filter``; raises BadQuery for too many values in a file."""
    return [_matching(key, list(dict.fromkeys(values)), lite) for key, values in filter.items()]


def every(parts: Sequence[str]) -> str:
    """Return the expression for records that match all ``parts``; an empty text where there is none."""
    return " and ".join(f"({part})" for part in parts)


def ids_between(first: int, last: int) -> str:
    """Return the expression for records whose id, as a number, is from ``first`` to ``last``."""
    return f'{ID} >= "{first:032x}" and {ID} <= "{last:032x}"'


def _tag(key: str) -> str:
    return f"_{quote(key, safe='')}"


def _matching(key: str, values: Sequence[str], lite: bool) -> str:
    tag = f"{TAGS}[{literal(_tag(key))}]"
    if not lite or not values:
        return any_of(tag, values)
    if len(values) > MAX_LITE_VALUES:
        raise BadQuery(
            f"filter names {len(values):,} values of {key!r}; a file of milvus-lite allows {MAX_LITE_VALUES:,} per key:"
            " use fewer, or a Milvus server or another store."
        )
    return _either([f"{tag} == {literal(value)}" for value in values])


def _either(parts: Sequence[str]) -> str:
    """Return the disjunction as a balanced tree: milvus-lite has no ``in`` below a key and fails at a long chain."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_either(parts[:middle])} or {_either(parts[middle:])})"
