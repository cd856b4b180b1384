"""Sign-off: who decides, what a decision needs, and what becomes of conditions and waivers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.checkpoints.checkpoint import Checkpoint, Outcome, Waiver
from bot.checkpoints.evidence import check_again
from bot.checkpoints.progress import submit
from bot.checkpoints.refusals import FORM, Refused
from bot.checkpoints.signoff import (
    Condition,
    Ruling,
    complete_action,
    decide,
    decider_faults,
    end_waiver,
    move_action,
    not_met,
    open_actions,
    waived_prompts,
)
from tests.bot.checkpoints.build import (
    MEMBER,
    NOW,
    OWNER,
    SPONSOR,
    TODAY,
    handed_in,
    make_answer,
    make_checkpoint,
    make_service,
)

SERVICE = make_service()
DAY = dt.date(2027, 3, 31)
CONDITION = Condition("Fix the form", MEMBER, DAY, "tested")
WAIVER = Waiver("The old system goes in May.", "UDIRECTOR", dt.date(2027, 6, 30))


def rule(checkpoint: Checkpoint, outcome: Outcome, by: str = SPONSOR, **fields: Any) -> Checkpoint:
    return decide(checkpoint, SERVICE, Ruling(outcome, **fields), by=by, at=NOW, today=TODAY).checkpoint


def refusal(checkpoint: Checkpoint, outcome: Any, **fields: Any) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        rule(checkpoint, outcome, **fields)
    return caught.value.faults


def test_the_sponsor_decides_and_it_is_in_the_history() -> None:
    step = decide(handed_in(), SERVICE, Ruling("met", " Well done. "), by=SPONSOR, at=NOW, today=TODAY)

    assert step.checkpoint.state == "met"
    assert step.checkpoint.decision is not None
    assert (step.checkpoint.decision.reason, step.checkpoint.decision.by) == ("Well done.", SPONSOR)
    assert (step.events[0].kind, step.events[0].before, step.events[0].after) == ("decided", "submitted", "met")


@pytest.mark.parametrize("by", [OWNER, MEMBER, "", "USTRANGER"])
def test_nobody_else_decides(by: str) -> None:
    assert "Only the sponsor" in refusal(handed_in(), "met", by=by)[FORM]


def test_whoever_handed_it_in_never_decides_even_when_made_sponsor_later() -> None:
    service = replace(SERVICE, sponsor_id=MEMBER)

    found = decider_faults(handed_in(by=MEMBER), service, by=MEMBER)

    assert "somebody else has to decide" in found[FORM]


@pytest.mark.parametrize("state", ["planned", "open", "returned", "met", "waived", "cancelled"])
def test_only_what_was_handed_in_can_be_decided(state: str) -> None:
    assert f"This checkpoint is {state}" in refusal(make_checkpoint(state=state), "met")[FORM]


def test_met_is_refused_while_a_point_is_not() -> None:
    found = refusal(handed_in(value="not yet"), "met")

    assert "Is owner done?; Is tested done?; Is money done?" in found["outcome"]
    assert "Choose met with conditions" in found["outcome"]


def test_partly_is_the_sponsors_to_judge() -> None:
    assert rule(handed_in(value="partly"), "met").state == "met"


def test_met_is_refused_when_evidence_expired_since_it_was_handed_in() -> None:
    checkpoint = handed_in()
    answers = {**checkpoint.answers, "owner": make_answer("owner", evidence_ids=("e1",))}
    stale = check_again(replace(checkpoint, answers=answers), ["e1"], at=NOW).checkpoint

    assert [prompt.id for prompt in not_met(stale, SERVICE)] == ["owner"]
    assert list(refusal(stale, "met")) == ["outcome"]


def test_a_point_may_be_waived_and_the_rest_met() -> None:
    waiver = replace(WAIVER, prompt_ids=("owner", "tested", "money"))
    met = rule(handed_in(value="not yet"), "met", waivers=(waiver,))

    assert met.state == "met"
    assert waived_prompts(met, today=WAIVER.until) == {"owner", "tested", "money"}
    assert waived_prompts(met, today=WAIVER.until + dt.timedelta(days=1)) == frozenset()


def test_each_condition_becomes_a_dated_action_with_an_owner() -> None:
    decided = rule(handed_in(), "met with conditions", conditions=(CONDITION, replace(CONDITION, what="Ask Ann")))

    assert [(one.id, one.what, one.owner_id, one.due_on) for one in open_actions(decided)] == [
        ("c1-a1", "Fix the form", MEMBER, DAY),
        ("c1-a2", "Ask Ann", MEMBER, DAY),
    ]


@pytest.mark.parametrize(
    ("outcome", "fields", "field", "words"),
    [
        ("met with conditions", {}, "conditions", "at least one condition"),
        ("met", {"conditions": (CONDITION,)}, "conditions", "belong to 'met with conditions'"),
        (
            "met with conditions",
            {"conditions": (replace(CONDITION, what=" "),)},
            "conditions.0.what",
            "what has to be done",
        ),
        ("met with conditions", {"conditions": (replace(CONDITION, what="x" * 301),)}, "conditions.0.what", "300"),
        (
            "met with conditions",
            {"conditions": (replace(CONDITION, owner_id=""),)},
            "conditions.0.owner_id",
            "Name one person",
        ),
        (
            "met with conditions",
            {"conditions": (CONDITION, replace(CONDITION, due_on=dt.date(2026, 1, 1)))},
            "conditions.1.due_on",
            "in the past",
        ),
        ("returned", {}, "reason", "what the team should change"),
        ("returned", {"reason": "x" * 5000}, "reason", "5000 characters"),
        ("returned", {"reason": "No.", "waivers": (WAIVER,)}, "waivers", "goes back"),
        ("waived", {}, "waivers", "one reason, one approver and one end date"),
        ("met", {"waivers": (WAIVER,)}, "waivers", "Say which points"),
        ("waived", {"waivers": (replace(WAIVER, reason=" "),)}, "waivers.0.reason", "Say why"),
        ("waived", {"waivers": (replace(WAIVER, approver_id=""),)}, "waivers.0.approver_id", "Name the person"),
        ("waived", {"waivers": (replace(WAIVER, approver_id=OWNER),)}, "waivers.0.approver_id", "cannot approve"),
        ("waived", {"waivers": (replace(WAIVER, until=TODAY),)}, "waivers.0.until", "after today"),
        ("waived", {"waivers": (replace(WAIVER, until=dt.date(2040, 1, 1)),)}, "waivers.0.until", "11 January 2029"),
        ("met", {"waivers": (replace(WAIVER, prompt_ids=("x",)),)}, "waivers.0.prompt_ids", "not part"),
        ("maybe", {}, "outcome", "met, met with conditions, returned, waived"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(
    outcome: str, fields: dict[str, Any], field: str, words: str
) -> None:
    found = refusal(handed_in(), outcome, **fields)

    assert field in found
    assert words in found[field]


def test_a_returned_checkpoint_can_be_handed_in_again() -> None:
    returned = rule(handed_in(), "returned", reason="Show the test.")

    assert submit(returned, SERVICE, by=OWNER, at=NOW).checkpoint.state == "submitted"


def test_a_waived_checkpoint_opens_again_when_the_waiver_ends() -> None:
    waived = rule(handed_in(value="not yet"), "waived", waivers=(WAIVER,))

    assert end_waiver(waived, at=NOW, today=WAIVER.until).events == ()
    step = end_waiver(waived, at=NOW, today=WAIVER.until + dt.timedelta(days=1))
    assert (step.checkpoint.state, step.events[0].kind) == ("open", "waiver ended")
    assert step.checkpoint.due_on == dt.date(2027, 7, 1)
    assert end_waiver(handed_in(), at=NOW, today=DAY).events == ()


@pytest.mark.parametrize("by", [MEMBER, SPONSOR])
def test_an_action_is_ticked_off_once_by_its_owner_or_the_sponsor(by: str) -> None:
    decided = rule(handed_in(), "met with conditions", conditions=(CONDITION,))
    done = complete_action(decided, "c1-a1", by=by, at=NOW, sponsor_id=SPONSOR)

    assert open_actions(done.checkpoint) == ()
    assert done.events[0].kind == "action done"
    assert complete_action(done.checkpoint, "c1-a1", by=by, at=NOW, sponsor_id=SPONSOR).events == ()


def test_a_stranger_does_not_tick_off() -> None:
    decided = rule(handed_in(), "met with conditions", conditions=(CONDITION,))

    with pytest.raises(Refused, match="Only its owner or the sponsor"):
        complete_action(decided, "c1-a1", by="USTRANGER", at=NOW, sponsor_id=SPONSOR)
    with pytest.raises(Refused, match="not part of the checkpoint"):
        complete_action(decided, "c1-a9", by=MEMBER, at=NOW, sponsor_id=SPONSOR)


def test_an_action_can_be_moved_and_handed_over() -> None:
    decided = rule(handed_in(), "met with conditions", conditions=(CONDITION,))
    later = {"by": OWNER, "at": NOW, "today": TODAY}
    step = move_action(decided, "c1-a1", due_on=dt.date(2027, 4, 30), owner_id=OWNER, **later)  # type: ignore[arg-type]

    assert (step.events[0].before, step.events[0].after) == ("UMEMBER 2027-03-31", "UOWNER 2027-04-30")
    with pytest.raises(Refused) as caught:
        move_action(decided, "c1-a1", due_on=dt.date(2026, 1, 1), owner_id="", **later)  # type: ignore[arg-type]
    assert set(caught.value.faults) == {"due_on", "owner_id"}
