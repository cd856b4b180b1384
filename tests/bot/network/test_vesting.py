"""Two made-up registers with a known overlap: certain is exactly right, likely is measured and floored."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from bot.checkpoints.register import write_register
from bot.errors import InputError
from bot.network.aliases import Aliases, Judgement
from bot.network.vesting import Entry, Task, work_list
from bot.network.vesting_files import read_entries, read_ratings, write_work_list
from tests.bot.checkpoints.build import make_contract, make_service

DAY = dt.date(2028, 4, 1)
NOTHING = Aliases()

SAME_NAME = [
    ("Council tax online", "Council Tax", "council tax"),
    ("Parking permits", "Parking permit", "parking"),
    ("Planning applications", "planning application", "planning"),
    ("School admissions", "School Admissions Service", "education"),
    ("Library membership", "Library memberships", "libraries"),
    ("Housing benefit", "Housing Benefits", "benefits"),
    ("Registrars appointments", "Registrars' appointment", "registration"),
    ("Bulky waste collection", "Bulky waste collections", "waste"),
    ("Electoral registration", "Electoral registration online", "elections"),
]
REWORDED = [
    ("Housing repairs", "Repairs (housing)", "housing"),
    ("Report a missed bin", "Missed bin report", "waste"),
    ("Taxi licensing", "Licensing of taxis", "licensing"),
    ("Blue badge application", "Blue badges", "parking"),
    ("Garden waste subscription", "Garden waste bins", "waste"),
    ("Pothole reporting", "Report potholes and road faults", "highways"),
    ("Business rates accounts", "Business rates", "business rates"),
    ("Adult social care assessment", "Social care assessments for adults", "adult social care"),
    ("Homelessness prevention", "Homeless prevention and advice", "housing"),
    ("Fly-tipping reports", "Report fly tipping", "waste"),
    ("Leisure centre bookings", "Book a leisure centre", "leisure"),
    ("Customer relationship management", "Customer management platform", "customer contact"),
    ("Free school meals", "School meals", "education"),
    ("Building control applications", "Building control", "planning"),
    ("Pest control booking", "Pest treatment", "environmental health"),
]
ONLY_A = [
    ("Harbour dues", "harbours"), ("Beach huts", "tourism"), ("Crematorium diary", "bereavement"),
    ("Museum tickets", "culture"), ("Staff intranet", "corporate"), ("Payroll", "HR"),
    ("Residents' parking appeals", "parking"), ("Council tax discounts", "council tax"),
    ("Care homes", "adult social care"), ("Tree works", "parks"), ("Street lighting faults", "highways"),
]  # fmt: skip
ONLY_B = [
    ("Allotments", "parks"), ("Market stalls", "markets"), ("Data warehouse", "corporate"),
    ("Cemetery records", "bereavement"), ("School transport", "education"), ("Dog licences", "licensing"),
    ("Building regulations archive", "planning"), ("Waste permits for traders", "waste"),
    ("Home care", "adult social care"), ("Tree preservation orders", "planning"), ("Street naming", "planning"),
]  # fmt: skip


def registers() -> tuple[list[Entry], list[Entry]]:
    pairs = [*SAME_NAME, *REWORDED]
    first = [Entry(f"a{at}", mine, area) for at, (mine, _, area) in enumerate(pairs)]
    second = [Entry(f"b{at}", theirs, area) for at, (_, theirs, area) in enumerate(pairs)]
    first += [Entry(f"a-{name}", name, area) for name, area in ONLY_A]
    second += [Entry(f"b-{name}", name, area) for name, area in ONLY_B]
    return first, second


def joined(tasks: list[Task], sure: str) -> set[tuple[str, str]]:
    return {(one.first.id, one.second.id) for one in tasks if one.sure == sure and one.first and one.second}


def test_certain_is_exactly_right_and_likely_is_measured() -> None:
    first, second = registers()
    truth = {(f"a{at}", f"b{at}") for at in range(len(SAME_NAME) + len(REWORDED))}
    same = {(f"a{at}", f"b{at}") for at in range(len(SAME_NAME))}

    tasks = work_list(first, second, NOTHING, on=DAY)

    certain, likely = joined(tasks, "certain"), joined(tasks, "likely")
    right = likely & truth
    precision, recall = len(right) / len(likely), len(right) / len(truth - certain)
    wrong = sorted(likely - truth)
    print(
        f"certain {len(certain)}; likely {len(likely)}: precision {precision:.2f}, recall {recall:.2f}; wrong {wrong}"
    )
    assert certain >= same
    assert certain <= truth
    assert precision >= 0.85
    assert recall >= 0.85
    assert len(tasks) == len(first) + len(second) - len(certain) - len(likely)


def test_the_same_words_in_another_order_are_not_certain() -> None:
    first, second = [Entry("a1", "Care homes", "adult social care")], [Entry("b1", "Home care", "adult social care")]

    assert joined(work_list(first, second, NOTHING, on=DAY), "certain") == set()


def test_two_services_of_one_name_are_never_certain() -> None:
    first = [Entry("a1", "Parking permits", "parking"), Entry("a2", "Parking permit", "parking")]

    tasks = work_list(first, [Entry("b1", "Parking permits", "parking")], NOTHING, on=DAY)

    assert joined(tasks, "certain") == set()
    assert len(joined(tasks, "likely")) == 1


def test_the_same_name_for_another_need_is_not_certain() -> None:
    tasks = work_list([Entry("a1", "Bookings", "leisure")], [Entry("b1", "Bookings", "registrars")], NOTHING, on=DAY)

    assert joined(tasks, "certain") == set()


def pair(first: dict[str, Any], second: dict[str, Any], aliases: Aliases = NOTHING) -> Task:
    given: dict[str, Any] = {"name": "Parking permits", "owner": "U1"}
    [task] = work_list([Entry("a", **given | first)], [Entry("b", **given | second)], aliases, on=DAY)
    return task


@pytest.mark.parametrize(
    ("first", "second", "issue"),
    [
        (
            {"supplier": "Acme"},
            {"supplier": "Jadu"},
            "two suppliers, so probably two systems: Acme and Jadu",
        ),
        (
            {"supplier": "Acme"},
            {"supplier": "Jadu", "system": "Jadu CMS"},
            "two suppliers, so probably two systems: Acme and Jadu",
        ),
        ({"system": "Acme Pay"}, {"system": "GOV.UK Pay"}, "two systems: Acme Pay and GOV.UK Pay"),
        (
            {"system": "Acme Pay", "supplier": "Acme"},
            {"system": "Acme Go", "supplier": "Acme"},
            "two systems: Acme Pay and Acme Go",
        ),
        (
            {"system": "Acme Pay", "supplier": "Acme"},
            {"system": "ACME pay", "supplier": "Reseller"},
            "one system, two suppliers: Acme and Reseller",
        ),
        ({"route": "built"}, {"route": "bought"}, "built in A, bought in B"),
        ({"contract_end": DAY}, {}, "contract of A runs past vesting day, to 1 April 2028"),
        ({}, {"contract_end": dt.date(2028, 3, 31)}, "contract of B ends before vesting day, on 31 March 2028"),
        ({"owner": " "}, {}, "nobody owns it in A"),
        ({"ratings": {"p/1": "met"}}, {"ratings": {"p/1": "partly"}}, "rated differently: p/1 (met in A, partly in B)"),
    ],
)
def test_what_must_be_settled(first: dict[str, Any], second: dict[str, Any], issue: str) -> None:
    assert pair(first, second).issues == (issue,)


def test_two_systems_weigh_more_than_two_contracts_for_one() -> None:
    two = pair({"system": "Acme Pay", "supplier": "Acme"}, {"system": "Civica Pay", "supplier": "Civica"})
    one = pair({"system": "Acme Pay", "supplier": "Acme"}, {"system": "Acme Pay", "supplier": "Civica"})

    assert two.weight > one.weight > pair({}, {}).weight


def test_a_system_by_two_names_does_not_clash_once_somebody_has_said_so() -> None:
    first, second = {"system": "NEC Revenues"}, {"system": "Northgate Revenues"}
    judged = Judgement("system", "NEC Revenues", "Northgate Revenues", same=True)
    of_suppliers = Judgement("supplier", "NEC Revenues", "Northgate Revenues", same=True)

    assert pair(first, second, Aliases([judged])).issues == ()
    assert pair(first, second, Aliases([of_suppliers])).issues == ("two systems: NEC Revenues and Northgate Revenues",)


def test_areas_that_somebody_has_judged_to_be_one_agree() -> None:
    first, second = [Entry("a1", "Bookings", "leisure")], [Entry("b1", "Bookings", "sport")]
    judged = Aliases([Judgement("area", "leisure", "sport", same=True)])

    assert joined(work_list(first, second, NOTHING, on=DAY), "certain") == set()
    assert joined(work_list(first, second, judged, on=DAY), "certain") == {("a1", "b1")}


def test_a_supplier_by_two_names_is_one_system_once_somebody_has_said_so() -> None:
    judged = Aliases([Judgement("supplier", "Acme", "Acme Ltd", same=True)])

    assert pair({"supplier": "Acme"}, {"supplier": "Acme Ltd"}, judged).issues == ()


def test_what_was_not_asked_is_no_different_rating() -> None:
    assert pair({"ratings": {"p/1": "met"}}, {"ratings": {"p/1": "not asked"}}).issues == ()


def test_what_residents_pay_for_comes_before_what_staff_use() -> None:
    public = Entry("a1", "Parking permits", phase="live", facts=("has public users", "takes payments"), owner="U1")
    staff = Entry("a2", "Staff intranet", phase="live", owner="U1")

    tasks = work_list([staff, public], [Entry("b1", "Allotments", owner="U1")], NOTHING, on=DAY)

    assert [task.first.id if task.first else "b1" for task in tasks] == ["a1", "a2", "b1"]
    assert tasks[0].why == "in use, has public users, takes payments"


def test_the_register_that_is_exported_is_read_and_the_work_list_is_safe_in_a_spreadsheet() -> None:
    service = make_service(
        name="=HYPERLINK(1)", system="=Pay", contract=make_contract(supplier="Acme"), facts=("takes payments",)
    )
    [entry] = read_entries(write_register([service]), "a.csv", {"s1": {"p/1": "met"}})
    assert (entry.name, entry.system, entry.supplier) == ("=HYPERLINK(1)", "=Pay", "Acme")
    assert entry.contract_end == dt.date(2028, 3, 31)
    assert entry.ratings == {"p/1": "met"}

    rows = list(csv.reader(io.StringIO(write_work_list(work_list([entry], [], NOTHING, on=DAY)))))

    shown = dict(zip(rows[0], rows[1], strict=True))
    assert (shown["system in A"], shown["system in B"], shown["supplier in A"]) == ("'=Pay", "", "Acme")
    assert rows[1][2:4] == ["only in A", "'=HYPERLINK(1)"]
    assert "contract of A ends before vesting day, on 31 March 2028" in rows[1][6]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id,title\n1,x\n", "x.csv: there is no column 'name'"),
        ("name\n", "x.csv: there is no service in it"),
        ("name,contract_ends_on\nParking,soon\n", "x.csv: row 2: contract_ends_on: 'soon' is not a date"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_one_line(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read_entries(text, "x.csv")


def test_retired_services_are_left_out_and_ratings_need_their_columns() -> None:
    assert len(read_entries("name,phase\nParking,live\nOld,retired\n", "x.csv")) == 1
    with pytest.raises(InputError, match="no column 'point'"):
        read_ratings("service_id,rating\ns1,met\n", "p.csv")
    assert read_ratings("service_id,point,rating\ns1,p/1,met\n", "p.csv") == {"s1": {"p/1": "met"}}
