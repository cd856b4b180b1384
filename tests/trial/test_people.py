"""What people do and see: words, commands, clicks, shortcuts, tabs, channels."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from bot.trial import cast
from bot.trial.records import Message, Payload
from bot.trial.server import StandIn

from .build import Clock, Recorder, actions, attach, bolt_app, button, call, make_manifest, options, plain, section

HERE = cast.PARKING


def posted(slack: StandIn, *blocks: Payload) -> Message:
    """Post a message of the bot with *blocks* and return it."""
    ts = call(slack, "chat.postMessage", channel=HERE, text="words", blocks=list(blocks))["ts"]
    return slack.workspace.find(HERE, ts)


def payload_of(slack: StandIn, kind: str = "block_actions") -> Payload:
    return [each.payload for each in slack.deliveries if each.kind == kind][-1]


def respond(url: str, **content: Any) -> tuple[int, str]:
    """POST to a response address; return status and body."""
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;", "&amp;lt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@channel listen", "<!channel> listen"),
        ("@Advisor hello", f"<@{cast.BOT_USER}> hello"),
        ("ask @Sam Okoro or @jo", f"ask <@{cast.SAM}> or <@{cast.JO}>"),
        ("see #parking-permits", f"see <#{HERE}|parking-permits>"),
        ("see https://www.gov.uk/a.", "see <https://www.gov.uk/a>."),
        ("see www.gov.uk/notify now", "see <http://www.gov.uk/notify|www.gov.uk/notify> now"),
        ("to sam@anytown.gov.uk", "to <mailto:sam@anytown.gov.uk|sam@anytown.gov.uk>"),
        ("Beth yw alffa? Tŷ", "Beth yw alffa? Tŷ"),
    ],
)
def test_what_is_typed_is_sent_the_way_slack_sends_it(slack: StandIn, typed: str, sent: str) -> None:
    assert slack.person("Sam").say("#parking-permits", typed).text == sent


def test_people_are_found_by_any_of_their_names(slack: StandIn) -> None:
    assert {slack.person(name).id for name in ("Sam", "sam", "Sam Okoro", "@sam", cast.SAM)} == {cast.SAM}
    with pytest.raises(LookupError):
        slack.person("Nobody")


@pytest.mark.parametrize(
    ("command", "text"),
    [("/advisor", "ask @jo about a < b"), ("/escaped", f"ask <@{cast.JO}|jo> about a &lt; b")],
)
def test_the_text_of_a_command_is_raw_or_escaped_as_the_manifest_says(
    slack: StandIn, app: Recorder, command: str, text: str
) -> None:
    slack.person("Sam").command(command, "ask @jo about a < b", channel="#digital-leaders")

    fields = payload_of(slack, "command")
    assert fields["text"] == text
    assert (fields["user_id"], fields["channel_id"]) == (cast.SAM, cast.LEADERS)
    assert (fields["channel_name"], fields["is_enterprise_install"]) == ("digital-leaders", "false")


@pytest.mark.parametrize(
    ("body", "text", "to_all"),
    [
        ("plain words", "plain words", False),
        ('{"text": "for you"}', "for you", False),
        ('{"text": "for all", "response_type": "in_channel"}', "for all", True),
    ],
)
def test_the_answer_to_a_command_is_shown(slack: StandIn, app: Recorder, body: str, text: str, to_all: bool) -> None:
    app.body = body

    slack.person("Sam").command("/advisor", "hello", channel="#parking-permits")

    assert [each.text for each in slack.person("Sam").answers("#parking-permits")] == [text]
    assert bool(slack.person("Jo").answers("#parking-permits")) is to_all


def test_a_wrong_answer_to_a_command_is_seen_by_nobody(lenient: StandIn) -> None:
    lenient.attach(Recorder(body=json.dumps({"blocks": [section("")]})))

    outcome = lenient.person("Sam").command("/advisor", "hello")

    assert outcome.notice == "dispatch_failed"
    assert "invalid_blocks" in str(lenient.complaints[0])


def test_an_unknown_command_is_slacks_to_answer(slack: StandIn, app: Recorder) -> None:
    outcome = slack.person("Sam").command("/weather", "today")

    assert (outcome.delivered, outcome.notice) == (False, "unknown_command")
    assert app.requests == []


def test_a_click_tells_all_about_the_message(slack: StandIn, app: Recorder) -> None:
    message = posted(slack, actions(button(value="v1"), button("other", "Other")))

    slack.person("Sam").click(message, text="Go")

    payload = payload_of(slack)
    assert payload["actions"][0] | {"action_ts": ""} == {
        "action_id": "go",
        "block_id": "row",
        "type": "button",
        "text": plain("Go"),
        "value": "v1",
        "action_ts": "",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": HERE,
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == message.ts
    assert payload["user"]["id"] == cast.SAM
    assert payload["response_url"].startswith(f"{slack.url}/response/")


@pytest.mark.parametrize(
    ("element", "value", "key", "chosen"),
    [
        ({"type": "static_select", "options": options("Alpha", "Beta")}, "Beta", "selected_option", "beta"),
        ({"type": "radio_buttons", "options": options("Met", "Partly")}, "met", "selected_option", "met"),
        ({"type": "overflow", "options": options("Open", "Drop")}, "drop", "selected_option", "drop"),
        ({"type": "datepicker"}, "2026-12-01", "selected_date", None),
        ({"type": "timepicker"}, "09:30", "selected_time", None),
        ({"type": "datetimepicker"}, 1795426200, "selected_date_time", None),
        ({"type": "users_select"}, cast.JO, "selected_user", None),
        ({"type": "channels_select"}, HERE, "selected_channel", None),
        ({"type": "conversations_select"}, HERE, "selected_conversation", None),
        ({"type": "multi_users_select"}, [cast.JO], "selected_users", None),
    ],
)
def test_a_choice_is_sent_in_its_own_form(
    slack: StandIn, app: Recorder, element: Payload, value: Any, key: str, chosen: str | None
) -> None:
    message = posted(slack, actions({"action_id": "pick", **element}))

    slack.person("Sam").click(message, "pick", value=value)

    sent = payload_of(slack)["actions"][0][key]
    assert (sent["value"] if chosen else sent) == (chosen or value)


def test_choices_add_up_in_the_state(slack: StandIn, app: Recorder) -> None:
    select = {"type": "static_select", "action_id": "phase", "options": options("Alpha", "Beta")}
    message = posted(slack, actions(select, {"type": "datepicker", "action_id": "day"}, button()))
    sam = slack.person("Sam")

    sam.click(message, "phase", value="Alpha")
    sam.click(message, "day", value="2026-12-01")
    sam.click(message, "go")

    state = payload_of(slack)["state"]["values"]["row"]
    assert state["phase"]["selected_option"]["value"] == "alpha"
    assert state["day"]["selected_date"] == "2026-12-01"


def test_feedback_buttons_send_a_value(slack: StandIn, app: Recorder) -> None:
    useful, not_useful = {"text": plain("Useful"), "value": "y"}, {"text": plain("Not useful"), "value": "n"}
    rate = {"type": "feedback_buttons", "action_id": "rate", "positive_button": useful, "negative_button": not_useful}
    message = posted(slack, section(), {"type": "context_actions", "elements": [rate]})

    slack.person("Sam").click(message, "rate", value="Not useful")

    assert payload_of(slack)["actions"][0]["value"] == "n"


def test_a_value_tells_buttons_with_one_id_apart(slack: StandIn, app: Recorder) -> None:
    first, second = actions(button(value="1")), actions(button(value="2"), block_id="row2")
    message = posted(slack, first, second)

    with pytest.raises(LookupError, match="2 controls fit"):
        slack.person("Sam").click(message, "go")
    slack.person("Sam").click(message, "go", value="2")

    assert payload_of(slack)["actions"][0]["block_id"] == "row2"


def test_a_control_that_is_not_there_is_named(slack: StandIn) -> None:
    message = posted(slack, actions(button()))

    with pytest.raises(LookupError, match=r"there are go \('Go'\)"):
        slack.person("Sam").click(message, "stop")
    with pytest.raises(LookupError, match="no option"):
        slack.person("Sam").click(
            posted(slack, actions({"type": "overflow", "action_id": "o", "options": options("A")})), "o", value="B"
        )


def test_a_confirmation_can_be_turned_down(slack: StandIn, app: Recorder) -> None:
    confirm = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
    message = posted(slack, actions(button(confirm=confirm)))

    assert not slack.person("Sam").click(message, "go", confirmed=False).delivered
    assert slack.person("Sam").click(message, "go").delivered


def test_the_app_does_not_get_an_ephemeral_message_back(slack: StandIn, app: Recorder) -> None:
    call(slack, "chat.postEphemeral", channel=HERE, user=cast.SAM, text="psst", blocks=[actions(button())])
    message = slack.person("Sam").answers("#parking-permits")[0]

    slack.person("Sam").click(message, "go")

    payload = payload_of(slack)
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    with pytest.raises(LookupError):
        slack.person("Jo").click(message, "go")


def test_a_message_that_is_gone_cannot_be_clicked(slack: StandIn) -> None:
    message = posted(slack, actions(button()))
    call(slack, "chat.delete", channel=HERE, ts=message.ts)

    with pytest.raises(LookupError, match="no longer on the screen"):
        slack.person("Sam").click(message, "go")


def test_without_interactivity_nothing_is_delivered() -> None:
    app = Recorder()
    with StandIn(make_manifest(interactive=False, events=[])) as slack:
        slack.attach(app)
        message = posted(slack, actions(button()))
        outcome = slack.person("Sam").click(message, "go")

    assert (outcome.delivered, outcome.notice) == (False, "interactivity_disabled")
    assert app.requests == []


def test_options_are_asked_for_while_somebody_types(slack: StandIn, app: Recorder) -> None:
    app.body = json.dumps({"options": options("Alpha")})
    select = {"type": "external_select", "action_id": "which", "min_query_length": 1}
    message = posted(slack, actions(select))

    found = slack.person("Sam").options(message, "which", "al")
    app.body = ""
    slack.person("Sam").click(message, "which", value=found[0])

    assert payload_of(slack, "block_suggestion")["value"] == "al"
    assert payload_of(slack)["actions"][0]["selected_option"]["value"] == "alpha"


def test_a_shortcut_carries_the_message(slack: StandIn, app: Recorder) -> None:
    asked = slack.person("Jo").say("#parking-permits", "what is alpha?")

    slack.person("Sam").shortcut("ask", asked)

    payload = payload_of(slack, "message_action")
    assert payload["message"]["text"] == "what is alpha?"
    assert (payload["callback_id"], payload["message_ts"]) == ("ask", asked.ts)
    with pytest.raises(LookupError):
        slack.person("Sam").shortcut("unknown")


def test_a_response_is_seen_by_the_asker_alone(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").command("/advisor", "hello", channel="#parking-permits")
    url = payload_of(slack, "command")["response_url"]

    assert respond(url, text="for you") == (200, "ok")
    assert respond(url, text="for all", response_type="in_channel") == (200, "ok")

    assert [each.text for each in slack.person("Sam").answers("#parking-permits")] == ["for you", "for all"]
    assert [each.text for each in slack.person("Jo").answers("#parking-permits")] == ["for all"]


def test_a_response_address_is_good_for_five_uses(slack: StandIn, app: Recorder) -> None:
    slack.person("Sam").command("/advisor", "hello")
    url = payload_of(slack, "command")["response_url"]

    answers = [respond(url, text=f"{number}")[0] for number in range(6)]

    assert answers == [200] * 5 + [404]


def test_a_response_address_is_good_for_half_an_hour(slack: StandIn, app: Recorder, clock: Clock) -> None:
    slack.person("Sam").command("/advisor", "hello")
    url = payload_of(slack, "command")["response_url"]

    clock.forward(minutes=30)
    assert respond(url, text="just in time")[0] == 200
    clock.forward(seconds=1)
    assert respond(url, text="too late") == (404, '{"ok": false, "error": "expired_url"}')
    assert respond(f"{slack.url}/response/guessed", text="hello")[0] == 404


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [section("")]}, "invalid_blocks"),
        ({"text": "x", "response_type": "loud"}, "invalid_response_type"),
    ],
)
def test_a_wrong_response_is_refused(slack: StandIn, app: Recorder, content: Payload, error: str) -> None:
    slack.person("Sam").command("/advisor", "hello")

    status, body = respond(payload_of(slack, "command")["response_url"], **content)

    assert (status, json.loads(body)["error"]) == (400, error)


def test_a_response_replaces_or_deletes_what_was_clicked(slack: StandIn, app: Recorder) -> None:
    message = posted(slack, actions(button()))
    slack.person("Sam").click(message, "go")
    url = payload_of(slack)["response_url"]

    respond(url, text="done", replace_original=True)
    replaced = slack.person("Jo").answers("#parking-permits")
    respond(url, delete_original=True)

    assert [(each.ts, each.text, each.blocks) for each in replaced] == [(message.ts, "done", ())]
    assert slack.person("Jo").answers("#parking-permits") == []


def test_replacing_nothing_is_complained_about(lenient: StandIn) -> None:
    lenient.attach(Recorder())
    lenient.person("Sam").command("/advisor", "hello")
    url = payload_of(lenient, "command")["response_url"]

    respond(url, text="done", replace_original=True, colour="red")

    assert ["colour" in str(lenient.complaints[0]), "replace_original" in str(lenient.complaints[1])] == [True, True]


def test_opening_a_tab_is_told_with_its_name(slack: StandIn, app: Recorder) -> None:
    sam = slack.person("Sam")
    call(slack, "views.publish", user_id=cast.SAM, view={"type": "home", "blocks": [section()]})

    sam.open_home()
    sam.open_messages_tab()

    told = [each.payload["event"] for each in slack.deliveries]
    assert [each["tab"] for each in told] == ["home", "messages"]
    assert ["view" in each for each in told] == [True, False]


def test_an_invited_bot_hears_of_it_and_may_post(slack: StandIn, app: Recorder) -> None:
    sam = slack.person("Sam")

    sam.invite("#digital-leaders")
    joined = slack.deliveries[0].payload["event"]
    answer = call(slack, "chat.postMessage", channel=cast.LEADERS, text="hello")
    sam.remove_bot("#digital-leaders")

    assert (joined["type"], joined["user"], joined["inviter"]) == ("member_joined_channel", cast.BOT_USER, cast.SAM)
    assert answer["ok"]
    assert call(slack, "chat.postMessage", channel=cast.LEADERS, text="hello")["error"] == "not_in_channel"


def test_edits_reactions_and_removals_are_told(slack: StandIn, app: Recorder) -> None:
    sam = slack.person("Sam")
    message = sam.dm("helo")

    edited = sam.edit(message, "hello")
    sam.react(edited, "eyes")
    sam.delete(edited)

    told = [each.payload["event"] for each in slack.deliveries]
    assert [each.get("subtype") or each["type"] for each in told] == [
        "message",
        "message_changed",
        "reaction_added",
        "message_deleted",
    ]


def test_a_reply_names_the_writer_above(slack: StandIn, app: Recorder) -> None:
    asked = slack.person("Jo").say("#parking-permits", "a question")

    slack.person("Sam").say("#parking-permits", "me too", asked.ts)

    event = slack.deliveries[-1].payload["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (asked.ts, cast.JO)


def test_a_step_of_a_workflow_runs_and_is_completed_once(slack: StandIn, app: Recorder) -> None:
    step = slack.start_step("plan_checkpoint", {"service": "parking"})

    first = call(slack, "functions.completeSuccess", function_execution_id=step, outputs={"id": "7"})
    second = call(slack, "functions.completeError", function_execution_id=step, error="no")

    assert slack.deliveries[0].payload["event"]["inputs"] == {"service": "parking"}
    assert (first["ok"], second["error"]) == (True, "execution_not_in_running_state")
    assert slack.workspace.completed_steps[step] == {"outputs": {"id": "7"}}


def test_a_step_is_held_against_what_is_declared(slack: StandIn, app: Recorder) -> None:
    step = slack.start_step("plan_checkpoint", {"service": "parking"})

    wrong = call(slack, "functions.completeSuccess", function_execution_id=step, outputs={"id": 7, "more": "x"})
    none = call(slack, "functions.completeSuccess", function_execution_id=step, outputs=[])
    silent = call(slack, "functions.completeError", function_execution_id=step, error=" ")

    assert wrong["error"] == "parameter_validation_failed"
    assert (none["error"], silent["error"]) == ("invalid_arguments", "invalid_arguments")
    assert slack.workspace.completed_steps[step] == {}
    with pytest.raises(LookupError, match="missing required parameter: service"):
        slack.start_step("plan_checkpoint", {})
    with pytest.raises(LookupError, match="declares no step"):
        slack.start_step("another", {})


def test_a_whole_conversation_with_a_real_bolt_app(slack: StandIn) -> None:
    app = bolt_app(slack)

    @app.event("message")
    def answer(event: Payload, client: Any) -> None:
        blocks = [section(event["text"]), actions(button("more", "More"))]
        client.chat_postMessage(channel=event["channel"], text=event["text"], blocks=blocks)

    @app.action("more")
    def tell_more(ack: Any, respond: Any) -> None:
        ack()
        respond("more of it")

    attach(slack, app)
    sam = slack.person("Sam")
    sam.dm("a < b")
    shown = slack.wait_for(sam.answers)
    sam.click(shown[0], "more")

    assert shown[0].text == "a &lt; b"
    assert slack.wait_for(lambda: sam.answers()[1:])[0].text == "more of it"
