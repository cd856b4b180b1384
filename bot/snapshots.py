"""Files that keep what takes long to find out: each whole or not at all, of each sort the newest few, none ever run.

A file's name is a hash of what it was found out from and of the source that did it, so that neither a changed entry nor
a changed Advisor can meet an old file.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

KEPT: Final = 4
"""How many of a sort stay: two versions during an upgrade, and a colleague's."""

_log = logging.getLogger(__name__)


def snapshot_name(sort: str, version: str, room: Path, suffix: str) -> str:
    """The name for what the source in the folder *room* found out from *version*, such as ``index-0f3a....npz``."""
    return f"{sort}-{hashlib.sha256(f'{version}{_source(room)}'.encode()).hexdigest()[:24]}{suffix}"


def keep(file: Path, write: Callable[[BinaryIO], object]) -> None:
    """Have *write* fill *file*, whole or not at all; a folder that cannot be written to costs only time."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=file.parent, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        Path(unfinished).replace(file)
        _forget_old(file)
    except OSError as error:
        _log.info("The snapshot is not kept: %s", error)


def _forget_old(newest: Path) -> None:
    sort = newest.name.partition("-")[0]
    files = sorted(newest.parent.glob(f"{sort}-*{newest.suffix}"), key=lambda one: one.stat().st_mtime, reverse=True)
    for file in files[KEPT:]:
        file.unlink(missing_ok=True)


@lru_cache
def _source(room: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(room.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
