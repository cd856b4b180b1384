"""Fixtures: a council for each journey, and councils made to order. Leaving checks that nothing was logged aloud."""

from __future__ import annotations

import functools
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.councils import load_councils
from bot.storage.database import Database
from bot.usecases.knowledge_base import KnowledgeBase
from tests.journeys.council import DATABASE, Council, open_council

MakeCouncil = Callable[..., Council]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them: a copy of it is made sooner than they are."""
    file = tmp_path_factory.mktemp("database") / DATABASE
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
    return file


@pytest.fixture(scope="session", autouse=True)
def _list_of_councils_is_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.app.load_councils", functools.cache(load_councils))
        yield


@pytest.fixture
def make_council(
    tmp_path: Path, migrated: Path, knowledge_base: KnowledgeBase, caplog: pytest.LogCaptureFixture
) -> Iterator[MakeCouncil]:
    """Councils with settings of their own; all are closed at the end, the strict stand-in first."""
    caplog.set_level(logging.INFO)
    shutil.copy(migrated, tmp_path)
    made: list[Council] = []
    with ExitStack() as stack:

        def make(**changes: Any) -> Council:
            council = stack.enter_context(open_council(tmp_path, knowledge_base, **changes))
            made.append(council)
            return council

        yield make
    aloud = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert not aloud or any(council.noisy for council in made), aloud


@pytest.fixture
def council(make_council: MakeCouncil) -> Council:
    """A council as it is set up by default."""
    return make_council()
