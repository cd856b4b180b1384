"""Nothing over one of Slack's limits gets past the checks, and the fault says where."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import LimitError
from bot.rendering.limits import check_message, check_view

Block = dict[str, Any]


def plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **fields: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def button(action_id: str = "a", **fields: Any) -> Block:
    return {"type": "button", "text": plain_text("x"), "action_id": action_id, **fields}


def actions(*elements: Block, **fields: Any) -> Block:
    return {"type": "actions", "elements": list(elements), **fields}


def select(kind: str, count: int, **option: Any) -> Block:
    options = [{"text": plain_text("x"), "value": str(at), **option} for at in range(count)]
    return {"type": kind, "action_id": "s", "options": options}


def field(label: Block) -> Block:
    return {"type": "input", "label": label, "element": {"type": "plain_text_input", "action_id": "f"}}


def view(*blocks: Block, **fields: Any) -> Block:
    return {"type": "modal", "title": plain_text("x"), "blocks": list(blocks), **fields}


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        ([section()] * 51, "51 of them"),
        ([section("x" * 3001)], r"blocks\[0\]\.text"),
        ([section("")], r"blocks\[0\]\.text"),
        ([{"type": "section"}], "needs text or fields"),
        ([{"type": "header", "text": plain_text("x" * 151)}], r"blocks\[0\]\.text"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "plain_text"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "11 items"),
        ([{"type": "context", "elements": []}], "needs one"),
        ([actions(*(button(str(at)) for at in range(26)))], "26 items"),
        ([section(), actions(button(text=plain_text("x" * 76)))], r"blocks\[1\]\.elements\[0\]\.text"),
        ([actions(button(value="x" * 2001))], r"elements\[0\]\.value"),
        ([actions(button(accessibility_label="x" * 76))], "accessibility_label"),
        ([actions(button("x" * 256))], "action_id"),
        ([actions(button("a"), button("a"))], "'a' stands 2 times"),
        ([section(block_id="b"), section(block_id="b")], "block_id 'b'"),
        ([section(block_id="x" * 256)], "block_id"),
        ([section(accessory=select("static_select", 101))], "101 items"),
        ([section(accessory=select("overflow", 6))], "6 items"),
        ([section(accessory=select("checkboxes", 11))], "11 items"),
        ([section(accessory=select("radio_buttons", 11))], "11 items"),
        ([section(accessory=select("static_select", 1, text=plain_text("x" * 76)))], r"options\[0\]\.text"),
        ([section(accessory=select("static_select", 1, value="x" * 76))], r"options\[0\]\.value"),
        ([section(accessory=select("radio_buttons", 1, description=plain_text("x" * 76)))], "description"),
        ([section(accessory={**select("static_select", 1), "placeholder": plain_text("x" * 151)})], "placeholder"),
        ([actions(button(confirm={"title": plain_text("x" * 101)}))], r"confirm\.title"),
        ([{"type": "image", "image_url": "https://x.example/a.png"}], "alt_text"),
        ([{"type": "markdown", "text": "x" * 7000}] * 2, "14000 characters"),
        ([{"type": "alert"}], "may not stand in a message"),
        ([{"type": "unheard-of"}], "may not stand in a message"),
    ],
)
def test_a_message_over_a_limit_is_refused_with_its_place(blocks: list[Block], place: str) -> None:
    with pytest.raises(LimitError, match=place):
        check_message("text", blocks)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4000])
def test_a_message_needs_text_of_a_fitting_length(text: str) -> None:
    with pytest.raises(LimitError, match=r"^text"):
        check_message(text, [])


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        (view(*[section()] * 101), "101 of them"),
        (view(section(), title=plain_text("x" * 25)), r"view\.title"),
        ({"type": "modal", "blocks": [section()]}, r"view\.title"),
        (view(section(), submit=plain_text("x" * 25)), r"view\.submit"),
        (view(section(), close=plain_text("x" * 25)), r"view\.close"),
        (view(section(), private_metadata="x" * 3001), r"view\.private_metadata"),
        (view(section(), callback_id="x" * 256), r"view\.callback_id"),
        (view(field(plain_text("x"))), r"view\.submit"),
        (view(field(plain_text("x" * 2001)), submit=plain_text("Send")), r"label"),
        (view(field({"type": "mrkdwn", "text": "x"}), submit=plain_text("Send")), "plain_text"),
        (view({"type": "markdown", "text": "x"}), "may not stand in a modal"),
        (view(*[section("x" * 2900)] * 90), "bytes"),
        ({"type": "home", "blocks": [{"type": "context_actions", "elements": [button()]}]}, "may not stand in a home"),
        ({"type": "workflow_step", "blocks": []}, "'modal' or 'home'"),
    ],
)
def test_a_view_over_a_limit_is_refused_with_its_place(payload: Block, place: str) -> None:
    with pytest.raises(LimitError, match=place):
        check_view(payload)


def test_what_is_just_within_the_limits_passes() -> None:
    blocks = [section("x" * 3000, accessory=button(value="x" * 2000)), *[section() for _ in range(49)]]

    check_message("x" * 3999, blocks)
    check_view(
        view(*blocks, *blocks, field(plain_text("x")), title=plain_text("x" * 24), submit=plain_text("Send"))
        | {
            "blocks": [*blocks, *blocks[1:], field(plain_text("x"))],
        }
    )
