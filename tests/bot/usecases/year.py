"""A simulated year: services and their people, three clocks that get killed, and a Slack that fails at random."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from bot.checkpoints.calendar import LONDON, WorkCalendar, day_of, is_working_moment
from bot.checkpoints.dispatch import Collapsed
from bot.checkpoints.notifications import Planned
from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import Contract, Service, changes
from bot.errors import PostingError
from bot.knowledge.councils import Council
from bot.knowledge.entry import Entry, Nation, Prompt, Template
from bot.knowledge.library import Library
from bot.rendering.message import Message
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from bot.storage.outbox import Claim, Outbox
from bot.storage.plans import Kept
from bot.usecases.checkpoint_decisions import DecisionDesk
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.checkpoint_services import ServiceDesk
from bot.usecases.checkpoint_walk import WalkDesk
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import Notifier
from bot.usecases.poster import UNSURE, Posted
from bot.usecases.recall import Recalls
from bot.usecases.upkeep import Upkeep

WORKSPACE = "T1"
FIRST, LAST = dt.date(2027, 1, 4), dt.date(2028, 1, 7)
NATIONS: Sequence[Nation] = ("england", "wales", "scotland", "northern_ireland")
TICKS = (dt.time(9, 30), dt.time(9, 37), dt.time(11, 0))
STRAY_TICKS = (dt.time(16, 50), dt.time(20, 0), dt.time(23, 59))
_PROMPTS = ("users", "money")


class Killed(BaseException):
    """The clock's process is gone, at this very point."""


@dataclass
class FakeSlack:
    """What was posted, by batch; every call may fail, before or after Slack took the message."""

    world: World
    posted: list[tuple[str, str, dt.datetime]] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    down_until: dt.datetime = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    gone: set[str] = field(default_factory=set)

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        world = self.world
        world.maybe_let_others_run()
        if place in self.gone:
            self.failed["gone"] += 1
            raise PostingError("gone", code="is_archived" if place.startswith("C") else "user_not_found")
        if world.now < self.down_until:
            self.failed["down"] += 1
            raise PostingError("down", code=UNSURE)
        luck = world.random.random() if world.deadly else 1.0
        if luck < 0.05:
            self.failed["rate"] += 1
            raise PostingError("slow down", code="ratelimited", retry_after=world.random.randint(1, 900))
        if luck < 0.10:
            self.failed["lost before"] += 1
            raise PostingError("no answer", code=UNSURE)
        found = self._take(place, str((message.metadata or {})["event_payload"]["batch"]))
        if luck < 0.15:
            self.failed["lost after"] += 1
            raise PostingError("no answer", code=UNSURE)
        return found

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        if self.world.now < self.down_until or (self.world.deadly and self.world.random.random() < 0.05):
            self.failed["find"] += 1
            raise PostingError("down", code=UNSURE)
        for where, what, at in self.posted:
            if (where, what) == (place, batch) and at >= since - dt.timedelta(minutes=2):
                return Posted(where, f"{at.timestamp():.6f}", at)
        return None

    def _take(self, place: str, batch: str) -> Posted:
        at = self.world.now + dt.timedelta(microseconds=len(self.posted))
        self.posted.append((place, batch, at))
        return Posted(place, f"{at.timestamp():.6f}", at)


class MortalOutbox(Outbox):
    """An outbox whose user may be killed just before or just after each of its steps."""

    def __init__(self, database: Database, world: World) -> None:
        super().__init__(database)
        self.world = world

    def begin(
        self, claim: Claim, batch: str, items: Sequence[Planned], slots: Sequence[str], *, at: dt.datetime
    ) -> bool:
        self.world.maybe_kill("before begin")
        begun = super().begin(claim, batch, items, slots, at=at)
        if begun:
            self.world.batches[batch] = [(one.key, one.owner_id) for one in items]
        self.world.maybe_kill("after begin")
        return begun

    def record_posted(self, claim: Claim, batch: str, *, channel_id: str, message_ts: str, at: dt.datetime) -> None:
        self.world.maybe_kill("before record")
        super().record_posted(claim, batch, channel_id=channel_id, message_ts=message_ts, at=at)
        self.world.maybe_kill("after record")

    def finish(
        self, claim: Claim, batch: str, held: Mapping[str, dt.datetime], *, channel_id: str, message_ts: str,
        at: dt.datetime,
    ) -> None:  # fmt: skip
        self.world.maybe_kill("before finish")
        super().finish(claim, batch, held, channel_id=channel_id, message_ts=message_ts, at=at)
        self.world.maybe_kill("after finish")

    def take_back(self, claim: Claim, batch: str, *, doubted_at: dt.datetime | None = None) -> None:
        self.world.maybe_kill("before take back")
        super().take_back(claim, batch, doubted_at=doubted_at)

    def collapse(self, claim: Claim, collapsed: Iterable[Collapsed], *, at: dt.datetime) -> None:
        self.world.maybe_kill("before collapse")
        super().collapse(claim, collapsed, at=at)

    def redirect(self, claim: Claim, items: Sequence[Planned], person_of: Mapping[str, str], note: str) -> None:
        self.world.maybe_kill("before redirect")
        super().redirect(claim, items, person_of, note)
        self.world.maybe_kill("after redirect")

    def give_back(
        self, claim: Claim, held: Mapping[str, dt.datetime], *, not_before: dt.datetime | None = None
    ) -> None:
        self.world.maybe_kill("before give back")
        super().give_back(claim, held, not_before=not_before)


