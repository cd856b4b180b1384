"""Awaited answers: who asked to be told when a question that had no answer has one; nobody else is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, delete, select, update

from bot.storage.checkpoint_tables import notifications
from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_once
from bot.storage.tables import answers, awaited_answers

AWAITED: Final = "awaited"
"""The subject of what is planned for those who wait, and the service under which it is: they are about none."""

_SEPARATOR: Final = "/"
_NAMED: Final = ("workspace_id", "answer_id", "person_id", "channel_id", "thread_ts")


@dataclass(frozen=True)
class Awaited:
    """
    One person who waits for the answer to a question. ``answer_id`` is that of the decline, ``asked_at`` when that was;
    they are told in a thread of ``channel_id``, or directly where it is empty (in a thread there, where one is named).
    """

    workspace_id: str
    answer_id: str
    person_id: str
    channel_id: str
    thread_ts: str
    asked_at: datetime
    question: str = ""
    """Masked, as it is kept with the decline; read from there, and never written here."""

    @property
    def id(self) -> str:
        """What names it within its workspace."""
        return f"{self.answer_id}{_SEPARATOR}{self.person_id}"


class AwaitedAnswers:
    """Everybody who waits for an answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, one: Awaited) -> bool:
        """Keep that somebody waits; False where they do already. Raises: ValueError: its moment has no time zone."""
        row = {**{name: getattr(one, name) for name in _NAMED}, "at": utc(one.asked_at)}
        with self._database.writing() as connection:
            return insert_once(connection, awaited_answers, row)

    def stop(self, workspace_id: str, answer_id: str, person_id: str) -> bool:
        """Somebody does not wait any more, and what was planned for them goes too; whether they did."""
        with self._database.writing() as connection:
            return _forget(connection, workspace_id, [f"{answer_id}{_SEPARATOR}{person_id}"]) > 0

    def workspaces(self) -> list[str]:
        """The ids of all workspaces in which somebody waits, or something is planned for it; for the clock."""
        waiting = select(awaited_answers.c.workspace_id)
        planned = select(notifications.c.workspace_id).where(
            notifications.c.service_id == AWAITED, notifications.c.state == "planned"
        )
        with self._database.reading() as connection:
            return sorted(set(connection.execute(waiting.union(planned)).scalars()))

    def all(self, workspace_id: str | None) -> list[Awaited]:
        """
        Who waits in a workspace, the longest first; in every one for None, which only the command line asks.

        Whose question is kept no longer is left out: nobody can look for its answer.
        """
        asked = select(awaited_answers, answers.c.question).join(
            answers,
            and_(
                answers.c.workspace_id == awaited_answers.c.workspace_id,
                answers.c.answer_id == awaited_answers.c.answer_id,
            ),
        )
        if workspace_id is not None:
            asked = asked.where(awaited_answers.c.workspace_id == workspace_id)
        asked = asked.order_by(awaited_answers.c.at, awaited_answers.c.answer_id, awaited_answers.c.person_id)
        with self._database.reading() as connection:
            rows = list(connection.execute(asked).mappings())
        return [
            Awaited(**{name: row[name] for name in _NAMED}, asked_at=row["at"], question=row["question"])
            for row in rows
        ]

    def tell_directly(self, waiting: Iterable[Awaited]) -> None:
        """Where they were to be told nobody can write any more: they are told in their direct messages instead."""
        with self._database.writing() as connection:
            for one in waiting:
                here = [awaited_answers.c[name] == getattr(one, name) for name in ("workspace_id", "answer_id")]
                mine = update(awaited_answers).where(*here, awaited_answers.c.person_id == one.person_id)
                connection.execute(mine.values(channel_id="", thread_ts=""))

    def give_up(self, waiting: Collection[Awaited]) -> None:
        """These can be told nowhere: nothing is kept of them."""
        with self._database.writing() as connection:
            for one in waiting:
                _forget(connection, one.workspace_id, [one.id])

    def forget_before(self, at: datetime) -> int:
        """
        Forget who waits for the answer to a question that was asked before *at*; how many there were.

        Raises: ValueError: *at* has no time zone.
        """
        past = select(awaited_answers.c.workspace_id, awaited_answers.c.answer_id, awaited_answers.c.person_id)
        with self._database.writing() as connection:
            rows = list(connection.execute(past.where(awaited_answers.c.at < utc(at))))
            return sum(_forget(connection, row[0], [f"{row[1]}{_SEPARATOR}{row[2]}"]) for row in rows)


def settle_told(connection: Connection, workspace_id: str, ids: Collection[str]) -> None:
    """Those of these ids have been told: neither that they waited nor that they were told is kept."""
    told = delete(notifications).where(
        notifications.c.workspace_id == workspace_id,
        notifications.c.service_id == AWAITED,
        notifications.c.subject_id.in_(list(ids)),
    )
    connection.execute(told)
    _forget(connection, workspace_id, ids)


def forget_person(connection: Connection, workspace_id: str, person_id: str) -> None:
    """What is planned for somebody who waited goes with their wish."""
    planned = delete(notifications).where(
        notifications.c.workspace_id == workspace_id,
        notifications.c.service_id == AWAITED,
        notifications.c.state == "planned",
        notifications.c.owner_id == person_id,
    )
    connection.execute(planned)


def _forget(connection: Connection, workspace_id: str, ids: Iterable[str]) -> int:
    """Take rows out, with what is planned for them; what a clock posts just now stays its own. How many rows."""
    count = 0
    for id in ids:
        answer_id, _, person_id = id.rpartition(_SEPARATOR)
        planned = delete(notifications).where(
            notifications.c.workspace_id == workspace_id,
            notifications.c.service_id == AWAITED,
            notifications.c.subject_id == id,
            notifications.c.state == "planned",
        )
        row = delete(awaited_answers).where(
            awaited_answers.c.workspace_id == workspace_id,
            awaited_answers.c.answer_id == answer_id,
            awaited_answers.c.person_id == person_id,
        )
        connection.execute(planned)
        count += connection.execute(row).rowcount
    return count
