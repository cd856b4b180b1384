"""Each refusal of the Web API, by name."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.trial import cast
from bot.trial.methods import METHODS
from bot.trial.server import StandIn
from bot.trial.web_api import IMPLEMENTED

from .build import call, error_of, home, make_manifest, modal, section

HERE = cast.PARKING


def test_every_method_with_facts_is_built() -> None:
    assert METHODS.keys() == IMPLEMENTED.keys()


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": HERE}, "no_text"),
        ("chat.postMessage", {"channel": HERE, "text": " "}, "no_text"),
        ("chat.postMessage", {"text": "hi"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0NOWHERE1", "text": "hi"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "#parking-permits", "text": "hi"}, "channel_not_found"),
        ("chat.postMessage", {"channel": cast.LEADERS, "text": "hi"}, "not_in_channel"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "thread_ts": "1.0"}, "cannot_reply_to_message"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "markdown_text": "x"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": HERE, "markdown_text": "x" * 12001}, "msg_too_long"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "blocks": {"a": 1}}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "blocks": [section("")]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "metadata": "{"}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": HERE, "text": "hi", "metadata": {"x": 1}}, "invalid_metadata_format"),
        (
            "chat.postMessage",
            {"channel": HERE, "text": "hi", "metadata": {"event_type": "due"}},
            "invalid_metadata_schema",
        ),
        (
            "chat.postMessage",
            {"channel": HERE, "text": "hi", "attachments": [{"text": "x"}] * 101},
            "too_many_attachments",
        ),
        ("chat.postEphemeral", {"channel": HERE, "user": "U0NOBODY01", "text": "hi"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": HERE, "user": cast.SAM, "text": "x" * 4001}, "msg_too_long"),
        ("chat.update", {"channel": HERE, "ts": "1.0", "text": "hi"}, "message_not_found"),
        ("chat.update", {"channel": HERE, "ts": "1.0", "text": "x" * 4001}, "message_not_found"),
        ("chat.delete", {"channel": HERE, "ts": "1.0"}, "message_not_found"),
        ("chat.getPermalink", {"channel": HERE, "message_ts": "1.0"}, "message_not_found"),
        ("reactions.add", {"channel": HERE, "timestamp": "1.0", "name": "eyes"}, "message_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NOBODY01"}, "user_not_found"),
        ("conversations.history", {"channel": cast.LEADERS}, "not_in_channel"),
        ("conversations.history", {"channel": HERE, "limit": 0}, "invalid_limit"),
        ("conversations.history", {"channel": HERE, "cursor": "?"}, "invalid_cursor"),
        ("conversations.history", {"channel": HERE, "oldest": "x"}, "invalid_ts_oldest"),
        ("conversations.replies", {"channel": HERE, "ts": "1.0"}, "thread_not_found"),
        ("conversations.list", {"types": "clubs"}, "invalid_types"),
        ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
        ("bots.info", {"bot": "B0NOBODY01"}, "bot_not_found"),
        ("team.info", {"team": "T0NOWHERE1"}, "team_not_found"),
        ("views.open", {"view": modal()}, "invalid_arguments"),
        ("views.open", {"view": modal(), "trigger_id": "1.2.3"}, "invalid_trigger_id"),
        ("views.open", {"view": home(), "trigger_id": "1.2.3"}, "invalid_arguments"),
        ("views.open", {"view": "{", "trigger_id": "1.2.3"}, "invalid_arguments"),
        (
            "views.open",
            {"view": modal(private_metadata="x" * 250_000), "trigger_id": "1.2.3"},
            "view_too_large",
        ),
        ("views.update", {"view": modal()}, "invalid_arguments"),
        ("views.update", {"view": modal(), "view_id": "V0NOTHING1"}, "not_found"),
        ("views.publish", {"view": home(), "user_id": "U0NOBODY01"}, "user_not_found"),
        ("views.publish", {"view": modal(), "user_id": cast.SAM}, "invalid_arguments"),
        ("assistant.threads.setStatus", {"channel_id": HERE, "thread_ts": "1.0", "status": "x"}, "invalid_thread_ts"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": HERE, "prompts": []}, "invalid_arguments"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": HERE, "prompts": [{}]}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F0NOTHING1"}]}, "file_not_found"),
        ("files.completeUploadExternal", {"files": [{"id": "F1"}], "channel_id": cast.SAM}, "invalid_channel"),
        (
            "files.completeUploadExternal",
            {"files": [{"id": "F1"}], "channel_id": HERE, "channels": HERE},
            "invalid_arguments",
        ),
        ("files.getUploadURLExternal", {"filename": "a.csv", "length": 0}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "a.png", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ("functions.completeSuccess", {"function_execution_id": "Fx1", "outputs": {}}, "function_execution_not_found"),
        ("oauth.v2.access", {"client_id": "1.2"}, "invalid_client_id"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("api.test", {"error": "on_purpose"}, "on_purpose"),
    ],
)
def test_call_is_refused(lenient: StandIn, method: str, arguments: dict[str, Any], error: str) -> None:
    assert error_of(lenient, method, **arguments) == error


def test_long_text_is_refused_in_an_edit(slack: StandIn) -> None:
    ts = call(slack, "chat.postMessage", channel=HERE, text="short")["ts"]

    assert error_of(slack, "chat.update", channel=HERE, ts=ts, text="x" * 4001) == "msg_too_long"


def test_long_text_is_cut_in_a_post_and_complained_about(lenient: StandIn) -> None:
    answer = call(lenient, "chat.postMessage", channel=HERE, text="x" * 40_001)

    assert len(answer["message"]["text"]) == 40_000
    assert "40001 characters" in str(lenient.complaints[0])


def test_a_persons_message_is_neither_changed_nor_deleted(slack: StandIn) -> None:
    ts = slack.person("Sam").say("#parking-permits", "mine").ts

    assert error_of(slack, "chat.update", channel=HERE, ts=ts, text="yours") == "cant_update_message"
    assert error_of(slack, "chat.delete", channel=HERE, ts=ts) == "cant_delete_message"


def test_an_ephemeral_message_cannot_be_changed(slack: StandIn) -> None:
    ts = call(slack, "chat.postEphemeral", channel=HERE, user=cast.SAM, text="psst")["message_ts"]

    assert error_of(slack, "chat.update", channel=HERE, ts=ts, text="aloud") == "message_not_found"


def test_a_second_reaction_with_the_same_name_is_refused(slack: StandIn) -> None:
    place = {"channel": HERE, "timestamp": slack.person("Sam").say("#parking-permits", "done").ts}

    assert error_of(slack, "reactions.add", name="eyes", **place) == ""
    assert error_of(slack, "reactions.add", name="eyes", **place) == "already_reacted"
    assert error_of(slack, "reactions.add", name=":eyes:", **place) == "invalid_name"


def test_an_archived_channel_takes_no_messages(slack: StandIn) -> None:
    slack.person("Tom").archive("#parking-permits")

    assert error_of(slack, "chat.postMessage", channel=HERE, text="hi") == "is_archived"
    assert error_of(slack, "conversations.join", channel=HERE) == "is_archived"


def test_a_private_channel_is_unknown_to_a_bot_outside(slack: StandIn) -> None:
    secret = slack.workspace.add_channel("senior-team", kind="group", members=[cast.PRIYA])

    assert error_of(slack, "chat.postMessage", channel=secret.id, text="hi") == "channel_not_found"
    with pytest.raises(LookupError):
        slack.person("Sam").messages("#senior-team")


def test_the_names_of_missing_arguments_are_given(slack: StandIn) -> None:
    answer = call(slack, "chat.update", text="hi")

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel",
        "[ERROR] missing required field: ts",
    ]


def test_the_place_of_a_wrong_block_is_given(slack: StandIn) -> None:
    answer = call(slack, "chat.postMessage", channel=HERE, text="hi", blocks=[section(), section("x" * 3001)])

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("chat.postMessage", {"channel": HERE, "text": "hi"}, "chat:write"),
        ("reactions.add", {"channel": HERE, "timestamp": "1.0", "name": "eyes"}, "reactions:write"),
        ("users.info", {"user": cast.SAM}, "users:read"),
        ("files.getUploadURLExternal", {"filename": "a", "length": 1}, "files:write"),
    ],
)
def test_a_missing_scope_is_named(slack: StandIn, method: str, arguments: dict[str, Any], needed: str) -> None:
    slack.workspace.installation.limit(frozenset({"commands", "im:history"}))

    answer = call(slack, method, **arguments)

    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", needed, "commands,im:history")


def test_history_asks_for_the_scope_of_its_kind_of_channel(slack: StandIn) -> None:
    slack.workspace.installation.limit(frozenset({"im:history"}))

    assert call(slack, "conversations.history", channel=HERE)["needed"] == "channels:history"
    assert error_of(slack, "conversations.history", channel=slack.workspace.im_with(cast.SAM).id) == ""


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
def test_a_wrong_token_is_refused(slack: StandIn, token: str, error: str) -> None:
    client = WebClient(token=token, base_url=slack.api_url)

    with pytest.raises(SlackApiError, match=error):
        client.auth_test()


def test_the_app_token_opens_no_connection_and_posts_nothing(slack: StandIn) -> None:
    client = WebClient(token=slack.workspace.installation.app_token, base_url=slack.api_url)

    with pytest.raises(SlackApiError, match="forbidden_team"):
        client.apps_connections_open(app_token=slack.workspace.installation.app_token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.chat_postMessage(channel=HERE, text="hi")


def test_the_messages_tab_and_home_tab_can_be_off() -> None:
    with StandIn(make_manifest(messages_tab=False, home_tab=False)) as slack:
        assert error_of(slack, "chat.postMessage", channel=cast.SAM, text="hi") == "messages_tab_disabled"
        assert error_of(slack, "views.publish", user_id=cast.SAM, view=home()) == "not_enabled"
        with pytest.raises(LookupError):
            slack.person("Sam").dm("hello?")


def test_an_unknown_method_is_refused_and_complained_about(lenient: StandIn) -> None:
    assert error_of(lenient, "chat.shout", text="hi") == "unknown_method"
    assert lenient.complaints[0].where == "chat.shout"


def test_an_unknown_argument_is_complained_about(lenient: StandIn) -> None:
    assert error_of(lenient, "chat.postMessage", channel=HERE, text="hi", colour="red") == ""
    assert str(lenient.complaints[0]) == "chat.postMessage: the argument colour does not exist"


def test_blocks_without_text_are_complained_about(lenient: StandIn) -> None:
    assert error_of(lenient, "chat.postMessage", channel=HERE, blocks=[section()]) == ""
    assert "no text of its own" in str(lenient.complaints[0])
