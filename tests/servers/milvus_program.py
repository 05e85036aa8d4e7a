"""The program milvus-server, but that a server that has just stopped gets its port again and not the next one.

The program looks for free ports, and connections that were closed a moment ago make one look taken for a minute.
"""

import socket
import sys

import milvus


def _bound(self: object, port: int) -> socket.socket | None:
    """Return a socket at ``port``; None where another process listens."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        held.listen()
    except OSError:
        held.close()
        return None
    return held


if __name__ == "__main__":
    milvus.MilvusServerConfig.try_bind_port = _bound
    sys.exit(milvus.main())
