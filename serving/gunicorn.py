"""Runs a Flask app in production: gunicorn with one worker process and threads."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

# A worker that is not up after this long counts as hung: the first start may download and convert a model.
_START_SECONDS = 900
_AT_EXIT = "at_exit"
_APP_LOAD_ERROR = 4  # gunicorn stops altogether when a worker leaves with this, instead of starting it again


class CannotStart(RuntimeError):
    """The service cannot start; the message is one sentence that says what to do."""


class _PropagatingLogger(Logger):  # type: ignore[misc]
    """Sends gunicorn's own lines to the handler that :func:`serving.logs.configure_logs` installs."""

    def setup(self, cfg: Any) -> None:
        self.error_log.propagate = True


def at_exit(app: Flask, close: Callable[[], object]) -> None:
    """Call ``close`` as soon as the service is asked to stop, while it still answers the requests in flight."""
    app.extensions.setdefault(_AT_EXIT, []).append(close)


def _close_at_signals(worker: Any) -> None:
    """Call what :func:`at_exit` has registered when a signal comes, so that long requests and threads end too.

    All signals end the service as SIGTERM does. Ctrl-C comes twice, from the terminal and from the master, and
    gunicorn's handlers of the two can wait for each other for ever.
    """
    signals: SimpleQueue[None] = SimpleQueue()  # a signal may interrupt anything, and this needs no lock
    finish = signal.getsignal(signal.SIGTERM)
    assert callable(finish)

    def close_all() -> None:
        signals.get()
        for close in worker.app.callable.extensions.get(_AT_EXIT, []):
            close()

    def end(number: int, frame: FrameType | None) -> None:
        signals.put(None)
        finish(number, frame)

    threading.Thread(target=close_all, daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, end)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no type information
    def __init__(self, create: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._create = create
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        try:
            return self._create()
        except CannotStart as error:
            logging.getLogger(__name__).error("%s", error)
            sys.exit(_APP_LOAD_ERROR)


def serve(create: Callable[[], Flask], host: str, port: int, threads: int) -> None:
    """Serve the app that ``create`` returns until a signal comes. ``create`` runs in the worker, after the fork."""
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": threads,
        "timeout": _START_SECONDS,
        "graceful_timeout": 30,
        "keepalive": 75,
        "control_socket_disable": True,
        "logger_class": _PropagatingLogger,
        "post_worker_init": _close_at_signals,
    }
    _Server(create, options).run()
