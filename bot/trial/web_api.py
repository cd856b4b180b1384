"""Slack's Web API over the workspace: token, scope, arguments, rate, then the method itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.trial import web_app, web_chat, web_conversations, web_files, web_oauth, web_views
from bot.trial.arguments import Arguments
from bot.trial.faults import Faults
from bot.trial.methods import APP_TOKEN, METHODS, WITHOUT_TOKEN, Facts
from bot.trial.rates import RateLimits
from bot.trial.records import Call, Payload, Refusal, faulty
from bot.trial.workspace import Workspace

Method = Callable[[Workspace, Arguments], Payload]

IMPLEMENTED: dict[str, Method] = {
    **web_app.METHODS,
    **web_chat.METHODS,
    **web_conversations.METHODS,
    **web_files.METHODS,
    **web_oauth.METHODS,
    **web_views.METHODS,
}


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; ``delay`` is how many seconds to hold it back."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


class WebApi:
    """Answers calls of the app; nothing here raises, every failure is an answer as Slack gives it."""

    def __init__(self, workspace: Workspace, rates: RateLimits, faults: Faults) -> None:
        self._workspace = workspace
        self._rates = rates
        self._faults = faults

    def call(self, method: str, raw: Payload, token: str | None) -> Reply:
        """Return the answer to one call and record it in ``workspace.calls``."""
        with self._workspace.lock:
            fault = self._faults.take(method)
        if fault is None or fault.lets_through:
            answer = self._answer(method, raw, token)
        else:
            answer = {"ok": False, "error": fault.error or f"http_{fault.status}"}
        status, body, headers = _as_http(answer)
        if fault is not None:
            status, body, headers = fault.spoil(answer)
        headers = {**headers, **self._granted(token)}
        arguments = {name: value for name, value in raw.items() if name not in ("token", "client_secret")}
        with self._workspace.change():
            self._workspace.calls.append(Call(method, arguments, answer, status))
        return Reply(status, body, headers, delay=fault.delay if fault else 0.0)

    def _answer(self, method: str, raw: Payload, token: str | None) -> Payload:
        try:
            with self._workspace.change():
                return {"ok": True, **self._carry_out(method, Arguments(raw), token)}
        except Refusal as refusal:
            return {"ok": False, "error": refusal.code, **refusal.extras}

    def _carry_out(self, method: str, arguments: Arguments, token: str | None) -> Payload:
        facts = METHODS.get(method)
        if facts is None or method not in IMPLEMENTED:
            self._workspace.complain(method, "no such method; if Slack has it, it has to be built here first")
            raise Refusal("unknown_method", req_method=method)
        if method not in WITHOUT_TOKEN:
            self._check_token(method, facts, token)
        channel = arguments.need("channel") if "channel" in arguments else ""
        self._rates.count(method, facts.tier, self._workspace.clock(), channel)
        self._check_names(method, facts, arguments)
        return IMPLEMENTED[method](self._workspace, arguments)

    def _granted(self, value: str | None) -> dict[str, str]:
        """What every answer to a token says of it in its head.
        Source: slack_bolt 1.30.0 reads the scopes there (``middleware/authorization/internals.py``)."""
        try:
            scopes = self._workspace.installation.token(value).scopes
        except Refusal:
            return {}
        return {"X-OAuth-Scopes": ",".join(sorted(scopes))}

    def _check_token(self, method: str, facts: Facts, value: str | None) -> None:
        token = self._workspace.installation.token(value)
        if token.kind != ("xapp" if method in APP_TOKEN else "xoxb"):
            raise Refusal("not_allowed_token_type")
        if facts.scopes and not token.scopes.intersection(facts.scopes):
            raise Refusal("missing_scope", needed=",".join(facts.scopes), provided=",".join(sorted(token.scopes)))

    def _check_names(self, method: str, facts: Facts, arguments: Arguments) -> None:
        missing = [name for name in sorted(facts.required) if name not in arguments]
        if missing:
            raise faulty("invalid_arguments", *(f"missing required field: {name}" for name in missing))
        unknown = arguments.raw.keys() - facts.known if method != "api.test" else ()
        for name in sorted(unknown):
            self._workspace.complain(method, f"the argument {name} does not exist")


def _as_http(answer: Payload) -> tuple[int, str, dict[str, str]]:
    if answer.get("error") != "ratelimited":
        return 200, json.dumps(answer), {}
    wait = answer.pop("retry_after", 1)
    return 429, json.dumps(answer), {"Retry-After": str(wait)}
