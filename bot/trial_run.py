"""The trial in a browser: the real Bolt app behind signed HTTP, a stand-in Slack before it, and pages for people."""

from __future__ import annotations

import datetime as dt
import fcntl
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.app import Running, build
from bot.clock import Clock
from bot.errors import InputError
from bot.manifest import manifest
from bot.settings import Settings
from bot.trial.hosting import LocalServer
from bot.trial.moving_clock import MovingClock
from bot.trial.pages.dates import LONDON, full_words
from bot.trial.pages.screens import Step
from bot.trial.pages.site import Site
from bot.trial.records import Payload
from bot.trial.samples import add_samples
from bot.trial.server import StandIn
from bot.trial.snapshot import (
    Autosave,
    Saved,
    UnreadableError,
    ahead_seconds,
    put_back,
    read_saved,
    write_snapshot,
)
from bot.usecases.knowledge_base import KnowledgeBase
from bot.web import wsgi_app

FOLDER = Path("var/trial")
_WORKSPACE, _DATABASE, _LOCK = "workspace.json", "advisor.sqlite3", "lock"
_MORNING = dt.time(9, 30)
_FARTHEST_DAYS = 120


@dataclass(frozen=True)
class Trial:
    """A trial that is under way: where its pages are, and what stands behind them."""

    url: str
    slack: StandIn
    running: Running
    site: Site


@contextmanager
def browser_trial(
    settings: Settings,
    *,
    folder: Path = FOLDER,
    port: int = 0,
    knowledge_base: KnowledgeBase | None = None,
    hold: float = 20.0,
) -> Iterator[Trial]:
    """
    An Advisor and a workspace around it, on this machine alone, kept in *folder* from one trial to the next.

    Args: *port* of the pages, 0 for a free one; *hold* is how long a page that asks for news is kept waiting.
    Raises: InputError: another trial uses the folder, what is in it cannot be read, or the port is taken.
    """
    with ExitStack() as stack:
        stack.enter_context(_alone_in(folder))
        kept = _kept_in(folder)
        clock = MovingClock(dt.timedelta(seconds=ahead_seconds(kept)))
        slack = stack.enter_context(StandIn(manifest(), strict=False, clock=clock))
        marks = put_back(kept, slack.workspace) if kept else {}
        running = build(_tried(settings, slack, folder), now=clock, knowledge_base=knowledge_base)
        stack.callback(running.close)
        slack.attach(wsgi_app(running))
        site = Site(slack, Time(slack, running, clock).steps(), hold=hold)
        site.screens.marks.marks |= marks
        autosave = Autosave(slack.workspace, lambda: _save(folder, slack, site, clock))
        stack.callback(autosave.close)
        ticking = Clock(running)
        ticking.start()
        stack.callback(ticking.stop)
        server = _serve(site, port)
        stack.callback(server.close)
        stack.callback(site.close)
        yield Trial(server.url, slack, running, site)


def reset_trial(folder: Path = FOLDER) -> None:
    """Forget every trial so far. Raises: InputError: one is under way."""
    with _alone_in(folder):
        for file in folder.iterdir():
            if file.name.startswith((_WORKSPACE, _DATABASE, Path(_WORKSPACE).stem)):
                file.unlink()


