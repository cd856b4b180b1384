"""At the door: replays refused, the allowance of each person, and what is said while Advisor is switched off."""

from __future__ import annotations

import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import select

from bot.clock import Clock
from bot.storage import tables
from bot.storage.access_tables import allowances
from bot.storage.administration import Offices
from bot.trial import cast
from bot.trial.records import Delivery
from bot.usecases.administration import Administration
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, WORKSPACE, Council, words_of
from tests.journeys.test_checkpoints import Team
from tests.journeys.test_deliveries import NOBODY_LISTENS, again, lose_database

ADMIN = cast.PRIYA
REASON = "We are checking an answer about fees."


class Capture:
    """A request of Slack as somebody on the way could keep it: the bytes, the timestamp and the signature."""

    def __init__(self, council: Council, delivery: Delivery) -> None:
        self._council = council
        self._body = delivery.sent
        timestamp = str(int(time.time()))
        verifier = SignatureVerifier(council.slack.signing_secret)
        signature = verifier.generate_signature(timestamp=timestamp, body=self._body)
        self._headers = {
            "Content-Type": delivery.content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(signature),
        }

    def send(self) -> int:
        """The status with which it is answered."""
        try:
            with urlopen(Request(self._council.slack.request_url, self._body.encode(), self._headers)) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return int(error.code)
        finally:
            self._council.settle()


def lost_command(council: Council, text: str = "what is alpha?") -> Delivery:
    """A command that Slack could not deliver."""
    address, council.slack.request_url = council.slack.request_url, NOBODY_LISTENS
    council.sam.command("/advisor", text, channel=PARKING)
    council.slack.request_url = address
    return council.slack.deliveries[-1]


def test_the_same_signed_command_is_served_once(council: Council) -> None:
    captured = Capture(council, lost_command(council))

    assert [captured.send(), captured.send()] == [200, 401]
    assert len(council.sam.answers(PARKING)) == 1


def test_the_same_signed_click_is_served_once(council: Council) -> None:
    council.click(council.sam, council.dm(council.sam, "what is alpha?"), "feedback_helpful")
    clicked = next(one for one in reversed(council.slack.deliveries) if one.kind == "block_actions")

    captured = Capture(council, clicked)
    captured.send()  # refused as well where the first came within the same second: it is the same signature then

    assert captured.send() == 401


def test_a_replay_is_refused_also_after_a_restart(council: Council) -> None:
    captured = Capture(council, lost_command(council))
    captured.send()
    council.restart()

    assert captured.send() == 401
    assert len(council.sam.answers(PARKING)) == 1


def test_what_slack_repeats_is_signed_anew_and_served(council: Council) -> None:
    delivered = lost_command(council)

    council.clock.forward(seconds=2)

    assert again(council, delivered) == 200
    assert len(council.sam.answers(PARKING)) == 1


def test_an_event_that_slack_repeats_with_the_same_signature_is_no_replay(council: Council) -> None:
    council.dm(council.sam, "what is alpha?")
    event = next(one for one in council.slack.deliveries if one.kind == "event")

    captured = Capture(council, event)

    assert [captured.send(), captured.send()] == [200, 200]
    assert len(council.sam.answers()) == 1


def test_signatures_are_forgotten_when_they_are_too_old_to_be_used(council: Council) -> None:
    council.command(council.sam, "/advisor", "what is alpha?")
    council.clock.forward(hours=2)

    council.running.forget_old()

    with council.running.database.reading() as connection:
        kept = connection.execute(select(tables.processed_deliveries.c.delivery_id)).scalars().all()
    assert not [one for one in kept if one.startswith("request:")]


@pytest.fixture
def limited(make_council: MakeCouncil) -> Council:
    """A council in which everybody has two requests a minute."""
    return make_council(rate_limit=2)


