"""Messages and views as plain data."""

from __future__ import annotations

import json

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConfirmObject,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RichTextBlock,
    RichTextSectionElement,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
)

from bot.errors import LimitError
from bot.rendering.blocks import actions, button, context, divider, header, section, sections
from bot.rendering.message import Message, View, as_data, home, message, modal


def test_a_message_over_a_limit_cannot_be_made() -> None:
    with pytest.raises(LimitError):
        Message("", ())


def test_a_view_over_a_limit_cannot_be_made() -> None:
    with pytest.raises(LimitError):
        View("modal", ())


def test_a_message_is_plain_data_without_previews_of_links() -> None:
    made = message("Hello", [header("Hello")], metadata={"event_type": "x", "event_payload": {}})

    assert json.loads(json.dumps(made.payload())) == {
        "text": "Hello",
        "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Hello", "emoji": False}}],
        "metadata": {"event_type": "x", "event_payload": {}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_modal_has_what_slack_wants_and_nothing_empty() -> None:
    made = modal("Title", [section("x")], callback_id="c", private_metadata="p", submit="Send")

    assert made.payload() == {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Title"},
        "submit": {"type": "plain_text", "text": "Send"},
        "close": {"type": "plain_text", "text": "Close"},
        "callback_id": "c",
        "private_metadata": "p",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "verbatim": True}}],
    }


def test_a_home_tab_has_no_title_and_no_buttons_of_its_own() -> None:
    assert set(home([section("x")]).payload()) == {"type", "blocks", "callback_id"}


def test_words_too_long_for_a_block_are_cut_or_split() -> None:
    long = "word " * 1000

    made = message(
        "Long",
        [
            header(long),
            section(long),
            *sections(long),
            context(long),
            actions("a", [button(long, "a", "v", label=long)]),
        ],
    )

    assert len(made.blocks) == 6
    assert len(made.blocks[4]["elements"]) == 2


@pytest.mark.parametrize(
    ("text", "label", "wanted"),
    [
        ("Move the date", "End of alpha", "Move the date: End of alpha"),
        ("Whole list", "Show the whole list of points", "Show the whole list of points"),
        ("Done", "", None),
    ],
)
def test_what_a_screen_reader_says_of_a_button_holds_its_words(text: str, label: str, wanted: str | None) -> None:
    assert button(text, "act", "1", label=label).accessibility_label == wanted


_OPTIONS = [Option(value=one, text=PlainTextObject(text=one), description="d") for one in ("a", "b")]
_CONFIRM = ConfirmObject(title="Sure?", text=MarkdownTextObject(text="*Really*"), confirm="Yes", deny="No")


@pytest.mark.parametrize(
    "block",
    [
        section("*Alpha*", button=button("Read more", "open_entry", "guide/alpha", label="Alpha", confirm=_CONFIRM)),
        section("no button", block_id="b"),
        SectionBlock(fields=[MarkdownTextObject(text="one"), PlainTextObject(text="two", emoji=False)]),
        header("A heading"),
        context("small print"),
        divider(),
        actions("row", [button("One", "one", "1"), button("Two", "two", "2", primary=True)]),
        InputBlock(label="Which", element=StaticSelectElement(action_id="s", options=_OPTIONS), optional=False),
        InputBlock(
            label="Which", element=StaticMultiSelectElement(action_id="s", options=_OPTIONS, focus_on_load=True)
        ),
        InputBlock(label="Which", element=CheckboxesElement(action_id="c", options=_OPTIONS, initial_options=_OPTIONS)),
        InputBlock(
            label="Words", hint="h", element=PlainTextInputElement(action_id="t", multiline=False, min_length=0)
        ),
        RichTextBlock(elements=[RichTextSectionElement(elements=[])]),
    ],
    ids=lambda block: type(block).__name__,
)
def test_blocks_become_the_data_that_slack_sdk_makes_of_them(block: Block) -> None:
    assert as_data(block) == block.to_dict()


def test_a_block_that_slack_sdk_refuses_is_refused() -> None:
    wrong = HeaderBlock(text=PlainTextObject(text="long " * 40))

    with pytest.raises(SlackObjectFormationError):
        as_data(wrong)
