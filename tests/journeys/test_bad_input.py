"""What people get wrong: each gets a clear line where they are, and nothing that they typed is lost."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.refusals import Refused
from bot.trial import cast
from bot.trial.records import Message
from bot.usecases.checkpoint_walk import WalkDesk
from bot.usecases.knowledge_base import KnowledgeBase
from tests.bot.usecases.test_advise import without
from tests.journeys.council import PARKING, WORKSPACE, Council, action_ids, buttons, words_of
from tests.journeys.test_checkpoint_upkeep import met_with_a_condition
from tests.journeys.test_checkpoints import SERVICE, TEMPLATE, Team, front, ready

LONG = "x" * 5000


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def typed(team: Team, block_id: str) -> object:
    """What stands in a field of the form in front of Sam."""
    return next(iter(front(team.council.sam).values[block_id].values())).get("value")


# Dates in the past


def test_a_checkpoint_is_not_moved_into_the_past(team: Team) -> None:
    sam = team.council.sam
    opened = team.plan(team.start(), due="2026-12-15")
    team.council.clock.moment = dt.datetime(2026, 12, 8, 9, 31, tzinfo=LONDON)
    team.council.running.notifier.send_due(at=team.council.clock.moment)
    [nudge] = [one for one in sam.answers(PARKING) if "checkpoint_move" in action_ids(one)]
    team.council.form(sam, nudge, "checkpoint_move")

    outcome = team.fill(sam, due_on="2026-12-01")

    assert "is in the past (7 days ago)" in outcome.errors["due_on"]
    assert "15 December 2026" in opened.text


def test_a_condition_and_a_waiver_need_days_to_come(team: Team) -> None:
    priya = team.council.priya
    handed_in = ready(team)
    team.council.form(priya, handed_in, "checkpoint_sign")
    condition = {"what": "Talk to Leeds", "owner_id": cast.SAM, "due_on": "2026-01-01"}

    late = team.fill(
        priya, outcome="met with conditions", **{f"conditions.0.{name}": value for name, value in condition.items()}
    )
    clear = {f"conditions.0.{name}": None for name in condition}
    over = team.fill(
        priya, outcome="waived", reason="The law changes", approver_id=cast.TOM, until="2026-01-01", **clear
    )

    assert "past" in late.errors["conditions.0.due_on"]
    assert "give a day after today" in over.errors["until"]
    assert team.fill(priya, until="2027-05-31").ok


def test_a_target_in_the_past_is_said_at_its_field(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=PARKING)
    team.council.settle()

    outcome = team.fill(sam, **SERVICE, **{"targets.alpha": "2026-01-05"})

    assert list(outcome.errors) == ["targets.alpha"]
    assert "is in the past" in outcome.errors["targets.alpha"]


# An end before its start


def test_a_contract_does_not_end_before_it_begins(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=PARKING)
    team.council.settle()
    team.council.form(sam, front(sam), "route", "bought")
    contract = {"supplier": "Acme", "starts_on": "2027-04-01", "ends_on": "2027-03-31"}

    outcome = team.fill(sam, **SERVICE, **{f"contract.{name}": value for name, value in contract.items()})

    assert outcome.errors == {"contract.ends_on": "The contract would end before it starts (1 April 2027)."}
    assert team.fill(sam, **{"contract.ends_on": "2029-03-31"}).ok


def test_a_contract_that_has_ended_is_kept_and_said_so(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=PARKING)
    team.council.settle()
    team.council.form(sam, front(sam), "route", "bought")

    team.fill(sam, **SERVICE, **{"contract.supplier": "Acme", "contract.ends_on": "2026-03-31"})

    assert "This contract ended on 31 March 2026" in words_of(front(sam))


# A sponsor who is the submitter


def test_who_handed_in_cannot_decide_after_becoming_the_sponsor(team: Team) -> None:
    sam, tom = team.council.sam, team.council.slack.person("Tom")
    told = team.start()
    opened = team.plan(told)
    team.open(tom, opened)
    team.walk(tom)
    handed_in = team.council.answer(tom, lambda: team.fill(tom), PARKING)
    team.council.form(sam, told, "checkpoint_edit")
    team.fill(sam, sponsor_id=cast.TOM)

    refused = team.council.form(tom, handed_in, "checkpoint_sign")

    assert "You handed this in, so somebody else has to decide" in words_of(refused)


# A link without scheme


def test_a_newer_link_without_scheme_is_said_with_the_whole_address(team: Team) -> None:
    council, sam = team.council, team.council.sam
    met_with_a_condition(team)
    council.clock.moment = dt.datetime(2028, 12, 4, 9, 31, tzinfo=LONDON)
    council.running.upkeep.run(at=council.clock.moment)
    council.running.notifier.send_due(at=council.clock.moment)
    [nudge] = [one for one in sam.answers(PARKING) if "checkpoint_renew" in action_ids(one)]
    [first, *_] = [one for one in buttons(nudge) if one["action_id"] == "checkpoint_renew"]
    council.form(sam, nudge, "checkpoint_renew", first["value"])

    outcome = team.fill(sam, link="example.gov.uk/audit", dated_on="2028-12-01")

    assert "https://example.gov.uk/audit" in outcome.errors["link"]
    assert team.fill(sam, link="https://example.gov.uk/audit").ok


# 5,000 characters


def test_a_note_of_5000_characters_is_refused_in_the_form_and_stays_there(team: Team) -> None:
    sam = team.council.sam
    team.open(sam, team.plan(team.start()))

    outcome = team.fill(sam, value="partly", note=LONG)

    assert outcome.errors == {"note:users": "Please enter at most 3000 characters."}
    assert typed(team, "note:users") == LONG
    assert team.fill(sam, note=LONG[:3000]).ok


def test_a_note_of_5000_characters_that_came_past_the_form_is_refused_too(team: Team) -> None:
    form = team.open(team.council.sam, team.plan(team.start()))
    values = {"value": "partly", "note": LONG}

    with pytest.raises(Refused) as caught:
        WalkDesk(team.council.running.rules).answer(
            WORKSPACE, cast.SAM, form.content["private_metadata"], values, at=team.council.clock()
        )

    assert "5000 characters long; 3000 is the most. Take out 2000" in caught.value.faults["note"]


# A deleted user


def test_a_sponsor_whose_account_is_closed_is_replaced_by_the_owner_once(team: Team) -> None:
    council, sam = team.council, team.council.sam
    ready(team)
    del council.slack.workspace.users[cast.PRIYA]

    for day in (25, 26, 27, 30):
        council.clock.moment = dt.datetime(2026, 11, day, 9, 31, tzinfo=LONDON)
        council.running.notifier.send_due(at=council.clock.moment)

    [told] = [one for one in sam.answers() if "decide on End of discovery" in one.text]
    assert "cannot reach the person who was asked" in told.text


def test_a_closed_account_as_owner_of_an_action_still_shows_and_the_sponsor_ticks_it_off(team: Team) -> None:
    priya, council = team.council.priya, team.council
    council.form(priya, ready(team), "checkpoint_sign")
    condition = {"what": "Talk to Leeds", "owner_id": cast.JO, "due_on": "2027-02-01"}
    named = {f"conditions.0.{name}": value for name, value in condition.items()}
    decided = council.answer(priya, lambda: team.fill(priya, outcome="met with conditions", **named), PARKING)
    del council.slack.workspace.users[cast.JO]

    done = council.click(priya, decided, "checkpoint_action_done")

    assert "Talk to Leeds" in done.text


# A template that is gone


def test_a_checkpoint_goes_on_after_its_template_was_removed(team: Team, knowledge_base: KnowledgeBase) -> None:
    council, sam, priya = team.council, team.council.sam, team.council.priya
    told = team.start()
    opened = team.plan(told)
    council.knowledge_base = without(knowledge_base, TEMPLATE)
    council.restart()

    team.open(sam, opened)
    answered = team.walk(sam)
    handed_in = council.answer(sam, lambda: team.fill(sam), PARKING)
    council.form(priya, handed_in, "checkpoint_sign")
    decided = council.answer(priya, lambda: team.fill(priya, outcome="met"), PARKING)
    code = decided.text.split("Receipt: ")[1].split(".")[0]
    receipt = council.command(priya, "/checkpoint", f"receipt {code}")
    form = council.form(sam, told, "checkpoint_plan_one")

    assert answered == 12
    assert "Verified: nothing was altered since." in receipt.text
    assert TEMPLATE not in _templates(form.blocks)


def test_a_template_that_goes_while_the_form_is_open_is_said_in_it(team: Team, knowledge_base: KnowledgeBase) -> None:
    council, sam = team.council, team.council.sam
    council.form(sam, team.start(), "checkpoint_plan_one")
    council.knowledge_base = without(knowledge_base, TEMPLATE)
    council.restart()

    outcome = team.fill(sam, template=TEMPLATE, due_on="2027-01-15")

    assert "is not in the knowledge base any more. Choose another" in outcome.errors["template"]
    assert team.fill(sam, template="checkpoint/live").ok


def test_a_help_entry_that_is_gone_leaves_the_point_without_its_button(
    team: Team, knowledge_base: KnowledgeBase
) -> None:
    council, sam = team.council, team.council.sam
    opened: Message = team.plan(team.start())
    [with_help] = [one for one in buttons(team.open(sam, opened)) if one["action_id"] == "checkpoint_help"]
    sam.close(everything=True)
    council.knowledge_base = without(knowledge_base, str(with_help["value"]))
    council.restart()

    form = team.open(sam, opened)

    assert "checkpoint_help" not in action_ids(form)
    assert team.fill(sam, value="partly").ok


def _templates(blocks: list[dict[str, object]]) -> set[str]:
    [field] = [block for block in blocks if block["block_id"] == "template"]
    return {option["value"] for option in field["element"]["options"]}  # type: ignore[index]
