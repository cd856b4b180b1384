"""One vote for each person and answer, and no trace of who voted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.answers import Answers
from bot.storage.database import Database
from bot.storage.feedback import Feedback
from bot.storage.tables import metadata
from tests.bot.storage.processes import NOON

DAY = timedelta(days=1)


@pytest.fixture
def feedback(database: Database) -> Feedback:
    return Feedback(database)


def keep_answer(database: Database, *entry_ids: str, workspace_id: str = "T1") -> str:
    return Answers(database).keep(
        workspace_id,
        question="q",
        entry_ids=entry_ids,
        outcome="answer",
        confidence=1,
        knowledge_version="1",
        at=NOON,
    )


def test_votes_are_counted_by_entry(database: Database, feedback: Feedback) -> None:
    notify, pay = keep_answer(database, "platform/notify", "platform/pay"), keep_answer(database, "platform/pay")
    feedback.give("T1", notify, "U1", "helpful", at=NOON)
    feedback.give("T1", notify, "U2", "helpful", at=NOON)
    feedback.give("T1", pay, "U1", "not_helpful", at=NOON)

    assert feedback.counts("T1", NOON) == {"platform/notify": (2, 0), "platform/pay": (0, 1)}


def test_a_second_vote_replaces_the_first(database: Database, feedback: Feedback) -> None:
    answer_id = keep_answer(database, "platform/notify")

    news = [
        feedback.give("T1", answer_id, "U1", "helpful", at=NOON),
        feedback.give("T1", answer_id, "U1", "helpful", at=NOON + DAY),
        feedback.give("T1", answer_id, "U1", "not_helpful", at=NOON + DAY),
    ]

    assert news == [True, False, True]
    assert feedback.counts("T1", NOON) == {"platform/notify": (0, 1)}


def test_votes_before_the_moment_are_not_counted(database: Database, feedback: Feedback) -> None:
    feedback.give("T1", keep_answer(database, "platform/notify"), "U1", "helpful", at=NOON - DAY)

    assert feedback.counts("T1", NOON) == {}


def test_a_forgotten_answer_takes_no_vote(feedback: Feedback) -> None:
    assert not feedback.give("T1", "unknown", "U1", "helpful", at=NOON)


def test_nobody_votes_on_an_answer_of_another_workspace(database: Database, feedback: Feedback) -> None:
    answer_id = keep_answer(database, "platform/notify", workspace_id="T2")

    assert not feedback.give("T1", answer_id, "U1", "helpful", at=NOON)


def test_a_vote_on_an_answer_without_entry_counts_for_none(database: Database, feedback: Feedback) -> None:
    assert feedback.give("T1", keep_answer(database), "U1", "not_helpful", at=NOON)
    assert feedback.counts("T1", NOON) == {}


def test_a_verdict_is_one_of_two(feedback: Feedback) -> None:
    anything: Any = "perhaps"

    with pytest.raises(ValueError, match="helpful or not_helpful"):
        feedback.give("T1", "a", "U1", anything, at=NOON)


def test_no_user_id_is_stored(database: Database, feedback: Feedback) -> None:
    feedback.give("T1", keep_answer(database, "platform/notify"), "U0123456789", "helpful", at=NOON)

    with database.reading() as connection:
        rows = [row for table in metadata.tables.values() for row in connection.execute(select(table))]

    assert len(rows) == 3
    assert "U0123456789" not in repr(rows)


def test_old_votes_are_forgotten(database: Database, feedback: Feedback) -> None:
    answer_id = keep_answer(database, "platform/notify")
    feedback.give("T1", answer_id, "U1", "helpful", at=NOON - DAY)
    feedback.give("T1", answer_id, "U2", "helpful", at=NOON)

    assert feedback.forget_before(NOON) == 1
    assert feedback.counts("T1", NOON - DAY) == {"platform/notify": (1, 0)}
