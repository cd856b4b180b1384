"""A folder read and checked. Where nothing stands in the way of it, what was read is kept in a file, so that the next
start has no YAML to read.

Checking depends on the day in one way alone: an entry comes up for review, a change lies in the future. Between two
such days it finds the same, so the file says for which days it holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pydantic
from pydantic import ValidationError

from bot.errors import KnowledgeError
from bot.knowledge.checking import check
from bot.knowledge.entry import Entry, Part
from bot.knowledge.faults import Fault
from bot.knowledge.library import Library
from bot.knowledge.loading import Loaded, files_of, load
from bot.knowledge.shelf_lives import ShelfLife
from bot.knowledge.vocabulary import DeclineTopic, Vocabulary
from bot.snapshots import keep, snapshot_name

_ROOM = Path(__file__).parent
_log = logging.getLogger(__name__)


class _Warning(Part):
    file: str
    line: int
    text: str


class _Kept(Part):
    """What was read, the warnings, and the days for which both hold: from one up to, and not with, the other."""

    since: dt.date
    until: dt.date
    version: str
    entries: tuple[Entry, ...]
    vocabulary: Vocabulary
    declines: tuple[DeclineTopic, ...]
    shelf_lives: tuple[ShelfLife, ...]
    warnings: tuple[_Warning, ...]


Checked = tuple[Library, tuple[Fault, ...]]
"""A library without faults, and the warnings about it."""


def read_checked(folder: Path, *, today: dt.date, snapshots: Path | None = None) -> Checked:
    """
    The library of the house's own *folder*, read and checked; it is kept in the folder *snapshots*.

    Raises: KnowledgeError: any entry breaks a rule; its text lists every fault, one a line.
    """
    file = _file(folder, snapshots)
    loaded = load(folder)
    faults = check(loaded, today=today)
    broken = [fault for fault in faults if fault.severity != "warning"]
    if broken:
        head = f"{folder} has {len(broken)} faults; mend them and start again:"
        raise KnowledgeError("\n".join([head, *(f"  {fault}" for fault in broken)]), broken)
    if file is not None and file == _file(folder, snapshots):  # nobody saved anything meanwhile
        text = _to_keep(loaded, faults, folder, today).model_dump_json(exclude_defaults=True)
        keep(file, lambda stream: stream.write(text.encode()))
    return loaded.library, tuple(faults)


def read_kept(folder: Path, *, today: dt.date, snapshots: Path | None) -> Checked | None:
    """The same without reading the folder's YAML; None where what is in it now is not kept."""
    file = _file(folder, snapshots)
    kept = _read(file) if file is not None else None
    if kept is None or not kept.since <= today < kept.until:
        return None
    warnings = tuple(Fault(folder / one.file, one.line, one.text, "warning") for one in kept.warnings)
    lives = {one.type: one for one in kept.shelf_lives}
    return Library.of(kept.entries, kept.vocabulary, kept.declines, kept.version, lives), warnings


def _file(folder: Path, snapshots: Path | None) -> Path | None:
    """The file for what is in *folder* now."""
    if snapshots is None or not folder.is_dir():
        return None
    digest = hashlib.sha256(pydantic.VERSION.encode())
    for file in files_of(folder):
        try:
            content = file.read_bytes()
        except OSError:  # whoever reads the folder says so
            continue
        digest.update(f"{file.relative_to(folder)!r} {len(content)} ".encode())
        digest.update(content)
    return snapshots / snapshot_name("library", digest.hexdigest(), _ROOM, ".json")


def _read(file: Path) -> _Kept | None:
    try:
        return _Kept.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        text = "The snapshot %s cannot be read (%s); the folder is read again."
        _log.warning(text, file.name, type(error).__name__)
        return None


def _to_keep(loaded: Loaded, faults: list[Fault], folder: Path, today: dt.date) -> _Kept:
    days = sorted(_days_that_matter(loaded))
    library = loaded.library
    return _Kept(
        since=max((day for day in days if day <= today), default=dt.date.min),
        until=min((day for day in days if day > today), default=dt.date.max),
        version=library.version,
        entries=tuple(library),
        vocabulary=library.vocabulary,
        declines=library.declines,
        shelf_lives=tuple(library.shelf_lives.values()),
        warnings=tuple(
            _Warning(file=str(one.file.relative_to(folder)), line=one.line, text=one.text) for one in faults
        ),
    )


def _days_that_matter(loaded: Loaded) -> Iterator[dt.date]:
    """Every day from which on checking finds something else than on the day before."""
    for entry in loaded.library:
        if entry.review_by is not None:
            yield entry.review_by
        yield from (change.on for change in entry.changes)
    if loaded.shelf_lives is not None:
        yield loaded.shelf_lives[2].review_by
