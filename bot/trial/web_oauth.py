"""OAuth v2: the page on which somebody installs the app, and the exchange of the code for a token.

Source: https://docs.slack.dev/authentication/installing-with-oauth, checked 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.trial import cast
from bot.trial.arguments import Arguments
from bot.trial.records import Payload, Refusal
from bot.trial.workspace import Workspace

TOKEN_SECONDS = 12 * 3600
"""How long a token lives where tokens rotate
(https://docs.slack.dev/authentication/using-token-rotation, checked 2026-11-23)."""


def authorize(workspace: Workspace, query: Mapping[str, str], user: str) -> str:
    """Return the address to go to after *user* agreed to (or, with ``deny=1``, turned down) the installation.

    Raises: Refusal: ``invalid_client_id``, ``bad_redirect_uri`` or ``invalid_scope``.
    """
    app = workspace.installation
    if query.get("client_id") != app.client_id:
        raise Refusal("invalid_client_id")
    redirects = workspace.manifest.redirect_urls
    target = query.get("redirect_uri") or (redirects[0] if redirects else "")
    if not target or not any(target.startswith(allowed) for allowed in redirects):
        raise Refusal("bad_redirect_uri")
    scopes = frozenset(filter(None, query.get("scope", "").replace(" ", ",").split(",")))
    if not scopes or not scopes <= workspace.manifest.scopes:
        raise Refusal("invalid_scope")
    back = {"state": query["state"]} if "state" in query else {}
    if query.get("deny"):
        return f"{target}?{urlencode({'error': 'access_denied', **back})}"
    with workspace.change():
        code = workspace.handles.lend_code(user, scopes, query.get("redirect_uri", ""))
    return f"{target}?{urlencode({'code': code, **back})}"


def access(workspace: Workspace, arguments: Arguments) -> Payload:
    """``oauth.v2.access``: exchange a code (once, within ten minutes) or a refresh token (once) for a bot token."""
    app = workspace.installation
    if arguments.text("client_id") != app.client_id:
        raise Refusal("invalid_client_id")
    if arguments.text("client_secret") != app.client_secret:
        raise Refusal("bad_client_secret")
    if arguments.text("grant_type") == "refresh_token" and workspace.manifest.token_rotation:
        return _granted(workspace, app.use_refresh_token(arguments.need("refresh_token")))
    if arguments.text("grant_type") not in (None, "authorization_code"):
        raise Refusal("invalid_grant_type")
    code = workspace.handles.use_code(arguments.need("code"))
    if (arguments.text("redirect_uri") or "") != code.redirect_uri:
        raise Refusal("bad_redirect_uri")
    with workspace.change():
        # Whoever has talked with the bot before finds that conversation again.
        for channel in workspace.channels.values():
            if channel.kind == "im":
                channel.members.add(workspace.bot_user)
    return _granted(workspace, code.scopes) | {"authed_user": {"id": code.user}}


def _granted(workspace: Workspace, scopes: frozenset[str]) -> Payload:
    """A new bot token; where tokens rotate, with its end and what it is renewed with."""
    app = workspace.installation
    token = app.grant(scopes)
    renewal: Payload = {}
    if workspace.manifest.token_rotation:
        renewal = {"expires_in": TOKEN_SECONDS, "refresh_token": app.lend_refresh_token(scopes)}
    return {
        **renewal,
        "app_id": workspace.app_id,
        "scope": ",".join(sorted(scopes)),
        "token_type": "bot",
        "access_token": token.value,
        "bot_user_id": workspace.bot_user,
        "team": {"id": workspace.team_id, "name": cast.TEAM_NAME},
        "enterprise": None,
        "is_enterprise_install": False,
    }


METHODS = {"oauth.v2.access": access}
