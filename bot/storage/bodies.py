"""How the values of the checkpoint rules are kept: as JSON, read back into the same frozen values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter

from bot.checkpoints.blind import Card, Round
from bot.checkpoints.checkpoint import Answer, Checkpoint
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.notifications import Planned
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenTemplate

_SERVICE: Final = TypeAdapter(Service)
_CHECKPOINT: Final = TypeAdapter(Checkpoint)
_TEMPLATE: Final = TypeAdapter(FrozenTemplate)
_ANSWER: Final = TypeAdapter(Answer)
_EVIDENCE: Final = TypeAdapter(Evidence)
_PLANNED: Final = TypeAdapter(Planned)
_ROUND: Final = TypeAdapter(Round)
_CARD: Final = TypeAdapter(Card)


def service_body(service: Service) -> dict[str, Any]:
    """A service as JSON."""
    return dict(_SERVICE.dump_python(service, mode="json"))


def read_service(body: Any) -> Service:
    """The service again."""
    return _SERVICE.validate_python(body, strict=False)


def checkpoint_body(checkpoint: Checkpoint) -> tuple[dict[str, Any], dict[str, Any]]:
    """The template of a checkpoint, and all the rest of it, as JSON."""
    body = dict(_CHECKPOINT.dump_python(checkpoint, mode="json"))
    return body.pop("template"), body


def read_checkpoint(template: str, body: Any) -> Checkpoint:
    """The checkpoint again; *template* is the JSON text as it is kept, for most of them share a few."""
    return _CHECKPOINT.validate_python({**body, "template": _read_template(template)})


@lru_cache(maxsize=256)
def _read_template(text: str) -> FrozenTemplate:
    return _TEMPLATE.validate_json(text)


def answer_body(answer: Answer | None) -> dict[str, Any] | None:
    """An answer of the history as JSON."""
    return None if answer is None else dict(_ANSWER.dump_python(answer, mode="json"))


def read_answer(body: Any) -> Answer | None:
    """The answer again."""
    return None if body is None else _ANSWER.validate_python(body)


def evidence_body(piece: Evidence) -> dict[str, Any]:
    """A piece of evidence as JSON."""
    return dict(_EVIDENCE.dump_python(piece, mode="json"))


def read_evidence(body: Any) -> Evidence:
    """The piece again."""
    return _EVIDENCE.validate_python(body)


def planned_body(planned: Planned) -> dict[str, Any]:
    """A notification as JSON."""
    return dict(_PLANNED.dump_python(planned, mode="json"))


def read_planned(body: Any) -> Planned:
    """The notification again."""
    return _PLANNED.validate_python(body)


def round_body(one: Round) -> dict[str, Any]:
    """A blind round as JSON, its result included once it has one."""
    return dict(_ROUND.dump_python(one, mode="json"))


def read_round(body: Any) -> Round:
    """The round again."""
    return _ROUND.validate_python(body)


def card_body(card: Card) -> dict[str, Any]:
    """A card of a blind round as JSON."""
    return dict(_CARD.dump_python(card, mode="json"))


def read_card(body: Any) -> Card:
    """The card again."""
    return _CARD.validate_python(body)
