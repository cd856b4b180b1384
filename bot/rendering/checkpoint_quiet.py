"""Quiet times on the screen: what holds in a channel, and the forms in which channel, person and council set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.dates import in_words
from bot.checkpoints.quiet import (
    ASK_FROM_DAYS,
    LONGEST_NAME,
    LONGEST_WAIT_DAYS,
    MOST_A_WEEK,
    NATION_NAMES,
    WEEKDAYS,
    CalmPeriod,
    CouncilQuiet,
    Quiet,
    applies_words,
    days_off_words,
    in_force,
    period_words,
)
from bot.checkpoints.services import Change
from bot.knowledge.councils import Council
from bot.rendering.blocks import actions, button, context, header, section
from bot.rendering.fields import Payload, boxes_field, choice_field, date_field, mention, text_field, time_field
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape

CHANNEL_CALLBACK: Final = "checkpoint_quiet_channel"
PERSON_CALLBACK: Final = "checkpoint_quiet_person"
COUNCIL_CALLBACK: Final = "checkpoint_quiet_council"
AS_COUNCIL: Final = "0"
"""The choice of a budget that stands for what the council says."""

_LONGEST_TEXT = 3900
MOST_CALM: Final = 10
"""How many pre-election periods the form shows: what Slack takes of checkboxes."""
_DAYS_HINT = (
    "One a line: 24 December 2026, or 24 December 2026 to 1 January 2027: Christmas. Weekends and bank holidays are "
    "quiet without it."
)
_FIELDS: Final[Mapping[str, str]] = {
    "opted_out": "no messages",
    "days_off": "days off",
    "weekdays_off": "weekdays off",
    "a_week": "messages a week",
    "opens_at": "office opens",
    "closes_at": "office closes",
    "sends_at": "usual time",
    "person_a_week": "messages a week to a person",
    "channel_a_week": "messages a week to a channel",
    "calm": "pre-election periods",
}


@dataclass(frozen=True)
class Holds:
    """What holds for one reader: what the council, the channel (None outside of channels) and they themselves set."""

    council: CouncilQuiet
    channel: Quiet | None
    person: Quiet
    may_change_council: bool


@dataclass(frozen=True)
class Set:
    """One line of the history: who changed what, when."""

    who: str
    at: dt.datetime
    change: Change


def settings_message(holds: Holds, councils: Mapping[str, Council], *, today: dt.date) -> Message:
    """What holds now, and a button for each thing that the reader may change."""
    own = [button("Change mine", "checkpoint_quiet_mine", "mine", label="Change mine: my leave and my messages")]
    parts: list[tuple[str, str, list[ButtonElement]]] = []
    if holds.channel is not None:
        change = button("Change this channel", "checkpoint_quiet_here", "here")
        parts.append(("This channel", quiet_words(holds.channel, holds.council, today=today, person=False), [change]))
    parts.append(("You", quiet_words(holds.person, holds.council, today=today, person=True), own))
    all_of_us = [button("Change for everybody", "checkpoint_quiet_all", "all")] if holds.may_change_council else []
    parts.append(("Everybody", council_words(holds.council, councils, today=today), all_of_us))
    blocks: list[Block] = [header("Quiet times")]
    for name, words, buttons in parts:
        blocks.append(section(f"*{name}*\n{words}"))
        blocks += [actions(f"quiet:{name}", buttons)] if buttons else []
    blocks.append(context("What changes here is planned again: `/checkpoint plan` shows what will be sent, and when."))
    lines = [f"{name}. {words}" for name, words, _ in parts]
    return message(cut("\n".join(["Quiet times.", *lines]), _LONGEST_TEXT), blocks)


def channel_form(quiet: Quiet, history: Sequence[Set], *, metadata: str) -> View:
    """Days off of a channel, and whether it wants messages at all."""
    out = "No messages that Advisor starts in this channel"
    hint = "What is due then goes directly to the person whom it asks. Nothing is lost."
    days = text_field(
        "days_off", "Days off", value=days_off_words(quiet.days_off), optional=True, multiline=True, hint=_DAYS_HINT
    )
    blocks: list[Block | Payload] = [days, *_place_fields(quiet, out, hint), *_history(history)]
    return modal(
        "Quiet in this channel", blocks, callback_id=CHANNEL_CALLBACK, private_metadata=metadata, submit="Save",
        close="Cancel",
    )  # fmt: skip


def person_form(quiet: Quiet, history: Sequence[Set], *, metadata: str) -> View:
    """A person's leave, their budget, and whether they want direct messages."""
    out = "No direct messages that Advisor starts"
    hint = (
        "What is due then goes to the owner or the sponsor of the service. In channels you are still named where "
        "something is yours to do."
    )
    days = text_field(
        "days_off", "Days on which you are away", value=days_off_words(quiet.days_off), optional=True, multiline=True,
        hint=f"{_DAYS_HINT} Up to {LONGEST_WAIT_DAYS} days on end also move what names you in a channel.",
    )  # fmt: skip
    blocks: list[Block | Payload] = [days, *_place_fields(quiet, out, hint), *_history(history)]
    return modal(
        "My quiet times", blocks, callback_id=PERSON_CALLBACK, private_metadata=metadata, submit="Save", close="Cancel"
    )


