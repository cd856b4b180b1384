"""Serving as operators serve: one command, signals, and what is wrong said in one line before anything listens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

import bot.serving
from bot.manifest import manifest
from bot.settings import REPOSITORY, Settings
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.trial.server import StandIn
from bot.usecases.knowledge_base import KnowledgeBase
from tests.bot.knowledge.test_loading import GOOD, folder_with
from tests.journeys.council import WORKSPACE, Council
from tests.journeys.test_observing import value_of

_PATIENCE_SECONDS = 60.0
METRICS_TOKEN = "a-token-for-prometheus"


@pytest.fixture
def slack() -> Iterator[StandIn]:
    with StandIn(manifest(url="https://advisor.example.gov.uk")) as stand_in:
        yield stand_in


class Credentials(Protocol):
    """What an app must be told of a Slack, ours or another."""

    @property
    def bot_token(self) -> str: ...
    @property
    def signing_secret(self) -> str: ...
    @property
    def api_url(self) -> str: ...


def environment(slack: Credentials, folder: Path, snapshots: Path, **changes: str) -> dict[str, str]:
    """The environment of an operator: that of this machine, with nothing of Slack but what is given."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ADVISOR_"))}
    return own | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder}/advisor.sqlite3",
        "ADVISOR_CACHE": str(snapshots),
        "ADVISOR_KNOWLEDGE": str(Settings(_env_file=None).knowledge),
        "PYTHONPATH": str(REPOSITORY),
        **changes,
    }


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(given: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """``advisor serve`` from the moment it listens, to the end of the block."""
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, env=given, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for_entry(process, "started")
            yield process
        finally:
            process.kill()


def serve_and_fail(given: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """``advisor serve`` where it cannot start."""
    command = [sys.executable, "-m", "bot", "serve"]
    return subprocess.run(
        command, env=given, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False
    )


def test_http_is_served_until_the_signal_and_what_is_under_way_is_finished(
    slack: StandIn, tmp_path: Path, snapshots: Path
) -> None:
    port = free_port()
    given = environment(slack, tmp_path, snapshots, PORT=str(port), ADVISOR_METRICS_TOKEN=METRICS_TOKEN)
    sam = slack.person("Sam")

    with serving(given, tmp_path) as process:
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        slack.fail_next("chat.postMessage", delay=0.5)
        sam.dm("what is alpha?")
        slack.wait_for(lambda: slack.calls_of("chat.postMessage"), _PATIENCE_SECONDS)
        ready, metrics = (fetch(port, path) for path in ("/readyz", "/metrics"))
        process.send_signal(signal.SIGTERM)
        code = process.wait(_PATIENCE_SECONDS)

    with closing(Database(given["DATABASE_URL"])) as database:
        done = Deliveries(database).is_done(WORKSPACE, slack.deliveries[0].payload["event_id"])
    assert code == 0
    assert [answer.text.partition(".")[0] for answer in sam.answers()] == ["Alpha"]
    assert done
    assert '"status": "ready"' in ready
    assert 'advisor_acknowledgement_seconds_count{kind="event"}' in metrics


def test_several_workers_count_together_also_what_a_dead_one_has_counted(
    slack: StandIn, tmp_path: Path, snapshots: Path
) -> None:
    port, folders = free_port(), tmp_path / "counts"
    folders.mkdir()
    given = environment(slack, tmp_path, snapshots, PORT=str(port), ADVISOR_METRICS_TOKEN=METRICS_TOKEN)
    sam, answered = slack.person("Sam"), 'advisor_answers_total{outcome="answer"}'

    def shows(series: str, number: int) -> bool:
        return value_of(fetch(port, "/metrics"), series) == number

    def is_done() -> bool:
        asked = next(one for one in reversed(slack.deliveries) if one.payload["event"].get("user") == sam.id)
        with closing(Database(given["DATABASE_URL"])) as database:
            return Deliveries(database).is_done(WORKSPACE, asked.payload["event_id"])

    with serving(given | {"WEB_CONCURRENCY": "2", "TMPDIR": str(folders)}, tmp_path) as process:
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        wait_until(partial(shows, "advisor_workers", 2))
        for number in (1, 2):
            workers = children_of(process.pid)
            sam.dm(f"what is alpha? {number}")
            wait_until(is_done)
            wait_until(partial(shows, answered, number))
            for worker in workers:  # the next question is answered by two others
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            wait_until(partial(shows, "advisor_workers", 2))
        page = fetch(port, "/metrics")
        process.send_signal(signal.SIGTERM)
        code = process.wait(_PATIENCE_SECONDS)

    assert value_of(page, answered) == len(sam.answers()) == 2
    assert page.count("# TYPE advisor_answers_total") == 1
    assert value_of(page, "advisor_notifications_due") == 0
    assert "process_resident_memory_bytes" not in page
    assert (code, list(folders.iterdir())) == (0, [])


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, oldest first."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(true: Callable[[], bool]) -> None:
    """Look now and then, until it is true. Raises: TimeoutError."""
    for _ in range(int(_PATIENCE_SECONDS * 20)):
        if true():
            return
        time.sleep(0.05)
    raise TimeoutError("it never came")


def fetch(port: int, path: str) -> str:
    """What a monitor gets from the process that serves."""
    request = Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    with urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return str(answer.read().decode())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="who the worker is, Linux alone tells")
def test_a_worker_that_replaces_a_killed_one_asks_slack_nothing_and_knows_what_was_saved_meanwhile(
    slack: StandIn, tmp_path: Path
) -> None:
    port, folder = free_port(), folder_with(tmp_path / "knowledge", texting=GOOD)
    given = environment(slack, tmp_path, tmp_path / "kept", PORT=str(port), ADVISOR_KNOWLEDGE=str(folder))
    sam = slack.person("Sam")

    with serving(given, tmp_path) as process:
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        sam.dm("texting")
        slack.wait_for(sam.answers, _PATIENCE_SECONDS)
        folder_with(folder, texting=GOOD.replace("Use the shared", "Never buy another"))
        [worker] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(worker), signal.SIGKILL)
        wait_for_entry(process, "knowledge_reloaded")
        sam.dm("texting")
        slack.wait_for(lambda: len(sam.answers()) > 1, _PATIENCE_SECONDS)

    assert ["Never buy another" in answer.text for answer in sam.answers()] == [False, True]
    assert len(slack.calls_of("auth.test")) == 1


