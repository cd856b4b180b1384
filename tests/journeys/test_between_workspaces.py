"""Two councils with a Slack each and one Advisor: found by what is shared alone, introduced by the contacts given."""

from __future__ import annotations

import pytest

from bot.checkpoints.checkpoint import Decision, Step
from bot.network.sharing import Party, Shares
from bot.storage.commons import Commons
from bot.storage.ledger import Ledger
from bot.trial import cast
from bot.trial.records import Message
from tests.bot.checkpoints.build import handed_in, make_checkpoint, make_prompt, make_service, make_template
from tests.journeys.council import Council, words_of
from tests.journeys.test_checkpoints import TODAY, Team
from tests.journeys.workspaces import TEAMS, Shared, sent_to

HULL = Party(TEAMS[1], "KHL")
NAME = "Zeppelin permits"
"""The name of Hull's service, which stands nowhere else."""


@pytest.fixture
def team(shared: Shared) -> Team:
    """Sam's service in Leeds; in Hull's own Slack one that has met point 5, which Hull shares, but not its name."""
    leeds, hull = shared.councils
    made = Team(leeds)
    made.start(service_area="Parking")
    service = make_service(
        id="shull", workspace_id=HULL.workspace_id, council=HULL.council, name=NAME, service_area="Parking permits",
        owner_id=cast.TOM, sponsor_id=cast.PRIYA, channel_id=cast.PARKING,
    )  # fmt: skip
    template = make_template(make_prompt("a", points=("service-standard/05",)))
    done = handed_in(make_checkpoint(template, service=service))
    decided = {"state": "met", "decision": Decision("met", cast.PRIYA, TODAY), "workspace_id": HULL.workspace_id}
    with Ledger(hull.running.database).writing(HULL.workspace_id) as pages:
        pages.services.keep(service, [], who=cast.TOM, at=TODAY)
        pages.checkpoints.keep(Step(done.__class__(**{**done.__dict__, **decided}), ()), at=TODAY)
    share(hull, "points_met")
    return made


def share(hull: Council, *fields: str) -> None:
    with Commons(hull.running.database).writing() as pages:
        pages.sharing.keep(Shares(HULL, frozenset(fields)), who=cast.TOM, at=TODAY)  # type: ignore[arg-type]


def ask(team: Team, hull: Council) -> Message:
    """Sam of Leeds asks; what Tom of Hull is told, in Hull's own Slack."""
    sam = team.council.sam
    team.council.form(sam, team.council.command(sam, "/advisor", "introductions"), "introduction_ask")
    tom = hull.slack.person("Tom")
    return hull.answer(tom, lambda: team.fill(sam, contact="sam@leeds.example"))


def test_what_is_shared_is_found_in_the_other_slack_and_nothing_else(shared: Shared, team: Team) -> None:
    leeds, hull = shared.councils
    assert "Zeppelin" not in words_of(leeds.command(leeds.sam, "/cases", "who parking"))

    share(hull, "name")

    assert NAME in words_of(leeds.command(leeds.sam, "/cases", "who parking"))


def test_a_request_reaches_the_other_slack_and_names_nobody(shared: Shared, team: Team) -> None:
    leeds, hull = shared.councils

    told = ask(team, hull)

    assert "Somebody at another council asks to be introduced to you" in told.text
    assert not [
        word for word in ("Leeds", "sam@leeds", "T0LEEDS001", "Parking permits.") if word in sent_to(hull.slack)
    ]
    assert not [word for word in (NAME, "Hull", "T0HULL0001") if word in sent_to(leeds.slack)]


def test_both_say_yes_and_each_learns_in_their_own_slack_how_to_reach_the_other(shared: Shared, team: Team) -> None:
    leeds, hull = shared.councils
    told = ask(team, hull)
    tom = hull.slack.person("Tom")
    hull.form(tom, told, "introduction_yes")

    met = leeds.answer(leeds.sam, lambda: tom.submit(values={"contact": "tom@hull.example"}))

    assert f"({NAME}). You reach them at: tom@hull.example." in met.text
    hull.settle()
    assert "Meet Leeds City Council (Parking permits). You reach them at: sam@leeds.example." in tom.answers()[-1].text
    assert cast.TOM not in met.text
