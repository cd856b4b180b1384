"""Manifest, code and screens fit together: what is declared or shown is listened to, and the other way round."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from slack_bolt import App
from slack_bolt.listener import Listener
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from bot.errors import InputError
from bot.manifest import COMMANDS, EVENTS, SHORTCUTS, STEP_EVENT, STEPS, manifest
from bot.settings import REPOSITORY
from bot.trial.manifest import missing_scopes, read_manifest
from bot.trial.server import StandIn
from bot.usecases.knowledge_base import KnowledgeBase
from tests.handlers.controls import pressed, searched, sent
from tests.journeys.council import open_council

SCHEMA = REPOSITORY.parent / "shared" / "slack" / "manifest.schema.2.0.0.json"
URL = "https://advisor.example.gov.uk"
VARIANTS = {
    "Socket Mode": manifest(),
    "HTTP": manifest(url=URL),
    "Socket Mode with agent features": manifest(agent_features=True),
    "HTTP with agent features": manifest(url=URL, agent_features=True),
    "Socket Mode with steps": manifest(steps=True),
    "HTTP with everything": manifest(url=URL, agent_features=True, steps=True),
    "many workspaces": manifest(url=URL, many=True),
    "many organisations whose tokens rotate": manifest(url=URL, many=True, org=True, rotation=True),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, knowledge_base: KnowledgeBase) -> Iterator[App]:
    """The app, as it is served."""
    with open_council(f"sqlite:///{tmp_path_factory.mktemp('council')}/advisor.sqlite3", knowledge_base) as council:
        yield council.running.app


def samples() -> dict[str, dict[str, Any]]:
    """A payload for everything that is declared, or that people can use on a screen."""
    found: dict[str, dict[str, Any]] = {}
    for command, _, _ in COMMANDS:
        found[f"command {command}"] = {"command": command, "text": ""}
    for event in EVENTS:
        kind, _, channel = event.partition(".")
        about = {"type": kind, **({"channel_type": channel} if channel else {})}
        found[f"event {event}"] = {"type": "event_callback", "event": about}
        if channel:
            left_alone = {**about, "subtype": "message_changed"}
            found[f"event {event} of no person"] = {"type": "event_callback", "event": left_alone}
    for step in STEPS:
        executed = {"type": STEP_EVENT, "function": {"callback_id": step}, "function_execution_id": "Fx1"}
        found[f"step {step}"] = {"type": "event_callback", "event": executed}
    for callback_id, _, _ in SHORTCUTS:
        found[f"shortcut {callback_id}"] = {"type": "message_action", "callback_id": callback_id}
    for action_id in sorted(pressed()):
        action = {"type": "button", "action_id": action_id, "block_id": "row"}
        found[f"action {action_id}"] = {"type": "block_actions", "actions": [action]}
    for callback_id in sorted(sent()):
        found[f"form {callback_id}"] = {
            "type": "view_submission",
            "view": {"type": "modal", "callback_id": callback_id},
        }
    for action_id in sorted(searched()):
        found[f"search {action_id}"] = {"type": "block_suggestion", "action_id": action_id, "block_id": "row"}
    return found


def listener_of(app: App, payload: dict[str, Any]) -> Listener | None:
    """The listener that takes *payload*; the one that takes every click nobody else took does not count."""
    request = BoltRequest(body=payload, mode="socket_mode")
    response = BoltResponse(status=200)
    taking = [each for each in app._listeners if each.matches(req=request, resp=response)]
    return taking[0] if taking and taking[0].ack_function.__name__ != "take_click" else None


@pytest.mark.parametrize(("name", "payload"), samples().items())
def test_what_is_declared_or_shown_has_a_listener(app: App, name: str, payload: dict[str, Any]) -> None:
    assert listener_of(app, payload) is not None


def test_every_listener_listens_to_something_that_is_declared_or_shown(app: App) -> None:
    heard = [listener_of(app, payload) for payload in samples().values()]

    idle = [each.ack_function.__name__ for each in app._listeners if each not in heard]
    turned_away = ["answer_event", "answer_command", "answer_action", "answer_shortcut", "answer_view"]
    assert idle == [*turned_away, "administer", "show_own_data", "take_click"]  # these but the last look closer first


def test_an_unknown_click_is_taken_last(app: App) -> None:
    assert app._listeners[-1].ack_function.__name__ == "take_click"
    assert listener_of(app, {"type": "block_actions", "actions": [{"action_id": "?", "block_id": "row"}]}) is None


def test_the_screens_are_read_as_people_see_them() -> None:
    assert {"choose:1", "ask_entry:1", "open_entry", "share", "page", "ask_modal"} <= pressed()
    assert "ask" in sent()


def test_the_file_at_the_root_is_the_manifest_for_socket_mode() -> None:
    written = json.loads((REPOSITORY / "manifest.json").read_text(encoding="utf-8"))

    assert written == manifest(), "write it anew: python -m bot manifest > manifest.json"


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not at hand (../shared/slack)")
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_the_manifest_is_one_by_slacks_schema(variant: dict[str, Any]) -> None:
    schema = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))

    faults = [
        f"{error.json_path}: {error.message}" for error in jsonschema.Draft7Validator(schema).iter_errors(variant)
    ]
    assert faults == []


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_every_event_has_the_scope_that_it_needs(variant: dict[str, Any]) -> None:
    scopes = frozenset(variant["oauth_config"]["scopes"]["bot"])

    assert missing_scopes(read_manifest(variant), scopes) == []


def test_the_stand_in_has_nothing_against_the_manifest() -> None:
    for variant in VARIANTS.values():
        with StandIn(variant) as slack:
            assert slack.complaints == []


def test_for_http_everything_is_sent_to_one_address_and_for_socket_mode_to_none() -> None:
    socket, http = manifest(), manifest(url=f"{URL}/")
    commands = http["features"]["slash_commands"]
    addresses = [
        http["settings"]["event_subscriptions"]["request_url"],
        http["settings"]["interactivity"]["request_url"],
        *(command["url"] for command in commands),
    ]

    assert set(addresses) == {f"{URL}/slack/events"}
    assert "request_url" not in json.dumps(socket)
    assert '"url"' not in json.dumps(socket)
    assert (socket["settings"]["socket_mode_enabled"], http["settings"]["socket_mode_enabled"]) == (True, False)


def test_agent_features_add_their_view_and_scope_and_nothing_else() -> None:
    plain, agent = manifest(), manifest(agent_features=True)

    assert set(agent["oauth_config"]["scopes"]["bot"]) - set(plain["oauth_config"]["scopes"]["bot"]) == {
        "assistant:write"
    }
    assert agent["features"].keys() - plain["features"].keys() == {"agent_view"}
    assert agent["settings"] == plain["settings"]


def test_steps_are_declared_only_where_they_are_asked_for() -> None:
    plain, with_steps = manifest(), manifest(steps=True)

    assert "functions" not in plain
    assert with_steps["functions"].keys() == STEPS.keys()
    assert STEP_EVENT in with_steps["settings"]["event_subscriptions"]["bot_events"]
    assert STEP_EVENT not in plain["settings"]["event_subscriptions"]["bot_events"]
    assert with_steps["oauth_config"] == plain["oauth_config"]


def test_for_many_workspaces_slack_knows_where_to_send_the_browser_back_to() -> None:
    one, many = manifest(url=URL), manifest(url=f"{URL}/", many=True, org=True, rotation=True)

    assert "redirect_urls" not in one["oauth_config"]
    assert many["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert (many["settings"]["org_deploy_enabled"], many["settings"]["token_rotation_enabled"]) == (True, True)


@pytest.mark.parametrize("given", [{"many": True}, {"url": URL, "org": True}, {"url": URL, "rotation": True}])
def test_what_only_many_workspaces_have_is_refused_without_them(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"--url|--many"):
        manifest(**given)


@pytest.mark.parametrize("url", ["http://advisor.example.gov.uk", "advisor.example.gov.uk", "", "ftp://x"])
def test_an_address_that_slack_cannot_reach_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="https://"):
        manifest(url=url)
