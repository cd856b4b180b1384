"""The plan of a workspace: what will be sent, what was sent and what it led to, and who asked for quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, or_, select, update

from bot.checkpoints.notifications import Planned, Sent, Snooze, Subject, replanned
from bot.storage.awaited import AWAITED
from bot.storage.bodies import planned_body, read_planned
from bot.storage.checkpoint_tables import notifications, places, snoozes
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update
from bot.storage.waiting import WAITING, lock_places, refresh_places

NotificationState = Literal["planned", "posting", "posted", "collapsed", "withdrawn"]


@dataclass(frozen=True)
class Kept:
    """A notification as it is kept; ``settled_at`` is when it was posted, collapsed or withdrawn."""

    planned: Planned
    state: NotificationState
    settled_at: datetime | None
    why: str
    led_to: str


@dataclass(frozen=True)
class PostedBatch:
    """One message that the bot started: where it stands, and everything in it, by time."""

    batch: str
    channel_id: str
    message_ts: str
    items: tuple[Planned, ...]


@dataclass(frozen=True)
class GonePlace:
    """A channel in which the bot cannot write any more, and Slack's word for why."""

    place_id: str
    why: str


@dataclass(frozen=True)
class Doubted:
    """A place in which a message about a service may stand twice, and when it was posted again last."""

    place_id: str
    service_id: str
    at: datetime


