"""Slack's side of what is built: the clients, whose token speaks, and the Bolt app."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.oauth import OAuthFlow
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.web import SlackResponse

from bot.errors import SettingsError
from bot.logs import RequestThreads
from bot.metrics import Metrics
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.sealing import Sealer
from handlers.observing import ObservedApp, SlackCalls
from handlers.posting import slacks_word
from handlers.tokens import OneWorkspace

if TYPE_CHECKING:
    from bot.storage.installations import Installations

LISTENER_THREADS = 10
_SLACK_SECONDS = 10
_RATE_LIMIT_RETRIES = 2
_NOT_CONNECTED = "Advisor cannot use its connection to Slack at the moment. Please tell the person who runs it."


@dataclass(frozen=True)
class Door:
    """How workspaces come in and whose token speaks: one from the settings, or those of the installations."""

    client_of: Callable[[str], WebClient]
    installations: Installations | None = None
    flow: OAuthFlow | None = None


def open_door(
    settings: Settings, database: Database, deliveries: Deliveries, sealer: Sealer, metrics: Metrics,
    now: Callable[[], dt.datetime], installed: Callable[[str, str], object],
) -> Door:  # fmt: skip
    """
    The way in for one workspace or for many, by what is configured. Nothing is asked of Slack yet. *installed* hears of
    each workspace that came in and of who installed Advisor there.
    """
    if not settings.many_workspaces:
        return Door(OneWorkspace(clock_client(settings, _plain(settings.slack_bot_token), metrics)).client_of)
    # Slack's stores want the ORM and its asynchronous half: a tenth of a second for those who have no need of them.
    from bot.storage.installations import Installations, States
    from handlers.oauth import oauth_flow
    from handlers.tokens import LeasedRotator, ManyWorkspaces

    client_id = settings.slack_client_id or ""
    installations = Installations(database, client_id, sealer)
    rotator = LeasedRotator(
        client_id=client_id,
        client_secret=_plain(settings.slack_client_secret) or "",
        client=_web_client(settings, None, metrics),
        installations=installations,
        deliveries=deliveries,
        now=now,
    )
    tokens = ManyWorkspaces(installations, rotator, lambda token: clock_client(settings, token, metrics))
    flow = oauth_flow(
        _web_client(settings, None, metrics), installations, States(database), rotator, now=now, installed=installed,
        agent_features=settings.agent_features,
    )  # fmt: skip
    return Door(tokens.client_of, installations, flow)


def greet(settings: Settings, metrics: Metrics) -> SlackResponse | None:
    """
    Ask Slack who we are, and whether it takes our tokens; None where no token is set, for many may install Advisor.

    Raises: SettingsError: Slack did not accept a token or could not be reached.
    """
    client = _web_client(settings, _plain(settings.slack_bot_token), metrics)
    asked = "SLACK_BOT_TOKEN"
    try:
        hello = client.auth_test() if settings.slack_bot_token else None
        if settings.slack_app_token:
            asked = "SLACK_APP_TOKEN"
            client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        raise SettingsError(f"{asked}: Slack did not accept it ({slacks_word(error)}).") from error
    except OSError as error:
        raise SettingsError(f"SLACK_API_URL: {settings.slack_api_url} cannot be reached ({error}).") from error
    return hello


def bolt_app(settings: Settings, flow: OAuthFlow | None, metrics: Metrics, hello: SlackResponse | None) -> App:
    """
    The Bolt app, for one workspace or with a *flow* by which many install it. *hello* is what ``greet`` gave; without
    it the first request asks who we are.
    """
    client = _web_client(settings, None if flow else _plain(settings.slack_bot_token), metrics, hello)
    with _without_client_id():
        return ObservedApp(
            metrics,
            name="advisor",
            logger=_quiet_logger(),
            client=client,
            signing_secret=_plain(settings.slack_signing_secret),
            token_verification_enabled=hello is not None,
            user_facing_authorize_error_message=_NOT_CONNECTED,
            # Bolt's "say" in a threaded direct message would read the thread first; we post through the client.
            attaching_conversation_kwargs_enabled=False,
            listener_executor=RequestThreads(LISTENER_THREADS, thread_name_prefix="listener"),
            oauth_flow=flow,
        )


@contextmanager
def _without_client_id() -> Iterator[None]:
    """
    Hide the client id from Bolt while it is built: where it finds that in the environment it turns to OAuth by itself,
    keeps installations in files, and has no use for the bot token (1.30, ``app/app.py``).
    """
    hidden = os.environ.pop("SLACK_CLIENT_ID", None)
    try:
        yield
    finally:
        if hidden is not None:
            os.environ["SLACK_CLIENT_ID"] = hidden


def _quiet_logger() -> logging.Logger:
    """
    The logger for Bolt, from which all its loggers take their level. At DEBUG they and the SDK log what people typed,
    so they never go below INFO; there Bolt would log the whole body of a request with a wrong signature.
    """
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(max(logging.INFO, logging.root.level))
    logger.addFilter(_no_warning_of_client)
    logging.getLogger("slack_sdk").setLevel(logging.INFO)
    logging.getLogger("slack_bolt.RequestVerification").addFilter(_nothing)
    return logger


def _no_warning_of_client(record: logging.LogRecord) -> bool:
    """Whether a line is any other than the warning that a token in the environment is not used: our client has it."""
    return "`token` will be unused" not in record.getMessage()


def _nothing(record: logging.LogRecord) -> bool:
    """Nothing passes: ``bot.web`` refuses such requests, and says so without their body."""
    return False


def clock_client(settings: Settings, token: str | None, metrics: Metrics) -> WebClient:
    """The client of the clock. It tries nothing twice: whether a message may be posted again is decided elsewhere."""
    seen: list[RetryHandler] = [SlackCalls(metrics)]
    return WebClient(token=token, base_url=settings.slack_api_url, timeout=_SLACK_SECONDS, retry_handlers=seen)


def _web_client(
    settings: Settings, token: str | None, metrics: Metrics, hello: SlackResponse | None = None
) -> WebClient:
    """The client of the listeners. It takes the address of the Web API from the settings and waits out rate limits."""
    return _Client(
        hello,
        token=token,
        base_url=settings.slack_api_url,
        timeout=_SLACK_SECONDS,
        retry_handlers=[
            SlackCalls(metrics),
            ConnectionErrorRetryHandler(),
            RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES),
        ],
    )


class _Client(WebClient):
    """
    One that may know already who we are. Bolt asks it once, when it is built: in each worker, which then need not wait
    for Slack, and starts also while Slack cannot be reached. (For requests Bolt makes clients of its own.)
    """

    def __init__(self, hello: SlackResponse | None, **given: Any) -> None:
        super().__init__(**given)
        self._hello = hello

    def auth_test(self, **given: Any) -> SlackResponse:
        """What Slack said, or says."""
        return self._hello or super().auth_test(**given)


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
