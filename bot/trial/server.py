"""The stand-in as a whole: a workspace, its Web API on 127.0.0.1, delivery to the app, and people.

with StandIn(manifest) as slack:
    app = App(client=WebClient(token=slack.bot_token, base_url=slack.api_url), ...)
    slack.attach(SlackRequestHandler(app))
    sam = slack.person("Sam")
    sam.dm("what is alpha?")
    slack.wait_for(lambda: sam.answers())
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from bot.trial import cast, events, steps
from bot.trial.delivery import ACK_SECONDS, RETRY_DELAYS, Courier
from bot.trial.faults import Fault, Faults
from bot.trial.hosting import LocalServer
from bot.trial.manifest import missing_scopes, read_manifest
from bot.trial.person import Person
from bot.trial.rates import RateLimits
from bot.trial.records import Call, Complaint, Delivery, Payload
from bot.trial.routes import Routes
from bot.trial.socket_mode import SocketMode
from bot.trial.web_api import WebApi
from bot.trial.workspace import Clock, Workspace, now

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

T = TypeVar("T")
EVENTS_PATH = "/slack/events"


class StandIn:
    """Slack for one app, from ``with`` to the end of its block.

    Args:
        manifest: the app manifest in Slack's JSON form; it decides what the app may do and receives.
        request_url: where the app listens (plain HTTP); ``attach`` sets it for an app in this process.
        clock: gives the moment now, for timestamps and for what expires (signatures use the real time).
        bot_in: ids of the channels that the bot is in at first.
        rate_limits: 0 none, 1 as Slack has them, 10 ten times as patient.
        ack_seconds: how long the app may take to acknowledge.
        retry_delays: seconds before each second, third and fourth delivery of an event.
        strict: leaving the block without an error raises AssertionError when there are complaints.
    """

    def __init__(
        self,
        manifest: Payload,
        *,
        request_url: str = "",
        clock: Clock = now,
        bot_in: Sequence[str] = (cast.PARKING, cast.HOUSING),
        rate_limits: int = 0,
        ack_seconds: float = ACK_SECONDS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        strict: bool = True,
        port: int = 0,
    ) -> None:
        self.workspace = Workspace(read_manifest(manifest), clock=clock, bot_in=bot_in)
        self.delivery = Courier(
            self.workspace, request_url=request_url, ack_seconds=ack_seconds, retry_delays=retry_delays
        )
        self.rates = RateLimits(rate_limits)
        self.strict = strict
        self._faults = Faults()
        self._routes = Routes(self.workspace, WebApi(self.workspace, self.rates, self._faults))
        self._port = port
        self._servers: list[LocalServer] = []
        self.workspace.echo = self.delivery.event_later
        for line in missing_scopes(self.workspace.manifest, self.workspace.installation.scopes):
            self.workspace.complain("manifest", line)

    def __enter__(self) -> StandIn:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self.strict and error is None and self.complaints:
            raise AssertionError("Slack would mind: " + "; ".join(map(str, self.complaints)))

    def start(self) -> None:
        """Begin to serve; ``api_url`` is known from here on."""
        server = LocalServer(self._routes, port=self._port)
        self._servers.append(server)
        self.workspace.public_url = server.url

    def close(self) -> None:
        """Stop delivering and serving; returns when all threads have ended."""
        self._routes.closing.set()
        self.delivery.close()
        for server in reversed(self._servers):
            server.close()
        self._servers.clear()

    def attach(self, app: WSGIApplication, *, path: str = EVENTS_PATH) -> str:
        """Serve the app's WSGI application beside the stand-in, deliver to its *path*, return the address."""
        server = LocalServer(app)
        self._servers.append(server)
        self.delivery.request_url = f"{server.url}{path}"
        return self.delivery.request_url

    def open_socket_mode(self, url: str) -> SocketMode:
        """
        Deliver over Socket Mode from now on, and return its connections. Whoever serves WebSockets at *url* lets in who
        comes with a ``ticket``.
        """
        sockets = SocketMode(self.workspace)
        self.workspace.connect = lambda: f"{url}/?ticket={sockets.ticket()}&app_id={self.workspace.app_id}"
        self.delivery.sockets = sockets
        return sockets

    # Where it is and what it knows

    @property
    def url(self) -> str:
        """Return the address of the stand-in, without a slash at its end."""
        return self.workspace.public_url

    @property
    def api_url(self) -> str:
        """Return the address of the Web API, as ``base_url`` of a WebClient."""
        return f"{self.url}/api/"

    @property
    def request_url(self) -> str:
        """Return where the app listens; it may be set anew at any time."""
        return self.delivery.request_url

    @request_url.setter
    def request_url(self, address: str) -> None:
        self.delivery.request_url = address

    @property
    def bot_token(self) -> str:
        """Return the current bot token."""
        return self.workspace.installation.bot_token

    @property
    def app_token(self) -> str:
        """Return the app-level token, which opens Socket Mode."""
        return self.workspace.installation.app_token

    @property
    def signing_secret(self) -> str:
        """Return the secret that signs every request to the app."""
        return self.workspace.installation.signing_secret

    @property
    def calls(self) -> list[Call]:
        """Return every Web API call so far, oldest first."""
        with self.workspace.lock:
            return list(self.workspace.calls)

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of one method so far."""
        return [call for call in self.calls if call.method == method]

    @property
    def deliveries(self) -> list[Delivery]:
        """Return every request to the app so far, oldest first."""
        with self.workspace.lock:
            return list(self.workspace.deliveries)

    @property
    def complaints(self) -> list[Complaint]:
        """Return the mistakes that Slack would let pass, and we do not."""
        with self.workspace.lock:
            return list(self.workspace.complaints)

    # What happens

    def person(self, name: str) -> Person:
        """Return somebody by id, user name, first name or full name."""
        return Person(self.workspace, self.delivery, self.workspace.person_named(name))

    def wait_for(self, found: Callable[[], T], timeout: float = 5.0) -> T:
        """Return the first true value of *found*, looked at after every change.

        Raises: TimeoutError: nothing came in *timeout* seconds; the text says what did happen.
        """
        with self.workspace.changed:
            if self.workspace.changed.wait_for(lambda: bool(found()), timeout):
                return found()
        made = ", ".join(call.method + (f" ({call.error})" if call.error else "") for call in self.calls)
        raise TimeoutError(f"not within {timeout} s; calls so far: {made or 'none'}")

    def fail_next(
        self,
        method: str,
        *,
        error: str = "",
        status: int | None = None,
        retry_after: int | None = None,
        body: str | None = None,
        delay: float = 0.0,
        after: bool = False,
        times: int = 1,
    ) -> None:
        """Spoil the next *times* calls of *method* (``*``: of any).

        *error* an error name (``ratelimited`` comes as 429), *status* an HTTP status, *body* a raw answer,
        *delay* seconds to hold the answer back, *after* do the work and lose the answer.
        """
        limited = error == "ratelimited"
        code = status if status is not None else (429 if limited else 200)
        wait = retry_after if retry_after is not None else (1 if limited else None)
        with self.workspace.lock:
            self._faults.add(Fault(method, error, code, wait, body, delay, after, times))

    def heal(self) -> None:
        """Forget the faults that were asked for and not yet met."""
        with self.workspace.lock:
            self._faults.clear()

    def uninstall(self, *, app_first: bool = False) -> None:
        """Take the app out of the workspace: tokens die, both events come (*app_first*: swapped)."""
        with self.workspace.change():
            told = events.uninstall_events(self.workspace)
            self.workspace.installation.revoke("account_inactive")
        for event in reversed(told) if app_first else told:
            self.delivery.event(event)
        with self.workspace.change():
            for channel in self.workspace.channels.values():
                channel.members.discard(self.workspace.bot_user)

    def start_step(self, callback_id: str, inputs: Payload) -> str:
        """Run a step of the app as Workflow Builder would; return the id under which it must be completed.

        Raises: LookupError: the manifest declares no such step, or an input that it needs is missing or of no use.
        """
        with self.workspace.change():
            steps.check_inputs(self.workspace, callback_id, inputs)
            step_id = self.workspace.new_id("Fx")
            self.workspace.completed_steps[step_id] = {}
            self.workspace.started_steps[step_id] = callback_id
            event = events.step_event(self.workspace, callback_id, step_id, inputs)
        self.delivery.event(event)
        return step_id
