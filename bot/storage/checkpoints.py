"""Checkpoints: as they stand, their history, and the conditions of their decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, String, cast, func, insert, select

from bot.checkpoints.checkpoint import Action, Checkpoint, Event, EventKind, Step
from bot.storage.bodies import answer_body, checkpoint_body, read_answer, read_checkpoint
from bot.storage.checkpoint_tables import actions, checkpoint_events, checkpoints
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update


@dataclass(frozen=True)
class OpenAction:
    """A condition that is not done, by its ids."""

    action_id: str
    checkpoint_id: str
    service_id: str
    due_on: date


class Checkpoints:
    """The checkpoints of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def get(self, checkpoint_id: str) -> Checkpoint | None:
        """The checkpoint, or None."""
        return next(iter(self._where(checkpoints.c.id == checkpoint_id)), None)

    def get_all(self, ids: Iterable[str]) -> dict[str, Checkpoint]:
        """The checkpoints with these ids, by id; what is not there is left out."""
        wanted = list(ids)
        return {one.id: one for one in self._where(checkpoints.c.id.in_(wanted))} if wanted else {}

    def of_service(self, service_id: str) -> list[Checkpoint]:
        """The checkpoints of a service, by date."""
        return self._where(checkpoints.c.service_id == service_id)

    def of_services(self, service_ids: Sequence[str]) -> list[Checkpoint]:
        """The checkpoints of several services, by date."""
        return self._where(checkpoints.c.service_id.in_(service_ids)) if service_ids else []

    def relying_on(self, evidence_id: str) -> list[Checkpoint]:
        """The checkpoints of which an answer names a piece of evidence."""
        # Ids are our own letters and digits, so the text of the body can be searched before it is read.
        named = self._where(cast(checkpoints.c.body, String).contains(f'"{evidence_id}"', autoescape=True))
        return [one for one in named if any(evidence_id in answer.evidence_ids for answer in one.answers.values())]

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, by date."""
        return self._where()

    def keep(self, step: Step, *, at: datetime) -> None:
        """Keep the checkpoint as it is after a step, and append to its history. Raises: ValueError: naive *at*."""
        checkpoint = step.checkpoint
        template, body = checkpoint_body(checkpoint)
        row = {
            "workspace_id": self._workspace,
            "id": checkpoint.id,
            "service_id": checkpoint.service_id,
            "template_id": checkpoint.template.id,
            "state": checkpoint.state,
            "due_on": checkpoint.due_on,
            "template": template,
            "body": body,
            "changed_at": utc(at),
        }
        insert_or_update(self._connection, checkpoints, row, only_if=checkpoints.c.id.is_not(None))
        self._append(checkpoint.id, step.events)
        for action in checkpoint.decision.actions if checkpoint.decision else ():
            self._keep_action(action, checkpoint.service_id)

    def history(self, checkpoint_id: str) -> list[Event]:
        """Every line of a checkpoint's history, the oldest first."""
        asked = select(checkpoint_events).where(*self._events_of(checkpoint_id)).order_by(checkpoint_events.c.number)
        return [
            Event(
                checkpoint_id, row["kind"], row["who"], row["made_at"], row["subject"], row["before"], row["after"],
                read_answer(row["answer"]),
            )
            for row in self._connection.execute(asked).mappings()
        ]  # fmt: skip

    def happened(self, kinds: Sequence[EventKind], *, of: Sequence[str] | None = None) -> list[Event]:
        """The lines of these kinds in the history of every checkpoint, or *of* these alone, the oldest first."""
        asked = (
            select(checkpoint_events)
            .where(checkpoint_events.c.workspace_id == self._workspace, checkpoint_events.c.kind.in_(kinds))
            .order_by(checkpoint_events.c.made_at, checkpoint_events.c.checkpoint_id, checkpoint_events.c.number)
        )
        if of is not None:
            asked = asked.where(checkpoint_events.c.checkpoint_id.in_(of))
        return [
            Event(row["checkpoint_id"], row["kind"], row["who"], row["made_at"], row["subject"], row["before"],
                  row["after"])
            for row in self._connection.execute(asked).mappings()
        ]  # fmt: skip

    def open_actions_of(self, user_id: str) -> list[OpenAction]:
        """The conditions that a person has still to meet, the earliest first."""
        asked = (
            select(actions.c.id, actions.c.checkpoint_id, actions.c.service_id, actions.c.due_on)
            .where(actions.c.workspace_id == self._workspace, actions.c.owner_id == user_id)
            .where(actions.c.done_at.is_(None))
            .order_by(actions.c.due_on, actions.c.id)
        )
        return [OpenAction(*row) for row in self._connection.execute(asked)]

    def _append(self, checkpoint_id: str, events: Sequence[Event]) -> None:
        asked = select(func.coalesce(func.max(checkpoint_events.c.number), 0)).where(*self._events_of(checkpoint_id))
        last = self._connection.execute(asked).scalar_one() if events else 0
        rows = [
            {
                "workspace_id": self._workspace,
                "checkpoint_id": checkpoint_id,
                "number": number,
                "kind": event.kind,
                "who": event.who,
                "made_at": event.at,
                "subject": event.subject,
                "before": event.before,
                "after": event.after,
                "answer": answer_body(event.answer),
            }
            for number, event in enumerate(events, last + 1)
        ]
        if rows:
            self._connection.execute(insert(checkpoint_events), rows)

    def _keep_action(self, action: Action, service_id: str) -> None:
        row = {
            "workspace_id": self._workspace,
            "id": action.id,
            "checkpoint_id": action.checkpoint_id,
            "service_id": service_id,
            "owner_id": action.owner_id,
            "due_on": action.due_on,
            "done_at": action.done_at,
        }
        insert_or_update(self._connection, actions, row, only_if=actions.c.id.is_not(None))

    def _where(self, *conditions: ColumnElement[bool]) -> list[Checkpoint]:
        asked = (
            select(cast(checkpoints.c.template, String), checkpoints.c.body)
            .where(checkpoints.c.workspace_id == self._workspace, *conditions)
            .order_by(checkpoints.c.due_on, checkpoints.c.id)
        )
        return [read_checkpoint(template, body) for template, body in self._connection.execute(asked)]

    def _events_of(self, checkpoint_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return checkpoint_events.c.workspace_id == self._workspace, checkpoint_events.c.checkpoint_id == checkpoint_id
