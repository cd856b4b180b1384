"""Fixtures: a council for each journey, and councils made to order. Leaving checks that nothing was logged aloud."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot.knowledge.councils import load_councils
from bot.usecases.knowledge_base import KnowledgeBase
from tests.journeys.council import Council, open_council
from tests.journeys.workspaces import Shared, open_shared

MakeCouncil = Callable[..., Council]
MakeShared = Callable[..., Shared]
Made = list[Council | Shared]

ON_BOTH = (
    "test_between_workspaces",
    "test_checkpoints",
    "test_deliveries",
    "test_ending_together",
    "test_installation",
    "test_introductions",
    "test_notifications",
    "test_peer_review",
    "test_sharing",
    "test_who_else",
    "test_workspaces",
)
"""The journeys on SQLite and on PostgreSQL: where several write at once, claim, or follow each other's rows."""

AT_THE_DOOR = (
    "_refused",
    "_other_addresses",
    "_in_the_form",
    "_bad_form",
    "_few_letters",
    "_still_to_be_found",
    "_help_",
)
"""Of these journeys those that reach no database, or only as all others do: SQLite is enough."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each journey of these files both databases; the others have SQLite."""
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH and "kind" in metafunc.fixturenames:
        alone = any(words in metafunc.function.__name__ for words in AT_THE_DOOR)
        metafunc.parametrize("kind", ["sqlite"] if alone else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _list_of_councils_is_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.app.load_councils", functools.cache(load_councils))
        yield


@pytest.fixture
def make_council(address: str, knowledge_base: KnowledgeBase, quiet: Made) -> Iterator[MakeCouncil]:
    """Councils with settings of their own; all are closed at the end, the strict stand-in first."""
    with ExitStack() as stack:

        def make(**changes: Any) -> Council:
            council = stack.enter_context(open_council(address, knowledge_base, **changes))
            quiet.append(council)
            return council

        yield make


@pytest.fixture
def council(make_council: MakeCouncil) -> Council:
    """A council as it is set up by default."""
    return make_council()


@pytest.fixture
def make_shared(address: str, knowledge_base: KnowledgeBase, quiet: Made) -> Iterator[MakeShared]:
    """One Advisor for two workspaces, installed in neither."""
    with ExitStack() as stack:

        def make(**changes: Any) -> Shared:
            shared = stack.enter_context(open_shared(address, knowledge_base, **changes))
            quiet.append(shared)
            return shared

        yield make


@pytest.fixture
def shared(make_shared: MakeShared) -> Shared:
    """One Advisor, installed in two workspaces."""
    made = make_shared()
    for council in made.councils:
        assert made.install(council).status_code == 200
    return made


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[Made]:
    """What was made; when all of it is closed, nothing may have been logged aloud unless somebody meant it."""
    caplog.set_level(logging.INFO)
    made: Made = []
    yield made
    # slack_sdk's Socket Mode client (3.47) says aloud that it was still sending when it was closed.
    said = [*caplog.get_records("setup"), *caplog.get_records("call"), *caplog.get_records("teardown")]
    loud = [record for record in said if record.levelno >= logging.WARNING]
    aloud = [one.getMessage() for one in loud if "is no longer active" not in one.getMessage()]
    assert not aloud or any(one.noisy for one in made), aloud
