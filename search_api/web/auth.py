"""Who may change what is indexed: clients with the key, or without a key clients on this machine."""

import hmac
import ipaddress
import re

from flask import Blueprint, Request, request

_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
_READING = ("GET", "HEAD", "OPTIONS")
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class Unauthorized(PermissionError):
    """The key is missing or wrong."""


class Forbidden(PermissionError):
    """The request comes from a place that may not change anything."""


class WritingGuard:
    """The check of requests that change something.

    A page of another origin is refused always: a browser sends its user's requests wherever a page tells it to. Without
    a key the name of the host counts too, because a stranger's name can be made to lead to this machine.
    """

    def __init__(self, api_key: str | None) -> None:
        self._key = api_key.encode() if api_key else None

    @property
    def needs_key(self) -> bool:
        """Whether a key is set."""
        return self._key is not None

    def check(self, request: Request) -> None:
        """Raise :class:`Unauthorized` or :class:`Forbidden` unless ``request`` may change something."""
        if _is_foreign(request):
            raise Forbidden("Changes are taken from this service's own pages only, not from those of another origin.")
        if self._key is not None:
            scheme, _, key = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(key.strip().encode("latin-1"), self._key):
                raise Unauthorized("Changes need the header Authorization: Bearer, with the key in SEARCH_API_KEY.")
        elif not _is_local(request):
            raise Forbidden(
                "Without SEARCH_API_KEY changes are taken from this machine only, under the name localhost."
            )


def guard_changes(routes: Blueprint, guard: WritingGuard) -> None:
    """Let ``guard`` check every request to ``routes`` that may change something."""

    @routes.before_request
    def check() -> None:
        if request.method not in _READING:
            guard.check(request)


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def _is_local(request: Request) -> bool:
    if any(name in request.headers for name in _PASSED_ON):  # a proxy speaks for somebody else
        return False
    try:
        return bool(_LOCAL_HOST.fullmatch(request.host)) and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
