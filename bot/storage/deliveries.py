"""Deliveries that Slack has made already: each is worked on once, and none that was taken is lost."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, tuple_, update

from bot.errors import StorageError
from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_or_update_for
from bot.storage.sealing import Sealer
from bot.storage.tables import processed_deliveries

LEASE: Final = timedelta(seconds=30)
"""How long whoever took a delivery has for it. An answer takes far less than a second; whoever has not begun to post by
then may be dead, and somebody else takes over."""

POSTING_LEASE: Final = timedelta(minutes=2)
"""How long posting may take, from the moment it begins: Slack may make us wait out a rate limit twice."""

MOST_TRIES: Final = 4
"""After so many whoever took it has died each time: it is given up, for it may be what they died of."""

_TOKEN_BYTES = 9
_log = logging.getLogger(__name__)
_table = processed_deliveries.c


@dataclass(frozen=True)
class Taken:
    """A delivery that is ours until its lease ends. ``tries`` counts those who took it, us included."""

    workspace_id: str
    delivery_id: str
    token: str
    tries: int = 1
    body: Mapping[str, Any] | None = field(default=None, repr=False)


class Deliveries:
    """Which deliveries have been taken, across threads, processes and restarts."""

    def __init__(self, database: Database, sealer: Sealer | None = None) -> None:
        self._database = database
        self._sealer = sealer or Sealer()

    def claim(
        self, workspace_id: str, delivery_id: str, *, at: datetime, body: Mapping[str, Any] | None = None
    ) -> Taken | None:
        """
        Take a delivery: the first who asks has it, and another only where that one has not finished within its lease.

        A *body* is kept until the delivery is finished, so that ``take_over`` can hand it to somebody else if we die;
        without one only Slack can deliver it again. Raises: ValueError: *at* has no time zone. StorageError: nobody has
        it; Slack should deliver again.
        """
        moment = utc(at)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        row = {
            "workspace_id": workspace_id,
            "delivery_id": delivery_id,
            "at": moment,
            "done": False,
            "claimed_by": token,
            "lease_until": moment + LEASE,
            "body": None if body is None else self._sealer.seal(json.dumps(body)),
            "tries": 1,
        }
        again = {**row, "tries": _table.tries + 1}
        with self._database.writing() as connection:
            tries = insert_or_update_for(connection, _table.tries, row, only_if=_lapsed(moment), set_to=again)
        return None if tries is None else Taken(workspace_id, delivery_id, token, tries, body)

    def take_over(self, *, at: datetime, most: int) -> list[Taken]:
        """
        Take up to *most* deliveries whose body is kept and whose lease has ended: those who had them are dead, or slow.

        What was taken too often is given up, and what cannot be read any more too; both are logged.
        Raises: ValueError: *at* has no time zone. StorageError.
        """
        moment = utc(at)
        left = select(_table.workspace_id, _table.delivery_id).where(_lapsed(moment), _table.body.is_not(None))
        # A look costs less than the lock that writing takes, and nearly always nothing is left.
        with self._database.reading() as connection:
            if connection.execute(left.limit(1)).first() is None:
                return []
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        mine = left.order_by(_table.lease_until).limit(most).with_for_update(skip_locked=True)
        taking = (
            update(processed_deliveries)
            .where(tuple_(_table.workspace_id, _table.delivery_id).in_(mine))
            .values(claimed_by=token, lease_until=moment + LEASE, tries=_table.tries + 1)
            .returning(_table.workspace_id, _table.delivery_id, _table.claimed_by, _table.tries, _table.body)
        )
        with self._database.writing() as connection:
            rows = [self._read(row) for row in connection.execute(taking)]
        lost = [row for row in rows if row.body is None or row.tries > MOST_TRIES]
        for row in lost:
            _log.warning("A delivery was given up after %d tries.", row.tries, extra={"action": "delivery_given_up"})
            self.done(row)
        return [row for row in rows if row not in lost]

    def begin(self, taken: Taken, *, at: datetime) -> bool:
        """
        Say that the reply is about to be posted, which may take ``POSTING_LEASE``.

        Returns: False where somebody else has taken the delivery over, or finished it: then nothing must be posted.
        """
        given = _which(taken) | {"until": utc(at) + POSTING_LEASE}
        with self._database.writing() as connection:
            return connection.execute(_BEGIN, given).rowcount > 0

    def done(self, taken: Taken) -> None:
        """Finish a delivery: nobody takes it again, its body is gone. One that is not ours any more stays as it is."""
        with self._database.writing() as connection:
            connection.execute(_DONE, _which(taken))

    def give_back(self, taken: Taken) -> None:
        """Let go of a delivery that came to nothing: the next may take it at once."""
        with self._database.writing() as connection:
            connection.execute(_GIVE_BACK, _which(taken))

    def is_done(self, workspace_id: str, delivery_id: str) -> bool:
        """Whether the delivery is finished; False while somebody is at it, and where it is not known."""
        return self._is(workspace_id, delivery_id, _table.done.is_(True))

    def is_safe(self, workspace_id: str, delivery_id: str) -> bool:
        """Whether Slack need not deliver it again: it is finished, or its body is kept until it is."""
        return self._is(workspace_id, delivery_id, or_(_table.done.is_(True), _table.body.is_not(None)))

    def forget_before(self, at: datetime) -> int:
        """Forget what was claimed before *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(processed_deliveries).where(_table.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount

    def _is(self, workspace_id: str, delivery_id: str, state: ColumnElement[bool]) -> bool:
        asked = select(_table.delivery_id).where(*_is(workspace_id, delivery_id), state)
        with self._database.reading() as connection:
            return connection.execute(asked).first() is not None

    def _read(self, row: Any) -> Taken:
        try:
            body = json.loads(self._sealer.open(row.body))
        except StorageError as error:
            _log.warning("%s", error, extra={"action": "delivery_sealed"})
            body = None
        return Taken(row.workspace_id, row.delivery_id, row.claimed_by, row.tries, body)


def _lapsed(moment: datetime) -> ColumnElement[bool]:
    """Whether nobody is at it any more. An older Advisor writes no lease down: that one counts from ``at``."""
    without = and_(_table.lease_until.is_(None), _table.at <= moment - LEASE)
    return and_(_table.done.is_(False), or_(_table.lease_until <= moment, without))


def _is(workspace_id: str, delivery_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _table.workspace_id == workspace_id, _table.delivery_id == delivery_id


def _which(taken: Taken) -> dict[str, object]:
    """What the statements about a delivery of ours are given."""
    return {"workspace": taken.workspace_id, "delivery": taken.delivery_id, "token": taken.token}


# Made once: each is run for every event, and making one takes longer than running it.
_OURS = (
    _table.workspace_id == bindparam("workspace"),
    _table.delivery_id == bindparam("delivery"),
    _table.claimed_by == bindparam("token"),
)
_BEGIN = update(processed_deliveries).where(*_OURS, _table.done.is_(False)).values(lease_until=bindparam("until"))
_DONE = update(processed_deliveries).where(*_OURS).values(done=True, body=None, lease_until=None)
_GIVE_BACK = delete(processed_deliveries).where(*_OURS)
