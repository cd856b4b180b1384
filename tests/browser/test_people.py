"""What people do in a real browser, end to end: ask, choose, share, follow up, read, sign, by keyboard too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.trial_run import Trial

from .person import NARROW, Desk, focused, last_message, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed").expect
BINS = "how do we text residents about their bins"


def ask(page: Page, text: str = BINS, label: str = "Message Advisor") -> None:
    """Ask, and wait for what Advisor says."""
    write(page, label, text)
    page.locator("#log-main article", has_text=text).last.wait_for()
    page.locator("#log-main article", has=page.get_by_text("App", exact=True)).last.wait_for()


def test_a_question_is_answered_and_the_box_is_ready_again(desk: Desk) -> None:
    page = desk.sit("/as/sam/advisor/messages")
    page.get_by_text("Privacy").first.wait_for()
    ask(page, "what is alpha?")

    write(page, "Message Advisor", BINS)

    expect(page.locator("#log-main article").last).to_contain_text("GOV.UK Notify", timeout=20_000)
    assert focused(page) == "compose-main-text"
    assert page.get_by_label("Message Advisor").input_value() == ""


def test_one_of_a_choice_is_picked(desk: Desk) -> None:
    page = desk.sit("/as/sam/advisor/messages")
    ask(page, "forms or payments or messages")
    page.get_by_role("button", name="Choose 1").last.click()

    page.get_by_role("button", name="Why this answer?").last.wait_for()
    assert "Did you mean" not in last_message(page).inner_text()


def test_an_answer_for_one_is_shared_with_the_channel(desk: Desk) -> None:
    sam, jo = desk.sit("/as/sam/channel/parking-permits"), desk.sit("/as/jo/channel/parking-permits")
    write(sam, "Message #parking-permits", f"/advisor {BINS}")
    sam.get_by_text("Only visible to you").wait_for()
    assert jo.locator("article").count() == 0

    sam.get_by_role("button", name="Share in channel").click()

    jo.get_by_text("GOV.UK Notify").first.wait_for()


def test_a_thread_is_begun_read_and_followed_up(desk: Desk) -> None:
    page = desk.sit("/as/tom/channel/parking-permits")
    write(page, "Message #parking-permits", "@Advisor what must we show to leave alpha?")
    page.get_by_role("link", name="1 reply in a thread").click()
    page.locator("#log-thread article").nth(1).wait_for()

    write(page, "Reply in the thread", "@Advisor and what about beta?")

    page.locator("#log-thread article").nth(3).wait_for()
    assert "eta" in last_message(page, "thread").inner_text()
    page.get_by_role("link", name="Close the thread").click()
    page.get_by_role("link", name="3 replies in a thread").wait_for()


def test_more_is_read_in_a_form_and_the_focus_comes_back(desk: Desk) -> None:
    page = desk.sit("/as/sam/advisor/messages")
    ask(page)
    page.get_by_role("button", name="Read more").last.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert focused(page) == dialog.get_by_role("heading", level=2).inner_text()

    page.keyboard.press("Escape")

    dialog.wait_for(state="hidden")
    expect(page.get_by_role("button", name="Read more").last).to_be_focused()


def test_the_home_tab_asks_and_answers(desk: Desk) -> None:
    page = desk.sit("/as/priya/advisor/home")
    page.get_by_role("button", name="Ask a question").click()
    page.get_by_label("Your question").fill(BINS)
    page.get_by_role("button", name="Ask", exact=True).click()

    page.get_by_role("dialog").wait_for(state="hidden")
    page.get_by_role("link", name="Advisor 1 new").click()
    page.get_by_text("GOV.UK Notify").first.wait_for()


def test_a_message_is_asked_about_from_its_menu(desk: Desk) -> None:
    page = desk.sit("/as/jo/channel/parking-permits")
    write(page, "Message #parking-permits", BINS)
    menu = last_message(page).get_by_role("button", name="More for")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ask Advisor about this").click()

    page.get_by_text("Only visible to you").wait_for()


def test_a_form_says_what_is_wrong_and_keeps_what_is_right(desk: Desk) -> None:
    page = desk.sit("/as/sam/channel/parking-permits")
    write(page, "Message #parking-permits", "/checkpoint start")
    page.get_by_label("Name", exact=True).fill("Parking permits")
    page.get_by_label("Aberdeen City Council").wait_for()
    page.get_by_role("button", name="Save").click()

    page.get_by_text("Please complete this required field.").first.wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "Parking permits"
    assert page.get_by_label("Aberdeen City Council").count() == 1

    page.get_by_label("Search, then choose below").fill("Bristol")
    page.get_by_label("Bristol City Council").check()
    page.get_by_label("How do you get it?").select_option(label="Bought as a product")
    page.get_by_label("Supplier").wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "Parking permits"
    page.get_by_label("Sponsor").select_option(label="Priya Shah")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("has started Parking permits here").wait_for()


def test_time_passes_and_a_checkpoint_is_walked(desk: Desk, trial: Trial) -> None:
    page = desk.sit("/as/sam/channel/housing-repairs")
    page.get_by_role("button", name="Add sample services").click()
    page.get_by_text("Two sample services are there").wait_for()
    page.get_by_role("button", name="To the next notification").click()
    page.get_by_text("Advisor wrote in").wait_for()

    page.get_by_role("button", name="Continue").last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Met", exact=True).check()
    first = dialog.inner_text()
    dialog.get_by_role("button", name="Save and go on").click()

    dialog.get_by_text("1 of 9 points answered").wait_for()
    assert dialog.inner_text() != first


def test_the_app_is_invited_where_it_is_missed(desk: Desk) -> None:
    page = desk.sit("/as/tom/channel/digital-leaders")
    write(page, "Message #digital-leaders", "@Advisor what is alpha?")
    last_message(page).get_by_role("button", name="Invite Advisor").click()

    page.locator("#state").get_by_text("is not in this channel").wait_for(state="hidden")
    page.get_by_text("has joined the channel").wait_for()


def test_a_command_is_found_by_typing_a_slash(desk: Desk) -> None:
    page = desk.sit("/as/tom/channel/parking-permits")
    page.get_by_label("Message #parking-permits").press_sequentially("/plat")
    page.get_by_role("button", name="/platforms").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_label("Message #parking-permits")).to_have_value("/platforms ")
    page.keyboard.type("taking payments")
    page.keyboard.press("Enter")
    page.get_by_text("GOV.UK Pay").first.wait_for()


def test_two_people_see_each_other_without_reloading(desk: Desk) -> None:
    sam, jo = desk.sit("/as/sam/channel/housing-repairs"), desk.sit("/as/jo/channel/parking-permits")
    write(sam, "Message #housing-repairs", "hello")

    jo.get_by_role("link", name="# housing-repairs 1 new").click()
    jo.get_by_text("hello").wait_for()


def test_the_newest_message_stays_in_sight_when_the_window_shrinks(desk: Desk) -> None:
    page = desk.sit("/as/sam/advisor/messages")
    ask(page)
    page.get_by_role("button", name="Why this answer?").last.wait_for()

    page.set_viewport_size(NARROW)  # type: ignore[arg-type]

    expect(page.get_by_role("button", name="Why this answer?").last).to_be_in_viewport()
