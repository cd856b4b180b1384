"""PostgreSQL is gone for half a minute: processes live, one that starts waits, and nothing is lost or doubled."""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.manifest import manifest
from bot.storage.database import Database
from bot.trial.server import StandIn
from tests import postgresql
from tests.faults.test_kills import wait_until
from tests.journeys.council import PARKING
from tests.journeys.test_processes import actions, advisor, listens, wait_until_it_listens
from tests.journeys.test_serving import environment, free_port

OUTAGE_SECONDS = float(os.environ.get("ADVISOR_OUTAGE", "30"))
RETRIES = (OUTAGE_SECONDS + 3, 5.0, 10.0)


def test_what_is_asked_while_the_database_is_gone_is_answered_once_when_it_is_back(
    tmp_path: Path, snapshots: Path
) -> None:
    programs = postgresql.binaries()
    if programs is None:
        pytest.skip("there is no PostgreSQL on this machine")
    port, clock_port = free_port(), free_port()
    logs = [tmp_path / f"{name}.log" for name in ("web", "clock", "late")]
    with ExitStack() as stack:
        server = stack.enter_context(postgresql.running(programs))
        slack = stack.enter_context(StandIn(manifest(), retry_delays=RETRIES))
        address = stack.enter_context(server.database())
        given = environment(slack, tmp_path, snapshots, DATABASE_URL=address, PORT=str(port))
        with closing(Database(address)) as database:
            database.migrate()
        web = stack.enter_context(advisor("serve", given, logs[0]))
        given |= {"ADVISOR_HEALTH_PORT": str(clock_port)}
        clock = stack.enter_context(advisor("clock", given, logs[1]))
        wait_until_it_listens(port, web)
        wait_until_it_listens(clock_port, clock)
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        sam = slack.person("Sam")
        sam.mention(PARKING, "what is beta?")
        slack.wait_for(lambda: sam.answers(PARKING), 30)

        with server.gone():
            began = time.monotonic()
            asked = [sam.mention(PARKING, f"what is alpha? {number}") for number in range(5)]
            sam.command("/advisor", "what is alpha?", channel=PARKING)
            late_port = free_port()
            late = stack.enter_context(advisor("clock", given | {"ADVISOR_HEALTH_PORT": str(late_port)}, logs[2]))
            ready = listens(port)
            time.sleep(OUTAGE_SECONDS - (time.monotonic() - began))
        wait_until_it_listens(late_port, late)
        wait_until(lambda: answered(slack) == len(asked) + 1)
        time.sleep(3)
        told = Counter(one.thread_ts for one in sam.answers(PARKING) if "That did not work" in one.text)
        answers = Counter(one.thread_ts for one in sam.answers(PARKING) if one.text.startswith("Alpha"))
        alive = [process.poll() for process in (web, clock, late)]
        ready_again = [listens(each) for each in (port, clock_port, late_port)]

    assert not ready
    assert alive == [None, None, None]
    assert ready_again == [True, True, True]
    assert actions(logs[2])["database_awaited"] == 1
    assert [told[one.ts] for one in asked] == [1] * len(asked)
    assert [answers[one.ts] for one in asked] == [1] * len(asked)
    assert sum((actions(log) for log in logs), Counter())["listener_failed"] >= len(asked)


def answered(slack: StandIn) -> int:
    """How many threads of the channel hold an answer."""
    said = slack.person("Sam").answers(PARKING)
    return len({one.thread_ts for one in said if one.text.startswith(("Alpha", "Beta"))})
