"""Several processes on one PostgreSQL: each thing is done once, whoever gets it, and leaving loses nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from bot.app import build
from bot.manifest import manifest
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.trial import cast
from bot.trial.delivery import Courier
from bot.trial.server import StandIn
from bot.usecases.tally import Tally
from tests.journeys.council import PARKING, WORKSPACE, Council
from tests.journeys.test_checkpoints import Team
from tests.journeys.test_notifications import DUE, WEEK_BEFORE, nudges
from tests.journeys.test_serving import environment, free_port

_PATIENCE_SECONDS = 60.0
_EVENTS = 24

pytestmark = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


@pytest.fixture
def slack() -> Iterator[StandIn]:
    with StandIn(manifest(url="https://advisor.example.gov.uk"), ack_seconds=_PATIENCE_SECONDS) as stand_in:
        yield stand_in


@contextmanager
def advisor(command: str, given: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``advisor serve`` or ``advisor clock`` to the end of the block; what it logs is in *log*."""
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "bot", command], env=given, cwd=log.parent, stderr=file)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody answers on that port."""
    for _ in range(int(_PATIENCE_SECONDS * 10)):
        if listens(port):
            return
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise TimeoutError(f"nobody listens on {port}")


def actions(log: Path) -> Counter[str]:
    """How often each action is in a log."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return Counter(json.loads(line).get("action", "") for line in lines if line.startswith("{"))


def test_two_servers_and_two_clocks_answer_each_event_once_and_leave_in_order(
    slack: StandIn, address: str, tmp_path: Path, snapshots: Path
) -> None:
    ports = [free_port(), free_port()]
    logs = [tmp_path / f"{name}.log" for name in ("web.1", "web.2", "clock.1", "clock.2")]
    given = environment(slack, tmp_path, snapshots, DATABASE_URL=address)
    sam = slack.person("Sam")
    with ExitStack() as stack:
        webs = [
            stack.enter_context(advisor("serve", given | {"PORT": str(port)}, log))
            for port, log in zip(ports, logs[:2], strict=True)
        ]
        clocks = [stack.enter_context(advisor("clock", given, log)) for log in logs[2:]]
        for port, web in zip(ports, webs, strict=True):
            wait_until_it_listens(port, web)
        doors = [f"http://127.0.0.1:{port}/slack/events" for port in ports]

        # The same event at both doors at the same moment.
        slack.request_url = "http://127.0.0.1:9/slack/events"
        sam.mention(PARKING, "what is alpha?")
        both = deliver_at_once(slack, doors)
        slack.wait_for(lambda: sam.answers(PARKING), _PATIENCE_SECONDS)

        # One server is told to leave while it is busy; Slack goes to the other one.
        slack.fail_next("chat.postMessage", delay=0.2, times=_EVENTS)
        slack.request_url = doors[0]
        for number in range(_EVENTS):
            if number == _EVENTS // 2:
                webs[0].send_signal(signal.SIGTERM)
                slack.request_url = doors[1]
            sam.dm(f"what is GOV.UK Notify {number}")
        codes = [webs[0].wait(_PATIENCE_SECONDS)]
        slack.wait_for(lambda: len(sam.answers()) == _EVENTS, _PATIENCE_SECONDS)
        for process in (webs[1], *clocks):
            process.send_signal(signal.SIGTERM)
            codes.append(process.wait(_PATIENCE_SECONDS))

    assert both == [200, 200]
    assert len(sam.answers(PARKING)) == 1
    assert len(sam.answers()) == _EVENTS
    assert codes == [0, 0, 0, 0]
    assert [actions(log)["stopped"] for log in logs[:2]] == [1, 1]
    assert sum((actions(log) for log in logs), Counter())["listener_failed"] == 0
    with closing(Database(address)) as database:
        asked = [each.payload for each in slack.deliveries if each.kind == "event" and each.ok]
        asked = [event for event in asked if event["event"].get("user") == cast.SAM]
        assert len(asked) >= _EVENTS
        assert all(Deliveries(database).is_done(WORKSPACE, event["event_id"]) for event in asked)


def deliver_at_once(slack: StandIn, doors: list[str]) -> list[int | None]:
    """Deliver the newest event at each of the doors at one moment; how each was answered."""
    delivery = [each for each in slack.deliveries if each.kind == "event"][-1]
    barrier = Barrier(len(doors))

    def deliver(door: str) -> int | None:
        courier = Courier(slack.workspace, request_url=door, ack_seconds=_PATIENCE_SECONDS, retry_delays=())
        barrier.wait()
        return courier.replay(delivery).status

    with ThreadPoolExecutor(len(doors)) as threads:
        return list(threads.map(deliver, doors))


def test_clocks_that_look_at_the_same_moment_send_each_message_once(council: Council) -> None:
    team = Team(council)
    team.plan(team.start(), due=DUE.isoformat())
    others = [
        build(council.settings, now=council.clock, knowledge_base=council.knowledge_base, migrate=False)
        for _ in range(4)
    ]
    barrier = Barrier(len(others))

    def pass_(number: int) -> Tally:
        barrier.wait()
        return others[number].notifier.send_due(at=WEEK_BEFORE)

    with ThreadPoolExecutor(len(others)) as threads:
        tallies = list(threads.map(pass_, range(len(others))))
    for other in others:
        other.close()

    assert sum(tally.messages for tally in tallies) == 1
    assert len(nudges(team)) == 1


def test_a_clock_that_is_told_to_stop_leaves_the_rest_to_the_next(council: Council) -> None:
    team = Team(council)
    team.plan(team.start(), due=DUE.isoformat())
    council.clock.moment = WEEK_BEFORE
    asked = iter([False, True])

    stopped = council.running.notifier.send_due(at=WEEK_BEFORE, stops=lambda: next(asked, True))
    next_one = council.running.notifier.send_due(at=WEEK_BEFORE)

    assert (stopped.messages, next_one.messages) == (0, 1)
