"""Faults on demand, rate limits, waiting, and complaints."""

from __future__ import annotations

import json
import threading
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.trial import cast
from bot.trial.server import StandIn

from .build import Clock, call, error_of, make_manifest

HERE = cast.PARKING


def client_of(slack: StandIn, timeout: int = 5) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=timeout, retry_handlers=[])


def test_a_call_fails_with_the_error_that_was_asked_for(slack: StandIn) -> None:
    slack.fail_next("chat.postMessage", error="internal_error", times=2)

    errors = [error_of(slack, "chat.postMessage", channel=HERE, text="hi") for _ in range(3)]

    assert errors == ["internal_error", "internal_error", ""]
    assert len(slack.person("Sam").answers("#parking-permits")) == 1


def test_a_rate_limit_comes_as_429_with_the_seconds(slack: StandIn) -> None:
    slack.fail_next("chat.postMessage", error="ratelimited", retry_after=7)

    with pytest.raises(SlackApiError) as caught:
        client_of(slack).chat_postMessage(channel=HERE, text="hi")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"


def test_a_fault_of_the_server(slack: StandIn) -> None:
    slack.fail_next("auth.test", status=500)

    with pytest.raises(SlackApiError) as caught:
        client_of(slack).auth_test()

    assert caught.value.response.status_code == 500
    assert slack.calls[-1].error == "http_500"


def test_an_answer_that_is_no_json(slack: StandIn) -> None:
    slack.fail_next("auth.test", body="<html>busy</html>")

    with pytest.raises(SlackApiError, match="non-JSON"):
        client_of(slack).auth_test()


def test_work_can_be_done_and_its_answer_lost(slack: StandIn) -> None:
    slack.fail_next("chat.postMessage", status=500, after=True)

    with pytest.raises(SlackApiError):
        client_of(slack).chat_postMessage(channel=HERE, text="hi")

    assert len(slack.person("Sam").answers("#parking-permits")) == 1
    assert slack.calls[-1].status == 500


def test_an_answer_can_be_late(slack: StandIn) -> None:
    slack.fail_next("auth.test", delay=30)
    request = urllib.request.Request(f"{slack.api_url}auth.test", b"", method="POST")

    with pytest.raises(TimeoutError):
        urllib.request.urlopen(request, timeout=0.05)


def test_faults_can_be_called_off(slack: StandIn) -> None:
    slack.fail_next("*", error="internal_error", times=100)
    slack.heal()

    assert error_of(slack, "auth.test") == ""


def test_rates_are_limited_by_tier_when_asked_for(clock: Clock) -> None:
    with StandIn(make_manifest(), clock=clock, rate_limits=1) as slack:
        errors = [error_of(slack, "conversations.list") for _ in range(21)]
        clock.forward(seconds=60)
        later = error_of(slack, "conversations.list")

    assert errors == [""] * 20 + ["ratelimited"]
    assert later == ""


def test_posts_are_limited_to_one_a_second_in_a_channel(clock: Clock) -> None:
    with StandIn(make_manifest(), clock=clock, rate_limits=1) as slack:
        first = [error_of(slack, "chat.postMessage", channel=each, text="hi") for each in (HERE, HERE, cast.HOUSING)]
        clock.forward(seconds=1)
        second = error_of(slack, "chat.postMessage", channel=HERE, text="hi")

    assert first == ["", "ratelimited", ""]
    assert second == ""


def test_every_call_is_recorded_without_its_secrets(slack: StandIn) -> None:
    call(slack, "chat.postMessage", channel=HERE, text="hi")
    call(slack, "oauth.v2.access", client_id="1.2", client_secret="hush")

    assert [each.method for each in slack.calls] == ["chat.postMessage", "oauth.v2.access"]
    assert slack.calls_of("chat.postMessage")[0].arguments == {"channel": HERE, "text": "hi"}
    assert "hush" not in json.dumps([each.arguments for each in slack.calls])


def test_waiting_ends_with_the_change(slack: StandIn) -> None:
    sam = slack.person("Sam")
    poster = threading.Thread(target=lambda: call(slack, "chat.postMessage", channel=cast.SAM, text="hi"))
    poster.start()

    assert slack.wait_for(sam.answers)[0].text == "hi"
    poster.join()


def test_waiting_in_vain_says_what_did_happen(slack: StandIn) -> None:
    error_of(slack, "chat.postMessage", channel=HERE)

    with pytest.raises(TimeoutError, match=r"chat.postMessage \(no_text\)"):
        slack.wait_for(lambda: False, timeout=0.01)


def test_complaints_fail_a_strict_test() -> None:
    slack = StandIn(make_manifest())
    with pytest.raises(AssertionError, match="colour"), slack:
        call(slack, "chat.postMessage", channel=HERE, text="hi", colour="red")


def failing(slack: StandIn) -> None:
    with slack:
        call(slack, "chat.postMessage", channel=HERE, text="hi", colour="red")
        raise ZeroDivisionError


def test_complaints_do_not_hide_another_error() -> None:
    slack = StandIn(make_manifest())

    with pytest.raises(ZeroDivisionError):
        failing(slack)

    assert slack.complaints


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "invalid_json"),
        (b"", "text/plain", "not_authed"),
    ],
)
def test_a_malformed_call_is_refused(slack: StandIn, body: bytes, content_type: str, error: str) -> None:
    request = urllib.request.Request(f"{slack.api_url}auth.test", body, {"Content-Type": content_type})

    with urllib.request.urlopen(request) as answer:
        assert json.loads(answer.read())["error"] == error


def test_other_addresses_are_not_found(slack: StandIn) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{slack.url}/elsewhere")

    caught.value.close()
    assert caught.value.code == 404


def test_many_calls_at_once_are_all_taken(slack: StandIn) -> None:
    threads = [
        threading.Thread(target=lambda: call(slack, "chat.postMessage", channel=HERE, text="hi")) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    stamps = [each.ts for each in slack.person("Sam").answers("#parking-permits")]
    assert len(set(stamps)) == 20
