"""Steps of workflows: each ends, with outputs as the manifest declares them or with a line that says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import tables
from bot.trial import cast
from tests.journeys.council import HOUSING, PARKING, WORKSPACE, Council
from tests.journeys.test_checkpoints import SERVICE, Team, ready

START = {"service": "parking permits", "template": "end of discovery", "due_on": "2027-01-15", "person": cast.TOM}


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def run(council: Council, step: str, **inputs: Any) -> dict[str, Any]:
    """How a step ended: its outputs, or its error."""
    step_id = council.slack.start_step(step, inputs)
    ended = council.slack.wait_for(lambda: council.slack.workspace.completed_steps[step_id], 20)
    council.settle()
    return ended


def outputs(council: Council, step: str, **inputs: Any) -> dict[str, Any]:
    ended = run(council, step, **inputs)
    assert "outputs" in ended, ended
    return dict(ended["outputs"])


def error(council: Council, step: str, **inputs: Any) -> str:
    return str(run(council, step, **inputs)["error"])


def test_a_question_is_answered_with_its_source(council: Council) -> None:
    found = outputs(council, "ask_advisor", question="how do we text residents about their bins?")

    assert found["outcome"] == "answer"
    assert "GOV.UK Notify" in found["answer"]
    assert found["source"].startswith("https://")
    assert "<" not in found["answer"]


def test_a_question_without_an_answer_says_so_and_is_a_gap(council: Council) -> None:
    found = outputs(council, "ask_advisor", question="zeppelin parking tariff matrix")

    assert found["outcome"] == "decline"
    assert found["answer"]
    assert "source" not in found
    with council.running.database.reading() as connection:
        assert connection.execute(select(tables.gaps.c.workspace_id)).scalars().all() == [WORKSPACE]


def test_a_question_of_blanks_fails_with_what_to_do(council: Council) -> None:
    assert "was given no question" in error(council, "ask_advisor", question="  ")


def test_the_same_event_twice_answers_once(council: Council) -> None:
    step_id = council.slack.start_step("ask_advisor", {"question": "what is alpha?"})
    council.slack.wait_for(lambda: council.slack.workspace.completed_steps[step_id], 20)
    council.settle()
    council.slack.delivery.replay(council.last_event())
    council.settle()

    assert len(council.slack.calls_of("functions.completeSuccess")) == 1


def test_a_checkpoint_is_started_and_its_channel_told(team: Team) -> None:
    team.start()

    found = outputs(team.council, "start_checkpoint", **START)

    assert found == {
        "checkpoint": "End of discovery",
        "due_on": "2027-01-15",
        "channel": cast.PARKING,
        "owner": cast.SAM,
    }
    assert any("End of discovery of Parking permits: Planned" in one.text for one in team.council.sam.answers(PARKING))
    assert "Friday 15 January 2027, 09:30" in team.council.command(team.council.sam, "/checkpoint", "plan").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"service": "Bins"}, "There is no service 'Bins'. There are: Parking permits."),
        ({"template": "end of everything"}, "There is no checkpoint 'end of everything'. There are: "),
        ({"due_on": "2026-01-15"}, "is in the past"),
    ],
)
def test_a_checkpoint_that_cannot_be_started_fails_with_what_to_do(
    team: Team, wrong: dict[str, str], words: str
) -> None:
    team.start()

    assert words in error(team.council, "start_checkpoint", **{**START, **wrong})


def test_without_any_service_it_says_how_to_begin(council: Council) -> None:
    assert "/checkpoint start" in error(council, "start_checkpoint", **START)


def test_a_date_that_is_none_is_refused(team: Team) -> None:
    team.start()
    # Workflow Builder itself sends only dates; a workflow made by code may send anything.
    function = team.council.slack.workspace.manifest.functions["start_checkpoint"]
    function["input_parameters"]["properties"]["due_on"]["type"] = "string"

    assert "'soon' is not a date. Write it like 2027-03-31." in error(
        team.council, "start_checkpoint", **{**START, "due_on": "soon"}
    )


def test_what_is_under_way_is_not_started_again(team: Team) -> None:
    team.start()
    outputs(team.council, "start_checkpoint", **START)

    assert "under way already" in error(team.council, "start_checkpoint", **START)


def test_two_services_of_one_name_are_told_apart_by_id(team: Team) -> None:
    team.start()
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=HOUSING)
    team.council.settle()
    team.council.answer(sam, lambda: team.fill(sam, **SERVICE), HOUSING)

    said = error(team.council, "start_checkpoint", **START)
    one = said.split("instead: ")[1].split(",")[0]

    assert "2 services are called" in said
    assert outputs(team.council, "start_checkpoint", **{**START, "service": one})["owner"] == cast.SAM


def test_a_checkpoint_is_started_also_where_advisor_may_not_write(team: Team) -> None:
    team.start()
    team.council.sam.remove_bot(PARKING)

    found = outputs(team.council, "start_checkpoint", **START)

    assert found["checkpoint"] == "End of discovery"
    assert "not in this channel" in team.council.slack.person("Tom").answers()[-1].text


def test_a_channel_that_cannot_be_told_now_does_not_undo_the_step(team: Team) -> None:
    team.start()
    team.council.noisy = True
    team.council.slack.fail_next("chat.postMessage", error="internal_error")

    assert outputs(team.council, "start_checkpoint", **START)["checkpoint"] == "End of discovery"


def test_the_last_decision_is_looked_up_with_its_receipt(team: Team) -> None:
    handed_in = ready(team)
    before = outputs(team.council, "checkpoint_decided", service="Parking permits")
    priya = team.council.priya
    team.council.form(priya, handed_in, "checkpoint_sign")
    decided = team.council.answer(priya, lambda: team.fill(priya, outcome="met"), PARKING)

    found = outputs(team.council, "checkpoint_decided", service="Parking permits", template="End of discovery")
    other = outputs(team.council, "checkpoint_decided", service="Parking permits", template="live")

    assert before == {"decided": False, "decision": "not decided"}
    assert (found["decided"], found["decision"], found["decided_on"]) == (True, "met", "2026-11-23")
    assert found["receipt"] in decided.text
    assert other["decided"] is False
    assert "There is no service" in error(team.council, "checkpoint_decided", service="Bins")


def test_a_step_that_breaks_inside_ends_too(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.noisy = True
    monkeypatch.setattr("bot.usecases.advise.ask", None)

    assert "give this reference" in error(council, "ask_advisor", question="what is alpha?")
