"""Starts Elasticsearch as the entry point of Elastic's own image does, as far as the compose file can see.

Settings come from variables with a dot in their name, the password of the user ``elastic`` from ELASTIC_PASSWORD. Where
Elastic's keeps that in a keystore, this one writes the user into a file: the tool for the former is not here.
"""

import base64
import hashlib
import os
import re
from pathlib import Path

HOME = Path("/usr/share/elasticsearch")
CONFIG = HOME / "config"
JAVA = "/usr/share/java-home"
SMALL = ["-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"]


def main() -> None:
    salt = os.urandom(32)
    key = hashlib.pbkdf2_hmac("sha512", os.environ["ELASTIC_PASSWORD"].encode(), salt, 10_000, 32)
    hashed = f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
    (CONFIG / "users").write_text(f"elastic:{hashed}\n")
    (CONFIG / "users_roles").write_text("superuser:elastic\n")
    settings = {
        "cluster.name": "docker-cluster",
        "network.host": "0.0.0.0",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "xpack.security.authc.reserved_realm.enabled": "false",
        "xpack.security.enrollment.enabled": "false",
    }
    settings |= {name: value for name, value in os.environ.items() if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name)}
    (CONFIG / "elasticsearch.yml").write_text("".join(f"{name}: {value}\n" for name, value in settings.items()))
    options = CONFIG / "jvm.options"
    options.write_text("\n".join(line for line in options.read_text().splitlines() if "-Xlog:gc" not in line))
    environment = {
        "PATH": "/usr/bin:/bin",
        "JAVA": f"{JAVA}/bin/java",
        "JAVA_HOME": JAVA,
        "ES_HOME": str(HOME),
        "ES_PATH_CONF": str(CONFIG),
        "ES_DISTRIBUTION_TYPE": "docker",
        "JAVA_TYPE": "bundled JDK",
        "ES_TMPDIR": "/tmp",
        "ES_JAVA_OPTS": os.environ.get("ES_JAVA_OPTS", ""),
        "CLI_JAVA_OPTS": " ".join(SMALL),
    }
    main_class = ["-cp", f"{HOME}/lib/tools/server-launcher/*", "org.elasticsearch.server.launcher.ServerLauncher"]
    os.execve(environment["JAVA"], [environment["JAVA"], *SMALL, *main_class], environment)


if __name__ == "__main__":
    main()
