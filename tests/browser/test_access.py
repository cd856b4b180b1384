"""Every page for everybody: axe-core finds nothing, nothing overflows, at 1280 and 320 pixels and at 200%."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.trial_run import Trial

from .person import NARROW, WIDE, ZOOMED, Desk, audit, drawn_anew, last_message, overflow, picture, write

if TYPE_CHECKING:
    from playwright.sync_api import Page


def start(desk: Desk) -> Page:
    """The choice of who to be."""
    return desk.sit("/")


def home(desk: Desk) -> Page:
    """The Home tab."""
    page = desk.sit("/as/priya/advisor/home")
    page.get_by_role("button", name="Ask a question").wait_for()
    return page


def answer(desk: Desk) -> Page:
    """An answer in direct messages."""
    page = desk.sit("/as/sam/advisor/messages")
    write(page, "Message Advisor", "how do we text residents about their bins")
    page.get_by_role("button", name="Why this answer?").wait_for()
    return page


def choice(desk: Desk) -> Page:
    """An answer that asks which of several is meant."""
    page = desk.sit("/as/sam/advisor/messages")
    write(page, "Message Advisor", "forms or payments or messages")
    page.get_by_role("button", name="None of these").wait_for()
    return page


def private(desk: Desk) -> Page:
    """What one person alone sees, a failure among it, and a channel without the app."""
    page = desk.sit("/as/tom/channel/digital-leaders")
    write(page, "Message #digital-leaders", "/platforms taking payments")
    page.get_by_text("Only visible to you").first.wait_for()
    write(page, "Message #digital-leaders", "@Advisor hello")
    page.get_by_text("Invite it first").wait_for()
    return page


def commands(desk: Desk) -> Page:
    """The list of commands."""
    page = desk.sit("/as/tom/channel/parking-permits")
    page.get_by_label("Message #parking-permits").press_sequentially("/")
    page.get_by_role("button", name="/checkpoint").wait_for()
    return page


def thread(desk: Desk) -> Page:
    """A thread beside its channel."""
    page = desk.sit("/as/tom/channel/parking-permits")
    write(page, "Message #parking-permits", "@Advisor what must we show to leave alpha?")
    page.get_by_role("link", name="1 reply in a thread").click()
    page.locator("#log-thread article").nth(1).wait_for()
    return page


def reading(desk: Desk) -> Page:
    """A form to read."""
    page = answer(desk)
    page.get_by_role("button", name="Read more").last.click()
    page.get_by_role("dialog").wait_for()
    return page


def faults(desk: Desk) -> Page:
    """A form with faults."""
    page = desk.sit("/as/sam/channel/parking-permits")
    write(page, "Message #parking-permits", "/checkpoint start")
    page.get_by_label("Aberdeen City Council").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Please complete this required field.").first.wait_for()
    return page


def menu(desk: Desk) -> Page:
    """The menu of a message."""
    page = answer(desk)
    last_message(page).get_by_role("button", name="More for").click()
    page.get_by_role("button", name="Ask Advisor about this").last.wait_for()
    return page


PAGES = (start, home, answer, choice, private, commands, thread, reading, faults, menu)


@pytest.mark.parametrize("show", PAGES, ids=lambda show: show.__name__)
def test_a_page_is_for_everybody(desk: Desk, show: Callable[[Desk], Page]) -> None:
    page = show(desk)

    for size in (WIDE, ZOOMED, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        drawn_anew(page)
        picture(page, show.__name__)
        assert audit(page) == []
        assert overflow(page) <= 0


def test_a_month_of_checkpoints_is_for_everybody(desk: Desk, trial: Trial) -> None:
    page = desk.sit("/as/sam/channel/parking-permits")
    page.get_by_role("button", name="Add sample services").click()
    page.get_by_text("Two sample services are there").wait_for()
    page.get_by_role("button", name="To the next notification").click()
    page.get_by_text("Advisor wrote in").wait_for()
    page.reload()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("dialog").wait_for()

    picture(page, "checkpoint")
    assert audit(page) == []


def test_people_and_channels_are_a_panel_on_a_small_screen(desk: Desk) -> None:
    page = desk.sit("/as/sam/channel/parking-permits", NARROW)
    page.get_by_role("button", name="People and channels").click()

    page.get_by_role("link", name="Priya Shah").wait_for()
    picture(page, "panel")
    assert audit(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Priya Shah").wait_for(state="hidden")
