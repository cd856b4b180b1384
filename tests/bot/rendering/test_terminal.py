"""Replies and payloads as terminal text."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rendering.answers import render_reply
from bot.rendering.drawing import readable
from bot.rendering.home import ask_view
from bot.rendering.terminal import Element, draw_message, reply_text
from tests.bot.rendering.build import (
    library_of,
    make_answer,
    make_choice,
    make_decline,
    make_entry,
    make_platform,
    shown,
)

CLOUD = make_entry(related=["platform/paas"])
PAAS = make_platform("platform/paas", status="closed", councils="no", closed_on="2023-12-23", successor="guide/cloud")
LIBRARY = library_of(CLOUD, PAAS)


def test_an_answer_has_all_that_slack_gets_and_its_addresses() -> None:
    assert reply_text(make_answer(PAAS), LIBRARY, 80) == (
        "Closed since 23 December 2023. Successor: Cloud.\n"
        "Paas (platform/paas)\n"
        "\n"
        "Use public cloud first, bought through a framework. Plan how you would leave.\n"
        "\n"
        "Do next:\n"
        "- List what you host.\n"
        "\n"
        "Sources:\n"
        "- Cloud guide, checked 23 November 2026\n"
        "  https://www.gov.uk/cloud\n"
        "\n"
        "Related: guide/cloud"
    )


def test_a_choice_is_numbered() -> None:
    assert reply_text(make_choice(CLOUD, PAAS), LIBRARY, 80).splitlines()[:3] == [
        "Did you mean:",
        "1. Cloud (guide/cloud)",
        "   Use public cloud first, bought through a framework.",
    ]


def test_a_decline_names_what_is_near() -> None:
    text = reply_text(make_decline(reason="no_entry", nearest=(CLOUD,)), LIBRARY, 80)

    assert text.startswith("I have nothing checked on that yet")
    assert "- Cloud (guide/cloud)" in text


def test_text_keeps_to_the_width() -> None:
    reply = make_answer(make_entry(summary="word " * 200, next_steps=["word " * 50]))

    lines = reply_text(reply, LIBRARY, 50).splitlines()

    assert max(map(len, lines)) <= 50
    assert lines[lines.index("Do next:") + 2].startswith("  word")


def test_no_terminal_code_of_an_entry_gets_through() -> None:
    assert "\x1b" not in reply_text(make_answer(make_entry(title="\x1b[31mRed\x1b[0m")), LIBRARY, 80)


def test_the_buttons_of_a_message_are_numbered_in_their_order() -> None:
    made = render_reply(make_answer(CLOUD), LIBRARY, answer_id="A1", private=True)

    text, elements = draw_message(made.payload(), numbered=True)

    assert "[1] Read more   [2] Platform: Paas" in text
    assert [(one.action_id, one.value) for one in elements] == [
        ("open_entry", "guide/cloud"),
        ("ask_entry:1", "platform/paas"),
        ("feedback_helpful", "A1"),
        ("feedback_not_helpful", "A1"),
        ("why", "A1"),
        ("share", "A1"),
    ]
    assert elements[0] == Element("button", "open_entry", "onward:A1", "guide/cloud", "Read more")


def test_every_text_of_a_message_is_drawn() -> None:
    made = render_reply(make_answer(CLOUD, PAAS), LIBRARY, answer_id="A1", private=True)

    drawn = " ".join(draw_message(made.payload())[0].split())

    assert [line for line in shown(made).splitlines() if " ".join(readable(line).split()) not in drawn] == []


def test_numbers_can_be_left_out() -> None:
    made = render_reply(make_decline(reason="no_entry"), LIBRARY, answer_id="A1", private=False)

    assert "[Pass this to a person]" in draw_message(made.payload(), numbered=False)[0]


def test_a_form_is_drawn_with_its_title_field_and_submit_button() -> None:
    text, elements = draw_message(ask_view().payload())

    assert text.startswith("== Ask Advisor ==\nYour question\n")
    assert [(one.kind, one.action_id, one.value) for one in elements] == [
        ("input", "question", ""),
        ("submit", "", "ask"),
    ]


def test_a_message_without_blocks_is_drawn_by_its_text() -> None:
    assert draw_message({"text": "a &amp; b"}) == ("a & b", [])


@pytest.mark.parametrize(
    ("mrkdwn", "read"),
    [
        ("<https://x.example|a label> &lt;b&gt;", "a label (https://x.example) <b>"),
        ("<https://x.example>", "https://x.example"),
        ("<@U1> <#C1|general> <!channel>", "@U1 #general @channel"),
        ("<!date^1^{date}|3 March 2027>", "3 March 2027"),
        ("*bold* and `code`", "*bold* and `code`"),
    ],
)
def test_mrkdwn_is_read_as_a_person_reads_it(mrkdwn: str, read: str) -> None:
    assert readable(mrkdwn) == read


def plain_text(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


@pytest.mark.parametrize(
    ("block", "drawn"),
    [
        ({"type": "image", "alt_text": "A map"}, "(Picture: A map)"),
        ({"type": "markdown", "text": "**x**"}, "**x**"),
        ({"type": "divider"}, "-" * 40),
        ({"type": "section", "fields": [plain_text("a"), plain_text("b")]}, "a\nb"),
        ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]}, "a | b"),
        ({"type": "card", "title": plain_text("T"), "body": plain_text("B")}, "T B"),
        ({"type": "context", "elements": [{"type": "image", "alt_text": "Logo"}, plain_text("x")]}, "Logo x"),
    ],
)
def test_any_block_is_drawn_somehow(block: dict[str, Any], drawn: str) -> None:
    assert draw_message({"blocks": [block]})[0].strip() == drawn


def test_menus_show_what_there_is_to_choose_from() -> None:
    options = [{"text": plain_text("Yes"), "value": "y"}, {"text": plain_text("No"), "value": "n"}]
    menu = {"type": "static_select", "action_id": "m", "placeholder": plain_text("Pick"), "options": options}

    text, elements = draw_message({"blocks": [{"type": "actions", "block_id": "b", "elements": [menu]}]})

    assert text == "[1] Pick: Yes / No"
    assert elements == [Element("select", "m", "b", "", "Pick", (("Yes", "y"), ("No", "n")))]


def test_feedback_buttons_are_two_buttons() -> None:
    pair = {"positive_button": {"text": plain_text("Good"), "value": "+"}} | {
        "negative_button": {"text": plain_text("Bad"), "value": "-"}
    }
    element = {"type": "feedback_buttons", "action_id": "f", **pair}

    text, elements = draw_message({"blocks": [{"type": "context_actions", "elements": [element]}]})

    assert text == "[1] Good   [2] Bad"
    assert [(one.kind, one.value) for one in elements] == [("button", "+"), ("button", "-")]
