"""Uninstalling: every row of the workspace goes, and none of another's."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import func, select

from bot.storage.tables import metadata
from bot.trial.events import uninstall_events
from tests.journeys.council import WORKSPACE, Council

NEIGHBOUR = "T0NEIGHBOUR"


def rows_of(council: Council, workspace_id: str) -> dict[str, int]:
    """How many rows each table holds of a workspace; tables without any are left out."""
    with council.running.database.reading() as connection:
        counts = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id)
            ).scalar_one()
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def used(council: Council) -> Council:
    """The council after everything was used that leaves a row, beside a neighbour who has the same rows."""
    council.sam.open_messages_tab()
    council.settle()
    council.click(council.sam, council.dm(council.sam, "what is alpha?"), "feedback_not_helpful")
    with council.running.database.writing() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings().all():
                connection.execute(table.insert().values({**row, "workspace_id": NEIGHBOUR}))
    return council


@pytest.mark.parametrize("app_first", [False, True])
def test_uninstalling_erases_the_rows_of_the_workspace(council: Council, app_first: bool) -> None:
    kept = rows_of(used(council), NEIGHBOUR)

    council.slack.uninstall(app_first=app_first)
    council.settle()

    assert {"answers", "conversations", "feedback", "gaps", "processed_deliveries", "welcomed"} <= kept.keys()
    assert rows_of(council, WORKSPACE) == {}
    assert rows_of(council, NEIGHBOUR) == kept


@pytest.mark.parametrize("name", ["tokens_revoked", "app_uninstalled"])
def test_each_of_the_two_events_is_enough(council: Council, caplog: pytest.LogCaptureFixture, name: str) -> None:
    used(council)
    [event] = [event for event in uninstall_events(council.slack.workspace) if event["type"] == name]

    council.slack.delivery.event(event)
    council.settle()

    assert rows_of(council, WORKSPACE) == {}
    assert "workspace_erased" in [getattr(record, "action", "") for record in caplog.records]


def test_revoking_only_a_persons_token_erases_nothing(council: Council) -> None:
    kept = rows_of(used(council), WORKSPACE)
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U0SAM00001"], "bot": []}, "event_ts": "1.1"}

    council.slack.delivery.event(event)
    council.settle()

    left = rows_of(council, WORKSPACE)
    assert {**left, "processed_deliveries": 0} == {**kept, "processed_deliveries": 0}


def test_after_an_uninstall_people_are_met_anew(council: Council) -> None:
    before = person_hashes(used(council))
    council.slack.uninstall()
    council.settle()
    council.slack.workspace.installation.grant(council.slack.workspace.manifest.scopes)

    with council.running.database.reading() as connection:
        salts = connection.execute(select(metadata.tables["settings"].c.workspace_id)).scalars().all()

    assert before
    assert salts == [NEIGHBOUR]


def person_hashes(council: Council) -> list[str]:
    """The hashes under which people are known."""
    with council.running.database.reading() as connection:
        return list(connection.execute(select(metadata.tables["welcomed"].c.user_hash)).scalars())


def test_nothing_is_logged_aloud_by_an_uninstall(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    used(council).slack.uninstall()
    council.settle()

    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
