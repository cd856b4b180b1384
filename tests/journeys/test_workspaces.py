"""Many workspaces: installing, being renewed, going and coming back; and nothing of one is ever seen in another."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import time
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_sdk.oauth.installation_store import Installation

from bot.checkpoints.calendar import LONDON
from bot.rendering.nudges import EVENT_TYPE
from bot.storage.installations import Installations
from bot.storage.sealing import Sealer, new_key
from bot.storage.workspaces import count_rows, everything_of
from bot.trial import cast
from bot.usecases.checkpoint_register import RegisterDesk
from tests.journeys.conftest import MakeCouncil, MakeShared
from tests.journeys.council import PARKING, Council, value_of
from tests.journeys.test_checkpoints import Team
from tests.journeys.workspaces import TEAMS, URL, Shared, sent_to

DUE = dt.datetime(2027, 1, 8, 9, 31, tzinfo=LONDON)
MARK = "zeppelin"
"""A word that stands nowhere but in what one of the two councils has typed."""


def installations(shared: Shared) -> Installations:
    running, settings = shared.councils[0].running, shared.councils[0].settings
    return Installations(running.database, settings.slack_client_id or "", Sealer(settings.keys))


def nudges(council: Council) -> int:
    """How many messages Advisor has started in the channel of the team."""
    said = council.sam.answers(PARKING)
    return sum((one.metadata or {}).get("event_type") == EVENT_TYPE for one in said)


def planned(council: Council) -> Team:
    """A team with a checkpoint that falls due; the same in every council."""
    team = Team(council)
    team.plan(team.start(), due="2027-01-15")
    return team


# Installing, going, coming back


def test_somebody_installs_advisor_and_is_told_what_was_granted_and_what_next(make_shared: MakeShared) -> None:
    shared = make_shared()
    leeds = shared.councils[0]

    page = shared.install(leeds)

    assert page.status_code == 200
    with leeds.running.rules.ledger.reading(TEAMS[0]) as pages:
        assert len(pages.roles.holders("admin")) == 1  # whoever installed it: somebody can give the other roles
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "<h1>Advisor is installed in" in page.text
    assert "<code>chat:write</code>: to answer" in page.text
    assert "/invite @Advisor" in page.text
    assert leeds.slack.bot_token not in page.text
    assert leeds.subject_of(leeds.dm(leeds.sam, "what is alpha?")) == "guide/alpha"


@pytest.mark.parametrize(
    ("query", "words"),
    [({"deny": "1"}, "You chose not to install it."), ({"state": "forged"}, "another browser")],
)
def test_an_installation_that_is_not_finished_says_why(
    make_shared: MakeShared, query: dict[str, str], words: str
) -> None:
    shared = make_shared()

    page = shared.install(shared.councils[0], **query)

    assert "Advisor is not installed" in page.text
    assert words in page.text
    assert 'href="/slack/install"' in page.text
    assert installations(shared).installed() == []


def test_what_stands_in_the_address_of_the_page_is_not_shown_or_logged(
    shared: Shared, caplog: pytest.LogCaptureFixture
) -> None:
    page = shared.browser.get("/slack/oauth_redirect?error=<script>zeppelin</script>", base_url=URL)

    assert MARK not in page.text + caplog.text


def test_an_installation_page_is_used_once(shared: Shared) -> None:
    page = shared.browser.get("/slack/oauth_redirect?state=1&code=1", base_url=URL)

    assert page.status_code == 400
    assert "Begin again" in page.text


def test_install_ask_be_revoked_and_come_back(shared: Shared) -> None:
    leeds, hull = shared.councils
    leeds.dm(leeds.sam, "what is alpha?")
    hull.dm(hull.sam, "what is alpha?")

    leeds.slack.uninstall()
    leeds.settle()
    gone = count_rows(leeds.running.database)
    left = [one.workspace_id for one in installations(shared).installed()]
    leeds.clock.forward(minutes=5)
    page = shared.install(leeds)
    leeds.sam.invite(PARKING)
    leeds.settle()

    assert list(gone) == left == [TEAMS[1]]
    assert page.status_code == 200
    assert leeds.subject_of(leeds.dm(leeds.sam, "what is beta?")) == "guide/beta"
    assert hull.subject_of(hull.dm(hull.sam, "what is beta?")) == "guide/beta"


def test_an_uninstall_that_arrives_after_the_next_installation_erases_nothing(
    shared: Shared, caplog: pytest.LogCaptureFixture
) -> None:
    leeds = shared.councils[0]
    leeds.dm(leeds.sam, "what is alpha?")
    event = {"type": "app_uninstalled", "event_ts": f"{leeds.clock().timestamp() - 60:.6f}"}

    leeds.slack.delivery.event(event)
    leeds.settle()

    assert len(leeds.kept()) == 1
    assert "workspace_reinstalled" in [getattr(record, "action", "") for record in caplog.records]


def test_uninstalling_stops_the_notifications_of_that_workspace_alone(shared: Shared) -> None:
    leeds, hull = shared.councils
    planned(leeds)
    planned(hull)
    leeds.slack.uninstall()
    leeds.settle()

    leeds.clock.moment = DUE
    tally = leeds.running.notifier.send_due(at=DUE)

    assert (tally.messages, tally.failed) == (1, 0)
    assert (nudges(leeds), nudges(hull)) == (0, 1)


def test_notifications_go_out_with_the_token_of_their_own_workspace(shared: Shared) -> None:
    for council in shared.councils:
        planned(council)
    shared.councils[0].clock.moment = DUE

    tally = shared.councils[0].running.notifier.send_due(at=DUE)

    assert tally.messages == 2
    assert [nudges(council) for council in shared.councils] == [1, 1]


def test_where_no_token_is_left_notifications_wait(shared: Shared) -> None:
    leeds = shared.councils[0]
    leeds.noisy = True
    planned(leeds)
    installations(shared).forget(TEAMS[0])
    leeds.clock.moment = DUE

    tally = leeds.running.notifier.send_due(at=DUE)

    assert (tally.messages, tally.failed) == (0, 1)


def test_the_token_of_the_settings_speaks_for_its_own_workspace_alone(
    shared: Shared, make_council: MakeCouncil
) -> None:
    planned(shared.councils[1])
    alone = make_council()
    alone.noisy = True
    alone.clock.moment = DUE

    tally = alone.running.notifier.send_due(at=DUE)

    assert (tally.messages, tally.failed) == (0, 1)
    assert alone.slack.calls_of("chat.postMessage") == []


def test_a_whole_organisation_is_one_workspace(shared: Shared) -> None:
    leeds = shared.councils[0]
    token = leeds.slack.bot_token
    given: dict[str, Any] = {
        "app_id": cast.APP_ID, "enterprise_id": "E0YORKSHIRE", "enterprise_name": "Yorkshire", "bot_token": token,
        "bot_id": cast.BOT_ID, "bot_user_id": cast.BOT_USER, "user_id": cast.TOM, "is_enterprise_install": True,
        "installed_at": time.time(),
    }  # fmt: skip
    installations(shared).save(Installation(**given))
    asked = leeds.sam.dm("what is alpha?")
    leeds.settle()
    body = {**leeds.last_event().payload, "event_id": "Ev0ORG", "enterprise_id": "E0YORKSHIRE"}
    who = {"enterprise_id": "E0YORKSHIRE", "team_id": None, "user_id": cast.BOT_USER, "is_bot": True}
    body |= {"is_enterprise_install": True, "authorizations": [{**who, "is_enterprise_install": True}]}

    leeds.running.app.dispatch(BoltRequest(mode="socket_mode", body=body))
    leeds.settle()

    assert len(leeds.sam.answers(asked.channel)) == 2
    assert {"E0YORKSHIRE", TEAMS[0]} <= count_rows(leeds.running.database).keys()


# Tokens


def test_a_token_is_renewed_before_it_ends_by_whoever_needs_it_first(make_shared: MakeShared) -> None:
    shared = make_shared(rotation=True)
    leeds = shared.councils[0]
    shared.install(leeds)
    first = leeds.slack.bot_token
    about_to_end(shared, in_seconds=3600)

    leeds.dm(leeds.sam, "what is alpha?")
    leeds.dm(leeds.sam, "what is beta?")

    kept = installations(shared).of_workspace(TEAMS[0])
    assert kept is not None
    assert kept.bot_token == leeds.slack.bot_token != first
    assert [call.arguments.get("grant_type") for call in leeds.slack.calls_of("oauth.v2.access")] == [
        None,
        "refresh_token",
    ]


def test_the_clock_renews_a_token_that_has_ended(make_shared: MakeShared) -> None:
    shared = make_shared(rotation=True)
    leeds = shared.councils[0]
    shared.install(leeds)
    planned(leeds)
    about_to_end(shared, in_seconds=-60)
    leeds.clock.moment = DUE

    assert leeds.running.notifier.send_due(at=DUE).messages == 1
    assert len(leeds.slack.calls_of("oauth.v2.access")) == 2


def test_a_token_that_cannot_be_renewed_yet_is_used_as_long_as_it_works(make_shared: MakeShared) -> None:
    shared = make_shared(rotation=True)
    leeds = shared.councils[0]
    leeds.noisy = True
    shared.install(leeds)
    about_to_end(shared, in_seconds=3600)
    leeds.slack.fail_next("oauth.v2.access", error="internal_error")

    leeds.dm(leeds.sam, "what is alpha?")
    leeds.dm(leeds.sam, "what is beta?")

    kept = installations(shared).of_workspace(TEAMS[0])
    assert kept is not None
    assert kept.bot_token == leeds.slack.bot_token


def about_to_end(shared: Shared, *, in_seconds: int) -> None:
    """Have the token of the first workspace end so many seconds from now."""
    store = installations(shared)
    kept = store.of_workspace(TEAMS[0])
    assert kept is not None
    kept.bot_token_expires_at = int(time.time()) + in_seconds
    store.save(kept)


def test_with_a_key_no_token_can_be_read_from_the_database(make_shared: MakeShared) -> None:
    shared = make_shared(secret_keys=None).councils[0].settings
    assert shared.keys == ()
    sealed = make_shared(secret_keys=_secret(new_key()))
    leeds = sealed.councils[0]

    sealed.install(leeds)
    with leeds.running.database.reading() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM slack_bots").all())
        rows += str(connection.exec_driver_sql("SELECT * FROM slack_installations").all())

    assert "xoxb-" not in rows
    assert leeds.subject_of(leeds.dm(leeds.sam, "what is alpha?")) == "guide/alpha"


def _secret(key: str) -> Any:
    from pydantic import SecretStr

    return SecretStr(key)


def test_a_client_id_in_the_environment_changes_nothing_for_a_bot_token(
    make_council: MakeCouncil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "hunter2")

    council = make_council()

    assert council.running.app.oauth_flow is None
    assert os.environ["SLACK_CLIENT_ID"] == "1.2"
    assert council.subject_of(council.dm(council.sam, "what is alpha?")) == "guide/alpha"


# Nothing of one is ever seen in another


def everything_is_used(council: Council, *, mark: str = "") -> dict[str, str]:
    """Everything that leaves something behind, with *mark* in all that is typed; the ids that it got."""
    team, sam, priya = Team(council), council.sam, council.priya
    answer = council.dm(sam, f"{mark} what is GOV.UK Notify")
    council.click(sam, answer, "feedback_not_helpful")
    declined = council.command(sam, "/advisor", f"{mark} who empties the {mark} bins of the moon")
    told = team.start(purpose=f"Residents buy permits {mark}")
    opened = team.plan(told)
    team.open(sam, opened)
    team.walk(sam, note=f"We asked {mark} people")
    handed_in = council.answer(sam, lambda: team.fill(sam, form=f"All yours {mark}"), PARKING)
    council.form(priya, handed_in, "checkpoint_sign")
    condition = {
        "conditions.0.what": f"Talk to the {mark} team",
        "conditions.0.owner_id": cast.SAM,
        "conditions.0.due_on": "2027-02-01",
    }
    decided = council.answer(priya, lambda: team.fill(priya, outcome="met with conditions", **condition), PARKING)
    return {
        "answer": value_of(answer, "why"),
        "declined": declined.ts,
        "service": value_of(told, "checkpoint_edit"),
        "checkpoint": value_of(opened, "checkpoint_walk"),
        "sign": value_of(handed_in, "checkpoint_sign"),
        "action": value_of(decided, "checkpoint_action_done"),
        "receipt": decided.text.split("Receipt: ")[1].split(".")[0],
    }


def try_every_command(council: Council, their: dict[str, str]) -> None:
    """Every command, list, form and button of a council, also with the ids that belong to the other."""
    sam = council.sam
    for command, text in (
        ("/advisor", "help"), ("/advisor", "health"), ("/advisor", "gaps"), ("/advisor", "what is GOV.UK Notify"),
        ("/standard", ""), ("/standard", "5"), ("/platforms", ""), ("/cases", ""),
        ("/checkpoint", ""), ("/checkpoint", "plan"), ("/checkpoint", "nudges"), ("/checkpoint", "help"),
        ("/checkpoint", f"receipt {their['receipt']}"),
    ):  # fmt: skip
        council.command(sam, command, text)
    council.home(sam)
    council.home(council.priya)
    sam.command("/checkpoint", "start", channel=PARKING)
    council.settle()
    for name, action_id in (
        ("answer", "why"), ("answer", "share"), ("answer", "pass_on"), ("service", "checkpoint_edit"),
        ("service", "checkpoint_plan_one"), ("checkpoint", "checkpoint_walk"), ("checkpoint", "checkpoint_move"),
        ("checkpoint", "checkpoint_points"), ("sign", "checkpoint_sign"), ("action", "checkpoint_action_done"),
        ("receipt", "checkpoint_receipt"), ("checkpoint", "checkpoint_take_back"),
    ):  # fmt: skip
        forge(council, action_id, their[name])


def forge(council: Council, action_id: str, value: str) -> None:
    """A click with an id that belongs to somebody else: such as nobody can make who does not change the request."""
    council.noisy = True
    [newest] = council.sam.answers(PARKING)[-1:]
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
    body = {
        "type": "block_actions", "team": {"id": council.slack.workspace.team_id}, "user": {"id": cast.SAM},
        "api_app_id": cast.APP_ID, "trigger_id": "1.2.3", "actions": [action], "channel": {"id": cast.PARKING},
        "container": {"type": "message", "channel_id": cast.PARKING, "message_ts": newest.ts},
        "message": {"ts": newest.ts},
    }  # fmt: skip
    council.running.app.dispatch(BoltRequest(mode="socket_mode", body=body))
    council.settle()


def test_nothing_of_one_workspace_shows_in_another(shared: Shared, caplog: pytest.LogCaptureFixture) -> None:
    leeds, hull = shared.councils
    their = everything_is_used(hull, mark=MARK)
    everything_is_used(leeds)
    before = everything_of(hull.running.database, TEAMS[1])

    try_every_command(leeds, their)
    leeds.clock.moment = DUE
    leeds.running.notifier.send_due(at=DUE)
    exported = json.dumps(everything_of(leeds.running.database, TEAMS[0]), default=str)
    register = RegisterDesk(leeds.running.rules)
    exported += register.give_out(TEAMS[0]) + register.calendar(TEAMS[0], at=DUE).decode()
    shown = sent_to(leeds.slack)
    logged = "\n".join(logging.Formatter().format(record) for record in caplog.records)

    secrets = {TEAMS[1], hull.slack.bot_token, leeds.slack.bot_token, leeds.slack.signing_secret}
    assert MARK in sent_to(hull.slack)
    assert MARK not in shown + exported + logged
    assert {one for one in {*their.values(), TEAMS[1]} if one in exported} == set()
    assert {one for one in secrets if one in logged} == set()
    assert TEAMS[1] not in shown
    after = everything_of(hull.running.database, TEAMS[1])
    assert {name: rows for name, rows in after.items() if name not in _MOVED_BY_THE_CLOCK} == {
        name: rows for name, rows in before.items() if name not in _MOVED_BY_THE_CLOCK
    }


_MOVED_BY_THE_CLOCK = {"notifications", "places", "budget_slots"}
