"""The doctor over real HTTP: each thing that can be wrong is named, with what to do; a well Advisor is called well."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import SecretStr
from slack_sdk import WebClient
from sqlalchemy import text

from bot.clock import Clock
from bot.doctor import Finding, examine
from bot.settings import Settings
from bot.web import SLACK_PATH
from tests.journeys.council import Council
from tests.journeys.test_deliveries import NOBODY_LISTENS


def findings(
    council: Council, *, url: str | None = None, at: dt.datetime | None = None, **changes: object
) -> dict[str, Finding]:
    """What the doctor finds, by what it is about (the last word about each)."""
    settings = council.settings.model_copy(update=changes)
    moment = at or dt.datetime.now(dt.UTC)
    return {one.about: one for one in examine(settings, url=url, now=lambda: moment)}


def address(council: Council) -> str:
    """Where the app listens."""
    return council.slack.request_url.removesuffix(SLACK_PATH)


def test_a_well_advisor_is_called_well(council: Council) -> None:
    file = Path(council.settings.database_url.removeprefix("sqlite:///"))
    file.chmod(0o600)
    Clock(council.running).tick()

    found = findings(council, url=address(council))

    assert {about for about, one in found.items() if one.state != "ok"} <= {
        "knowledge",
        "disk of the cache",
        "disk of the database",
    }
    assert all(one.state == "ok" or one.do for one in found.values())
    assert {
        "settings",
        "Slack",
        "scopes",
        "clock of this machine",
        "database",
        "clock",
        "address",
        "signed request",
    } <= set(found)


def test_what_is_not_set_is_named(council: Council) -> None:
    found = findings(council, slack_bot_token=None)

    assert found["settings"].state == "wrong"
    assert "SLACK_BOT_TOKEN" in found["settings"].do
    assert "Slack" not in found


@pytest.mark.parametrize(("word", "do"), [("account_inactive", "install it"), ("invalid_auth", "OAuth & Permissions")])
def test_a_token_that_slack_refuses(council: Council, word: str, do: str) -> None:
    council.slack.fail_next("auth.test", error=word)

    found = findings(council)

    assert found["Slack"].state == "wrong"
    assert word in found["Slack"].found
    assert do in found["Slack"].do


def test_a_slack_that_cannot_be_reached(council: Council) -> None:
    council.noisy = True
    found = findings(council, slack_api_url=NOBODY_LISTENS)

    assert found["Slack"].state == "wrong"
    assert "DNS" in found["Slack"].do


@pytest.mark.parametrize(
    ("without", "more", "state", "named"),
    [
        ({"im:write"}, set(), "wrong", "not granted: im:write."),
        ({"groups:history"}, set(), "look", "optional ones are not granted: groups:history."),
        (set(), {"pins:write"}, "look", "more are granted than asked for: pins:write."),
    ],
)
def test_scopes_are_compared_with_the_manifest(
    council: Council, without: set[str], more: set[str], state: str, named: str
) -> None:
    installation = council.slack.workspace.installation
    installation.limit((installation.scopes - without) | more)

    found = findings(council)["scopes"]

    assert (found.state, found.found) == (state, named)
    assert found.do


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [(3, "ok", "ahead of"), (60, "look", "ahead of"), (-60, "look", "behind"), (-400, "wrong", "behind")],
)
def test_the_clock_of_the_machine_is_compared_with_slacks(
    council: Council, seconds: int, state: str, words: str
) -> None:
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)

    found = findings(council, at=at)["clock of this machine"]

    assert found.state == state
    assert words in found.found


def test_an_app_token_that_slack_refuses(council: Council) -> None:
    refused = findings(council, slack_app_token=SecretStr("xapp-nobody"))["Socket Mode"]

    assert refused.state == "wrong"
    assert "connections:write" in refused.do


def test_an_app_token_that_slack_takes(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    # The stand-in speaks HTTP alone, and gives nobody a socket.
    monkeypatch.setattr(WebClient, "apps_connections_open", lambda *_, **__: {"ok": True})

    assert findings(council, slack_app_token=SecretStr("xapp-good"))["Socket Mode"].state == "ok"


def test_a_database_that_is_not_there_yet(council: Council, tmp_path: Path) -> None:
    found = findings(council, database_url=f"sqlite:///{tmp_path}/new/advisor.sqlite3")["database"]

    assert found.state == "wrong"
    assert "advisor migrate" in found.do


def test_tables_of_another_version(council: Council) -> None:
    with council.running.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    found = findings(council)["database"]

    assert found.state == "wrong"
    assert found.found.startswith("its tables have version 0001, this Advisor wants ")


def test_an_address_of_a_database_that_is_none(council: Council) -> None:
    assert findings(council, database_url="mysql://nobody")["database"].state == "wrong"


def test_a_clock_that_has_stopped(council: Council) -> None:
    assert findings(council)["clock"].state == "look"
    Clock(council.running).tick()

    found = findings(council, at=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10))["clock"]

    assert found.state == "wrong"
    assert "advisor clock" in found.do


def test_a_file_that_others_can_read(council: Council) -> None:
    file = Path(council.settings.database_url.removeprefix("sqlite:///"))
    file.chmod(0o644)
    file.parent.chmod(0o755)

    found = findings(council)["file of the database"]

    assert found.state == "look"
    assert f"chmod 600 {file}" in found.do


def test_knowledge_with_a_fault(council: Council, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    (folder / "guide").mkdir(parents=True)
    (folder / "guide" / "alpha.yaml").write_text("titel: Alpha\n", encoding="utf-8")

    assert findings(council, knowledge=folder)["knowledge"].state == "wrong"
    assert findings(council, knowledge=tmp_path / "nowhere")["knowledge"].state == "wrong"


def test_an_address_that_was_not_given_is_asked_for(council: Council) -> None:
    assert "--url" in findings(council)["address"].do


@pytest.mark.parametrize("url", [NOBODY_LISTENS, "http://", "no address"])
def test_an_address_where_nobody_answers(council: Council, url: str) -> None:
    assert findings(council, url=url)["address"].state == "wrong"


def test_another_signing_secret_than_the_running_advisors(council: Council) -> None:
    found = findings(council, url=address(council), slack_signing_secret=SecretStr("0" * 32))

    assert found["address"].state == "ok"
    assert found["signed request"].state == "wrong"
    assert "SLACK_SIGNING_SECRET" in found["signed request"].do


def test_the_doctor_names_no_secret(council: Council) -> None:
    said = str(findings(council, url=address(council)))

    assert council.slack.bot_token not in said
    assert council.slack.signing_secret not in said


def test_over_socket_mode_no_address_is_tried(council: Council) -> None:
    token = SecretStr(council.slack.workspace.installation.app_token)

    assert "address" not in findings(council, slack_app_token=token)


def test_settings_by_default_can_be_examined() -> None:
    found = [one.about for one in examine(Settings(_env_file=None, database_url="postgresql://127.0.0.1:9/none"))]

    assert found[0] == "settings"
