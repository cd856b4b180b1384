"""
Signed Slack traffic at rising rates to a real ``advisor serve``, and beside it to a bare Bolt app that only echoes.

60% questions, 20% clicks, 10% forms, 10% commands, each at its own moment however slow the answers are; a Slack on this
machine that takes 100 ms a call. Latency counts from the moment a request was due, so a queue before the door shows.

An app that was over the limit twice in a row is not tried at higher rates.

Run: python -m benchmarks.load [--database postgresql|URL] [--rates 10,20,40] [--seconds 10] [--soak MINUTES]
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from slack_sdk.signature import SignatureVerifier

from benchmarks.due import fill_due
from benchmarks.loopback import APP, TEAM
from benchmarks.measuring import circumstances, table
from bot.app import POSTERS, build
from bot.checkpoints.calendar import LONDON
from bot.settings import REPOSITORY, Settings, read_settings
from bot.storage.database import Database
from bot.web import SLACK_PATH
from tests import postgresql

SECRET = "a-secret-for-the-load"
SLACK_SECONDS = 0.1
SLACKS_MOST_PER_HOUR = 30_000
ACKNOWLEDGED_P99_MS = 500
_CONNECTIONS = 64
_DRAIN_SECONDS = 30.0
_QUESTIONS = (
    "what is alpha?", "how do we get ready for a beta assessment", "who signs off a discovery", "what is GOV.UK Notify",
    "do we need a DPIA", "how do we buy from a framework", "what does an accessibility statement have to say",
    "how many users should we test with", "what is a service standard", "can we reuse what another council built",
)  # fmt: skip
_numbers = count(1)


@dataclass(frozen=True)
class Request:
    """One request of Slack's: what is sent, and under which name its reply comes."""

    body: bytes
    content_type: str
    key: str


@dataclass
class Step:
    """What came of one rate: milliseconds until each acknowledgement and reply."""

    rate: float
    acknowledged: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    errors: int = 0
    sent: int = 0
    twice: int = 0
    memory_mb: float = 0.0

    @property
    def lost(self) -> int:
        """How many were acknowledged and got no reply in time."""
        return len(self.acknowledged) - len(self.replied)

    def row(self, name: str) -> list[str]:
        """A line of the table."""
        figures = [f"{at(self.acknowledged, share):.0f}" for share in (0.5, 0.95, 0.99)]
        figures += [f"{at(self.replied, share):.0f}" for share in (0.5, 0.95, 0.99)]
        return [name, f"{self.rate:g}", *figures, f"{self.errors}", f"{self.lost}", f"{self.twice}",
                f"{self.memory_mb:.0f}"]  # fmt: skip


_PARTS = 5
"""Of a soak."""

HEAD = ("app", "a second", "ack p50", "p95", "p99", "reply p50", "p95", "p99", "errors", "no reply", "twice", "MB")


