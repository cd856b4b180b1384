"""Several workspaces that share one Advisor: each with a Slack of its own, all behind one address of the Web API."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from bot.app import build
from bot.manifest import INSTALL_PATH, manifest
from bot.trial.hosting import LocalServer
from bot.trial.server import StandIn
from bot.usecases.knowledge_base import KnowledgeBase
from bot.web import wsgi_app
from tests.journeys.council import Clock, Council, make_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

URL = "https://advisor.example.gov.uk"
BEGIN = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
TEAMS = ("T0LEEDS001", "T0HULL0001")
"""Two councils in which everything has the same name: people, channels, and soon services."""


@dataclass
class Shared:
    """One Advisor in several workspaces. ``councils`` share its process, its database and its clock."""

    councils: list[Council]
    browser: Client

    @property
    def noisy(self) -> bool:
        """Whether this journey means warnings to be logged."""
        return any(council.noisy for council in self.councils)

    def install(self, council: Council, **query: str) -> TestResponse:
        """Somebody installs Advisor in a workspace; the page at the end."""
        begun = self.browser.get(INSTALL_PATH, base_url=URL)
        asked = urlsplit(begun.headers["Location"])
        given = {name: each[0] for name, each in parse_qs(asked.query).items()} | query
        agreed = Client(council.slack._routes).get(asked.path, query_string=given)
        back = urlsplit(agreed.headers["Location"])
        page = self.browser.get(f"{back.path}?{back.query}", base_url=URL)
        self.councils[0].settle()
        return page

    def restart(self) -> None:
        """Stop the app and start it again, as a new process would."""
        self.councils[0].restart()
        for council in self.councils[1:]:
            council.running = self.councils[0].running
            council.slack.request_url = self.councils[0].slack.request_url
        self.browser = Client(wsgi_app(self.councils[0].running))


class OneAddress:
    """Slack's one address: each call goes to the workspace whose token, code or refresh token it carries."""

    def __init__(self, slacks: Sequence[StandIn]) -> None:
        self._slacks = slacks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a call on."""
        body = Request(environ).get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        said = f"{environ.get('HTTP_AUTHORIZATION', '')} {environ.get('QUERY_STRING', '')} {body.decode()}"
        for slack in self._slacks:
            app, handles = slack.workspace.installation, slack.workspace.handles
            if any(known in said for known in (*app._tokens, *app._refresh_tokens, *handles._codes)):
                return slack._routes(environ, start_response)
        return self._slacks[0]._routes(environ, start_response)


@contextmanager
def open_shared(
    address: str, knowledge_base: KnowledgeBase, *, rotation: bool = False, **changes: Any
) -> Iterator[Shared]:
    """One Advisor for two workspaces, installed in neither; *changes* are settings."""
    clock = Clock(BEGIN)
    given: dict[str, Any] = {"clock": clock, "retry_delays": (), "ack_seconds": 20.0}
    with ExitStack() as stack:
        slacks = [stack.enter_context(StandIn(manifest(url=URL, many=True, rotation=rotation), **given)) for _ in TEAMS]
        for slack, team in zip(slacks, TEAMS, strict=True):
            slack.workspace.team_id = team
            _share_credentials(slacks[0], slack)
            slack.workspace.installation.revoke()
        front = LocalServer(OneAddress(slacks))
        stack.callback(front.close)
        app = slacks[0].workspace.installation
        settings = make_settings(
            slacks[0], address, slack_bot_token=None, slack_client_id=app.client_id,
            slack_client_secret=SecretStr(app.client_secret), slack_api_url=f"{front.url}/api/", **changes,
        )  # fmt: skip
        running = build(settings, now=clock, knowledge_base=knowledge_base)
        councils = [Council(slack, settings, knowledge_base, clock, running) for slack in slacks]
        slacks[0].attach(wsgi_app(running))
        for slack in slacks[1:]:
            slack.request_url = slacks[0].request_url
        shared = Shared(councils, Client(wsgi_app(running)))
        try:
            yield shared
        finally:
            # What the bot itself has posted comes back as an event, perhaps after the last line of a test.
            for slack in slacks:
                slack.delivery.close()
            shared.councils[0].running.close()


def _share_credentials(first: StandIn, other: StandIn) -> None:
    """One app, so one set of credentials."""
    for name in ("client_id", "client_secret", "signing_secret"):
        setattr(other.workspace.installation, name, getattr(first.workspace.installation, name))


def sent_to(slack: StandIn) -> str:
    """Everything that Advisor has said to a workspace: calls of the Web API and answers to response_urls and forms."""
    said = [json.dumps(call.arguments, ensure_ascii=False, default=str) for call in slack.calls]
    said += [delivery.body for delivery in slack.deliveries]
    said += [json.dumps([message.text, message.blocks], ensure_ascii=False, default=str)
             for channel in slack.workspace.channels for message in slack.workspace.messages(channel)
             if message.user == slack.workspace.bot_user]  # fmt: skip
    return "\n".join(said)
