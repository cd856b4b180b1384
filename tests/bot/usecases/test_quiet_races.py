"""People change quiet times while two clocks send: nothing is lost or doubled, and who opted out hears nothing."""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import and_, or_, select

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.notifications import Planned
from bot.rendering.message import Message
from bot.storage.checkpoint_tables import notifications, places
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.outbox import Claim, Outbox
from bot.usecases.checkpoint_forms import Values
from bot.usecases.checkpoint_quiet import QuietDesk
from bot.usecases.notify import Notifier
from bot.usecases.poster import Posted
from bot.usecases.recall import Recalls
from bot.usecases.upkeep import Upkeep
from tests.bot.usecases.year import WORKSPACE, World

FIRST = dt.datetime(2027, 4, 12, 9, 45, tzinfo=LONDON)
DAYS = 8
LEAVERS = [f"C{number:02}" for number in range(DAYS)]
"""Channels of which each day one opts out, in the same race."""

Days = tuple[str, ...]
_WEEKDAYS_OFF: Sequence[Days] = ((), ("4",))
_HOURS = {"opens_at": "09:00", "closes_at": "17:00", "person_a_week": "3"}


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        yield opened


class Slack:
    """Takes everything, and notes which batch stands where."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, str, dt.date]] = []

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        self.posted.append((place, str((message.metadata or {})["event_payload"]["batch"]), Race.now.date()))
        return Posted(place, f"{len(self.posted)}.0", Race.now)

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        raise AssertionError("nothing was left in doubt")


class NotedOutbox(Outbox):
    """Notes what each batch is made of."""

    batches: dict[str, list[str]]

    def begin(
        self, claim: Claim, batch: str, items: Sequence[Planned], slots: Sequence[str], *, at: dt.datetime
    ) -> bool:
        begun = super().begin(claim, batch, items, slots, at=at)
        if begun:
            self.batches[batch] = [one.key for one in items]
        return begun


class Race:
    """Two clocks, the people of thirty services, and an administrator; all of them begin each day at one moment."""

    now = FIRST

    def __init__(self, database: Database) -> None:
        self.database = database
        self.world = World(database, seed=12, services=30, kills=0)
        rules = self.world.rules
        self.slack, self.upkeep, self.desk = Slack(), Upkeep(rules), QuietDesk(rules)
        self.outbox = NotedOutbox(database)
        self.outbox.batches = {}
        recalls = Recalls(rules, GivenAnswers(database))
        self.clocks = [Notifier(rules, self.outbox, self.slack, {"recall": recalls}, posters=4) for _ in range(2)]

    def day(self, chance: random.Random, leaver: str) -> None:
        """Everybody at once."""
        services = self.world.services
        values = [(chance.choice(("1", "2", "3")), chance.choice(_WEEKDAYS_OFF)) for _ in range(12)]
        channels = chance.sample([one.channel_id for one in services if one.channel_id not in LEAVERS], 6)
        people = chance.sample(sorted({one.owner_id for one in services}), 6)
        hours = _HOURS | {"sends_at": chance.choice(("09:30", "09:40")), "channel_a_week": chance.choice(("2", "3"))}
        deeds: list[Callable[[], object]] = [
            *(partial(clock.send_due, at=Race.now) for clock in self.clocks),
            partial(self.set_all, self.set_channel, channels, values[:6]),
            partial(self.set_all, self.set_person, people, values[6:]),
            partial(self.set_channel, leaver, "", (), opted_out=True),
            partial(self.set_council, hours),
            partial(self.upkeep.plan_anew, at=Race.now),
        ]
        together = threading.Barrier(len(deeds), timeout=20)

        def begin(deed: Callable[[], object]) -> None:
            together.wait()
            deed()

        with ThreadPoolExecutor(len(deeds)) as threads:
            list(threads.map(begin, deeds))

    def set_all(self, set_one: Callable[..., None], some: Sequence[str], values: Sequence[tuple[str, Days]]) -> None:
        for place, (a_week, weekdays) in zip(some, values, strict=True):
            set_one(place, a_week, weekdays)

    def set_channel(self, channel: str, a_week: str, weekdays: Days, *, opted_out: bool = False) -> None:
        values: Values = {"a_week": a_week, "weekdays_off": weekdays, "opted_out": "yes" if opted_out else ""}
        self.desk.save_channel(WORKSPACE, "USOMEBODY", self._metadata(channel), values, at=Race.now)

    def set_person(self, person: str, a_week: str, weekdays: Days) -> None:
        values: Values = {"a_week": a_week, "weekdays_off": weekdays}
        self.desk.save_person(WORKSPACE, person, self._metadata(person), values, at=Race.now)

    def set_council(self, values: Values) -> None:
        self.desk.save_council(WORKSPACE, "UADMIN", self._metadata(""), values, at=Race.now)
        self.upkeep.plan_anew(at=Race.now)

    def _metadata(self, place: str) -> str:
        with self.world.ledger.reading(WORKSPACE) as pages:
            return json.dumps({"place": place, "seen": pages.quiet.seen(place)})


def test_nothing_is_lost_or_doubled_and_who_opted_out_hears_nothing(database: Database) -> None:
    race, chance = Race(database), random.Random(20270412)
    left_on: dict[str, dt.date] = {}
    for day, leaver in enumerate(LEAVERS):
        Race.now = FIRST + dt.timedelta(days=day)
        race.day(chance, leaver)
        left_on[leaver] = Race.now.date()

    kept = race.world.kept()
    sent = Counter(key for _, batch, _ in race.slack.posted for key in race.outbox.batches[batch])
    assert [one.planned.key for one in kept if sent[one.planned.key] != (one.state == "posted")] == []
    assert len(sent) > DAYS
    assert [place for place, _, on in race.slack.posted if on > left_on.get(place, on)] == []
    assert [one.planned.key for one in kept if one.state == "posting"] == []
    assert forgotten(database) == []


def forgotten(database: Database) -> list[str]:
    """Places that a clock still has, that seem gone, or in which something waits that no clock would look for."""
    waiting = (
        select(notifications.c.place_id)
        .where(notifications.c.workspace_id == places.c.workspace_id, notifications.c.place_id == places.c.place_id)
        .where(notifications.c.state == "planned")
        .exists()
    )
    unseen = and_(places.c.next_due_at.is_(None), waiting)
    lost = select(places.c.place_id).where(or_(places.c.claimed_by != "", places.c.gone_why != "", unseen))
    with database.reading() as connection:
        return list(connection.execute(lost).scalars())
