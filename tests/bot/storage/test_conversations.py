"""A thread keeps its subject for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.storage import tables
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from tests.bot.storage.processes import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def conversations(database: Database) -> Conversations:
    kept = Conversations(database)
    kept.remember("T1", "C1", "1.2", "guide/alpha", at=NOON)
    return kept


@pytest.mark.parametrize(
    ("after", "subject"), [(0 * HOUR, "guide/alpha"), (24 * HOUR, "guide/alpha"), (24.1 * HOUR, None)]
)
def test_a_subject_lasts_a_day(conversations: Conversations, after: timedelta, subject: str | None) -> None:
    assert conversations.subject("T1", "C1", "1.2", at=NOON + after) == subject


def test_how_long_it_lasts_can_be_chosen(conversations: Conversations) -> None:
    assert conversations.subject("T1", "C1", "1.2", at=NOON + 2 * HOUR, within=HOUR) is None


@pytest.mark.parametrize("place", [("T2", "C1", "1.2"), ("T1", "C2", "1.2"), ("T1", "C1", "1.3")])
def test_a_subject_belongs_to_its_thread(conversations: Conversations, place: tuple[str, str, str]) -> None:
    assert conversations.subject(*place, at=NOON) is None


def test_a_private_conversation_is_one_persons_and_keeps_nobodys_id(database: Database) -> None:
    kept = Conversations(database)
    before = kept.subject("T1", "C1", "", person_id="U0SAM", at=NOON)

    kept.remember("T1", "C1", "", "guide/beta", person_id="U0SAM", at=NOON)

    with database.reading() as connection:
        [row] = connection.execute(select(tables.conversations)).mappings()
    assert before is None
    assert kept.subject("T1", "C1", "", person_id="U0SAM", at=NOON) == "guide/beta"
    assert kept.subject("T1", "C1", "", person_id="U0PRIYA", at=NOON) is None
    assert kept.subject("T1", "C1", "", at=NOON) is None
    assert "U0SAM" not in str(dict(row))


def test_the_newer_subject_replaces_the_older(conversations: Conversations) -> None:
    conversations.remember("T1", "C1", "1.2", "platform/notify", at=NOON + HOUR)

    assert conversations.subject("T1", "C1", "1.2", at=NOON + 25 * HOUR) == "platform/notify"


def test_an_older_subject_that_comes_late_changes_nothing(conversations: Conversations) -> None:
    conversations.remember("T1", "C1", "1.2", "platform/notify", at=NOON - HOUR)

    assert conversations.subject("T1", "C1", "1.2", at=NOON) == "guide/alpha"


def test_old_threads_are_forgotten(conversations: Conversations) -> None:
    conversations.remember("T1", "C1", "1.3", "guide/beta", at=NOON - HOUR)

    assert conversations.forget_before(NOON) == 1
    assert conversations.subject("T1", "C1", "1.2", at=NOON) == "guide/alpha"
