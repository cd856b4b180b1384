"""Who else has built the thing: looked up before building, and what came of it kept."""

from __future__ import annotations

import pytest

from bot.network.reuse import HISTORY_FIELD
from bot.network.sharing import Party, Shares
from bot.storage.commons import Commons
from bot.storage.ledger import Ledger
from bot.trial import cast
from bot.trial.records import View
from tests.bot.checkpoints.build import make_contract, make_service
from tests.journeys.council import WORKSPACE, Council, words_of
from tests.journeys.test_checkpoints import TODAY, Team

ABROAD = Party("T0ABROAD01", "YOR")


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def elsewhere(council: Council, *fields: str, area: str = "Parking") -> None:
    """A council in another workspace shares *fields* of its parking service."""
    database = council.running.database
    service = make_service(
        id="sabroad", workspace_id=ABROAD.workspace_id, council=ABROAD.council, name="Permits <!channel> of York",
        service_area=area, phase="public beta", route="bought", contract=make_contract(supplier="Acme & Sons"),
        system="Acme & <!here> Permits",
    )  # fmt: skip
    with Ledger(database).writing(ABROAD.workspace_id) as pages:
        pages.services.keep(service, [], who="U1", at=TODAY)
    with Commons(database).writing() as common:
        shares = Shares(ABROAD, frozenset(fields), "digital@york.example")  # type: ignore[arg-type]
        common.sharing.keep(shares, who="U1", at=TODAY)


def test_cases_platforms_and_services_elsewhere_for_an_area(team: Team) -> None:
    council = team.council
    elsewhere(council, "name", "phase", "supplier")

    answer = council.command(council.sam, "/cases", "who parking permits")

    words = words_of(answer)
    assert "same service area: parking permits" in words
    assert "GOV.UK Pay" in words
    assert "Permits &lt;!channel&gt; of York" in words
    assert "Public beta · supplier Acme &amp; Sons" in words
    assert "bought" not in words
    assert "Permits &lt;!here&gt;" not in words
    assert "runs on" not in words
    assert "digital@york" not in words
    assert answer.is_ephemeral
    with Commons(council.running.database).reading() as pages:
        [line] = pages.sharing.disclosed(ABROAD)
    assert (line.fields, line.occasion) == (("name", "phase", "supplier"), "who else")


def test_the_system_is_found_where_it_is_shared_with_a_line_in_the_log_and_gone_when_that_stops(team: Team) -> None:
    council = team.council
    elsewhere(council, "name", "system")

    words = words_of(council.command(council.sam, "/cases", "who parking permits"))
    elsewhere(council, "name")
    after = words_of(council.command(council.sam, "/cases", "who parking permits"))

    assert "runs on Acme &amp; &lt;!here&gt; Permits" in words
    assert "supplier" not in words.split("Permits &lt;!channel&gt; of York")[1]
    assert "runs on" not in after
    with Commons(council.running.database).reading() as pages:
        lines = pages.sharing.disclosed(ABROAD)
    assert {line.fields for line in lines} == {("name", "system"), ("name",)}


def test_who_shares_no_name_is_not_in_the_list_and_not_in_the_log(team: Team) -> None:
    council = team.council
    elsewhere(council, "phase", "supplier")

    answer = council.command(council.sam, "/cases", "who parking")

    assert "No other council shares a service like this" in words_of(answer)
    with Commons(council.running.database).reading() as pages:
        assert pages.sharing.disclosed(ABROAD) == []


def test_who_stops_sharing_is_gone_from_the_next_answer(team: Team) -> None:
    council = team.council
    elsewhere(council, "name")
    assert "of York" in words_of(council.command(council.sam, "/cases", "who parking"))

    elsewhere(council)

    assert "of York" not in words_of(council.command(council.sam, "/cases", "who parking"))


@pytest.mark.parametrize("text", ["who", "who ", "who else", "who the service"])
def test_without_an_area_it_says_how_to_ask(team: Team, text: str) -> None:
    assert "/cases who parking" in team.council.command(team.council.sam, "/cases", text).text


def test_a_question_that_begins_with_who_stays_one(team: Team) -> None:
    answer = team.council.command(team.council.sam, "/cases", "who has left Capita")

    assert "Case studies with" in words_of(answer)


def reuse(team: Team) -> View:
    told = team.start(service_area="Parking permits", facts=["takes payments"])
    return team.council.form(team.council.sam, told, "reuse_open")


def test_after_a_service_is_started_the_team_looks_and_says_what_came_of_it(team: Team) -> None:
    elsewhere(team.council, "name", "points_met")
    view = reuse(team)
    assert "GOV.UK Pay" in words_of(view)
    assert "meets none yet" in words_of(view)

    outcome = team.fill(team.council.sam, finding="does not fit", reason="no permits by <!here> postcode")

    assert outcome.ok
    with Ledger(team.council.running.database).reading(WORKSPACE) as pages:
        [service] = pages.services.all()
        last = pages.services.history(service.id)[-1]
    assert (last.who, last.change.field) == (cast.SAM, HISTORY_FIELD)
    assert last.change.after == "looked, not fit because: no permits by <!here> postcode"


def test_the_next_look_shows_the_last_one(team: Team) -> None:
    told = team.start(service_area="Parking permits")
    sam = team.council.sam
    team.council.form(sam, told, "reuse_open")
    team.fill(sam, finding="nothing found")
    sam.close(everything=True)

    view = team.council.form(sam, told, "reuse_open")

    assert "looked, found nothing that fits" in words_of(view)


def test_a_reason_that_is_missing_is_asked_for_in_the_form(team: Team) -> None:
    reuse(team)

    outcome = team.fill(team.council.sam, finding="does not fit")

    assert outcome.errors == {"reason": "Say why it does not fit."}


def test_an_entry_opens_on_top_of_the_form(team: Team) -> None:
    sam = team.council.sam
    view = reuse(team)

    sam.click(view, "reuse_entry", value="platform/pay")
    team.council.settle()

    front = sam.modal()
    assert front is not None
    assert front.previous_id == view.id
