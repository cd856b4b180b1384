"""One sitting at one browser, from a first question to a checkpoint that is signed. Its pictures are the README's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .person import PATIENCE_MS, README, Desk, audit, overflow, picture, published_picture, write

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

expect = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed").expect
expect.set_options(timeout=PATIENCE_MS)
BINS = "how do we text residents about their bins"
POINTS = 12


def be(page: Page, name: str, place: str) -> None:
    """Become somebody else, go somewhere, and be there."""
    page.get_by_role("link", name=name).click()
    page.wait_for_url(f"**/as/{name.split()[0].lower()}/**")
    go(page, place)


def go(page: Page, place: str) -> None:
    """Follow the link of a place, and be there."""
    page.get_by_role("link", name=place).first.click()
    ends = {"Advisor": "messages", "Home": "home"}.get(place, place.removeprefix("# "))
    page.wait_for_url(f"**/{ends}")


def message(page: Page, words: str) -> Locator:
    """The newest message that holds *words*, as soon as it is there."""
    found = page.locator("#log-main article", has_text=words).last
    found.wait_for()
    return found


def test_from_a_first_question_to_a_checkpoint_that_is_signed_off(desk: Desk) -> None:
    page = desk.sit("/", README)
    be(page, "Sam Okoro", "Advisor")
    ask_and_choose(page)
    share_and_follow_up(page)
    register(page)
    plan(page)
    walk(page)
    hand_in(page)
    sign(page)
    look_at_home(page)


def ask_and_choose(page: Page) -> None:
    """Sam asks in direct messages, and says which of several is meant."""
    write(page, "Message Advisor", BINS)
    message(page, "Councils may send texts").get_by_role("button", name="Why this answer?").wait_for()
    published_picture(page, "question")
    write(page, "Message Advisor", "forms or payments or messages")
    message(page, "Did you mean").get_by_role("button", name="Choose 1").click()
    expect(page.locator("#log-main article", has_text="Did you mean")).to_have_count(0)
    expect(page.get_by_role("button", name="Why this answer?")).to_have_count(2)


def share_and_follow_up(page: Page) -> None:
    """Sam asks for nobody else to see, shares the answer, and Jo asks on in its thread."""
    be(page, "Sam Okoro", "# parking-permits")
    write(page, "Message #parking-permits", f"/advisor {BINS}")
    message(page, "Only visible to you").get_by_role("button", name="Share in channel").click()
    be(page, "Jo Lind", "# parking-permits")
    expect(page.locator("#log-main article", has_text="GOV.UK Notify")).to_have_count(1)
    write(page, "Message #parking-permits", "@Advisor what must we show to leave alpha?")
    page.get_by_role("link", name="1 reply in a thread").click()
    page.wait_for_url("**?thread=**")
    write(page, "Reply in the thread", "@Advisor and what about beta?")
    expect(page.locator("#log-thread article")).to_have_count(4)
    page.get_by_role("link", name="Close the thread").click()
    page.wait_for_url("**/parking-permits")


def register(page: Page) -> None:
    """Sam registers the service of this channel."""
    be(page, "Sam Okoro", "# parking-permits")
    write(page, "Message #parking-permits", "/checkpoint start")
    form = page.get_by_role("dialog")
    form.get_by_label("Name", exact=True).fill("Parking permits")
    form.get_by_label("What does it do, and for whom?").fill("Residents buy and renew permits.")
    form.get_by_label("Search, then choose below").fill("Leeds")
    form.get_by_label("Leeds City Council").check()
    form.get_by_label("Phase").select_option(label="Discovery")
    form.get_by_label("Sponsor").select_option(label="Priya Shah")
    form.get_by_role("button", name="Save").click()
    message(page, "has started Parking permits here")


def plan(page: Page) -> None:
    """Sam plans its first checkpoint."""
    message(page, "has started Parking permits here").get_by_role("button", name="Plan a checkpoint").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Which checkpoint?").wait_for()
    form.get_by_label("Which checkpoint?").select_option(label="End of discovery")
    form.get_by_label("When does it fall?").fill("2027-01-15")
    form.get_by_role("button", name="Plan").click()
    message(page, "Planned")


def walk(page: Page) -> None:
    """Time passes, Advisor asks, and Sam answers point by point."""
    page.get_by_role("button", name="To the next notification").click()
    page.get_by_text("Advisor wrote in #parking-permits").wait_for()
    page.get_by_role("button", name="Continue").last.click()
    form = page.get_by_role("dialog")
    for point in range(1, POINTS + 1):
        form.get_by_text(f"Point {point} of {POINTS}").wait_for()
        form.get_by_label("Met", exact=True).check()
        form.get_by_label("New evidence: link").fill(f"https://example.gov.uk/evidence/{point}")
        if point == 2:
            published_picture(page, "checkpoint")
        form.get_by_role("button", name="Save and go on").click()
    form.get_by_text("Every point has an answer.").wait_for()


def hand_in(page: Page) -> None:
    """Sam hands it in."""
    form = page.get_by_role("dialog")
    form.get_by_label("Anything the sponsor should know?").fill("We spoke with 14 residents.")
    form.get_by_role("button", name="Hand in").click()
    form.wait_for(state="hidden")
    message(page, "Decide")


def sign(page: Page) -> None:
    """Priya, who answers for the service, signs with a condition."""
    be(page, "Priya Shah", "# parking-permits")
    page.get_by_role("button", name="Decide").last.click()
    form = page.get_by_role("dialog")
    form.get_by_label("Met with conditions").check()
    form.get_by_label("Condition 1: what has to be done").fill("Talk to the blue badge team")
    form.get_by_label("Condition 1: who does it").select_option(label="Sam Okoro")
    form.get_by_label("Condition 1: by when").fill("2027-02-01")
    form.get_by_role("button", name="Sign").click()
    message(page, "has decided on")
    published_picture(page, "signed")


def look_at_home(page: Page) -> None:
    """Sam sees on the Home tab what there is to do."""
    be(page, "Sam Okoro", "Advisor")
    go(page, "Home")
    page.get_by_text("Talk to the blue badge team").first.wait_for()
    picture(page, "home-of-an-owner")
    assert audit(page) == []
    assert overflow(page) <= 0
