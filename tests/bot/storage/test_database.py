"""The engine, its transactions, and one plain line for each failure."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.errors import StorageError
from bot.storage import dialects
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.tables import gaps, settings
from tests.bot.storage.processes import (
    DONE,
    KILLED,
    NOON,
    die_after_claiming,
    die_in_a_transaction,
    migrate,
    open_and_check,
    run_together,
)

ROW = {"workspace_id": "T1", "key": "colour", "value": "green"}


def test_nothing_is_connected_before_the_first_use(sqlite_address: str, tmp_path: Path) -> None:
    Database(sqlite_address)

    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("busy_timeout", 5000), ("foreign_keys", 1), ("synchronous", 1), ("secure_delete", 1)],
)
def test_each_connection_is_set_up_after_a_migration_too(sqlite_address: str, pragma: str, value: object) -> None:
    with closing(Database(sqlite_address)) as database:
        database.migrate()

        with database.reading() as connection:
            found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    assert found == value


def test_the_folder_of_the_file_is_made_for_its_owner_alone(sqlite_address: str, tmp_path: Path) -> None:
    Database(sqlite_address)

    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as connection:  # noqa: PT012
        connection.execute(insert(settings).values(ROW))
        raise RuntimeError

    with database.reading() as connection:
        assert connection.execute(select(settings)).first() is None


def test_what_is_written_together_is_kept_together_or_not_at_all(database: Database) -> None:
    with database.together():
        for name in ("colour", "size"):
            with database.writing() as connection:
                connection.execute(insert(settings).values(ROW | {"key": name}))
        with database.reading() as connection:
            inside = connection.execute(select(settings.c.key).order_by(settings.c.key)).scalars().all()
    with pytest.raises(StorageError):
        claim_and_fail(database)

    with database.reading() as connection:
        kept = connection.execute(select(settings.c.key).order_by(settings.c.key)).scalars().all()
    assert kept == inside == ["colour", "size"]
    assert Deliveries(database).claim("T1", "Ev1", at=NOON) is not None


def claim_and_fail(database: Database) -> None:
    """Take a delivery, and insert what is there already."""
    with database.together():
        Deliveries(database).claim("T1", "Ev1", at=NOON)
        with database.writing() as connection:
            connection.execute(insert(settings).values(ROW))


def test_what_another_thread_reads_meanwhile_is_what_was_there_before(database: Database) -> None:
    with ThreadPoolExecutor(1) as other, database.together():
        taken = Deliveries(database).claim("T1", "Ev1", at=NOON, body={})
        before = other.submit(Deliveries(database).is_safe, "T1", "Ev1").result()

    assert taken is not None
    assert (before, Deliveries(database).is_safe("T1", "Ev1")) == (False, True)


def test_who_waits_for_another_thread_writes_when_that_has_ended(database: Database) -> None:
    with ThreadPoolExecutor(8) as others:
        with database.together():
            Deliveries(database).claim("T1", "Ev0", at=NOON)
            waiting = [others.submit(Deliveries(database).claim, "T1", f"Ev{each}", at=NOON) for each in range(1, 9)]
        taken = [one.result() for one in waiting]

    assert None not in taken


def test_who_waits_too_long_for_another_thread_is_told_in_one_line(
    sqlite_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialects, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(dialects, "_PRAGMAS", ("busy_timeout = 10",))
    with closing(Database(sqlite_address)) as database, ThreadPoolExecutor(1) as other:
        database.migrate()
        with database.together():
            refused = other.submit(Deliveries(database).claim, "T1", "Ev1", at=NOON).exception()

        assert "database is locked" in str(refused)
        assert Deliveries(database).claim("T1", "Ev1", at=NOON) is not None


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.execute(insert(settings).values(ROW))

        with database.reading() as reader:
            assert reader.execute(select(settings)).first() is None


def test_check_passes_once_the_tables_are_there(database: Database) -> None:
    database.check()


def test_check_says_to_migrate_where_there_are_no_tables(empty_address: str) -> None:
    with closing(Database(empty_address)) as database, pytest.raises(StorageError, match="run `advisor migrate`"):
        database.check()


def test_a_closed_database_opens_again(database: Database) -> None:
    database.close()

    database.check()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "advisor.sqlite3",
        "mysql://advisor:hunter2@db/advisor",
        "postgresql+asyncpg://advisor:hunter2@db/advisor",
        "postgresql://advisor:hunter2@db:port/advisor",
        "postgresql://advisor:hunter2@db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:advisor?mode=memory&uri=true",
    ],
)
def test_a_wrong_address_is_one_line_that_says_what_to_write(url: str) -> None:
    with pytest.raises(StorageError, match=r"write sqlite:///path/to/file or postgresql://") as refused:
        Database(url)

    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")

    with pytest.raises(StorageError, match=r"^The folder .*var/data of the database cannot be made: \S.*\.$"):
        Database(f"sqlite:///{tmp_path}/var/data/advisor.sqlite3")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(StorageError, match="cannot be written to"):
        Database(f"sqlite:///{tmp_path}/advisor.sqlite3")


def test_a_refusal_of_the_system_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    with pytest.raises(StorageError, match=r"^The folder \S+ of the database cannot be written to\.$"):
        Database(f"sqlite:///{tmp_path}/advisor.sqlite3")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="name another for the database"):
        Database(f"sqlite:///{tmp_path}")


def test_a_file_of_another_kind_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear councillor, " * 100)

    with (
        closing(Database(f"sqlite:///{file}")) as database,
        pytest.raises(StorageError, match=r"cannot be used: file is not a database\.$"),
    ):
        database.migrate()


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StorageError, match="pip install"):
        Database("postgresql://advisor@localhost/advisor")


def test_a_server_that_is_not_there_is_one_line_without_the_password() -> None:
    pytest.importorskip("psycopg")

    with (
        closing(Database("postgres://advisor:hunter2@127.0.0.1:1/advisor")) as database,
        pytest.raises(StorageError, match="cannot be used") as refused,
    ):
        database.check()

    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_failure_never_repeats_what_was_typed(database: Database) -> None:
    row = {"workspace_id": "T1", "id": "1", "question": "my secret", "outcome": None, "confidence": 0.1, "at": NOON}

    with pytest.raises(StorageError) as refused, database.writing() as connection:
        connection.execute(insert(gaps).values(row))

    # The whole trace is checked, for that is what gets logged.
    assert "my secret" not in "".join(traceback.format_exception(refused.value))


def test_processes_that_migrate_at_once_all_succeed(empty_address: str) -> None:
    assert run_together(migrate, empty_address, 4) == [DONE] * 4

    with closing(Database(empty_address)) as database:
        database.check()


def test_processes_that_open_a_restored_backup_at_once_all_succeed(sqlite_address: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_address)) as database:
        database.migrate()
    backup = tmp_path / "backup.sqlite3"
    with closing(sqlite3.connect(tmp_path / "var" / "advisor.sqlite3")) as original:
        # Such a copy is not in WAL mode: whoever opens it first switches it on.
        original.execute("VACUUM INTO ?", (str(backup),))

    assert run_together(open_and_check, f"sqlite:///{backup}", 4) == [DONE] * 4


def test_a_restored_backup_opens_while_another_process_is_busy_in_it(
    sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialects, "_PRAGMAS", ("busy_timeout = 10",))
    with closing(Database(sqlite_address)) as database:
        database.migrate()
    file = tmp_path / "var" / "advisor.sqlite3"

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN")
        other.execute("SELECT * FROM settings").fetchall()

        with closing(Database(sqlite_address)) as database:
            database.check()


def test_a_process_killed_in_a_transaction_leaves_the_file_usable(database: Database, address: str) -> None:
    assert run_together(die_in_a_transaction, address, 1) == [KILLED]

    assert Deliveries(database).claim("T1", "Ev1", at=NOON)


def test_what_a_killed_process_had_claimed_stays_claimed(database: Database, address: str) -> None:
    assert run_together(die_after_claiming, address, 1) == [KILLED]

    assert not Deliveries(database).claim("T1", "Ev1", at=NOON)


def test_a_file_is_sound_after_a_kill(sqlite_address: str) -> None:
    with closing(Database(sqlite_address)) as database:
        database.migrate()
        run_together(die_in_a_transaction, sqlite_address, 1)

        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