def test_too_much_at_once_gets_a_kind_line_once_and_then_answers_again(limited: Council) -> None:
    for _ in range(5):
        limited.sam.dm("what is alpha?")
        limited.settle()
    said = [message.text for message in limited.sam.answers()]

    limited.clock.forward(seconds=31)
    after = limited.dm(limited.sam, "what is beta?")

    assert len(said) == 3
    assert said[2] == "That was a lot at once, so Advisor needs a moment. Please try again in 30 seconds."
    assert limited.subject_of(after) == "guide/beta"


def test_every_command_too_many_is_answered_for_the_one_person(limited: Council) -> None:
    for _ in range(4):
        limited.command(limited.sam, "/advisor", "what is alpha?")

    texts = [message.text for message in limited.sam.answers(PARKING)]
    assert ["a lot at once" in text for text in texts] == [False, False, True, True]
    assert limited.priya.answers(PARKING) == []


def test_one_persons_allowance_is_not_anothers(limited: Council) -> None:
    for _ in range(3):
        limited.sam.dm("what is alpha?")

    assert limited.subject_of(limited.dm(limited.priya, "what is alpha?")) == "guide/alpha"


def test_the_allowance_holds_across_a_restart_and_names_nobody(limited: Council) -> None:
    for _ in range(2):
        limited.dm(limited.sam, "what is alpha?")
    limited.restart()

    said = limited.dm(limited.sam, "what is alpha?")

    with limited.running.database.reading() as connection:
        rows = connection.execute(select(allowances)).all()
    assert "a lot at once" in said.text
    assert limited.sam.id not in str(rows)


def test_a_form_that_comes_too_soon_keeps_what_was_typed(limited: Council) -> None:
    limited.form(limited.sam, limited.home(limited.sam), "ask_modal")
    limited.dm(limited.sam, "what is alpha?")

    outcome = limited.sam.submit(values={"question": "what is beta?"})

    assert list(outcome.errors) == ["question"]
    assert "a lot at once" in outcome.errors["question"]
    limited.clock.forward(seconds=31)
    assert limited.sam.submit().ok


def test_a_click_too_many_is_told_in_place(limited: Council) -> None:
    answer = limited.mention(limited.sam, "what is alpha?")
    limited.click(limited.sam, answer, "feedback_helpful")

    told = limited.click(limited.sam, answer, "feedback_not_helpful")

    assert "a lot at once" in told.text
    assert told.reader == limited.sam.id


def test_a_click_too_many_on_the_home_tab_is_told_directly(limited: Council) -> None:
    home = limited.home(limited.sam)
    for _ in range(2):
        limited.dm(limited.sam, "what is alpha?")

    told = limited.answer(limited.sam, lambda: limited.sam.click(home, "ask_modal"))

    assert "a lot at once" in told.text
    assert limited.sam.modal() is None


def test_without_a_database_the_door_is_open(limited: Council) -> None:
    limited.noisy = True
    lose_database(limited)

    listed = limited.command(limited.sam, "/platforms")

    assert "a lot at once" not in listed.text
    assert "reference" not in listed.text


@pytest.fixture
def off(make_council: MakeCouncil) -> Council:
    """A council in which Priya, an administrator, has switched Advisor off."""
    council = make_council(admins=ADMIN)
    asked = council.command(council.priya, "/advisor", f"off {REASON}")
    council.click(council.priya, asked, "switch_off")
    return council


def test_switching_off_asks_first_and_then_says_so(make_council: MakeCouncil) -> None:
    council = make_council(admins=ADMIN)

    asked = council.command(council.priya, "/advisor", f"off {REASON}")
    still = council.dm(council.sam, "what is alpha?")
    done = council.click(council.priya, asked, "switch_off")

    assert REASON in words_of(asked)
    assert council.subject_of(still) == "guide/alpha"
    assert "Advisor is off" in done.text


def test_a_reason_is_needed(make_council: MakeCouncil) -> None:
    council = make_council(admins=ADMIN)

    assert "Give the reason" in council.command(council.priya, "/advisor", "off").text


