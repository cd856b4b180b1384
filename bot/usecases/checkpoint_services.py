"""A service begins, changes, and gets its checkpoints; each act is one transaction, and then it is planned anew."""

from __future__ import annotations

import datetime as dt
import json

from bot.access.roles import sponsor_fault
from bot.checkpoints import progress as walking
from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.notifications import Snooze, Subject, snooze_faults
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.checkpoints.services import Service, changes, service_faults, service_remarks
from bot.checkpoints.templates import freeze
from bot.knowledge.councils import Council, find_councils
from bot.rendering import checkpoint_form as forms
from bot.rendering import checkpoint_status as status
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.checkpoint_words import title_of
from bot.rendering.message import Message, View
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_blind import start_round
from bot.usecases.checkpoint_forms import Identity, Values, read_day, read_service, several, text
from bot.usecases.checkpoint_rules import Done, Post, Rules, service_and_checkpoint
from bot.usecases.prompt_message import prompt_change, prompt_post

_GONE = "This service is not there any more. `/checkpoint` shows what there is."
_SNOOZE_DAYS = 7
_FIRST_DATE = dt.timedelta(days=42)
"""What a new checkpoint's date is set to in the form; there is no right answer, so six weeks."""

_RETIREMENT = "checkpoint/retire"
"""The checkpoint that a service is asked while it retires and after."""


