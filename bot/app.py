"""The composition root: every part is built once, here, and handed to those who need it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import SlackResponse

import handlers
from bot.errors import StorageError
from bot.knowledge.councils import COUNCILS_FILE, Council, load_councils
from bot.metrics import Metrics, Standing
from bot.settings import SHIPPED_KNOWLEDGE, Settings
from bot.slack import LISTENER_THREADS, bolt_app, clock_client, greet, open_door
from bot.storage.administration import Offices
from bot.storage.answers import Answers
from bot.storage.awaited import AwaitedAnswers
from bot.storage.commons import Commons
from bot.storage.conversations import HOW_LONG, Conversations
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.door import Door
from bot.storage.feedback import Feedback
from bot.storage.gaps import Gaps
from bot.storage.given import GivenAnswers
from bot.storage.heartbeat import Beat, Heartbeat
from bot.storage.ledger import Ledger
from bot.storage.outbox import Outbox
from bot.storage.retention import erase_workspace, forget_before
from bot.storage.sealing import Sealer
from bot.storage.welcomes import Welcomes
from bot.usecases.administration import Administration
from bot.usecases.advise import Advisor
from bot.usecases.awaiting import AnswersFound, AwaitingDesk
from bot.usecases.checkpoint_desks import open_desks
from bot.usecases.checkpoint_register import Directory
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.doorkeeping import Doorkeeper
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.network_desks import open_network
from bot.usecases.notify import Notifier
from bot.usecases.personal import PersonalDesk
from bot.usecases.portfolio import PortfolioDesk
from bot.usecases.recall import Recalls
from bot.usecases.selftest_desk import SelfTestDesk
from bot.usecases.tally import Tally
from bot.usecases.upkeep import Upkeep
from handlers.deliveries import answer_left
from handlers.directory import SlackDirectory
from handlers.parts import Parts
from handlers.poster import SlackPoster

if TYPE_CHECKING:
    from bot.storage.installations import Installations

Now = Callable[[], dt.datetime]

POSTERS = 4
"""How many messages a clock posts at once; docs/operations.md says what was measured."""

_SETTLE_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """One Advisor, ready to be served: its Bolt app, what it stands on, and its housekeeping."""

    app: App
    database: Database
    knowledge_base: KnowledgeBase
    advisor: Advisor
    rules: Rules
    notifier: Notifier
    upkeep: Upkeep
    recalls: Recalls
    found: AnswersFound
    selftest: SelfTestDesk
    directory: Directory
    settings: Settings
    now: Now
    metrics: Metrics
    parts: Parts
    hello: SlackResponse | None = None
    """What Slack said to our token; None where it was not asked."""

    def forget_old(self) -> None:
        """Delete what is older than the retention period, and sooner what is of no more use."""
        now, kept = self.now(), dt.timedelta(days=self.settings.retention_days)
        Door(self.database).forget(at=now)
        if self.settings.many_workspaces:
            from bot.storage.installations import States

            States(self.database).forget_before(now)
        forget_before(self.database, at=now - kept, subjects_at=now - HOW_LONG)

    def went_round(self, tally: Tally) -> None:
        """Note a pass of the clock, and count what it did. Raises: StorageError."""
        for outcome in ("posted", "found", "held", "collapsed", "redirected", "failed", "doubted"):
            self.metrics.sent(outcome, getattr(tally, outcome))
        Heartbeat(self.database).clock_went_round(at=self.now())

    def beat(self) -> Beat:
        """How the sending stands now. Raises: StorageError."""
        return Heartbeat(self.database).beat(at=self.now())

    def standing(self) -> Standing | None:
        """The same for the metrics; None without a database."""
        try:
            beat = self.beat()
        except StorageError:
            return None
        age = None if beat.clock_at is None else (self.now() - beat.clock_at).total_seconds()
        return Standing(beat.due, beat.late, age)

    def answer_left(self) -> int:
        """Answer what another process took and left, for it was killed; how much that was. Raises: StorageError."""
        return answer_left(self.app, self.parts)

    def is_signed_by_slack(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Whether a request carries Slack's signature of its *body*, made within the last five minutes."""
        secret = self.settings.slack_signing_secret
        if secret is None:
            return False
        try:
            return SignatureVerifier(secret.get_secret_value()).is_valid(body, timestamp, signature)
        except ValueError:  # a body or a timestamp such as Slack never sends
            return False

    def settle(self) -> None:
        """Return when no listener is at work: each of their threads comes to stand at one barrier."""
        executor = self.app.listener_runner.listener_executor
        barrier = threading.Barrier(LISTENER_THREADS)
        for waiting in [executor.submit(barrier.wait, _SETTLE_SECONDS) for _ in range(LISTENER_THREADS)]:
            waiting.result()

    def close(self) -> None:
        """Let the listeners finish what they are at, a self-test excepted, then let go of the database."""
        self.selftest.stop()
        self.app.listener_runner.listener_executor.shutdown(wait=True)
        self.database.close()


def utc_now() -> dt.datetime:
    """The moment now; the only place, with the clock, that asks."""
    return dt.datetime.now(dt.UTC)


