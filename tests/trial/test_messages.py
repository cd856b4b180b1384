"""Messages: posted, changed, deleted, read back."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.trial import cast
from bot.trial.server import StandIn

from .build import call, error_of, section

HERE = cast.PARKING


def test_a_post_is_seen_by_everybody(slack: StandIn) -> None:
    call(slack, "chat.postMessage", channel=HERE, text="hello")

    assert [each.text for each in slack.person("Jo").answers("#parking-permits")] == ["hello"]


def test_a_post_to_a_person_lands_in_their_direct_messages(slack: StandIn) -> None:
    call(slack, "chat.postMessage", channel=cast.SAM, text="hello Sam")

    assert slack.person("Sam").answers()[0].text == "hello Sam"
    assert slack.person("Jo").answers() == []


def test_an_ephemeral_message_is_seen_by_one(slack: StandIn) -> None:
    call(slack, "chat.postEphemeral", channel=HERE, user=cast.SAM, text="psst")

    assert slack.person("Sam").answers("#parking-permits")[0].is_ephemeral
    assert slack.person("Jo").answers("#parking-permits") == []


def test_an_ephemeral_message_in_a_quiet_thread_is_complained_about(lenient: StandIn) -> None:
    ts = lenient.person("Sam").say("#parking-permits", "a question").ts

    call(lenient, "chat.postEphemeral", channel=HERE, user=cast.SAM, text="psst", thread_ts=ts)

    assert "nobody has replied" in str(lenient.complaints[0])


def test_a_reply_begins_a_thread(slack: StandIn) -> None:
    sam = slack.person("Sam")
    asked = sam.say("#parking-permits", "a question")

    reply = call(slack, "chat.postMessage", channel=HERE, text="an answer", thread_ts=asked.ts)

    thread = call(slack, "conversations.replies", channel=HERE, ts=asked.ts)["messages"]
    assert [each["text"] for each in thread] == ["a question", "an answer"]
    assert reply["message"]["thread_ts"] == asked.ts
    assert [each.text for each in sam.messages("#parking-permits", thread_ts=asked.ts)] == ["a question", "an answer"]


def test_a_reply_to_a_reply_is_complained_about(lenient: StandIn) -> None:
    ts = lenient.person("Sam").say("#parking-permits", "a question").ts
    reply = call(lenient, "chat.postMessage", channel=HERE, text="one", thread_ts=ts)

    second = call(lenient, "chat.postMessage", channel=HERE, text="two", thread_ts=reply["ts"])

    assert second["message"]["thread_ts"] == ts
    assert "names a reply" in str(lenient.complaints[0])


def test_an_edit_keeps_blocks_that_are_not_given(slack: StandIn) -> None:
    ts = call(slack, "chat.postMessage", channel=HERE, text="one", blocks=[section("one")])["ts"]

    call(slack, "chat.update", channel=HERE, ts=ts, text="two")
    kept = slack.workspace.find(HERE, ts)
    call(slack, "chat.update", channel=HERE, ts=ts, text="three", blocks=[])
    emptied = slack.workspace.find(HERE, ts)

    assert (kept.text, len(kept.blocks)) == ("two", 1)
    assert (emptied.text, len(emptied.blocks)) == ("three", 0)
    assert emptied.edited_ts


def test_blocks_come_back_with_ids(slack: StandIn) -> None:
    answer = call(slack, "chat.postMessage", channel=HERE, text="one", blocks=[section("one")])

    assert answer["message"]["blocks"][0]["block_id"]


def test_a_deleted_message_is_gone(slack: StandIn) -> None:
    ts = call(slack, "chat.postMessage", channel=HERE, text="one")["ts"]

    call(slack, "chat.delete", channel=HERE, ts=ts)

    assert slack.person("Sam").answers("#parking-permits") == []


def test_history_is_newest_first_and_leaves_replies_out(slack: StandIn) -> None:
    first = call(slack, "chat.postMessage", channel=HERE, text="first")["ts"]
    call(slack, "chat.postMessage", channel=HERE, text="reply", thread_ts=first)
    call(slack, "chat.postMessage", channel=HERE, text="second")

    messages = call(slack, "conversations.history", channel=HERE)["messages"]

    assert [each["text"] for each in messages] == ["second", "first"]


def test_history_comes_in_pages(slack: StandIn) -> None:
    for number in range(5):
        call(slack, "chat.postMessage", channel=HERE, text=f"{number}")

    first = call(slack, "conversations.history", channel=HERE, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = call(slack, "conversations.history", channel=HERE, limit=3, cursor=cursor)

    assert [each["text"] for each in first["messages"] + second["messages"]] == ["4", "3", "2", "1", "0"]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_history_stays_between_two_moments(slack: StandIn) -> None:
    stamps = [call(slack, "chat.postMessage", channel=HERE, text=f"{number}")["ts"] for number in range(3)]

    after = call(slack, "conversations.history", channel=HERE, oldest=stamps[0])["messages"]
    within = call(slack, "conversations.history", channel=HERE, oldest=stamps[0], latest=stamps[1], inclusive=True)

    assert [each["text"] for each in after] == ["2", "1"]
    assert [each["text"] for each in within["messages"]] == ["1", "0"]


def test_metadata_comes_back_only_when_asked_for(slack: StandIn) -> None:
    metadata = {"event_type": "prompt_due", "event_payload": {"id": 7}}
    call(slack, "chat.postMessage", channel=HERE, text="due", metadata=metadata)

    without = call(slack, "conversations.history", channel=HERE)["messages"][0]
    whole = call(slack, "conversations.history", channel=HERE, include_all_metadata=True)["messages"][0]

    assert "metadata" not in without
    assert whole["metadata"] == metadata


def test_a_permalink_names_channel_and_message(slack: StandIn) -> None:
    ts = call(slack, "chat.postMessage", channel=HERE, text="one")["ts"]

    link = call(slack, "chat.getPermalink", channel=HERE, message_ts=ts)["permalink"]

    assert link == f"https://anytown-council.slack.com/archives/{HERE}/p{ts.replace('.', '')}"


def test_timestamps_are_never_the_same(slack: StandIn) -> None:
    stamps = [slack.workspace.new_ts() for _ in range(100)]

    assert stamps == sorted(set(stamps))


def test_the_client_of_slack_speaks_to_it_in_its_own_ways(slack: StandIn) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)

    client.chat_postMessage(channel=HERE, text="one", blocks=[section()], unfurl_links=False, unfurl_media=False)

    assert client.auth_test()["user_id"] == cast.BOT_USER
    assert client.users_info(user=cast.SAM)["user"]["profile"]["title"] == "Service owner"
    assert client.team_info()["team"]["id"] == cast.TEAM_ID
    assert client.bots_info(bot=cast.BOT_ID)["bot"]["user_id"] == cast.BOT_USER
    assert client.conversations_info(channel=HERE)["channel"]["is_member"] is True
    assert cast.SAM in client.conversations_members(channel=HERE)["members"]
    assert client.conversations_open(users=cast.SAM)["channel"]["id"].startswith("D")
    assert len(client.conversations_list()["channels"]) == 3
    assert len(client.users_conversations()["channels"]) == 2
    assert client.conversations_join(channel=cast.LEADERS)["channel"]["is_member"] is True
    assert client.api_test(foo="bar")["args"]["foo"] == "bar"
    assert not slack.person("Sam").answers("#parking-permits")[0].unfurl


def test_a_picture_without_alt_text_is_a_mistake_of_the_app(lenient: StandIn) -> None:
    client = WebClient(token=lenient.bot_token, base_url=lenient.api_url)
    client.files_upload_v2(channel=HERE, filename="map.png", content=b"\x89PNG")

    assert [str(one) for one in lenient.complaints] == [
        "files.completeUploadExternal: the picture map.png has no alt text"
    ]


def test_a_few_people_are_brought_together_once(slack: StandIn) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.workspace.installation.limit(slack.workspace.installation.scopes | {"mpim:write"})

    opened = client.conversations_open(users=[cast.SAM, cast.PRIYA])["channel"]["id"]
    again = client.conversations_open(users=[cast.PRIYA, cast.SAM])["channel"]["id"]
    client.chat_postMessage(channel=opened, text="you two")

    assert again == opened
    assert [one.text for one in slack.person("Sam").messages(opened)] == ["you two"]
    with pytest.raises(LookupError):
        slack.person("Jo").messages(opened)


def test_too_many_people_and_a_missing_scope_are_refused(slack: StandIn) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.workspace.installation.limit(slack.workspace.installation.scopes - {"mpim:write"})

    with pytest.raises(SlackApiError, match="missing_scope"):
        client.conversations_open(users=[cast.SAM, cast.PRIYA])
    with pytest.raises(SlackApiError, match="too_many_users"):
        client.conversations_open(users=[cast.SAM] * 9)


def test_a_file_is_uploaded_and_shared(slack: StandIn) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)

    client.files_upload_v2(channel=HERE, filename="portfolio.csv", content="a,b\n1,2\n", initial_comment="Here")

    message = slack.person("Sam").answers("#parking-permits")[0]
    assert (message.text, message.files[0]["name"]) == ("Here", "portfolio.csv")
    assert slack.workspace.handles.uploads[message.files[0]["id"]].content == b"a,b\n1,2\n"


def test_a_file_of_another_length_is_refused(slack: StandIn) -> None:
    place = call(slack, "files.getUploadURLExternal", filename="a.csv", length=3)

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(place["upload_url"], b"four")

    caught.value.close()
    file = {"id": place["file_id"]}
    assert error_of(slack, "files.completeUploadExternal", files=[file]) == "file_not_found"


def test_the_public_scope_lets_the_bot_post_where_it_is_not(slack: StandIn) -> None:
    slack.workspace.installation.limit(frozenset({"chat:write", "chat:write.public"}))

    assert error_of(slack, "chat.postMessage", channel=cast.LEADERS, text="hi") == ""


def test_status_and_prompts_are_shown(slack: StandIn) -> None:
    sam = slack.person("Sam")
    asked = sam.dm("a question")
    prompts = [{"title": "Alpha", "message": "what is alpha?"}]

    call(slack, "assistant.threads.setStatus", channel_id=asked.channel, thread_ts=asked.ts, status="is looking")
    call(slack, "assistant.threads.setSuggestedPrompts", channel_id=asked.channel, prompts=prompts)

    assert slack.workspace.status[asked.channel, asked.ts] == "is looking"
    assert sam.prompts() == prompts
    many = prompts * 5
    assert error_of(slack, "assistant.threads.setSuggestedPrompts", channel_id=asked.channel, prompts=many)
