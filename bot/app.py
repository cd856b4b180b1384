"""The composition root: every part is built once, here, and handed to those who need it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

import handlers
from bot.settings import Settings
from bot.storage.answers import Answers
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.feedback import Feedback
from bot.storage.gaps import Gaps
from bot.storage.retention import erase_workspace, forget_before
from bot.storage.welcomes import Welcomes
from bot.usecases.advise import Advisor
from bot.usecases.knowledge_base import KnowledgeBase
from handlers.parts import Parts

Now = Callable[[], dt.datetime]

_LISTENER_THREADS = 10
_SLACK_SECONDS = 10
_RATE_LIMIT_RETRIES = 2


@dataclass(frozen=True)
class Running:
    """One Advisor, ready to be served: its Bolt app, what it stands on, and its housekeeping."""

    app: App
    database: Database
    knowledge_base: KnowledgeBase
    advisor: Advisor
    settings: Settings
    now: Now

    def forget_old(self) -> None:
        """Delete what is older than the retention period."""
        forget_before(self.database, at=self.now() - dt.timedelta(days=self.settings.retention_days))

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def utc_now() -> dt.datetime:
    """The moment now; the only place, with the clock, that asks."""
    return dt.datetime.now(dt.UTC)


def build(settings: Settings, *, now: Now = utc_now, knowledge_base: KnowledgeBase | None = None) -> Running:
    """
    Build an Advisor from *settings*: nothing is sent to Slack yet.

    Raises: KnowledgeError: the knowledge folder has faults. StorageError: the database cannot be used.
    """
    base = knowledge_base or KnowledgeBase.open(settings.knowledge, today=now().date())
    database = Database(settings.database_url)
    database.migrate()
    advisor = Advisor(
        base, Conversations(database), Answers(database), Feedback(database), Gaps(database), Welcomes(database)
    )
    app = _bolt_app(settings)
    parts = Parts(
        advisor=advisor,
        deliveries=Deliveries(database),
        now=now,
        erase=lambda workspace_id: _erase(database, workspace_id),
        help_channel=settings.help_channel,
        admins=settings.admin_ids,
        agent_features=settings.agent_features,
    )
    handlers.register(app, parts)
    return Running(app, database, base, advisor, settings, now)


def _erase(database: Database, workspace_id: str) -> None:
    erase_workspace(database, workspace_id)


def _bolt_app(settings: Settings) -> App:
    """The Bolt app. Its client takes the address of the Web API from the settings and waits out rate limits."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    client = WebClient(
        token=token,
        base_url=settings.slack_api_url,
        timeout=_SLACK_SECONDS,
        retry_handlers=[
            ConnectionErrorRetryHandler(),
            RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES),
        ],
    )
    _quieten_bolt()
    return App(
        client=client,
        signing_secret=secret,
        token_verification_enabled=False,
        # Bolt's "say" in a threaded direct message would read the thread first; we post through the client.
        attaching_conversation_kwargs_enabled=False,
        listener_executor=ThreadPoolExecutor(_LISTENER_THREADS, thread_name_prefix="listener"),
    )


def _quieten_bolt() -> None:
    """Bolt logs the whole body of a request with a wrong signature at INFO, and warns of a token beside a client."""
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)
    logging.getLogger("slack_bolt.App").addFilter(_no_client_warning)


def _no_client_warning(record: logging.LogRecord) -> bool:
    return "`token` will be unused" not in record.getMessage()
