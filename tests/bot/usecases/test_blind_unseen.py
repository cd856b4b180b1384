"""
No rating leaves a blind round before its end: two worlds in which others rated differently look the same to a reader.

Whatever a person can bring onto a screen is rendered in both worlds after every act and compared: the forms, the
messages, the Home tab, the plan, the nudges, the register, the calendar.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.checkpoints.blind import RATINGS
from bot.checkpoints.calendar import LONDON
from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import Service, changes
from bot.knowledge.councils import Council
from bot.knowledge.entry import Entry, Prompt, Template
from bot.knowledge.library import Library
from bot.rendering.message import Message
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from bot.storage.outbox import Outbox
from bot.usecases.checkpoint_desks import open_desks
from bot.usecases.checkpoint_register import RegisterDesk
from bot.usecases.checkpoint_rules import Done, Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import Notifier
from bot.usecases.poster import Posted
from bot.usecases.recall import Recalls
from bot.usecases.upkeep import Upkeep

OWNER, SPONSOR, STRANGER = "UOWNER", "USPONSOR", "USTRANGER"
RATERS = ("UANN", "UBOB", "UCAT")
ABSENT = "UDEE"
"""Named too, and never in: so the round stays open."""

MONDAY = dt.datetime(2027, 1, 11, 10, tzinfo=LONDON)
REMINDED = dt.datetime(2027, 1, 20, 9, 31, tzinfo=LONDON)
OVER = dt.datetime(2027, 1, 25, 9, 31, tzinfo=LONDON)
POINTS = ("users", "money")

Said = Mapping[str, str]
cards = st.fixed_dictionaries(
    {f"rating.{point}": st.sampled_from(RATINGS) for point in POINTS}
    | {f"note.{point}": st.text("zebra& <>!", max_size=9) for point in POINTS}
)
acts = st.lists(
    st.tuples(st.sampled_from(("rate", "rate", "withdraw", "close", "look")), st.sampled_from(RATERS), cards, cards),
    max_size=7,
)
readers = st.sampled_from((*RATERS, ABSENT, OWNER, SPONSOR, STRANGER))


class World:
    """One workspace with a round that is open, and everything that was said in it so far."""

    def __init__(self, database: Database, workspace_id: str, *, named: bool) -> None:
        self.workspace = workspace_id
        ids = itertools.count(1)
        base = cast("KnowledgeBase", SimpleNamespace(current=SimpleNamespace(library=_library())))
        council = Council(code="ENG", name="Leeds", type="x", tier="unitary", nation="england", region="x")
        rules = Rules(base, Ledger(database), {"ENG": council}, new_id=lambda letter: f"{letter}{next(ids)}")
        self.desks, self.register = open_desks(rules), RegisterDesk(rules)
        self.rules = rules
        self.said: list[object] = []
        service = Service("s1", self.workspace, "C1", "Permits", "ENG", OWNER, SPONSOR)
        with rules.ledger.writing(self.workspace) as pages:
            pages.services.keep(service, changes(None, service), who=OWNER, at=MONDAY)
        values: dict[str, str | tuple[str, ...]] = {
            "template": "checkpoint/alpha",
            "due_on": "2027-03-01",
            "people": (*RATERS, ABSENT),
            "last_day": "2027-01-22",
            "named": ("named",) if named else (),
        }
        self.desks.services.open(self.workspace, OWNER, json.dumps({"service": "s1"}), values, at=MONDAY)

    def act(self, kind: str, person: str, card: Said, reader: str) -> None:
        """What somebody does; what comes of it is said to all, or to the person alone."""
        desk = self.desks.blind
        try:
            if kind == "rate":
                done = desk.rate(self.workspace, person, json.dumps({"round": "b2"}), card, at=MONDAY)
            elif kind == "withdraw":
                done = desk.withdraw(self.workspace, person, "b2", at=MONDAY)
            elif kind == "close":
                done = desk.close_early(self.workspace, person, "b2", at=MONDAY)  # not the owner: refused
            else:
                done = Done(desk.round_view(self.workspace, person, "b2", at=MONDAY))
        except Refused as refused:
            self.said.append(str(refused))
            return
        self.said += [(post.channel_id, post.message.payload()) for post in done.posts]
        if person == reader and done.view is not None:
            self.said.append(done.view.payload())

    def seen(self, reader: str) -> list[Any]:
        """Everything that *reader* can bring onto a screen."""
        where, desks, at = self.workspace, self.desks, MONDAY
        views = [
            desks.blind.view(where, reader, "c1", at=at),
            desks.blind.round_view(where, reader, "b2", at=at),
            desks.blind.standing(where, reader, "b2"),
            desks.walk.points(where, "c1"),
            desks.walk.view(where, "c1", at=at),
            desks.decisions.form(where, reader, "c1"),
            desks.services.edit_form(where, "s1"),
        ]
        overview = desks.overview
        messages = [
            overview.standing(where, "C1", at=at),
            overview.plan(where, "C1", at=at),
            overview.nudges(where, "C1"),
        ]
        messages.append(desks.decisions.receipt_of(where, "c1"))
        files = [self.register.give_out(where), self.register.calendar(where, at=at)]
        home = overview.home(where, reader, at=at)
        screens = [*(one.payload() for one in views), *(one.payload() for one in messages)]
        return [*screens, home, *files, *self.said]


class Clock:
    """The clock of a database, and the poster of what it sends: each world hears its own."""

    def __init__(self, database: Database, *worlds: World) -> None:
        self._worlds = {world.workspace: world for world in worlds}
        self._upkeep = Upkeep(worlds[0].rules)
        self._notifier = Notifier(
            worlds[0].rules, Outbox(database), self, {"recall": Recalls(worlds[0].rules, GivenAnswers(database))}
        )

    def tick(self, at: dt.datetime) -> None:
        """One pass."""
        self._upkeep.run(at=at)
        self._upkeep.close_rounds(at=at)
        self._notifier.send_due(at=at)

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        """What the clock says, without the name of its batch."""
        self._worlds[workspace_id].said.append((place, message.text, message.blocks))
        return Posted(place, "1.0", MONDAY)

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        """Nothing is ever in doubt here."""
        raise AssertionError


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables; a copy of it is made sooner than they are."""
    file = tmp_path_factory.mktemp("unseen") / "advisor.sqlite3"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
    return file


