"""The register as CSV: every bad row named, nothing half done, and the same again when written back."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.register import COLUMNS, Names, Register, read_register, write_register
from bot.checkpoints.services import FACTS, PHASES, ROUTES, VALUE_BANDS, Contract, Service
from tests.bot.checkpoints.build import OWNER, SPONSOR, TODAY, make_contract, make_service

NAMES = Names(
    people={"ann@camden.gov.uk": OWNER, "@bob": SPONSOR},
    channels={"#bins": "C1"},
    councils={"London Borough of Camden": "CMD", "CMD": "CMD"},
)
HEAD = "name,council,owner,sponsor,channel"
ROW = "Bins,london borough of camden,Ann@Camden.gov.uk,bob,bins"


def read(text: str, *existing: Service) -> Register:
    return read_register(text, NAMES, existing, workspace_id="T1", today=TODAY)


def faults(text: str, *existing: Service) -> list[tuple[int, str, str]]:
    register = read(text, *existing)
    assert register.services == ()
    return [(fault.row, fault.column, fault.message) for fault in register.faults]


def test_a_row_becomes_a_service_and_names_become_ids() -> None:
    assert read(f"{HEAD}\n{ROW}\n").services == (make_service(id="", name="Bins"),)


def test_every_column_is_read() -> None:
    head = f"{HEAD},phase,route,standard,facts,system,supplier,contract_starts_on,contract_ends_on,notice_months,"
    head += "extension_months,contract_value,private_beta_on,link,purpose"
    row = f'{ROW},Public Beta,BOUGHT,Local Standard,"uses ai, takes payments",Acme Pay,Acme,1/4/2025,31/03/2028,3,'
    row += '"12, 6",large,2027-02-01,https://x.example,Bins'

    found = read(f"{head}\r\n{row}\r\n")

    assert found.faults == ()
    service = found.services[0]
    assert (service.phase, service.route, service.standard) == ("public beta", "bought", "local-standard")
    assert service.facts == ("uses AI", "takes payments")
    assert service.system == "Acme Pay"
    assert service.contract == Contract("Acme", dt.date(2028, 3, 31), dt.date(2025, 4, 1), 3, (12, 6), "large")
    assert service.targets == {"private beta": dt.date(2027, 2, 1)}


def test_one_bad_row_stops_all_and_every_fault_is_named() -> None:
    found = faults(f"{HEAD},phase\n{ROW},alpha\nTrees,Camdem,carol,bob,trees,beta\n,CMD,bob,bob,bins,\n")

    assert [(row, column) for row, column, _ in found] == [
        (3, "owner"),
        (3, "channel"),
        (3, "council"),
        (3, "phase"),
        (4, "name"),
        (4, "sponsor"),
    ]
    assert found[2][2] == "'Camdem' is no council of the list. Check the spelling."


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("contract_ends_on", "31.3.2028", "is not a date"),
        ("contract_ends_on", "2028-02-30", "is not a date"),
        ("contract_ends_on", "30/02/2028", "is not a date"),
        ("contract_ends_on", "", "needs its end date"),
        ("notice_months", "three", "no number of months"),
        ("notice_months", "3, 6", "Write it like 3"),
        ("notice_months", "99", "from 0 to 36"),
        ("extension_months", "a year", "Write it like 12, 12"),
        ("contract_value", "lots", "is not one of"),
        ("live_on", "2026-01-01", "in the past"),
        ("link", "x.example", "https://x.example"),
        ("system", "x" * 101, "Take out 1"),
        ("id", "s9", "no service 's9'"),
        ("facts", "uses magic", "Not known: uses magic"),
    ],
)
def test_each_bad_cell_is_named_with_what_to_do(column: str, cell: str, words: str) -> None:
    columns = ["supplier", "contract_ends_on"] if column.startswith(("contract", "notice", "extension")) else []
    values = {"supplier": "Acme", "contract_ends_on": "2028-03-31", column: cell}
    extra = [*columns, *([] if column in columns else [column])]
    text = f"{HEAD},{','.join(extra)}\n{ROW},{','.join(chr(34) + values[name] + chr(34) for name in extra)}\n"

    found = [(row, where) for row, where, message in faults(text) if words in message]

    assert found == [(2, column)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The column 'name' is missing"),
        (f"{HEAD}\n", "no row under the heading"),
        (f"{HEAD},colour\n{ROW},red\n", "'colour' is not known"),
        (f"{HEAD},name\n{ROW},x\n", "stands there twice"),
        (f"{HEAD}\n{ROW},extra\n", "6 cells and the heading 5"),
        (f'{HEAD}\n"Bins', "not a CSV file"),
        (f"{HEAD}\n{ROW}\n{ROW}\n", "Row 2 has the same name"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, words: str) -> None:
    assert any(words in message for _, _, message in faults(text))


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = f'{HEAD},purpose\n{ROW},"two\nlines"\n,,,,,\nTrees,CMD,nobody,bob,bins,\n'

    assert [(row, column) for row, column, _ in faults(text)] == [(4, "owner")]


def test_semicolons_and_a_byte_order_mark_are_read() -> None:
    text = f"\ufeff{HEAD}\n{ROW}\n".replace(",", ";")

    assert len(read(text).services) == 1


def test_a_row_with_an_id_replaces_and_one_without_must_be_new() -> None:
    mine = make_service(id="s1", name="Bins")

    assert read(f"id,{HEAD}\ns1,{ROW}\n", mine).services == (mine,)
    assert "put its id, s1" in faults(f"id,{HEAD}\n,{ROW}\n", mine)[0][2]


def test_a_file_without_the_column_leaves_the_system_as_it_is_and_an_empty_cell_clears_it() -> None:
    mine = make_service(id="s1", name="Bins", system="Civica Pay")

    assert read(f"id,{HEAD}\ns1,{ROW}\n", mine).services == (mine,)
    assert read(f"{HEAD}\n{ROW.replace('Bins', 'Trees')}\n", mine).services[0].system == ""
    assert read(f"id,{HEAD},system\ns1,{ROW},\n", mine).services[0].system == ""
    assert read(f"id,{HEAD},system\ns1,{ROW}\n", mine).services[0].system == ""
    assert read(f"id,{HEAD},system\ns1,{ROW},Uniform\n", mine).services[0].system == "Uniform"


def test_a_cell_that_a_spreadsheet_would_run_is_guarded() -> None:
    text = write_register([make_service(name='=HYPERLINK("x")', purpose="'=1", directorate="-")])

    assert "\"'=HYPERLINK(" in text
    assert ",''=1," in text
    assert read(text, make_service(id="s1")).services[0].name == '=HYPERLINK("x")'


WORDS = st.text(string.ascii_letters + " ,;'\"=+-@£é\n", min_size=1, max_size=40).map(str.strip).filter(bool)
DATES = st.dates(dt.date(2027, 2, 1), dt.date(2040, 1, 1))


@st.composite
def services(draw: st.DrawFn) -> Service:
    contract: Any = None
    if draw(st.booleans()):
        options = tuple(draw(st.lists(st.integers(1, 120), max_size=3)))
        value = draw(st.sampled_from(list(VALUE_BANDS)))
        contract = make_contract(supplier=draw(WORDS), ends_on=draw(DATES), extensions=options, value=value)
    days = sorted(draw(st.lists(DATES, max_size=3)))
    return make_service(
        name=draw(WORDS),
        purpose=draw(WORDS),
        system=draw(WORDS),
        phase="discovery",
        route=draw(st.sampled_from(ROUTES)),
        facts=tuple(fact for fact in FACTS[:3] if draw(st.booleans())),
        contract=contract,
        targets=dict(zip(PHASES[2:], days, strict=False)),
    )


@given(services())
def test_what_is_written_is_read_the_same(service: Service) -> None:
    found = read(write_register([service]), service)

    assert found.faults == ()
    assert found.services == (service,)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read(text).services == ()


def test_the_columns_are_all_written() -> None:
    assert write_register([]).strip().split(",") == list(COLUMNS)
