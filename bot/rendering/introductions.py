"""Introductions on the screen: what is asked of somebody, what they could ask, and the first message of a meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.dates import in_words
from bot.knowledge.library import Library
from bot.network.introductions import Introduction, standing
from bot.network.sharing import LONGEST_CONTACT, Listing
from bot.rendering.blocks import actions, button, context, divider, header, section
from bot.rendering.fields import Payload, mention, text_field
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.who_else import point_words, points_words

ASK_CALLBACK: Final = "introduction_ask_form"
YES_CALLBACK: Final = "introduction_yes_form"
_MOST: Final = 8
_LONGEST_TEXT: Final = 3900
_RULES: Final = (
    "Neither side learns who the other is until both have said yes. A no is told to nobody; a request ends on its day "
    "whatever is said to it."
)
_START: Final = "A good start: what did you show at your review, and what would you do otherwise?"


@dataclass(frozen=True)
class Request:
    """A request with the name of the reader's own service."""

    introduction: Introduction
    service: str


@dataclass(frozen=True)
class Offer:
    """A point that somebody has met for a service like the reader's."""

    service_id: str
    service: str
    point: str


@dataclass(frozen=True)
class Person:
    """Somebody of the other side, as that side agreed to; ``user_id`` is empty in another Slack."""

    listing: Listing
    user_id: str = ""


def introductions_message(
    asked: Sequence[Request], asking: Sequence[Request], offers: Sequence[Offer], has_services: bool,
    library: Library, *, today: dt.date,
) -> Message:  # fmt: skip
    """Everything about introductions for one person."""
    blocks: list[Block] = [header("Introductions"), context(_RULES)]
    lines = [f"Introductions. {_RULES}"]
    waiting = [one for one in asked if standing(one.introduction, today) == "waiting"]
    for request in waiting[:_MOST]:
        blocks += [divider(), *_request_blocks(request, library, today)]
        lines.append(_request_text(request, library, today))
    for request in asking[:_MOST]:
        text = _asking_line(request, library, today)
        blocks.append(section(text))
        lines.append(text)
    for number, offer in enumerate(offers[:_MOST]):
        text = (
            f"A council met {_about(offer.point, library)} for a service like {escape(offer.service)}. Ask for an "
            "introduction?"
        )
        label = f"Ask about {points_words([offer.point])}"
        ask = button("Ask", "introduction_ask", f"{offer.service_id}|{offer.point}", label=label)
        blocks.append(section(text, button=ask, block_id=f"offer:{number}"))
        lines.append(text)
    if len(lines) == 1:
        text = _nothing(has_services)
        blocks.append(section(text))
        lines.append(text)
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks)


def ask_form(service: str, point: str, library: Library, *, contact: str, metadata: str) -> View:
    """The form in which somebody asks."""
    about = (
        f"A council met {_about(point, library)} for a service like {escape(service)}. It will be told that "
        f"somebody asks, and no more. {_RULES}"
    )
    blocks: list[Block | Payload] = [section(about), _contact(contact)]
    return modal(
        "Ask to be introduced", blocks, callback_id=ASK_CALLBACK, private_metadata=metadata, submit="Ask",
        close="Cancel",
    )  # fmt: skip


def yes_form(service: str, point: str, library: Library, *, contact: str, metadata: str) -> View:
    """The form of somebody who says yes."""
    about = (
        f"Somebody asks how {escape(service)} met {_about(point, library)}. They have said yes. When you do, "
        "each of you learns the other's council and service, and how to reach each other."
    )
    blocks: list[Block | Payload] = [section(about), _contact(contact)]
    return modal(
        "Say yes", blocks, callback_id=YES_CALLBACK, private_metadata=metadata, submit="Introduce us", close="Cancel"
    )


def request_message(request: Request, library: Library, *, today: dt.date) -> Message:
    """What the side that is asked sees: nothing of who asks."""
    return message(_request_text(request, library, today), _request_blocks(request, library, today))