def council_form(
    own: CouncilQuiet, councils: Sequence[Council], history: Sequence[Set], *, metadata: str, today: dt.date
) -> View:
    """Office hours, budgets, and pre-election periods; *councils* are those of the services here."""
    coming = in_force(own.calm, today=today)[:MOST_CALM]
    names = {council.code: council for council in councils}
    kept = [(calm_key(one), f"{one.name}: {period_words(one)}") for one in coming]
    blocks: list[Block | Payload] = [
        time_field("opens_at", "The office opens", value=own.opens_at),
        time_field("closes_at", "The office closes", value=own.closes_at),
        time_field("sends_at", "Messages usually come at", value=own.sends_at),
        choice_field("channel_a_week", "Most messages a week to a channel", _numbers(), value=str(own.channel_a_week)),
        choice_field(
            "person_a_week", "Most messages a week that name a person", _numbers(), value=str(own.person_a_week)
        ),
        header("Pre-election periods"),
    ]
    if kept:
        keys = [key for key, _ in kept]
        blocks.append(boxes_field("kept", "Those that hold", kept, values=keys, hint="Untick one to take it out."))
    people = [("", "Everybody"), *NATION_NAMES.items(), *((one.code, one.name) for one in names.values())]
    choices = [(value or "everybody", text) for value, text in people]
    blocks += [
        text_field(
            "calm.name", "A new one: what is it?", optional=True, most=LONGEST_NAME, hint="Such as local elections."
        ),
        date_field("calm.first_on", "From", optional=True),
        date_field("calm.last_on", "To", optional=True, hint="Both days are quiet too."),
        choice_field("calm.applies_to", "For whom", choices, value="everybody", optional=True),
        _meant(),
        *_history(history),
    ]
    return modal(
        "Quiet for everybody", blocks, callback_id=COUNCIL_CALLBACK, private_metadata=metadata, submit="Save",
        close="Cancel",
    )  # fmt: skip


def calm_key(calm: CalmPeriod) -> str:
    """What stands for a calm period in the form."""
    return f"{calm.first_on.isoformat()}|{calm.last_on.isoformat()}|{calm.applies_to}"


def quiet_words(quiet: Quiet, own: CouncilQuiet, *, today: dt.date, person: bool) -> str:
    """What a channel or person has set, in mrkdwn."""
    usual = own.person_a_week if person else own.channel_a_week
    lines = [f"At most {quiet.a_week or usual} messages a week."]
    if quiet.opted_out:
        lines = ["No direct messages." if person else "No messages in the channel: they go to people directly."]
    if quiet.weekdays_off:
        lines.append(f"Never on a {' or '.join(WEEKDAYS[day] for day in quiet.weekdays_off)}.")
    if coming := in_force(quiet.days_off, today=today):
        lines.append(f"{'Away' if person else 'Days off'}: {escape('; '.join(days_off_words(coming).splitlines()))}.")
    return " ".join(lines)


