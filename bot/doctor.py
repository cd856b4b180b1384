"""The doctor: looks at everything that Advisor stands on, says what is wrong and what to do, and changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.errors import AdvisorError, SettingsError
from bot.knowledge.checking import check
from bot.knowledge.loading import load
from bot.manifest import OPTIONAL_SCOPES, wanted_scopes
from bot.probes import CLOCK_LATE_SECONDS
from bot.settings import Settings
from bot.storage.backup import sqlite_file
from bot.storage.database import Database
from bot.storage.heartbeat import Heartbeat
from bot.web import SLACK_PATH

State = Literal["ok", "look", "wrong"]
SKEW_LOOK: Final = 30
SKEW_WRONG: Final = 240
"""Seconds. Requests whose timestamp is more than 300 seconds away are refused, so that this is nearly too late.
Source: https://docs.slack.dev/authentication/verifying-requests-from-slack, checked 2026-11-23."""

DISK_LOOK: Final = 1_000_000_000
DISK_WRONG: Final = 100_000_000
"""Bytes free. The database grows by about 1 kB an answer and forgets after the retention period; our own bars."""

_SECONDS = 10
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    """What one look found: ``do`` is empty where all is well; ``look`` works today and may not tomorrow."""

    about: str
    state: State
    found: str
    do: str = ""


def examine(
    settings: Settings, *, url: str | None = None, now: Callable[[], dt.datetime] | None = None
) -> Iterator[Finding]:
    """Every finding, as it is made. Args: url: where Slack reaches this Advisor, to try that too."""
    clock = now or (lambda: dt.datetime.now(dt.UTC))
    yield _settings(settings)
    yield from _slack(settings, clock)
    yield from _database(settings, clock)
    yield _knowledge(settings, clock)
    yield from _disk(settings)
    yield from _webhook(settings, url)


def _settings(settings: Settings) -> Finding:
    try:
        settings.require_slack()
    except SettingsError as error:
        return Finding("settings", "wrong", "Slack is not set up.", " ".join(str(error).splitlines()))
    return Finding("settings", "ok", f"complete; Slack reaches Advisor over {settings.mode}.")


def _slack(settings: Settings, now: Callable[[], dt.datetime]) -> Iterator[Finding]:
    if settings.slack_bot_token is None:
        return
    client = WebClient(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=_SECONDS)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        word = str(error.response.get("error", "unknown"))
        yield Finding("Slack", "wrong", f"Slack does not accept SLACK_BOT_TOKEN ({word}).", _about_token(word))
        return
    except OSError as error:
        do = "Let this machine reach it over https: look at DNS, the proxy (HTTPS_PROXY) and the firewall."
        yield Finding("Slack", "wrong", f"{settings.slack_api_url} cannot be reached ({error}).", do)
        return
    headers = {str(name).casefold(): _first(value) for name, value in dict(answer.headers).items()}
    yield Finding("Slack", "ok", f"the token works, in workspace {answer.get('team_id')}.")
    yield _scopes(settings, headers.get("x-oauth-scopes", ""))
    if "date" in headers:
        yield _skew(headers["date"], now())
    if settings.slack_app_token is not None:
        yield _socket(client, settings.slack_app_token.get_secret_value())


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list | tuple) and value else str(value)


def _about_token(word: str) -> str:
    if word in ("account_inactive", "token_revoked"):
        return "Advisor was uninstalled: install it to the workspace again and copy the new bot token."
    return "Copy the Bot User OAuth Token of your Slack app (OAuth & Permissions) into SLACK_BOT_TOKEN."


def _scopes(settings: Settings, header: str) -> Finding:
    granted = {one.strip() for one in header.split(",")} - {""}
    if not granted:
        return Finding("scopes", "look", "Slack did not say which scopes are granted.", "Compare them by hand.")
    wanted = wanted_scopes(agent_features=settings.agent_features)
    if missing := sorted(wanted - granted):
        do = "Paste the output of `advisor manifest` into your Slack app, then reinstall it to the workspace."
        return Finding("scopes", "wrong", f"not granted: {', '.join(missing)}.", do)
    if optional := sorted(set(OPTIONAL_SCOPES) - granted):
        do = f"Grant them, or accept what they are for: {OPTIONAL_SCOPES[optional[0]]}."
        return Finding("scopes", "look", f"optional ones are not granted: {', '.join(optional)}.", do)
    if more := sorted(granted - wanted - set(OPTIONAL_SCOPES)):
        do = "Advisor does not need them: take them out of your Slack app, and reinstall it."
        return Finding("scopes", "look", f"more are granted than asked for: {', '.join(more)}.", do)
    return Finding("scopes", "ok", "exactly those of the manifest are granted.")


def _skew(date: str, now: dt.datetime) -> Finding:
    ahead = round((now - parsedate_to_datetime(date)).total_seconds())
    found = f"this machine is {abs(ahead)} seconds {'ahead of' if ahead > 0 else 'behind'} Slack."
    state: State = "wrong" if abs(ahead) > SKEW_WRONG else "look" if abs(ahead) > SKEW_LOOK else "ok"
    do = "Set the clock by NTP; more than 300 seconds away every request of Slack is refused." if state != "ok" else ""
    return Finding("clock of this machine", state, found, do)


def _socket(client: WebClient, token: str) -> Finding:
    try:
        client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        word = str(error.response.get("error", "unknown"))
        do = "Make an app-level token with the scope connections:write (Basic Information), and switch Socket Mode on."
        return Finding("Socket Mode", "wrong", f"Slack does not accept SLACK_APP_TOKEN ({word}).", do)
    return Finding("Socket Mode", "ok", "Slack opens a connection.")


