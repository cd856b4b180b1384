"""The parts of a workbook, read as XML: nothing in them that Excel warns of, "repairs" or takes for something else."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl

from bot.portfolio.tables import SUBJECTS, Table, tables
from bot.rendering.export_files import as_xlsx
from tests.bot.checkpoints.build import TODAY
from tests.bot.portfolio.build import TITLES, make_portfolio

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LONGEST = 32_767
HOSTILE = (
    '=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1)", "#N/A", "#REF!", "\ufffe\uffffnone", "\ud800half",
    "\x00\x07bell", "😀" * LONGEST, "x" * 40_000, "_x0041_ code", "a\r\nb\u2028c", "TRUE", "12/03", "0123",
    " lead and trail ", "é Ŵ 日本",
)  # fmt: skip


def workbook(texts: tuple[str, ...] = HOSTILE) -> bytes:
    """A workbook of services with these texts in the cells of their names and purposes."""
    portfolio = make_portfolio(len(texts))
    services = tuple(
        replace(one, name=text, purpose=text, directorate=text)
        for one, text in zip(portfolio.services, texts, strict=True)
    )
    found = tables(replace(portfolio, services=services), TITLES, today=TODAY)
    return as_xlsx(found, title="Portfolio of Leeds")


def parts(data: bytes) -> dict[str, ET.Element]:
    """Every part of a workbook, parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}


def sheets(data: bytes) -> list[ET.Element]:
    return [part for name, part in parts(data).items() if name.startswith("xl/worksheets/")]


def cells(data: bytes) -> list[ET.Element]:
    return [cell for sheet in sheets(data) for cell in sheet.iter(f"{MAIN}c")]


def names(data: bytes) -> list[Any]:
    """The names of the services as openpyxl reads them."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [row[1].value for row in book["services"].iter_rows(min_row=2)]


def test_every_sheet_has_a_name_that_excel_takes_and_there_are_no_two() -> None:
    found = [one.attrib["name"] for one in parts(workbook())["xl/workbook.xml"].iter(f"{MAIN}sheet")]

    assert found == [one.name for one in SUBJECTS]
    assert len({name.casefold() for name in found}) == len(found)
    assert all(0 < len(name) <= 31 and not re.search(r"[\\/?*\[\]:]|^'|'$", name) for name in found)


def test_every_defined_name_is_the_filter_of_one_sheet_and_covers_its_rows() -> None:
    data = workbook()
    book = openpyxl.load_workbook(io.BytesIO(data))
    defined = list(parts(data)["xl/workbook.xml"].iter(f"{MAIN}definedName"))

    assert [one.attrib["name"] for one in defined] == ["_xlnm._FilterDatabase"] * len(SUBJECTS)
    assert [one.attrib["localSheetId"] for one in defined] == [str(number) for number in range(len(SUBJECTS))]
    for one, table in zip(defined, SUBJECTS, strict=True):
        assert (one.text or "").replace("$", "") == f"'{table.name}'!{book[table.name].dimensions}"


def test_the_parts_of_a_sheet_stand_in_the_order_of_the_schema() -> None:
    order = ["sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "pageMargins"]

    for sheet in sheets(workbook()):
        found = [child.tag.removeprefix(MAIN) for child in sheet]
        assert found == [name for name in order if name in found]
        assert {"sheetViews", "cols", "sheetData", "autoFilter"} <= set(found)


def test_no_cell_is_a_formula_or_an_error_and_none_is_too_long() -> None:
    found = cells(workbook())

    assert {cell.attrib.get("t", "n") for cell in found} == {"inlineStr", "n"}
    assert [cell for cell in found if cell.find(f"{MAIN}f") is not None] == []
    texts = ["".join(text.text or "" for text in cell.iter(f"{MAIN}t")) for cell in found]
    assert max(len(text.encode("utf-16-le")) // 2 for text in texts) in (LONGEST - 1, LONGEST)


def test_what_would_become_a_formula_when_edited_is_marked_as_text() -> None:
    data = workbook()
    styles = list(parts(data)["xl/styles.xml"].find(f"{MAIN}cellXfs") or ())
    quoted = {number for number, style in enumerate(styles) if style.attrib.get("quotePrefix") in ("1", "true")}

    marked = {
        text.text for cell in cells(data) if int(cell.attrib.get("s", "0")) in quoted for text in cell.iter(f"{MAIN}t")
    }

    assert marked == {'=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1)"}


def test_texts_are_what_was_typed_without_what_no_file_can_hold() -> None:
    found = names(workbook())

    assert found[:9] == [*HOSTILE[:6], "none", "half", "bell"]
    # openpyxl reads the code of an underscore as it stands; Excel and LibreOffice read it as "_".
    assert found[11:] == ["_x005F_x0041_ code", "a\nb\nc", "TRUE", "12/03", "0123", " lead and trail ", "é Ŵ 日本"]


def test_days_before_the_calendar_of_a_workbook_are_texts() -> None:
    days = (dt.date(1848, 5, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(2026, 11, 23))
    columns = next(one.columns for one in SUBJECTS if one.name == "evidence")[5:6]
    moment = dt.datetime(1890, 1, 1, 12, tzinfo=dt.UTC)
    table = Table("days", "", columns, tuple((day,) for day in (*days, moment)))

    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx([table], title="")))["days"]

    assert [row[0].value for row in sheet.iter_rows(min_row=2)][:2] == ["1848-05-01", "1900-02-28"]
    assert [isinstance(row[0].value, str) for row in sheet.iter_rows(min_row=2)] == [True, True, False, False, True]
    assert sheet["A5"].number_format == "dd/mm/yyyy"


def test_columns_are_as_wide_as_what_stands_in_them_and_never_wider_than_a_screen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))

    sheet = book["services"]
    widths = {letter: one.width for letter, one in sheet.column_dimensions.items()}
    letters = {str(cell.value): cell.coordinate.rstrip("1") for cell in sheet[1]}

    assert widths[letters["name"]] == 60
    assert widths[letters["phase"]] >= len("private beta") + 2
    assert all(9 <= width <= 60 for width in widths.values())
