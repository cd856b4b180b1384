"""Blind rounds on screen: the form to open one, the form to rate in, how far it is, and what came of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.blind import LONGEST_REMARK, MOST_PEOPLE, RATINGS, Card, Compared, Round, Voice
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.dates import in_words
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt
from bot.rendering.blocks import actions, button, context, section
from bot.rendering.checkpoint_words import title_of
from bot.rendering.fields import Payload, boxes_field, choice_field, date_field, mention, people_field, text_field
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape, plain

START_CALLBACK: Final = "blind_start"
RATE_CALLBACK: Final = "blind_rate"
_FIRST = 5
_LONGEST_TEXT = 3900
_LONGEST_QUESTION = 300
_LONGEST_HINT = 400
_PROMISE = (
    "Nobody reads any of it before it closes: when everybody is in, when the last day is over, or when the service "
    "owner closes it with two in at least."
)


def blind_fields(*, last_day: dt.date | None = None, optional: bool = False) -> list[Payload]:
    """Who rates, until when, and whether names are shown: for the form of a round, and for that of a checkpoint."""
    return [
        people_field(
            "people", "Who rates the points, unseen by the others?", most=MOST_PEOPLE, optional=optional,
            hint="One of each role: delivery, design, technology, the service owner. Two at least.",
        ),
        date_field(
            "last_day", "Last day to rate them", value=last_day, optional=optional,
            hint="It closes when everybody is in, or when this day is over.",
        ),
        boxes_field(
            "named", "Who said what", [("named", "Show names with the result")],
            hint="Left empty, only counts are shown. Of two people, each then still knows what the other said.",
        ),
    ]  # fmt: skip


def start_view(checkpoint: Checkpoint, service: Service, *, last_day: dt.date) -> View:
    """The form in which a round is opened."""
    about = f"{escape(title_of(checkpoint))} of {escape(service.name)}. {_PROMISE} Then you talk, and answer together."
    blocks: list[Block | Payload] = [context(about), *blind_fields(last_day=last_day)]
    metadata = json.dumps({"checkpoint": checkpoint.id})
    return modal(
        "Rate it blind first", blocks, callback_id=START_CALLBACK, private_metadata=metadata, submit="Ask them",
        close="Cancel",
    )  # fmt: skip


def rate_view(
    one: Round, checkpoint: Checkpoint, service: Service, prompts: Sequence[FrozenPrompt], own: Card | None
) -> View:
    """One person's form: every point with a rating and a note; what the same person said before stands in it."""
    shown = "with your name" if one.named else "as counts without names, and your notes as you write them"
    blocks: list[Block | Payload] = [
        context(f"{escape(service.name)} · open to the end of {in_words(one.last_day)}. {_PROMISE}"),
        context(f"Afterwards it is shown {shown}. Until then you can change it; the last to send it closes the round."),
    ]
    marks = own.marks if own else {}
    for number, prompt in enumerate(prompts, 1):
        mark = marks.get(prompt.id)
        question = cut(f"{number}. {prompt.question}", 1900)
        choices = [(rating, rating.capitalize()) for rating in RATINGS]
        hint = cut(plain(prompt.evidence), _LONGEST_HINT)
        blocks.append(
            choice_field(f"rating.{prompt.id}", question, choices, value=mark.rating if mark else "", hint=hint)
        )
        blocks.append(
            text_field(
                f"note.{prompt.id}", f"Note on point {number}", value=mark.note if mark else "", optional=True,
                most=LONGEST_REMARK,
            )
        )  # fmt: skip
    buttons = [button("How far it is", "blind_standing", one.id)]
    taking_back = "Withdraw my ratings" if own else "Not for me"
    buttons.append(button(taking_back, "blind_withdraw", one.id))
    blocks.append(actions("blind", buttons))
    metadata = json.dumps({"round": one.id})
    return modal(
        cut(title_of(checkpoint), 24), blocks, callback_id=RATE_CALLBACK, private_metadata=metadata,
        submit="Save my ratings", close="Cancel",
    )  # fmt: skip


def standing_view(one: Round, checkpoint: Checkpoint, service: Service, *, reader: str) -> View:
    """How far an open round is: how many are in, and no more. The owner can close it, the opener call it off."""
    text = f"*Rated blind: {escape(title_of(checkpoint))} of {escape(service.name)}*\n{in_line(one)} {_PROMISE}"
    blocks: list[Block | Payload] = [section(text)]
    buttons: list[ButtonElement] = []
    if any(seat.person_id == reader for seat in one.seats):
        buttons.append(button("Give my ratings", "blind_round", one.id, primary=True))
    if reader == service.owner_id:
        buttons.append(button("Close it now", "blind_close", one.id))
    if reader in (service.owner_id, one.opened_by):
        buttons.append(button("Call it off, delete the ratings", "blind_call_off", one.id))
    blocks += [actions("blind", buttons)] if buttons else []
    return modal(cut(title_of(checkpoint), 24), blocks, callback_id="blind_standing", close="Close")