def _database(settings: Settings, now: Callable[[], dt.datetime]) -> Iterator[Finding]:
    try:
        database = Database(settings.database_url)
    except AdvisorError as error:
        yield Finding("database", "wrong", str(error), "Set DATABASE_URL to a place that can be used.")
        return
    try:
        found, wanted = database.versions()
        if found != wanted:
            do = "Run `advisor migrate`; if the tables are newer than this Advisor, install the newer one."
            yield Finding("database", "wrong", f"its tables have version {found}, this Advisor wants {wanted}.", do)
            return
        yield Finding("database", "ok", f"{'SQLite' if database.is_embedded else 'PostgreSQL'}, version {found}.")
        yield _clock(Heartbeat(database), now())
        if database.is_embedded:
            yield _readable(sqlite_file(settings.database_url))
    except AdvisorError as error:
        yield Finding("database", "wrong", str(error), "Run `advisor migrate`, or mend what the line says.")
    finally:
        database.close()


def _clock(heartbeat: Heartbeat, at: dt.datetime) -> Finding:
    beat = heartbeat.beat(at=at)
    if beat.clock_at is None:
        do = "Nothing to do before the first start; else run `advisor clock` beside `serve`."
        return Finding("clock", "look", "no clock has gone round yet.", do)
    age = round((at - beat.clock_at).total_seconds())
    if age > CLOCK_LATE_SECONDS:
        return Finding("clock", "wrong", f"the last pass was {age} seconds ago.", "Start `advisor clock`; see its log.")
    if beat.late:
        do = 'See the log for "A notification waits", and metrics for what Slack says.'
        return Finding("clock", "look", f"{beat.late} channels or people wait for more than 15 minutes.", do)
    return Finding("clock", "ok", f"the last pass was {age} seconds ago, and nothing is late.")


def _readable(file: Path) -> Finding:
    file = file.absolute()
    open_to_others = [one for one in (file, file.parent) if one.stat().st_mode & _OTHERS]
    if file in open_to_others and file.parent in open_to_others:
        do = f"chmod 700 {file.parent}; chmod 600 {file}"
        return Finding("file of the database", "look", "other users of this machine can read it.", do)
    return Finding("file of the database", "ok", "only its owner can read it.")


def _knowledge(settings: Settings, now: Callable[[], dt.datetime]) -> Finding:
    do = "Run `advisor knowledge check`: it names file, line and what to do."
    try:
        loaded = load(settings.knowledge)
    except AdvisorError as error:
        return Finding("knowledge", "wrong", str(error).splitlines()[0], do)
    faults = check(loaded, today=now().date())
    broken = sum(one.severity != "warning" for one in faults)
    found = f"{len(loaded.library)} entries, {broken} faults, {len(faults) - broken} warnings."
    state: State = "wrong" if broken else "look" if faults else "ok"
    return Finding("knowledge", state, found, do if faults else "")


def _disk(settings: Settings) -> Iterator[Finding]:
    places = {"cache": settings.cache}
    if settings.database_url.startswith("sqlite"):
        places["database"] = sqlite_file(settings.database_url)
    for name, place in sorted(places.items()):
        there = next(one for one in (place, *place.absolute().parents) if one.exists())
        free = shutil.disk_usage(there).free
        state: State = "wrong" if free < DISK_WRONG else "look" if free < DISK_LOOK else "ok"
        do = "Make room: when the disk is full nothing can be kept, and people get an error." if state != "ok" else ""
        yield Finding(f"disk of the {name}", state, f"{free // 1_000_000} MB free at {there}.", do)


def _webhook(settings: Settings, url: str | None) -> Iterator[Finding]:
    if settings.mode != "http":
        return
    if url is None:
        yield Finding("address", "look", "not tried.", "Give it: advisor doctor --url https://your-host")
        return
    base = url.rstrip("/")
    if urlsplit(base).scheme != "https":
        yield Finding(
            "address", "look", f"{base} is not https.", "Slack takes https alone; for a try from inside it will do."
        )
    status, body = _fetch(f"{base}/healthz")
    if status != 200 or b'"alive"' not in body:
        said = f"HTTP {status}" if status else body.decode(errors="replace")
        do = (
            "See that `advisor serve` runs, that the proxy passes /healthz and /slack/events on, and that TLS is valid."
        )
        yield Finding("address", "wrong", f"{base}/healthz does not answer as Advisor does ({said}).", do)
        return
    yield Finding("address", "ok", f"{base}/healthz answers.")
    yield _signed_request(settings, base)


def _signed_request(settings: Settings, base: str) -> Finding:
    """What Slack does when the address is saved: a signed question that must come back as asked."""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    challenge = f"doctor-{time.time_ns()}"
    body, timestamp = json.dumps({"type": "url_verification", "challenge": challenge}), str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": timestamp}
    headers["X-Slack-Signature"] = str(signature)
    status, answer = _fetch(f"{base}{SLACK_PATH}", body.encode(), headers)
    if status == 200 and challenge.encode() in answer:
        return Finding("signed request", "ok", "accepted, as Slack's would be.")
    do = "The running Advisor must have the same SLACK_SIGNING_SECRET, and the proxy must not change body or headers."
    return Finding("signed request", "wrong", f"refused (HTTP {status}).", do)


def _fetch(address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body; status 0 and the reason where nobody answered, or it is no address."""
    try:
        with urlopen(Request(address, body, dict(headers or {})), timeout=_SECONDS) as answer:
            return int(answer.status), answer.read(10_000)
    except HTTPError as error:
        with error:
            return error.code, error.read(10_000)
    except (OSError, ValueError) as error:
        return 0, str(error).encode()
