"""Where a team stands: the list of a channel, one checkpoint with its button, and what is said of what happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.checkpoint import Action, Checkpoint
from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.progress import progress
from bot.checkpoints.radar import Radar
from bot.checkpoints.services import Service
from bot.rendering.blocks import actions, button, context, header, section
from bot.rendering.checkpoint_words import ENDED, counts_line, moment_words, state_line, title_of
from bot.rendering.fields import mention
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape

_MOST_CHECKPOINTS = 12
_LONGEST_TEXT = 3900


def standing_message(
    services: Sequence[Service],
    checkpoints: Mapping[str, Sequence[Checkpoint]],
    *,
    today: dt.date,
    radars: Mapping[str, Radar] | None = None,
    notes: Mapping[str, int] | None = None,
) -> Message:
    """Where the services of a channel stand, with the count of panel *notes* by checkpoint; without, how to start."""
    if not services:
        text = "No service works in this channel yet. Start one, and its checkpoints are asked at the right time."
        start = actions("standing", [button("Start a service", "checkpoint_start", "start", primary=True)])
        return message(text, [section(text), start])
    blocks: list[Block] = []
    lines: list[str] = []
    for service in services[:4]:
        found = [one for one in checkpoints.get(service.id, ()) if one.state != "cancelled"]
        blocks += [header(service.name), context(_about(service)), *_rows(service, found, today, notes or {})]
        on = f", runs on {escape(service.system)}" if service.system else ""
        lines.append(f"{escape(service.name)}, {service.phase}{on}.")
        lines += [
            f"{title_of(one)}: {state_line(one, service, today=today)}{_noted(one, notes or {})}" for one in found
        ]
        if not found:
            lines.append("No checkpoint is planned.")
        if radars and service.id in radars:
            blocks.append(context(f"Contract: {escape(radars[service.id].headline)}"))
            lines.append(f"Contract: {radars[service.id].headline}")
        blocks.append(actions(f"service:{service.id}", _service_buttons(service)))
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks[:50])


def started_message(service: Service, *, by: str) -> Message:
    """A service begins in a channel: said to all, with what comes next."""
    text = (
        f"{mention(by)} has started {escape(service.name)} here ({service.phase}). Owner: {mention(service.owner_id)}. "
        f"Sponsor, who signs: {mention(service.sponsor_id)}."
    )
    buttons = [button("Plan a checkpoint", "checkpoint_plan_one", service.id, primary=True)]
    buttons.append(button("Who else has this?", "reuse_open", service.id))
    buttons.append(button("Change the service", "checkpoint_edit", service.id))
    return message(text, [section(text), actions(f"service:{service.id}", buttons)])


def came_here_message(service: Service, *, by: str) -> Message:
    """A service works in this channel from now on."""
    text = (
        f"{mention(by)} has brought {escape(service.name)} here: its checkpoints are asked in this channel from now on."
    )
    return message(text, [section(text)])


def ended_message(ended: Sequence[Checkpoint], service: Service) -> Message:
    """A service is retired, and what it is therefore not asked any more."""
    names = ", ".join(title_of(one) for one in ended)
    text = f"{escape(service.name)} is retired, so this is asked no more: {escape(names)}. What was answered stays."
    return message(text, [section(text)])


def opened_message(checkpoint: Checkpoint, service: Service, *, today: dt.date) -> Message:
    """A checkpoint is planned or under way: where it stands, and one button."""
    line = state_line(checkpoint, service, today=today)
    text = f"{title_of(checkpoint)} of {escape(service.name)}: {line}"
    blocks = [section(f"*{escape(title_of(checkpoint))}* of {escape(service.name)}\n{line}")]
    go = button("Continue", "checkpoint_walk", checkpoint.id, primary=True, label=f"Continue {title_of(checkpoint)}")
    if checkpoint.state in ENDED or checkpoint.state == "submitted":
        return message(text, blocks)
    blind = button("Rate it blind first", "checkpoint_blind", checkpoint.id, label=f"Rate {title_of(checkpoint)} blind")
    return message(text, [*blocks, actions(f"checkpoint:{checkpoint.id}", [go, blind])])


def submitted_message(checkpoint: Checkpoint, service: Service, *, note: str) -> Message:
    """The team has handed in: the sponsor is named, and one button."""
    said = counts_line(progress(checkpoint, service))
    text = (
        f"{mention(checkpoint.submitted_by)} has handed in {title_of(checkpoint)} of {escape(service.name)}. {said}. "
        f"{mention(service.sponsor_id)} decides."
    )
    blocks: list[Block] = [section(text)]
    if note:
        blocks.append(section(f"Note: {escape(note)}"))
    decide = button("Decide", "checkpoint_sign", checkpoint.id, primary=True)
    back = button("Take it back", "checkpoint_take_back", checkpoint.id)
    blocks.append(actions(f"submitted:{checkpoint.id}", [decide, back]))
    return message(text, blocks)


def moved_message(checkpoint: Checkpoint, service: Service, *, by: str, today: dt.date) -> Message:
    """A checkpoint has another date."""
    far = how_far(checkpoint.due_on, today=today)
    text = (
        f"{mention(by)} has moved {title_of(checkpoint)} of {escape(service.name)} to {in_words(checkpoint.due_on)} "
        f"({far})."
    )
    return message(text, [section(text)])


def action_done_message(action: Action, *, by: str) -> Message:
    """A condition is met."""
    text = f"Done, says {mention(by)}: {escape(action.what)}"
    return message(text, [section(text)])


def cannot_reach(user_id: str) -> Message:
    """Somebody cannot be told directly: who named them learns it."""
    text = (
        f"Advisor cannot write to {mention(user_id)} directly: the account may be closed, or be an app. Name somebody "
        "else, or tell them yourself."
    )
    return message(text, [section(text)])


def words_message(text: str) -> Message:
    """A few words and nothing else."""
    return message(text, [section(text)])


def gone_words(channel_id: str, why: str, services: Sequence[Service]) -> str:
    """A channel in which Advisor cannot write, in plain text: which services it is of, and Slack's word for why."""
    return f"{', '.join(one.name for one in services)} (channel {channel_id}: {why})"


