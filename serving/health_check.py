"""Ends with 0 when a service is ready: ``python -m serving.health_check URL`` is the health check of the images.

It runs every ten seconds, so it loads the standard library only; and no proxy is asked.
"""

import http.client
import sys
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 25


def is_ready(url: str) -> bool:
    """Return whether ``url`` answers with status 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_ready(sys.argv[1]))
