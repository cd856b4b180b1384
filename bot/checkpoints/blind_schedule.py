"""What is sent about a blind round: one private reminder to each person who is not in, and its end to the channel."""

from __future__ import annotations

import datetime as dt
from typing import Final

from bot.checkpoints.blind import Round, waiting_for
from bot.checkpoints.calendar import WorkCalendar, next_moment, sending_moment, working_day_until
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.notifications import Ask, Planned
from bot.checkpoints.schedule import Known
from bot.checkpoints.services import Service

REMIND_DAYS: Final = (2, 1, 0)
"""Days before the last one on which to remind; the first of them that is still to come is taken."""


def person_subject(one: Round, person_id: str) -> str:
    """The subject id of a person's part in a round."""
    return f"{one.id}-{person_id}"


def round_id_of(planned: Planned) -> str:
    """The id of the round that a notification is about."""
    return planned.subject_id.partition("-")[0]


def plan_reminder(
    one: Round, person_id: str, checkpoint: Checkpoint, service: Service, calendar: WorkCalendar, *,
    at: dt.datetime, known: Known,
) -> list[Planned]:  # fmt: skip
    """The one reminder of a person who is not in; nothing where it was sent, or where it is too late for one."""
    if person_id not in waiting_for(one) or one.state != "open" or checkpoint.state not in ANSWERABLE:
        return []
    key = _key(one, service, person_subject(one, person_id), "reminder")
    if any(sent.key == key for sent in known.sent):
        return []
    if stored := [planned for planned in known.stored if planned.key == key]:
        return stored
    days = (working_day_until(calendar, one.last_day - dt.timedelta(days=count)) for count in REMIND_DAYS)
    moments = [moment for day in days if at < (moment := sending_moment(calendar, day)) < one.closes_at]
    return [_planned(one, service, key, person_id, "", "rate the points", moments[0])] if moments else []


def plan_end(
    one: Round, checkpoint: Checkpoint, service: Service, calendar: WorkCalendar, *, known: Known
) -> list[Planned]:
    """The word to the channel that a round is over, where nobody of the team has closed it and so told it already."""
    over_at = one.closed_at or one.closes_at
    if one.told or one.state == "called off" or checkpoint.state not in ANSWERABLE:
        return []
    key = _key(one, service, one.id, "end")
    if any(sent.key == key for sent in known.sent):
        return []
    ask: Ask = "open another round" if one.state == "closed" and not one.result else "talk about the ratings"
    moment = next_moment(calendar, after=over_at)
    return [_planned(one, service, key, service.owner_id, service.channel_id, ask, moment)]


def _key(one: Round, service: Service, subject_id: str, rung: str) -> str:
    return f"{service.id}/blind/{subject_id}/{one.last_day.isoformat()}/{rung}"


def _planned(
    one: Round, service: Service, key: str, owner_id: str, channel_id: str, ask: Ask, send_at: dt.datetime
) -> Planned:
    return Planned(
        key=key,
        workspace_id=service.workspace_id,
        service_id=service.id,
        subject="blind",
        subject_id=key.split("/")[2],
        rung=key.rsplit("/", 1)[-1],
        ask=ask,
        owner_id=owner_id,
        channel_id=channel_id,
        about_on=one.last_day,
        send_at=send_at,
    )
