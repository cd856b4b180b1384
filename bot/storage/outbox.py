"""The outbox: what is due in any workspace, taken by one clock at a time, and what became of it.

A clock claims whole places (a channel, a person) for the length of a lease. Before it posts it writes down that it
will, under the name of a batch that the message carries; after it has posted, that it has. Whoever finds a batch that
was begun and not finished looks for the message in Slack before anything is posted again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, bindparam, delete, or_, select, tuple_, update

from bot.checkpoints.dispatch import Collapsed
from bot.checkpoints.notifications import Planned
from bot.storage.awaited import AWAITED, settle_told
from bot.storage.bodies import planned_body, read_planned
from bot.storage.checkpoint_tables import budget_slots, notifications, places, quiet_times
from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_all_once
from bot.storage.switch import is_on
from bot.storage.waiting import lock_places, next_moment_of, refresh_places

_TOKEN_BYTES = 9

# What is asked for each message is put together once: that costs more than running it.
_HERE = notifications.c.workspace_id == bindparam("workspace"), notifications.c.place_id == bindparam("place")
_THIS_PLACE = places.c.workspace_id == bindparam("workspace"), places.c.place_id == bindparam("place")
_DUE = (
    select(notifications)
    .where(*_HERE, notifications.c.state.in_(("planned", "posting")))
    .where(notifications.c.send_at <= bindparam("moment"))
    .order_by(notifications.c.send_at, notifications.c.key)
)
_HOLDER = select(places.c.claimed_by, places.c.lease_until).where(*_THIS_PLACE).with_for_update()
_BEGIN = (
    update(notifications)
    .where(*_HERE, notifications.c.key.in_(bindparam("named", expanding=True)), notifications.c.state == "planned")
    .values(state="posting", batch=bindparam("new_batch"), settled_at=bindparam("moment"))
)
_RECORD = (
    update(notifications)
    .where(*_HERE, notifications.c.state == "posting", notifications.c.batch == bindparam("of_batch"))
    .values(state="posted", settled_at=bindparam("moment"), channel_id=bindparam("in_channel"))
    .values(message_ts=bindparam("ts"), why="")
    .returning(notifications.c.subject, notifications.c.subject_id)
)
_LET_GO = (
    update(places)
    .where(*_THIS_PLACE, places.c.claimed_by == bindparam("token"))
    .values(claimed_by="", lease_until=None, next_due_at=bindparam("moment"))
)


@dataclass(frozen=True)
class Claim:
    """A place that one clock has until its lease ends."""

    workspace_id: str
    place_id: str
    token: str
    lease_until: datetime
    gone_why: str


@dataclass(frozen=True)
class Begun:
    """A batch that was begun and not finished: its message may be in Slack or not."""

    batch: str
    begun_at: datetime
    items: tuple[Planned, ...]

    @property
    def thread_ts(self) -> str:
        """The thread in which the message stands; empty where it stands in none."""
        return self.items[0].thread_ts


@dataclass(frozen=True)
class Due:
    """What is due in a claimed place; ``notes`` says by key what the reader should know (it was redirected)."""

    waiting: tuple[Planned, ...]
    begun: tuple[Begun, ...]
    notes: Mapping[str, str]


class Outbox:
    """What every clock works from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_due(self, *, at: datetime, lease: timedelta, most: int = 20) -> list[Claim]:
        """
        Take up to *most* places in which something is due, those waiting longest first; no other clock gets them
        before the lease ends. A workspace that is switched off has nothing due.

        Raises: ValueError: *at* has no time zone.
        """
        moment = utc(at)
        free = or_(places.c.lease_until.is_(None), places.c.lease_until <= moment)
        due = (
            select(places.c.workspace_id, places.c.place_id)
            .where(places.c.next_due_at <= moment, free, is_on(places.c.workspace_id))
            .order_by(places.c.next_due_at, places.c.place_id)
        )
        mine = due.limit(most).with_for_update(skip_locked=True)  # where the database can; SQLite has one writer anyway
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        taken = (
            update(places)
            .where(tuple_(places.c.workspace_id, places.c.place_id).in_(mine))
            .values(claimed_by=token, lease_until=moment + lease)
            .returning(*places.c)
        )
        with self._database.reading() as connection:
            # A look costs less than the lock that writing takes, and most of the time nothing is due.
            if connection.execute(due.limit(1)).first() is None:
                return []
        with self._database.writing() as connection:
            rows = list(connection.execute(taken).mappings())
        return [_claim(row) for row in sorted(rows, key=lambda row: (row["next_due_at"], row["place_id"]))]

    def due(self, claim: Claim, *, at: datetime) -> Due:
        """What is due in a claimed place: what waits, and what was begun before."""
        with self._database.reading() as connection:
            rows = list(connection.execute(_DUE, {**_here(claim), "moment": utc(at)}).mappings())
        waiting = tuple(read_planned(row["body"]) for row in rows if row["state"] == "planned")
        batches = sorted({row["batch"] for row in rows if row["state"] == "posting"})
        begun = tuple(_begun(batch, [row for row in rows if row["batch"] == batch]) for batch in batches)
        return Due(waiting, begun, {row["key"]: row["why"] for row in rows if row["why"]})

    def begin(self, claim: Claim, batch: str, items: Sequence[Planned], slots: Sequence[str], *, at: datetime) -> bool:
        """
        Write down that a message with these items is about to be posted.

        Returns: False where it must not be: the place is not ours any more, or somebody else has just taken a part of
        the budget. Nothing is changed then.
        """
        with self._database.writing() as connection:
            if not _still_ours(connection, claim, at) or not _take_slots(connection, claim, batch, slots):
                connection.rollback()
                return False
            keys = [one.key for one in items]
            begun = {**_here(claim), "named": keys, "new_batch": batch, "moment": utc(at)}
            changed = connection.execute(_BEGIN, begun)
            if changed.rowcount != len(items):
                connection.rollback()
                return False
            return True

    def record_posted(self, claim: Claim, batch: str, *, channel_id: str, message_ts: str, at: datetime) -> None:
        """
        The message of a batch stands in Slack: all its items are posted, once and for ever. Whoever waited for what is
        in it was told, and nothing is kept of that.
        """
        with self._in_place(claim) as connection:
            _record(connection, claim, batch, channel_id=channel_id, message_ts=message_ts, at=at)

    def finish(
        self, claim: Claim, batch: str, held: Mapping[str, datetime], *, channel_id: str, message_ts: str, at: datetime
    ) -> None:
        """As ``record_posted``, and in the same transaction as ``give_back``."""
        with self._in_place(claim) as connection:
            _record(connection, claim, batch, channel_id=channel_id, message_ts=message_ts, at=at)
            _let_go(connection, claim, held, None)

    def take_back(self, claim: Claim, batch: str, *, doubted_at: datetime | None = None) -> None:
        """
        The message of a batch is not in Slack: its items wait again, and what it took of the budgets is free. With
        *doubted_at* it may be there all the same, because nobody could look: that is kept, for people to see.
        """
        slots = budget_slots.c.workspace_id == claim.workspace_id, budget_slots.c.batch == batch
        free: dict[str, Any] = {"state": "planned", "batch": "", "settled_at": None}
        if doubted_at is not None:
            free["doubted_at"] = utc(doubted_at)
        with self._in_place(claim) as connection:
            connection.execute(_batch(claim, batch).values(**free))
            connection.execute(delete(budget_slots).where(*slots))

    def collapse(self, claim: Claim, collapsed: Iterable[Collapsed], *, at: datetime) -> None:
        """
        These will never be sent, and it is kept why. A digest with nothing to say leaves no row behind it, nor does
        what somebody waited for.
        """
        with self._in_place(claim) as connection:
            for one in collapsed:
                if one.planned.subject in ("digest", AWAITED):
                    here = *_in(claim), notifications.c.key == one.planned.key, notifications.c.state == "planned"
                    connection.execute(delete(notifications).where(*here))
                    continue
                change = _these(claim, [one.planned]).where(notifications.c.state == "planned")
                connection.execute(change.values(state="collapsed", settled_at=utc(at), why=one.why))

    def give_back(self, claim: Claim, held: Mapping[str, datetime], *, not_before: datetime | None = None) -> None:
        """
        Let go of a place. It is due again when its next notification is, with *held* ones (by key) counted from the end
        of their wait, and never before *not_before*. Where the lease has ended and somebody else has it, nothing is
        done.
        """
        with self._in_place(claim) as connection:  # what is planned at this moment is seen, or comes after us
            _let_go(connection, claim, held, not_before)

    def mark_gone(self, claim: Claim, why: str) -> None:
        """The bot cannot write in this place any more; *why* is Slack's word for it."""
        here = places.c.workspace_id == claim.workspace_id, places.c.place_id == claim.place_id
        with self._database.writing() as connection:
            connection.execute(update(places).where(*here).values(gone_why=why))

    def reachable(self, claim: Claim, people: Sequence[str]) -> list[str]:
        """Those of *people* whom the bot can tell something directly, in their order."""
        lost = select(places.c.place_id).where(
            places.c.workspace_id == claim.workspace_id, places.c.place_id.in_(people), places.c.gone_why != ""
        )
        out = select(quiet_times.c.place_id).where(
            quiet_times.c.workspace_id == claim.workspace_id,
            quiet_times.c.place_id.in_(people),
            quiet_times.c.opted_out.is_(True),
        )
        with self._database.reading() as connection:
            gone = set(connection.execute(lost.union(out)).scalars())
        return [person for person in people if person and person not in gone]

    def redirect(self, claim: Claim, items: Sequence[Planned], person_of: Mapping[str, str], note: str) -> None:
        """
        Send these to people directly instead (``person_of``: by key); the first of each one's carries *note*, once for
        as long as the place is gone.
        """
        with self._in_place(claim, *person_of.values()) as connection:
            first = not _told(connection, claim)
            noted: set[str] = set()
            for one in items:
                person = person_of[one.key]
                moved = replace(one, channel_id="", owner_id=person)
                why = note if first and person not in noted else ""
                noted.add(person)
                values = {"place_id": person, "owner_id": person, "body": planned_body(moved), "why": why}
                connection.execute(_these(claim, [one]).values(**values))
            refresh_places(connection, claim.workspace_id, {claim.place_id, *person_of.values()})

    @contextmanager
    def _in_place(self, claim: Claim, *others: str) -> Iterator[Connection]:
        """A transaction in which nobody else changes what is planned in a place, or in *others*."""
        with self._database.writing() as connection:
            if others:
                lock_places(connection, claim.workspace_id, (claim.place_id, *others))
            else:
                connection.execute(_HOLDER, _here(claim))
            yield connection


