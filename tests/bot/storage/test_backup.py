"""Backup while Advisor runs, restore while it does not; neither ever leaves half a file or destroys one unasked."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.backup import back_up, check_backup, restore, sqlite_file
from bot.storage.database import Database
from bot.storage.welcomes import Welcomes
from tests.bot.storage.processes import NOON


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one person welcomed in it, which nobody has open."""
    file = tmp_path / "var" / "advisor.sqlite3"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
        Welcomes(database).first_time("T1", "U1", at=NOON)
    return file


@pytest.fixture
def backup(file: Path, tmp_path: Path) -> Path:
    return back_up(file, tmp_path / "advisor.backup").file


def is_welcomed(file: Path, user_id: str = "U1") -> bool:
    """Whether somebody is known in a database."""
    with closing(Database(f"sqlite:///{file}")) as database:
        return not Welcomes(database).first_time("T1", user_id, at=NOON)


def test_a_backup_holds_what_was_there_and_can_be_read_by_its_owner_alone(file: Path, tmp_path: Path) -> None:
    copied = back_up(file, tmp_path / "advisor.backup")

    assert (copied.workspaces, copied.size) == (1, copied.file.stat().st_size)
    assert stat.S_IMODE(copied.file.stat().st_mode) == 0o600
    assert is_welcomed(copied.file)


def test_a_backup_is_made_while_others_read_and_write(file: Path, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{file}")) as database:
        stop = threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                Welcomes(database).first_time("T1", f"U{number}", at=NOON)
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        with database.reading():
            copied = back_up(file, tmp_path / "advisor.backup")
        stop.set()
        writer.join()

    assert check_backup(copied.file) == copied
    assert is_welcomed(copied.file)


def test_a_backup_is_one_file(backup: Path) -> None:
    assert [one.name for one in backup.parent.glob("advisor.backup*")] == ["advisor.backup"]


def test_a_file_that_is_there_is_not_replaced_unasked(file: Path, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(StorageError, match="is there already"):
        back_up(file, backup)

    assert backup.read_bytes() == before
    assert back_up(file, backup, force=True).workspaces == 1


def test_a_backup_that_fails_leaves_the_old_one(file: Path, backup: Path) -> None:
    before = backup.read_bytes()
    file.write_bytes(b"not a database, but long enough to be looked at as one" * 100)

    with pytest.raises(StorageError):
        back_up(file, backup, force=True)

    assert backup.read_bytes() == before
    assert not backup.with_name("advisor.backup.part").exists()


def test_what_is_not_there_cannot_be_backed_up(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="There is no database"):
        back_up(tmp_path / "nothing.sqlite3", tmp_path / "advisor.backup")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_line(file: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        back_up(file, tmp_path / "nowhere" / "advisor.backup")


def test_restoring_brings_back_what_was_there(file: Path, backup: Path) -> None:
    is_welcomed(file, "U2")  # from now on

    restore(backup, file, force=True)

    assert is_welcomed(file, "U1")
    assert not is_welcomed(file, "U2")


def test_restoring_where_there_is_none_yet(backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "advisor.sqlite3"

    restore(backup, target)

    assert is_welcomed(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_database_is_not_replaced_unasked(file: Path, backup: Path) -> None:
    with pytest.raises(StorageError, match="back it up first"):
        restore(backup, file)

    assert is_welcomed(file)


def test_while_advisor_runs_nothing_is_restored(file: Path, backup: Path) -> None:
    with closing(Database(f"sqlite:///{file}")) as running:
        running.check()  # its connection is open and idle in the pool

        with pytest.raises(StorageError, match="stop web and clock first"):
            restore(backup, file, force=True)

        assert Welcomes(running).first_time("T1", "U3", at=NOON)
    assert is_welcomed(file, "U3")


def test_after_advisor_was_killed_a_backup_is_restored(file: Path, backup: Path) -> None:
    with closing(sqlite3.connect(file)) as killed:
        killed.execute("PRAGMA journal_mode = WAL")
        killed.execute("INSERT INTO settings VALUES ('T1', 'x', 'y')")
        killed.commit()

    restore(backup, file, force=True)

    assert not [one for one in file.parent.iterdir() if one.name.endswith("-wal") and one.stat().st_size]
    assert is_welcomed(file)


def test_a_damaged_backup_is_refused_and_the_database_stays(file: Path, backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    backup.write_bytes(content)

    with pytest.raises(StorageError, match=r"damaged|malformed"):
        restore(backup, file, force=True)

    assert is_welcomed(file)


def test_a_database_of_something_else_is_refused(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE x (y)")
        made.commit()

    with pytest.raises(StorageError, match="not one of Advisor's"):
        restore(other, file, force=True)


def test_for_postgresql_its_own_tools_are_named() -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        sqlite_file("postgresql://u:secret@host/name")
