"""Logs as JSON lines: a plain sentence, a fixed ``action``, ids; never a token, never what a person typed."""

from __future__ import annotations

import contextvars
import datetime as dt
import json
import logging
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

FIELDS: Final = ("action", "kind", "event", "retry", "method", "code", "ms")
"""What a line may hold beside its sentence: fixed words, Slack's own names and numbers, so nothing of a person."""

_request: contextvars.ContextVar[str] = contextvars.ContextVar("advisor_request", default="")
_ID_BYTES = 4
_P = ParamSpec("_P")
_T = TypeVar("_T")


def begin_request() -> str:
    """Give what happens from here on in this thread a new id (8 hexadecimal digits), and return it."""
    request_id = secrets.token_hex(_ID_BYTES).upper()
    _request.set(request_id)
    return request_id


def request_id() -> str:
    """The id of the request under way; empty outside of one."""
    return _request.get()


class RequestThreads(ThreadPoolExecutor):
    """Threads that know the request that their work belongs to: a pool's own would not."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """As ``ThreadPoolExecutor.submit``, in a copy of the context of whoever submits."""
        context = contextvars.copy_context()
        work: Callable[..., Any] = context.run
        return super().submit(work, fn, *args, **kwargs)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, the request's id, and ``FIELDS`` where given."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for *record*; a trace is one string in it."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := _request.get():
            line["request"] = request
        for name in FIELDS:
            if (value := getattr(record, name, None)) not in (None, ""):
                line[name] = value if isinstance(value, int | float) else str(value)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(level: str) -> None:
    """Send all logs of *level* and above to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
