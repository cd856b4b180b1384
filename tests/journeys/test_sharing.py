"""A council says what others may see, in one screen, and stops it at once."""

from __future__ import annotations

import pytest

from bot.trial import cast
from bot.trial.person import Person
from bot.trial.records import View
from tests.journeys.council import PARKING, Council, action_ids, words_of
from tests.journeys.test_checkpoints import Team

YORK = {"text": {"type": "plain_text", "text": "City of York Council"}, "value": "YOR"}


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def sharing(council: Council, person: Person) -> View:
    if person.modal() is not None:
        person.close(everything=True)
    person.command("/advisor", "sharing", channel=PARKING)
    council.settle()
    view = person.modal()
    assert view is not None
    return view


def boxes(view: View) -> dict[str, list[str]]:
    [block] = [block for block in view.blocks if block["block_id"].startswith("fields:")]
    ticked = [one["value"] for one in block["element"].get("initial_options", ())]
    return {"all": [one["value"] for one in block["element"]["options"]], "ticked": ticked}


def test_somebody_without_a_service_has_no_say(team: Team) -> None:
    view = sharing(team.council, team.council.sam)

    assert "set by an owner or sponsor" in words_of(view)


def test_nothing_is_ticked_before_somebody_ticks_it_and_then_it_stays(team: Team) -> None:
    team.start()
    sam = team.council.sam
    first = sharing(team.council, sam)
    assert boxes(first)["ticked"] == []
    assert len(boxes(first)["all"]) == 8

    told = team.council.answer(team.council.priya, lambda: team.fill(sam, fields=["name", "phase"]))

    assert "has changed what Leeds City Council shares" in told.text
    assert "name of the council and of the service, phase." in told.text
    assert boxes(sharing(team.council, sam))["ticked"] == ["name", "phase"]


def test_the_system_is_a_field_of_its_own_that_can_be_taken_back(team: Team) -> None:
    team.start()
    sam = team.council.sam
    assert "system" in boxes(sharing(team.council, sam))["all"]

    told = team.council.answer(team.council.priya, lambda: team.fill(sam, fields=["system"]))
    assert "Shared now: system that the service runs on." in told.text
    assert boxes(sharing(team.council, sam))["ticked"] == ["system"]

    team.fill(sam, fields=[])
    assert boxes(sharing(team.council, sam))["ticked"] == []


def test_a_contact_that_is_ticked_must_be_written(team: Team) -> None:
    team.start()
    sam = team.council.sam
    sharing(team.council, sam)

    outcome = team.fill(sam, fields=["contact"])

    assert list(outcome.errors) == ["contact:LDS"]


def test_whoever_is_told_can_stop_it_with_one_press(team: Team) -> None:
    team.start()
    council, sam, priya = team.council, team.council.sam, team.council.priya
    sharing(council, sam)
    told = council.answer(priya, lambda: team.fill(sam, fields=["name"]))

    view = council.form(priya, told, "sharing_stop")

    assert "from now on: nothing" in words_of(view)
    assert boxes(sharing(council, sam))["ticked"] == []


def test_where_several_councils_work_an_owner_may_share_less_and_not_more(team: Team) -> None:
    team.start()
    council, sam = team.council, team.council.sam
    sharing(council, sam)
    team.fill(sam, fields=["name", "phase"])
    sam.close(everything=True)
    team.start(name="Bins", council=YORK, owner_id=cast.TOM, sponsor_id=cast.PRIYA)

    sharing(council, sam)
    refused = team.fill(sam, fields=["name", "phase", "supplier"])
    done = team.fill(sam, fields=["phase"])

    assert "Only an administrator may share more here" in "".join(refused.errors.values())
    assert done.ok
    assert boxes(sharing(council, sam))["ticked"] == ["phase"]


def test_who_speaks_for_several_councils_turns_from_one_to_the_other(team: Team) -> None:
    team.start()
    team.start(name="Bins", council=YORK, owner_id=cast.TOM, sponsor_id=cast.PRIYA)
    council, priya = team.council, team.council.priya
    first = sharing(council, priya)
    assert "What City of York Council shares" in words_of(first)

    second = council.form(priya, first, "sharing_council", "LDS")

    assert "What Leeds City Council shares" in words_of(second)


def test_the_home_tab_leads_there_for_whoever_has_a_say(team: Team) -> None:
    team.start()

    assert "sharing_open" in action_ids(team.council.home(team.council.sam))
    assert "sharing_open" not in action_ids(team.council.home(team.council.slack.person("Jo")))


def test_a_question_about_sharing_is_answered_as_one(team: Team) -> None:
    answer = team.council.command(team.council.sam, "/advisor", "sharing data with the police")

    assert team.council.sam.modal() is None
    assert answer.text
