"""The addresses of the stand-in: Web API, response addresses, uploads and the page that installs the app."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from bot.trial import cast, web_files, web_oauth
from bot.trial.records import Payload, Refusal
from bot.trial.responding import respond
from bot.trial.web_api import Reply, WebApi
from bot.trial.workspace import Workspace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON = "application/json"


class Routes:
    """A WSGI application; set ``closing`` to let go of answers that are held back."""

    def __init__(self, workspace: Workspace, api: WebApi) -> None:
        self.closing = threading.Event()
        self._workspace = workspace
        self._api = api

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        response = self._route(Request(environ))
        return response(environ, start_response)

    def _route(self, request: Request) -> Response:
        _, place, *rest = [*request.path.split("/", 2), ""]
        name = rest[0]
        if place == "api" and name:
            return self._call(name, request)
        if place == "response" and name and request.method == "POST":
            status, body = respond(self._workspace, name, request.get_data())
            return Response(body, status)
        if place == "upload" and name and request.method in ("POST", "PUT"):
            return self._upload(name, request)
        if request.path == "/oauth/v2/authorize":
            return self._authorize(request)
        return Response("not found", 404)

    def _call(self, method: str, request: Request) -> Response:
        arguments = _arguments(request)
        if arguments is None:
            return _as_response(Reply(200, json.dumps({"ok": False, "error": "invalid_json"})))
        reply = self._api.call(method, arguments, _token(request, arguments))
        if reply.delay:
            self.closing.wait(reply.delay)
        return _as_response(reply)

    def _upload(self, upload_id: str, request: Request) -> Response:
        if request.mimetype == "multipart/form-data":
            content = b"".join(each.read() for each in request.files.values())
        else:
            content = request.get_data()
        try:
            return Response(web_files.receive(self._workspace, upload_id, content))
        except Refusal as refusal:
            return Response(refusal.code, 400)

    def _authorize(self, request: Request) -> Response:
        query = dict(request.args)
        user = query.pop("user", cast.TOM)
        try:
            target = web_oauth.authorize(self._workspace, query, user)
        except Refusal as refusal:
            return Response(refusal.code, 400)
        return Response(status=302, headers={"Location": target})


def _arguments(request: Request) -> Payload | None:
    arguments: Payload = dict(request.args)
    if request.mimetype == JSON:
        try:
            body = json.loads(request.get_data() or b"{}")
        except ValueError:
            return None
        return {**arguments, **body} if isinstance(body, dict) else None
    arguments.update(request.form.items())
    if request.authorization is not None and request.authorization.type == "basic":
        arguments["client_id"] = request.authorization.username
        arguments["client_secret"] = request.authorization.password
    return arguments


def _token(request: Request, arguments: Payload) -> str | None:
    authorization = request.authorization
    if authorization is not None and authorization.type == "bearer":
        return authorization.token
    token = arguments.get("token")
    return str(token) if token else None


def _as_response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, headers=dict(reply.headers), content_type=JSON)
