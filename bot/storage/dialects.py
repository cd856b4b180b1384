"""What SQLite and PostgreSQL do each in their own way; the rest of the room is SQL that both speak."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import URL, ColumnElement, Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

WRITING: Final = {"advisor_begin": "BEGIN IMMEDIATE"}
"""Execution options of a connection that will write; only SQLite looks at them."""

BUSY_SECONDS: Final = 5
"""How long SQLite waits for whoever writes."""

_PRAGMAS = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "foreign_keys = ON",
    "synchronous = NORMAL",  # with WAL a power cut may lose the last moments, and never the file
    "secure_delete = ON",  # what is forgotten or erased does not linger in the file
)
_MIGRATION_WAIT_MS = 60_000
_MIGRATION_LOCK = 7_215_033_048  # any number will do, as long as no other program on the same server takes it
_CONNECT_SECONDS = 10
_T = TypeVar("_T")


def connect_lazily(url: URL) -> Engine:
    """The engine for *url*, set up for its database; nothing is connected yet. Parameters stay out of its errors."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    timeout = {"connect_timeout": _CONNECT_SECONDS}
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=timeout)


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert *row* unless its primary key is there already; whether it was inserted."""
    return _changed(connection, _insert(connection, table).on_conflict_do_nothing(), row)


def insert_all_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those of *rows* whose primary keys are not there yet; how many were inserted."""
    # As one statement run for each row: SQLAlchemy compiles it once and for all, unlike one with many VALUES.
    statement = _insert(connection, table).on_conflict_do_nothing()
    return connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def insert_or_update(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    *,
    only_if: ColumnElement[bool],
    set_to: Mapping[str, Any] | None = None,
) -> bool:
    """
    Insert *row*, or update the one with its primary key where *only_if* holds for that; whether anything changed.

    *set_to* is what an update sets, where that is not the values of *row*.
    """
    return _changed(connection, _upsert(connection, table, row, only_if, set_to), row)


def insert_or_update_for(
    connection: Connection,
    column: ColumnElement[_T],
    row: Mapping[str, Any],
    *,
    only_if: ColumnElement[bool],
    set_to: Mapping[str, Any],
) -> _T | None:
    """The same, for what stands in *column* of its table afterwards; None where nothing changed."""
    table = column.table
    statement = _upsert(connection, table, row, only_if, set_to).returning(column)
    return connection.execute(statement, row).scalar_one_or_none()


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other process can have at the same time: for migrations."""
    with engine.connect().execution_options(**WRITING) as connection:
        if engine.dialect.name == "sqlite":
            _set_up_migration(connection)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            yield connection


@cache
def _given(dialect: str, table: Table) -> dict[str, ColumnElement[Any]]:
    """The columns of the row that was to be inserted; to make them anew for each statement takes longer than that."""
    return dict(_insert_for(dialect, table).excluded.items())


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return _insert_for(connection.dialect.name, table)


def _insert_for(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    # Each is imported where it is in use: PostgreSQL's brings five drivers' worth of types along.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def _upsert(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    only_if: ColumnElement[bool],
    set_to: Mapping[str, Any] | None,
) -> sqlite.Insert | postgresql.Insert:
    """The statement without the values of *row*: those go beside it, so that SQLAlchemy need not wrap each."""
    key = [column.name for column in table.primary_key]
    statement = _insert(connection, table)
    if set_to is None:
        given = _given(connection.dialect.name, table)
        set_to = {name: given[name] for name in row if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=dict(set_to), where=only_if)


def _changed(connection: Connection, statement: sqlite.Insert | postgresql.Insert, row: Mapping[str, Any]) -> bool:
    return connection.execute(statement, row, execution_options={"preserve_rowcount": True}).rowcount > 0


def _set_up_sqlite(driver: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite keeps for each connection, and leave it to ``_begin_sqlite`` alone to begin transactions."""
    driver.isolation_level = None
    for pragma in _PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")
    # WAL is a property of the file: this changes it once, and is refused while another process changes it likewise.
    with suppress(sqlite3.OperationalError):
        driver.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    """
    Begin a transaction. One that writes takes the lock at once, and waits for it: SQLite refuses without any waiting to
    let a transaction write that has read before another one wrote.
    """
    how = connection.get_execution_options().get("advisor_begin", "BEGIN")
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        driver.execute(how)  # past SQLAlchemy, which takes longer over it than SQLite does
    except sqlite3.Error as error:
        raise OperationalError(how, None, error) from error


def _set_up_migration(connection: Connection) -> None:
    """Wait longer for the lock, and let a table be rebuilt without emptying those that refer to it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    connection.detach()  # closed at the end, so that no other work meets these pragmas
    driver.execute(f"PRAGMA busy_timeout = {_MIGRATION_WAIT_MS}")
    driver.execute("PRAGMA foreign_keys = OFF")
