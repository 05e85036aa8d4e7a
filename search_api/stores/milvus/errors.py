"""Milvus' failures under the names that every store has."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from pymilvus import MilvusException

from search_api.stores.base import StoreMissing, StoreTimeout, StoreUnavailable

_NO_CONNECTION = 2
_NO_COLLECTION = 100
_NO_ALIAS = 1600
_OVERLOADED = (8, 9, 49)  # out of memory or disk, or more requests than the server is set to take
_REFUSED_LOGIN = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_TOOK_TOO_LONG = grpc.StatusCode.DEADLINE_EXCEEDED


@contextmanager
def naming_failures(shown: str) -> Iterator[None]:
    """Raise what goes wrong inside as a store's failure; ``shown`` says which collection of which server it is."""
    try:
        yield
    except MilvusException as error:
        raise _of_milvus(error, shown) from error
    except grpc.RpcError as error:
        raise _of_connection(_status(error), shown) from error


def missing(shown: str) -> StoreMissing:
    """Nothing has this name."""
    return StoreMissing(f"There is no such collection ({shown}): run python -m scripts.ingest FOLDER.")


def means_missing(error: MilvusException) -> bool:
    """Whether Milvus says that nothing has the name."""
    return error.code in (_NO_COLLECTION, _NO_ALIAS)


def _of_milvus(error: MilvusException, shown: str) -> StoreUnavailable | StoreTimeout:
    cause = error.__cause__
    if isinstance(cause, grpc.RpcError):
        return _of_connection(_status(cause), shown)
    reason = " ".join(str(error.message).split()).rstrip(" .")
    if means_missing(error):
        return missing(shown)
    if error.code == _NO_CONNECTION:
        return _of_connection(grpc.StatusCode.UNAVAILABLE, shown)
    if error.code in _OVERLOADED:
        return StoreUnavailable(f"Milvus is overloaded ({shown}): try again a little later ({reason}).")
    if "timeout" in reason.lower() or "deadline" in reason.lower():
        return StoreTimeout(f"Milvus took too long ({shown}): narrow the search or give it more time.")
    return StoreUnavailable(f"Milvus refuses the request ({shown}): {reason}.")


def _of_connection(status: grpc.StatusCode, shown: str) -> StoreUnavailable | StoreTimeout:
    if status is _TOOK_TOO_LONG:
        return StoreTimeout(f"Milvus took too long ({shown}): narrow the search or give it more time.")
    if status in _REFUSED_LOGIN:
        return StoreUnavailable(f"Milvus does not accept the user or password ({shown}).")
    trust = " or name its certificate authority with ?ca=FILE" if shown.startswith("https:") else ""
    return StoreUnavailable(f"Milvus cannot be reached ({shown}): start it or mend the address{trust}.")


def _status(error: grpc.RpcError) -> grpc.StatusCode:
    """Every failed call has one; the type information of grpc does not say so."""
    return error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
