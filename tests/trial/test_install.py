"""Installing the app with OAuth, and taking it out."""

from __future__ import annotations

import http.client
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.trial import cast
from bot.trial.server import StandIn

from .build import Clock, Recorder, error_of, make_manifest

BACK = "https://advisor.example.gov.uk/slack/oauth_redirect"


def visit(slack: StandIn, **query: str) -> tuple[int, str, dict[str, list[str]]]:
    """Open the install page; return status, where it leads, and the query of that address."""
    full = {"client_id": slack.workspace.installation.client_id, "scope": "chat:write,commands", "state": "s1", **query}
    connection = http.client.HTTPConnection(urlsplit(slack.url).netloc)
    connection.request("GET", f"/oauth/v2/authorize?{urlencode(full)}")
    response = connection.getresponse()
    target = response.headers.get("Location", "") or response.read().decode()
    connection.close()
    return response.status, target, parse_qs(urlsplit(target).query)


def exchange(slack: StandIn, code: str, **changes: str) -> dict[str, object]:
    app = slack.workspace.installation
    arguments = {"client_id": app.client_id, "client_secret": app.client_secret, "code": code, **changes}
    try:
        answer = WebClient(base_url=slack.api_url).oauth_v2_access(**arguments)
    except SlackApiError as refusal:
        answer = refusal.response
    assert isinstance(answer.data, dict)
    return answer.data


def test_an_installation_ends_with_a_token_that_works(slack: StandIn) -> None:
    status, target, query = visit(slack)

    answer = exchange(slack, query["code"][0])

    assert (status, target.split("?")[0], query["state"]) == (302, BACK, ["s1"])
    assert (answer["scope"], answer["bot_user_id"]) == ("chat:write,commands", cast.BOT_USER)
    client = WebClient(token=str(answer["access_token"]), base_url=slack.api_url)
    assert client.chat_postMessage(channel=cast.PARKING, text="hi")["ok"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        client.users_info(user=cast.SAM)


def test_a_code_works_once_and_for_ten_minutes(slack: StandIn, clock: Clock) -> None:
    first, late = visit(slack)[2]["code"][0], visit(slack)[2]["code"][0]

    assert exchange(slack, first)["ok"]
    assert exchange(slack, first)["error"] == "invalid_code"
    clock.forward(minutes=11)
    assert exchange(slack, late)["error"] == "invalid_code"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"redirect_uri": "https://elsewhere.example"}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
    ],
)
def test_an_exchange_is_refused(slack: StandIn, changes: dict[str, str], error: str) -> None:
    code = visit(slack)[2]["code"][0]

    assert exchange(slack, code, **changes)["error"] == error


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"redirect_uri": "https://elsewhere.example"}, "bad_redirect_uri"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_the_install_page_refuses(slack: StandIn, query: dict[str, str], error: str) -> None:
    assert visit(slack, **query)[:2] == (400, error)


def test_somebody_can_say_no(slack: StandIn) -> None:
    assert visit(slack, deny="1")[2] == {"error": ["access_denied"], "state": ["s1"]}


@pytest.mark.parametrize("app_first", [False, True])
def test_an_uninstall_kills_the_token_and_is_told(slack: StandIn, app: Recorder, app_first: bool) -> None:
    slack.uninstall(app_first=app_first)

    told = [each.payload["event"]["type"] for each in slack.deliveries]
    assert told == (["app_uninstalled", "tokens_revoked"] if app_first else ["tokens_revoked", "app_uninstalled"])
    assert error_of(slack, "auth.test") == "account_inactive"
    assert slack.person("Sam").command("/advisor", "hello").notice == "unknown_command"


def test_the_app_can_take_itself_out(slack: StandIn) -> None:
    app = slack.workspace.installation

    assert error_of(slack, "apps.uninstall", client_id="1.2", client_secret="x") == "invalid_client_id"
    assert error_of(slack, "apps.uninstall", client_id=app.client_id, client_secret="x") == "bad_client_secret"
    assert error_of(slack, "apps.uninstall", client_id=app.client_id, client_secret=app.client_secret) == ""
    assert error_of(slack, "auth.test") == "account_inactive"


def test_a_token_can_be_revoked(slack: StandIn) -> None:
    assert error_of(slack, "auth.revoke", test=True) == ""
    assert error_of(slack, "auth.revoke") == ""
    assert error_of(slack, "auth.test") == "token_revoked"


def test_where_tokens_rotate_each_refresh_token_works_once() -> None:
    rotating = make_manifest()
    rotating["settings"]["token_rotation_enabled"] = True
    with StandIn(rotating) as slack:
        first = exchange(slack, visit(slack)[2]["code"][0])
        again = {"grant_type": "refresh_token", "refresh_token": str(first["refresh_token"])}

        second, third = exchange(slack, "", **again), exchange(slack, "", **again)

    assert first["expires_in"] == second["expires_in"] == 43_200
    assert first["access_token"] != second["access_token"]
    assert third["error"] == "invalid_refresh_token"


def test_where_tokens_do_not_rotate_nothing_is_renewed(slack: StandIn) -> None:
    answer = exchange(slack, visit(slack)[2]["code"][0])

    assert answer.keys().isdisjoint({"expires_in", "refresh_token"})
    assert exchange(slack, "", grant_type="refresh_token", refresh_token="x")["error"] == "invalid_grant_type"
