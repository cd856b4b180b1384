"""What time alone does to checkpoints: waivers end, evidence expires and is to be checked again, digests come round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Step
from bot.checkpoints.evidence import check_again, knock_ons
from bot.checkpoints.progress import current
from bot.checkpoints.services import Service
from bot.checkpoints.signoff import end_waiver
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_blind import BlindDesk
from bot.usecases.checkpoint_rules import Rules


class Upkeep:
    """Run by every clock now and then; doing it twice, or in two processes at once, changes nothing more."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._blind = BlindDesk(rules)

    def close_rounds(self, *, at: dt.datetime) -> int:
        """Close every blind round whose time has come; how many. Raises: StorageError."""
        return self._blind.close_due(at=at)

    def run(self, *, at: dt.datetime) -> int:
        """Bring every checkpoint up to the day; how many changed. Raises: StorageError."""
        changed = 0
        for workspace_id in self._rules.ledger.workspaces():
            with self._rules.ledger.reading(workspace_id) as pages:
                services = pages.services.all()
                overdue = [one.id for one in services if self._steps(pages, one, at=at)]
                unplanned = self._without_digest(pages, services)
            for service_id in dict.fromkeys((*overdue, *unplanned)):
                changed += self._bring_up(workspace_id, service_id, at=at)
        return changed

    def plan_anew(self, *, at: dt.datetime) -> int:
        """
        Plan every service of a workspace anew of which the council's settings or the shelf lives of evidence have
        changed since; how many were. It costs one look where nothing has. Raises: StorageError.
        """
        planned = 0
        for workspace_id in self._rules.ledger.workspaces():
            with self._rules.ledger.reading(workspace_id) as pages:
                planning = pages.quiet.planning()
                wanted = self._rules.planned_for(planning.version)
                ids = [one.id for one in pages.services.all()] if planning.planned_for != wanted else []
            for service_id in ids:
                with self._rules.ledger.writing(workspace_id) as pages:
                    if (service := pages.services.lock(service_id)) is not None:
                        self._rules.replan(pages, service, at=at)
                        planned += 1
            if ids:
                with self._rules.ledger.writing(workspace_id) as pages:
                    pages.quiet.mark_planned(wanted)
        return planned

    def _without_digest(self, pages: Pages, services: Sequence[Service]) -> list[str]:
        """The services whose sponsor should get the next Monday digest, and for which none is planned."""
        if not self._rules.settings.digest:
            return []
        planned = pages.plans.waiting("digest")
        stopped = {person for subject, person in pages.plans.snoozes() if subject == "digest"}
        return [
            one.id for one in services
            if one.id not in planned and one.sponsor_id not in stopped and one.phase != "retired"
        ]  # fmt: skip

    def _bring_up(self, workspace_id: str, service_id: str, *, at: dt.datetime) -> int:
        with self._rules.ledger.writing(workspace_id) as pages:
            service = pages.services.lock(service_id)
            if service is None:
                return 0
            steps = self._steps(pages, service, at=at)
            for step in steps:
                pages.checkpoints.keep(step, at=at)
            self._rules.replan(pages, service, at=at)
            return len(steps)

    def _steps(self, pages: Pages, service: Service, *, at: dt.datetime) -> list[Step]:
        """What there is to do about the checkpoints of a service: one step for each that changes."""
        today = day_of(at)
        ended = [end_waiver(one, at=at, today=today) for one in pages.checkpoints.of_service(service.id)]
        checkpoints = current(step.checkpoint for step in ended)
        used = {id for one in checkpoints for answer in one.answers.values() for id in answer.evidence_ids}
        pieces = pages.evidence.get_all(used).values() if used else ()
        expired = knock_ons(pieces, checkpoints, today=today, lives=self._rules.lives)
        gone = [one.evidence.id for one in expired]
        steps = [_then(step, check_again(step.checkpoint, gone, at=at)) if step.checkpoint in checkpoints else step
                 for step in ended]  # fmt: skip
        return [step for step in steps if step.events]


def _then(first: Step, second: Step) -> Step:
    return Step(second.checkpoint, (*first.events, *second.events))
