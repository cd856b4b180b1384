"""Whose token speaks: the one of the settings, or the one with which a workspace installed Advisor, renewed in time."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import TYPE_CHECKING

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError, SlackTokenRotationError
from slack_sdk.oauth.token_rotation import TokenRotator

from bot.errors import PostingError
from bot.storage.deliveries import Deliveries
from bot.usecases.poster import UNSURE

if TYPE_CHECKING:
    from slack_sdk.oauth.installation_store import Installation

    from bot.storage.installations import Installations

NOT_INSTALLED = "not_installed"
ROTATION_MINUTES = 120
"""How long before its end a token is renewed; it lives for 12 hours
(https://docs.slack.dev/authentication/using-token-rotation, checked 2026-11-23)."""

_WAIT_SECONDS = 0.2
_MOST_WAITS = 25
_log = logging.getLogger(__name__)

ClientWith = Callable[[str], WebClient]
"""Makes the client that speaks with a token."""


class OneWorkspace:
    """
    The token of the settings, which speaks for its own workspace alone: rows of another one may lie in the database
    from the days when many could install Advisor.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._ours: frozenset[str] | None = None

    def client_of(self, workspace_id: str) -> WebClient:
        """The client of a workspace. Raises: PostingError: it is not ours, or Slack does not say whose we are."""
        if self._ours is None:
            self._ours = self._ask()
        if workspace_id not in self._ours:
            raise _not_installed()
        return self._client

    def _ask(self) -> frozenset[str]:
        try:
            us = self._client.auth_test()
        except (SlackClientError, OSError, HTTPException) as error:
            raise PostingError(f"Slack did not say whose token it is: {type(error).__name__}.", code=UNSURE) from error
        return frozenset(str(us[name]) for name in ("team_id", "enterprise_id") if us.get(name))


class ManyWorkspaces:
    """The tokens of the installations."""

    def __init__(self, installations: Installations, rotator: LeasedRotator, client_with: ClientWith) -> None:
        self._installations = installations
        self._rotator = rotator
        self._client_with = client_with

    def client_of(self, workspace_id: str) -> WebClient:
        """The client of a workspace, its token renewed where that is due. Raises: PostingError: it has none."""
        installation = self._installations.of_workspace(workspace_id)
        if installation is None or not installation.bot_token:
            raise _not_installed()
        try:
            renewed = self._rotator.perform_token_rotation(installation=installation)
        except SlackTokenRotationError as error:
            raise PostingError("The token of a workspace could not be renewed.", code=UNSURE) from error
        return self._client_with(str((renewed or installation).bot_token))


class LeasedRotator(TokenRotator):
    """
    Slack's renewal of tokens, by one process at a time: a refresh token works once, so that of two who use it at the
    same moment one would be left with nothing.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        client: WebClient,
        installations: Installations,
        deliveries: Deliveries,
        now: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(client_id=client_id, client_secret=client_secret, client=client)
        self._installations = installations
        self._deliveries = deliveries
        self._now = now

    def perform_token_rotation(
        self, *, installation: Installation, minutes_before_expiration: int = ROTATION_MINUTES
    ) -> Installation | None:
        """
        The installation with its new token, kept already; None where none is needed, or somebody else is at it and the
        old token still works. Raises: SlackTokenRotationError: there is no token that works.
        """
        expires = installation.bot_token_expires_at
        refresh = installation.bot_refresh_token
        if expires is None or refresh is None or expires > time.time() + minutes_before_expiration * 60:
            return None
        from bot.storage.installations import workspace_of

        workspace = workspace_of(installation)
        deed = f"rotate:{hashlib.sha256(refresh.encode()).hexdigest()[:32]}"
        taken = self._deliveries.claim(workspace, deed, at=self._now())
        if taken is None:
            return None if expires > time.time() else self._wait_for_another(workspace, refresh)
        try:
            renewed = super().perform_token_rotation(
                installation=installation, minutes_before_expiration=minutes_before_expiration
            )
            if renewed is not None:
                self._installations.save(renewed)
        except SlackTokenRotationError:
            self._deliveries.give_back(taken)
            if expires <= time.time():
                raise
            _log.warning("A token could not be renewed yet.", extra={"action": "token_not_renewed"})
            return None
        self._deliveries.done(taken)
        return renewed

    def _wait_for_another(self, workspace: str, refresh: str) -> Installation | None:
        """What another process is fetching at this moment; for as long as Slack would wait for us."""
        for _ in range(_MOST_WAITS):
            found = self._installations.of_workspace(workspace)
            if found is None or found.bot_refresh_token != refresh:
                return found
            time.sleep(_WAIT_SECONDS)
        return None


def _not_installed() -> PostingError:
    return PostingError("Advisor is not installed in the workspace any more.", code=NOT_INSTALLED)
