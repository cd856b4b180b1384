"""A PostgreSQL of the tests' own, from the binaries of this machine: a socket in a folder that goes at the end."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

REQUIRED = "ADVISOR_REQUIRE_POSTGRES"
"""Where this is set, tests that need PostgreSQL fail without it; else they are skipped."""

_SETTINGS = {
    # Nothing outlives the tests, so nothing needs to reach the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    # A server far from ours: what depends on its time zone shows here.
    "timezone": "America/St_Johns",
}
_DATABASE = "advisor"
_SHAPE = """
SELECT (SELECT string_agg(version_num, ' ') FROM alembic_version)
  || string_agg(concat(' ', c.relname, '.', a.attname, ':', a.atttypid), '' ORDER BY c.relname, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
"""
"""The version, and every column of every table, index and sequence, in one text."""
_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE 'DELETE FROM ' || quote_ident(name);
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE 'ALTER SEQUENCE ' || quote_ident(name) || ' RESTART';
  END LOOP;
END $$
"""
"""Whoever is still connected leaves, every row goes (foreign keys not being looked at), and counting begins again."""
_PATIENCE_SECONDS = 60


class Server:
    """A running server. Whoever asks it for a database gets an empty one, or a copy of a template."""

    def __init__(self, folder: Path, control: Callable[[str], None]) -> None:
        self._folder = folder
        self._control = control
        self._numbers = itertools.count(1)
        self._spare: dict[str, list[str]] = {}
        self._shapes: dict[str, str] = {}
        self._admin = create_engine(_driven(self.address("postgres")), isolation_level="AUTOCOMMIT")

    def address(self, name: str) -> str:
        """The address of a database, as a host would give it."""
        return f"postgresql://advisor@/{name}?host={self._folder}"

    def make(self, template: str = "template1") -> str:
        """The name of a new database: a copy of *template*, which nobody may be connected to."""
        name = f"{_DATABASE}_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, and whoever is still connected."""
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, for the length of the block."""
        name = self.make(template)
        try:
            yield self.address(name)
        finally:
            self.drop(name)

    @contextmanager
    def lent(self, template: str) -> Iterator[str]:
        """
        The address of a database as *template* is, for the length of the block: an earlier borrower's, emptied, which
        takes a tenth of the time of a copy. *template* has tables and no rows.
        """
        spare = self._spare.setdefault(template, [])
        name = spare.pop() if spare else self.make(template)
        try:
            yield self.address(name)
        finally:
            if self._emptied(name) == self._shape(template) != "":
                spare.append(name)
            else:  # whoever had it changed its tables
                self.drop(name)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Stop the server, whoever is connected, for the length of the block."""
        self._admin.dispose()
        self._control("stop")
        try:
            yield
        finally:
            self._control("start")

    def close(self) -> None:
        """Let go of it."""
        self._admin.dispose()

    def _emptied(self, name: str) -> str:
        """Take every row of a database; what its tables are like, empty where it has none of ours any more."""
        engine = create_engine(_driven(self.address(name)), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(_EMPTY)
                return str(connection.execute(text(_SHAPE)).scalar_one())
        except SQLAlchemyError:
            return ""

    def _shape(self, template: str) -> str:
        """What the tables of a template are like; it is read once, for nobody changes a template."""
        if template not in self._shapes:
            self._shapes[template] = self._emptied(template)
        return self._shapes[template]


def _driven(address: str) -> str:
    return address.replace("postgresql:", "postgresql+psycopg:")


def binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``: of the PATH, else Debian's newest; None where there is none."""
    found = shutil.which("pg_ctl")
    if found and shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda file: int(file.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server for the length of the block. As root, which PostgreSQL refuses to run as, it runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="advisor-pg-"))  # the path of a socket has at most 107 letters
    somebody = _somebody()
    if somebody:
        shutil.chown(folder, somebody["user"], somebody["group"])
    data = folder / "data"
    try:
        _run(programs / "initdb", "-D", data, "-U", "advisor", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8",
             **somebody)  # fmt: skip
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options += f" -c listen_addresses= -k {folder}"
        more = {"start": ("-l", folder / "log", "-o", options), "stop": ("-m", "immediate")}

        def control(deed: str) -> None:
            _run(programs / "pg_ctl", deed, "-w", "-D", data, *more[deed], **somebody)

        control("start")
        try:
            server = Server(folder, control)
            yield server
            server.close()
        finally:
            control("stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_required() -> bool:
    """Whether it must be there."""
    return os.environ.get(REQUIRED, "") not in ("", "0")


def _somebody() -> dict[str, Any]:
    """Whom to run as: nobody in particular, unless we are root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_name, "group": user.pw_gid, "extra_groups": []}


def _run(*command: object, **options: Any) -> None:
    # pg_ctl's server keeps what it inherits, so nothing here may wait for the end of a pipe.
    done = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS, check=False, cwd="/", **options,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"PostgreSQL could not be set up: {' '.join(map(str, command))} gave {done.returncode}")
