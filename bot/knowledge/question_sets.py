"""Question sets: YAML that an editor writes to measure the answers, read as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.errors import InputError

Row = dict[str, Any]
"""One row of a set: ``q``, the question, and what is right for it (``ids``, ``corrects`` ...)."""


def read_yaml(file: Path) -> Any:
    """
    The content of one YAML file, safely.

    Raises: InputError: it cannot be read, in one line that says where.
    """
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 text (byte {error.start}): save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise InputError(f"{file}: not valid YAML ({' '.join(str(error).split())}).") from error


def read_rows(file: Path) -> list[Row]:
    """
    The rows of a set; a mapping from id to questions is read as rows with ``q`` and ``ids``.

    Raises: InputError: as ``read_yaml``.
    """
    content = read_yaml(file)
    if isinstance(content, dict):
        return [{"q": question, "ids": [one]} for one, questions in content.items() for question in questions]
    return list(content)
