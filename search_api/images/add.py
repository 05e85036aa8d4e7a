"""Adding uploaded images: a vector for each, the file into the upload storage, the record into the store."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import category

from imaging import ImageError, sniff
from imaging.errors import ERROR_NAMES
from search_api.embedding.errors import ImageRejected
from search_api.embedding.extraction import Embed
from search_api.images.metadata import NAME, merge
from search_api.images.paths import upload_path
from search_api.images.upload_storage import UploadStorage
from search_api.stores.base import BadRecord, Metadata, Record, Store, Vector, image_id
from wire.extraction import Rejected

_MAX_NAME = 255
_JOINERS = "\u200c\u200d"  # parts of Persian words and of emoji


@dataclass(frozen=True)
class Upload:
    """An image file as a client sent it: the name is the client's word, good for display only.

    ``refusal`` says why its bytes were not even looked at.
    """

    name: str
    data: bytes
    refusal: ImageError | None = None


@dataclass(frozen=True)
class Addition:
    """What became of one upload: its record, new or written over an older one, or why there is none."""

    name: str
    record: Record | None = None
    replaced: bool = False
    rejected: Rejected | None = None


def add_images(
    uploads: Sequence[Upload], metadata: Metadata, embed: Embed, store: Store, storage: UploadStorage
) -> list[Addition]:
    """Add ``uploads``, in order, each with ``metadata``; a refused one costs the others nothing.

    What is known by its bytes is not embedded again. Raises ImageRejected when the only one is refused, and what
    ``embed``, ``store`` and ``storage`` raise: BadRecord for metadata that is too long for this store.
    """
    store.check_writable()
    files = [_examine(upload) for upload in uploads]
    vectors = _vectors({file.sha256: file.data for file in files if not file.refusal}, embed, store)
    with storage.exclusive():
        paths = [file.path for file in files if not file.refusal]
        existing = {record.file_path: record for record in store.by_path(paths)}
        additions = []
        for file in files:
            additions.append(_addition(file, metadata, vectors, existing))
            if additions[-1].record:
                existing[file.path] = additions[-1].record  # the same bytes may come twice
        if len(additions) == 1 and additions[0].rejected:
            raise ImageRejected(additions[0].rejected)
        records = list({addition.record.id: addition.record for addition in additions if addition.record}.values())
        data = {file.path: file.data for file in files}
        storage.save({record.file_path: data[record.file_path] for record in records})
        try:
            store.upsert(records)
        except BadRecord:
            storage.delete_unreferenced(record.file_path for record in records)
            raise
        store.publish()
    return additions


@dataclass(frozen=True)
class _File:
    """An upload that was looked at: its hash and its path, or why it is refused."""

    name: str
    data: bytes
    sha256: str
    path: str = ""
    refusal: Rejected | None = None


def _examine(upload: Upload) -> _File:
    file = _File(_display_name(upload.name), upload.data, hashlib.sha256(upload.data).hexdigest())
    if upload.refusal:
        return replace(file, refusal=_rejected(upload.refusal))
    try:
        return replace(file, path=upload_path(file.sha256, sniff(upload.data).suffix))
    except ImageError as error:
        return replace(file, refusal=_rejected(error))


def _rejected(error: ImageError) -> Rejected:
    return Rejected(ERROR_NAMES[type(error)], str(error))


def _vectors(images: dict[str, bytes], embed: Embed, store: Store) -> dict[str, Vector | Rejected]:
    """Return for each of ``images``, which are by their hashes, its vector or why it has none."""
    known = store.by_sha256(list(images), with_vectors=True)
    vectors: dict[str, Vector | Rejected] = {
        record.sha256: record.vector for record in known if record.vector is not None
    }
    new = {sha256: data for sha256, data in images.items() if sha256 not in vectors}
    if new:
        extraction = embed(list(new.values()))
        store.expect(extraction.fingerprint)
        vectors.update(zip(new, extraction.items, strict=True))
    return vectors


def _addition(
    file: _File, metadata: Metadata, vectors: Mapping[str, Vector | Rejected], existing: Mapping[str, Record]
) -> Addition:
    vector = file.refusal or vectors[file.sha256]
    if isinstance(vector, Rejected):
        return Addition(file.name, rejected=vector)
    old = existing.get(file.path)
    known = {**(old.metadata if old else {}), NAME: file.name, "bytes": len(file.data)}
    record = Record(image_id(file.path), file.path, file.sha256, vector, merge(known, metadata))
    return Addition(file.name, record, old is not None)


def _display_name(name: str) -> str:
    """Return the last part of a client's file name, without characters that a terminal or a page would act on."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char in _JOINERS or not category(char).startswith("C"))[:_MAX_NAME]
