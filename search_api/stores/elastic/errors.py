"""Translates Elasticsearch's errors into the exceptions that every store raises."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionError as CannotConnect
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from search_api.stores.base import StoreMissing, StoreTimeout, StoreUnavailable

_BLOCKED = "cluster_block_exception"
_CLOSED = "index_closed_exception"
_OTHER_MAJOR = "media_type_header_exception"
_NOT_FOUND = ("index_not_found_exception", "no_such_index_exception")
_TRANSIENT = (429, 503)
_BY_STATUS = {
    401: "Elasticsearch does not accept the user, password or API key ({display_name}).",
    403: "This user is not allowed to do that in Elasticsearch ({display_name}): {reason}.",
    429: "Elasticsearch is overloaded ({display_name}): try again a little later.",
}
_BLOCKS_BY_STATUS = {
    429: "Elasticsearch blocks writes ({display_name}) because its disk is full: free some space ({reason}).",
    503: "Elasticsearch is starting or has no master ({display_name}): try again a little later ({reason}).",
}


@contextmanager
def translate_errors(display_name: str) -> Iterator[None]:
    """Raise the client's errors inside as StoreUnavailable and its like; ``display_name`` is the server and index."""
    try:
        yield
    except (ConnectionTimeout, TimeoutError) as error:
        raise StoreTimeout(
            f"Elasticsearch took too long ({display_name}): narrow the search or give it more time."
        ) from error
    except TlsError as error:
        raise StoreUnavailable(
            f"No trusted connection to Elasticsearch ({display_name}): name its certificate authority with ?ca=FILE"
            f" ({error})."
        ) from error
    except CannotConnect as error:
        raise StoreUnavailable(
            f"Elasticsearch cannot be reached ({display_name}): start it or fix the address."
        ) from error
    except UnsupportedProductError as error:
        raise StoreUnavailable(f"What answers is not Elasticsearch 8 or 9 ({display_name}).") from error
    except ApiError as error:
        raise _request_error(error, display_name) from error
    except TransportError as error:
        raise StoreUnavailable(f"Elasticsearch sent an answer that cannot be read ({display_name}).") from error


def store_error(status: int, error: Mapping[str, Any], display_name: str) -> StoreUnavailable | StoreTimeout:
    """Return the exception for ``error``, which Elasticsearch gives for a request or for one item of a bulk request."""
    kind = str(error.get("type"))
    reason = " ".join(str(error.get("reason") or kind).split()).rstrip(" ;.")
    if kind in _NOT_FOUND:
        return store_missing(display_name)
    if kind == _OTHER_MAJOR:
        return StoreUnavailable(
            f"This is another major version of Elasticsearch ({display_name}): use 9, or 8.16 or a later 8."
        )
    if kind == _CLOSED:
        return StoreUnavailable(f"The index is closed ({display_name}): open it in Elasticsearch.")
    if kind == _BLOCKED:
        sentence = _BLOCKS_BY_STATUS.get(
            status, "The index is blocked ({display_name}): lift the block in its settings ({reason})."
        )
    elif status == 504 or "timeout" in kind:
        return StoreTimeout(f"Elasticsearch took too long ({display_name}): {reason}.")
    elif status >= 500:
        sentence = "Elasticsearch cannot answer now, parts of the index are unavailable ({display_name}): {reason}."
    else:
        sentence = _BY_STATUS.get(status, "Elasticsearch rejects the request ({display_name}): {reason}.")
    return StoreUnavailable(sentence.format(display_name=display_name, reason=reason))


def store_missing(display_name: str) -> StoreMissing:
    """Return the exception for a name that leads to no index."""
    return StoreMissing(f"There is no such index ({display_name}): run python -m scripts.ingest FOLDER.")


def is_missing_index(error: ApiError) -> bool:
    """Return whether Elasticsearch knows no such index; a proxy in front may answer 404 for reasons of its own."""
    return root_cause(error).get("type") in _NOT_FOUND


def is_transient(status: int, error: Mapping[str, Any]) -> bool:
    """Return whether the same request may succeed in a moment; a full disk takes longer."""
    return status in _TRANSIENT and not (status == 429 and error.get("type") == _BLOCKED)


def is_record_error(status: int, error: Mapping[str, Any]) -> bool:
    """Return whether one item of a bulk request was rejected for what is in it."""
    return status == 400 and error.get("type") != _CLOSED


def root_cause(error: ApiError) -> Mapping[str, Any]:
    """Return the innermost cause that Elasticsearch gives; empty when the answer is not its own."""
    body = error.body if isinstance(error.body, dict) else {}
    cause = body.get("error")
    if body.get("failures"):  # of single records, in the answer to a delete by query
        cause = body["failures"][0].get("cause")
    if not isinstance(cause, dict):
        return {"reason": cause} if cause else {}
    return next(iter(cause.get("root_cause") or ()), cause)


def _request_error(error: ApiError, display_name: str) -> StoreUnavailable | StoreTimeout:
    status, cause = error.meta.status, root_cause(error)
    if not cause:
        return StoreUnavailable(f"What answers with status {status} is not Elasticsearch itself ({display_name}).")
    return store_error(status, cause, display_name)
