"""What an operator sees from outside: one id from Slack's request to the post, metrics, probes, headers."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError

import pytest
from pydantic import SecretStr
from werkzeug.test import Client

from bot.clock import Clock
from bot.errors import SettingsError
from bot.logs import JsonFormatter
from bot.metrics import MOST_WORDS, Metrics, Standing
from bot.probes import SECURITY_HEADERS, ProbeServer, SocketAge, probes
from bot.serving import _age_of
from bot.usecases.advise import Advisor
from bot.web import SLACK_PATH, wsgi_app
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import Council
from tests.journeys.test_deliveries import lose_database

TOKEN = "a-token-for-prometheus"


class Lines(logging.Handler):
    """Every line of the log, as it would be written: in the thread in which it is said."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(json.loads(self.format(record)))

    def of(self, action: str) -> list[dict[str, Any]]:
        """The lines of one action."""
        return [line for line in self.lines if line.get("action") == action]


@pytest.fixture
def log() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_one_id_leads_from_the_request_of_slack_to_the_post(council: Council, log: Lines) -> None:
    council.dm(council.sam, "what is alpha?")

    came = log.of("request")[0]
    [posted] = [line for line in log.of("slack_call") if line["method"] == "chat.postMessage"]
    assert re.fullmatch(r"[0-9A-F]{8}", came["request"])
    assert posted["request"] == came["request"]
    # Slack also tells of what Advisor itself says, and that may arrive at the same time.
    [asked] = [one for one in council.slack.deliveries if one.payload["event"].get("user") == council.sam.id]
    assert (came["kind"], came["event"]) == ("event", asked.payload["event_id"])


def test_two_requests_have_two_ids_also_when_one_thread_serves_both(council: Council, log: Lines) -> None:
    council.dm(council.sam, "what is alpha?")
    council.command(council.sam, "/advisor", "what is beta?")

    ids = [line["request"] for line in log.of("request")]
    assert len(set(ids)) == len(ids) >= 2


