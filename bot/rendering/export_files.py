"""The tables of a portfolio as files that open cleanly: CSV, XLSX and JSON, and the schema of the JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.register_cells import guarded
from bot.portfolio.tables import SUBJECTS, Cell, Column, Table
from bot.rendering.mrkdwn import visible

FORMAT: Final = 1
"""The version of the JSON: it is raised when a column goes or changes its meaning; new columns do not raise it."""

_LONGEST_CELL: Final = 32_767
"""
Characters of a cell, of which those outside the basic plane (emoji) are two: Excel "repairs" a longer text away.
Source: "Excel specifications and limits", support.microsoft.com, checked 2026-11-23.
"""
_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""
The first day that a workbook holds as every program reads it: Excel counts a 29 February 1900 that never was.
Source: "Excel incorrectly assumes that the year 1900 is a leap year", learn.microsoft.com, checked 2026-11-23.
"""
_CODED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""
What a workbook reads as the code of a character, as in "_x0041_"; its underscore is written as a code itself.
Source: ECMA-376 part 1, 22.9.2.19 ST_Xstring.
"""
_NEEDS_A_QUOTE: Final = ("=", "+", "-", "@")
"""What becomes a formula when somebody edits the cell, unless it is marked as a text (Excel shows no sign of it)."""

_NARROWEST: Final = 9
_WIDEST: Final = 60
_SAMPLE: Final = 200


def as_csv(table: Table) -> str:
    """One table as CSV with a byte order mark, which Excel needs to read it as UTF-8; no cell runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([guarded(_as_text(cell)) for cell in row])
    return "\ufeff" + out.getvalue()


def as_json(tables: Sequence[Table], *, workspace_id: str, chosen: str, at: dt.datetime) -> str:
    """All tables as one JSON object: a list of objects a subject, moments in UTC, nothing as null."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "taken_at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "workspace": workspace_id,
        "chosen": chosen,
    }
    for table in tables:
        names = [column.name for column in table.columns]
        data[table.name] = [dict(zip(names, map(_as_json, row), strict=True)) for row in table.rows]
    return json.dumps(data, ensure_ascii=False, indent=1)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``as_json``, made from the columns that it is written from."""
    lists = {
        table.name: {
            "type": "array",
            "description": table.about,
            "items": {
                "type": "object",
                "properties": {column.name: _schema_of(column) for column in table.columns},
                "required": [column.name for column in table.columns],
                "additionalProperties": False,
            },
        }
        for table in SUBJECTS
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Advisor portfolio",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "taken_at": {"type": "string", "format": "date-time"},
            "workspace": {"type": "string"},
            "chosen": {"type": "string", "description": "The filter in words; empty where every service is in it."},
            **lists,
        },
        "required": ["format", "taken_at", "workspace", "chosen", *lists],
        "additionalProperties": False,
    }


def as_xlsx(tables: Sequence[Table], *, title: str) -> bytes:
    """A workbook with a sheet a subject: frozen headings, filters, real dates, columns as wide as what is there."""
    # Here and not above: few processes ever write a workbook.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = "Advisor"
    for table in tables:
        _fill(book.create_sheet(table.name), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, table: Table) -> None:
    """Write a sheet row by row; what stands before the rows in the file (widths, frozen panes) is set before them."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(number) for number in range(1, len(table.columns) + 1)]
    for number, column in enumerate(table.columns):
        sheet.column_dimensions[letters[number]].width = _width(table, number, column)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{letters[-1]}{len(table.rows) + 1}"
    heading = []
    for column in table.columns:
        cell = WriteOnlyCell(sheet, column.name)
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
        heading.append(cell)
    sheet.append(heading)
    formats = [_NUMBER_FORMATS.get(column.kind) for column in table.columns]
    for row in table.rows:
        sheet.append([_cell(sheet, value, format) for value, format in zip(row, formats, strict=True)])


def _cell(sheet: Any, value: Cell, number_format: str | None) -> Any:
    """What stands in a cell: a cell of its own only where its kind must be said."""
    from openpyxl.cell import WriteOnlyCell

    held = _as_cell(value)
    if isinstance(held, str):
        if held.startswith((*_NEEDS_A_QUOTE, "#")):
            cell = WriteOnlyCell(sheet, held)
            cell.data_type = "s"  # neither a formula nor an error ("#N/A")
            cell.quotePrefix = held.startswith(_NEEDS_A_QUOTE)
            return cell
        return held
    if number_format and held is not None:
        cell = WriteOnlyCell(sheet, held)
        cell.number_format = number_format
        return cell
    return held


_NUMBER_FORMATS: Final = {"day": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm"}


def _width(table: Table, number: int, column: Column) -> int:
    texts = (_as_text(row[number]) for row in table.rows[:_SAMPLE])
    longest = max((len(text) for text in texts), default=0)
    return min(_WIDEST, max(_NARROWEST, len(column.name) + 3, longest + 2))


def _as_cell(value: Cell) -> Any:
    """A value as a workbook holds it: moments by the clock on the wall, for a workbook knows no time zones."""
    if isinstance(value, dt.datetime):
        local = value.astimezone(LONDON).replace(tzinfo=None, microsecond=0)
        return local if local.date() >= _FIRST_DAY else local.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date) and value < _FIRST_DAY:
        return value.isoformat()
    return _as_long_as_a_cell(_CODED.sub("_x005F_", visible(value))) if isinstance(value, str) else value


def _as_long_as_a_cell(text: str) -> str:
    """*text* cut where a cell ends."""
    if 2 * len(text) <= _LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")[: 2 * _LONGEST_CELL]
    return units.decode("utf-16-le", errors="ignore")


def _as_text(value: Cell) -> str:
    """A value as CSV holds it."""
    if isinstance(value, dt.datetime):
        return value.astimezone(LONDON).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else visible(str(value))


def _as_json(value: Cell) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else value


def _schema_of(column: Column) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": ["string", "null"]},
        "number": {"type": ["integer", "null"]},
        "yes or no": {"type": ["boolean", "null"]},
        "day": {"type": ["string", "null"], "format": "date"},
        "moment": {"type": ["string", "null"], "format": "date-time"},
    }
    return {**kinds[column.kind], "description": column.means}
