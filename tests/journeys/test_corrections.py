"""What a question takes for granted is put right: where it is asked, shared, followed up and handed to a workflow."""

from __future__ import annotations

import pytest

from bot.rendering.corrections import BELIEF, MAYBE_BELIEF
from tests.journeys.council import PARKING, WORKSPACE, Council, words_of
from tests.journeys.test_steps import outputs

OLD = "“DLUHC” is out of date. DLUHC and DCLG are old names."
WHO = "who at DLUHC looks after the cyber assessment framework"


def test_an_old_name_is_put_right_beside_whatever_is_answered(council: Council) -> None:
    answer = council.dm(council.sam, WHO)

    assert answer.text.startswith(OLD)
    assert "*“DLUHC” is out of date.*" in words_of(answer)


def test_a_belief_is_corrected_before_the_answer_and_named_when_asked_why(council: Council) -> None:
    answer = council.dm(council.sam, "one login is open to councils")

    assert answer.text.startswith(BELIEF)
    assert council.subject_of(answer) == "platform/one-login"
    why = words_of(council.form(council.sam, answer, "why"))
    assert "What it may take for granted" in why
    assert "“One Login is open to councils”, which is not so" in why


def test_what_is_shared_is_corrected_as_it_was_in_private(council: Council) -> None:
    private = council.command(council.sam, "/advisor", f"ask {WHO}")

    council.sam.click(private, "share")
    council.settle()

    [shared] = council.priya.answers(PARKING)
    assert shared.text.startswith(OLD)


def test_an_entry_that_corrects_is_recalled_too_when_it_changes(council: Council) -> None:
    answer = council.mention(council.sam, WHO)

    given = council.running.recalls._given.of_entries(WORKSPACE, ["org/mhclg"])

    assert council.subject_of(answer) != "org/mhclg"
    assert [one.thread_ts for one in given] == [answer.thread_ts]


def test_things_side_by_side_are_corrected_too(council: Council) -> None:
    answer = council.dm(council.sam, "crown commercial service versus gov.uk notify")

    assert "side by side" in answer.text
    assert "“Crown Commercial Service” is out of date." in answer.text


@pytest.mark.parametrize("follow_up", ["tell me more about that", "what does it cost?"])
def test_nobody_is_told_off_for_the_title_of_an_entry(council: Council, follow_up: str) -> None:
    first = council.mention(council.sam, "what is the GCA?")
    assert council.subject_of(first) == "org/ccs"

    answer = council.mention(council.priya, follow_up, thread_ts=first.thread_ts)

    assert council.subject_of(answer) == "org/ccs"
    assert "is out of date" not in answer.text
    assert MAYBE_BELIEF not in answer.text


def test_a_workflow_is_handed_the_correction_with_the_answer(council: Council) -> None:
    assert str(outputs(council, "ask_advisor", question=WHO)["answer"]).startswith(OLD)
