"""Two names of one supplier or system are suggested, names of two are not; and what was judged is not asked again."""

from __future__ import annotations

import pytest

from bot.matching.alike_names import suggest_aliases


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Civica", "Civica UK Limited"),
        ("Capita plc", "CAPITA"),
        ("NEC", "NEC Software Solutions UK"),
        ("Jadu Ltd", "Jadu Limited"),
        ("Granicus", "Granicus LLC"),
        ("Idox", "Idox Software"),
        ("Access Group", "The Access Group"),
        ("Made Tech", "MadeTech"),
        ("Marston Holdings", "Marston"),
        ("Northgate Public Services", "Northgate Public Service"),
        ("Liquidlogic", "Liquid Logic"),
        ("council tax", "Council Taxes"),
        ("Civica Pay", "CivicaPay"),
        ("NEC Revenues", "NEC Revenues and Benefits"),
        ("Uniform", "Uniform 10"),
    ],
)
def test_two_ways_to_write_one_name_are_suggested(one: str, other: str) -> None:
    found = suggest_aliases([one, other])

    assert [{pair.first, pair.second} for pair in found] == [{one, other}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Capita", "Civica"),
        ("Jadu", "Idox"),
        ("Northgate", "Northumbria"),
        ("Agilisys", "Atos"),
        ("Oracle", "OracleCMS"),
        ("Taylor", "Trapeze"),
        ("parking", "planning"),
        ("Civica Pay", "Civica Plus"),
        ("NEC Revenues", "NEC Housing"),
        ("Mosaic", "Matrix"),
        ("housing repairs", "housing benefit"),
    ],
)
def test_two_names_of_two_are_not(one: str, other: str) -> None:
    assert suggest_aliases([one, other]) == []


def test_case_and_blanks_make_no_second_name() -> None:
    assert suggest_aliases(["Civica", "CIVICA ", "civica", ""]) == []


def test_what_was_judged_is_not_asked_again() -> None:
    assert suggest_aliases(["Civica", "Civica Ltd"], [("CIVICA LTD", "civica")]) == []


def test_the_most_alike_come_first_and_always_in_one_order() -> None:
    names = ["Jadu Ltd", "Jadu", "NEC Software Solutions", "NEC"]

    found = suggest_aliases(names)

    assert found == suggest_aliases(names[::-1])
    assert [one.first for one in found] == ["Jadu", "NEC"]
