"""Fixtures: a database of each kind, empty or with its tables; every test that takes one runs on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.database import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/var/advisor.sqlite3"


@pytest.fixture
def empty_address(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    if kind == "sqlite":
        yield request.getfixturevalue("sqlite_address")
        return
    with request.getfixturevalue("postgres").database() as address:
        yield address


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        yield opened