@contextmanager
def two_worlds(migrated: Path, *, named: bool) -> Iterator[tuple[World, World, Clock]]:
    """Two worlds that are alike, in a database of their own."""
    with TemporaryDirectory() as folder:
        file = shutil.copy(migrated, folder)
        with closing(Database(f"sqlite:///{file}")) as database:
            one, other = World(database, "T1", named=named), World(database, "T2", named=named)
            yield one, other, Clock(database, one, other)


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(acts=acts, reader=readers, named=st.booleans())
def test_nothing_that_others_rated_can_be_seen_before_the_end(
    migrated: Path, acts: list[tuple[str, str, Said, Said]], reader: str, named: bool
) -> None:
    with two_worlds(migrated, named=named) as (one, other, clock):
        for kind, person, card, another in acts:
            one.act(kind, person, card, reader)
            other.act(kind, person, card if person == reader else another, reader)
            assert one.seen(reader) == other.seen(reader)

        clock.tick(REMINDED)

        assert one.seen(reader) == other.seen(reader)


def test_after_the_end_it_can_be_seen(migrated: Path) -> None:
    with two_worlds(migrated, named=False) as (one, other, clock):
        for world, rating in ((one, "met"), (other, "not yet")):
            for person in RATERS[:2]:
                card = {f"rating.{point}": rating if person == "UANN" else "met" for point in POINTS}
                world.act("rate", person, card, STRANGER)
        before = one.said == other.said
        clock.tick(OVER)

        assert before
        assert one.said != other.said
        assert one.seen(STRANGER) != other.seen(STRANGER)


def _library() -> Library:
    prompts = tuple(Prompt(id=id, question=f"Is {id} done?", evidence="A note.", help="guide/x") for id in POINTS)
    template = Template(falls="then", decides="they", prompts=prompts)
    return Library.of([Entry(id="checkpoint/alpha", title="alpha", summary="x", template=template)])
