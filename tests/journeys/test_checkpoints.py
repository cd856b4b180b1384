"""Checkpoints, walked as teams walk them: the real app behind signed HTTP, the strict stand-in before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.trial import cast
from bot.trial.acting import Outcome
from bot.trial.person import Person
from bot.trial.records import Message, View
from tests.journeys.council import PARKING, Council, action_ids, words_of

TODAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
TEMPLATE = "checkpoint/end-of-discovery"
SERVICE = {
    "name": "Parking permits",
    "purpose": "Residents buy and renew permits",
    "council": {"text": {"type": "plain_text", "text": "Leeds City Council"}, "value": "LDS"},
    "phase": "discovery",
    "facts": ["has public users"],
    "owner_id": cast.SAM,
    "sponsor_id": cast.PRIYA,
}


class Team:
    """What the people of a team do, in their words."""

    def __init__(self, council: Council) -> None:
        self.council = council
        council.clock.moment = TODAY

    def fill(self, person: Person, **values: Any) -> Outcome:
        """Fill in the form in front (by field, whatever it is about) and send it."""
        view = person.modal()
        assert view is not None, "no form is open"
        by_name = {block["block_id"].partition(":")[0]: block["block_id"] for block in view.blocks}
        outcome = person.submit(values={by_name[name]: value for name, value in values.items()})
        self.council.settle()
        return outcome

    def start(self, **changes: Any) -> Message:
        """Sam starts a service; what the channel is told."""
        sam = self.council.sam
        sam.command("/checkpoint", "start", channel=PARKING)
        self.council.settle()
        return self.council.answer(sam, lambda: self.fill(sam, **{**SERVICE, **changes}), PARKING)

    def plan(self, told: Message, due: str = "2027-01-15", template: str = TEMPLATE) -> Message:
        """Sam plans a checkpoint; what the channel is told, with its button."""
        sam = self.council.sam
        self.council.form(sam, told, "checkpoint_plan_one")
        return self.council.answer(sam, lambda: self.fill(sam, template=template, due_on=due), PARKING)

    def open(self, person: Person, message: Message) -> View:
        """Somebody presses Continue."""
        return self.council.form(person, message, "checkpoint_walk")

    def walk(self, person: Person, *, stop_after: int = 100, **values: Any) -> int:
        """Answer points as long as there are any; how many were answered."""
        count = 0
        while count < stop_after and (view := person.modal()) and view.content["callback_id"] == "checkpoint_answer":
            outcome = self.fill(person, **{"value": "met", "link": f"https://example.gov.uk/{count}", **values})
            assert outcome.ok, (view.title, outcome.errors)
            count += 1
        return count


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def front(person: Person) -> View:
    view = person.modal()
    assert view is not None
    return view


def test_a_service_is_started_and_the_channel_is_told(team: Team) -> None:
    told = team.start()

    assert "has started Parking permits here (discovery)" in told.text
    assert action_ids(told) == {"checkpoint_plan_one", "checkpoint_edit", "reuse_open"}


def test_a_checkpoint_goes_from_plan_to_receipt(team: Team) -> None:
    council, sam, priya = team.council, team.council.sam, team.council.priya
    opened = team.plan(team.start())
    team.open(sam, opened)

    answered = team.walk(sam)
    handed_in = council.answer(sam, lambda: team.fill(sam, form="All yours"), PARKING)
    council.form(priya, handed_in, "checkpoint_sign")
    condition = {
        "conditions.0.what": "Talk to the blue badge team",
        "conditions.0.owner_id": cast.SAM,
        "conditions.0.due_on": "2027-02-01",
    }
    decided = council.answer(priya, lambda: team.fill(priya, outcome="met with conditions", **condition), PARKING)
    code = decided.text.split("Receipt: ")[1].split(".")[0]
    receipt = council.command(priya, "/checkpoint", f"receipt {code.lower()}")

    assert answered == 12
    assert "*met with conditions*" in decided.text
    assert "Verified: nothing was altered since." in receipt.text
    assert "Talk to the blue badge team" in receipt.text
    done = council.click(sam, decided, "checkpoint_action_done")
    assert done.text.endswith("Talk to the blue badge team")


def test_nothing_is_lost_by_a_bad_form(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=PARKING)
    team.council.settle()
    wrong = {**SERVICE, "sponsor_id": cast.SAM, "link": "example.gov.uk", "targets.alpha": "2027-06-01"}

    outcome = team.fill(sam, **wrong, **{"targets.private beta": "2027-03-01"})

    assert "must be somebody else" in outcome.errors["sponsor_id"]
    assert "https://example.gov.uk" in outcome.errors["link"]
    assert "would begin before alpha" in outcome.errors["targets.private beta"]
    told = team.council.answer(
        sam,
        lambda: team.fill(sam, sponsor_id=cast.PRIYA, link="https://example.gov.uk", **{"targets.private beta": None}),
        PARKING,
    )
    assert "Parking permits" in told.text


def test_a_bought_service_is_asked_for_its_contract(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=PARKING)
    team.council.settle()
    assert "contract.ends_on" not in {block["block_id"] for block in front(sam).blocks}

    form = team.council.form(sam, front(sam), "route", "bought")

    assert "contract.ends_on" in {block["block_id"] for block in form.blocks}
    contract = {"contract.supplier": "Acme", "contract.notice_months": "six", "contract.ends_on": "2028-03-31"}
    outcome = team.fill(sam, **SERVICE, **contract)
    assert outcome.errors == {"contract.notice_months": "Write a number of months, such as 6."}
    team.council.answer(sam, lambda: team.fill(sam, **{"contract.notice_months": "6"}), PARKING)
    standing = team.council.command(sam, "/checkpoint")
    assert "Contract: Decide by" in standing.text


def test_a_council_is_found_by_a_few_letters(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=PARKING)
    team.council.settle()

    found = sam.options(front(sam), "council", "leeds")

    assert [one["text"]["text"] for one in found] == ["Leeds City Council"]


def test_a_date_in_the_past_is_said_in_the_form(team: Team) -> None:
    sam = team.council.sam
    team.council.form(sam, team.start(), "checkpoint_plan_one")

    outcome = team.fill(sam, template=TEMPLATE, due_on="2026-01-15")

    assert "is in the past (10 months ago)" in outcome.errors["due_on"]


def test_the_same_checkpoint_is_not_planned_twice(team: Team) -> None:
    told = team.start()
    team.plan(told)
    team.council.form(team.council.sam, told, "checkpoint_plan_one")

    outcome = team.fill(team.council.sam, template=TEMPLATE, due_on="2027-03-01")

    assert "under way already" in outcome.errors["template"]


def test_a_walk_can_stop_anywhere_and_goes_on_there(team: Team) -> None:
    sam, priya = team.council.sam, team.council.priya
    opened = team.plan(team.start())
    first = words_of(team.open(sam, opened))
    team.walk(sam, stop_after=3)
    sam.close()

    resumed = team.open(priya, opened)

    assert "Point 1 of 12" in first
    assert "Point 4 of 12" in words_of(resumed)
    assert "3 of 12 points answered: 3 met" in words_of(resumed)
    assert "3 of 12 points answered" in team.council.command(sam, "/checkpoint").text


def test_the_help_lies_one_click_away_and_leads_back(team: Team) -> None:
    sam = team.council.sam
    form = team.open(sam, team.plan(team.start()))

    help_view = team.council.form(sam, form, "checkpoint_help")
    sam.close()

    assert help_view.previous_id == form.id
    assert front(sam).id == form.id


def test_does_not_apply_needs_a_reason_and_met_may_need_a_link(team: Team) -> None:
    sam = team.council.sam
    team.open(sam, team.plan(team.start()))

    no_link = team.fill(sam, value="met")
    no_reason = team.fill(sam, value="does not apply")
    bare = team.fill(sam, value="met", link="example.gov.uk/research")

    assert [*no_link.errors] == ["link:users"]
    assert no_reason.errors == {"note:users": "Say why it does not apply: the sponsor will ask."}
    assert "https://example.gov.uk/research" in bare.errors["link:users"]


def test_the_second_of_two_sees_what_the_first_has_said_and_loses_nothing(team: Team) -> None:
    sam, priya = team.council.sam, team.council.priya
    opened = team.plan(team.start())
    team.open(sam, opened)
    team.open(priya, opened)
    team.fill(sam, value="partly", note="Two of five groups")

    team.fill(priya, value="met", note="All of them", link="https://example.gov.uk/x")

    seen = words_of(front(priya))
    assert f"<@{cast.SAM}> answered this point in the meantime: partly" in seen
    assert "Two of five groups" in seen
    held = front(priya).values["note:users"]["field"]["value"]
    assert held == "All of them"
    assert team.fill(priya).ok
    assert "Point 2 of 12" in words_of(front(priya))


def test_evidence_is_typed_once_and_chosen_after(team: Team) -> None:
    sam = team.council.sam
    team.open(sam, team.plan(team.start()))
    team.walk(sam, stop_after=1, title="Interviews")

    choices = [block for block in front(sam).blocks if block["block_id"].startswith("evidence_ids")]

    assert choices[0]["element"]["options"][0]["text"]["text"] == "Interviews (November 2026)"


def ready(team: Team) -> Message:
    """A checkpoint handed in by Sam; what the channel is told."""
    team.open(team.council.sam, team.plan(team.start()))
    team.walk(team.council.sam)
    return team.council.answer(team.council.sam, lambda: team.fill(team.council.sam), PARKING)


def test_who_handed_in_cannot_sign_nor_anybody_but_the_sponsor(team: Team) -> None:
    handed_in = ready(team)

    mine = team.council.form(team.council.sam, handed_in, "checkpoint_sign")

    assert "Only the sponsor named on the service decides" in words_of(mine)


def test_the_sponsor_cannot_hand_in(team: Team) -> None:
    sam, priya = team.council.sam, team.council.priya
    opened = team.plan(team.start())
    team.open(sam, opened)
    team.walk(sam)
    team.open(priya, opened)

    outcome = team.fill(priya)

    assert outcome.errors == {"form": "You sign this checkpoint, so somebody of the team has to hand it in."}


def test_a_checkpoint_is_returned_with_a_reason_and_handed_in_again(team: Team) -> None:
    sam, priya = team.council.sam, team.council.priya
    handed_in = ready(team)
    team.council.form(priya, handed_in, "checkpoint_sign")
    no_reason = team.fill(priya, outcome="returned")
    returned = team.council.answer(priya, lambda: team.fill(priya, reason="Talk to more people."), PARKING)

    team.open(sam, returned)
    again = team.council.answer(sam, lambda: team.fill(sam), PARKING)

    assert "Say what the team should change" in no_reason.errors["reason"]
    assert "*returned*" in returned.text
    assert "has handed in" in again.text


def test_a_waiver_needs_an_approver_and_an_end(team: Team) -> None:
    priya = team.council.priya
    team.council.form(priya, ready(team), "checkpoint_sign")

    outcome = team.fill(priya, outcome="waived", reason="Law changes in May")

    assert outcome.errors.keys() == {"approver_id", "until"}


def test_what_is_taken_back_can_be_changed(team: Team) -> None:
    handed_in = ready(team)

    back = team.council.click(team.council.sam, handed_in, "checkpoint_take_back")

    assert "Under way" in back.text


def test_the_plan_lists_what_will_be_sent_to_whom_and_when(team: Team) -> None:
    team.plan(team.start(), due="2027-01-15")

    plan = team.council.command(team.council.sam, "/checkpoint", "plan")

    assert f"Friday 18 December 2026, 09:30, in this channel, to <@{cast.SAM}>: answer the points of" in plan.text
    assert "Friday 15 January 2027, 09:30" in plan.text
    assert f"directly, to <@{cast.PRIYA}>: know that this is overdue: End of discovery" in plan.text


def test_an_unknown_receipt_and_an_unknown_word_say_what_to_do(team: Team) -> None:
    assert "no receipt with this code" in team.council.command(team.council.sam, "/checkpoint", "receipt 99-XXXX").text
    assert "/checkpoint plan" in team.council.command(team.council.sam, "/checkpoint", "nonsense").text


def test_a_service_is_changed_and_a_second_change_at_once_is_not_lost_unseen(team: Team) -> None:
    sam, priya = team.council.sam, team.council.priya
    told = team.start()
    team.council.form(sam, told, "checkpoint_edit")
    team.council.form(priya, told, "checkpoint_edit")
    assert team.fill(sam, name="Permits for residents").ok

    outcome = team.fill(priya, name="Parking")

    assert "Somebody changed this service in the meantime" in outcome.errors["name"]
    assert "Permits for residents" in team.council.command(sam, "/checkpoint").text


def prompt_text(team: Team, ts: str) -> str:
    return next(message.text for message in team.council.sam.answers(PARKING) if message.ts == ts)


def test_the_message_in_the_channel_keeps_its_counts_true(team: Team) -> None:
    council, sam, priya = team.council, team.council.sam, team.council.priya
    opened = team.plan(team.start())
    team.open(sam, opened)
    team.walk(sam, stop_after=2, value="met")
    after_two, changes = prompt_text(team, opened.ts), len(council.slack.calls_of("chat.update"))
    team.walk(sam)
    handed_in = council.answer(sam, lambda: team.fill(sam), PARKING)
    waiting = prompt_text(team, opened.ts)
    council.form(priya, handed_in, "checkpoint_sign")
    council.answer(priya, lambda: team.fill(priya, outcome="met"), PARKING)

    assert "0 of 12 points answered" in opened.text
    assert "2 of 12 points answered: 2 met" in after_two
    assert changes == 2
    assert "Handed in, waits for the sponsor" in waiting
    assert prompt_text(team, opened.ts).endswith("of Parking permits: Met.")


def test_the_same_answer_sent_again_changes_no_message(team: Team) -> None:
    sam = team.council.sam
    opened = team.plan(team.start())
    for _ in range(2):
        team.open(sam, opened)
        point = team.council.form(
            sam, team.council.form(sam, front(sam), "checkpoint_list"), "checkpoint_point", _first(team)
        )
        assert point.title
        team.fill(sam, value="partly", note="Half")
        sam.close(everything=True)

    assert len(team.council.slack.calls_of("chat.update")) == 1


def _first(team: Team) -> str:
    view = front(team.council.sam)
    return str(next(block["accessory"]["value"] for block in view.blocks if "accessory" in block))


def test_a_message_that_cannot_be_changed_loses_nothing(team: Team) -> None:
    sam = team.council.sam
    team.council.noisy = True
    opened = team.plan(team.start())
    team.open(sam, opened)
    team.council.slack.fail_next("chat.update", error="message_not_found")
    team.council.slack.fail_next("chat.update", status=500)

    assert team.walk(sam, stop_after=2) == 2
    assert "2 of 12 points answered" in words_of(front(sam))
    assert "0 of 12" in prompt_text(team, opened.ts)


def test_what_is_taken_back_is_the_message_that_is_kept_true_from_then_on(team: Team) -> None:
    sam = team.council.sam
    back = team.council.click(sam, ready(team), "checkpoint_take_back")
    form = team.council.form(sam, team.open(sam, back), "checkpoint_list")
    team.council.form(sam, form, "checkpoint_point", _first(team))
    team.fill(sam, value="not yet", note="Not after all")

    assert "11 met, 1 not yet" in prompt_text(team, back.ts)
