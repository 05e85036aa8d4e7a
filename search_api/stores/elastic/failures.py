"""Elasticsearch's failures under the names that every store has."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionError as CannotConnect
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from search_api.stores.base import StoreMissing, StoreTimeout, StoreUnavailable

BLOCKED = "cluster_block_exception"
_REFUSALS = {
    401: "Elasticsearch does not accept the user, password or API key ({shown}).",
    403: "This user may not do that in Elasticsearch ({shown}): {reason}.",
    429: "Elasticsearch is overloaded ({shown}): try again a little later.",
}
_GONE = ("index_not_found_exception", "no_such_index_exception")


@contextmanager
def naming_failures(shown: str) -> Iterator[None]:
    """Raise what goes wrong inside as a store's failure; ``shown`` says which index of which server it is."""
    try:
        yield
    except (ConnectionTimeout, TimeoutError) as error:
        raise StoreTimeout(f"Elasticsearch took too long ({shown}): narrow the search or give it more time.") from error
    except TlsError as error:
        raise StoreUnavailable(
            f"No trusted connection to Elasticsearch ({shown}): name its certificate authority with ?ca=FILE ({error})."
        ) from error
    except CannotConnect as error:
        raise StoreUnavailable(f"Elasticsearch cannot be reached ({shown}): is it running?") from error
    except UnsupportedProductError as error:
        raise StoreUnavailable(f"What answers is not Elasticsearch 8 or 9 ({shown}).") from error
    except ApiError as error:
        raise _named(error, shown) from error
    except TransportError as error:
        raise StoreUnavailable(f"Elasticsearch gave an answer that cannot be read ({shown}): {error}.") from error


def error_type(error: ApiError) -> str:
    """What Elasticsearch calls the failure."""
    return str(_cause(error).get("type", ""))


def _named(error: ApiError, shown: str) -> StoreUnavailable | StoreTimeout:
    status, kind, reason = error.meta.status, error_type(error), str(_cause(error).get("reason", error.message))
    if kind in _GONE:
        return missing(shown)
    if kind == BLOCKED:
        return blocked(shown, reason)
    if status == 504 or "timeout" in kind:
        return StoreTimeout(f"Elasticsearch took too long ({shown}): {reason}.")
    if status >= 500:
        return StoreUnavailable(f"Elasticsearch cannot answer now, parts of the index are away ({shown}): {reason}.")
    sentence = _REFUSALS.get(status, "Elasticsearch refuses the request ({shown}): {reason}.")
    return StoreUnavailable(sentence.format(shown=shown, reason=reason))


def missing(shown: str) -> StoreMissing:
    """Nothing has this name."""
    return StoreMissing(f"There is no such index ({shown}): run python -m scripts.ingest FOLDER.")


def blocked(shown: str, reason: str) -> StoreUnavailable:
    """Writing is forbidden: mostly because the disk is full."""
    return StoreUnavailable(
        f"Elasticsearch does not let anybody write ({shown}); mostly its disk is full: make room, then it goes on"
        f" ({reason.rstrip(' ;.')})."
    )


def _cause(error: ApiError) -> dict[str, Any]:
    """The innermost cause that Elasticsearch gives; empty when the answer is not its own."""
    body = error.body if isinstance(error.body, dict) else {}
    cause = body.get("error")
    cause = cause if isinstance(cause, dict) else {}
    roots = cause.get("root_cause")
    if isinstance(roots, list) and roots and isinstance(roots[0], dict):
        return roots[0]
    return cause