class World:
    """Everything together; the same seed gives the same year."""

    def __init__(self, database: Database, *, seed: int, services: int = 60, kills: int = 200) -> None:
        self.random = random.Random(seed)
        self.now = dt.datetime.combine(FIRST, dt.time(8), tzinfo=LONDON)
        self.kills_left = kills
        self.kills: Counter[str] = Counter()
        self.batches: dict[str, list[tuple[str, str]]] = {}
        self.deadly = True
        self.inside = False
        self.ids = 0
        self.ledger = Ledger(database)
        councils = {nation[:3].upper(): _council(nation) for nation in NATIONS}
        base = cast("KnowledgeBase", SimpleNamespace(current=SimpleNamespace(library=_library())))
        self.rules = Rules(base, self.ledger, councils, new_id=self._new_id)
        self.slack = FakeSlack(self)
        recalls = Recalls(self.rules, GivenAnswers(database))
        self.clocks = [
            Notifier(self.rules, MortalOutbox(database, self), self.slack, {"recall": recalls}) for _ in range(3)
        ]
        self.upkeep = Upkeep(self.rules)
        self.desk, self.walk, self.decisions = ServiceDesk(self.rules), WalkDesk(self.rules), DecisionDesk(self.rules)
        self.services = [self._make_service(number) for number in range(services)]
        self.nations = {one.channel_id: councils[one.council].nation for one in self.services}
        self.acts: dict[dt.date, list[Callable[[], object]]] = defaultdict(list)
        for service in self.services:
            self._make_plans(service)

    # What the year is made of

    def run(self) -> None:
        """The whole year, then a week of calm in which everything may settle."""
        day = FIRST
        while day < LAST:
            self._live(day)
            day += dt.timedelta(days=1)
        self.deadly = False
        self.slack.down_until = self.now
        for _ in range(14):
            self._tick_all(dt.datetime.combine(day, dt.time(9, 45), tzinfo=LONDON))
            self._tick_all(dt.datetime.combine(day, dt.time(15, 0), tzinfo=LONDON))
            day += dt.timedelta(days=1)

    def kept(self) -> list[Kept]:
        """Every notification there ever was."""
        with self.ledger.reading(WORKSPACE) as pages:
            return [kept for service in self.services for kept in pages.plans.of_service(service.id)]

    def calendar_of(self, place: str) -> WorkCalendar:
        """When something may be started in a channel."""
        return WorkCalendar(nation=self.nations[place])

    def maybe_kill(self, where: str) -> None:
        """Perhaps this is the moment."""
        if self.deadly and self.kills_left and self.random.random() < 0.02:
            self.kills_left -= 1
            self.kills[where] += 1
            raise Killed(where)

    def maybe_let_others_run(self) -> None:
        """Between what a clock has begun and what it has posted another clock may make a whole pass."""
        if not self.inside and self.random.random() < 0.3:
            self.inside = True
            with suppress(Killed):
                self.random.choice(self.clocks).send_due(at=self.now)
            self.inside = False

    def _live(self, day: dt.date) -> None:
        self._misfortune(day)
        strays = [time for time in STRAY_TICKS if self.random.random() < 0.2]
        for time in (*(TICKS if day.weekday() < 5 else TICKS[-1:]), *strays):
            self._tick_all(dt.datetime.combine(day, time, tzinfo=LONDON))
            if time == dt.time(11, 0):
                for act in self.acts.pop(day, ()):
                    with suppress(Refused):
                        act()
        with suppress(Killed):
            self.upkeep.run(at=self.now) if day.weekday() == 0 else None

    def _tick_all(self, moment: dt.datetime) -> None:
        for number, clock in enumerate(self.random.sample(self.clocks, len(self.clocks))):
            self.now = moment + dt.timedelta(seconds=20 * number)
            try:
                clock.send_due(at=self.now)
            except Killed:
                self.inside = False

    def _misfortune(self, day: dt.date) -> None:
        if self.random.random() < 0.04:
            self.slack.down_until = self.now + dt.timedelta(hours=self.random.choice((3, 8, 30, 80)))
        if day == dt.date(2027, 4, 12):
            self.slack.gone |= {one.channel_id for one in self.services[:4]}
        if day == dt.date(2027, 5, 10):
            self.slack.gone.add(self.services[0].owner_id)

    # The people

    def _make_service(self, number: int) -> Service:
        bought = number % 3 == 0
        ends_on = FIRST + dt.timedelta(days=self.random.randint(200, 900))
        service = Service(
            id=f"s{number:02}",
            workspace_id=WORKSPACE,
            channel_id=f"C{number:02}",
            name=f"Service {number}",
            council=NATIONS[number % 4][:3].upper(),
            owner_id=f"UOWNER{number % 25:02}",
            sponsor_id=f"USPONSOR{number % 15:02}",
            route="bought" if bought else "built",
            contract=Contract("Acme", ends_on, None, 3, (12,), "medium") if bought else None,
        )
        with self.ledger.writing(WORKSPACE) as pages:
            pages.services.keep(service, changes(None, service), who=service.owner_id, at=self.now)
            self.rules.replan(pages, service, at=self.now)
        return service

    def _make_plans(self, service: Service) -> None:
        for name in ("alpha", "beta", "live"):
            due = FIRST + dt.timedelta(days=self.random.randint(35, 300))
            values = {"template": f"checkpoint/{name}", "due_on": due.isoformat()}
            metadata = json.dumps({"service": service.id})
            checkpoint_id = f"c{self.ids + 1}"
            self.desk.open(WORKSPACE, service.owner_id, metadata, values, at=self.now)
            temper = self.random.choice(("prompt", "late", "slow", "never", "moves", "snoozes"))
            self._plan_acts(service, checkpoint_id, due, temper)

    def _plan_acts(self, service: Service, checkpoint_id: str, due: dt.date, temper: str) -> None:
        if temper == "never":
            return
        start = due + dt.timedelta(days={"prompt": -10, "late": 4, "slow": 25, "moves": -3, "snoozes": 3}[temper])
        if temper == "moves":
            later = due + dt.timedelta(days=self.random.randint(20, 60))
            values = {"due_on": later.isoformat()}
            form = json.dumps({"checkpoint": checkpoint_id})
            self._on(start, lambda: self.desk.move(WORKSPACE, service.owner_id, form, values, at=self.now))
            start = later + dt.timedelta(days=2)
        if temper == "snoozes":
            subject = ("checkpoint", checkpoint_id, service.id)
            self._on(start, lambda: self.desk.snooze(WORKSPACE, service.owner_id, *cast("Any", subject), at=self.now))
            start += dt.timedelta(days=15)
        for number, prompt in enumerate(_PROMPTS):
            self._on(start + dt.timedelta(days=number), self._answering(service, checkpoint_id, prompt))
        self._on(start + dt.timedelta(days=3), self._handing_in(service, checkpoint_id))
        if self.random.random() < 0.8:
            wait = self.random.choice((1, 5, 20))
            self._on(start + dt.timedelta(days=3 + wait), self._deciding(service, checkpoint_id))

    def _answering(self, service: Service, checkpoint_id: str, prompt: str) -> Callable[[], object]:
        form = {"checkpoint": checkpoint_id, "prompt": prompt, "seen": 0, "prefilled": ""}
        values = {
            "value": "met",
            "link": f"https://example.gov.uk/{checkpoint_id}/{prompt}",
            "type": "performance figures",
        }
        return lambda: self.walk.answer(WORKSPACE, service.owner_id, json.dumps(form), values, at=self.now)

    def _handing_in(self, service: Service, checkpoint_id: str) -> Callable[[], object]:
        form = json.dumps({"checkpoint": checkpoint_id})
        return lambda: self.walk.submit(WORKSPACE, service.owner_id, form, {}, at=self.now)

    def _deciding(self, service: Service, checkpoint_id: str) -> Callable[[], object]:
        form = json.dumps({"checkpoint": checkpoint_id})

        def decide() -> object:
            by = day_of(self.now) + dt.timedelta(days=30)
            condition = {"conditions.0.what": "Mend it", "conditions.0.owner_id": service.owner_id}
            values = {"outcome": "met with conditions", **condition, "conditions.0.due_on": by.isoformat()}
            return self.decisions.decide(WORKSPACE, service.sponsor_id, form, values, at=self.now)

        return decide

    def _on(self, day: dt.date, act: Callable[[], object]) -> None:
        self.acts[day].append(act)

    def _new_id(self, letter: str) -> str:
        self.ids += 1
        return f"{letter}{self.ids}"


def in_hours(world: World, place: str, at: dt.datetime) -> bool:
    """Whether something was posted when its place works; a person's place is the looser of all nations."""
    calendars = [world.calendar_of(place)] if place in world.nations else [WorkCalendar(nation) for nation in NATIONS]
    return any(is_working_moment(calendar, at=at) for calendar in calendars)


def _council(nation: Nation) -> Council:
    return Council(code=nation[:3].upper(), name=nation, type="x", tier="unitary", nation=nation, region=nation)


def _library() -> Library:
    prompts = tuple(Prompt(id=id, question=f"Is {id} done?", evidence="A note.", help="guide/x") for id in _PROMPTS)
    template = Template(falls="then", decides="they", prompts=prompts)
    names = ("alpha", "beta", "live")
    return Library.of(Entry(id=f"checkpoint/{name}", title=name, summary="x", template=template) for name in names)
