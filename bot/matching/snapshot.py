"""What was learnt from a library, kept in a file: the second start reads it and learns nothing again.

The file's name is a hash of the library and of this room's own source, so that neither a changed entry nor a changed
engine can meet an old file. It holds plain arrays; nothing in it is ever run. A file that is damaged is learnt anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.matching.scoring import FeatureSpace, Postings

_log = logging.getLogger(__name__)
_ARRAYS = ("starts", "classes", "weights", "centres", "base")
_KEPT = 4


def snapshot_file(folder: Path, version: str) -> Path:
    """Where the snapshot of the library *version* stands in *folder*."""
    return folder / f"index-{hashlib.sha256(f'{version}{_engine()}'.encode()).hexdigest()[:24]}.npz"


def read_snapshot(file: Path) -> tuple[FeatureSpace, Postings] | None:
    """What was learnt, or None where there is no such file or it cannot be read."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            names = arrays["names"].tobytes().decode().split("\n")
            space = FeatureSpace({name: at for at, name in enumerate(names)}, arrays["space"])
            return space, Postings(*(arrays[name] for name in _ARRAYS))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("The snapshot %s cannot be read (%s); the index is built anew.", file.name, error)
        return None


def write_snapshot(file: Path, space: FeatureSpace, postings: Postings) -> None:
    """Keep what was learnt in *file*, whole or not at all; a folder that cannot be written to costs only time."""
    names = np.frombuffer("\n".join(space.names).encode(), np.uint8)
    arrays = {name: getattr(postings, name) for name in _ARRAYS}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=file.parent, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, names=names, space=space.weights, **arrays)
        Path(unfinished).replace(file)
        _forget_old(file.parent)
    except OSError as error:
        _log.info("The snapshot is not kept: %s", error)


def _forget_old(folder: Path) -> None:
    """Keep the newest few snapshots: two versions during an upgrade, and a colleague's."""
    files = sorted(folder.glob("index-*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)
    for file in files[_KEPT:]:
        file.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _engine() -> str:
    """A hash of this room's source: another engine learns anew."""
    digest = hashlib.sha256(np.__version__.encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
