"""The exchange and what editors said about names are kept as they were given, each in its own workspace."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.network.aliases import Judgement
from bot.network.panels import Panel, Reviewer, Seat
from bot.storage.commons import Commons
from bot.storage.database import Database
from bot.storage.network_tables import reviewers
from tests.bot.storage.processes import NOON

REVIEWER = Reviewer("U2", "YOR", ("data",), dt.date(2026, 12, 24), 1, ("Acme", "Jadu"), offers=False, passed=3)
SEATS = (Seat("U2", "YOR", "has had 0 turns", "declined"), Seat("U3", "CMD", "brings data"))
PANEL = Panel("p2", "c1", "s1", "LDS", "U1", NOON, SEATS, {"U4": "away"})


@pytest.fixture
def commons(database: Database) -> Commons:
    return Commons(database)


def test_reviewers_come_back_as_they_offered_by_id_and_in_their_workspace_alone(commons: Commons) -> None:
    with commons.writing() as pages:
        pages.exchange("T1").keep_reviewer(replace(REVIEWER, passed=0), at=NOON)
        pages.exchange("T1").keep_reviewer(Reviewer("U1", "LDS"), at=NOON)
        pages.exchange("T1").keep_reviewer(REVIEWER, at=NOON)

    with commons.writing() as pages:
        assert pages.exchange("T1").reviewers(lock=True) == [Reviewer("U1", "LDS"), REVIEWER]
        assert pages.exchange("T2").reviewers() == []


def test_panels_come_back_as_they_were_drawn_the_oldest_first(commons: Commons) -> None:
    older = Panel("p9", "c2", "s1", "LDS", "U1", NOON - dt.timedelta(days=1), done=True)
    with commons.writing() as pages:
        pages.exchange("T1").keep_panel(PANEL, at=NOON)
        pages.exchange("T1").keep_panel(older, at=NOON)

    with commons.reading() as pages:
        assert pages.exchange("T1").panels() == [older, PANEL]
        assert pages.exchange("T2").panels() == []


def test_who_offered_before_turns_were_counted_has_none_passed(commons: Commons, database: Database) -> None:
    with commons.writing() as pages:
        pages.exchange("T1").keep_reviewer(Reviewer("U1", "LDS"), at=NOON)
    with database.writing() as connection:
        connection.execute(update(reviewers).values(body={"user_id": "U1", "council": "LDS"}))

    with commons.reading() as pages:
        assert pages.exchange("T1").reviewers() == [Reviewer("U1", "LDS")]


def test_the_last_judgement_about_two_names_holds_whichever_comes_first(commons: Commons) -> None:
    with commons.writing() as pages:
        judgements = pages.judgements("T1")
        judgements.keep(Judgement("supplier", "Civica", "Civica Ltd", True), who="U1", at=NOON)
        judgements.keep(Judgement("supplier", "Civica Ltd", "Civica", False), who="U2", at=NOON)
        judgements.keep(Judgement("area", "Civica", "Civica Ltd", True), who="U1", at=NOON)
        judgements.keep(Judgement("system", "Civica", "Civica Ltd", True), who="U1", at=NOON)

    with commons.reading() as pages:
        said = [(one.kind, one.same) for one in pages.judgements("T1").all()]
        assert said == [("area", True), ("supplier", False), ("system", True)]
        assert pages.judgements("T2").all() == []
