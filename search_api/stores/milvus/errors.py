"""Translates Milvus' errors into the exceptions that every store raises."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from pymilvus import MilvusException

from search_api.stores.base import StoreMissing, StoreTimeout, StoreUnavailable

_NO_CONNECTION = 2
_NO_COLLECTION = 100
_NO_ALIAS = 1600
_OVERLOADED = (8, 9, 49)  # out of memory or disk, or more requests than the server is configured for
_LOGIN_REJECTED = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_TIMED_OUT = grpc.StatusCode.DEADLINE_EXCEEDED


@contextmanager
def translate_errors(display_name: str) -> Iterator[None]:
    """Raise the client's errors inside as StoreUnavailable and its like; ``display_name`` is server and collection."""
    try:
        yield
    except MilvusException as error:
        raise _milvus_error(error, display_name) from error
    except grpc.RpcError as error:
        raise _connection_error(_status(error), display_name) from error


def store_missing(display_name: str) -> StoreMissing:
    """Return the exception for a name that leads to no collection."""
    return StoreMissing(f"There is no such collection ({display_name}): run python -m scripts.ingest FOLDER.")


def is_missing_collection(error: MilvusException) -> bool:
    """Return whether Milvus knows no collection or alias of the name."""
    return error.code in (_NO_COLLECTION, _NO_ALIAS)


def _milvus_error(error: MilvusException, display_name: str) -> StoreUnavailable | StoreTimeout:
    cause = error.__cause__
    if isinstance(cause, grpc.RpcError):
        return _connection_error(_status(cause), display_name)
    reason = " ".join(str(error.message).split()).rstrip(" .")
    if is_missing_collection(error):
        return store_missing(display_name)
    if error.code == _NO_CONNECTION:
        return _connection_error(grpc.StatusCode.UNAVAILABLE, display_name)
    if error.code in _OVERLOADED:
        return StoreUnavailable(f"Milvus is overloaded ({display_name}): try again a little later ({reason}).")
    if "timeout" in reason.lower() or "deadline" in reason.lower():
        return StoreTimeout(f"Milvus took too long ({display_name}): narrow the search or give it more time.")
    return StoreUnavailable(f"Milvus rejects the request ({display_name}): {reason}.")


def _connection_error(status: grpc.StatusCode, display_name: str) -> StoreUnavailable | StoreTimeout:
    if status is _TIMED_OUT:
        return StoreTimeout(f"Milvus took too long ({display_name}): narrow the search or give it more time.")
    if status in _LOGIN_REJECTED:
        return StoreUnavailable(f"Milvus does not accept the user or password ({display_name}).")
    trust = " or name its certificate authority with ?ca=FILE" if display_name.startswith("https:") else ""
    return StoreUnavailable(f"Milvus cannot be reached ({display_name}): start it or fix the address{trust}.")


def _status(error: grpc.RpcError) -> grpc.StatusCode:
    """Return the status of a failed call; each has one, but the type information of grpc does not say so."""
    return error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
