"""Many questions on the command line: read from a file or as they come, with a bar for those who wait."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from bot.errors import InputError

_PROGRESS_FROM = 200
_Item = TypeVar("_Item")


def batch_questions(batch: str) -> Iterable[str]:
    """
    One question a line; a line that is a JSON object is read as ``{"q": ...}``; empty lines are questions too.

    Standard input is read as it comes, so that each question is answered before the next is asked.
    Raises: InputError: the file or standard input cannot be read.
    """
    if batch == "-":
        if not isinstance(sys.stdin, io.TextIOWrapper):  # it may be closed, and is None then
            raise InputError("-: cannot be read (it is closed).")
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        return (_question_of(line.rstrip("\n")) for line in sys.stdin)
    try:
        text = Path(batch).read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise InputError(f"{batch}: cannot be read ({error.strerror}).") from error
    return [_question_of(line.rstrip("\n")) for line in io.StringIO(text, newline=None)]


def _question_of(line: str) -> str:
    """The question in a line: the text of ``q`` in a JSON object that has one, else the line as it stands."""
    if line.lstrip().startswith("{"):
        try:
            question = json.loads(line)["q"]
        except (ValueError, KeyError, RecursionError):
            return line
        return question if isinstance(question, str) else line
    return line


def with_progress(items: Iterable[_Item]) -> Iterable[_Item]:
    """*items* with a progress bar on the terminal's error stream; not in pipes, for few or for an unknown number."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if not isinstance(items, list) or len(items) < _PROGRESS_FROM or not console.is_terminal:
        return items
    return track(items, description="Asking", console=console, transient=True)
