"""The files of an export: read back by the libraries that councils' tools are like, hostile cells included."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from bot.portfolio.tables import Table, tables
from bot.rendering.export_files import as_csv, as_json, as_xlsx, json_schema
from tests.bot.checkpoints.build import NOW, TODAY
from tests.bot.portfolio.build import TITLES, make_portfolio

HOSTILE = [
    '=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1)", "\tx", "\r=1", "\x00\x07bell", "a\nb", "é Ŵ 日本", "'=1",
]  # fmt: skip


def hostile_tables() -> tuple[Table, ...]:
    portfolio = make_portfolio(len(HOSTILE))
    services = tuple(
        replace(one, name=name, purpose=name, directorate=name)
        for one, name in zip(portfolio.services, HOSTILE, strict=True)
    )
    return tables(replace(portfolio, services=services), TITLES, today=TODAY)


def sheet_of(found: tuple[Table, ...], name: str) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(found, title="Portfolio")))
    return book[name]


def test_a_workbook_has_a_sheet_a_subject_with_filters_frozen_headings_and_widths() -> None:
    found = tables(make_portfolio(12), TITLES, today=TODAY)

    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(found, title="Portfolio")))

    assert book.sheetnames == [one.name for one in found]
    for table in found:
        sheet = book[table.name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert [cell.value for cell in sheet[1]] == [column.name for column in table.columns]
        assert sheet.max_row == len(table.rows) + 1
        letters = [get_column_letter(number) for number in range(1, len(table.columns) + 1)]
        assert all(sheet.column_dimensions[letter].width >= 9 for letter in letters)


def test_days_and_moments_are_real_dates() -> None:
    sheet = sheet_of(tables(make_portfolio(12), TITLES, today=TODAY), "checkpoints")
    columns = {cell.value: cell.column - 1 for cell in sheet[1]}

    row = sheet[2]

    assert row[columns["due_on"]].is_date
    assert isinstance(row[columns["created_at"]].value, dt.datetime)
    assert row[columns["created_at"]].value == NOW.replace(tzinfo=None)


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = sheet_of(hostile_tables(), "services")

    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}
    names = {row[1].value for row in sheet.iter_rows(min_row=2)}

    assert "f" not in kinds
    assert '=HYPERLINK("http://x","y")' in names


def test_no_cell_of_a_csv_begins_as_a_formula() -> None:
    for table in hostile_tables():
        text = as_csv(table)
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len(rows) == len(table.rows) + 1
        assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("count", [0, 1, 30])
def test_the_json_is_as_its_schema_says(count: int) -> None:
    found = tables(make_portfolio(count), TITLES, today=TODAY)

    data = json.loads(as_json(found, workspace_id="T1", chosen="", at=NOW))

    checker = jsonschema.Draft202012Validator(json_schema(), format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(data)] == []
    assert len(data["services"]) == count
    assert data["taken_at"] == "2027-01-11T10:00:00+00:00"


def test_the_schema_itself_is_one_and_refuses_what_it_does_not_know() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    data = json.loads(as_json(tables(make_portfolio(1), TITLES, today=TODAY), workspace_id="T1", chosen="", at=NOW))
    data["services"][0]["surprise"] = 1

    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(data))


def test_hostile_text_stays_what_it_is_in_json() -> None:
    data = json.loads(as_json(hostile_tables(), workspace_id="T1", chosen="", at=NOW))

    assert {one["name"] for one in data["services"]} == set(HOSTILE)