def result_view(one: Round, checkpoint: Checkpoint, service: Service) -> View:
    """Every point, the most disputed first, each with the way to the form in which you answer together."""
    blocks: list[Block | Payload] = [section(f"*{escape(service.name)}*\n{_head(one)}")]
    for number, point in enumerate(one.result, 1):
        go = button("Answer it", "checkpoint_point", f"{checkpoint.id}|{point.prompt_id}", label=f"Answer {number}")
        able = checkpoint.state in ANSWERABLE
        blocks.append(section(_point(number, point), button=go if able else None, block_id=f"point:{point.prompt_id}"))
    if checkpoint.state in ANSWERABLE:
        blocks.append(actions("blind", [button("Rate it once more", "blind_again", checkpoint.id)]))
    return modal(cut(title_of(checkpoint), 24), blocks, callback_id="blind_result", close="Close")


def asked_message(one: Round, checkpoint: Checkpoint, service: Service) -> Message:
    """The channel hears that a round is open, and whom it asks."""
    people = ", ".join(mention(seat.person_id) for seat in one.seats)
    text = (
        f"{mention(one.opened_by)} asks {people} to rate the points of {escape(title_of(checkpoint))} of "
        f"{escape(service.name)}, each unseen by the others, until the end of {in_words(one.last_day)}. {_PROMISE}"
    )
    return message(text, [section(text), actions(f"blind:{one.id}", [_give(one)])])


def invitation_message(one: Round, checkpoint: Checkpoint, service: Service) -> Message:
    """One person is asked, directly."""
    text = (
        f"{mention(one.opened_by)} asks you to rate the points of {escape(title_of(checkpoint))} of "
        f"{escape(service.name)}, unseen by the others, until the end of {in_words(one.last_day)}. {_PROMISE}"
    )
    away = button("Not for me", "blind_withdraw", one.id)
    return message(text, [section(text), actions(f"blind:{one.id}", [_give(one), away])])


def result_message(one: Round, checkpoint: Checkpoint, service: Service) -> Message:
    """A round is over: the channel sees the first points to talk about."""
    title = f"{escape(title_of(checkpoint))} of {escape(service.name)}"
    text = f"Rated blind: {title}. {_head(one)}"
    points = disputed(one)
    lines = [_point(number, point) for number, point in enumerate(points, 1)]
    blocks: list[Block] = [section(f"*Rated blind: {title}*\n{_head(one)}"), *(section(line) for line in lines)]
    buttons = [_show(one)] if one.result else []
    if checkpoint.state in ANSWERABLE:
        buttons.append(button("Answer together", "checkpoint_walk", checkpoint.id))
    blocks += [actions(f"blind:{one.id}", buttons)] if buttons else []
    return message(cut("\n".join([text, *lines]), _LONGEST_TEXT), blocks)


def called_off_message(checkpoint: Checkpoint, service: Service, *, by: str) -> Message:
    """A round is called off."""
    text = (
        f"{mention(by)} has called the blind round of {escape(title_of(checkpoint))} of {escape(service.name)} off. "
        "What was rated is deleted."
    )
    return message(text, [section(text)])


def in_line(one: Round) -> str:
    """How many are in, and how long it is open."""
    return f"{len(one.given)} of {len(one.seats)} are in. Open to the end of {in_words(one.last_day)}."


def end_line(one: Round) -> str:
    """What came of a round in one line of plain text: who was in, and what to talk about first."""
    first = [f"{cut(point.question, 150)} ({_counts(point)})" for point in disputed(one)[:3]]
    return f"{_head(one)} {'; '.join(first)}".strip()


def disputed(one: Round) -> tuple[Compared, ...]:
    """The first points to talk about: at most five, and none on which everybody agrees."""
    return tuple(point for point in one.result if point.disagreement > 0)[:_FIRST]


def _head(one: Round) -> str:
    said = f"{len(one.given)} of {len(one.seats)} rated it"
    if not one.result:
        return f"{said}, too few to compare, so nothing is shown and what was rated is deleted."
    if not disputed(one):
        return f"{said}, and you agree on every point."
    return f"{said}. Talk about these first:"


def _point(number: int, point: Compared) -> str:
    question = escape(cut(point.question, _LONGEST_QUESTION))
    said = "".join(f"\n• {_said(voice)}" for voice in point.voices if voice.note or voice.person_id)
    return f"*{number}. {question}*\n{_counts(point).capitalize()}{said}"


def _said(voice: Voice) -> str:
    who = f"{mention(voice.person_id)}, " if voice.person_id else ""
    note = f": {escape(voice.note)}" if voice.note else ""
    return f"{who}{voice.rating}{note}"


def _counts(point: Compared) -> str:
    return ", ".join(f"{count} {rating}" for rating in RATINGS if (count := point.count(rating)))


def _give(one: Round) -> ButtonElement:
    return button("Give my ratings", "blind_round", one.id, primary=True)


def _show(one: Round) -> ButtonElement:
    return button("Show every point", "blind_round", one.id, primary=True)
