"""What is held about a person is found in every table, given out without anybody else, deleted or renamed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from bot.checkpoints.receipts import verify
from bot.checkpoints.services import changes
from bot.storage.administration import Offices
from bot.storage.checkpoint_tables import actions, blind_cards
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from bot.storage.personal import POLICY, Erased, PersonalData
from bot.storage.tables import metadata
from tests.bot.checkpoints.build import SPONSOR
from tests.bot.storage.checkpoint_rows import make_given
from tests.bot.storage.processes import NOON
from tests.bot.storage.test_retention import fill, rows

OWNER = "UOWNER"
OTHER = "U0OTHER001"
DIRECT = "D0SPONSOR"


@contextmanager
def data_of(database: Database, user_id: str = SPONSOR, workspace_id: str = "T1") -> Iterator[PersonalData]:
    """The data of somebody, in a transaction."""
    with database.writing() as connection:
        yield PersonalData(connection, workspace_id, user_id, DIRECT if user_id == SPONSOR else "")


@pytest.fixture
def filled(database: Database) -> Database:
    """Two workspaces in which the same person sponsors a service, has signed, and has asked."""
    for workspace_id in ("T1", "T2"):
        fill(database, workspace_id, at=NOON)
        Conversations(database).remember(workspace_id, "C1", "", "guide/alpha", at=NOON, person_id=SPONSOR)
        GivenAnswers(database).keep(make_given(workspace_id=workspace_id, channel_id=DIRECT, thread_ts="", at=NOON))
        Conversations(database).remember(workspace_id, DIRECT, "", "guide/alpha", at=NOON)
        with Offices(database).writing(workspace_id) as office:
            office.audit.add("gave role editor", who=SPONSOR, subject=OTHER, at=NOON)
    return database


def hand_over(database: Database) -> None:
    """Name somebody else as sponsor, and tick the condition off."""
    with Ledger(database).writing("T1") as pages:
        for service in pages.services.all():
            other = replace(service, sponsor_id="UNEWSPONSOR")
            pages.services.keep(other, changes(service, other), who=OWNER, at=NOON)
    with database.writing() as connection:
        connection.execute(update(actions).values(done_at=NOON))


def erase(database: Database) -> Erased:
    with data_of(database) as data:
        return data.erase()


def mentions(database: Database, user_id: str, workspace_id: str = "T1") -> set[str]:
    """The tables in which somebody's id stands anywhere."""
    found = set()
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table).where(table.c.workspace_id == workspace_id)).mappings():
                if user_id in json.dumps(dict(row), default=str):
                    found.add(table.name)
    return found


def test_there_is_a_rule_for_every_table() -> None:
    assert set(POLICY) == set(metadata.tables)


def test_what_is_held_is_found_wherever_it_stands(filled: Database) -> None:
    with data_of(filled) as data:
        held = data.held()

    assert mentions(filled, SPONSOR) <= set(held)
    assert (len(held["conversations"]), len(held["given_answers"])) == (2, 1)


def test_the_copy_holds_nobody_elses_id_and_no_other_workspace(filled: Database) -> None:
    with data_of(filled) as data:
        text = json.dumps(data.held(), default=str)

    assert SPONSOR in text
    assert OTHER not in text
    assert "somebody else" in text
    assert "T2" not in text


def test_of_a_blind_round_a_person_gets_only_their_own_part(filled: Database) -> None:
    with filled.writing() as connection:
        for person, note in ((SPONSOR, "mine"), (OWNER, f"sealed, about {SPONSOR}")):
            card = {"workspace_id": "T1", "round_id": "r9", "person_id": person, "body": {"note": note}}
            connection.execute(insert(blind_cards).values(**card, changed_at=NOON))

    with data_of(filled) as data:
        held = data.held()["blind_cards"]

    assert "sealed" not in str(held)
    assert [row["round_id"] for row in held if row["person_id"] == SPONSOR] == ["r9"]


def test_an_id_that_only_begins_like_it_is_somebody_else(filled: Database) -> None:
    with data_of(filled, user_id=SPONSOR[:-1]) as data:
        assert data.held() == {}


def test_what_is_about_the_person_alone_goes_at_once(filled: Database) -> None:
    with data_of(filled, user_id="U1") as data:
        votes = data.held().get("feedback", [])
        erased = data.erase()
        left = data.held()

    assert len(votes) == 1
    assert erased.deleted["feedback"] == 1
    assert "feedback" not in left


def test_while_somebody_is_named_the_record_keeps_their_name_and_says_for_what(filled: Database) -> None:
    erased = erase(filled)

    assert {one.kind for one in erased.duties} == {"sponsor", "action"}
    assert erased.renamed == {}
    assert erased.deleted == {"conversations": 2, "given_answers": 1}
    assert "services" in mentions(filled, SPONSOR)


def test_after_handing_over_only_receipts_and_the_audit_log_name_them(filled: Database) -> None:
    hand_over(filled)

    erased = erase(filled)

    assert mentions(filled, SPONSOR) == {"receipts", "audit"}
    assert erased.kept == {"receipts": 1, "audit": 1}
    assert mentions(filled, erased.alias) >= {"checkpoints", "service_changes", "checkpoint_events"}


def test_what_was_renamed_can_still_be_read_and_the_chain_holds(filled: Database) -> None:
    hand_over(filled)
    erased = erase(filled)

    with Ledger(filled).reading("T1") as pages:
        [service] = pages.services.all()
        [checkpoint] = pages.checkpoints.of_service(service.id)
        broken = verify(pages.receipts.all())

    assert broken is None
    assert checkpoint.decision is not None
    assert checkpoint.decision.by == erased.alias


def test_erasing_somebody_changes_nothing_in_another_workspace(filled: Database) -> None:
    before = rows(filled, "T2"), mentions(filled, SPONSOR, "T2")
    hand_over(filled)

    erase(filled)

    assert (rows(filled, "T2"), mentions(filled, SPONSOR, "T2")) == before


def test_erasing_twice_finds_nothing_more(filled: Database) -> None:
    hand_over(filled)
    erase(filled)

    again = erase(filled)

    assert (again.deleted, again.renamed) == ({}, {})


def test_a_role_is_a_duty(database: Database) -> None:
    with Offices(database).writing("T1") as office:
        office.roles.give(SPONSOR, "editor", by=OWNER, at=NOON)

    with data_of(database) as data:
        assert [(one.kind, one.name) for one in data.duties()] == [("role", "editor")]


def test_a_retired_service_is_no_duty(filled: Database) -> None:
    with filled.writing() as connection:
        connection.execute(update(actions).values(done_at=NOON))
    with Ledger(filled).writing("T1") as pages:
        for service in pages.services.all():
            pages.services.keep(replace(service, phase="retired"), [], who=OWNER, at=NOON + dt.timedelta(1))

    with data_of(filled) as data:
        assert data.duties() == []


@pytest.mark.parametrize("user_id", ["", "%", "sam", "U1%", "U0SAM; --"])
def test_what_is_no_persons_id_is_refused(database: Database, user_id: str) -> None:
    with pytest.raises(ValueError, match="is not Slack's id of a person"), data_of(database, user_id=user_id):
        pass