def at(values: Sequence[float], share: float) -> float:
    """The value below which that share of them is; not a number where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def make_request(kind: float) -> Request:
    """A request of the mix; *kind* is between 0 and 1."""
    number = next(_numbers)
    question, user = _QUESTIONS[number % len(_QUESTIONS)], f"U{number:09}"
    stamp = f"{time.time():.6f}"[:-6] + f"{number % 10**6:06}"
    if kind < 0.6:
        event = {"type": "app_mention", "user": user, "text": f"<@U0LOADBOT1> {question}", "ts": stamp,
                 "channel": "C0LOAD0001", "event_ts": stamp}  # fmt: skip
        envelope: dict[str, Any] = {"type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event": event,
                    "event_id": f"Ev{stamp.replace('.', '')}", "event_time": int(time.time()),
                    "authorizations": [{"team_id": TEAM, "user_id": "U0LOADBOT1", "is_bot": True}]}  # fmt: skip
        return Request(json.dumps(envelope).encode(), "application/json", stamp)
    address = f"{os.environ['LOAD_SLACK']}/response/{user}"
    if kind >= 0.9:
        command = {"command": "/advisor", "text": question, "user_id": user, "channel_id": "C0LOAD0001",
                   "channel_name": "load", "team_id": TEAM, "api_app_id": APP, "trigger_id": f"t{number}",
                   "response_url": address}  # fmt: skip
        return Request(urlencode(command).encode(), "application/x-www-form-urlencoded", user)
    payload: dict[str, Any] = {
        "user": {"id": user, "team_id": TEAM},
        "team": {"id": TEAM},
        "api_app_id": APP,
        "trigger_id": f"t{number}",
    }
    if kind < 0.8:
        key = f"t{number}"
        payload |= {"type": "block_actions", "response_url": address, "channel": {"id": "C0LOAD0001"},
                    "container": {"type": "message", "message_ts": stamp, "channel_id": "C0LOAD0001"},
                    "actions": [{"type": "button", "action_id": "open_entry", "block_id": "b", "value": "guide/alpha",
                                 "action_ts": stamp}]}  # fmt: skip
    else:
        key = f"D{user[1:]}"
        value = {"question": {"question": {"type": "plain_text_input", "value": question}}}
        payload |= {
            "type": "view_submission",
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": "ask",
                "blocks": [],
                "private_metadata": "",
                "state": {"values": value},
            },
        }
    return Request(urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded", key)


def send_at_rate(port: int, rate: float, seconds: float) -> tuple[Step, dict[str, float]]:
    """Send so many a second for so long; what came of it, and when each request was due, by the name of its reply."""
    step, due_at, chance = Step(rate), {}, random.Random(20261123)
    total, begins = int(rate * seconds), time.monotonic() + 0.2
    turns, lock = iter(range(total)), threading.Lock()
    sign = SignatureVerifier(SECRET)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while True:
            with lock:
                turn = next(turns, None)
                if turn is None:
                    connection.close()
                    return
                request = make_request(chance.random())
                due = begins + turn / rate
                due_at[request.key] = due
            time.sleep(max(0.0, due - time.monotonic()))
            stamp = str(int(time.time()))
            signed = sign.generate_signature(timestamp=stamp, body=request.body) or ""
            headers = {"Content-Type": request.content_type, "X-Slack-Request-Timestamp": stamp,
                       "X-Slack-Signature": signed}  # fmt: skip
            try:
                connection.request("POST", SLACK_PATH, request.body, headers)
                answer = connection.getresponse()
                answer.read()
                good = answer.status == 200
            except (OSError, http.client.HTTPException):
                connection.close()
                good = False
            with lock:
                step.sent += 1
                if good:
                    step.acknowledged.append((time.monotonic() - due) * 1000)
                else:
                    step.errors += 1

    threads = [threading.Thread(target=work) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return step, due_at


def measure(port: int, pid: int, rate: float, seconds: float) -> Step:
    """One rate, to the last reply (or until nobody can be waiting any more)."""
    step, due_at = send_at_rate(port, rate, seconds)
    came: dict[str, list[float]] = {}
    deadline = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < deadline and len(came) < len(step.acknowledged):
        time.sleep(0.2)
        for key, moment in what_came():
            if key in due_at:
                came.setdefault(key, []).append(moment)
    step.replied = [(min(moments) - due_at[key]) * 1000 for key, moments in came.items()]
    step.twice = sum(len(moments) > 1 for moments in came.values())
    step.memory_mb = memory_mb(pid)
    return step


def what_came() -> list[tuple[str, float]]:
    """What the loopback Slack was sent since it was last asked."""
    with urlopen(f"{os.environ['LOAD_SLACK']}/came", timeout=10) as answer:
        return [(str(key), float(moment)) for key, moment in json.loads(answer.read())]


def memory_mb(pid: int) -> float:
    """What a process and those below it hold, each by its proportional share of common pages."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(memory_mb(int(child)) for child in children)


# The processes


@contextmanager
def process(*command: str, folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Python, to the end of the block; what it logs is in the folder."""
    # A host keeps the compiled modules of the start before, which Python writes unless it was told not to.
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "", **more}
    with (folder / f"{command[1]}.log").open("ab") as log:
        running = subprocess.Popen([sys.executable, *command], env=environment, cwd=folder, stderr=log)
        try:
            yield running
        finally:
            running.terminate()
            running.wait(60)


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_it_listens(port: int, path: str) -> float:
    """Seconds until somebody answers at that address with anything but 503."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", path)
            if connection.getresponse().status != 503:
                return time.monotonic() - began
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise TimeoutError(f"nobody listens on {port}")


def drain(database: Database, settings: Settings, clocks: int, number: int) -> str:
    """1,000 notifications due in 200 channels: how long that many clocks take to send them."""
    now = dt.datetime(2027, 3, 2, 11, tzinfo=LONDON)
    channels = [f"C{number}{each:06}" for each in range(200)]
    fill_due(database, TEAM, channels, each=5, at=now - dt.timedelta(minutes=1))
    runs = [build(settings, now=lambda: now, migrate=False) for _ in range(clocks)]
    threads = [threading.Thread(target=run.notifier.send_due, kwargs={"at": now}) for run in runs]
    what_came()
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.monotonic() - began
    for run in runs:
        run.close()
    said = f"{len(what_came())} messages in {taken:.1f} s"
    return f"1,000 due in 200 channels, {clocks} clock(s), {POSTERS} posters in each: {said}."


