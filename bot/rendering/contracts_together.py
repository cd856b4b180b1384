"""Contracts that end together, and names that may be one, on the screen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.dates import how_far, in_words
from bot.network.aliases import Judgement
from bot.network.ending_together import Neighbour, Together
from bot.rendering.blocks import actions, button, context, header, section
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape

_LONGEST_TEXT: Final = 3900
_TITLE: Final = "Contracts that end together"
_HOW: Final = (
    "Other councils are here when they share the day on which a contract ends. `/advisor sharing` puts yours here. "
    "`/advisor introductions` asks to meet one."
)
_KIND_WORDS: Final = {"supplier": "suppliers", "system": "systems", "area": "service areas"}


def together_message(found: Sequence[Together], *, has_contracts: bool, today: dt.date) -> Message:
    """Own contracts with their neighbours, the one to decide on first first."""
    blocks: list[Block] = [header(_TITLE)]
    lines = [f"{_TITLE}."]
    for one in found:
        text = "\n".join([_own_line(one, today), *(f"• {_neighbour_line(each)}" for each in one.neighbours)])
        blocks.append(section(text))
        lines.append(text.replace("*", ""))
    if not found:
        text = (
            "No council that shares the end of a contract for the same need or system has one that ends within "
            "half a year of yours."
            if has_contracts
            else "No service of yours has a contract yet. Change the service to add its end date."
        )
        blocks.append(section(text))
        lines.append(text)
    blocks.append(context(_HOW))
    return message(cut("\n".join([*lines, _HOW]), _LONGEST_TEXT), blocks)


def names_message(pairs: Sequence[Judgement], judged: Sequence[Judgement], *, more: bool) -> Message:
    """Names that may be one, two buttons each; nothing is merged unless somebody says so."""
    about = "Are these two names of one? Nothing is put together unless you say so, and no name is changed."
    blocks: list[Block] = [header("Names that may be one"), section(about)]
    lines = [f"Names that may be one. {about}"]
    for number, one in enumerate(pairs):
        text = f"{_KIND_WORDS[one.kind].capitalize()}: *{escape(one.first)}* and *{escape(one.second)}*"
        value = json.dumps([one.kind, one.first, one.second], ensure_ascii=False)
        both = f"{one.first} and {one.second}"
        buttons = [
            button("One", "names_same", value, label=f"One: {both}"),
            button("Two", "names_different", value, label=f"Two: {both}"),
        ]
        blocks += [section(text), actions(f"names:{number}", buttons)]
        lines.append(text.replace("*", ""))
    if not pairs:
        blocks.append(section("No two names look like one."))
        lines.append("No two names look like one.")
    if more:
        blocks.append(context("There are more: they come as you judge these."))
    if same := [one for one in judged if one.same]:
        text = "Judged to be one: " + "; ".join(_judged(one) for one in same)
        blocks.append(context(cut(text, 2000)))
        lines.append(text)
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks)


def _own_line(one: Together, today: dt.date) -> str:
    late = "you are past the day to decide" if one.decide_by < today else f"decide by {in_words(one.decide_by)}"
    return (
        f"*{escape(one.service.name)}* ends on {in_words(one.ends_on)} ({how_far(one.ends_on, today=today)}); {late}. "
        "Near it:"
    )


def _neighbour_line(one: Neighbour) -> str:
    listing = one.listing
    named = f"{escape(listing.name or '')}, {escape(listing.council or '')}"
    who = named if listing.name is not None else "a council that is not named"
    end = in_words(listing.contract_end) if listing.contract_end else "a day that is not shared"
    system = _named("system", listing.system, same=one.same_system)
    supplier = _named("supplier", listing.supplier, same=one.same_supplier)
    return f"{who}: ends on {end} ({_apart(one.days_after)}){system}{supplier}"


def _named(what: str, name: str | None, *, same: bool) -> str:
    if not name:
        return ""
    return f", {what} {escape(name)}{', the same as yours' if same else ''}"


def _judged(one: Judgement) -> str:
    return f"{escape(one.first)} = {escape(one.second)} ({_KIND_WORDS[one.kind]})"


def _apart(days: int) -> str:
    if days == 0:
        return "the same day"
    count = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    return f"{count} after yours" if days > 0 else f"{count} before yours"