def test_for_anybody_else_off_is_a_question(make_council: MakeCouncil) -> None:
    council = make_council(admins=ADMIN)

    said = council.command(council.sam, "/advisor", "off the shelf software or build our own?")

    assert "Switch Advisor off" not in said.text
    assert len(council.kept()) == 1


def test_a_switch_that_somebody_else_presses_switches_nothing(make_council: MakeCouncil) -> None:
    council = make_council(admins=ADMIN)

    # The button is shown to administrators alone, so the domain is asked itself.
    desk = Administration(Offices(council.running.database), named=frozenset({ADMIN}))
    said = desk.off(WORKSPACE, council.sam.id, REASON, at=council.clock())

    assert "Only Advisor's administrators" in said.text
    assert council.subject_of(council.dm(council.sam, "what is alpha?")) == "guide/alpha"


@pytest.mark.parametrize(
    ("act", "channel"),
    [
        (lambda one: one.sam.dm("what is alpha?"), None),
        (lambda one: one.sam.mention(PARKING, "what is alpha?"), PARKING),
        (lambda one: one.sam.command("/advisor", "what is alpha?", channel=PARKING), PARKING),
        (lambda one: one.sam.command("/checkpoint", "start", channel=PARKING), PARKING),
        (lambda one: one.sam.shortcut("ask_about_message", one.sam.say(PARKING, "alpha?")), PARKING),
    ],
    ids=["direct message", "mention", "/advisor", "/checkpoint", "shortcut"],
)
def test_while_it_is_off_everybody_hears_one_honest_line(off: Council, act: object, channel: str | None) -> None:
    said = off.answer(off.sam, lambda: act(off), channel)  # type: ignore[operator]

    assert said.text.startswith("Advisor is switched off here since")
    assert said.text.endswith(f"The reason given: {REASON}")


def test_while_it_is_off_the_home_tab_says_so(off: Council) -> None:
    assert "switched off" in words_of(off.home(off.sam))


def test_while_it_is_off_nothing_is_said_on_being_brought_into_a_channel(off: Council) -> None:
    off.sam.invite("#digital-leaders")
    off.settle()

    assert [one for one in off.sam.answers("#digital-leaders") if one.subtype is None] == []


def test_while_it_is_off_the_clock_sends_nothing_and_afterwards_what_came_due(off: Council) -> None:
    off.command(off.priya, "/advisor", "on")
    team = Team(off)
    team.plan(team.start())
    asked = off.command(off.priya, "/advisor", f"off {REASON}")
    off.click(off.priya, asked, "switch_off")
    before = len(off.sam.answers(PARKING))
    off.clock.forward(days=30)

    silent = Clock(off.running).tick()
    off.command(off.priya, "/advisor", "on")
    loud = Clock(off.running).tick()

    assert silent.messages == 0
    assert loud.messages >= 1
    assert len([one for one in off.sam.answers(PARKING) if "switched off" not in one.text]) > before


def test_administrators_switch_on_again_and_everything_is_as_before(off: Council) -> None:
    health = off.command(off.priya, "/advisor", "health")

    on = off.command(off.priya, "/advisor", "on")
    again = off.command(off.priya, "/advisor", "on")

    assert f"off since {off.clock():%-d %B %Y}: {REASON}" in health.text
    assert "on again" in on.text
    assert "nothing to switch" in again.text
    assert off.subject_of(off.dm(off.sam, "what is alpha?")) == "guide/alpha"


def test_uninstalling_works_also_while_it_is_off(off: Council) -> None:
    off.slack.uninstall()
    off.settle()

    with off.running.database.reading() as connection:
        assert connection.execute(select(tables.settings)).all() == []


def test_the_reason_cannot_ping_anybody(make_council: MakeCouncil) -> None:
    council = make_council(admins=ADMIN)
    asked = council.command(council.priya, "/advisor", "off <!channel> & more")
    council.click(council.priya, asked, "switch_off")

    said = council.dm(council.sam, "what is alpha?")

    assert "<!channel>" not in said.text
    assert "&lt;!channel&gt; &amp; more" in said.text
