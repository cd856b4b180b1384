"""Which blocks Slack takes, which it refuses, and the place it names."""

from __future__ import annotations

from typing import Any

import pytest

from bot.trial.blocks import check_blocks, check_view
from bot.trial.records import Payload

from .build import actions, button, home, modal, options, plain, question, section

SELECT: Payload = {"type": "static_select", "action_id": "pick", "options": options("Alpha", "Beta")}
OVERFLOW: Payload = {"type": "overflow", "action_id": "more", "options": options("Open")}
FEEDBACK: Payload = {
    "type": "feedback_buttons",
    "action_id": "rate",
    "positive_button": {"text": plain("Useful"), "value": "yes"},
    "negative_button": {"text": plain("Not useful"), "value": "no"},
}
TABLE: Payload = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
RICH: Payload = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}],
}
IMAGE: Payload = {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "A chart"}
MARKDOWN: Payload = {"type": "markdown", "text": "**bold**"}
CONFIRM: Payload = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}


def select(**changes: Any) -> Payload:
    return {**SELECT, **changes}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        section(fields=[plain("x" * 2000)] * 10),
        section(accessory=button(text="x" * 75, value="x" * 2000)),
        section(accessory=OVERFLOW),
        section(accessory=IMAGE),
        section(expand=True),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "context", "elements": [IMAGE, *[plain("x")] * 9]},
        {"type": "divider"},
        actions(*[button(f"go{number}") for number in range(25)]),
        actions(button(confirm=CONFIRM, style="danger", url="https://gov.uk", accessibility_label="Go there")),
        actions(select(), {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"}),
        actions(select(initial_option=options("Beta")[0])),
        actions({"type": "users_select", "action_id": "who"}, {"type": "radio_buttons", "options": options("A")}),
        {"type": "context_actions", "elements": [FEEDBACK]},
        question(),
        question(element=select()),
        IMAGE,
        RICH,
        MARKDOWN,
        TABLE,
    ],
)
def test_block_is_taken_in_a_message(block: Payload) -> None:
    assert check_blocks([block], "message") == []


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("words", "must provide an object with a type [json-pointer:/blocks/0]"),
        ({"text": "words"}, "must provide an object with a type [json-pointer:/blocks/0]"),
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0]"),
        ({"type": "file", "external_id": "a", "source": "remote"}, "file is not allowed in a message"),
        ({"type": "section"}, "missing required field: text or fields"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (
            section(fields=[plain("x" * 2001)]),
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        (section(fields=[plain("x")] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
        (section(fields=[]), "must have at least 1 item [json-pointer:/blocks/0/fields]"),
        (section(block_id="x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        ({"type": "section", "text": "bare"}, "must provide an object with a type [json-pointer:/blocks/0/text]"),
        ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "must be one of: plain_text"),
        ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
        ({"type": "context", "elements": [button()]}, "unsupported type: button [json-pointer:/blocks/0/elements/0]"),
        (actions(), "must have at least 1 item [json-pointer:/blocks/0/elements]"),
        (actions(*[button(f"go{number}") for number in range(26)]), "no more than 25 items allowed"),
        (actions(button(), button()), "action_id 'go' is used more than once [json-pointer:/blocks/0]"),
        (
            actions(button(text="x" * 76)),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (actions(button(text="")), "must be more than 0 characters"),
        (actions(button(value="x" * 2001)), "must be less than 2001 characters"),
        (actions(button(url="x" * 3001)), "must be less than 3001 characters"),
        (actions(button(style="warning")), "must be one of: primary, danger"),
        (actions(button(accessibility_label="x" * 76)), "must be less than 76 characters"),
        (actions(button("x" * 256)), "must be less than 256 characters"),
        (actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})), "must be less than 101 characters"),
        (actions(button(confirm={**CONFIRM, "text": plain("x" * 301)})), "must be less than 301 characters"),
        (actions(button(confirm={**CONFIRM, "deny": plain("x" * 31)})), "must be less than 31 characters"),
        (actions({"type": "button", "action_id": "go"}), "missing required field: text"),
        (actions({"type": "number_input", "is_decimal_allowed": False}), "unsupported type: number_input"),
        (actions(select(options=options("x" * 76))), "must be less than 76 characters"),
        (actions(select(options=options("A") * 101)), "no more than 100 items allowed"),
        (actions(select(options=[{"text": plain("A")}])), "missing required field: value"),
        (actions(select(options=[{"text": plain("A"), "value": "x" * 151}])), "must be less than 151 characters"),
        (actions(select(placeholder=plain("x" * 151))), "must be less than 151 characters"),
        (actions(select(initial_option=options("Live")[0])), "the initial option must be one of the options"),
        (actions({"type": "static_select", "action_id": "pick"}), "must have either options or option_groups"),
        (section(accessory={**OVERFLOW, "options": options(*"ABCDEF")}), "no more than 5 items allowed"),
        (section(accessory={**OVERFLOW, "options": []}), "must have at least 1 item"),
        (actions({"type": "checkboxes", "options": options(*"ABCDEFGHIJK")}), "no more than 10 items allowed"),
        ({"type": "context_actions", "elements": [FEEDBACK] * 6}, "no more than 5 items allowed"),
        (question(label=plain("x" * 2001)), "must be less than 2001 characters"),
        (question(hint=plain("x" * 2001)), "must be less than 2001 characters"),
        (question(element={"type": "plain_text_input", "max_length": 3001}), "must be less than 3001"),
        (question(element=button()), "unsupported type: button [json-pointer:/blocks/0/element]"),
        (question(element={"type": "email_text_input"}), "email_text_input is not allowed in a message"),
        ({**IMAGE, "alt_text": ""}, "must be more than 0 characters"),
        (actions(select(options=[{"text": plain("A"), "value": ""}])), "must be more than 0 characters"),
        ({**IMAGE, "alt_text": "x" * 2001}, "must be less than 2001 characters"),
        ({"type": "image", "image_url": "https://a.example"}, "missing required field: alt_text"),
        ({**IMAGE, "title": plain("x" * 2001)}, "must be less than 2001 characters"),
        ({**MARKDOWN, "text": "x" * 12001}, "must be less than 12001 characters"),
        ({**TABLE, "rows": TABLE["rows"] * 101}, "no more than 100 items allowed"),
        ({**TABLE, "rows": [TABLE["rows"][0] * 21]}, "no more than 20 items allowed"),
        ({**TABLE, "rows": [[{"type": "raw_text", "text": "x" * 10_001}]]}, "a table may have 10000 characters"),
        ({"type": "alert", "text": plain("x")}, "alert is not allowed in a message"),
        ({"type": "carousel", "elements": []}, "must have at least 1 item"),
    ],
)
def test_block_is_refused_in_a_message(block: Any, fault: str) -> None:
    faults = check_blocks([block], "message")

    assert len(faults) == 1
    assert fault in faults[0]


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section(block_id="a"), section(block_id="a")], "block_id 'a' is used more than once"),
        ([TABLE, TABLE], "only one table is allowed"),
        ([{**MARKDOWN, "text": "x" * 7000}] * 2, "markdown blocks may have 12000 characters together"),
    ],
)
def test_blocks_are_refused_together(blocks: list[Payload], fault: str) -> None:
    assert fault in check_blocks(blocks, "message")[0]