def main() -> None:
    """Measure, and print the table and what falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--database", default="",
        help="address of an empty database, or 'postgresql' for a server of its own; else an SQLite file of its own",
    )  # fmt: skip
    parser.add_argument("--rates", default="40,50,60,70,80,90,100,120,140,160", help="a second, one after another")
    parser.add_argument("--seconds", type=float, default=10, help="how long each rate is kept up")
    parser.add_argument("--soak", type=float, default=0, help="minutes at Slack's own limit, 30,000 events an hour")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if given.database == "postgresql":
            programs = postgresql.binaries()
            if programs is None:
                parser.error("there is no PostgreSQL on this machine (initdb and pg_ctl): give the address of one.")
            server = stack.enter_context(postgresql.running(programs))
            given.database = stack.enter_context(server.database())
        run(given, folder, [float(rate) for rate in given.rates.split(",")])


def run(given: argparse.Namespace, folder: Path, rates: Sequence[float]) -> None:
    """Everything, in a folder that goes at the end."""
    slack_port, port, echo_port = free_port(), free_port(), free_port()
    slack = f"http://127.0.0.1:{slack_port}"
    given_to_both = {
        "SLACK_BOT_TOKEN": "xoxb-load", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{slack}/api/",
        "DATABASE_URL": given.database or f"sqlite:///{folder}/advisor.sqlite3", "PORT": str(port),
        "ADVISOR_RATE_LIMIT": "0", "LOAD_SLACK": slack,
    }  # fmt: skip
    os.environ.update(given_to_both)
    settings = read_settings()
    print(f"{circumstances(['slack-bolt', 'gunicorn', 'sqlalchemy'])}\nLoad of the machine before: {os.getloadavg()}")
    with process("-m", "benchmarks.loopback", str(slack_port), str(SLACK_SECONDS), folder=folder):
        until_it_listens(slack_port, "/came")
        with process("-m", "bot", "serve", folder=folder):  # learns the knowledge and makes the tables, once
            until_it_listens(port, "/readyz")
        rows, best, failed = [], {"echo": 0.0, "advisor": 0.0}, {"echo": 0, "advisor": 0}
        with ExitStack() as stack:
            echo = stack.enter_context(process("-m", "benchmarks.echo", str(echo_port), folder=folder))
            until_it_listens(echo_port, SLACK_PATH)
            serve = stack.enter_context(process("-m", "bot", "serve", folder=folder))
            cold = until_it_listens(port, "/readyz")
            for rate in rates:
                for name, where, pid in (("echo", echo_port, echo.pid), ("advisor", port, serve.pid)):
                    if failed[name] == 2:
                        continue
                    step = measure(where, pid, rate, given.seconds)
                    rows.append(step.row(name))
                    good = not step.errors and at(step.acknowledged, 0.99) < ACKNOWLEDGED_P99_MS
                    best[name] = max(best[name], rate) if good else best[name]
                    failed[name] = 0 if good else failed[name] + 1
            if given.soak:
                rate, memory = SLACKS_MOST_PER_HOUR / 3600, [memory_mb(serve.pid)]
                for part in range(1, _PARTS + 1):  # so that warming up and growing can be told apart
                    step = measure(port, serve.pid, rate, given.soak * 60 / _PARTS)
                    memory.append(step.memory_mb)
                    rows.append(step.row(f"advisor, soak {part} of {_PARTS}"))
                print(
                    f"Memory before the soak and after each part of it: {', '.join(f'{one:.0f}' for one in memory)} MB."
                )
        print(f"{settings.database_url.partition(':')[0]}, {given.seconds:g} seconds a rate; times in ms.")
        print(table(HEAD, rows))
        share = best["advisor"] / best["echo"] if best["echo"] else float("nan")
        print(f"Highest rate with p99 under {ACKNOWLEDGED_P99_MS} ms and no error: {best}; that is {share:.0%}.")
        print(f"Second start of serve until it is ready: {cold:.2f} s.")
        with closing(Database(settings.database_url)) as database:
            for number, clocks in enumerate((1, 2)):
                print(drain(database, settings, clocks, number))
    print(f"Load of the machine after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
