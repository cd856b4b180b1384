"""Fixtures: an empty database of each kind, and one with its tables."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.storage.database import Database

POSTGRESQL = os.environ.get("ADVISOR_TEST_DATABASE_URL")


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/var/advisor.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"])
def address(request: pytest.FixtureRequest, sqlite_address: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_address
    else:
        with _postgresql_schema(str(POSTGRESQL)) as schema:
            yield schema


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        opened.migrate()
        yield opened


@contextmanager
def _postgresql_schema(address: str) -> Iterator[str]:
    """An address whose connections see one new schema and nothing else."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    schema = f"test_{secrets.token_hex(6)}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()
