"""kill -9 of web and of clock, at seeded moments under load: nothing lost, nothing twice."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.due import fill_due
from bot.checkpoints.calendar import LONDON
from bot.manifest import manifest
from bot.storage.checkpoint_tables import places
from bot.storage.database import Database
from bot.storage.tables import processed_deliveries
from bot.trial import cast
from bot.trial.records import Channel
from bot.trial.server import StandIn
from tests.faults.mortal import LEASE, PLACES_LEASE, SHIFT
from tests.journeys.council import PARKING, WORKSPACE
from tests.journeys.test_processes import listens
from tests.journeys.test_serving import environment, free_port

KILLS = int(os.environ.get("ADVISOR_KILLS", "60")) // 4
"""Of each kind of process, on each database."""

SEED = 20261123
PATIENCE_SECONDS = 120.0
RETRIES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_CHANNELS_AT_A_TIME = 200
_PEOPLE = ("Sam", "Priya", "Jo", "Tom") * 3

pytestmark = pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)


@contextmanager
def mortal(name: str, given: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The parent of the processes that are killed, to the end of the block."""
    command = [sys.executable, "-m", "tests.faults.mortal", name]
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=given, cwd=log.parent, stderr=file)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that *process* has started, oldest first."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def kill(process: subprocess.Popen[bytes], chance: random.Random, *, between: tuple[float, float]) -> Counter[str]:
    """Kill one child after another; how many died."""
    killed: Counter[str] = Counter()
    while killed["died"] < KILLS:
        time.sleep(chance.uniform(*between))
        if victims := children_of(process):
            os.kill(chance.choice(victims), signal.SIGKILL)
            killed["died"] += 1
        else:
            killed["nobody there"] += 1
    return killed


def wait_until(true: Callable[[], bool]) -> None:
    """Look now and then, until it is true. Raises: TimeoutError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("it never came")
        time.sleep(0.5)


def test_each_question_is_answered_once_however_many_workers_are_killed(
    address: str, tmp_path: Path, snapshots: Path
) -> None:
    port, stop = free_port(), threading.Event()
    with ExitStack() as stack:
        slack = stack.enter_context(StandIn(manifest(), retry_delays=RETRIES))
        slack.fail_next("chat.postMessage", delay=0.1, times=10**6)
        given = environment(slack, tmp_path, snapshots, DATABASE_URL=address, PORT=str(port), WEB_CONCURRENCY="2")
        web = stack.enter_context(mortal("web", given | {"ADVISOR_RATE_LIMIT": "0"}, tmp_path / "web.log"))
        wait_until(lambda: listens(port))
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        people = [threading.Thread(target=ask_until, args=(slack, name, stop)) for name in _PEOPLE]
        for person in people:
            person.start()
        killed = kill(web, random.Random(SEED), between=(0.2, 1.2))
        stop.set()
        for person in people:
            person.join()
        time.sleep(sum(RETRIES[:3]))
        with closing(Database(address)) as database:
            wait_until(lambda: left_open(database) == 0)
        time.sleep(2 * LEASE.total_seconds())
        asked = [one for one in slack.person("Sam").messages(PARKING) if "what is alpha" in one.text and not one.bot_id]
        answers = Counter(one.thread_ts for one in slack.person("Sam").answers(PARKING))

    numbers = Counter(answers[one.ts] for one in asked)
    print(f"\nweb: {killed['died']} kills, {len(asked)} questions; answers to each: {dict(numbers)}")
    assert killed["died"] == KILLS
    assert len(asked) > KILLS
    assert numbers == {1: len(asked)}


def ask_until(slack: StandIn, name: str, stop: threading.Event) -> None:
    """Ask in the channel, again and again."""
    person = slack.person(name)
    for number in count():
        if stop.wait(0.2):
            return
        person.mention(PARKING, f"what is alpha? {name} {number}")


def left_open(database: Database) -> int:
    """How many deliveries are not finished."""
    with database.reading() as connection:
        open_ = select(func.count()).where(processed_deliveries.c.done.is_(False))
        return int(connection.execute(open_).scalar_one())


def test_each_notification_goes_out_once_however_many_clocks_are_killed(
    address: str, tmp_path: Path, snapshots: Path
) -> None:
    shift = dt.datetime(2027, 3, 2, 11, tzinfo=LONDON) - dt.datetime.now(dt.UTC)

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + shift

    names = [f"C{number:06}" for number in range(_CHANNELS_AT_A_TIME * 100)]
    fresh = iter(names)
    used: list[str] = []
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(address)))
        slack = stack.enter_context(StandIn(manifest(), clock=now))
        slack.fail_next("chat.postMessage", delay=0.05, times=10**6)
        given = environment(slack, tmp_path, snapshots, DATABASE_URL=address)
        given[SHIFT] = str(shift.total_seconds())

        def fill() -> None:
            some = [next(fresh) for _ in range(_CHANNELS_AT_A_TIME)]
            used.extend(some)
            with slack.workspace.change():
                for name in some:
                    slack.workspace.channels[name] = Channel(name, name.lower(), members={cast.BOT_USER, cast.SAM})
            fill_due(database, WORKSPACE, some, each=2, at=now() - dt.timedelta(minutes=1))

        fill()
        clock = stack.enter_context(mortal("clock", given, tmp_path / "clock.log"))
        wait_until(lambda: bool(slack.calls_of("chat.postMessage")))
        killer_is_done = threading.Event()
        killed: list[Counter[str]] = []

        def do_kill() -> None:
            killed.append(kill(clock, random.Random(SEED), between=(0.05, 0.5)))
            killer_is_done.set()

        killer = threading.Thread(target=do_kill)
        killer.start()
        while not killer_is_done.wait(0.2):
            if waiting(database, now()) < _CHANNELS_AT_A_TIME // 2:
                fill()
        killer.join()
        wait_until(lambda: waiting(database, now()) == 0)
        time.sleep(PLACES_LEASE.total_seconds())
        told = {name: len([one for one in slack.workspace.messages(name) if one.bot_id]) for name in used}

    numbers = Counter(told[name] for name in used)
    print(f"\nclock: {killed[0]['died']} kills, {len(used)} channels; messages in each: {dict(numbers)}")
    assert killed[0]["died"] == KILLS
    assert numbers == {1: len(used)}


def waiting(database: Database, at: dt.datetime) -> int:
    """How many places still wait for a message that is due."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).where(places.c.next_due_at <= at)).scalar_one())
