"""Listeners and the ways out, called as plain functions: what is a question, whose rows, which thread."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.rendering.message import View, modal
from bot.rendering.notes import gone_view
from bot.usecases.advise import Place
from handlers.acknowledging import LastingAck
from handlers.posting import place_of_click, show, workspace_of
from handlers.questions import is_direct_question

PERSONAL: dict[str, Any] = {"type": "message", "channel_type": "im", "user": "U1", "text": "what is alpha?"}


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast"])
def test_what_a_person_writes_directly_is_a_question(subtype: str | None) -> None:
    assert is_direct_question({**PERSONAL, "subtype": subtype})


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
    ],
)
def test_anything_else_is_none(changes: dict[str, str]) -> None:
    assert not is_direct_question({**PERSONAL, **changes})


@pytest.mark.parametrize(
    ("context", "workspace_id"),
    [
        ({"team_id": "T1"}, "T1"),
        ({"team_id": "T1", "enterprise_id": "E1"}, "T1"),
        ({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": True}, "E1"),
        ({"team_id": None, "enterprise_id": "E1", "is_enterprise_install": True}, "E1"),
        ({"team_id": None, "enterprise_id": "E1"}, "E1"),
        ({}, ""),
    ],
)
def test_rows_belong_to_the_team_or_to_the_enterprise_that_installed(
    context: dict[str, Any], workspace_id: str
) -> None:
    assert workspace_of(BoltContext(context)) == workspace_id


@pytest.mark.parametrize(
    ("container", "thread", "person"),
    [
        ({"channel_id": "C1", "message_ts": "1.1"}, "1.1", ""),
        ({"channel_id": "C1", "message_ts": "1.2", "thread_ts": "1.1"}, "1.1", ""),
        ({"channel_id": "D1", "message_ts": "1.1"}, "", ""),
        ({"channel_id": "D1", "message_ts": "1.2", "thread_ts": "1.1"}, "1.1", ""),
        ({"channel_id": "C1", "message_ts": "1.1", "is_ephemeral": True}, "", "U1"),
        ({"channel_id": "C1", "message_ts": "1.2", "thread_ts": "1.1", "is_ephemeral": True}, "", "U1"),
    ],
)
def test_the_conversation_of_a_click(container: dict[str, Any], thread: str, person: str) -> None:
    body = {"container": {"type": "message", **container}, "user": {"id": "U1"}}

    place = place_of_click(body, BoltContext({"team_id": "T1"}))

    assert place == Place("T1", container["channel_id"], thread, person)


class Client(WebClient):
    """A client that calls nobody: it remembers what was shown, or refuses."""

    def __init__(self, refusal: str = "") -> None:
        super().__init__()
        self.shown: list[str] = []
        self._refusal = refusal

    def api_call(self, api_method: str, **_: Any) -> Any:
        """Take the call."""
        self.shown.append(api_method)
        if self._refusal:
            raise SlackApiError("refused", {"error": self._refusal})  # type: ignore[no-untyped-call]
        return {"ok": True}


HOME = {"type": "home", "id": "V1", "hash": "1"}
LIST = {"type": "modal", "callback_id": "list", "id": "V1", "hash": "1"}
ENTRY = {"type": "modal", "callback_id": "entry", "id": "V1", "hash": "1"}


@pytest.mark.parametrize(
    ("clicked_in", "view", "method"),
    [
        (None, gone_view(), "views.open"),
        (HOME, gone_view(), "views.open"),
        (LIST, gone_view(), "views.push"),
        (LIST, modal("List", [], callback_id="list"), "views.update"),
        (ENTRY, gone_view(), "views.update"),
    ],
)
def test_a_view_is_shown_where_the_click_was(clicked_in: dict[str, Any] | None, view: View, method: str) -> None:
    client = Client()

    show(client, {"trigger_id": "1", **({"view": clicked_in} if clicked_in else {})}, view)

    assert client.shown == [method]


@pytest.mark.parametrize("refusal", ["hash_conflict", "not_found"])
def test_a_form_that_is_newer_or_closed_is_left_as_it_is(refusal: str) -> None:
    show(Client(refusal), {"trigger_id": "1", "view": ENTRY}, gone_view())


def test_any_other_refusal_of_a_form_is_a_failure() -> None:
    with pytest.raises(SlackApiError):
        show(Client("invalid_arguments"), {"trigger_id": "1", "view": ENTRY}, gone_view())


def test_an_acknowledgement_cannot_be_taken_back() -> None:
    ack = LastingAck()  # type: ignore[no-untyped-call]
    assert ack.response is None

    ack()
    ack.response = None

    assert ack.response is not None
    assert ack.response.status == 200
