"""Neighbours whose contracts end near ours are found, and an editor says which names are one."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from bot.network.sharing import Party, Shares
from bot.storage.commons import Commons
from bot.storage.ledger import Ledger
from bot.trial import cast
from tests.bot.checkpoints.build import make_contract, make_service
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import WORKSPACE, Council, action_ids, words_of
from tests.journeys.test_checkpoints import TODAY

CIVICA = json.dumps(["supplier", "Civica", "Civica UK Ltd"])
HERE, ABROAD = Party(WORKSPACE, "LDS"), Party("T0ABROAD01", "YOR")


@pytest.fixture
def council(make_council: MakeCouncil) -> Council:
    """Leeds with a contract, and York in another Slack, which shares the end of its own."""
    made = make_council(admins=cast.TOM)
    made.clock.moment = TODAY
    keep(made, HERE, "s1", "Parking", "Civica", dt.date(2028, 3, 31))
    keep(made, ABROAD, "s2", "Parking permits", "Civica UK Ltd", dt.date(2028, 5, 31))
    share(made, "name", "contract_end", "supplier")
    return made


def keep(council: Council, party: Party, id: str, area: str, supplier: str, ends_on: dt.date, system: str = "") -> None:
    service = make_service(
        id=id, workspace_id=party.workspace_id, council=party.council, name=f"{area} of {party.council}",
        service_area=area, owner_id=cast.SAM, sponsor_id=cast.PRIYA, route="bought", phase="live",
        contract=make_contract(supplier=supplier, ends_on=ends_on), system=system,
    )  # fmt: skip
    with Ledger(council.running.database).writing(party.workspace_id) as pages:
        pages.services.keep(service, [], who=cast.SAM, at=TODAY)


def share(council: Council, *fields: str) -> None:
    with Commons(council.running.database).writing() as pages:
        pages.sharing.keep(Shares(ABROAD, frozenset(fields)), who="U1", at=TODAY)  # type: ignore[arg-type]


def test_a_neighbour_whose_contract_ends_near_is_found(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "ending together")

    assert "Parking of LDS ends on 31 March 2028 (in 16 months); decide by" in answer.text
    assert "Parking permits of YOR, City of York Council: ends on 31 May 2028 (61 days after yours)" in answer.text
    assert "supplier Civica UK Ltd" in answer.text
    assert "the same as yours" not in answer.text


def test_only_what_is_shared_is_shown(council: Council) -> None:
    share(council, "contract_end")

    answer = council.command(council.sam, "/advisor", "ending together")

    assert "a council that is not named: ends on 31 May 2028" in answer.text
    assert "York" not in words_of(answer)
    assert "Civica" not in words_of(answer)


def test_who_does_not_share_when_a_contract_ends_is_not_found(council: Council) -> None:
    share(council, "name", "supplier")

    assert "No council that shares the end" in council.command(council.sam, "/advisor", "ending together").text


def test_an_editor_says_which_names_are_one_and_nobody_else(council: Council) -> None:
    tom = council.slack.person("Tom")
    assert "for an editor to say" in council.command(council.sam, "/advisor", "names").text

    asked = council.command(tom, "/advisor", "names")
    assert "Suppliers: Civica and Civica UK Ltd" in asked.text
    left = council.click(tom, asked, "names_same", CIVICA)

    assert action_ids(left) <= {"names_same", "names_different"}
    assert "Judged to be one: Civica = Civica UK Ltd" in left.text
    together = council.command(council.sam, "/advisor", "ending together")
    assert "supplier Civica UK Ltd, the same as yours" in together.text


@pytest.fixture
def systems(council: Council) -> Council:
    """The same two, each with the system it runs on, named in two ways; York calls the area otherwise."""
    keep(council, HERE, "s1", "Parking", "Civica", dt.date(2028, 3, 31), "Civica Parking")
    keep(council, ABROAD, "s2", "Kerbside", "Reseller", dt.date(2028, 5, 31), "Civica Parking & Permits")
    share(council, "name", "contract_end", "system")
    return council


def test_contracts_for_one_system_are_found_once_an_editor_says_that_it_is_one(systems: Council) -> None:
    tom = systems.slack.person("Tom")
    assert "No council that shares" in systems.command(systems.sam, "/advisor", "ending together").text

    asked = systems.command(tom, "/advisor", "names")
    assert "Systems: Civica Parking and Civica Parking &amp; Permits" in asked.text
    pair = json.dumps(["system", "Civica Parking", "Civica Parking & Permits"])
    left = systems.click(tom, asked, "names_same", pair)

    assert "Judged to be one: Civica Parking = Civica Parking &amp; Permits (systems)" in left.text
    together = systems.command(systems.sam, "/advisor", "ending together")
    assert "(61 days after yours), system Civica Parking &amp; Permits, the same as yours" in together.text
    assert "Reseller" not in words_of(together)


def test_a_system_that_is_not_shared_is_neither_suggested_nor_found(systems: Council) -> None:
    share(systems, "name", "contract_end", "supplier")

    assert "Systems" not in systems.command(systems.slack.person("Tom"), "/advisor", "names").text
    assert "Permits" not in words_of(systems.command(systems.sam, "/advisor", "ending together"))


def test_a_supplier_is_never_suggested_as_the_name_of_a_system(council: Council) -> None:
    keep(council, HERE, "s1", "Parking", "Jadu", dt.date(2028, 3, 31), "Civica")
    share(council, "name", "supplier", "system")

    assert "Civica" not in council.command(council.slack.person("Tom"), "/advisor", "names").text


def test_names_judged_to_be_two_are_not_asked_again(council: Council) -> None:
    tom = council.slack.person("Tom")
    asked = council.command(tom, "/advisor", "names")

    council.click(tom, asked, "names_different", CIVICA)

    assert "Suppliers" not in council.command(tom, "/advisor", "names").text