def wait_for_entry(process: subprocess.Popen[str], action: str) -> None:
    """Read what is logged until there is a line of that *action*."""
    assert process.stderr is not None
    lines = (line for line in iter(process.stderr.readline, "") if line.startswith("{"))  # gunicorn's own are no JSON
    assert any(json.loads(line).get("action") == action for line in lines)


def test_a_broken_knowledge_folder_is_listed_and_nothing_listens(
    slack: StandIn, tmp_path: Path, snapshots: Path
) -> None:
    folder = Path(shutil.copytree(Settings(_env_file=None).knowledge, tmp_path / "knowledge"))
    (folder / "guide" / "alpha.yaml").write_text("titel: Alpha\n", encoding="utf-8")
    given = environment(slack, tmp_path, snapshots, ADVISOR_KNOWLEDGE=str(folder))

    ended = serve_and_fail(given, tmp_path)

    assert ended.returncode == 2
    assert "guide/alpha.yaml:1:" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_token_that_slack_refuses_is_one_line(slack: StandIn, tmp_path: Path, snapshots: Path) -> None:
    given = environment(slack, tmp_path, snapshots, SLACK_BOT_TOKEN="xoxb-nobody")

    ended = serve_and_fail(given, tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == "advisor: SLACK_BOT_TOKEN: Slack did not accept it (invalid_auth)."
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("cache", "children"), [("kept", 1), ("/dev/null/nowhere", 0)])
def test_what_is_learnt_anew_is_learnt_once_in_a_child_where_it_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: str, children: int
) -> None:
    folder = folder_with(tmp_path / "knowledge", texting=GOOD)
    settings = Settings(_env_file=None, knowledge=folder, cache=tmp_path / cache)
    in_a_child, begun = bot.serving._in_a_child, []

    def noted(work: Callable[[], object]) -> None:
        begun.append(work)
        in_a_child(work)

    monkeypatch.setattr(bot.serving, "_in_a_child", noted)

    found = [bot.serving.open_knowledge(settings).current.library for _ in range(2)]

    assert [one["guide/texting"].title for one in found] == ["Texting", "Texting"]
    assert len(begun) == children


def test_the_list_of_authorities_is_read_once_for_all_calls_of_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ssl.SSLContext] = []

    def read_it() -> ssl.SSLContext:
        read.append(ssl.SSLContext(PROTOCOL_TLS_CLIENT))
        return read[-1]

    monkeypatch.setattr(urllib.request, "_opener", None)
    monkeypatch.setattr(ssl, "create_default_context", read_it)
    monkeypatch.setattr(ssl, "_create_default_https_context", read_it)

    bot.serving.trust_once()
    for _ in range(2):
        with pytest.raises(URLError):
            WebClient(base_url=f"https://127.0.0.1:{free_port()}/").auth_test()

    assert len(read) == 1


class Connection:
    """What stands for a Socket Mode connection: it is told to stop as soon as it stands."""

    made: list[Connection]

    def __init__(self, app: Any, app_token: str, *, ping_interval: float) -> None:
        self.app, self.token, self.closed = app, app_token, False
        Connection.made.append(self)

    def connect(self) -> None:
        """Connect, and have the process told to stop."""
        os.kill(os.getpid(), signal.SIGTERM)

    def close(self) -> None:
        """Let go."""
        self.closed = True


class FallingConnection(Connection):
    """One that ends by itself while it is being closed."""

    def close(self) -> None:
        """Fail as slack_sdk's client does then."""
        super().close()
        raise AttributeError("'NoneType' object has no attribute 'close'")


@pytest.mark.parametrize("kind", [Connection, FallingConnection])
def test_socket_mode_is_served_until_the_signal(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: type[Connection]
) -> None:
    Connection.made = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(bot.serving, "SocketModeHandler", kind)
    monkeypatch.setattr(KnowledgeBase, "open", lambda *_, **__: council.knowledge_base)

    bot.serving.serve_socket(council.settings)

    for number, handler in before.items():
        signal.signal(number, handler)
    [connection] = Connection.made
    assert connection.closed
    assert caplog.messages[-1] == "Advisor has stopped."
