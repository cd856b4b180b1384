"""Two people of two councils in one Slack are introduced, or never learn that they could have been."""

from __future__ import annotations

import json

import pytest

from bot.checkpoints.checkpoint import Decision, Step
from bot.network.sharing import Party, Shares
from bot.storage.commons import Commons
from bot.storage.ledger import Ledger
from bot.trial import cast
from bot.trial.person import Person
from bot.trial.records import Message
from tests.bot.checkpoints.build import handed_in, make_checkpoint, make_prompt, make_service, make_template
from tests.journeys.council import WORKSPACE, Council, action_ids, words_of
from tests.journeys.test_checkpoints import TODAY, Team

YORK = Party(WORKSPACE, "YOR")
POINT = "point 5 of the Service Standard (make sure everyone can use the service)"
SECRETS = ("York", "Tom", cast.TOM, "Permits of", "tom@york", "syork")


@pytest.fixture
def team(council: Council) -> Team:
    """Sam's service in Leeds, and Tom's in York, signed off for point 5, which York shares."""
    made = Team(council)
    made.start(service_area="Parking")
    database = council.running.database
    service = make_service(
        id="syork", workspace_id=WORKSPACE, council="YOR", name="Permits of York", service_area="Parking permits",
        owner_id=cast.TOM, sponsor_id="U0OTHER001", channel_id="C9",
    )  # fmt: skip
    done = handed_in(make_checkpoint(make_template(make_prompt("a", points=("service-standard/05",))), service=service))
    decided = Decision("met", "U0OTHER001", TODAY)
    with Ledger(database).writing(WORKSPACE) as pages:
        pages.services.keep(service, [], who=cast.TOM, at=TODAY)
        step = Step(done.__class__(**{**done.__dict__, "state": "met", "decision": decided}), ())
        pages.checkpoints.keep(step, at=TODAY)
    share(council, "points_met")
    return made


def share(council: Council, *fields: str) -> None:
    with Commons(council.running.database).writing() as pages:
        shares = Shares(YORK, frozenset(fields))  # type: ignore[arg-type]
        pages.sharing.keep(shares, who=cast.TOM, at=TODAY)


def screen(council: Council, person: Person) -> Message:
    return council.command(person, "/advisor", "introductions")


def ask(team: Team) -> Message:
    """Sam asks; what Tom is told."""
    council, sam = team.council, team.council.sam
    council.form(sam, screen(council, sam), "introduction_ask")
    tom = council.slack.person("Tom")
    return council.answer(tom, lambda: team.fill(sam, contact="sam@leeds.example"))


def groups(council: Council, person: Person) -> list[Message]:
    """What stands in the group conversations of a person."""
    workspace = council.slack.workspace
    places = [one for one in workspace.channels.values() if one.kind == "mpim" and person.id in one.members]
    return [message for place in places for message in person.messages(place.id)]


def test_the_offer_names_nobody(team: Team) -> None:
    offer = screen(team.council, team.council.sam)

    assert f"A council met {POINT} for a service like Parking permits" in words_of(offer)
    assert not [secret for secret in SECRETS if secret in json.dumps(offer.blocks) + offer.text]


def test_who_is_asked_learns_that_somebody_asks_and_no_more(team: Team) -> None:
    told = ask(team)

    assert "Somebody at another council asks to be introduced to you" in told.text
    assert action_ids(told) == {"introduction_yes", "introduction_no"}
    text = json.dumps(told.blocks) + told.text
    assert not [secret for secret in ("Leeds", cast.SAM, "Sam", "sam@leeds", "Parking permits") if secret in text]


def test_both_say_yes_and_meet_in_one_conversation(team: Team) -> None:
    council = team.council
    sam, tom = council.sam, council.slack.person("Tom")
    told = ask(team)

    council.form(tom, told, "introduction_yes")
    outcome = team.fill(tom, contact="tom@york.example")
    council.settle()

    assert outcome.ok
    [first] = groups(council, sam)
    assert groups(council, tom) == [first]
    assert first.text.startswith(
        f"<@{cast.SAM}> of Leeds City Council (Parking permits) and <@{cast.TOM}> of City of York Council (Permits of "
        f"York): you have both said yes to an introduction about {POINT}."
    )
    assert not [one for one in (*sam.answers(), *tom.answers()) if "Meet <@" in one.text]
    assert "example" not in first.text
    assert "you have been introduced" in screen(council, sam).text