def _record(
    connection: Connection, claim: Claim, batch: str, *, channel_id: str, message_ts: str, at: datetime
) -> None:
    there = {"in_channel": channel_id, "ts": message_ts, "moment": utc(at)}
    posted = connection.execute(_RECORD, {**_here(claim), "of_batch": batch, **there})
    told = [row.subject_id for row in posted if row.subject == AWAITED]
    if told:
        settle_told(connection, claim.workspace_id, told)


def _let_go(connection: Connection, claim: Claim, held: Mapping[str, datetime], not_before: datetime | None) -> None:
    moment = next_moment_of(connection, claim.workspace_id, claim.place_id, held)
    if moment is not None and not_before is not None:
        moment = max(moment, not_before)
    connection.execute(_LET_GO, {**_here(claim), "token": claim.token, "moment": moment})


def _told(connection: Connection, claim: Claim) -> bool:
    """Whether it was said already that a place is gone; from now on it was."""
    here = places.c.workspace_id == claim.workspace_id, places.c.place_id == claim.place_id
    change = update(places).where(*here, places.c.told.is_(False)).values(told=True)
    return connection.execute(change).rowcount == 0


def _claim(row: Any) -> Claim:
    return Claim(row["workspace_id"], row["place_id"], row["claimed_by"], row["lease_until"], row["gone_why"])


