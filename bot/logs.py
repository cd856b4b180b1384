"""Logs as JSON lines: a plain sentence, a fixed ``action``, ids; never a token, never what a person typed."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and ``action`` where it is given."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for *record*; a trace is one string in it."""
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if action := getattr(record, "action", None):
            line["action"] = str(action)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(level: str) -> None:
    """Send all logs of *level* and above to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
