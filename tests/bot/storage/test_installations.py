"""Slack's installation store on our database: sealed, one for each workspace, found by the workspace's own id."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import select, text

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.installations import STATE_SECONDS, Installations, States
from bot.storage.sealing import Sealer, new_key
from tests.bot.storage.processes import NOON

OLD, NEW = new_key(), new_key()
LONG = "xoxe.xoxb-1-" + "x" * 400
"""Tokens that rotate are long, and sealed ones longer still."""


def installation(team_id: str | None = "T1", *, at: datetime = NOON, **changes: Any) -> Installation:
    given: dict[str, Any] = {
        "app_id": "A1", "team_id": team_id, "team_name": f"Team {team_id}", "bot_token": f"xoxb-{team_id}",
        "bot_id": "B1", "bot_user_id": "U1", "bot_scopes": "chat:write,commands", "user_id": "U2",
        "installed_at": at.timestamp(),
    }  # fmt: skip
    return Installation(**given | changes)


@pytest.fixture
def installations(database: Database) -> Installations:
    return Installations(database, "1.2", Sealer([NEW]))


def everything(database: Database) -> str:
    """All that the two tables hold, as text."""
    with database.reading() as connection:
        rows = [
            connection.execute(text(f"SELECT * FROM {name}")).all() for name in ("slack_bots", "slack_installations")
        ]
    return str(rows)


def test_what_was_installed_is_found_and_its_tokens_do_not_show(
    database: Database, installations: Installations
) -> None:
    installations.save(installation(bot_token=LONG, bot_refresh_token=f"r{LONG}", bot_token_expires_in=43_200))

    found = installations.find_installation(enterprise_id=None, team_id="T1")
    bot = installations.find_bot(enterprise_id=None, team_id="T1")

    assert found is not None
    assert bot is not None
    assert (found.bot_token, bot.bot_token, bot.bot_refresh_token) == (LONG, LONG, f"r{LONG}")
    assert "xoxb" not in everything(database)


def test_moments_come_back_as_they_were_whatever_the_zone(installations: Installations) -> None:
    expires = int((NOON + timedelta(hours=12)).timestamp())
    installations.save(installation(bot_token_expires_at=expires, bot_refresh_token="xoxe-1"))

    bot = installations.find_bot(enterprise_id=None, team_id="T1")

    assert bot is not None
    assert (bot.installed_at, bot.bot_token_expires_at) == (NOON.timestamp(), expires)


def test_only_the_newest_installation_of_a_workspace_stays(database: Database, installations: Installations) -> None:
    installations.save(installation(bot_token="xoxb-old"))
    installations.save(installation("T2"))
    installations.save(installation(at=NOON + timedelta(days=1), bot_token="xoxb-new"))

    with database.reading() as connection:
        kept = connection.execute(select(installations.installations.c.team_id)).scalars().all()

    bot = installations.of_workspace("T1")
    assert bot is not None
    assert bot.bot_token == "xoxb-new"
    assert sorted(kept) == ["T1", "T2"]


def test_a_whole_enterprise_is_found_by_its_own_id_and_a_team_in_it_by_its(installations: Installations) -> None:
    installations.save(installation(None, enterprise_id="E1", is_enterprise_install=True, bot_token="xoxb-E1"))
    installations.save(installation("T2", enterprise_id="E1"))

    tokens = {id: bot.bot_token for id in ("E1", "T2", "T3") if (bot := installations.of_workspace(id))}
    listed = [(one.workspace_id, one.is_enterprise, one.scopes) for one in installations.installed()]

    assert tokens == {"E1": "xoxb-E1", "T2": "xoxb-T2"}
    assert listed == [("E1", True, ("chat:write", "commands")), ("T2", False, ("chat:write", "commands"))]


def test_forgetting_concerns_one_workspace(installations: Installations) -> None:
    for team_id in ("T1", "T2"):
        installations.save(installation(team_id))

    installations.forget("T1")

    assert [one.workspace_id for one in installations.installed()] == ["T2"]
    assert installations.find_installation(enterprise_id=None, team_id="T1") is None


def test_an_older_word_does_not_forget_a_newer_installation(installations: Installations) -> None:
    installations.save(installation())

    assert installations.forget("T1", before=NOON - timedelta(seconds=1)) == 0
    assert installations.of_workspace("T1") is not None


def test_with_a_new_key_everything_is_sealed_anew(database: Database) -> None:
    Installations(database, "1.2", Sealer([OLD])).save(installation())

    both = Installations(database, "1.2", Sealer([NEW, OLD]))

    assert (both.reseal(), both.reseal()) == (2, 0)
    alone = Installations(database, "1.2", Sealer([NEW])).of_workspace("T1")
    assert alone is not None
    assert alone.bot_token == "xoxb-T1"


def test_a_token_that_was_kept_open_is_sealed_as_soon_as_there_is_a_key(database: Database) -> None:
    Installations(database, "1.2", Sealer()).save(installation())
    assert "xoxb" in everything(database)

    Installations(database, "1.2", Sealer([NEW])).reseal()

    assert "xoxb" not in everything(database)


def test_a_lost_key_says_what_to_do(database: Database) -> None:
    Installations(database, "1.2", Sealer([OLD])).save(installation())

    with pytest.raises(StorageError, match="ADVISOR_SECRET_KEYS"):
        Installations(database, "1.2", Sealer([NEW])).of_workspace("T1")


def test_a_database_without_tables_says_to_migrate(empty_address: str) -> None:
    with closing(Database(empty_address)) as database, pytest.raises(StorageError, match="advisor migrate"):
        Installations(database, "1.2", Sealer()).save(installation())


def test_a_state_is_used_once_and_forgotten_when_it_is_too_late(database: Database) -> None:
    states = States(database)
    first, left = states.issue(), states.issue()

    assert (states.consume(first), states.consume(first), states.consume("guessed")) == (True, False, False)
    assert states.forget_before(datetime.now(UTC)) == 0
    assert states.forget_before(datetime.now(UTC) + timedelta(seconds=STATE_SECONDS + 1)) == 1
    assert not states.consume(left)
