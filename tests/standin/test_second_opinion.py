"""What a person does, before a stand-in that we did not write, over HTTP and over Socket Mode."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_serving import environment, free_port, serving
from tests.standin.other_slack import APP_ID, BOT, PARKING, SAM, Mode, Page, other_slack, page_of

PROGRAM = os.environ.get("ADVISOR_OTHER_STANDIN", "")
"""Where ``make test-standin`` has put it."""

BINS = "how do we text residents about their bins"
BOTH: tuple[Mode, ...] = ("events", "socket")

pytestmark = pytest.mark.skipif(not PROGRAM, reason="No second opinion: it is asked for with make test-standin.")


@pytest.fixture(scope="module", params=BOTH)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, snapshots: Path) -> Iterator[Page]:
    """Sam at its page; behind it ``advisor serve``, as operators start it."""
    folder, mode = tmp_path_factory.mktemp(request.param), request.param
    port, ours = free_port(), free_port()
    request_url = f"http://127.0.0.1:{ours}/slack/events"
    with (
        other_slack(Path(PROGRAM), folder, port=port, mode=mode, request_url=request_url) as slack,
        page_of(slack) as page,
    ):
        given = environment(slack, folder, snapshots, PORT=str(ours))
        if mode == "socket":
            given["SLACK_APP_TOKEN"] = slack.app_token
        with serving(given, folder):
            yield page


def news(page: Page, channel: str = "") -> dict[str, Any]:
    """What the app says next."""
    before = {one["ts"] for one in page.said(channel)}
    return page.until(lambda: next((one for one in page.said(channel) if one["ts"] not in before), None))


def elements(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every control in *blocks*."""
    found = [one for block in blocks for one in (*block.get("elements", ()), block.get("accessory"))]
    return [one for one in found if one and "action_id" in one]


def click(page: Page, blocks: list[dict[str, Any]], action_id: str, **place: Any) -> None:
    """Press the button of that action id."""
    block, found = next(
        (block, one) for block in blocks for one in elements([block]) if one["action_id"].startswith(action_id)
    )
    action = {key: found[key] for key in ("type", "action_id", "value", "text") if key in found}
    page.do("block_action", SAM, action={**action, "block_id": block.get("block_id")}, **place)


def test_a_mention_is_answered_in_its_thread(page: Page) -> None:
    page.do("post_message", SAM, channel=PARKING, text=f"<@{BOT}> what is alpha?")

    answer = news(page, PARKING)

    assert answer["text"].startswith("Alpha")
    assert answer["thread_ts"] in page.messages


def test_a_direct_message_is_answered(page: Page) -> None:
    page.do("post_message", SAM, channel=SAM, text=BINS)

    assert "GOV.UK Notify" in news(page)["text"]


def test_a_command_is_answered_for_the_asker_alone(page: Page) -> None:
    page.do("slash_command", SAM, channel=PARKING, command="/advisor", text=BINS)

    answer = news(page, PARKING)

    assert "GOV.UK Notify" in answer["text"]
    assert answer["ephemeral_to"] == SAM


def test_a_button_opens_a_form_to_read(page: Page) -> None:
    page.do("post_message", SAM, channel=PARKING, text=f"<@{BOT}> {BINS}")
    answer = news(page, PARKING)

    click(page, answer["blocks"], "open_entry", channel=PARKING, messageTs=answer["ts"])

    [form] = page.until(lambda: page.modals)
    assert form["type"] == "modal"
    assert "GOV.UK Notify" in str(form["blocks"])
    page.do("view_close", SAM)
    page.until(lambda: page.modals == [])


def test_the_form_of_the_home_tab_is_filled_in_and_answered(page: Page) -> None:
    page.do("open_home", SAM, appId=APP_ID)
    home = page.until(lambda: page.homes.get(SAM))
    click(page, home["blocks"], "ask_modal", appId=APP_ID, channel="", messageTs="")
    form = page.until(lambda: next((one for one in page.modals if one.get("submit")), None))
    [block] = [one for one in form["blocks"] if one["type"] == "input"]
    typed = {"type": "plain_text_input", "value": "what is beta?"}

    page.do("view_submit", SAM, values={block["block_id"]: {block["element"]["action_id"]: typed}})

    assert "what is beta?" in str(news(page)["blocks"])
    assert page.until(lambda: page.modals == [])