def build(
    settings: Settings,
    *,
    now: Now = utc_now,
    knowledge_base: KnowledgeBase | None = None,
    ask_slack: bool = False,
    hello: SlackResponse | None = None,
    migrate: bool = True,
) -> Running:
    """
    Build an Advisor from *settings*. The database is brought up to date, unless that was just done (*migrate*). Nothing
    is sent to Slack yet, unless *ask_slack*: then it is asked at once who we are, which the first request would
    otherwise wait for; *hello* is its answer, from an Advisor that has asked.

    Raises: KnowledgeError: the knowledge folder has faults. StorageError: the database cannot be used. SettingsError:
    Slack was asked, and did not accept the token or could not be reached.
    """
    base = knowledge_base or KnowledgeBase.open(settings.knowledge, today=now().date(), snapshots=settings.cache)
    database = Database(settings.database_url)
    if migrate:
        database.migrate()
    given, awaited, kept, metrics = GivenAnswers(database), AwaitedAnswers(database), Answers(database), Metrics()
    advisor = Advisor(
        base, Conversations(database), kept, Feedback(database), Gaps(database), Welcomes(database), given, awaited,
        count=metrics.answered, together=database.together,
    )  # fmt: skip
    rules = Rules(base, Ledger(database), _councils(settings))
    sealer = Sealer(settings.keys)
    deliveries = Deliveries(database, sealer)
    selftest = SelfTestDesk(base, deliveries, settings.question_sets)
    administration = Administration(Offices(database), named=settings.admin_ids)
    door = open_door(
        settings, database, deliveries, sealer, metrics, now,
        lambda workspace_id, who: administration.first_admin(workspace_id, who, at=now()),
    )  # fmt: skip
    if ask_slack:
        hello = greet(settings, metrics)
    app = bolt_app(settings, door.flow, metrics, hello)
    parts = Parts(
        advisor=advisor,
        awaiting=AwaitingDesk(rules, kept, awaited, dt.timedelta(days=settings.retention_days)),
        checkpoints=open_desks(rules),
        portfolio=PortfolioDesk(rules, settings.admin_ids),
        network=open_network(rules, Commons(database), administration.may),
        deliveries=deliveries,
        selftest=selftest,
        now=now,
        administration=administration,
        doorkeeper=Doorkeeper(Door(database), per_minute=settings.rate_limit),
        personal=PersonalDesk(database),
        erase=lambda workspace_id, at: _erase(database, door.installations, workspace_id, at),
        standing=lambda: _standing_facts(Heartbeat(database).beat(at=now()), at=now()),
        metrics=metrics,
        client_of=door.client_of,
        help_channel=settings.help_channel,
        agent_features=settings.agent_features,
    )
    handlers.register(app, parts)
    recalls, found = Recalls(rules, given), AnswersFound(rules, awaited)
    poster = SlackPoster(door.client_of)
    notifier = Notifier(rules, Outbox(database), poster, {"recall": recalls, "awaited": found}, posters=POSTERS)
    directory = SlackDirectory(_clients(settings, metrics) or (door.client_of if settings.many_workspaces else None))
    running = Running(
        app, database, base, advisor, rules, notifier, Upkeep(rules), recalls, found, selftest, directory,
        settings, now, metrics, parts, hello,
    )  # fmt: skip
    metrics.watch(running.standing)
    return running


@contextmanager
def open_rules(settings: Settings, *, now: Now = utc_now) -> Iterator[Rules]:
    """
    What the commands about services stand on, without anything of Slack: no token is needed to write a file.

    Raises: KnowledgeError: the knowledge folder has faults. StorageError: the database cannot be used.
    """
    base = KnowledgeBase.open(settings.knowledge, today=now().date(), snapshots=settings.cache)
    database = Database(settings.database_url)
    try:
        database.migrate()
        yield Rules(base, Ledger(database), _councils(settings))
    finally:
        database.close()


@contextmanager
def open_directory(settings: Settings, *, now: Now = utc_now) -> Iterator[Directory]:
    """
    Who is who and which channel is which, as Slack knows it: with the token of the settings, else with that by which a
    workspace installed Advisor. Without any it says what to set.

    Raises: StorageError: the database of the installations cannot be used.
    """
    metrics = Metrics()
    if not settings.many_workspaces:
        yield SlackDirectory(_clients(settings, metrics))
        return
    database, sealer = Database(settings.database_url), Sealer(settings.keys)
    try:
        deliveries = Deliveries(database, sealer)
        door = open_door(settings, database, deliveries, sealer, metrics, now, lambda workspace_id, who: None)
        yield SlackDirectory(door.client_of)
    finally:
        database.close()


def _clients(settings: Settings, metrics: Metrics) -> Callable[[str], WebClient] | None:
    """The one client that the token of the settings makes, whichever workspace is asked for; None without a token."""
    token = settings.slack_bot_token
    return None if token is None else lambda _: clock_client(settings, token.get_secret_value(), metrics)


def _councils(settings: Settings) -> dict[str, Council]:
    """The list of councils in the knowledge folder in use, else the one that ships."""
    own = (settings.knowledge / COUNCILS_FILE).exists()
    return load_councils(settings.knowledge if own else SHIPPED_KNOWLEDGE)


def _standing_facts(beat: Beat, *, at: dt.datetime) -> dict[str, str]:
    """What health says of the clock."""
    age = (
        "never went round"
        if beat.clock_at is None
        else f"went round {round((at - beat.clock_at).total_seconds())} s ago"
    )
    return {"Clock": age, "Waiting for it": f"{beat.due} channels and people, {beat.late} for more than 15 minutes"}


def _erase(database: Database, installations: Installations | None, workspace_id: str, at: dt.datetime) -> bool:
    """Delete what is kept of a workspace, unless it has installed Advisor again since *at*; whether it was deleted."""
    if installations is not None:
        found = installations.of_workspace(workspace_id)
        if found is not None and found.installed_at > at.timestamp():
            return False
        installations.forget(workspace_id)
    erase_workspace(database, workspace_id)
    return True