def _begun(batch: str, rows: Sequence[Any]) -> Begun:
    return Begun(batch, min(row["settled_at"] for row in rows), tuple(read_planned(row["body"]) for row in rows))


def _here(claim: Claim) -> dict[str, Any]:
    return {"workspace": claim.workspace_id, "place": claim.place_id}


def _in(claim: Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return notifications.c.workspace_id == claim.workspace_id, notifications.c.place_id == claim.place_id


def _these(claim: Claim, items: Sequence[Planned]) -> Update:
    keys = [one.key for one in items]
    return update(notifications).where(*_in(claim), notifications.c.key.in_(keys))


def _batch(claim: Claim, batch: str) -> Update:
    return update(notifications).where(*_in(claim), notifications.c.state == "posting", notifications.c.batch == batch)


def _still_ours(connection: Connection, claim: Claim, at: datetime) -> bool:
    token, until = connection.execute(_HOLDER, _here(claim)).one()
    return bool(token == claim.token and until is not None and until > utc(at))


def _take_slots(connection: Connection, claim: Claim, batch: str, slots: Sequence[str]) -> bool:
    rows = [{"workspace_id": claim.workspace_id, "slot": slot, "batch": batch} for slot in slots]
    return not rows or insert_all_once(connection, budget_slots, rows) == len(rows)
