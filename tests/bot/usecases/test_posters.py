"""One clock that posts to several places at once: each message once, one pause for all, and an end in order."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import func, select

from benchmarks.due import fill_due
from bot.checkpoints.calendar import LONDON
from bot.checkpoints.notifications import Planned
from bot.errors import PostingError, StorageError
from bot.knowledge.library import Library
from bot.logs import begin_request, request_id
from bot.rendering.message import Message
from bot.storage.checkpoint_tables import places
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from bot.storage.outbox import Claim, Outbox
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import LEASE, Notifier
from bot.usecases.notify_place import MARGIN
from bot.usecases.poster import Posted
from bot.usecases.recall import Recalls

NOON = dt.datetime(2027, 3, 2, 12, tzinfo=LONDON)
POSTERS = 4
CHANNELS = [f"C1{number:02}" for number in range(5 * POSTERS)]
_PATIENCE_SECONDS = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        yield opened


@dataclass
class Slack:
    """Notes what is posted, by whom, and under which request; *meanwhile* is what happens during a call."""

    meanwhile: Callable[[str, int], None] = lambda place, number: None
    posted: list[tuple[str, str]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        with self.lock:
            number, self.calls = self.calls, self.calls + 1
            self.threads.add(threading.current_thread().name)
            self.requests.add(request_id())
        self.meanwhile(place, number)
        with self.lock:
            self.posted.append((workspace_id, place))
        return Posted(place, f"{number}.0", NOON)

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        raise AssertionError("nothing was left in doubt")


class NotedOutbox(Outbox):
    """An outbox that says when a place was put off, and what was left of the lease when a message was begun."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.put_off = threading.Event()
        self.left: list[dt.timedelta] = []

    def begin(
        self, claim: Claim, batch: str, items: Sequence[Planned], slots: Sequence[str], *, at: dt.datetime
    ) -> bool:
        self.left.append(claim.lease_until - at)
        return super().begin(claim, batch, items, slots, at=at)

    def give_back(
        self, claim: Claim, held: Mapping[str, dt.datetime], *, not_before: dt.datetime | None = None
    ) -> None:
        super().give_back(claim, held, not_before=not_before)
        if not_before is not None:
            self.put_off.set()


def make_notifier(outbox: Outbox, database: Database, slack: Slack, *, posters: int = POSTERS) -> Notifier:
    base = cast("KnowledgeBase", SimpleNamespace(current=SimpleNamespace(library=Library.of([]))))
    rules = Rules(base, Ledger(database), {})
    return Notifier(rules, outbox, slack, {"recall": Recalls(rules, GivenAnswers(database))}, posters=posters)


def fill(database: Database, channels: Sequence[str] = CHANNELS, *, workspace: str = "T1") -> None:
    """Two notifications due in each channel."""
    fill_due(database, workspace, channels, each=2, at=NOON - dt.timedelta(minutes=1))


def still_claimed(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).where(places.c.claimed_by != "")).scalar_one())


def test_four_post_at_once_and_each_place_hears_once(database: Database) -> None:
    fill(database)
    together = threading.Barrier(POSTERS, timeout=_PATIENCE_SECONDS)

    def meanwhile(place: str, number: int) -> None:
        if number < POSTERS:
            together.wait()

    slack = Slack(meanwhile)
    request = begin_request()

    tally = make_notifier(Outbox(database), database, slack).send_due(at=NOON)

    assert Counter(slack.posted) == dict.fromkeys([("T1", channel) for channel in CHANNELS], 1)
    assert (tally.messages, tally.posted, tally.failed) == (len(CHANNELS), 2 * len(CHANNELS), 0)
    assert len(slack.threads) == POSTERS
    assert slack.requests == {request}
    assert still_claimed(database) == 0


def test_for_a_few_places_nobody_else_is_called(database: Database) -> None:
    fill(database, CHANNELS[:3])
    slack = Slack()

    make_notifier(Outbox(database), database, slack).send_due(at=NOON)

    assert len(slack.posted) == 3
    assert slack.threads == {threading.current_thread().name}


def test_what_slack_tells_one_poster_holds_all_of_its_workspace_and_nobody_else(database: Database) -> None:
    fill(database)
    fill(database, ["C201", "C202", "C203", "C204"], workspace="T2")
    outbox, together = NotedOutbox(database), threading.Barrier(POSTERS, timeout=_PATIENCE_SECONDS)

    def meanwhile(place: str, number: int) -> None:
        if number < POSTERS:  # four messages are on their way, and Slack takes three
            together.wait()
            if number == 0:
                raise PostingError("slow down", code="ratelimited", retry_after=90)
            assert outbox.put_off.wait(_PATIENCE_SECONDS)

    slack = Slack(meanwhile)
    clock = make_notifier(outbox, database, slack)
    first, too_soon, later = (clock.send_due(at=NOON + dt.timedelta(seconds=each)) for each in (0, 89, 90))

    assert (first.messages, first.failed) == (3 + 4, 1)
    assert first.resume_at == NOON + dt.timedelta(seconds=90)
    assert (too_soon.messages, later.messages) == (0, len(CHANNELS) - 3)
    assert Counter(Counter(slack.posted).values()) == {1: len(CHANNELS) + 4}


def test_all_stop_after_the_message_under_way_and_leave_the_rest_to_the_next(database: Database) -> None:
    fill(database)
    slack = Slack()
    clock = make_notifier(Outbox(database), database, slack)

    stopped = clock.send_due(at=NOON, stops=lambda: slack.calls >= 6)
    left_claimed = still_claimed(database)
    rest = clock.send_due(at=NOON)

    assert 6 <= stopped.messages < 6 + POSTERS
    assert left_claimed == 0
    assert stopped.messages + rest.messages == len(CHANNELS)
    assert Counter(slack.posted) == dict.fromkeys([("T1", channel) for channel in CHANNELS], 1)


def test_what_fails_in_one_of_them_is_raised_when_the_others_have_done_their_work(database: Database) -> None:
    fill(database)
    begun = threading.Event()

    def meanwhile(place: str, number: int) -> None:
        if threading.current_thread().name.startswith("poster") and not begun.is_set():
            begun.set()
            raise StorageError("The database is gone.")
        assert begun.wait(_PATIENCE_SECONDS)

    slack = Slack(meanwhile)
    with pytest.raises(StorageError, match="is gone"):
        make_notifier(Outbox(database), database, slack).send_due(at=NOON)

    assert len(slack.posted) >= len(CHANNELS) - len(CHANNELS) // POSTERS


def test_a_message_is_not_begun_in_the_last_moments_of_a_lease(database: Database) -> None:
    fill(database, CHANNELS[:1])
    outbox, slack, asked = NotedOutbox(database), Slack(), iter(range(100))

    def now() -> dt.datetime:
        """Four of the five minutes pass between the claim and the message."""
        return NOON if next(asked) < 2 else NOON + LEASE - dt.timedelta(minutes=1)

    tally = make_notifier(outbox, database, slack, posters=1).send_due(at=NOON, now=now)

    assert tally.messages == 1
    assert outbox.left == [LEASE]
    assert MARGIN < LEASE
