"""Who waits for an answer: the wish, where it is told, and nothing that outlives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import inspect

from bot.storage.answers import Answers
from bot.storage.awaited import AWAITED, Awaited, AwaitedAnswers
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.storage.outbox import Outbox
from tests.bot.storage.checkpoint_rows import make_planned
from tests.bot.storage.processes import NOON

DAY = timedelta(days=1)


def declined(database: Database, question: str = "drones", workspace_id: str = "T1", at: datetime = NOON) -> str:
    """A decline, as it is kept; its id."""
    return Answers(database).keep(
        workspace_id, question=question, entry_ids=[], outcome="decline", confidence=0, knowledge_version="1", at=at
    )


def plan(database: Database, one: Awaited) -> None:
    """Plan to tell somebody."""
    planned = make_planned(
        f"awaited/{one.id}", workspace_id=one.workspace_id, service_id=AWAITED, subject="awaited",
        subject_id=one.id, owner_id=one.person_id, channel_id=one.channel_id, thread_ts=one.thread_ts,
    )  # fmt: skip
    with Ledger(database).writing(one.workspace_id) as pages:
        pages.plans.replan(AWAITED, [planned], at=NOON)


def plans_of(database: Database, workspace_id: str = "T1") -> int:
    with Ledger(database).reading(workspace_id) as pages:
        return len(pages.plans.of_service(AWAITED))


@pytest.fixture
def one(database: Database) -> Awaited:
    """Somebody who waits in a thread."""
    found = Awaited("T1", declined(database), "U1", "C1", "1.1", NOON)
    AwaitedAnswers(database).keep(found)
    return found


def test_who_waits_is_found_with_the_question_of_the_decline(database: Database, one: Awaited) -> None:
    awaited = AwaitedAnswers(database)
    awaited.keep(Awaited("T2", declined(database, workspace_id="T2"), "U1", "", "", NOON))

    assert awaited.all("T1") == [replace(one, question="drones")]
    assert len(awaited.all(None)) == 2
    assert awaited.workspaces() == ["T1", "T2"]


def test_the_words_are_not_written_a_second_time(database: Database) -> None:
    with database.reading() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("awaited_answers")}

    assert columns == {"workspace_id", "answer_id", "person_id", "channel_id", "thread_ts", "at"}


def test_waiting_twice_is_waiting_once(database: Database, one: Awaited) -> None:
    assert not AwaitedAnswers(database).keep(one)
    assert len(AwaitedAnswers(database).all("T1")) == 1


def test_who_stops_takes_the_plan_along_and_nobody_elses(database: Database, one: Awaited) -> None:
    awaited, other = AwaitedAnswers(database), replace(one, workspace_id="T2")
    awaited.keep(other)
    plan(database, one)
    plan(database, other)

    assert awaited.stop("T1", one.answer_id, "U1")
    assert not awaited.stop("T1", one.answer_id, "U1")
    assert (plans_of(database, "T1"), plans_of(database, "T2")) == (0, 1)


def test_once_it_is_posted_nothing_is_left(database: Database, one: Awaited) -> None:
    plan(database, one)
    outbox = Outbox(database)
    [claim] = outbox.claim_due(at=NOON + DAY, lease=timedelta(minutes=5))
    due = outbox.due(claim, at=NOON + DAY)
    assert outbox.begin(claim, "b1", due.waiting, (), at=NOON + DAY)

    outbox.record_posted(claim, "b1", channel_id="C1", message_ts="9.9", at=NOON + DAY)

    assert AwaitedAnswers(database).workspaces() == []
    assert plans_of(database) == 0


def test_what_a_plan_no_longer_holds_leaves_nothing(database: Database, one: Awaited) -> None:
    plan(database, one)

    with Ledger(database).writing("T1") as pages:
        pages.plans.replan(AWAITED, [], at=NOON)

    assert plans_of(database) == 0
    assert len(AwaitedAnswers(database).all("T1")) == 1


def test_it_is_forgotten_with_the_question_and_its_plan_too(database: Database, one: Awaited) -> None:
    awaited = AwaitedAnswers(database)
    later = Awaited("T1", declined(database, at=NOON + DAY), "U1", "", "", NOON + DAY)
    awaited.keep(later)
    plan(database, one)

    assert awaited.forget_before(NOON + DAY) == 1
    assert [row.answer_id for row in awaited.all("T1")] == [later.answer_id]
    assert plans_of(database) == 0


def test_whose_question_is_gone_is_not_listed(database: Database, one: Awaited) -> None:
    Answers(database).forget_before(NOON + DAY)

    assert AwaitedAnswers(database).all("T1") == []


def test_a_moment_without_a_time_zone_is_refused(database: Database, one: Awaited) -> None:
    with pytest.raises(ValueError, match="time zone"):
        AwaitedAnswers(database).keep(replace(one, asked_at=NOON.replace(tzinfo=None)))