def council_words(own: CouncilQuiet, councils: Mapping[str, Council], *, today: dt.date) -> str:
    """What the council has set, in mrkdwn."""
    lines = [
        f"From {own.opens_at:%H:%M} to {own.closes_at:%H:%M} on working days, usually at {own.sends_at:%H:%M}. At most "
        f"{own.channel_a_week} messages a week to a channel, {own.person_a_week} that name a person."
    ]
    lines += [f"• {escape(calm_words(one, councils))}" for one in in_force(own.calm, today=today)[:MOST_CALM]]
    return "\n".join(lines)


def calm_words(calm: CalmPeriod, councils: Mapping[str, Council]) -> str:
    """A pre-election period in plain text."""
    return f"{calm.name}: nothing is sent from {in_words(calm.first_on)} to {in_words(calm.last_on)}, for " + (
        f"{applies_words(calm.applies_to, councils)}."
    )


def effect_lines(
    channel: Quiet,
    calm: Sequence[CalmPeriod],
    people: Mapping[str, Quiet],
    councils: Mapping[str, Council],
    *,
    today: dt.date,
) -> list[str]:
    """Why a plan looks as it does: what is quiet in its channel, its council and for its people, in mrkdwn."""
    lines = ["This channel wants no messages: they go to people directly."] if channel.opted_out else []
    if coming := in_force(channel.days_off, today=today):
        lines.append(f"Days off of this channel: {escape('; '.join(days_off_words(coming).splitlines()))}.")
    if channel.weekdays_off:
        lines.append(f"Never here on a {' or '.join(WEEKDAYS[day] for day in channel.weekdays_off)}.")
    lines += [escape(calm_words(one, councils)) for one in in_force(calm, today=today)]
    for person, quiet in people.items():
        away = [period_words(one) for one in in_force(quiet.days_off, today=today)]
        lines += [f"{mention(person)} is away {'; '.join(away)}."] if away else []
    return lines  # fmt: skip


def changed_words(changes: Sequence[Change], *, by: str, where: str) -> str:
    """That somebody has changed what holds in a channel, in mrkdwn."""
    said = "; ".join(_change(one) for one in changes)
    return f"{mention(by)} has changed the quiet times of {where}: {said}. What will be sent is planned again."


def _place_fields(quiet: Quiet, out: str, out_hint: str) -> list[Payload]:
    weekdays = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
    budget = [(AS_COUNCIL, "As the council says"), *_numbers()]
    chosen = [str(day) for day in quiet.weekdays_off]
    return [
        boxes_field("weekdays_off", "Never on a", weekdays, values=chosen),
        choice_field("a_week", "Most messages a week", budget, value=str(quiet.a_week or AS_COUNCIL), optional=True),
        boxes_field(
            "opted_out", "None at all", [("yes", out)], values=["yes"] if quiet.opted_out else [], hint=out_hint
        ),
        _meant(),
    ]


def _meant() -> Payload:
    words = f"It is meant to be longer than {ASK_FROM_DAYS} days"
    return boxes_field("meant", "Long times", [("yes", words)])


def _history(history: Sequence[Set]) -> list[Block]:
    lines = [f"{in_words(one.at.date())}, {mention(one.who)}: {_change(one.change)}" for one in reversed(history[-5:])]
    return [context("Changed last:\n" + "\n".join(lines))] if lines else []


def _change(one: Change) -> str:
    before, after = (escape(cut(text.replace("\n", "; "), 200)) or "nothing" for text in (one.before, one.after))
    return f"{_FIELDS.get(one.field, one.field)} from {before} to {after}"


def _numbers() -> list[tuple[str, str]]:
    return [(str(number), str(number)) for number in range(1, MOST_A_WEEK + 1)]