def asked_words(one: Introduction) -> str:
    """What the side that asks is told at once, and all it is told unless both say yes."""
    return (
        f"Asked. If they say yes, you hear of it here, in direct messages. If not, nothing comes: the request ends on "
        f"{in_words(one.closes_on)}."
    )


def introduced_words(*, together: bool) -> str:
    """Where the two now meet."""
    where = "in a conversation of the three of us" if together else "by what each of you gave as contact"
    return f"You have both said yes. You meet {where}: look into your direct messages."


def meeting_message(first: Person, second: Person, point: str, library: Library) -> Message:
    """The first message of the conversation of both."""
    text = (
        f"{_who(first)} and {_who(second)}: you have both said yes to an introduction about "
        f"{_about(point, library)}. {_START} Advisor does not read along here."
    )
    return message(text, [section(text)])


def met_message(other: Person, point: str, library: Library) -> Message:
    """The same to one of the two, where they cannot be brought together in one conversation."""
    listing = other.listing
    reach = f" You reach them at: {escape(listing.contact)}." if listing.contact else " Write to them here in Slack."
    text = (
        f"You have both said yes to an introduction about {_about(point, library)}. Meet {_who(other)}.{reach} {_START}"
    )
    return message(text, [section(text)])


def _about(point: str, library: Library) -> str:
    return escape(point_words(point, library))


def _who(person: Person) -> str:
    listing = person.listing
    who = f"{mention(person.user_id)} of " if person.user_id else ""
    return f"{who}{escape(listing.council or '')} ({escape(listing.name or '')})"


def _contact(contact: str) -> Payload:
    hint = "An email address or a number. The other side sees it once both have said yes, if it is in another Slack."
    return text_field("contact", "How can they reach you?", value=contact, most=LONGEST_CONTACT, hint=hint)


def _request_text(request: Request, library: Library, today: dt.date) -> str:
    one = request.introduction
    now = standing(one, today)
    about = f"how {escape(request.service)} met {_about(one.point, library)}"
    if now == "introduced":
        return f"You have been introduced to somebody who asked {about}."
    if now == "ended":
        return f"Somebody asked {about}. The request has ended."
    said = (
        f"You have said no, which nobody is told. You may still say yes until {in_words(one.closes_on)}."
        if one.asked.said == "no"
        else f"They have said yes. Without an answer the request ends on {in_words(one.closes_on)}, and nobody is told."
    )
    return f"Somebody at another council asks to be introduced to you, to hear {about}. {said} {_RULES}"


def _request_blocks(request: Request, library: Library, today: dt.date) -> list[Block]:
    one = request.introduction
    blocks: list[Block] = [section(_request_text(request, library, today))]
    if standing(one, today) != "waiting":
        return blocks
    buttons: list[ButtonElement] = [button("Yes, introduce us", "introduction_yes", one.id, primary=True)]
    if one.asked.said != "no":
        buttons.append(button("No", "introduction_no", one.id, label="No, and nobody is told"))
    return [*blocks, actions(f"introduction:{one.id}", buttons)]


def _asking_line(request: Request, library: Library, today: dt.date) -> str:
    one = request.introduction
    asked = in_words(one.asked_at.date())
    about = f"{_about(one.point, library)}, for {escape(request.service)}"
    now = standing(one, today)
    if now == "introduced":
        return f"Asked on {asked} about {about}: you have been introduced. Look into your direct messages."
    if now == "ended":
        return f"Asked on {asked} about {about}: ended on {in_words(one.closes_on)} without an introduction."
    return f"Asked on {asked} about {about}: waiting until {in_words(one.closes_on)}."


def _nothing(has_services: bool) -> str:
    if not has_services:
        return "Introductions are for owners and sponsors of a service. `/checkpoint start` starts one."
    return (
        "Nothing is asked of you, and no council that shares the points it has met has a service like yours with a "
        "point that yours has not met."
    )
