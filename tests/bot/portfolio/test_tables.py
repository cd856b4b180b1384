"""The tables of the exports: every cell of its column's kind, and figures that agree with one another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.portfolio.tables import SUBJECTS, Table, tables
from bot.settings import REPOSITORY
from tests.bot.checkpoints.build import TODAY
from tests.bot.portfolio.build import TITLES, make_portfolio

KINDS = {"text": str, "number": int, "yes or no": bool, "day": dt.date, "moment": dt.datetime}


@pytest.fixture(scope="module")
def found() -> dict[str, Table]:
    return {one.name: one for one in tables(make_portfolio(40), TITLES, today=TODAY)}


@pytest.mark.parametrize("name", [one.name for one in SUBJECTS])
def test_every_subject_has_rows_and_every_cell_is_of_its_columns_kind(found: dict[str, Table], name: str) -> None:
    table = found[name]

    assert table.rows
    for row in table.rows:
        assert len(row) == len(table.columns)
        for cell, column in zip(row, table.columns, strict=True):
            assert cell is None or type(cell) is KINDS[column.kind], (name, column.name, cell)


def test_a_services_points_agree_with_the_rows_of_its_points(found: dict[str, Table]) -> None:
    names = [column.name for column in found["services"].columns]
    for row in found["services"].rows:
        service = dict(zip(names, row, strict=True))
        ratings = [point[7] for point in found["points"].rows if point[0] == service["id"]]
        assert service["points_met"] == ratings.count("met")
        assert service["points_not_yet"] == ratings.count("not yet")
        assert service["points_waived"] == ratings.count("waived")


def test_overdue_actions_agree_with_the_rows_of_actions(found: dict[str, Table]) -> None:
    overdue = sum(bool(row[-1]) for row in found["actions"].rows)

    assert overdue == sum(int(str(row[-1])) for row in found["services"].rows)
    assert overdue > 0


def test_the_system_of_a_service_stands_in_its_row_and_is_empty_where_there_is_none(found: dict[str, Table]) -> None:
    names = [column.name for column in found["services"].columns]
    rows = [dict(zip(names, row, strict=True)) for row in found["services"].rows]

    assert {one["id"]: one["system"] for one in rows} == {
        one.id: one.system or None for one in make_portfolio(40).services
    }


def test_the_page_about_exports_names_every_column() -> None:
    page = Path(REPOSITORY / "docs" / "export.md").read_text(encoding="utf-8")

    for table in SUBJECTS:
        assert f"## {table.name}" in page
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} | {column.means} |" in page, "write it anew: docs/export.md"
