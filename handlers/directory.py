"""Who is who in Slack: members by their e-mail address, public channels by their name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.errors import InputError, PostingError
from bot.usecases.checkpoint_register import LookedUp
from handlers.posting import slacks_word

_PAGE = 200
_RATE_LIMIT_RETRIES = 3
"""Slack takes fifty look-ups a minute, and more in a burst (https://docs.slack.dev/reference/methods/users.lookupByEmail)."""
_NO_TOKEN = "No SLACK_BOT_TOKEN is set, so it cannot be looked up in Slack. Set it, or write the Slack id ({id})."
_NO_SCOPE = (
    "Advisor may not look up e-mail addresses. Grant its optional scopes users:read and users:read.email (in Slack: "
    "OAuth & Permissions, then install it again), or write the Slack id (U...)."
)
_NO_CHANNEL_SCOPE = "Advisor may not list channels: it lacks the scope channels:read. Write the Slack id (C...)."


class SlackDirectory:
    """Asks Slack with the bot's token in a workspace. Nothing that it learns is kept or logged."""

    def __init__(self, client_of: Callable[[str], WebClient] | None) -> None:
        """Args: client_of: the client of a workspace; None where there is no token of any."""
        self._client_of = client_of

    def people(self, workspace_id: str, addresses: Sequence[str]) -> LookedUp:
        """The members with these addresses. Raises: InputError: Slack could not be asked."""
        client = self._client(workspace_id)
        if client is None:
            return LookedUp({}, dict.fromkeys(addresses, _NO_TOKEN.format(id="U...")))
        ids: dict[str, str] = {}
        why: dict[str, str] = {}
        try:
            _check_workspace(client, workspace_id)
            for address in addresses:
                user = _member(client, address)
                if user:
                    ids[address] = user
                else:
                    why[address] = f"No open account of this workspace has the address {address}. Check its spelling."
        except SlackApiError as error:
            if slacks_word(error) != "missing_scope":
                raise _not_asked(slacks_word(error)) from error
            return LookedUp({}, dict.fromkeys(addresses, _NO_SCOPE))
        except (SlackClientError, OSError) as error:
            raise _not_asked(type(error).__name__) from error
        return LookedUp(ids, why)

    def channels(self, workspace_id: str, names: Sequence[str]) -> LookedUp:
        """The public channels with these names. Raises: InputError: Slack could not be asked."""
        client = self._client(workspace_id)
        if client is None:
            return LookedUp({}, dict.fromkeys(names, _NO_TOKEN.format(id="C...")))
        try:
            _check_workspace(client, workspace_id)
            known = {f"#{name}": id for name, id in _channels(client)}
        except SlackApiError as error:
            if slacks_word(error) != "missing_scope":
                raise _not_asked(slacks_word(error)) from error
            return LookedUp({}, dict.fromkeys(names, _NO_CHANNEL_SCOPE))
        except (SlackClientError, OSError) as error:
            raise _not_asked(type(error).__name__) from error
        ids = {name: known[name.casefold()] for name in names if name.casefold() in known}
        missing = (name for name in names if name not in ids)
        return LookedUp(ids, {name: _no_channel(name) for name in missing})

    def _client(self, workspace_id: str) -> WebClient | None:
        """The workspace's client, and as it has time to wait: with patience. Raises: InputError: there is none."""
        if self._client_of is None:
            return None
        try:
            found = self._client_of(workspace_id)
        except PostingError as error:
            raise InputError(f"{workspace_id}: {error} Nothing was taken in.") from error
        patient = [*found.retry_handlers, RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES)]
        return WebClient(found.token, found.base_url, timeout=found.timeout, retry_handlers=patient)


def _member(client: WebClient, address: str) -> str:
    """The id of the person with an address; empty where there is none, or whose account is closed or an app's."""
    try:
        user = client.users_lookupByEmail(email=address)["user"]
    except SlackApiError as error:
        if slacks_word(error) != "users_not_found":
            raise
        return ""
    return "" if user.get("deleted") or user.get("is_bot") else str(user["id"])


def _channels(client: WebClient) -> Iterator[tuple[str, str]]:
    cursor = ""
    while True:
        page = client.conversations_list(exclude_archived=True, types="public_channel", limit=_PAGE, cursor=cursor)
        yield from ((str(one["name"]).casefold(), str(one["id"])) for one in page["channels"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _check_workspace(client: WebClient, workspace_id: str) -> None:
    """Raises: InputError: the token is of another workspace, so that what it finds would be other people."""
    mine = client.auth_test()
    if workspace_id not in (mine.get("team_id"), mine.get("enterprise_id")):
        raise InputError(
            f"SLACK_BOT_TOKEN is of the workspace {mine.get('team_id')}, not {workspace_id}: nothing was taken in."
        )


def _not_asked(word: str) -> InputError:
    return InputError(f"Slack could not be asked who is who ({word}): nothing was taken in. Try again later.")


def _no_channel(name: str) -> str:
    return f"No open public channel is called {name}. Check its spelling; for a private one write its Slack id (C...)."
