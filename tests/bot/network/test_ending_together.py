"""Contracts for one need that end near each other are found; names count as one only where somebody said so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.network.aliases import Aliases, Judgement
from bot.network.ending_together import WINDOW, ending_together
from bot.network.sharing import Listing
from tests.bot.checkpoints.build import make_contract, make_service

TODAY = dt.date(2026, 11, 23)
ENDS = dt.date(2028, 3, 31)
NOTHING = Aliases()


def own(**fields: Any) -> Any:
    contract = make_contract(supplier="Civica", ends_on=fields.pop("ends_on", ENDS))
    return make_service(service_area="parking", contract=contract, route="bought", **fields)


def listing(**fields: Any) -> Listing:
    given: dict[str, Any] = {"area": "Parking permits", "contract_end": ENDS, "supplier": "Civica Ltd"}
    return Listing(**given | fields)


def test_a_contract_for_the_same_need_that_ends_near_is_found() -> None:
    [found] = ending_together([own()], [listing(contract_end=ENDS + dt.timedelta(days=30))], NOTHING, today=TODAY)

    assert (found.service.id, found.ends_on) == ("s1", ENDS)
    assert [one.days_after for one in found.neighbours] == [30]
    assert found.decide_by < ENDS


@pytest.mark.parametrize(
    "other",
    [
        {"contract_end": ENDS + WINDOW + dt.timedelta(days=1)},
        {"contract_end": ENDS - WINDOW - dt.timedelta(days=1)},
        {"contract_end": None},
        {"area": "waste"},
    ],
)
def test_another_need_a_far_end_and_an_end_that_is_not_shared_are_not(other: dict[str, Any]) -> None:
    assert ending_together([own()], [listing(**other)], NOTHING, today=TODAY) == []


@pytest.mark.parametrize(
    "mine",
    [
        {"phase": "retired"},
        {"ends_on": TODAY - dt.timedelta(days=1)},
        {"ends_on": dt.date(2035, 1, 1)},
    ],
)
def test_own_contracts_that_are_over_or_far_off_are_left_out(mine: dict[str, Any]) -> None:
    service = own(**mine)

    assert ending_together([service], [listing(contract_end=service.contract.ends_on)], NOTHING, today=TODAY) == []


def test_a_supplier_is_the_same_only_once_somebody_has_said_so() -> None:
    judged = Aliases([Judgement("supplier", "Civica", "CIVICA LTD", same=True)])
    not_one = Aliases([Judgement("supplier", "Civica", "Civica Ltd", same=False)])

    def same(aliases: Aliases) -> bool:
        return ending_together([own()], [listing()], aliases, today=TODAY)[0].neighbours[0].same_supplier

    assert (same(NOTHING), same(judged), same(not_one)) == (False, True, False)


def test_an_area_that_is_judged_to_be_the_same_is_the_same_need() -> None:
    judged = Aliases([Judgement("area", "parking", "kerbside", same=True)])

    assert len(ending_together([own()], [listing(area="Kerbside")], judged, today=TODAY)) == 1


@pytest.mark.parametrize(
    ("theirs", "area", "found"),
    [
        ("civica  parking", "Kerbside", True),
        ("Civica Parking Plus", "Kerbside", False),
        ("Other", "Kerbside", False),
        ("Other", "Parking permits", False),
        (None, "Parking permits", False),
        ("", "Parking permits", False),
    ],
)
def test_one_system_is_one_need_whatever_the_area_is_called(theirs: str | None, area: str, found: bool) -> None:
    mine = own(system="Civica Parking")

    together = ending_together([mine], [listing(area=area, system=theirs)], NOTHING, today=TODAY)

    neighbours = [each for one in together for each in one.neighbours]
    assert [one.same_system for one in neighbours] == ([found] if found or area != "Kerbside" else [])


def test_a_system_by_another_name_is_one_once_somebody_has_said_so_and_a_suppliers_names_say_nothing_of_it() -> None:
    theirs = listing(area="Kerbside", system="Civica Parking Plus")
    names = ("Civica Parking", "Civica Parking Plus")
    said = Aliases([Judgement("system", *names, same=True)])
    of_suppliers = Aliases([Judgement("supplier", *names, same=True)])

    def found(aliases: Aliases) -> list[bool]:
        together = ending_together([own(system="Civica Parking")], [theirs], aliases, today=TODAY)
        return [each.same_system for one in together for each in one.neighbours]

    assert (found(said), found(of_suppliers)) == ([True], [])


def test_one_supplier_is_not_one_need() -> None:
    assert ending_together([own()], [listing(area="waste", supplier="Civica")], NOTHING, today=TODAY) == []


def test_two_services_of_which_no_system_is_known_run_on_none_in_common() -> None:
    [one] = ending_together([own(system="")], [listing(system="")], NOTHING, today=TODAY)

    assert not one.neighbours[0].same_system


def test_what_must_be_decided_first_comes_first_and_the_nearest_end_in_it() -> None:
    soon, late = own(id="s1", ends_on=dt.date(2027, 6, 30)), own(id="s2")
    others = [listing(contract_end=ENDS + dt.timedelta(days=days)) for days in (90, -10)]

    found = ending_together([late, soon], [*others, listing(contract_end=dt.date(2027, 7, 1))], NOTHING, today=TODAY)

    assert [one.service.id for one in found] == ["s1", "s2"]
    assert [one.days_after for one in found[1].neighbours] == [-10, 90]


names = some.sampled_from(["a", "b", "c", "d", "e", "A ", "B"])


@given(some.lists(some.tuples(names, names), max_size=6))
def test_being_one_is_an_equivalence_in_any_order(pairs: list[tuple[str, str]]) -> None:
    said = [Judgement("system", *pair, same=True) for pair in pairs]
    aliases, turned = Aliases(said), Aliases(said[::-1])

    for one, other in pairs:
        assert aliases.is_same("system", one, other)
    for name in "abcde":
        assert aliases.key("system", name) == turned.key("system", name)
        assert aliases.key("supplier", name) == aliases.key("area", name) == name


def test_an_empty_name_is_never_the_same() -> None:
    assert not NOTHING.is_same("supplier", "", "")
