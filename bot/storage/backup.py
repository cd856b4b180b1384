"""Backup and restore of the SQLite file, while Advisor runs and while it does not; every failure is one plain line."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from bot.errors import StorageError

_BUSY: Final = ("database is locked", "database table is locked")
_SUFFIX: Final = ".part"


@dataclass(frozen=True)
class Copied:
    """A backup as it was checked: its file, bytes, the version of its tables, and how many workspaces are in it."""

    file: Path
    size: int
    version: str
    workspaces: int


def sqlite_file(url: str) -> Path:
    """
    The file of an SQLite address.

    Raises: StorageError: it is another database, which has tools of its own for this.
    """
    read = make_url(url)
    if read.get_backend_name() != "sqlite" or not read.database:
        raise StorageError(
            "This is for SQLite. For PostgreSQL use pg_dump and pg_restore: docs/operations.md says how."
        )
    return Path(read.database)


def back_up(source: Path, target: Path, *, force: bool = False) -> Copied:
    """
    Copy the database to *target* while it may be in use, by SQLite's online backup: all of it as at one moment. The
    copy is checked before it takes its name, so that a file of this name is always whole; only its owner can read it.

    Raises: StorageError: there is nothing to copy, *target* is there already (and *force* is not given), or the copy is
    not sound.
    Source: https://www.sqlite.org/backup.html, checked 2026-11-23.
    """
    if not source.is_file():
        raise StorageError(f"There is no database at {source} to back up.")
    if target.exists() and not force:
        raise StorageError(f"{target} is there already: name another file, or add --force to replace it.")
    part = target.with_name(target.name + _SUFFIX)
    with _in_one_line(target):
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with (
                closing(_open_to_read(source)) as here,
                closing(sqlite3.connect(part)) as there,
            ):
                here.backup(there)
                there.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
            checked = check_backup(part)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    return Copied(target, checked.size, checked.version, checked.workspaces)


def check_backup(file: Path) -> Copied:
    """
    Look through a backup: SQLite's own check of the whole file, and that it is Advisor's.

    Raises: StorageError: it is not there, damaged, or of something else.
    """
    if not file.is_file():
        raise StorageError(f"There is no file {file}.")
    with _in_one_line(file), closing(_open_to_read(file)) as opened:
        [(found,)] = opened.execute("PRAGMA integrity_check(1)").fetchall()
        if found != "ok":
            raise StorageError(f"{file} is damaged: {found}.")
        tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "settings"} <= tables:
            raise StorageError(f"{file} is a database, but not one of Advisor's.")
        version = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        counted = opened.execute("SELECT count(DISTINCT workspace_id) FROM settings WHERE key = 'salt'").fetchone()
    return Copied(file, file.stat().st_size, str(version[0]) if version else "", int(counted[0]))


def restore(backup: Path, target: Path, *, force: bool = False) -> Copied:
    """
    Put a backup in the place of the database, in one transaction: a process killed half-way leaves the old one.

    Raises: StorageError: the backup is not sound, a database is there already (and *force* is not given), or a running
    Advisor has it open.
    """
    checked = check_backup(backup)
    if target.exists() and target.stat().st_size and not force:
        raise StorageError(f"There is a database at {target}: back it up first, then add --force to replace it.")
    with _in_one_line(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(target, timeout=0)) as there:
            _have_alone(there, target)
            with closing(_open_to_read(backup)) as here:
                here.backup(there)
        os.chmod(target, 0o600)
    return checked


def _have_alone(connection: sqlite3.Connection, file: Path) -> None:
    """Take the database for this connection alone. To leave WAL is possible only where nobody else has it open."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if str(error) not in _BUSY:
            raise
        mode = "busy"
    if mode != "delete":
        raise StorageError(f"A running Advisor has {file} open: stop web and clock first, then restore.")


def _open_to_read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


@contextmanager
def _in_one_line(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"{file} cannot be used: {error}.") from error
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror}.") from error
