"""Which points of the standards a service meets for sure: as its sponsor signed them off."""

from __future__ import annotations

from collections.abc import Iterable

from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.services import Service
from bot.checkpoints.templates import prompts_for


def points_met(checkpoints: Iterable[Checkpoint], service: Service) -> tuple[str, ...]:
    """
    The ids of the points that a service meets, sorted: the newest signed-off checkpoint that asks about a point has
    "met" at every prompt of it that applies. What was waived, or has lapsed since, is not met.
    """
    signed = [one for one in checkpoints if one.service_id == service.id and one.decision is not None]
    signed = [one for one in signed if one.state in ("met", "met with conditions")]
    found: dict[str, bool] = {}
    for checkpoint in sorted(signed, key=lambda one: one.decision.at if one.decision else one.created_at, reverse=True):
        for point, met in _at_points(checkpoint, service).items():
            found.setdefault(point, met)
    return tuple(sorted(point for point, met in found.items() if met))


def _at_points(checkpoint: Checkpoint, service: Service) -> dict[str, bool]:
    """Every point that a checkpoint asks about and whether all of its prompts are met."""
    found: dict[str, bool] = {}
    for prompt in prompts_for(checkpoint.template, service):
        answer = checkpoint.answers.get(prompt.id)
        if answer is not None and answer.value == "does not apply":
            continue
        met = answer is not None and answer.value == "met" and not answer.lapsed
        for point in prompt.points:
            found[point] = found.get(point, True) and met
    return found
