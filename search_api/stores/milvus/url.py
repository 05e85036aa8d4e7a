"""The URL of the Milvus store: a server, a collection and credentials, or a file of milvus-lite."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import SplitResult

from search_api.stores.base import Metric
from search_api.stores.url_parts import (
    BadStoreUrl,
    OptionLimits,
    address_of,
    check_collection_name,
    login_of,
    metric_of,
    numbers_of,
    options_of,
)

VectorIndex = Literal["flat", "hnsw"]

SCHEMES = {"milvus": "http", "milvus+https": "https"}
FILE_COLLECTION = "images"  # in a file of milvus-lite
_PORT = 19_530
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_GRAPH: OptionLimits = {"m": (4, 64), "ef_construction": (8, 512)}
_NUMBERS: OptionLimits = {**_GRAPH, "timeout": (1, 3_600)}


@dataclass(frozen=True)
class MilvusUrl:
    """A collection of a Milvus server or of a ``file``, credentials, and the options with which it is created.

    ``server`` is an address such as ``http://host:19530``, empty with a file. ``index`` is the vectors' index: ``flat``
    compares them all, ``hnsw`` is a graph with the options ``m`` and ``ef_construction``. ``timeout`` bounds a request,
    in seconds.
    """

    server: str
    collection: str
    metric: Metric = "cosine"
    file: Path | None = None
    user: str | None = None
    password: str = field(default="", repr=False)
    ca: Path | None = None
    index: VectorIndex = "flat"
    m: int = 16
    ef_construction: int = 200
    timeout: int = 120

    @property
    def display_name(self) -> str:
        """Return server or file and the collection, without credentials."""
        return f"{self.file or self.server}, collection {self.collection}"

    def sibling(self, name: str) -> "MilvusUrl":
        """Return the URL of the collection ``name`` beside this one; raises BadStoreUrl for a bad name."""
        check_collection_name(name)
        return replace(self, collection=_valid_collection(self.prefix + name.replace("-", "__")))

    @property
    def prefix(self) -> str:
        """Return what the names of the collections beside this one begin with."""
        return f"{self.collection}_"


def milvus_url(parts: SplitResult) -> MilvusUrl:
    """Return what ``parts`` name; raises BadStoreUrl."""
    options = options_of(parts, {"metric", "index", "ca", *_NUMBERS})
    server, collection, file, user, password = "", FILE_COLLECTION, None, None, ""
    if parts.netloc:
        user, password, host = login_of(parts)
        server = f"{SCHEMES[parts.scheme]}://{address_of(host, _PORT)}"
        collection = _valid_collection(parts.path.strip("/"))
    else:
        file = _file(parts)
    index = _index(options)
    if index != "hnsw" and (unused := sorted(set(options) & set(_GRAPH))):
        raise BadStoreUrl(f"Options of a graph ({', '.join(unused)}) need index=hnsw.")
    if "ca" in options and parts.scheme != "milvus+https":
        raise BadStoreUrl("ca names a certificate authority: use it with milvus+https.")
    return MilvusUrl(
        server=server,
        collection=collection,
        metric=metric_of(options),
        file=file,
        user=user,
        password=password,
        ca=Path(options["ca"]) if "ca" in options else None,
        index=index,
        **numbers_of(options, _NUMBERS),
    )


def _file(parts: SplitResult) -> Path:
    if parts.scheme != "milvus" or not re.fullmatch(r"/.*[^/]\.db", parts.path):
        raise BadStoreUrl(
            f"A {parts.scheme} URL names a server, or a file whose name ends in .db: use {parts.scheme}://host:19530/"
            "collection or milvus:///path/to/file.db, with three slashes."
        )
    return Path(parts.path)


def _index(options: dict[str, str]) -> VectorIndex:
    wanted = options.get("index", "flat")
    known: tuple[VectorIndex, ...] = get_args(VectorIndex)
    for index in known:
        if index == wanted:
            return index
    raise BadStoreUrl(f"index is one of {', '.join(known)}, not {wanted!r}.")


def _valid_collection(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadStoreUrl(
            f"{name!r} is not a valid name for a Milvus collection: use letters, digits and _, beginning with a letter"
            " or _."
        )
    return name
