"""One request to one address of the extractor: its JSON answer, or an exception that says what the failure means."""

import itertools
import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ProtocolError

from search_api.embedding.errors import BadAddress, ExtractorBusy, ExtractorUnavailable, ImageRejected, NotAnExtractor
from search_api.embedding.retry import RetryableError
from wire.errors import IMAGE_ERRORS
from wire.extraction import Rejected

_CONNECT_SECONDS = 3.05
_CONNECTIONS = 32
_MAX_RETRY_AFTER = 30.0
_REJECTIONS = (*IMAGE_ERRORS, "bad_parameter")
_AWAY_FOR_A_MOMENT = (502, 503, 504)  # the extractor itself says 503 only, a proxy before it any of them


class Transport:
    """Pooled connections to one or several addresses that share the load; used by any number of threads."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Check ``urls``; raises BadAddress, for none at all too."""
        self._urls = [_checked(url) for url in urls or [""]]
        self._turn = itertools.cycle(range(len(self._urls)))
        self._turn_lock = threading.Lock()
        self._session = requests.Session()
        self._session.trust_env = False  # an inner service: no proxy, no .netrc
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=len(self._urls), pool_maxsize=_CONNECTIONS))

    def __len__(self) -> int:
        return len(self._urls)

    def rotation(self) -> list[str]:
        """Return all addresses, beginning with the next one each time."""
        with self._turn_lock:
            first = next(self._turn)
        return self._urls[first:] + self._urls[:first]

    def send(self, url: str, method: str, route: str, timeout: float, **request: Any) -> Any:
        """Return the JSON of the answer, which may take ``timeout`` seconds.

        Raises RetryableError for what may pass, ImageRejected for a refusal by name, else NotAnExtractor.
        """
        try:
            timeouts = (_CONNECT_SECONDS, timeout)
            answer = self._session.request(method, url + route, timeout=timeouts, allow_redirects=False, **request)
        except requests.RequestException as error:
            raise _no_answer(error, display_name(url)) from error
        body = _json_of(answer)
        if answer.status_code != 200 or body is None:
            raise _refusal(answer, body, display_name(url))
        return body

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()


def display_name(url: str) -> str:
    """Return host and port of ``url``, without the user and password that may be in it: clients see it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadAddress(f"{url!r} is not the address of an extractor: use one such as http://127.0.0.1:5004.")
    return url.rstrip("/")


def _json_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except requests.JSONDecodeError:
        return None


def _refusal(answer: requests.Response, body: Any, host: str) -> Exception:
    fields = body if isinstance(body, dict) else {}
    name, detail = str(fields.get("error", "")), str(fields.get("detail", ""))
    retry_after = _retry_after(answer)
    if answer.status_code == 429:
        return RetryableError(ExtractorBusy("The extractor is busy: try again in a second."), retry_after=retry_after)
    if answer.status_code in _AWAY_FOR_A_MOMENT:
        return RetryableError(ExtractorUnavailable(f"The extractor at {host} is not ready."), retry_after=retry_after)
    if name in _REJECTIONS:
        return ImageRejected(Rejected(name, detail))
    if answer.status_code >= 500:
        failure = f"The extractor at {host} fails with status {answer.status_code}: its log says why."
        return RetryableError(ExtractorUnavailable(failure), crash=True)
    content = name or ("JSON" if body is not None else "no JSON")
    return NotAnExtractor(f"{host} is not an extractor: it answered {answer.status_code} and {content}.")


def _no_answer(error: requests.RequestException, host: str) -> RetryableError:
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.ConnectionError) and isinstance(cause, ProtocolError):
        failure = f"The extractor at {host} closes the connection in the middle of a request."
        return RetryableError(ExtractorUnavailable(failure), crash=True)
    return RetryableError(ExtractorUnavailable(f"The extractor at {host} does not answer ({type(error).__name__})."))


def _retry_after(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _MAX_RETRY_AFTER) if text.isdigit() else 0.0
