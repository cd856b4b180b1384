"""What Advisor says of itself: help, Home, notes, failures."""

from __future__ import annotations

import pytest

from bot.rendering import help, notes
from bot.rendering.failures import failure_message
from bot.rendering.home import ask_view, home_view
from bot.rendering.message import Message, View
from tests.bot.rendering.build import buttons, faults, make_entry, shown

SCREENS: list[Message | View] = [
    help.help_message(),
    help.help_message([]),
    help.welcome_message(["How?"]),
    help.joined_channel_message(),
    help.health_message({"Entries": "192", "<!channel>": "a & b " * 2000}),
    help.health_message({}),
    home_view(counts={"guide": 3, "case": 0}, recent=[make_entry()] * 9, examples=help.EXAMPLES),
    home_view(counts={}),
    ask_view(),
    ask_view("x" * 5000),
    failure_message("A1B2"),
    notes.thanks(helpful=True, answer_id="A1"),
    notes.thanks(helpful=False, answer_id="A1"),
    notes.none_of_these("A1"),
    notes.passed_on(),
    notes.passed_on_to_people("<!channel> help " * 900),
    notes.ask_a_person(),
    notes.shared(),
    notes.not_in_channel(),
    notes.gone(),
    notes.gone_view(),
    notes.not_allowed(),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_one_that_slack_takes(screen: Message | View) -> None:
    assert faults(screen) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_can_ping_anybody(screen: Message | View) -> None:
    mrkdwn = [screen.text] if isinstance(screen, Message) else []
    mrkdwn += [block["text"]["text"] for block in screen.blocks if block.get("text", {}).get("type") == "mrkdwn"]

    assert [text for text in mrkdwn if "<!" in text or "<@" in text] == []


def test_help_says_how_to_ask_in_threads_and_what_is_kept() -> None:
    made = help.help_message()

    for text in (made.text, shown(made)):
        assert "Slash commands do not work inside threads." in text
        assert "Privacy:" in text
        assert "/platforms" in text


def test_help_has_three_questions_to_try() -> None:
    found = buttons(help.help_message([*help.EXAMPLES, "A fourth?"]))

    assert [button["value"] for button in found.values()] == list(help.EXAMPLES)


def test_home_shows_only_kinds_of_which_there_are_entries() -> None:
    made = home_view(counts={"guide": 3, "case": 0}, recent=[make_entry()], examples=["How?"])

    assert "Guides: 3" in shown(made)
    assert "Case studies" not in shown(made)
    assert set(buttons(made)) == {"ask_modal", "example:1", "open_entry", "browse"}


def test_the_form_has_one_field_under_the_ids_that_are_read() -> None:
    made = ask_view("How?")

    assert made.callback_id == "ask"
    assert made.blocks[0]["block_id"] == "question"
    assert made.blocks[0]["element"]["action_id"] == "question"
    assert made.blocks[0]["element"]["initial_value"] == "How?"


def test_a_failure_names_its_reference_and_what_to_do() -> None:
    assert failure_message("A1B2").text.endswith("give this reference: A1B2")
    assert shown(failure_message("A1B2")).endswith("give this reference: `A1B2`")


def test_not_helpful_leads_to_a_person_and_helpful_to_thanks() -> None:
    assert buttons(notes.thanks(helpful=False, answer_id="A1"))["pass_on"]["value"] == "A1"
    assert buttons(notes.thanks(helpful=True, answer_id="A1")) == {}
