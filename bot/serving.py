"""Running the bot until it is told to stop: Socket Mode or HTTP, with the housekeeping beside it."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import HTTPSHandler, build_opener, install_opener

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.app import Running, build, utc_now
from bot.clock import Clock, Housekeeper, fingerprint
from bot.errors import AdvisorError
from bot.probes import ProbeServer, SocketAge, probes
from bot.settings import Settings
from bot.storage.database import Database
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.tally import Tally
from bot.web import WebServer, wsgi_app

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

PING_SECONDS = 3.0
"""
How often a Socket Mode connection is tried. One that ends without a word, as where a proxy is restarted, is given up
after five pings that fail, and slack_sdk's built-in client keeps a core busy until then: 50 seconds at Bolt's default.
Source: slack_sdk 3.47.0, seen 2026-11-23.
"""

DATABASE_SECONDS = 40.0
"""
How long a start waits for a database server, which may be starting too. Hosts give a web process a minute until it must
listen (https://help.heroku.com/W5ETWBQB/why-is-my-app-crashing-with-an-r10-error, checked 2026-11-23).
"""

_log = logging.getLogger(__name__)


def open_knowledge(settings: Settings) -> KnowledgeBase:
    """
    The knowledge. What has to be learnt anew is learnt in a child process, whose 340 MB go back when it ends; but not
    where what it learns cannot be kept.

    Raises: KnowledgeError: the folder has faults.
    """
    apart = _in_a_child if _can_be_written(settings.cache) else None
    return KnowledgeBase.open(settings.knowledge, today=utc_now().date(), snapshots=settings.cache, apart=apart)


def trust_once() -> None:
    """
    Have Python read whom we believe that Slack is Slack once for all calls. Until 3.12 it reads the list of authorities
    again for every call, which takes 20 ms of the processor. slack_sdk's clients open addresses by urllib's own opener.
    """
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])  # as http.client does with a context of its own
    install_opener(build_opener(HTTPSHandler(context=context)))


def serve_socket(settings: Settings) -> None:
    """
    Serve over Socket Mode until SIGTERM or SIGINT; what is under way is finished first.

    Raises: AdvisorError: the knowledge, the database or Slack's answer to our token do not let us start.
    """
    trust_once()
    seen = fingerprint(settings.knowledge)
    running = _build_first(settings, open_knowledge(settings))
    housekeeper = Housekeeper(running, seen=seen)
    _keep_what_there_is()
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = SocketModeHandler(running.app, token, ping_interval=PING_SECONDS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    housekeeper.start()
    clock = _own_clock(running)
    health = _probe_server(running, handler)
    handler.connect()  # type: ignore[no-untyped-call]
    _log.info("Advisor is connected over Socket Mode.", extra={"action": "started"})
    stop.wait()
    with suppress(AttributeError):  # slack_sdk's client (3.47.0), where the connection ends by itself at that moment
        handler.close()  # type: ignore[no-untyped-call]
    housekeeper.stop()
    if clock is not None:
        clock.stop()
    if health is not None:
        health.stop()
    running.close()
    _say_stopped()


def serve_http(settings: Settings) -> None:
    """
    Serve Slack's requests over HTTP under gunicorn until it is told to stop; what is under way is finished first.

    Everything is built once before a worker is: what is wrong is a line for whoever starts us, not a trace in a worker,
    and workers share the memory of the knowledge. Each builds its own threads, connections and clients around it, which
    takes no time when one has to be replaced. What was saved in the folder since then it takes in at once.

    Raises: AdvisorError: the knowledge, the database or Slack's answer to our token do not let us start.
    """
    trust_once()
    seen = fingerprint(settings.knowledge)
    base = open_knowledge(settings)
    rehearsal = _build_first(settings, base)
    rehearsal.close()
    hello = rehearsal.hello
    to_stop = ExitStack()

    def build_in_worker() -> WSGIApplication:
        running = build(settings, knowledge_base=base, hello=hello, migrate=False)
        to_stop.callback(_say_stopped)
        to_stop.callback(running.close)
        housekeeper = Housekeeper(running, seen=seen)
        _keep_what_there_is()
        housekeeper.start()
        to_stop.callback(housekeeper.stop)
        if clock := _own_clock(running):
            to_stop.callback(clock.stop)
        _log.info("Advisor listens on port %d.", settings.port, extra={"action": "started"})
        return wsgi_app(running)

    _keep_what_there_is()
    WebServer(build_in_worker, to_stop.close, port=settings.port, workers=settings.web_workers).run()


def run_clock(settings: Settings, *, once: bool) -> Tally | None:
    """
    Send what is due until SIGTERM or SIGINT, or in one pass whose tally is returned.

    Raises: AdvisorError: the knowledge, the database or Slack's answer to our token do not let us start.
    """
    trust_once()
    seen = fingerprint(settings.knowledge)
    running = _build_first(settings, open_knowledge(settings))
    clock = Clock(running)
    health = None
    housekeeper = Housekeeper(running, answers=False, seen=seen)
    try:
        if once:
            return clock.tick()
        health = _probe_server(running)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: clock.ask_to_stop())
        housekeeper.start()
        clock.run()
        housekeeper.stop()
        return None
    finally:
        if health is not None:
            health.stop()
        running.close()


def _build_first(settings: Settings, base: KnowledgeBase) -> Running:
    """
    The first Advisor of this process: it waits for the database server, and asks Slack who we are.

    Raises: StorageError, SettingsError: as ``build``.
    """
    with closing(Database(settings.database_url)) as database:
        database.wait(DATABASE_SECONDS)
    return build(settings, knowledge_base=base, ask_slack=True)


def _own_clock(running: Running) -> Clock | None:
    """With the embedded database the clock runs here, so that one process is enough; else it is its own process."""
    if not running.database.is_embedded:
        return None
    clock = Clock(running)
    clock.start()
    return clock


def _probe_server(running: Running, handler: SocketModeHandler | None = None) -> ProbeServer | None:
    """The probes of a process that serves no HTTP, answering already; None where no port is set for them."""
    if running.settings.health_port is None:
        return None
    age = _age_of(handler) if handler is not None else None
    server = ProbeServer(probes(running, socket_age=age), port=running.settings.health_port)
    server.start()
    return server


def _age_of(handler: SocketModeHandler) -> SocketAge:
    """How long ago Slack answered a ping on the connection of *handler*."""

    def age() -> float | None:
        session = handler.client.current_session
        if session is None or not handler.client.is_connected():
            return None
        return max(0.0, time.time() - session.last_ping_pong_time) if session.last_ping_pong_time else 0.0

    return age


def _say_stopped() -> None:
    _log.info("Advisor has stopped.", extra={"action": "stopped"})


def _can_be_written(folder: Path) -> bool:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK | os.X_OK)
    return False


def _in_a_child(work: Callable[[], object]) -> None:
    child = multiprocessing.get_context("fork").Process(target=_without_a_word, args=(work,))
    child.start()
    child.join()


def _without_a_word(work: Callable[[], object]) -> None:
    """Do it; what is wrong with it is found again, and said, by whoever needs what it was to keep."""
    with suppress(AdvisorError):
        work()


def _keep_what_there_is() -> None:
    """
    Look for garbage from now on, and never among all that was made until now: it stays, looking at it takes a tenth of
    a second, and a worker that looked would make copies of the memory that it shares
    (https://docs.python.org/3/library/gc.html#gc.freeze, checked 2026-11-23).
    """
    gc.freeze()
    gc.enable()
