"""Sends log lines to stderr, as plain text or as JSON objects."""

import json
import logging
import sys
from typing import Any, Literal

LogFormat = Literal["plain", "json"]


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        request_id = fields.get("request_id") or getattr(record, "request_id", "-")
        text = f"{self.formatTime(record)} {record.levelname} {request_id} {record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", None) or {
            "request_id": getattr(record, "request_id", None),
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields = {**fields, "exception": self.formatException(record.exc_info)}
        line = {"time": self.formatTime(record), "level": record.levelname, **fields}
        return json.dumps(line, ensure_ascii=False)


def configure_logs(log_format: LogFormat) -> None:
    """Send everything of level INFO and above to stderr, and Python's warnings with it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Plain())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for library in ("urllib3", "elastic_transport"):  # the services log one line a request themselves
        logging.getLogger(library).setLevel(logging.WARNING)
