"""Steps of workflows: a checkpoint is started, or its last decision looked up, for somebody who only knows names."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.knowledge.entry import Entry
from bot.rendering.mrkdwn import cut
from bot.rendering.steps import Outputs, decided_outputs, started_outputs
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_rules import Post, Rules
from bot.usecases.checkpoint_services import ServiceDesk

_MOST_NAMED = 10


@dataclass(frozen=True)
class StepDone:
    """What a step hands on, and what the channel of the service is told."""

    outputs: Outputs
    posts: tuple[Post, ...] = ()


class StepDesk:
    """What a workflow can do with checkpoints. Raises ``Refused`` with one line that says what to do."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._services = ServiceDesk(rules)

    def start(
        self, workspace_id: str, user_id: str, named: str, template: str, due_on: str, *, at: dt.datetime
    ) -> StepDone:
        """Plan a checkpoint. Raises: Refused: nothing of that name, a date that is none or past, or under way."""
        day = _day(due_on)
        entry = self._template(template)
        with self._rules.ledger.reading(workspace_id) as pages:
            service = _service(pages, named)
            before = {one.id for one in pages.checkpoints.of_service(service.id)}
        values = {"template": entry.id, "due_on": day.isoformat()}
        done = self._services.open(workspace_id, user_id, json.dumps({"service": service.id}), values, at=at)
        with self._rules.ledger.reading(workspace_id) as pages:
            [made] = [one for one in pages.checkpoints.of_service(service.id)
                      if one.id not in before and one.template.id == entry.id]  # fmt: skip
        return StepDone(started_outputs(made, service), done.posts)

    def decided(self, workspace_id: str, named: str, template: str) -> StepDone:
        """The last decision on the checkpoints of a service. Raises: Refused: nothing of that name."""
        entry_id = self._template(template).id if template.strip() else ""
        with self._rules.ledger.reading(workspace_id) as pages:
            service = _service(pages, named)
            last = _last_decided(pages.checkpoints.of_service(service.id), entry_id)
            receipts = pages.receipts.of_checkpoint(last.id) if last else []
        return StepDone(decided_outputs(last, receipts[-1].code if receipts else ""))

    def _template(self, typed: str) -> Entry:
        known = [entry for entry in self._rules.library.of_kind("checkpoint") if entry.template is not None]
        wanted = _folded(typed.removeprefix("checkpoint/"))
        for entry in known:
            if wanted in (_folded(entry.id.removeprefix("checkpoint/")), _folded(_title(entry))):
                return entry
        there = ", ".join(_title(entry) for entry in known)
        raise refuse("template", f"There is no checkpoint {cut(typed, 100)!r}. There are: {there}.")


def _service(pages: Pages, typed: str) -> Service:
    """The service of that id or name."""
    found = [one for one in pages.services.all() if typed.strip() == one.id or _folded(typed) == _folded(one.name)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.id for one in found)
        raise refuse("service", f"{len(found)} services are called {cut(typed, 100)!r}. Give an id instead: {ids}.")
    names = sorted(one.name for one in pages.services.all())[:_MOST_NAMED]
    there = f"There are: {', '.join(names)}." if names else "Start one with /checkpoint start in its channel."
    raise refuse("service", f"There is no service {cut(typed, 100)!r}. {there}")


def _last_decided(checkpoints: list[Checkpoint], template_id: str) -> Checkpoint | None:
    decided = {one.decision.at: one for one in checkpoints if one.decision and template_id in ("", one.template.id)}
    return decided[max(decided)] if decided else None


def _day(typed: str) -> dt.date:
    try:
        return dt.date.fromisoformat(typed.strip())
    except ValueError:
        raise refuse(FORM, f"{cut(typed, 50)!r} is not a date. Write it like 2027-03-31.") from None


def _title(entry: Entry) -> str:
    return entry.title.removeprefix("Checkpoint: ")


def _folded(name: str) -> str:
    return " ".join(name.replace("-", " ").casefold().split())
