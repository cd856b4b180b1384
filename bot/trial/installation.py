"""The app in the workspace: its credentials, its tokens, and what each token may do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.trial.manifest import Manifest
from bot.trial.records import Refusal


@dataclass
class Token:
    """A token and what was granted with it; ``state`` is empty, or the error that it gives now."""

    value: str
    kind: str
    scopes: frozenset[str]
    state: str = ""


class Installation:
    """Credentials of the app and every token handed out; a new workspace starts installed."""

    def __init__(self, manifest: Manifest) -> None:
        self.client_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}"
        self.client_secret = secrets.token_hex(16)
        self.signing_secret = secrets.token_hex(16)
        self.verification_token = secrets.token_urlsafe(18)
        self.manifest = manifest
        self._tokens: dict[str, Token] = {}
        self._refresh_tokens: dict[str, frozenset[str]] = {}
        self.bot_token = self.grant(manifest.scopes).value
        self.app_token = self._add("xapp", frozenset({"connections:write"})).value

    @property
    def scopes(self) -> frozenset[str]:
        """Return the scopes of the newest bot token."""
        return self._tokens[self.bot_token].scopes

    @property
    def active(self) -> bool:
        """Return whether the app is installed now."""
        return not self._tokens[self.bot_token].state

    def grant(self, scopes: frozenset[str]) -> Token:
        """Return a new bot token with *scopes*; it becomes the current one."""
        token = self._add("xoxb", scopes)
        self.bot_token = token.value
        return token

    def lend_refresh_token(self, scopes: frozenset[str]) -> str:
        """Return a refresh token, good for one new token with *scopes*."""
        value = f"xoxe-1-{secrets.token_hex(70)}"
        self._refresh_tokens[value] = scopes
        return value

    def use_refresh_token(self, value: str) -> frozenset[str]:
        """Return the scopes behind a refresh token; refused when unknown or used."""
        if value not in self._refresh_tokens:
            raise Refusal("invalid_refresh_token")
        return self._refresh_tokens.pop(value)

    def limit(self, scopes: frozenset[str]) -> None:
        """Leave the current bot token with *scopes* alone, as after an older installation."""
        self._tokens[self.bot_token].scopes = scopes

    def revoke(self, state: str = "token_revoked") -> None:
        """Make every bot token useless; each call then gives the error *state*."""
        for token in self._tokens.values():
            if token.kind == "xoxb":
                token.state = state

    def token(self, value: str | None) -> Token:
        """Return a token that works; refused with the error that Slack gives for any other."""
        if not value:
            raise Refusal("not_authed")
        token = self._tokens.get(value)
        if token is None:
            raise Refusal("invalid_auth")
        if token.state:
            raise Refusal(token.state)
        return token

    def _add(self, kind: str, scopes: frozenset[str]) -> Token:
        token = Token(f"{kind}-{secrets.token_hex(16)}", kind, scopes)
        self._tokens[token.value] = token
        return token
