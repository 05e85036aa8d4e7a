"""Changing and deleting what is indexed; every change is published before it is answered."""

from collections.abc import Mapping
from dataclasses import replace

from search_api.images.metadata import merge
from search_api.images.records import find_record
from search_api.images.upload_storage import UploadStorage
from search_api.stores.base import MetadataValue, Record, Store


class ConfirmMismatch(ValueError):
    """The number of images is not the one that the client confirmed."""


def change_metadata(
    id_: str, changes: Mapping[str, MetadataValue | None], store: Store, storage: UploadStorage
) -> Record:
    """Write ``changes`` to the metadata of the record ``id_`` and return it; raises NotFound or BadParameter."""
    with storage.exclusive():  # else one of two changes at the same time would be lost
        old = find_record(id_, store, with_vector=True)
        record = replace(old, metadata=merge(old.metadata, changes))
        store.upsert([record])
        store.publish()
    return record


def delete_record(id_: str, store: Store, storage: UploadStorage) -> Record:
    """Delete the record ``id_``, and its file where it was uploaded; return it. Raises NotFound."""
    with storage.exclusive():
        record = find_record(id_, store)
        store.delete(ids=[id_])
        store.publish()
        storage.delete_unreferenced([record.file_path])
    return record


def clear_records(confirmed: int, store: Store, storage: UploadStorage) -> list[Record]:
    """Delete all records, and the files of uploads; return them, without vectors.

    Raises ConfirmMismatch unless there are ``confirmed`` of them.
    """
    with storage.exclusive():
        count = store.count()
        if count != confirmed:
            raise ConfirmMismatch(f"There are {count} images now, not {confirmed}: confirm that number.")
        records = list(store.scan(with_vectors=False))
        store.clear()
        store.publish()
        storage.delete_unreferenced(record.file_path for record in records)
    return records
