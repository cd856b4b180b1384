"""The database: one engine, its transactions and its migrations; every failure is one plain line."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError

from bot.errors import StorageError
from bot.storage import dialects

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",  # as many hosts still write it
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_FORMS = "sqlite:///path/to/file or postgresql://user:password@host/name"
_NOT_THERE = ("42P01", "42703")
"""How PostgreSQL says that a table or a column is not there (SQLSTATE; its appendix of error codes)."""
_VERSION = text("SELECT version_num FROM alembic_version")
_STEPS = Path(__file__).parent / "migrations" / "versions"
_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_DOWN = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)
_MIGRATING = threading.Lock()  # Alembic keeps the migration under way in a global
_TRY_AGAIN_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Database:
    """
    Where everything is kept. Threads share it; a forked process makes its own.

    Nothing is connected before the first use, but the folder of an SQLite file is made at once.
    """

    def __init__(self, url: str) -> None:
        """
        Args: url: ``sqlite:///path/to/file`` or ``postgresql://user:password@host/name``.
        Raises: StorageError: the address cannot be used, or its folder cannot be written to.
        """
        self._url = _read(url)
        if self._url.get_backend_name() == "sqlite":
            _make_folder(self._url)
        try:
            self._engine = dialects.connect_lazily(self._url)
        except ImportError as error:
            raise StorageError("PostgreSQL needs the driver psycopg: pip install 'psycopg[binary]'.") from error
        self._writer = self._engine.execution_options(**dialects.WRITING)
        self._thread = threading.local()
        self._one_writer = threading.Lock()

    @property
    def engine(self) -> Engine:
        """The engine, for those who bring their own tables (Slack's installation store)."""
        return self._engine

    @property
    def writer(self) -> Engine:
        """The engine for those whose transactions will write, even where they begin by reading."""
        return self._writer

    @property
    def is_embedded(self) -> bool:
        """Whether it is a file beside us (SQLite), and not a server that other processes share."""
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """
        A connection to read with; it sees one moment, and waits for nobody.

        Raises: StorageError: the database cannot be reached or read.
        """
        if (together := getattr(self._thread, "together", None)) is not None:
            yield together
            return
        with self.in_one_line(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """
        A connection in one transaction: all of it is kept, or nothing where an exception leaves the block.

        Raises: StorageError: the database cannot be reached or written, or stayed locked for 5 seconds.
        """
        if (together := getattr(self._thread, "together", None)) is not None:
            yield together
            return
        with self._turn(), self.in_one_line(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """
        Wait for the other threads that write to SQLite, which has one writer: it would look again and again, after up
        to 100 ms each time, and not in the order in which they came. Whoever has waited too long asks SQLite itself.
        """
        mine = self.is_embedded and self._one_writer.acquire(timeout=dialects.BUSY_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._one_writer.release()

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Let everything that this thread reads and writes in the block be one transaction: all of it is kept, or nothing.

        Raises: StorageError: as ``writing``.
        """
        with self.writing() as connection:
            before = getattr(self._thread, "together", None)
            self._thread.together = connection
            try:
                yield
            finally:
                self._thread.together = before

    def migrate(self) -> None:
        """
        Bring the tables up to date, whichever version they have. Several processes may do this at once: one works,
        the others wait and find nothing left to do. A process killed half-way leaves the tables as they were.

        Raises: StorageError: the database cannot be used, or was made by a newer Advisor.
        """
        if self._is_current():
            return
        # Alembic takes 11 MB and a third of a second, and only a start that migrates needs it.
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", "bot.storage:migrations")
        with self.in_one_line(), _MIGRATING, dialects.alone(self._engine) as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StorageError(f"{self._place} was made by another version of Advisor: {error}") from error

    def check(self) -> None:
        """
        Ask the database one cheap thing.

        Raises: StorageError: it cannot be reached, or has no tables yet.
        """
        with self.reading() as connection:
            connection.execute(_VERSION).first()

    def wait(self, seconds: float) -> None:
        """
        Return as soon as the server can be reached. A file beside us is there or is not: nobody waits for that.

        Raises: StorageError: it could not for *seconds*. What is wrong is logged at once, for it may be our address.
        """
        deadline, said = time.monotonic() + seconds, False
        while not self.is_embedded:
            try:
                with self.reading() as connection:
                    connection.execute(select(1))
                return
            except StorageError as error:
                if time.monotonic() + _TRY_AGAIN_SECONDS > deadline:
                    raise
                if not said:
                    facts = {"action": "database_awaited"}
                    _log.warning("%s It is tried again for %.0f seconds.", error, seconds, extra=facts)
                    said = True
            time.sleep(_TRY_AGAIN_SECONDS)

    def versions(self) -> tuple[str, str]:
        """
        The version that the tables have, and the one that this Advisor wants.

        Raises: StorageError: it cannot be reached, or has no tables yet.
        """
        with self.reading() as connection:
            found = connection.execute(_VERSION).scalar_one_or_none()
        return str(found), newest_version()

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def in_one_line(self) -> Iterator[None]:
        """For those who bring their own statements. Raises: StorageError: whatever the database has against them."""
        try:
            yield
        except SQLAlchemyError as error:
            # Not "from error": PostgreSQL repeats the whole row in the detail of a failure, and traces are logged.
            raise StorageError(f"{self._place} {_what_is_wrong(error)}") from None

    def _is_current(self) -> bool:
        """Whether the tables have the newest version already. Raises: StorageError: the database cannot be reached."""
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            return list(connection.execute(_VERSION).scalars()) == [newest_version()]

    @property
    def _place(self) -> str:
        return f"The database {self._url.render_as_string(hide_password=True)}"


@cache
def newest_version() -> str:
    """The version that the migrations lead to: the one that no other builds on. Alembic would say so in 0.3 s."""
    sources = [file.read_text(encoding="utf-8") for file in _STEPS.glob("[0-9]*.py")]
    built_on = {found for source in sources for found in _DOWN.findall(source)}
    [newest] = {found for source in sources for found in _REVISION.findall(source)} - built_on
    return str(newest)


def _read(url: str) -> URL:
    """The address, with the driver that we use. What is wrong never repeats it: there may be a password in it."""
    try:
        read = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StorageError(f"The address of the database is not one: write {_FORMS}.") from error
    if read.drivername not in _DRIVERS:
        raise StorageError(f"Advisor keeps nothing in {read.drivername}: write {_FORMS}.")
    if not read.database or read.database == ":memory:" or read.database.startswith("file:"):
        raise StorageError(f"The address of the database names no database: write {_FORMS}.")
    return read.set(drivername=_DRIVERS[read.drivername])


def _make_folder(url: URL) -> None:
    """Make the folder of the SQLite file, for us alone, and see that both can be written."""
    file = Path(url.database or "")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {file.parent} of the database cannot be made: {error.strerror}.") from error
    # SQLite writes its log beside the file, so the folder must be writable too.
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise StorageError(f"The folder {file.parent} of the database cannot be written to.")
    if file.is_dir() or (file.exists() and not os.access(file, os.R_OK | os.W_OK)):
        raise StorageError(f"{file} is not a file that can be written to: name another for the database.")


def _what_is_wrong(error: SQLAlchemyError) -> str:
    """The driver's first line (later ones may repeat values), or what to do where tables or columns are not there."""
    cause = error.orig if isinstance(error, StatementError) else error
    reason = str(cause).partition("\n")[0].rstrip(".")
    if reason.startswith("no such ") or getattr(cause, "sqlstate", None) in _NOT_THERE:
        return f"is not set up for this version of Advisor: run `advisor migrate` ({reason})."
    return f"cannot be used: {reason}."
