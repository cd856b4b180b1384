"""What is held about one person: found in every table, given out, deleted, or put under another name."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    cast,
    delete,
    or_,
    select,
    update,
)

from bot.storage.access_tables import allowances, roles
from bot.storage.awaited import forget_person
from bot.storage.checkpoint_tables import actions, blind_cards, budget_slots, notifications, places, services
from bot.storage.columns import Words
from bot.storage.people import person_hash
from bot.storage.tables import answers, awaited_answers, conversations, feedback, given_answers, metadata, welcomed

Row = dict[str, Any]
Policy = Literal["alone", "record", "kept", "nobody"]

POLICY: Final[Mapping[str, Policy]] = {
    # Only about the person: deleted at once.
    **dict.fromkeys(
        (
            "feedback",
            "welcomed",
            "allowances",
            "conversations",
            "given_answers",
            "awaited_answers",
            "quiet_times",
            "introductions",
            "reviewers",
        ),
        "alone",
    ),
    # The record of a team's work: it stays, with another name in the person's place.
    **dict.fromkeys(
        "services service_changes checkpoints checkpoint_events evidence actions notifications places budget_slots "
        "snoozes setting_changes blind_rounds blind_cards roles settings "
        "sharing sharing_changes disclosures aliases panels".split(),
        "record",
    ),
    # Signed, or the proof of who did what with power over others: kept as it is.
    **dict.fromkeys(("receipts", "audit"), "kept"),
    # Holds nobody's id, and no text with one in it.
    **dict.fromkeys(("processed_deliveries", "answers", "gaps", "prompt_messages", "council_settings"), "nobody"),
}
"""What a person's wish to be forgotten means for each table. A test sees that none is left out."""

_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")
_ANYBODY: Final = re.compile(r"(?<![A-Za-z0-9])[UW][A-Z0-9]{6,}(?![A-Za-z0-9])")
_HASHES: Final = (
    (feedback, feedback.c.voter_hash),
    (welcomed, welcomed.c.user_hash),
    (allowances, allowances.c.person_hash),
)


@dataclass(frozen=True)
class Duty:
    """What somebody is named for now: ``kind`` owner, sponsor, action or role; ``name`` of what."""

    kind: str
    name: str


@dataclass(frozen=True)
class Erased:
    """What an erasure did: rows by table. ``alias`` stands where the person stood; empty where nothing was renamed."""

    deleted: Mapping[str, int]
    renamed: Mapping[str, int]
    kept: Mapping[str, int]
    duties: tuple[Duty, ...] = ()
    alias: str = ""


