"""What was answered where, in its newest version; and no more than that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from tests.bot.storage.checkpoint_rows import make_given, make_planned
from tests.bot.storage.processes import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def given(database: Database) -> GivenAnswers:
    kept = GivenAnswers(database)
    kept.keep(make_given())
    return kept


def test_an_entry_is_found_where_it_was_given(given: GivenAnswers) -> None:
    given.keep(make_given(workspace_id="T2"))
    given.keep(make_given(channel_id="C2", entry_id="guide/beta"))

    assert given.of_entries("T1", ["guide/alpha", "guide/gone"]) == [make_given()]
    assert given.in_channel("T1", "C2") == [make_given(channel_id="C2", entry_id="guide/beta")]
    assert given.workspaces() == ["T1", "T2"]


def test_the_newer_version_in_a_thread_replaces_the_older(given: GivenAnswers) -> None:
    newer = make_given(version="v2", changes=(), at=NOON + HOUR)
    given.keep(newer)
    given.keep(make_given(version="v0", at=NOON - HOUR))

    assert given.of_entries("T1", ["guide/alpha"]) == [newer]


def test_nothing_is_kept_of_who_asked_and_what(database: Database) -> None:
    with database.reading() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("given_answers")}

    assert columns == {"workspace_id", "channel_id", "thread_ts", "entry_id", "version", "changes", "at"}


def test_recalls_are_forgotten_with_the_answers_and_other_notifications_stay(
    given: GivenAnswers, database: Database
) -> None:
    recall = make_planned("r1", service_id="", subject="recall", owner_id="")
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("", [recall], at=NOON)
        pages.plans.replan("", [], at=NOON)
        pages.plans.replan("s1", [make_planned("k1")], at=NOON)
        pages.plans.replan("s1", [], at=NOON)

    assert given.forget_before(NOON + HOUR) == 1

    with Ledger(database).reading("T1") as pages:
        assert pages.plans.of_service("") == []
        assert len(pages.plans.of_service("s1")) == 1


def test_a_moment_without_a_time_zone_is_refused(given: GivenAnswers) -> None:
    with pytest.raises(ValueError, match="time zone"):
        given.keep(make_given(at=NOON.replace(tzinfo=None)))