def unreachable_words(person_id: str, why: str) -> str:
    """A person whom Advisor cannot tell anything directly, in plain text."""
    return f"person {person_id}: {why}"


def doubted_words(doubted: Sequence[tuple[str, dt.datetime]], *, days: int) -> str:
    """Where a message may have come twice in the last days, in plain text, and what mends it."""
    where = "; ".join(f"{place_id} on {moment_words(at)}" for place_id, at in doubted)
    return (
        f"{where} (in the last {days} days). Advisor could not look whether it was there: grant channels:history and "
        "groups:history, and invite it to the channel."
    )


def checkpoint_help() -> Message:
    """What ``/checkpoint`` can do."""
    rows = (
        ("/checkpoint", "where the team of this channel stands"),
        ("/checkpoint start", "start a service in this channel"),
        ("/checkpoint plan", "everything that will be sent, when and to whom"),
        ("/checkpoint nudges", "what was sent, and what it led to"),
        ("/checkpoint settings", "quiet times: days off, leave, office hours, how much a week"),
        ("/checkpoint receipt CODE", "a decision as it was signed"),
    )
    listed = "\n".join(f"• `{name}` {what}" for name, what in rows)
    text = "Checkpoints. " + "; ".join(f"{name}: {what}" for name, what in rows) + "."
    return message(text, [header("Checkpoints"), section(listed)])


def _about(service: Service) -> str:
    system = f" · runs on {escape(service.system)}" if service.system else ""
    return (
        f"{service.phase.capitalize()} · {service.route}{system} · owner {mention(service.owner_id)} · sponsor "
        f"{mention(service.sponsor_id)}"
    )


def _noted(checkpoint: Checkpoint, notes: Mapping[str, int]) -> str:
    count = notes.get(checkpoint.id, 0)
    return f" {count} {'note' if count == 1 else 'notes'} of the panel." if count else ""


def _rows(service: Service, checkpoints: Sequence[Checkpoint], today: dt.date, notes: Mapping[str, int]) -> list[Block]:
    rows: list[Block] = []
    for one in checkpoints[:_MOST_CHECKPOINTS]:
        text = f"*{escape(title_of(one))}*\n{state_line(one, service, today=today)}{_noted(one, notes)}"
        rows.append(section(text, button=_row_button(one), block_id=f"row:{one.id}"))
    return rows or [section("No checkpoint is planned.")]


def _row_button(one: Checkpoint) -> ButtonElement | None:
    name = title_of(one)
    if one.state == "submitted":
        return button("Decide", "checkpoint_sign", one.id, label=f"Decide {name}")
    if one.state in ENDED:
        return button("Show receipt", "checkpoint_receipt", one.id, label=name) if one.decision else None
    return button("Continue", "checkpoint_walk", one.id, primary=True, label=f"Continue {name}")


def _service_buttons(service: Service) -> list[ButtonElement]:
    return [
        button("Plan a checkpoint", "checkpoint_plan_one", service.id, label=f"Plan a checkpoint of {service.name}"),
        button("Change the service", "checkpoint_edit", service.id, label=service.name),
    ]
