"""The screens of the portfolio and the digest: within Slack's limits with the worst data, and pinging nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.checkpoints.checkpoint import Decision
from bot.checkpoints.receipts import write_receipt
from bot.portfolio.filters import Filter, choices
from bot.portfolio.overview import look_across
from bot.rendering import help
from bot.rendering.checkpoint_home import OwnService, team_blocks
from bot.rendering.checkpoint_sign import decided_message
from bot.rendering.home import home_view
from bot.rendering.message import Message, View
from bot.rendering.nudges import Nudge, nudge_message
from bot.rendering.portfolio import (
    Screen,
    filter_form,
    filter_value,
    leader_blocks,
    portfolio_message,
    portfolio_view,
    read_filter_value,
)
from bot.rendering.portfolio_notes import cannot, cannot_view, file_sent
from tests.bot.checkpoints.build import NOW, SPONSOR, TODAY, handed_in, make_service
from tests.bot.portfolio.build import POINTS, TITLES, make_portfolio
from tests.bot.rendering.build import faults, make_entry, shown
from tests.bot.storage.checkpoint_rows import make_planned

NASTY = "<!channel> & <@U123> *x* " * 3


def screen_of(count: int, page: int = 1, name: str = "") -> Screen:
    portfolio = make_portfolio(count)
    if name:
        services = tuple(
            replace(one, name=name[:75], directorate=name[:75], service_area=name[:75], system=name[:100])
            for one in portfolio.services
        )
        portfolio = replace(portfolio, services=services)
    return Screen(look_across(portfolio, POINTS, today=TODAY), TITLES, Filter(), TODAY, page)


SCREENS: list[Message | View] = [
    *(portfolio_message(screen_of(*size)) for size in ((0,), (1,), (500,), (500, 50), (40, 1, NASTY), (40, 2, NASTY))),
    *(portfolio_view(screen_of(*size)) for size in ((0,), (500,), (40, 1, NASTY))),
    filter_form(Filter(), choices(screen_of(200, 1, NASTY).overview.services)),
    cannot(NASTY * 99),
    cannot_view(NASTY * 99),
    file_sent([NASTY] * 2),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_one_that_slack_takes(screen: Message | View) -> None:
    assert faults(screen) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_can_ping_anybody(screen: Message | View) -> None:
    texts = [screen.text] if isinstance(screen, Message) else []
    texts += [block["text"]["text"] for block in screen.blocks if block.get("text", {}).get("type") == "mrkdwn"]

    assert [text for text in texts if "<!" in text or "<@" in text] == []


def test_the_home_tab_of_a_leader_with_everything_on_it_is_one_that_slack_takes() -> None:
    services = screen_of(40).overview.services
    own = [OwnService(one, None, "channel_not_found") for one in services]

    view = home_view(
        counts=dict.fromkeys(("guide", "case", "platform", "org", "service-standard"), 9),
        recent=[make_entry()] * 9,
        examples=help.EXAMPLES,
        team=[*leader_blocks(screen_of(500)), *team_blocks(own, [], today=TODAY)],
    )

    assert faults(view) == []
    assert len(view.blocks) <= 100


def test_words_stand_beside_every_symbol() -> None:
    text = portfolio_message(screen_of(12)).text

    assert "✗ 1 not yet (" in text
    assert "✓" in text
    assert " met" in text


def test_a_filter_travels_in_a_button() -> None:
    chosen = Filter("Adults & health", "", "private beta", "bought", "local-standard")

    assert read_filter_value(filter_value(chosen, 3)) == (chosen, 3)


def test_a_directorate_that_is_chosen_stays_chosen_in_the_form() -> None:
    services = screen_of(12).overview.services

    view = filter_form(Filter(directorate="Housing"), choices(services))

    menus = {block["block_id"]: block["element"] for block in view.blocks}
    assert menus["directorate"]["initial_option"]["value"] == "Housing"
    assert menus["phase"]["initial_option"]["value"] == "*"


@pytest.mark.parametrize("count", [1, 13, 60])
def test_a_digest_is_one_message_that_slack_takes(count: int) -> None:
    nudges = [
        Nudge(
            make_planned(f"k{number}", subject="digest", ask="know the exceptions", channel_id=""),
            f"Service {number}",
            NASTY,
            lines=(NASTY * 20,) * 9,
        )
        for number in range(count)
    ]
    other = Nudge(make_planned("k"), "End of alpha", "Bins")

    made = nudge_message([*nudges, other], batch="b1", today=dt.date(2027, 1, 18))

    assert faults(made) == []
    assert "<!" not in shown(made)
    assert "please *answer" in made.text
    assert "Monday digest" in made.text


def test_after_a_live_review_the_team_is_told_that_a_case_study_can_be_drafted() -> None:
    service = make_service()
    done = replace(handed_in(), state="met", decision=Decision("met", SPONSOR, NOW))
    live = replace(done, template=replace(done.template, id="checkpoint/live-review"))

    told = [decided_message(one, service, write_receipt(one, service, {}, previous=None)).text for one in (live, done)]

    assert ["/advisor case s1" in text for text in told] == [True, False]