@pytest.mark.parametrize(
    ("block", "message", "on_modal", "on_home"),
    [
        (section(), True, True, True),
        (RICH, True, True, True),
        (question(), True, True, True),
        (MARKDOWN, True, False, False),
        (TABLE, True, False, True),
        ({"type": "context_actions", "elements": [FEEDBACK]}, True, False, False),
        ({"type": "alert", "text": plain("x")}, False, True, False),
        (question(element={"type": "number_input", "is_decimal_allowed": False}), False, True, False),
        (question(element={"type": "datetimepicker"}), True, True, False),
    ],
)
def test_block_stands_only_where_slack_lets_it(block: Payload, message: bool, on_modal: bool, on_home: bool) -> None:
    taken = [not check_blocks([block], "message"), not check_view(modal(block)), not check_view(home(block))]

    assert taken == [message, on_modal, on_home]


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (modal(callback_id="x" * 256), "must be less than 256 characters"),
        (modal(section(block_id="a"), section(block_id="a")), "block_id 'a' is used more than once"),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        (modal(blocks=None), "must provide an array"),
        (modal(section("")), "[json-pointer:/view/blocks/0/text/text]"),
        ({"type": "modal", "title": plain("A"), "blocks": [question()]}, "missing required field: submit"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "popup", "blocks": []}, "must be a modal or a home view"),
        (home(title=plain("Home")), "invalid additional property: title"),
        (
            modal(
                question("a", "one", {"type": "plain_text_input", "focus_on_load": True}),
                question("b", "two", {"type": "plain_text_input", "focus_on_load": True}),
            ),
            "focus_on_load may be set once",
        ),
    ],
)
def test_view_is_refused(view: Payload, fault: str) -> None:
    faults = check_view(view)

    assert len(faults) == 1
    assert fault in faults[0]


def test_a_view_without_faults_is_taken() -> None:
    assert check_view(modal(notify_on_close=True, clear_on_close=True, external_id="one")) == []
    assert check_view(home(*[section()] * 100)) == []