def test_the_reference_that_a_person_reads_is_the_id_in_the_log(
    council: Council, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.noisy = True
    monkeypatch.setattr(Advisor, "advise", lambda *_, **__: 1 / 0)

    told = council.dm(council.sam, "what is alpha?")

    [failed] = log.of("listener_failed")
    assert failed["request"] in told.text
    assert failed["request"] == log.of("request")[0]["request"]


def test_a_pass_of_the_clock_has_an_id_too(council: Council, log: Lines) -> None:
    Clock(council.running).tick()
    logging.getLogger("bot.clock").info("after")

    assert log.lines[-1]["request"]


@pytest.fixture
def measured(make_council: MakeCouncil) -> Council:
    """A council whose metrics may be read."""
    return make_council(metrics_token=SecretStr(TOKEN))


def metrics_of(council: Council) -> str:
    """The page of metrics."""
    answer = Client(wsgi_app(council.running)).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return answer.get_data(as_text=True)


def value_of(page: str, series: str) -> float:
    """The value of one series; 0 where it has not begun."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_metrics_count_outcomes_acknowledgements_and_calls(measured: Council) -> None:
    measured.dm(measured.sam, "what is alpha?")
    measured.command(measured.sam, "/advisor", "who won the football")

    page = metrics_of(measured)

    assert value_of(page, 'advisor_answers_total{outcome="answer"}') == 1
    assert value_of(page, 'advisor_answers_total{outcome="outside"}') == 1
    assert value_of(page, 'advisor_requests_total{kind="event",outcome="taken"}') >= 1
    assert value_of(page, 'advisor_acknowledgement_seconds_count{kind="command"}') == 1
    assert value_of(page, 'advisor_reply_seconds_count{kind="event"}') >= 1
    assert value_of(page, 'advisor_slack_calls_total{error="",method="chat.postMessage"}') == 1
    assert value_of(page, "process_resident_memory_bytes") > 0


def test_metrics_count_what_slack_refuses_by_method(measured: Council) -> None:
    measured.noisy = True
    measured.slack.fail_next("chat.postMessage", error="restricted_action", times=1)
    measured.slack.fail_next("chat.postMessage", status=500, times=1)

    measured.sam.dm("what is alpha?")
    measured.settle()

    page = metrics_of(measured)
    assert value_of(page, 'advisor_slack_calls_total{error="restricted_action",method="chat.postMessage"}') == 1
    assert value_of(page, 'advisor_slack_calls_total{error="http_500",method="chat.postMessage"}') == 1
    assert value_of(page, "advisor_failures_total") == 1


def test_metrics_name_no_workspace_no_person_and_no_channel(measured: Council) -> None:
    measured.mention(measured.sam, "what is alpha?")
    Clock(measured.running).tick()

    page = metrics_of(measured)

    assert not re.search(r"[TUCD]0[A-Z0-9]{6,}", page)


def test_the_clock_shows_in_the_metrics_and_in_readiness(measured: Council) -> None:
    Clock(measured.running).tick()
    measured.clock.forward(minutes=6)

    ready = Client(wsgi_app(measured.running)).get("/readyz")

    assert value_of(metrics_of(measured), "advisor_clock_age_seconds") == pytest.approx(360, abs=1)
    assert ready.status_code == 200
    assert ready.json is not None
    assert (ready.json["clock"], ready.json["clock_age"]) == ("late", pytest.approx(360, abs=1))


def test_a_worker_that_was_killed_before_it_could_count_leaves_the_metrics_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    (tmp_path / "counter_1.db").touch()
    metrics = Metrics()
    metrics.watch(lambda: Standing(3, 1, None))

    page = metrics.page().decode()

    assert (value_of(page, "advisor_notifications_due"), value_of(page, "advisor_notifications_late")) == (3, 1)


def test_two_advisors_in_one_process_count_apart(make_council: MakeCouncil) -> None:
    first, second = (make_council(metrics_token=SecretStr(TOKEN)) for _ in range(2))

    first.dm(first.sam, "what is alpha?")

    assert value_of(metrics_of(second), 'advisor_answers_total{outcome="answer"}') == 0


def test_without_a_database_there_are_metrics_but_none_of_the_clock(measured: Council) -> None:
    lose_database(measured)

    assert "advisor_notifications_due" not in metrics_of(measured)


def test_metrics_are_not_there_without_a_token_being_set(council: Council) -> None:
    assert Client(wsgi_app(council.running)).get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN, "Bearer \u00e9", "Basic " + TOKEN])
def test_metrics_are_refused_without_the_right_token(measured: Council, given: str) -> None:
    headers = {"Authorization": given.encode().decode("latin-1")} if given else {}

    answer = Client(wsgi_app(measured.running)).get("/metrics", headers=headers)

    assert answer.status_code == 401
    assert "advisor_" not in answer.get_data(as_text=True)


def test_a_label_does_not_grow_for_ever() -> None:
    metrics = Metrics()

    for number in range(MOST_WORDS + 20):
        metrics.called_slack("chat.postMessage", f"error_{number}")
    metrics.called_slack("<script>", "no good word")

    page = metrics.page().decode()
    assert page.count("advisor_slack_calls_total{") == MOST_WORDS + 2
    assert 'error="other",method="chat.postMessage"' in page
    assert 'error="other",method="other"' in page


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/", SLACK_PATH])
def test_every_page_carries_the_security_headers(council: Council, path: str) -> None:
    answer = Client(wsgi_app(council.running)).get(path)

    assert [(name, answer.headers[name]) for name, _ in SECURITY_HEADERS] == list(SECURITY_HEADERS)


@contextmanager
def probing(council: Council, age: SocketAge | None) -> Iterator[Callable[[str], tuple[int, dict[str, Any], Any]]]:
    """The probes over real HTTP on a free port; gives a function from a path to status, content and headers."""
    server = ProbeServer(probes(council.running, socket_age=age), port=0)
    server.start()

    def get(path: str) -> tuple[int, dict[str, Any], Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
                return answer.status, json.load(answer), answer.headers
        except HTTPError as error:
            with error:
                return error.code, json.load(error), error.headers

    try:
        yield get
    finally:
        server.stop()


@pytest.mark.parametrize(("age", "status", "said"), [(3.0, 200, "ready"), (61.0, 503, "socket"), (None, 503, "socket")])
def test_over_socket_mode_readiness_is_that_of_the_socket(
    council: Council, age: float | None, status: int, said: str
) -> None:
    council.noisy = True
    with probing(council, lambda: age) as get:
        code, content, headers = get("/readyz")
        alive = get("/healthz")

    assert (code, content["status"]) == (status, said)
    assert content["socket_age"] == age
    assert alive[:2] == (200, {"status": "alive"})
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_port_for_the_probes_that_is_taken_is_one_line(council: Council) -> None:
    with probing(council, None) as get:
        assert get("/nothing")[0] == 404
        taken = ProbeServer(probes(council.running), port=0)
        with pytest.raises(SettingsError, match=r"^ADVISOR_HEALTH_PORT: port \d+ cannot be used"):
            ProbeServer(probes(council.running), port=taken.port)
        taken.start()
        taken.stop()


@pytest.mark.parametrize(
    ("session", "connected", "age"),
    [(None, True, None), (SimpleNamespace(last_ping_pong_time=None), True, 0.0), (object(), False, None)],
)
def test_the_age_of_a_socket(session: object, connected: bool, age: float | None) -> None:
    client = SimpleNamespace(current_session=session, is_connected=lambda: connected)

    assert _age_of(SimpleNamespace(client=client))() == age  # type: ignore[arg-type]


def test_the_age_of_a_socket_that_slack_answered_on() -> None:
    pinged = dt.datetime.now(dt.UTC).timestamp() - 7
    session = SimpleNamespace(last_ping_pong_time=pinged)
    client = SimpleNamespace(current_session=session, is_connected=lambda: True)

    age = _age_of(SimpleNamespace(client=client))()  # type: ignore[arg-type]

    assert age is not None
    assert 6.5 < age < 30


def test_what_a_line_of_the_log_may_hold_is_listed() -> None:
    record = logging.makeLogRecord({"msg": "A plain sentence.", "action": "x", "question": "secret", "ms": 0})

    line = json.loads(JsonFormatter().format(record))

    assert set(line) - {"request"} == {"time", "level", "logger", "message", "action", "ms"}
    assert "secret" not in json.dumps(line)
