"""What is past its time goes, and a workspace that leaves takes everything with it and nothing of others."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.storage.answers import Answers
from bot.storage.awaited import Awaited, AwaitedAnswers
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.feedback import Feedback
from bot.storage.gaps import Gaps
from bot.storage.given import GivenAnswers
from bot.storage.retention import erase_workspace, forget_before
from bot.storage.tables import metadata
from bot.storage.welcomes import Welcomes
from tests.bot.storage.access_rows import fill_access
from tests.bot.storage.checkpoint_rows import fill_checkpoints, make_given
from tests.bot.storage.network_rows import fill_network
from tests.bot.storage.processes import NOON

DAY = timedelta(days=1)
SWEPT = {"processed_deliveries", "conversations", "answers", "given_answers", "awaited_answers", "feedback", "gaps"}


def fill(database: Database, workspace_id: str, *, at: datetime) -> None:
    """One row in every table, or one more."""
    mark = at.isoformat()
    Deliveries(database).claim(workspace_id, mark, at=at)
    Conversations(database).remember(workspace_id, "C1", mark, "guide/alpha", at=at)
    answer_id = Answers(database).keep(
        workspace_id,
        question="q",
        entry_ids=["guide/alpha"],
        outcome="answer",
        confidence=1,
        knowledge_version="1",
        at=at,
    )
    Feedback(database).give(workspace_id, answer_id, "U1", "not_helpful", at=at)
    Gaps(database).record(workspace_id, "q", "not_helpful", "guide/alpha", 1, at=at)
    GivenAnswers(database).keep(make_given(workspace_id=workspace_id, thread_ts=mark, at=at))
    AwaitedAnswers(database).keep(Awaited(workspace_id, answer_id, "U1", "C1", mark, at))
    Welcomes(database).first_time(workspace_id, mark, at=at)
    fill_checkpoints(database, workspace_id, mark, at=at)
    fill_access(database, workspace_id, mark, at=at)
    fill_network(database, workspace_id, mark, at=at)


def rows(database: Database, workspace_id: str) -> dict[str, int]:
    with database.reading() as connection:
        return {
            name: connection.execute(
                select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id)
            ).scalar_one()
            for name, table in metadata.tables.items()
        }


@pytest.fixture
def filled(database: Database) -> Database:
    for workspace_id in ("T1", "T2"):
        fill(database, workspace_id, at=NOON)
    return database


def test_the_fixture_fills_every_table(filled: Database) -> None:
    assert set(rows(filled, "T1").values()) == {1}


def test_what_is_past_its_time_is_forgotten_in_every_store(filled: Database) -> None:
    fill(filled, "T1", at=NOON - DAY)

    assert forget_before(filled, at=NOON) == dict.fromkeys(SWEPT, 1)

    left = rows(filled, "T1")
    assert {name for name, count in left.items() if count == 1} == SWEPT | {"settings", "council_settings"}
    assert left["welcomed"] == 2


def test_checkpoints_and_receipts_are_never_forgotten_by_age(filled: Database) -> None:
    before = rows(filled, "T1")

    forget_before(filled, at=NOON + 4000 * DAY)

    kept = {table.name for table in metadata.sorted_tables if table.name not in SWEPT}
    assert {name: count for name, count in rows(filled, "T1").items() if name in kept} == {
        name: count for name, count in before.items() if name in kept
    }


def test_every_table_with_a_moment_is_swept_but_the_welcomes() -> None:
    assert {name for name, table in metadata.tables.items() if "at" in table.c} == SWEPT | {"welcomed"}


def test_a_workspace_is_erased_whole(filled: Database) -> None:
    assert erase_workspace(filled, "T1") == dict.fromkeys(metadata.tables, 1)
    assert set(rows(filled, "T1").values()) == {0}


def test_erasing_a_workspace_touches_no_other(filled: Database) -> None:
    before = rows(filled, "T2")

    erase_workspace(filled, "T1")

    assert rows(filled, "T2") == before


def test_an_erased_workspace_can_come_back(filled: Database) -> None:
    erase_workspace(filled, "T1")

    assert Welcomes(filled).first_time("T1", NOON.isoformat(), at=NOON)
