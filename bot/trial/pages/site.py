"""The addresses of the workspace in a browser, and what keeps other pages of the browser out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from bot.trial.pages.deeds import Deeds, flash
from bot.trial.pages.news import HOLD_SECONDS, Newsroom
from bot.trial.pages.readers import Spot
from bot.trial.pages.screens import Screens, Step
from bot.trial.records import Refusal
from bot.trial.server import StandIn

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STATIC = Path(__file__).resolve().parent.parent / "static"
SERVED = frozenset({"htmx.min.js", "trial.css", "trial.js"})
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing is fetched from anywhere else: a page of this trial cannot tell anybody what it shows."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ADDRESSES = Map(
    [
        Rule("/", endpoint="start", methods=["GET"]),
        Rule("/static/<name>", endpoint="static", methods=["GET"]),
        Rule("/files/<file_id>", endpoint="file", methods=["GET"]),
        Rule("/as/<who>/channel/<channel>", endpoint="channel", methods=["GET"]),
        Rule("/as/<who>/advisor/<any(home, messages):tab>", endpoint="app", methods=["GET"]),
        Rule("/as/<who>/news/<page>/<int:number>", endpoint="news", methods=["GET"]),
        Rule("/as/<who>/opened/<any(home, messages):tab>", endpoint="opened", methods=["POST"]),
        Rule("/as/<who>/<any(composer, suggest, options, edit, source):what>", endpoint="ask", methods=["GET"]),
        Rule(
            "/as/<who>/<any(say, act, submit, close, shortcut, invite, edit, delete, time):what>",
            endpoint="do",
            methods=["POST"],
        ),
    ],
    strict_slashes=False,
)


class Site:
    """A WSGI application: the workspace of a stand-in, for the people of this machine."""

    def __init__(self, slack: StandIn, steps: tuple[Step, ...] = (), *, hold: float = HOLD_SECONDS) -> None:
        self.screens = Screens(slack, steps)
        self._workspace = slack.workspace
        self._deeds = Deeds(self.screens)
        self._newsroom = Newsroom(slack.workspace, self.screens, hold=hold)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        response = self._answer(Request(environ))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def close(self) -> None:
        """Let go of every page that waits for news."""
        self._newsroom.close()

    def _answer(self, request: Request) -> Response:
        try:
            _refuse_strangers(request)
            endpoint, values = ADDRESSES.bind_to_environ(request.environ).match()
            answer: Callable[..., Response] = getattr(self, f"_{endpoint}")
            return answer(request, **values)
        except HTTPException as wrong:
            return _failed(request, wrong.code or 500, wrong.description or wrong.name)
        except (LookupError, Refusal) as wrong:
            words = wrong.args[0] if wrong.args and not isinstance(wrong, KeyError) else "that is not there"
            return _failed(request, 404, f"That did not work: {words}.")
        except ValueError:
            return _failed(request, 400, "That did not work: the form said something that no form says.")

    def _start(self, request: Request) -> Response:
        return _html(self.screens.start())

    def _static(self, request: Request, name: str) -> Response:
        if name not in SERVED:
            raise NotFound
        kind = guess_type(name)[0] or "application/octet-stream"
        return Response((STATIC / name).read_bytes(), content_type=f"{kind}; charset=utf-8")

    def _file(self, request: Request, file_id: str) -> Response:
        upload = self._workspace.handles.uploads.get(file_id)
        if upload is None or upload.content is None or not upload.shared:
            raise NotFound
        kind = guess_type(upload.filename)[0] or ""
        if not kind.startswith("image/") or kind == "image/svg+xml":
            kind = "application/octet-stream"
        return Response(upload.content, content_type=kind)

    def _channel(self, request: Request, who: str, channel: str) -> Response:
        return self._open(request, self.screens.spot(who, "channel", channel, request.args.get("thread")))

    def _app(self, request: Request, who: str, tab: str) -> Response:
        thread_ts = request.args.get("thread") if tab == "messages" else None
        return self._open(request, self.screens.spot(who, tab, thread_ts=thread_ts))

    def _open(self, request: Request, spot: Spot) -> Response:
        if spot.thread_ts is not None:
            self._workspace.find(spot.channel.id, spot.thread_ts)
        return _html(self._newsroom.open(spot, everything="all" in request.args))

    def _news(self, request: Request, who: str, page: str, number: int) -> Response:
        news = self._newsroom.wait(page, number)
        return Response(headers={"HX-Refresh": "true"}) if news is None else _html(news)

    def _opened(self, request: Request, who: str, tab: str) -> Response:
        return _html(self._deeds.open_tab(self.screens.spot(who, tab)))

    def _do(self, request: Request, who: str, what: str) -> Response:
        deed = {"time": self._deeds.move_time}.get(what) or getattr(self._deeds, what)
        return _html(deed(self._spot(request, who), request.form))

    def _ask(self, request: Request, who: str, what: str) -> Response:
        spot, form = self._spot(request, who), request.args
        if what == "composer":
            return _html(self.screens.composer(spot, form.get("where", "main"), form.get("text", "")))
        if what == "source":
            return Response(self._deeds.source(spot, form), content_type="application/json; charset=utf-8")
        deed = {"edit": self._deeds.begin_edit}.get(what) or getattr(self._deeds, what)
        return _html(deed(spot, form))

    def _spot(self, request: Request, who: str) -> Spot:
        known: Any = CombinedMultiDict([request.args, request.form])
        if known.get("tab", "channel") == "channel" and known.get("channel"):
            name = self._workspace.channel_named(known["channel"]).name
            if name:
                return self.screens.spot(who, "channel", name, known.get("thread"))
        tab = known.get("tab", "messages")
        return self.screens.spot(who, tab if tab in ("home", "messages") else "messages", thread_ts=known.get("thread"))


def _refuse_strangers(request: Request) -> None:
    """Refuse what comes by another name than this machine's, or from a page that is not ours.

    Raises: Forbidden: another web page (or a name that only now points here) is at work.
    """
    host = urlsplit(f"//{request.host}").hostname or ""
    if host not in LOCAL_NAMES:
        raise Forbidden("This trial answers on 127.0.0.1 alone.")
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != f"http://{request.host}"
    if request.method != "GET" and (foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")):
        raise Forbidden("Another page may not act in this trial.")


def _html(html: Markup) -> Response:
    return Response(str(html), content_type="text/html; charset=utf-8")


def _failed(request: Request, status: int, words: str) -> Response:
    """Say what went wrong: in the page that asked, or as a page of its own."""
    if request.headers.get("HX-Request"):
        return _html(flash(words))
    return Response(words, status, content_type="text/plain; charset=utf-8")
