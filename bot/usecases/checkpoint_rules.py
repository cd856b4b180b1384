"""What every corridor of checkpoints shares: the ledger, the rules' settings, and planning again after each change."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict

from bot.checkpoints.blind import Round, waiting_for
from bot.checkpoints.blind_schedule import person_subject, plan_end, plan_reminder
from bot.checkpoints.calendar import WorkCalendar, day_of
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.evidence import knock_ons
from bot.checkpoints.notifications import Planned, Sent, Settings, Snooze
from bot.checkpoints.progress import current
from bot.checkpoints.quiet import NOTHING_SET, CouncilQuiet, People, Quiet, budgets_of, calendar_of
from bot.checkpoints.radar import read_radar
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.schedule import (
    Known,
    plan,
    plan_action,
    plan_contract,
    plan_digest,
    plan_evidence,
    plan_waiver,
)
from bot.checkpoints.services import Service
from bot.checkpoints.signoff import open_actions
from bot.knowledge.councils import Council
from bot.knowledge.library import Library
from bot.knowledge.shelf_lives import ShelfLife, shipped_shelf_lives
from bot.rendering.message import Message, View
from bot.storage.ledger import Ledger, Pages
from bot.usecases.knowledge_base import KnowledgeBase

_FOREVER = dt.date(9999, 1, 1)
_ID_BYTES = 5
_BLIND_ROUNDS_BACK = dt.timedelta(days=60)
"""A round that ended longer ago is not spoken of any more."""


@dataclass(frozen=True)
class Post:
    """
    A message for a channel (or, by a user's id, for one person). ``posted`` is told Slack's timestamp of it.

    Where ``replaces`` is such a timestamp, the message there is changed, as well as that can be done.
    """

    channel_id: str
    message: Message
    posted: Callable[[str], None] | None = None
    replaces: str = ""


@dataclass(frozen=True)
class Done:
    """What an act of a person leads to: the form that stands now (None: it closes), and what others are told."""

    view: View | None = None
    posts: tuple[Post, ...] = ()


def new_id(letter: str) -> str:
    """A new random id that begins with *letter*."""
    return letter + secrets.token_hex(_ID_BYTES)


@dataclass(frozen=True)
class Rules:
    """The parts that the corridors of checkpoints are built of."""

    knowledge_base: KnowledgeBase
    ledger: Ledger
    councils: Mapping[str, Council]
    settings: Settings = field(default_factory=Settings)
    new_id: Callable[[str], str] = new_id

    @property
    def library(self) -> Library:
        """The knowledge in use."""
        return self.knowledge_base.current.library

    @property
    def lives(self) -> Mapping[str, ShelfLife]:
        """For how long evidence counts, by type: what the knowledge in use says, else what ships."""
        return self.library.shelf_lives or shipped_shelf_lives()

    def calendar(self, service: Service, own: CouncilQuiet, channel: Quiet = NOTHING_SET) -> WorkCalendar:
        """When something may be started about a service, with what its council and its channel have set."""
        return self.calendar_of(service.council, own, channel)

    def calendar_of(self, code: str, own: CouncilQuiet, channel: Quiet = NOTHING_SET) -> WorkCalendar:
        """The same for a council by its code; as in England where it is not known."""
        council = self.councils.get(code)
        return calendar_of(council.nation if council else "england", code, own, channel)

    def usual_calendar(self, pages: Pages, quiet: Quiet = NOTHING_SET) -> WorkCalendar:
        """When the council of most of the workspace's services works, but when the place wants *quiet*."""
        return self.calendar_of(pages.services.usual_council(), pages.quiet.council(), quiet)

    def planned_for(self, version: int) -> str:
        """What a plan depends on besides its service: the council's settings (their *version*) and the shelf lives."""
        lives = "\n".join(f"{type} {life.months}" for type, life in sorted(self.lives.items()))
        return f"{version}/{hashlib.sha256(lives.encode()).hexdigest()[:12]}"

    def replan(self, pages: Pages, service: Service, *, at: dt.datetime) -> None:
        """Plan anew everything that will be sent about a service; to be called after every change of it."""
        pages.plans.replan(service.id, self.planned(pages, service, at=at), at=at)

    def planned(self, pages: Pages, service: Service, *, at: dt.datetime) -> list[Planned]:
        """Everything that will be sent about a service after *at*."""
        checkpoints = pages.checkpoints.of_service(service.id)
        own = pages.quiet.council()
        calendar = self.calendar(service, own, pages.quiet.of(service.channel_id))
        people = pages.quiet.of_all(_people(service, checkpoints))
        kept = pages.plans.of_service(service.id)
        stored = [one.planned for one in kept if one.state == "planned"]
        sent, snoozes = pages.plans.sent(service.id), pages.plans.snoozes()
        planning = _Planning(service, calendar, budgets_of(self.settings, own), at, sent, stored, snoozes, people)
        rounds = planning.blind(pages.blind.to_plan(service.id, since=at - _BLIND_ROUNDS_BACK), checkpoints)
        found = [*planning.checkpoints(checkpoints), *planning.contract(), *rounds, *planning.digest()]
        relying = [_as_if_fresh(one) for one in current(checkpoints)] if service.phase != "retired" else []
        used = {id for one in relying for answer in one.answers.values() for id in answer.evidence_ids}
        pieces = pages.evidence.get_all(used).values() if used else ()
        expiring = knock_ons(pieces, relying, today=_FOREVER, lives=self.lives)
        for one in expiring:
            found += plan_evidence(one, *planning.rules(), **planning.about("evidence", one.evidence.id))
        return sorted(found, key=lambda one: (one.send_at, one.key))


def service_and_checkpoint(pages: Pages, checkpoint_id: str, *, lock: bool = False) -> tuple[Service, Checkpoint]:
    """
    A checkpoint with its service; with *lock* nobody else can change the two until the transaction ends.

    Raises: Refused: one of them is not there any more.
    """
    checkpoint = pages.checkpoints.get(checkpoint_id)
    if checkpoint is not None:
        get = pages.services.lock if lock else pages.services.get
        service = get(checkpoint.service_id)
        checkpoint = pages.checkpoints.get(checkpoint_id) if lock else checkpoint
        if service is not None and checkpoint is not None:
            return service, checkpoint
    raise refuse(FORM, "This checkpoint is not there any more. `/checkpoint` shows what there is.")


def _people(service: Service, checkpoints: Iterable[Checkpoint]) -> set[str]:
    """Everybody who may be asked something about a service."""
    actions = (action for one in checkpoints for action in open_actions(one))
    return {service.owner_id, service.sponsor_id, *(action.owner_id for action in actions)}


def _as_if_fresh(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint without its marks "check again": that evidence has expired is said also after it was marked."""
    answers = {id: replace(answer, lapsed=()) for id, answer in checkpoint.answers.items()}
    return replace(checkpoint, answers=answers)


class _About(TypedDict):
    """What is known of one subject when it is planned."""

    at: dt.datetime
    known: Known


@dataclass(frozen=True)
class _Planning:
    """What all plans of one service share."""

    service: Service
    calendar: WorkCalendar
    settings: Settings
    at: dt.datetime
    sent: Sequence[Sent]
    stored: Sequence[Planned]
    snoozes: Mapping[tuple[str, str], Snooze]
    people: People

    def rules(self) -> tuple[Service, WorkCalendar, Settings]:
        return self.service, self.calendar, self.settings

    def about(self, subject: str, subject_id: str) -> _About:
        one = subject, subject_id
        sent = [past for past in self.sent if (past.subject, past.subject_id) == one]
        stored = [waiting for waiting in self.stored if (waiting.subject, waiting.subject_id) == one]
        return {"at": self.at, "known": Known(sent, stored, self.snoozes.get(one), self.people)}

    def checkpoints(self, checkpoints: Iterable[Checkpoint]) -> list[Planned]:
        found: list[Planned] = []
        for one in checkpoints:
            found += plan(one, *self.rules(), **self.about("checkpoint", one.id))
            for action in open_actions(one):
                found += plan_action(action, *self.rules(), **self.about("action", action.id))
            for waiver in one.decision.waivers if one.decision and one.state == "waived" else ():
                found += plan_waiver(one, waiver, *self.rules(), **self.about("waiver", one.id))
        return found

    def blind(self, rounds: Iterable[Round], checkpoints: Iterable[Checkpoint]) -> list[Planned]:
        by_id = {one.id: one for one in checkpoints}
        found: list[Planned] = []
        for one in rounds:
            about = by_id[one.checkpoint_id], self.service, self.calendar
            found += plan_end(one, *about, known=self.about("blind", one.id)["known"])
            for person in waiting_for(one):
                found += plan_reminder(one, person, *about, **self.about("blind", person_subject(one, person)))
        return found

    def digest(self) -> list[Planned]:
        return plan_digest(*self.rules(), **self.about("digest", self.service.sponsor_id))

    def contract(self) -> list[Planned]:
        contract = self.service.contract
        if contract is None or self.service.phase == "retired":
            return []
        radar = read_radar(contract, self.service.route, today=day_of(self.at))
        return plan_contract(radar, *self.rules(), **self.about("contract", self.service.id))
