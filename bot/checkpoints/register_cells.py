"""The cells of a register: read out of a file, turned into days, months and choices, and guarded on the way out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

_STARTS_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run as a formula. Such a cell is written with an apostrophe in front and read without."""


def rows_of(text: str) -> list[list[str]]:
    """The cells of a CSV file. Raises: csv.Error."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    return list(csv.reader(lines, delimiter=_delimiter(text), strict=True))


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return ";" if first.count(";") > first.count(",") else ","


def choice(row: Mapping[str, str], column: str, known: Sequence[str], found: dict[str, str]) -> str:
    """The one of *known* that a cell names in any spelling; empty, with its fault in *found*, where it names none."""
    typed = " ".join(row.get(column, "").lower().replace("_", " ").split())
    for one in known:
        if typed in (one, one.replace("-", " ")):
            return one
    if typed:
        found[column] = f"{row[column]!r} is not one of: {', '.join(known)}."
    return ""


def day_in(row: Mapping[str, str], column: str, found: dict[str, str]) -> dt.date | None:
    """The day in a cell; None where there is none, or none that can be read."""
    typed = row.get(column, "")
    if not typed:
        return None
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed):
        day, month, year = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", typed):
        year, month, day = (int(part) for part in match.groups())
    else:
        year = month = day = 0
    try:
        return dt.date(year, month, day)
    except ValueError:
        found[column] = f"{typed!r} is not a date. Write 2027-03-31 or 31/03/2027."
        return None


def months_in(row: Mapping[str, str], column: str, found: dict[str, str]) -> tuple[int, ...]:
    """The numbers of months in a cell; empty where there are none, or none that can be read."""
    parts = [part.strip() for part in re.split("[,;+]", row.get(column, "")) if part.strip()]
    if not all(re.fullmatch("[0-9]{1,3}", part) for part in parts) or (column == "notice_months" and len(parts) > 1):
        example = "3" if column == "notice_months" else "12, 12"
        found[column] = f"{row[column]!r} is no number of months. Write it like {example}."
        return ()
    return tuple(int(part) for part in parts)


def guarded(cell: str) -> str:
    """A cell as it is written: a spreadsheet runs nothing of it."""
    return f"'{cell}" if _STARTS_FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before it was guarded."""
    return cell[1:] if cell.startswith("'") and _STARTS_FORMULA.match(cell[1:]) else cell
