"""Elasticsearch's failures under the names that every store has."""

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
_GONE = ("index_not_found_exception", "no_such_index_exception")
_FOR_THE_MOMENT = (429, 503)
_REFUSALS = {
    401: "Elasticsearch does not accept the user, password or API key ({display_name}).",
    403: "This user may not do that in Elasticsearch ({display_name}): {reason}.",
    429: "Elasticsearch is overloaded ({display_name}): try again a little later.",
}
_BLOCKS = {
    429: "Elasticsearch lets nobody write ({display_name}), because its disk is full: make room, then it goes on ({reason}).",
    503: "Elasticsearch is starting or has no master ({display_name}): try again a little later ({reason}).",
}


@contextmanager
def translate_errors(display_name: str) -> Iterator[None]:
    """Raise what goes wrong inside as a store's failure; ``display_name`` says which index of which server it is."""
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
            f"Elasticsearch cannot be reached ({display_name}): start it or mend the address."
        ) from error
    except UnsupportedProductError as error:
        raise StoreUnavailable(f"What answers is not Elasticsearch 8 or 9 ({display_name}).") from error
    except ApiError as error:
        raise _of_request(error, display_name) from error
    except TransportError as error:
        raise StoreUnavailable(f"Elasticsearch gave an answer that cannot be read ({display_name}).") from error


def named(status: int, error: Mapping[str, Any], display_name: str) -> StoreUnavailable | StoreTimeout:
    """What ``error`` means, as Elasticsearch describes the failure of a request, or of an item of one."""
    kind = str(error.get("type"))
    reason = " ".join(str(error.get("reason") or kind).split()).rstrip(" ;.")
    if kind in _GONE:
        return missing(display_name)
    if kind == _OTHER_MAJOR:
        return StoreUnavailable(
            f"This is another major version of Elasticsearch ({display_name}): take 9, or 8 from 8.16 on."
        )
    if kind == _CLOSED:
        return StoreUnavailable(f"The index is closed ({display_name}): open it in Elasticsearch.")
    if kind == _BLOCKED:
        sentence = _BLOCKS.get(status, "The index is blocked ({display_name}): lift that in its settings ({reason}).")
    elif status == 504 or "timeout" in kind:
        return StoreTimeout(f"Elasticsearch took too long ({display_name}): {reason}.")
    elif status >= 500:
        sentence = "Elasticsearch cannot answer now, parts of the index are away ({display_name}): {reason}."
    else:
        sentence = _REFUSALS.get(status, "Elasticsearch refuses the request ({display_name}): {reason}.")
    return StoreUnavailable(sentence.format(display_name=display_name, reason=reason))


def missing(display_name: str) -> StoreMissing:
    """Nothing has this name."""
    return StoreMissing(f"There is no such index ({display_name}): run python -m scripts.ingest FOLDER.")


def means_missing(error: ApiError) -> bool:
    """Whether it is Elasticsearch that says so, and not something before it that knows no such page."""
    return cause_of(error).get("type") in _GONE


def will_pass(status: int, error: Mapping[str, Any]) -> bool:
    """Whether the same request may succeed in a moment; a full disk takes longer."""
    return status in _FOR_THE_MOMENT and not (status == 429 and error.get("type") == _BLOCKED)


def is_of_the_record(status: int, error: Mapping[str, Any]) -> bool:
    """Whether an item was refused for what is in it."""
    return status == 400 and error.get("type") != _CLOSED


def cause_of(error: ApiError) -> Mapping[str, Any]:
    """The innermost cause that Elasticsearch gives; empty when the answer is not its own."""
    body = error.body if isinstance(error.body, dict) else {}
    cause = body.get("error")
    if body.get("failures"):  # of single records, as deleting by a query tells them
        cause = body["failures"][0].get("cause")
    if not isinstance(cause, dict):
        return {"reason": cause} if cause else {}
    return next(iter(cause.get("root_cause") or ()), cause)


def _of_request(error: ApiError, display_name: str) -> StoreUnavailable | StoreTimeout:
    status, cause = error.meta.status, cause_of(error)
    if not cause:
        return StoreUnavailable(f"What answers with status {status} is not Elasticsearch itself ({display_name}).")
    return named(status, cause, display_name)
