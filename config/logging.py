"""Logging: one JSON object a line on standard error."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        content: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        content |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            content["error"] = self.formatException(record.exc_info)
        return json.dumps(content, default=str)


def configure(level: str) -> None:
    """Send every logger's lines to standard error."""
    sink = logging.StreamHandler()
    sink.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[sink], force=True)
    for told_by_us in ("httpx", "stripe"):  # a line for each request says nothing new, and may say too much
        logging.getLogger(told_by_us).setLevel(logging.WARNING)
