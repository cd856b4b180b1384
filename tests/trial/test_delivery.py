"""How Slack calls the app: signed, in time, again when it failed, and only what was subscribed to."""

from __future__ import annotations

import threading
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.trial import cast
from bot.trial.delivery import Signing
from bot.trial.errands import Errands
from bot.trial.server import StandIn

from .build import Recorder, attach, bolt_app, call, make_manifest


def signed_well(slack: StandIn, app: Recorder, number: int = -1) -> bool:
    request = app.requests[number]
    return SignatureVerifier(slack.signing_secret).is_valid(
        request.body,
        request.headers.get("HTTP_X_SLACK_REQUEST_TIMESTAMP"),
        request.headers.get("HTTP_X_SLACK_SIGNATURE"),
    )


def test_every_request_is_signed(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").dm("hello")
    slack.person("Sam").command("/advisor", "hello")

    assert signed_well(slack, app, 0)
    assert signed_well(slack, app, 1)


@pytest.mark.parametrize("signing", [Signing(secret="wrong"), Signing(seconds_old=301), Signing(absent=True)])
def test_a_request_can_be_signed_badly_on_purpose(slack: StandIn, app: Recorder, signing: Signing) -> None:
    slack.person("Sam").dm("hello")

    slack.delivery.replay(slack.deliveries[-1], signing)

    assert not signed_well(slack, app)
    assert len(app.requests) == 2


def test_bolt_turns_a_bad_signature_away(lenient: StandIn) -> None:
    attach(lenient, bolt_app(lenient))
    lenient.person("Sam").command("/advisor", "hello")

    answer = lenient.delivery.replay(lenient.deliveries[-1], Signing(secret="wrong"))

    assert answer.status == 401


def test_the_address_is_verified_with_a_challenge(slack: StandIn, app: Recorder) -> None:
    assert not slack.delivery.verify_url()
    attach(slack, bolt_app(slack))
    assert slack.delivery.verify_url()


def test_an_event_comes_in_its_envelope(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").dm("hello")

    wrapped = slack.deliveries[0].payload
    assert wrapped["type"] == "event_callback"
    assert wrapped["event_id"].startswith("Ev")
    assert wrapped["authorizations"][0]["user_id"] == cast.BOT_USER
    assert wrapped["event"]["channel_type"] == "im"
    assert (wrapped["team_id"], wrapped["api_app_id"]) == (cast.TEAM_ID, cast.APP_ID)


def test_an_event_comes_again_with_the_reason(slack: StandIn, app: Recorder) -> None:
    app.status = 500

    slack.person("Sam").dm("hello")

    first, second = app.requests
    assert first.body == second.body
    assert "HTTP_X_SLACK_RETRY_NUM" not in first.headers
    assert second.headers["HTTP_X_SLACK_RETRY_NUM"] == "1"
    assert second.headers["HTTP_X_SLACK_RETRY_REASON"] == "http_error"


def test_an_event_comes_at_most_four_times() -> None:
    app = Recorder(status=404)
    with StandIn(make_manifest(), retry_delays=(0, 0, 0)) as slack:
        slack.attach(app)
        slack.person("Sam").dm("hello")

    assert [each.headers.get("HTTP_X_SLACK_RETRY_NUM") for each in app.requests] == [None, "1", "2", "3"]


def test_an_app_can_ask_not_to_be_tried_again(slack: StandIn, app: Recorder) -> None:
    app.status, app.headers = 500, [("X-Slack-No-Retry", "1")]

    slack.person("Sam").dm("hello")

    assert len(app.requests) == 1


def test_a_late_retry_comes_in_the_background() -> None:
    app = Recorder(status=500)
    with StandIn(make_manifest(), retry_delays=(0.01,)) as slack:
        slack.attach(app)
        slack.person("Sam").dm("hello")
        slack.wait_for(lambda: len(slack.deliveries) == 2)

    assert [each.attempt for each in slack.deliveries] == [0, 1]


def test_a_slow_app_is_a_timeout_for_the_person() -> None:
    free = threading.Event()
    app = Recorder(before=lambda: free.wait(5))
    with StandIn(make_manifest(), ack_seconds=0.05, retry_delays=()) as slack:
        slack.attach(app)
        sam = slack.person("Sam")
        outcome = sam.command("/advisor", "hello", channel="#parking-permits")
        sam.dm("hello")
        free.set()

    assert outcome.notice == "operation_timeout"
    assert sam.notices("#parking-permits") == ["operation_timeout"]
    assert slack.deliveries[-1].failure == "http_timeout"


def test_an_app_that_is_down_fails_the_command_and_loses_the_event(slack: StandIn) -> None:
    sam = slack.person("Sam")

    assert sam.command("/advisor", "hello").notice == "dispatch_failed"
    assert sam.dm("hello").text == "hello"
    assert sam.notices() == ["dispatch_failed"]


def test_a_duplicate_can_be_delivered_on_purpose(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").dm("hello")

    slack.delivery.replay(slack.deliveries[-1])

    assert signed_well(slack, app)
    assert app.requests[0].body == app.requests[1].body
    assert app.requests[1].headers["HTTP_X_SLACK_RETRY_NUM"] == "1"


@pytest.mark.parametrize("lacking", ["events", "scopes"])
def test_an_event_needs_subscription_and_scope(lacking: str) -> None:
    manifest = make_manifest(events=["app_mention"]) if lacking == "events" else make_manifest(scopes=["chat:write"])
    app = Recorder()
    with StandIn(manifest, strict=False) as slack:
        slack.attach(app)
        slack.person("Sam").dm("hello")

    assert app.requests == []
    assert ("im:history" in "".join(map(str, slack.complaints))) == (lacking == "scopes")


def test_a_mention_comes_as_mention_and_as_message(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").mention("#parking-permits", "hello")

    assert [each.payload["event"]["type"] for each in slack.deliveries] == ["message", "app_mention"]


def test_the_app_hears_nothing_from_a_channel_it_is_not_in(slack: StandIn, app: Recorder) -> None:
    sam = slack.person("Sam")

    sam.mention("#digital-leaders", "hello")

    assert app.requests == []
    assert sam.notices("#digital-leaders") == ["not_in_channel"]


def test_the_app_hears_its_own_messages_and_edits(slack: StandIn, app: Recorder) -> None:
    ts = call(slack, "chat.postMessage", channel=cast.SAM, text="one")
    call(slack, "chat.update", channel=ts["channel"], ts=ts["ts"], text="two")
    call(slack, "chat.delete", channel=ts["channel"], ts=ts["ts"])

    slack.wait_for(lambda: len(slack.deliveries) == 3)

    heard = [each.payload["event"] for each in slack.deliveries]
    assert [each.get("subtype") for each in heard] == [None, "message_changed", "message_deleted"]
    assert (heard[0]["bot_id"], heard[0]["app_id"]) == (cast.BOT_ID, cast.APP_ID)


def test_an_interaction_is_a_form_with_a_payload(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").shortcut("ask_anywhere")

    assert list(parse_qs(app.requests[0].body)) == ["payload"]
    assert slack.deliveries[0].payload["type"] == "shortcut"


def test_errands_end_when_they_are_told_to() -> None:
    errands, done = Errands(), threading.Event()

    errands.later(60, lambda: None)
    errands.later(0, done.set)

    assert done.wait(5)
    errands.close()
    errands.later(0, lambda: None)
