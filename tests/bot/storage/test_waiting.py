"""A server that is not there yet is waited for; an address that leads nowhere is said at once."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.database import Database
from tests.postgresql import Server

LONG_SECONDS = 30.0
SOON_SECONDS = 1.5


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket in it."""
    with tempfile.TemporaryDirectory(prefix="advisor-wait-") as name:
        yield Path(name)


def address_in(folder: Path, name: str = "advisor") -> str:
    return f"postgresql://advisor:secret@/{name}?host={folder / 'server'}"


def test_a_server_that_comes_is_waited_for(postgres: Server, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with postgres.database() as address:
        before, _, host = address.partition("?host=")
        name = before.rpartition("/")[2]
        with closing(Database(address_in(folder, name))) as database:
            coming = threading.Timer(SOON_SECONDS, (folder / "server").symlink_to, [host])
            coming.start()
            began = time.monotonic()
            database.wait(LONG_SECONDS)
            took = time.monotonic() - began

    assert SOON_SECONDS <= took < LONG_SECONDS
    assert [record.action for record in caplog.records] == ["database_awaited"]  # type: ignore[attr-defined]


def test_one_that_does_not_come_is_one_line_at_once_and_again_at_the_end(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        closing(Database(address_in(folder))) as database,
        caplog.at_level(logging.WARNING),
        pytest.raises(StorageError, match="cannot be used") as raised,
    ):
        database.wait(SOON_SECONDS)

    [said] = caplog.messages
    assert said.startswith(str(raised.value))
    assert "secret" not in said


def test_nobody_waits_for_a_file(sqlite_address: str, caplog: pytest.LogCaptureFixture) -> None:
    with closing(Database(sqlite_address)) as database:
        database.wait(LONG_SECONDS)

    assert caplog.messages == []
