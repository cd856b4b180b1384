"""Modals and the Home tab: triggers, the stack, hashes, and forms that are sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.trial import cast
from bot.trial.records import Payload, View
from bot.trial.server import StandIn

from .build import Clock, Recorder, actions, button, call, error_of, home, modal, options, plain, question, section


def trigger(slack: StandIn) -> str:
    return slack.workspace.handles.lend_trigger(cast.SAM)


def opened(slack: StandIn, view: Payload | None = None) -> View:
    assert error_of(slack, "views.open", trigger_id=trigger(slack), view=view or modal()) == ""
    shown = slack.person("Sam").modal()
    assert shown is not None
    return shown


def pushed(slack: StandIn, view: Payload | None = None) -> str:
    return error_of(slack, "views.push", trigger_id=trigger(slack), view=view or modal())


def test_a_trigger_works_once(slack: StandIn) -> None:
    trigger_id = trigger(slack)
    assert error_of(slack, "views.open", trigger_id=trigger_id, view=modal()) == ""

    assert error_of(slack, "views.push", trigger_id=trigger_id, view=modal()) == "exchanged_trigger_id"


def test_a_trigger_is_good_for_three_seconds(slack: StandIn, clock: Clock) -> None:
    early, late = trigger(slack), trigger(slack)

    clock.forward(seconds=3)
    assert error_of(slack, "views.open", trigger_id=early, view=modal()) == ""
    clock.forward(seconds=0.1)
    assert error_of(slack, "views.open", trigger_id=late, view=modal()) == "expired_trigger_id"


def test_three_modals_stand_on_each_other_and_no_more(slack: StandIn) -> None:
    opened(slack, modal(title=plain("One")))

    assert pushed(slack, modal(title=plain("Two"))) == ""
    assert pushed(slack, modal(title=plain("Three"))) == ""
    assert pushed(slack, modal(title=plain("Four"))) == "push_limit_reached"
    assert [view.title for view in slack.workspace.views.stack(cast.SAM)] == ["One", "Two", "Three"]


def test_a_push_needs_something_below(slack: StandIn) -> None:
    assert pushed(slack) == "not_found"


def test_opening_over_an_open_modal_is_complained_about(lenient: StandIn) -> None:
    opened(lenient)
    opened(lenient)

    assert "a modal is open already" in str(lenient.complaints[0])


def test_a_stale_hash_is_refused(slack: StandIn) -> None:
    view = opened(slack)

    assert error_of(slack, "views.update", view_id=view.id, view=modal(), hash=view.hash) == ""
    assert error_of(slack, "views.update", view_id=view.id, view=modal(), hash=view.hash) == "hash_conflict"


def test_an_external_id_finds_a_view_and_belongs_to_one(slack: StandIn) -> None:
    opened(slack, modal(external_id="mine"))

    assert error_of(slack, "views.update", external_id="mine", view=modal(external_id="mine")) == ""
    assert pushed(slack, modal(external_id="mine")) == "duplicate_external_id"


def test_an_update_keeps_what_was_typed_in_fields_that_stay(slack: StandIn) -> None:
    view = opened(slack, modal(question("q", "b"), question("gone", "c")))
    sam = slack.person("Sam")
    sam.click(view, "q", value="typed")

    answer = call(slack, "views.update", view_id=view.id, view=modal(question("q", "b"), question("new", "d")))

    values = answer["view"]["state"]["values"]
    assert values["b"]["q"]["value"] == "typed"
    assert values["d"]["new"]["value"] is None
    assert "c" not in values


def test_what_was_typed_in_a_field_that_went_away_is_lost(slack: StandIn) -> None:
    view = opened(slack, modal(question("q", "b")))
    slack.person("Sam").click(view, "q", value="typed")

    call(slack, "views.update", view_id=view.id, view=modal(section()))
    answer = call(slack, "views.update", view_id=view.id, view=modal(question("q", "b")))

    assert answer["view"]["state"]["values"]["b"]["q"]["value"] is None


def test_home_is_published_for_one_person(slack: StandIn) -> None:
    first = call(slack, "views.publish", user_id=cast.SAM, view=home(section("one")))["view"]
    second = call(slack, "views.publish", user_id=cast.SAM, view=home(section("two")), hash=first["hash"])["view"]

    shown = slack.person("Sam").home()
    assert shown is not None
    assert shown.blocks[0]["text"]["text"] == "two"
    assert second["id"] == first["id"]
    assert slack.person("Jo").home() is None
    stale = error_of(slack, "views.publish", user_id=cast.SAM, view=home(), hash=first["hash"])
    assert stale == "hash_conflict"


def test_a_form_comes_with_every_value(slack: StandIn, app: Recorder) -> None:
    select = {"type": "static_select", "options": options("Alpha", "Beta")}
    boxes = {"type": "checkboxes", "options": options("Yes", "No")}
    blocks = [
        question("q", "one"),
        question("phase", "two", select),
        question("day", "three", {"type": "datepicker"}),
        question("who", "four", {"type": "users_select", "initial_user": cast.JO}),
        question("which", "five", boxes, optional=True),
    ]
    opened(slack, modal(*blocks))

    outcome = slack.person("Sam").submit(values={"q": "hello", "phase": "Beta", "three": "2026-12-01"})

    assert outcome.ok
    assert outcome.delivery is not None
    values = outcome.delivery.payload["view"]["state"]["values"]
    assert values["one"]["q"] == {"type": "plain_text_input", "value": "hello"}
    assert values["two"]["phase"]["selected_option"]["value"] == "beta"
    assert values["three"]["day"]["selected_date"] == "2026-12-01"
    assert values["four"]["who"]["selected_user"] == cast.JO
    assert values["five"]["which"]["selected_options"] == []
    assert slack.person("Sam").modal() is None


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ({"type": "plain_text_input"}, "", "required"),
        ({"type": "plain_text_input", "min_length": 5}, "abc", "at least 5"),
        ({"type": "plain_text_input", "max_length": 2}, "abc", "at most 2"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "3"}, "1", "at least 3"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "3"}, "3.5", "at most 3"),
        ({"type": "email_text_input"}, "sam", "valid email"),
        ({"type": "url_text_input"}, "gov.uk", "valid URL"),
        (
            {"type": "multi_static_select", "options": options("A", "B"), "max_selected_items": 1},
            ["A", "B"],
            "at most 1",
        ),
    ],
)
def test_slack_checks_a_form_before_the_app_sees_it(
    slack: StandIn, app: Recorder, element: Payload, value: Any, words: str
) -> None:
    opened(slack, modal(question("q", "b", element)))

    outcome = slack.person("Sam").submit(values={"q": value})

    assert words in outcome.errors["b"]
    assert not outcome.delivered
    assert app.requests == []


def submitted(slack: StandIn, app: Recorder, answer: Payload) -> StandIn:
    opened(slack, modal(title=plain("One")))
    app.body = json.dumps(answer)
    slack.person("Sam").submit(values={"q": "hello"})
    return slack


def titles(slack: StandIn) -> list[str]:
    return [view.title for view in slack.workspace.views.stack(cast.SAM)]


def test_errors_are_shown_under_their_fields(slack: StandIn, app: Recorder) -> None:
    submitted(slack, app, {"response_action": "errors", "errors": {"b": "Say more."}})

    view = slack.person("Sam").modal()
    assert view is not None
    assert view.errors == {"b": "Say more."}


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({}, []),
        ({"response_action": "clear"}, []),
        ({"response_action": "update", "view": modal(title=plain("Two"))}, ["Two"]),
        ({"response_action": "push", "view": modal(title=plain("Two"))}, ["One", "Two"]),
    ],
)
def test_the_answer_decides_what_is_shown_next(
    slack: StandIn, app: Recorder, answer: Payload, shown: list[str]
) -> None:
    assert titles(submitted(slack, app, answer)) == shown


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Say more."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": home()},
        {"response_action": "dance"},
    ],
)
def test_an_answer_that_slack_does_not_understand_is_trouble(lenient: StandIn, answer: Payload) -> None:
    app = Recorder(body=json.dumps(answer))
    lenient.attach(app)
    opened(lenient)

    outcome = lenient.person("Sam").submit(values={"q": "hello"})

    assert outcome.notice == "trouble_connecting"
    assert lenient.complaints
    assert lenient.person("Sam").modal() is not None


def test_an_empty_answer_goes_back_to_the_modal_below(slack: StandIn, app: Recorder) -> None:
    opened(slack, modal(title=plain("One")))
    pushed(slack, modal(title=plain("Two")))

    slack.person("Sam").submit(values={"q": "hello"})

    assert titles(slack) == ["One"]


def test_a_form_stays_open_when_the_app_fails(slack: StandIn, app: Recorder) -> None:
    app.status = 500
    opened(slack)

    outcome = slack.person("Sam").submit(values={"q": "hello"})

    assert outcome.notice == "dispatch_failed"
    assert slack.person("Sam").modal() is not None


def test_closing_is_told_only_where_it_was_asked_for(slack: StandIn, app: Recorder) -> None:
    opened(slack, modal())
    quiet = slack.person("Sam").close()
    opened(slack, modal(notify_on_close=True))
    told = slack.person("Sam").close()

    assert not quiet.delivered
    assert told.delivery is not None
    assert (told.delivery.kind, told.delivery.payload["is_cleared"]) == ("view_closed", False)
    assert "trigger_id" not in told.delivery.payload


def test_the_cross_closes_everything(slack: StandIn, app: Recorder) -> None:
    opened(slack, modal(notify_on_close=True))
    pushed(slack, modal(notify_on_close=True))

    slack.person("Sam").close(everything=True)

    assert [each.payload["is_cleared"] for each in slack.deliveries] == [True, True]
    assert slack.person("Sam").modal() is None


def test_a_click_in_a_view_has_no_channel_and_no_response_url(slack: StandIn, app: Recorder) -> None:
    view = opened(slack, modal(section(), actions(button(value="v"))))

    outcome = slack.person("Sam").click(view, "go")

    assert outcome.delivery is not None
    payload = outcome.delivery.payload
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["actions"][0]["value"] == "v"
    assert "channel" not in payload
    assert "response_url" not in payload


def test_an_input_tells_the_app_only_when_it_dispatches(slack: StandIn, app: Recorder) -> None:
    view = opened(slack, modal(question("quiet", "one"), question("loud", "two", dispatch_action=True)))

    assert not slack.person("Sam").click(view, "quiet", value="x").delivered
    assert slack.person("Sam").click(view, "loud", value="y").delivered
    values = slack.deliveries[0].payload["state"]["values"]
    assert (values["one"]["quiet"]["value"], values["two"]["loud"]["value"]) == ("x", "y")


def test_a_chosen_conversation_comes_with_a_place_to_answer(slack: StandIn, app: Recorder) -> None:
    chooser = {"type": "conversations_select", "response_url_enabled": True}
    opened(slack, modal(question("where", "b", chooser)))

    outcome = slack.person("Sam").submit(values={"where": cast.PARKING})

    assert outcome.delivery is not None
    assert outcome.delivery.payload["response_urls"][0]["channel_id"] == cast.PARKING