class Plans:
    """The notifications of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def replan(self, service_id: str, plan: Sequence[Planned], *, at: datetime) -> None:
        """
        Make *plan* all that is still to be sent about a service. What was sent or is being sent stays as it is.

        Raises: ValueError: *at* has no time zone.
        """
        mine = notifications.c.service_id == service_id
        there = {row["place_id"] for row in self._rows(mine)}
        lock_places(self._connection, self._workspace, there | {_row(one)["place_id"] for one in plan})
        rows = {row["key"]: row for row in self._rows(mine)}
        waiting = [read_planned(row["body"]) for row in rows.values() if row["state"] == "planned"]
        change = replanned(waiting, [one for one in plan if rows.get(one.key, _NEW)["state"] in _OPEN])
        touched: set[str] = {rows[key]["place_id"] for key in change.remove}
        for key in change.remove:
            self._withdraw(key, rows[key]["subject"], at=at)
        for one in (*change.add, *change.change):
            row = _row(one)
            touched |= {row["place_id"], rows.get(one.key, row)["place_id"]}
            insert_or_update(self._connection, notifications, row, only_if=notifications.c.state.in_(_OPEN))
        refresh_places(self._connection, self._workspace, touched)

    def of_service(self, service_id: str) -> list[Kept]:
        """Everything planned for a service and what became of it, by time."""
        return self._kept(notifications.c.service_id == service_id)

    def waiting(self, subject: Subject) -> set[str]:
        """The services about which something of a kind is still to be sent."""
        asked = select(notifications.c.service_id).where(
            notifications.c.workspace_id == self._workspace,
            notifications.c.subject == subject,
            notifications.c.state.in_(WAITING),
        )
        return set(self._connection.execute(asked.distinct()).scalars())

    def posted_in(self, channel_id: str) -> list[Kept]:
        """What was posted in a channel, by time."""
        return self._kept(notifications.c.channel_id == channel_id, notifications.c.state == "posted")

    def sent(self, service_id: str) -> list[Sent]:
        """What was sent about a service, the oldest first."""
        return [
            sent_of(row) for row in self._rows(notifications.c.service_id == service_id) if row["state"] == "posted"
        ]

    def newest_about(self, subject: Subject, subject_id: str) -> PostedBatch | None:
        """The newest message in a channel that is about a subject, or None."""
        about = notifications.c.subject == subject, notifications.c.subject_id == subject_id
        in_channel = notifications.c.place_id == notifications.c.channel_id
        found = self._rows(*about, in_channel, notifications.c.state == "posted")
        if not found:
            return None
        newest = max(found, key=lambda row: row["settled_at"])
        whole = self._rows(notifications.c.batch == newest["batch"], notifications.c.state == "posted")
        items = tuple(read_planned(row["body"]) for row in whole)
        return PostedBatch(newest["batch"], newest["channel_id"], newest["message_ts"], items)

    def sent_around(self, place_id: str, due: Sequence[Planned], *, since: datetime) -> list[Sent]:
        """
        What was sent since then to a place, to the people named in *due*, or about its subjects; without recalls, which
        stand in threads that people began, and what people asked to be told: they take nothing of a budget.
        """
        people, subjects = {one.owner_id for one in due}, {one.subject_id for one in due}
        about = {"workspace": self._workspace, "place": place_id, "since": utc(since)}
        asked = {**about, "people": sorted(people), "subjects": sorted(subjects)}
        return [sent_of(row) for row in self._connection.execute(_SENT_AROUND, asked).mappings()]

    def led_to(self, subject: Subject, subject_id: str, what: str) -> None:
        """Note on what was sent about a subject that somebody reacted."""
        reacted = update(notifications).where(
            notifications.c.workspace_id == self._workspace,
            notifications.c.subject == subject,
            notifications.c.subject_id == subject_id,
            notifications.c.state == "posted",
            notifications.c.led_to == "",
        )
        self._connection.execute(reacted.values(led_to=what))

    def snooze(self, snooze: Snooze) -> None:
        """Keep that nothing is to be said about a subject before a day; a later word replaces an earlier one."""
        row = {
            "workspace_id": self._workspace,
            "subject": snooze.subject,
            "subject_id": snooze.subject_id,
            "until": snooze.until,
            "who": snooze.by,
            "made_at": snooze.at,
        }
        insert_or_update(self._connection, snoozes, row, only_if=snoozes.c.subject.is_not(None))

    def end_snooze(self, subject: Subject, subject_id: str) -> None:
        """Take the quiet about a subject back."""
        self._connection.execute(
            delete(snoozes).where(
                snoozes.c.workspace_id == self._workspace,
                snoozes.c.subject == subject,
                snoozes.c.subject_id == subject_id,
            )
        )

    def snoozes(self) -> dict[tuple[str, str], Snooze]:
        """Every snooze by subject and its id."""
        asked = select(snoozes).where(snoozes.c.workspace_id == self._workspace)
        return {
            (row["subject"], row["subject_id"]): Snooze(
                row["subject"], row["subject_id"], row["until"], row["who"], row["made_at"]
            )
            for row in self._connection.execute(asked).mappings()
        }

    def gone_places(self) -> list[GonePlace]:
        """The channels in which the bot cannot write any more."""
        asked = select(places.c.place_id, places.c.gone_why).where(
            places.c.workspace_id == self._workspace, places.c.gone_why != ""
        )
        return [GonePlace(*row) for row in self._connection.execute(asked.order_by(places.c.place_id))]

    def went_away(self, place_id: str, why: str) -> None:
        """The bot cannot write in a channel any more, as Slack has told us before anything was due there."""
        lock_places(self._connection, self._workspace, [place_id])
        here = places.c.workspace_id == self._workspace, places.c.place_id == place_id
        self._connection.execute(update(places).where(*here, places.c.gone_why == "").values(gone_why=why))

    def came_back(self, place_id: str) -> None:
        """The bot can write in a channel again."""
        here = places.c.workspace_id == self._workspace, places.c.place_id == place_id
        self._connection.execute(update(places).where(*here).values(gone_why="", told=False))

    def doubted(self, *, since: datetime) -> list[Doubted]:
        """The messages since then of which nobody knows whether they stand in Slack twice, the latest first."""
        asked = (
            select(notifications.c.place_id, notifications.c.service_id, func.max(notifications.c.doubted_at))
            .where(notifications.c.workspace_id == self._workspace, notifications.c.doubted_at >= utc(since))
            .group_by(notifications.c.place_id, notifications.c.service_id)
            .order_by(func.max(notifications.c.doubted_at).desc(), notifications.c.place_id)
        )
        return [Doubted(*row) for row in self._connection.execute(asked)]

    def _withdraw(self, key: str, subject: str, *, at: datetime) -> None:
        """
        Take a notification out of the plan, unless a clock has begun to post it since it was read. Of what somebody
        waited for nothing is kept.
        """
        here = notifications.c.workspace_id == self._workspace, notifications.c.key == key
        if subject == AWAITED:
            self._connection.execute(delete(notifications).where(*here, notifications.c.state == "planned"))
            return
        change = update(notifications).where(*here, notifications.c.state == "planned")
        self._connection.execute(change.values(state="withdrawn", settled_at=utc(at), why="Planned again."))

    def _rows(self, *conditions: ColumnElement[bool]) -> list[Any]:
        asked = select(notifications).where(notifications.c.workspace_id == self._workspace, *conditions)
        return list(self._connection.execute(asked.order_by(notifications.c.send_at, notifications.c.key)).mappings())

    def _kept(self, *conditions: ColumnElement[bool]) -> list[Kept]:
        return [
            Kept(read_planned(row["body"]), row["state"], row["settled_at"], row["why"], row["led_to"])
            for row in self._rows(*conditions)
        ]


_OPEN = ("planned", "withdrawn")
_NEW = {"state": "planned"}
_OF_SENT = tuple(
    notifications.c[name]
    for name in ("key", "subject", "subject_id", "channel_id", "place_id", "owner_id", "settled_at", "led_to")
)
_SENT_AROUND = (
    select(*_OF_SENT)
    .where(notifications.c.workspace_id == bindparam("workspace"), notifications.c.settled_at >= bindparam("since"))
    .where(notifications.c.state == "posted", notifications.c.subject.not_in(("recall", AWAITED)))
    .where(
        or_(
            notifications.c.place_id == bindparam("place"),
            notifications.c.owner_id.in_(bindparam("people", expanding=True)),
            notifications.c.subject_id.in_(bindparam("subjects", expanding=True)),
        )
    )
)


def sent_of(row: Any) -> Sent:
    """A posted row as the rules see it: where it really went."""
    channel = row["channel_id"] if row["place_id"] == row["channel_id"] else ""
    subject = cast("Subject", row["subject"])
    assert subject in get_args(Subject)
    return Sent(row["key"], subject, row["subject_id"], channel, row["owner_id"], row["settled_at"], row["led_to"])


def _row(one: Planned) -> dict[str, Any]:
    return {
        "workspace_id": one.workspace_id,
        "key": one.key,
        "service_id": one.service_id,
        "place_id": one.channel_id or one.owner_id,
        "owner_id": one.owner_id,
        "subject": one.subject,
        "subject_id": one.subject_id,
        "send_at": one.send_at,
        "body": planned_body(one),
        "state": "planned",
        "batch": "",
        "settled_at": None,
        "channel_id": "",
        "message_ts": "",
        "why": "",
        "led_to": "",
    }