class ServiceDesk:
    """Starting and changing services, planning and moving checkpoints."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def start_form(self, workspace_id: str, channel_id: str, user_id: str) -> View:
        """The empty form, with the council of the workspace's other services already chosen."""
        with self._rules.ledger.reading(workspace_id) as pages:
            council = pages.services.usual_council()
        metadata = json.dumps({"channel": channel_id, "service": "", "seen": 0, "owner": user_id, "council": council})
        return forms.service_form(None, self._rules.councils, metadata=metadata, owner_id=user_id, council=council)

    def edit_form(self, workspace_id: str, service_id: str) -> View:
        """The form with a service as it is now."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service = pages.services.get(service_id)
            seen = len(pages.services.history(service_id))
        if service is None:
            return words_view("Not there", _GONE)
        metadata = json.dumps({"channel": service.channel_id, "service": service.id, "seen": seen})
        return forms.service_form(service, self._rules.councils, metadata=metadata)

    def with_route(self, workspace_id: str, metadata: str, route: str) -> View:
        """The form again after another route was chosen: a bought service is asked for its contract."""
        about = json.loads(metadata)
        with self._rules.ledger.reading(workspace_id) as pages:
            service = pages.services.get(about["service"])
        return forms.service_form(
            service, self._rules.councils, metadata=metadata, owner_id=about.get("owner", ""),
            council=about.get("council", ""), route=route,
        )  # fmt: skip

    def councils(self, typed: str) -> list[Council]:
        """The councils whose names fit what somebody has typed so far."""
        return find_councils(self._rules.councils, typed, most=50)

    def save(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep a service as the form says.

        Raises: Refused: something cannot be so; every fault at once, by field.
        """
        about = json.loads(metadata)
        with self._rules.ledger.writing(workspace_id) as pages:
            before = self._before(pages, about)
            channel_id = text(values, "channel_id") or about["channel"]
            identity = Identity(before.id if before else self._rules.new_id("s"), workspace_id, channel_id)
            service, faults = read_service(values, identity, before)
            faults = {**service_faults(service, today=day_of(at), councils=self._rules.councils), **faults}
            if fault := sponsor_fault(service.sponsor_id, pages.roles.holders("sponsor")):
                faults.setdefault("sponsor_id", fault)
            if before is None and any(one.name == service.name for one in pages.services.in_channel(about["channel"])):
                faults["name"] = "A service of this name works in this channel already. Change that one instead."
            if faults:
                raise Refused(faults)
            pages.services.keep(service, changes(before, service), who=user_id, at=at)
            ended = self._end(pages, service, by=user_id, at=at) if _retires(before, service) else []
            self._rules.replan(pages, service, at=at)
        return self._saved(service, before, ended, by=user_id, at=at)

    def open_form(self, workspace_id: str, service_id: str, *, at: dt.datetime) -> View:
        """Which checkpoint, and by when."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service = pages.services.get(service_id)
        if service is None:
            return words_view("Not there", _GONE)
        templates = [entry for entry in self._rules.library.of_kind("checkpoint") if entry.template is not None]
        due_on, metadata = day_of(at) + _FIRST_DATE, json.dumps({"service": service.id})
        return forms.open_form(templates, service_name=service.name, metadata=metadata, due_on=due_on)

    def open(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Plan a checkpoint of a service; the team is told.

        Raises: Refused: the date is in the past, the template is gone, or this checkpoint is planned already.
        """
        template_id, due_on = text(values, "template"), read_day(values, "due_on") or dt.date.min
        knowledge = self._rules.library
        entry, today = knowledge.get(template_id), day_of(at)
        if entry is None:
            raise refuse("template", "This checkpoint is not in the knowledge base any more. Choose another.")
        template = freeze(entry, knowledge_version=knowledge.version, today=today)
        with self._rules.ledger.writing(workspace_id) as pages:
            service = self._locked(pages, json.loads(metadata)["service"])
            self._check_not_twice(pages, service, template_id)
            new = self._rules.new_id("c")
            step = walking.start(new, service, template, due_on, by=user_id, at=at, today=today)
            pages.checkpoints.keep(step, at=at)
            asked: tuple[Post, ...] = ()
            if several(values, "people") or several(values, "last_day"):
                asked = start_round(self._rules, pages, service, step.checkpoint, values, by=user_id, at=at)
            self._rules.replan(pages, service, at=at)
        return Done(posts=(prompt_post(self._rules, step, service, at=at), *asked))

    def move_form(self, workspace_id: str, checkpoint_id: str) -> View:
        """The form with the date of a checkpoint."""
        with self._rules.ledger.reading(workspace_id) as pages:
            _, checkpoint = service_and_checkpoint(pages, checkpoint_id)
        metadata = json.dumps({"checkpoint": checkpoint.id})
        return forms.move_form(title_of(checkpoint), checkpoint.due_on, metadata=metadata)

    def move(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Give a checkpoint another date; what will be sent is planned anew.

        Raises: Refused: the date is in the past, or the checkpoint has ended.
        """
        due_on, today = read_day(values, "due_on") or dt.date.min, day_of(at)
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, json.loads(metadata)["checkpoint"], lock=True)
            step = walking.move(checkpoint, due_on, by=user_id, at=at, today=today)
            pages.checkpoints.keep(step, at=at)
            pages.plans.led_to("checkpoint", checkpoint.id, "moved")
            pages.plans.end_snooze("checkpoint", checkpoint.id)
            self._rules.replan(pages, service, at=at)
            changed = prompt_change(self._rules, pages, step, service, at=at)
        message = status.moved_message(step.checkpoint, service, by=user_id, today=today)
        return Done(posts=(Post(service.channel_id, message), *changed) if step.events else ())

    def snooze(
        self, workspace_id: str, user_id: str, subject: Subject, subject_id: str, service_id: str, *, at: dt.datetime
    ) -> Message:
        """Say nothing about a subject for a week; raises Refused where the service is gone."""
        until = day_of(at) + dt.timedelta(days=_SNOOZE_DAYS)
        if faults := snooze_faults(until, self._rules.settings, today=day_of(at)):
            raise Refused(faults)
        with self._rules.ledger.writing(workspace_id) as pages:
            service = self._locked(pages, service_id)
            pages.plans.snooze(Snooze(subject, subject_id, until, user_id, at))
            pages.plans.led_to(subject, subject_id, "snoozed")
            self._rules.replan(pages, service, at=at)
        return status.words_message(f"Nothing more about this for {_SNOOZE_DAYS} days. The date stays as it is.")

    def _end(self, pages: Pages, service: Service, *, by: str, at: dt.datetime) -> list[Checkpoint]:
        """Call off what a retired service is still asked, but its retirement; what waits for the sponsor stays."""
        asked = [
            one
            for one in pages.checkpoints.of_service(service.id)
            if one.state in ANSWERABLE and one.template.id != _RETIREMENT
        ]
        for one in asked:
            pages.checkpoints.keep(walking.cancel(one, reason="The service was retired.", by=by, at=at), at=at)
        return asked

    def _before(self, pages: Pages, about: dict[str, object]) -> Service | None:
        if not about["service"]:
            return None
        before = self._locked(pages, str(about["service"]))
        if len(pages.services.history(before.id)) != about["seen"]:
            raise refuse(FORM, "Somebody changed this service in the meantime. Open it again to see what it says now.")
        return before

    def _locked(self, pages: Pages, service_id: str) -> Service:
        service = pages.services.lock(service_id)
        if service is None:
            raise refuse(FORM, _GONE)
        return service

    def _check_not_twice(self, pages: Pages, service: Service, template_id: str) -> None:
        for one in pages.checkpoints.of_service(service.id):
            if one.template.id == template_id and one.state in ("planned", "open", "submitted", "returned"):
                raise refuse("template", "This checkpoint is under way already. Move its date, or finish it first.")

    def _saved(
        self, service: Service, before: Service | None, ended: list[Checkpoint], *, by: str, at: dt.datetime
    ) -> Done:
        remarks = service_remarks(service, today=day_of(at)).values()
        view = words_view("Saved", "\n".join(["Saved.", *remarks])) if remarks else None
        posts: tuple[Post, ...] = ()
        if before is None:
            posts = (Post(service.channel_id, status.started_message(service, by=by)),)
        elif before.channel_id != service.channel_id:
            posts = (Post(service.channel_id, status.came_here_message(service, by=by)),)
        if ended:
            posts = (*posts, Post(service.channel_id, status.ended_message(ended, service)))
        return Done(view, posts)


def _retires(before: Service | None, service: Service) -> bool:
    return before is not None and before.phase != "retired" and service.phase == "retired"
