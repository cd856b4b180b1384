"""Fixtures for every room: the real knowledge, read and indexed once; and a PostgreSQL of the tests' own."""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage.database import Database
from bot.usecases.knowledge_base import KnowledgeBase
from tests import postgresql


@pytest.fixture(scope="session")
def snapshots(pytestconfig: pytest.Config) -> Path:
    """Where what is learnt from the knowledge is kept: learnt by one process of the suite, and read by the others."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("snapshots")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        KnowledgeBase.open(Settings(_env_file=None).knowledge, today=dt.date(2027, 1, 4), snapshots=folder)
    return folder


@pytest.fixture(scope="session")
def knowledge_base(snapshots: Path) -> KnowledgeBase:
    """The knowledge that ships, on the day the suite runs."""
    today = dt.datetime.now(dt.UTC).date()
    return KnowledgeBase.open(Settings(_env_file=None).knowledge, today=today, snapshots=snapshots)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with its tables and nothing in them: a copy of it is made sooner than they are."""
    file = tmp_path_factory.mktemp("database") / "advisor.sqlite3"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Server]:
    """A PostgreSQL server, started when the first test asks for it: one for each process of the suite."""
    programs = postgresql.binaries()
    if programs is None:
        missing = "there is no PostgreSQL on this machine (initdb and pg_ctl): only SQLite is tested"
        if postgresql.is_required():
            pytest.fail(f"{missing}, and {postgresql.REQUIRED} is set")
        pytest.skip(missing)
    with postgresql.running(programs) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres: postgresql.Server) -> str:
    """The name of a PostgreSQL database with its tables and nothing in them, to be copied."""
    name = postgres.make()
    with closing(Database(postgres.address(name))) as database:
        database.migrate()
    return name


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test is given: ``sqlite``, unless it asks for ``postgresql`` (or for both) by parametrizing."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def address(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of its own, with its tables and nothing in them."""
    if kind == "sqlite":
        file = tmp_path / "advisor.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres")
    with server.lent(request.getfixturevalue("migrated_postgres")) as lent:
        yield lent