class Time:
    """What the buttons do that move time, and the one that fills the workspace."""

    def __init__(self, slack: StandIn, running: Running, clock: MovingClock) -> None:
        self._slack = slack
        self._running = running
        self._clock = clock
        self._lock = threading.Lock()
        with running.rules.ledger.reading(slack.workspace.team_id) as pages:
            self._has_services = bool(pages.services.all())

    def steps(self) -> tuple[Step, ...]:
        """The buttons, in their order."""
        return (
            Step("day", "Forward 1 day", lambda: self.forward(1)),
            Step("week", "Forward 7 days", lambda: self.forward(7)),
            Step("next", "To the next notification", self.to_next_notification),
            Step("samples", "Add sample services", self.add_samples, lambda: not self._has_services),
        )

    def add_samples(self) -> str:
        """Fill the workspace with services to look at."""
        with self._lock:
            words = add_samples(self._slack)
            self._has_services = True
            return words

    def forward(self, days: int) -> str:
        """Let *days* pass; whatever falls due on the way is sent at its time."""
        with self._lock:
            end, begun = self._clock() + dt.timedelta(days=days), self._slack.workspace.new_ts()
            while (stop := self._next_stop()) < end:
                self._go_to(stop)
            self._go_to(end)
            return self._words(begun)

    def to_next_notification(self) -> str:
        """Let time pass until Advisor says something by itself."""
        with self._lock:
            if self._soonest() is None:
                return "Nothing is planned. Begin with /checkpoint start in a channel, or add the sample services."
            end, begun = self._clock() + dt.timedelta(days=_FARTHEST_DAYS), self._slack.workspace.new_ts()
            sent = 0
            while not sent and (stop := self._next_stop(only_planned=True)) < end:
                sent = self._go_to(stop)
            return self._words(begun)

    def _next_stop(self, *, only_planned: bool = False) -> dt.datetime:
        """The next moment at which something may be sent: when it is planned, else the next morning."""
        now = self._clock()
        morning = dt.datetime.combine(now.astimezone(LONDON).date() + dt.timedelta(days=1), _MORNING, LONDON)
        soonest = self._soonest()
        if soonest is None or soonest <= now:
            return morning
        return soonest if only_planned else min(morning, soonest)

    def _go_to(self, moment: dt.datetime) -> int:
        """Put the clock forward, do what the clock would have done, and return how many messages were sent."""
        self._clock.move_to(moment + dt.timedelta(seconds=1))
        now = self._clock()
        self._running.upkeep.run(at=now)
        self._running.recalls.plan(at=now)
        self._running.found.plan(at=now)
        tally = self._running.notifier.send_due(at=now)
        with self._slack.workspace.change():
            return tally.messages

    def _soonest(self) -> dt.datetime | None:
        with self._running.rules.ledger.reading(self._slack.workspace.team_id) as pages:
            planned = [
                kept.planned.send_at
                for service in pages.services.all()
                for kept in pages.plans.of_service(service.id)
                if kept.state == "planned"
            ]
        return min(planned, default=None)

    def _words(self, begun: str) -> str:
        """What was said since the timestamp *begun*, and where."""
        workspace = self._slack.workspace
        with workspace.lock:
            places = [
                f"#{channel.name}" if channel.name else f"a direct message to {workspace.users[channel.user].real_name}"
                for channel in workspace.channels.values()
                for message in workspace.messages(channel.id)
                if message.ts > begun and message.user == workspace.bot_user
            ]
        said = f"Advisor wrote in {', '.join(places)}." if places else "Advisor had nothing to say."
        return f"It is now {full_words(self._clock())}. {said}"


def _tried(settings: Settings, slack: StandIn, folder: Path) -> Settings:
    return settings.model_copy(
        update={
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_signing_secret": SecretStr(slack.signing_secret),
            "slack_api_url": slack.api_url,
            "rate_limit": 0,  # nobody else is kept waiting on one's own machine
            "database_url": f"sqlite:///{folder / _DATABASE}",
        }
    )


def _kept_in(folder: Path) -> Payload | None:
    try:
        return read_saved(folder / _WORKSPACE)
    except UnreadableError as error:
        raise InputError(f"{error}; begin anew with: advisor trial --reset") from error


def _save(folder: Path, slack: StandIn, site: Site, clock: MovingClock) -> None:
    write_snapshot(
        folder / _WORKSPACE, slack.workspace, Saved(clock.ahead.total_seconds(), dict(site.screens.marks.marks))
    )


def _serve(site: Site, port: int) -> LocalServer:
    try:
        return LocalServer(site, port=port)
    except (OSError, SystemExit) as error:
        raise InputError(f"port {port} is taken: choose another with --port, or none for a free one.") from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep every other trial out of *folder* for as long as this one goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"a trial is under way already with what is in {folder}; end that one first.") from error
        yield


def run_trial(settings: Settings, show: Callable[[str], None], *, port: int = 0) -> None:
    """Hold a trial until Ctrl-C or SIGTERM; *show* is given the address."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with browser_trial(settings, port=port) as trial:
        show(trial.url)
        stop.wait()
