"""Installing Advisor in a workspace: Slack's OAuth flow by Bolt, with our pages at its end."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.authorization.authorize import InstallationStoreAuthorize
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation

from bot.errors import StorageError
from bot.manifest import INSTALL_PATH, OPTIONAL_SCOPES, REDIRECT_PATH, SCOPES
from bot.rendering.install_pages import installed_page, not_installed_page
from bot.storage.installations import STATE_SECONDS, Installations, States, workspace_of
from handlers.tokens import ROTATION_MINUTES, LeasedRotator

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of the page has Slack's code in it
    "Cache-Control": "no-store",
}
_log = logging.getLogger(__name__)


def oauth_flow(
    client: WebClient,
    installations: Installations,
    states: States,
    rotator: LeasedRotator,
    *,
    now: Callable[[], dt.datetime],
    installed: Callable[[str, str], object],
    agent_features: bool,
) -> OAuthFlow:
    """
    The flow from ``/slack/install`` to the page that says what was granted. *client* has no token of its own;
    *installed* hears of each workspace and of the person who installed Advisor there.

    Who is asked is answered from *installations*; what Slack says about a token is remembered for as long as we run.
    """
    scopes = [*SCOPES, *OPTIONAL_SCOPES, *(["assistant:write"] if agent_features else [])]
    settings = OAuthSettings(
        client_id=rotator.client_id,
        client_secret=rotator.client_secret,
        scopes=scopes,
        user_scopes=[],
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        install_page_rendering_enabled=False,
        callback_options=CallbackOptions(success=say_installed, failure=say_not_installed),
        authorization_url=f"{client.base_url.rstrip('/').removesuffix('/api')}/oauth/v2/authorize",
        installation_store=installations,
        state_store=states,
        state_expiration_seconds=STATE_SECONDS,
        logger=logging.getLogger("slack_bolt"),
    )
    authorize = InstallationStoreAuthorize(
        logger=logging.getLogger("slack_bolt"),
        installation_store=installations,
        token_rotation_expiration_minutes=ROTATION_MINUTES,
        cache_enabled=True,
        client=client,
    )
    authorize.token_rotator = rotator
    settings.authorize = authorize
    return _Flow(client, settings, now, installed)


class _Flow(OAuthFlow):
    """Bolt's flow by our clock, which tells the person also where our database fails."""

    def __init__(
        self, client: WebClient, settings: OAuthSettings, now: Callable[[], dt.datetime],
        installed: Callable[[str, str], object],
    ) -> None:  # fmt: skip
        super().__init__(client=client, settings=settings)
        self._now = now
        self._installed = installed

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        """Keep the installation. Raises: BoltError: it could not be kept, and the person is told so."""
        installation.installed_at = self._now().timestamp()
        try:
            super().store_installation(request, installation)
            self._installed(workspace_of(installation), installation.user_id)
        except StorageError as error:
            _log.error("An installation was not kept: %s", error, extra={"action": "install_not_kept"})
            raise BoltError("the installation could not be kept") from error


def say_installed(args: SuccessArgs) -> BoltResponse:
    """Show what was granted, and what to do next."""
    installed = args.installation
    _log.info("A workspace installed Advisor.", extra={"action": "workspace_installed"})
    name = installed.enterprise_name if installed.is_enterprise_install else installed.team_name
    return _page(
        200,
        installed_page(
            str(name or "your workspace"), list(installed.bot_scopes or ()), SCOPES, OPTIONAL_SCOPES,
            app_id=installed.app_id or "", team_id=installed.team_id or "",
        ),
    )  # fmt: skip


def say_not_installed(args: FailureArgs) -> BoltResponse:
    """Show why it was not installed, and how to begin again."""
    _log.info("An installation was not finished: %s.", _known(args.reason), extra={"action": "install_unfinished"})
    return _page(args.suggested_status_code, not_installed_page(args.reason))


def _known(reason: str) -> str:
    """The word for the log: anybody can write into the address of a page, so only what looks like Slack's own."""
    return reason if reason.replace("_", "").isascii() and reason.replace("_", "").isalpha() else "unknown"


def _page(status: int, html: str) -> BoltResponse:
    headers: dict[str, Any] = dict(_HEADERS)
    return BoltResponse(status=status, body=html, headers=headers)