@dataclass(frozen=True)
class PersonalData:
    """What one workspace holds about one person. ``direct`` is their direct conversation with the bot, where known."""

    connection: Connection
    workspace_id: str
    user_id: str
    direct: str = ""
    _hash: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if not _PERSON.fullmatch(self.user_id):
            raise ValueError(f"{self.user_id!r} is not Slack's id of a person")
        object.__setattr__(self, "_hash", person_hash(self.connection, self.workspace_id, self.user_id))

    @property
    def _private(self) -> str:
        return f"private:{self._hash}"

    def held(self) -> dict[str, list[Row]]:
        """The rows by table. Other people's ids are left out, and of what several people wrote only this one's part."""
        found = {table.name: [self._given_out(row) for row in self._rows(table)] for table in metadata.sorted_tables}
        return {name: rows for name, rows in found.items() if rows}

    def duties(self) -> list[Duty]:
        """What the person is named for now, and somebody else must be named for before their name can go."""
        asked = select(services.c.name, services.c.owner_id, services.c.sponsor_id, services.c.body).where(
            services.c.workspace_id == self.workspace_id,
            or_(services.c.owner_id == self.user_id, services.c.sponsor_id == self.user_id),
        )
        same = services.c.workspace_id == actions.c.workspace_id, services.c.id == actions.c.service_id
        open_actions = (
            select(services.c.name)
            .join(actions, and_(*same))
            .where(actions.c.workspace_id == self.workspace_id, actions.c.owner_id == self.user_id)
            .where(actions.c.done_at.is_(None))
            .order_by(actions.c.id)
        )
        held = select(roles.c.role).where(roles.c.workspace_id == self.workspace_id, roles.c.user_id == self.user_id)
        found = [
            Duty("owner" if row.owner_id == self.user_id else "sponsor", row.name)
            for row in self.connection.execute(asked.order_by(services.c.name))
            if row.body.get("phase") != "retired"
        ]
        found += [Duty("action", one) for one in self.connection.execute(open_actions).scalars()]
        return found + [Duty("role", one) for one in self.connection.execute(held).scalars()]

    def erase(self) -> Erased:
        """
        Delete what is about the person alone; where no duty is left, put another name in their place in the record too.
        The connection is in a writing transaction.
        """
        deleted = self._delete_alone()
        kept = {name: len(self._rows(metadata.tables[name])) for name in _of("kept")}
        duties = tuple(self.duties())
        if duties:
            return Erased(deleted, {}, kept, duties)
        self._delete_addressed()
        alias = f"former-{secrets.token_hex(4)}"
        renamed = {name: self._rename(metadata.tables[name], alias) for name in _of("record")}
        return Erased(deleted, {name: count for name, count in renamed.items() if count}, kept, (), alias)

    def _delete_alone(self) -> dict[str, int]:
        counts = {}
        forget_person(self.connection, self.workspace_id, self.user_id)
        for table in (metadata.tables[name] for name in _of("alone")):
            gone = delete(table).where(table.c.workspace_id == self.workspace_id, self._is_theirs(table))
            counts[table.name] = self.connection.execute(gone).rowcount
        return {name: count for name, count in counts.items() if count}

    def _delete_addressed(self) -> None:
        """What would still be sent to the person, and what was counted against their budget."""
        waiting = notifications.c.place_id == self.user_id, notifications.c.state == "planned"
        here = (
            (notifications, and_(*waiting)),
            (places, places.c.place_id == self.user_id),
            (budget_slots, budget_slots.c.slot.contains(self.user_id, autoescape=True)),
        )
        for table, condition in here:
            self.connection.execute(delete(table).where(table.c.workspace_id == self.workspace_id, condition))

    def _rename(self, table: Table, alias: str) -> int:
        """Put *alias* in the person's place in every row; how many rows."""
        rows = self._rows(table)
        for row in rows:
            key = [column == row[column.name] for column in table.primary_key]
            changed = {
                name: _replaced(value, self._mark(), lambda _: alias)
                for name, value in row.items()
                if name != "workspace_id" and self._mentions(value)
            }
            self.connection.execute(update(table).where(*key).values(**changed))
        return len(rows)

    def _rows(self, table: Table) -> list[Row]:
        asked = select(table).where(table.c.workspace_id == self.workspace_id, self._is_theirs(table))
        if table is awaited_answers:  # the words that they wait for an answer to stand with the decline
            asked = asked.outerjoin_from(table, answers, _same_answer()).add_columns(answers.c.question)
        found = [dict(row) for row in self.connection.execute(asked).mappings()]
        theirs = {self._hash, self._private, self.direct} - {""}
        return [row for row in found if theirs & {*map(str, row.values())} or any(map(self._mentions, row.values()))]

    def _is_theirs(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row is about the person; a first sieve where their id is looked for in texts."""
        if table in (conversations, given_answers):
            # What one person has unseen by others in a channel stands under their hash, the rest of it in theirs alone.
            private = table.c.thread_ts == self._private
            return or_(private, table.c.channel_id == self.direct) if self.direct else private
        if table is blind_cards:  # sealed: nobody else's, whomever it may mention
            return blind_cards.c.person_id == self.user_id
        for hashed, column in _HASHES:
            if table is hashed:
                return column == self._hash
        return or_(*(cast(column, Text).contains(self.user_id, autoescape=True) for column in _texts(table)))

    def _given_out(self, row: Row) -> Row:
        """A row as the person gets it: their own part, nobody else's id, no hash."""
        shown = {name: value for name, value in row.items() if value not in (None, "", self._hash, self._private)}
        given = {name: _part(value, self._mentions) for name, value in shown.items()}
        given.pop("workspace_id")
        own = json.loads(json.dumps(given, default=str, ensure_ascii=False))
        return dict(_replaced(own, _ANYBODY, self._other))

    def _other(self, match: re.Match[str]) -> str:
        return match[0] if match[0] == self.user_id else "somebody else"

    def _mark(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![A-Za-z0-9]){self.user_id}(?![A-Za-z0-9])")

    def _mentions(self, value: Any) -> bool:
        text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
        return self._mark().search(text) is not None


def _of(policy: Policy) -> Iterator[str]:
    return (name for name, each in POLICY.items() if each == policy and name in metadata.tables)


def _same_answer() -> ColumnElement[bool]:
    here, there = awaited_answers.c, answers.c
    return and_(here.workspace_id == there.workspace_id, here.answer_id == there.answer_id)


def _texts(table: Table) -> list[Column[Any]]:
    return [one for one in table.c if isinstance(one.type, String | Words | JSON) and one.name != "workspace_id"]


def _part(value: Any, mentions: Callable[[Any], bool]) -> Any:
    """Of nested data the smallest pieces that mention the person; anything else than lists and objects as it is."""
    if isinstance(value, list):
        return [_part(one, mentions) for one in value if mentions(one)]
    if not isinstance(value, dict):
        return value
    own = any(mentions(one) for one in value.values() if not isinstance(one, dict | list))
    parts = {}
    for name, one in value.items():
        nested = isinstance(one, dict | list)
        if mentions(name):
            parts[name] = one
        elif (nested and mentions(one)) or (own and not nested):
            parts[name] = _part(one, mentions)
    return parts


def _replaced(value: Any, mark: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Any:
    """Nested data with what *mark* finds replaced in every text of it, names of fields included."""
    if isinstance(value, str):
        return mark.sub(by, value)
    if isinstance(value, list):
        return [_replaced(one, mark, by) for one in value]
    if isinstance(value, dict):
        return {mark.sub(by, name): _replaced(one, mark, by) for name, one in value.items()}
    return value
