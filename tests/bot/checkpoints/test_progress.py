"""Walking through a checkpoint: answers, versions, what is left, handing in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.checkpoints.checkpoint import MOVES, STATES, Checkpoint
from bot.checkpoints.evidence import check_again
from bot.checkpoints.progress import (
    Given,
    Overtaken,
    Progress,
    answer,
    begin,
    cancel,
    current,
    left,
    move,
    next_prompt,
    progress,
    start,
    submit,
    submit_faults,
    take_back,
    to_state,
)
from bot.checkpoints.refusals import FORM, Refused
from tests.bot.checkpoints.build import (
    MEMBER,
    NOW,
    OWNER,
    SPONSOR,
    TODAY,
    answered,
    handed_in,
    make_answer,
    make_checkpoint,
    make_evidence,
    make_prompt,
    make_service,
    make_template,
)

SERVICE = make_service()


def give(checkpoint: Checkpoint, given: Given, by: str = MEMBER, **evidence: Any) -> Checkpoint:
    return answer(checkpoint, SERVICE, given, by=by, at=NOW, evidence=evidence).checkpoint


def refusal(checkpoint: Checkpoint, given: Given, **evidence: Any) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        give(checkpoint, given, **evidence)
    return caught.value.faults


def test_a_checkpoint_starts_planned_with_a_line_of_history() -> None:
    step = start("c1", SERVICE, make_template(), dt.date(2027, 3, 1), by=OWNER, at=NOW, today=TODAY)

    assert (step.checkpoint.state, step.events[0].kind, step.events[0].after) == ("planned", "created", "2027-03-01")


def test_a_date_in_the_past_is_refused_plainly() -> None:
    with pytest.raises(Refused) as caught:
        start("c1", SERVICE, make_template(), dt.date(2026, 12, 1), by=OWNER, at=NOW, today=TODAY)

    assert caught.value.faults == {
        "due_on": "1 December 2026 is in the past (5 weeks ago). Give today or a day to come."
    }


def test_the_first_answer_opens_a_planned_checkpoint() -> None:
    step = answer(make_checkpoint(), SERVICE, Given("owner", "met"), by=MEMBER, at=NOW, evidence={})

    assert step.checkpoint.state == "open"
    assert [event.kind for event in step.events] == ["opened", "answered"]


def test_an_answer_is_saved_as_given_with_who_and_when() -> None:
    given = Given("owner", "partly", "  Spaces stay. ", ("e1",), prefilled="the register")

    saved = give(make_checkpoint(), given, e1=make_evidence()).answers["owner"]

    assert saved == make_answer(
        "owner", "partly", note="  Spaces stay. ", evidence_ids=("e1",), prefilled="the register"
    )


def test_two_people_never_overwrite_each_other_unseen() -> None:
    first = give(make_checkpoint(), Given("owner", "met", "It is Ann."), by="UANN")

    with pytest.raises(Overtaken) as caught:
        give(first, Given("owner", "not yet", "Nobody."), by="UBOB")

    assert caught.value.theirs == first.answers["owner"]
    assert "Nothing of yours is lost" in str(caught.value)


def test_who_has_seen_the_other_answer_may_replace_it() -> None:
    first = give(make_checkpoint(), Given("owner", "met"), by="UANN")
    second = answer(first, SERVICE, Given("owner", "not yet", seen=1), by="UBOB", at=NOW, evidence={})

    assert second.checkpoint.answers["owner"].version == 2
    assert (second.events[0].before, second.events[0].after) == ("met", "not yet")


def test_the_same_answer_sent_twice_is_saved_once() -> None:
    first = give(make_checkpoint(), Given("owner", "met", "Ann."))
    again = answer(first, SERVICE, Given("owner", "met", "Ann."), by=MEMBER, at=NOW, evidence={})

    assert (again.checkpoint, again.events) == (first, ())


def test_an_answer_seen_and_gone_is_said() -> None:
    with pytest.raises(Overtaken, match="not there any more"):
        give(make_checkpoint(), Given("owner", "met", seen=3))


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (Given("owner", "does not apply"), "note", "Say why"),
        (Given("owner", "met", "x" * 5000), "note", "5000 characters long; 3000 is the most. Take out 2000."),
        (Given("owner", "perhaps"), "value", "met, partly, not yet, does not apply"),  # type: ignore[arg-type]
        (Given("owner", "met", "", ("gone",)), "evidence_ids", "not there any more"),
        (Given("audit", "met"), "evidence_ids", "needs evidence with a link"),
        (Given("audit", "met", "", ("note",)), "evidence_ids", "needs evidence with a link"),
        (Given("nothing", "met"), FORM, "not asked of the service"),
        (Given("robots", "met"), FORM, "not asked of the service"),
    ],
)
def test_a_faulty_answer_is_refused_in_plain_words(given: Given, field: str, words: str) -> None:
    prompts = (make_prompt("owner"), make_prompt("audit", link_required=True), make_prompt("robots", only_if="uses AI"))

    found = refusal(make_checkpoint(make_template(*prompts)), given, note=make_evidence("note", link=""))

    assert list(found) == [field]
    assert words in found[field]


def test_all_faults_of_an_answer_come_at_once() -> None:
    assert set(refusal(make_checkpoint(), Given("owner", "met", "x" * 5000, ("gone",)))) == {"note", "evidence_ids"}


def test_partly_needs_no_link() -> None:
    checkpoint = make_checkpoint(make_template(make_prompt("audit", link_required=True)))

    assert give(checkpoint, Given("audit", "partly")).answers["audit"].value == "partly"


@pytest.mark.parametrize("state", ["submitted", "met", "met with conditions", "waived", "cancelled"])
def test_answers_stay_once_it_is_handed_in_or_over(state: str) -> None:
    found = refusal(make_checkpoint(state=state), Given("owner", "met"))

    assert ("Take it back first" in found[FORM]) == (state == "submitted")


def test_a_point_to_check_again_may_be_answered_after_the_decision() -> None:
    met = make_checkpoint(state="met", answers={"owner": make_answer("owner", evidence_ids=("e1",))})
    again = check_again(met, ["e1"], at=NOW).checkpoint
    given = Given("owner", "met", "", ("e2",), seen=1)

    assert give(again, given, e2=make_evidence("e2")).answers["owner"].lapsed == ()


def test_an_answer_that_keeps_expired_evidence_keeps_the_mark() -> None:
    met = make_checkpoint(state="met", answers={"owner": make_answer("owner", evidence_ids=("e1",))})
    again = check_again(met, ["e1"], at=NOW).checkpoint

    assert give(again, Given("owner", "met", "", ("e1",), seen=1), e1=make_evidence()).answers["owner"].lapsed == (
        "e1",
    )


def test_progress_counts_over_what_applies_now() -> None:
    prompts = (make_prompt("a"), make_prompt("b"), make_prompt("c", only_if="uses AI"), make_prompt("d"))
    answers = {"a": make_answer("a"), "b": make_answer("b", "not yet", lapsed=("e1",)), "c": make_answer("c")}
    checkpoint = make_checkpoint(make_template(*prompts), answers=answers)

    assert progress(checkpoint, SERVICE) == Progress(3, 1, 0, 1, 0, 1, 1, 1)
    assert progress(checkpoint, make_service(facts=("uses AI",))).met == 2
    assert [prompt.id for prompt in left(checkpoint, SERVICE)] == ["b", "d"]


@pytest.mark.parametrize(
    ("done", "after", "wanted"),
    [
        ([], "", "owner"),
        ([], "owner", "tested"),
        (["tested"], "owner", "money"),
        ([], "money", "owner"),
        (["owner", "tested", "money"], "", None),
        (["owner", "tested"], "money", None),
    ],
)
def test_the_next_prompt_goes_on_from_here_and_then_from_the_top(
    done: list[str], after: str, wanted: str | None
) -> None:
    checkpoint = make_checkpoint(answers={id: make_answer(id) for id in done})
    found = next_prompt(checkpoint, SERVICE, after=after)

    assert (found and found.id) == wanted


def test_what_is_unanswered_stands_in_the_way_of_handing_in() -> None:
    checkpoint = give(make_checkpoint(), Given("owner", "met"))

    with pytest.raises(Refused) as caught:
        submit(checkpoint, SERVICE, by=OWNER, at=NOW)

    assert caught.value.faults == {
        "tested": "Not answered yet: Is tested done?",
        "money": "Not answered yet: Is money done?",
    }


def test_an_honest_not_yet_may_be_handed_in() -> None:
    checkpoint = handed_in(value="not yet")

    assert (checkpoint.state, checkpoint.submitted_by, checkpoint.submitted_at) == ("submitted", OWNER, NOW)


def test_the_sponsor_cannot_hand_in() -> None:
    found = submit_faults(answered(make_checkpoint()), SERVICE, by=SPONSOR)

    assert found == {FORM: "You sign this checkpoint, so somebody of the team has to hand it in."}


def test_a_planned_or_submitted_one_cannot_be_handed_in() -> None:
    assert submit_faults(make_checkpoint(), SERVICE, by=OWNER) == {FORM: "No point is answered yet."}
    assert "already" in submit_faults(handed_in(), SERVICE, by=OWNER)[FORM]


def test_taken_back_is_open_again_with_nobody_as_submitter() -> None:
    back = take_back(handed_in(), by=MEMBER, at=NOW).checkpoint

    assert (back.state, back.submitted_by, back.submitted_at) == ("open", "", None)
    with pytest.raises(Refused, match="nothing to take back"):
        take_back(back, by=MEMBER, at=NOW)


def test_moving_a_date_is_in_the_history() -> None:
    step = move(make_checkpoint(), dt.date(2027, 4, 1), by=OWNER, at=NOW, today=TODAY)

    assert step.checkpoint.due_on == dt.date(2027, 4, 1)
    assert (step.events[0].before, step.events[0].after) == ("2027-03-01", "2027-04-01")
    assert move(step.checkpoint, dt.date(2027, 4, 1), by=OWNER, at=NOW, today=TODAY).events == ()


def test_a_decided_checkpoint_keeps_its_date() -> None:
    with pytest.raises(Refused, match="its date stays"):
        move(make_checkpoint(state="met"), dt.date(2027, 4, 1), by=OWNER, at=NOW, today=TODAY)


def test_cancelling_needs_a_reason() -> None:
    with pytest.raises(Refused, match="Say why"):
        cancel(make_checkpoint(), reason=" ", by=OWNER, at=NOW)
    with pytest.raises(Refused, match="cannot be cancelled"):
        cancel(handed_in(), reason="No need.", by=OWNER, at=NOW)

    assert cancel(make_checkpoint(), reason="Merged.", by=OWNER, at=NOW).checkpoint.state == "cancelled"


def test_of_a_service_and_template_the_latest_counts() -> None:
    old = make_checkpoint(id="old", due_on=dt.date(2026, 3, 1))
    new = make_checkpoint(id="new")
    gone = make_checkpoint(id="gone", due_on=dt.date(2027, 6, 1), state="cancelled")
    other = make_checkpoint(make_template(id="checkpoint/live"), id="other")

    assert {one.id for one in current([new, gone, old, other])} == {"new", "other"}


def test_the_graph_is_closed_and_reachable() -> None:
    reached = {"planned"}
    for _ in STATES:
        reached |= {to for state in STATES if state in reached for to in MOVES[state]}

    assert set(MOVES) == reached == set(STATES)


def test_a_move_that_is_not_in_the_graph_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no way from planned to met"):
        to_state(make_checkpoint(), "met", "decided", by=SPONSOR, at=NOW)


def test_opening_twice_changes_nothing() -> None:
    opened = begin(make_checkpoint(), by="", at=NOW).checkpoint

    assert begin(opened, by="", at=NOW).events == ()


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        answer(make_checkpoint(), SERVICE, Given("owner", "met"), by=MEMBER, at=dt.datetime(2027, 1, 1), evidence={})  # noqa: DTZ001


def test_a_checkpoint_can_be_stored_as_it_is() -> None:
    adapter = TypeAdapter(Checkpoint)
    checkpoint = replace(handed_in(), submitted_at=NOW.astimezone(dt.UTC))

    assert adapter.validate_json(adapter.dump_json(checkpoint)) == checkpoint
