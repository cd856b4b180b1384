"""Blind rounds and the cards of those who are in. Nothing here reads the cards of an open round but to close it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.checkpoints.blind import Card, Round
from bot.storage.bodies import card_body, read_card, read_round, round_body
from bot.storage.checkpoint_tables import blind_cards, blind_rounds
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update


class BlindRounds:
    """The blind rounds of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def get(self, round_id: str) -> Round | None:
        """The round, or None."""
        return next(iter(self._where(blind_rounds.c.id == round_id)), None)

    def get_all(self, ids: Sequence[str]) -> dict[str, Round]:
        """The rounds with these ids, by id; what is not there is left out."""
        return {one.id: one for one in self._where(blind_rounds.c.id.in_(ids))} if ids else {}

    def latest_of(self, checkpoint_id: str) -> Round | None:
        """The newest round of a checkpoint that was not called off, or None."""
        shown = blind_rounds.c.checkpoint_id == checkpoint_id, blind_rounds.c.state != "called off"
        return next(iter(reversed(self._where(*shown))), None)

    def to_plan(self, service_id: str, *, since: datetime) -> list[Round]:
        """The rounds of a service about which something may be sent: those not closed before *since*."""
        return self._where(blind_rounds.c.service_id == service_id, blind_rounds.c.closes_at >= utc(since))

    def open(self) -> list[Round]:
        """Every round that is open."""
        return self._where(blind_rounds.c.state == "open")

    def keep(self, one: Round, *, at: datetime) -> None:
        """Keep a round as it is now; of one that has ended no card is left. Raises: ValueError: naive *at*."""
        row = {
            "workspace_id": self._workspace,
            "id": one.id,
            "checkpoint_id": one.checkpoint_id,
            "service_id": one.service_id,
            "state": one.state,
            "opened_at": one.opened_at,
            "closes_at": one.closes_at,
            "changed_at": utc(at),
            "body": round_body(one),
        }
        insert_or_update(self._connection, blind_rounds, row, only_if=blind_rounds.c.id.is_not(None))
        if one.state != "open":
            self._connection.execute(delete(blind_cards).where(*self._cards_of(one.id)))

    def keep_card(self, round_id: str, person_id: str, card: Card, *, at: datetime) -> None:
        """Keep what a person said; a second card replaces the first. Raises: ValueError: naive *at*."""
        row = {"workspace_id": self._workspace, "round_id": round_id, "person_id": person_id}
        row_and_body = {**row, "body": card_body(card), "changed_at": utc(at)}
        insert_or_update(self._connection, blind_cards, row_and_body, only_if=blind_cards.c.round_id.is_not(None))

    def own_card(self, round_id: str, person_id: str) -> Card | None:
        """What this person said, for their own eyes."""
        asked = select(blind_cards.c.body).where(*self._cards_of(round_id), blind_cards.c.person_id == person_id)
        body = self._connection.execute(asked).scalar_one_or_none()
        return None if body is None else read_card(body)

    def drop_card(self, round_id: str, person_id: str) -> None:
        """Forget what a person said."""
        self._connection.execute(
            delete(blind_cards).where(*self._cards_of(round_id), blind_cards.c.person_id == person_id)
        )

    def cards_to_close(self, round_id: str) -> dict[str, Card]:
        """Every card by person: for closing the round and for nothing else."""
        asked = select(blind_cards.c.person_id, blind_cards.c.body).where(*self._cards_of(round_id))
        return {person_id: read_card(body) for person_id, body in self._connection.execute(asked)}

    def _where(self, *conditions: ColumnElement[bool]) -> list[Round]:
        asked = select(blind_rounds.c.body).where(blind_rounds.c.workspace_id == self._workspace, *conditions)
        ordered = asked.order_by(blind_rounds.c.opened_at, blind_rounds.c.id)
        return [read_round(body) for body in self._connection.execute(ordered).scalars()]

    def _cards_of(self, round_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return blind_cards.c.workspace_id == self._workspace, blind_cards.c.round_id == round_id
