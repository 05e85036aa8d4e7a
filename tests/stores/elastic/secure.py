"""A secure Elasticsearch as tests see it, and the smallest roles that our programs need."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.servers.certificates import Certificate
from tests.servers.elasticsearch import PASSWORD, USER, Elasticsearch

PATTERN = "images*"  # of the store's name and of all that is made beside it
CLUSTER = ["monitor"]
SEARCHING = ["read", "view_index_metadata"]
INGESTING = ["read", "index", "delete", "maintenance", "view_index_metadata"]  # into a collection that is there
MANAGING = ["read", "write", "manage"]  # that makes, swaps and drops collections, and ingests


def role(privileges: list[str], cluster: list[str] = CLUSTER, names: str = PATTERN) -> dict[str, Any]:
    """A role as Elasticsearch takes it."""
    return {"cluster": cluster, "indices": [{"names": [names], "privileges": privileges}]}


@dataclass(frozen=True)
class Secure:
    """A server with security; ``certificate`` where it speaks TLS."""

    server: Elasticsearch
    certificate: Certificate | None

    def url(self, name: str, *, login: str = f"{USER}:{quote(PASSWORD)}", **options: object) -> str:
        """The store URL of ``name``, by default as the administrator."""
        scheme = "elasticsearch+https" if self.certificate else "elasticsearch"
        if self.certificate:
            options = {"ca": self.certificate.certificate, **options}
        query = "&".join(f"{key}={quote(str(value), safe='/')}" for key, value in options.items() if value is not None)
        return f"{scheme}://{login}{'@' if login else ''}{self.server.address}/{name}?{query}".rstrip("?")

    def url_by_key(self, name: str, role: dict[str, Any]) -> str:
        """The store URL of ``name`` with a new API key that has ``role``."""
        return self.url(name, login="", api_key=self.make_key(role))

    def make_key(self, role: dict[str, Any]) -> str:
        """A new API key."""
        body = {"name": "a key of the tests", "role_descriptors": {"a role": role}}
        answer = self.server.ask("POST", "_security/api_key?refresh=true", body)
        assert answer.ok, answer.text
        return str(answer.json()["encoded"])

    def make_user(self, user: str, password: str, role: dict[str, Any]) -> None:
        """A new user with a role of the same name."""
        for path, body in ((f"role/{user}", role), (f"user/{user}", {"password": password, "roles": [user]})):
            answer = self.server.ask("PUT", f"_security/{path}", body)
            assert answer.ok, answer.text


def make_secure(release: str, folder: Path, *, tls: bool) -> Secure:
    """Such a server, not started yet."""
    certificate = Certificate.make(folder) if tls else None
    return Secure(Elasticsearch(release, folder, secure=True, certificate=certificate, heap="512m"), certificate)