def test_who_has_said_yes_is_asked_no_more(team: Team) -> None:
    council, tom = team.council, team.council.slack.person("Tom")
    told = ask(team)

    council.form(tom, told, "introduction_yes")
    team.fill(tom, contact="tom@york.example")
    council.settle()

    [asked] = [one for one in tom.answers() if one.ts == told.ts]
    assert asked.text == f"You have been introduced to somebody who asked how Permits of York met {POINT}."
    assert action_ids(asked) == set()


def test_who_says_yes_on_the_screen_of_introductions_is_introduced_all_the_same(team: Team) -> None:
    council, tom = team.council, team.council.slack.person("Tom")
    ask(team)

    council.form(tom, screen(council, tom), "introduction_yes")
    outcome = team.fill(tom, contact="tom@york.example")
    council.settle()

    assert outcome.ok
    assert len(groups(council, tom)) == 1


def test_without_the_scope_each_is_told_directly(team: Team) -> None:
    council = team.council
    sam, tom = council.sam, council.slack.person("Tom")
    told = ask(team)
    installation = council.slack.workspace.installation
    installation.limit(installation.scopes - {"mpim:write"})

    council.form(tom, told, "introduction_yes")
    met = council.answer(sam, lambda: team.fill(tom, contact="tom@york.example"))

    assert groups(council, sam) == []
    assert f"Meet <@{cast.TOM}> of City of York Council (Permits of York)" in met.text
    assert "Meet <@" + cast.SAM in tom.answers()[-1].text


def test_a_no_changes_nothing_that_the_other_sees_then_or_later(team: Team) -> None:
    council = team.council
    sam, tom = council.sam, council.slack.person("Tom")
    told = ask(team)
    before = screen(council, sam)
    messages = len(sam.answers())

    noted = council.click(tom, told, "introduction_no")

    assert "You have said no, which nobody is told" in noted.text
    assert action_ids(noted) == {"introduction_yes"}
    assert screen(council, sam).text == before.text
    assert len(sam.answers()) == messages
    assert "waiting until 7 December 2026" in before.text
    council.clock.forward(days=20)
    later = screen(council, sam)
    assert "ended on 7 December 2026 without an introduction" in later.text
    assert "introduction_ask" not in action_ids(later)


def test_a_no_may_still_become_a_yes(team: Team) -> None:
    council = team.council
    tom = council.slack.person("Tom")
    noted = council.click(tom, ask(team), "introduction_no")

    council.form(tom, noted, "introduction_yes")
    team.fill(tom, contact="tom@york.example")
    council.settle()

    assert len(groups(council, tom)) == 1


def test_a_request_that_waits_is_not_offered_again_and_comes_once(team: Team) -> None:
    council = team.council
    ask(team)

    again = screen(council, council.sam)

    assert "introduction_ask" not in action_ids(again)
    asked = [one for one in council.slack.person("Tom").answers() if "asks to be introduced" in one.text]
    assert len(asked) == 1


def test_only_who_owns_or_sponsors_the_service_can_answer(team: Team) -> None:
    council = team.council
    ask(team)
    jo = council.slack.person("Jo")

    own = screen(council, jo)

    assert "introduction_yes" not in action_ids(own)
    assert "Introductions are for owners and sponsors" in own.text


def test_without_points_shared_nothing_is_offered(team: Team) -> None:
    share(team.council, "name", "phase")

    assert "introduction_ask" not in action_ids(screen(team.council, team.council.sam))


def test_whoever_stopped_sharing_in_between_is_not_asked(team: Team) -> None:
    council, sam = team.council, team.council.sam
    council.form(sam, screen(council, sam), "introduction_ask")
    share(council)

    outcome = team.fill(sam, contact="sam@leeds.example")

    assert outcome.errors == {"contact": "There is nobody to ask about this point just now. Look again in some weeks."}
    assert council.slack.person("Tom").answers() == []


def test_what_was_looked_for_without_a_name_is_in_the_log_without_one(team: Team) -> None:
    council, tom = team.council, team.council.slack.person("Tom")
    screen(council, council.sam)

    tom.command("/advisor", "sharing")
    council.settle()

    view = tom.modal()
    assert view is not None
    assert "Seen by somebody, who saw no name (introduction)" in words_of(view)
    assert cast.SAM not in json.dumps(view.content)
