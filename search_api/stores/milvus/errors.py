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
def translate_errors(display_name: str) -> Iterator[None]:
    """Raise Milvus' errors inside as the store contract's; ``display_name`` names the collection and its server."""
    try:
        yield
    except MilvusException as error:
        raise _of_milvus(error, display_name) from error
    except grpc.RpcError as error:
        raise _of_connection(_status(error), display_name) from error


def missing(display_name: str) -> StoreMissing:
    """Nothing has this name."""
    return StoreMissing(f"There is no such collection ({display_name}): run python -m scripts.ingest FOLDER.")


def means_missing(error: MilvusException) -> bool:
    """Whether Milvus says that nothing has the name."""
    return error.code in (_NO_COLLECTION, _NO_ALIAS)


def _of_milvus(error: MilvusException, display_name: str) -> StoreUnavailable | StoreTimeout:
    cause = error.__cause__
    if isinstance(cause, grpc.RpcError):
        return _of_connection(_status(cause), display_name)
    reason = " ".join(str(error.message).split()).rstrip(" .")
    if means_missing(error):
        return missing(display_name)
    if error.code == _NO_CONNECTION:
        return _of_connection(grpc.StatusCode.UNAVAILABLE, display_name)
    if error.code in _OVERLOADED:
        return StoreUnavailable(f"Milvus is overloaded ({display_name}): try again a little later ({reason}).")
    if "timeout" in reason.lower() or "deadline" in reason.lower():
        return StoreTimeout(f"Milvus took too long ({display_name}): narrow the search or give it more time.")
    return StoreUnavailable(f"Milvus refuses the request ({display_name}): {reason}.")


def _of_connection(status: grpc.StatusCode, display_name: str) -> StoreUnavailable | StoreTimeout:
    if status is _TOOK_TOO_LONG:
        return StoreTimeout(f"Milvus took too long ({display_name}): narrow the search or give it more time.")
    if status in _REFUSED_LOGIN:
        return StoreUnavailable(f"Milvus does not accept the user or password ({display_name}).")
    trust = " or name its certificate authority with ?ca=FILE" if display_name.startswith("https:") else ""
    return StoreUnavailable(f"Milvus cannot be reached ({display_name}): start it or mend the address{trust}.")


def _status(error: grpc.RpcError) -> grpc.StatusCode:
    """Every failed call has one; the type information of grpc does not say so."""
    return error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
