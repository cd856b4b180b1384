"""The files of vesting day: two registers read as ``advisor services export`` writes them, and the work list as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Final

from bot.errors import InputError
from bot.network.vesting import Entry, Task

NEEDED: Final = ("name",)
WORK_COLUMNS: Final = (
    "order", "weight", "join", "service in A", "service in B", "area", "to settle", "why it matters", "system in A",
    "system in B", "supplier in A", "supplier in B", "contract ends in A", "contract ends in B", "owner in A",
    "owner in B", "decision", "decided by",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def read_entries(text: str, file: str, ratings: Mapping[str, Mapping[str, str]] | None = None) -> list[Entry]:
    """
    The services of a register, retired ones left out. More columns than are needed may stand in it.

    Args: file: what to call it in a fault; ratings: by service id, then by point, where they are known.
    Raises: InputError: it is no register; the row and column are named.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    heading = [name.strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in heading]:
        raise InputError(f"{file}: there is no column {missing[0]!r}. Give a file of `advisor services export`.")
    entries: list[Entry] = []
    for number, raw in enumerate(reader, 2):
        row = {(key or "").strip().lower(): _unguarded(value) for key, value in raw.items() if isinstance(value, str)}
        if row.get("name") and row.get("phase") != "retired":
            entries.append(_entry(row, f"{file}: row {number}", ratings or {}))
    if not entries:
        raise InputError(f"{file}: there is no service in it.")
    return entries


def read_ratings(text: str, file: str) -> dict[str, dict[str, str]]:
    """
    Ratings by service id and point, from a CSV with columns service_id, point and rating.

    Raises: InputError: a column is missing.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    found: dict[str, dict[str, str]] = {}
    for name in ("service_id", "point", "rating"):
        if name not in (reader.fieldnames or ()):
            raise InputError(f"{file}: there is no column {name!r}. Give a file of `advisor export --table points`.")
    for row in reader:
        found.setdefault(_unguarded(row["service_id"] or ""), {})[row["point"]] = row["rating"]
    return found


def write_work_list(tasks: Iterable[Task]) -> str:
    """The work list as CSV, with empty columns for what is decided and by whom."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(WORK_COLUMNS)
    for order, task in enumerate(tasks, 1):
        writer.writerow([_guarded(cell) for cell in _cells(order, task)])
    return out.getvalue()


def _cells(order: int, task: Task) -> list[str]:
    blank = Entry("", "")
    first, second = task.first or blank, task.second or blank
    join = task.sure if task.sure != "only in one" else f"only in {'A' if task.first else 'B'}"
    ends = [one.contract_end.isoformat() if one.contract_end else "" for one in (first, second)]
    return [
        str(order), str(task.weight), join, first.name, second.name, first.area or second.area, "; ".join(task.issues),
        task.why, first.system, second.system, first.supplier, second.supplier, *ends, first.owner,
        second.owner, "", "",
    ]  # fmt: skip


def _entry(row: Mapping[str, str], place: str, ratings: Mapping[str, Mapping[str, str]]) -> Entry:
    return Entry(
        id=row.get("id", ""),
        name=row["name"],
        area=row.get("service_area", ""),
        phase=row.get("phase", ""),
        route=row.get("route", ""),
        owner=row.get("owner", ""),
        system=row.get("system", ""),
        supplier=row.get("supplier", ""),
        contract_end=_day(row.get("contract_ends_on", ""), f"{place}: contract_ends_on"),
        facts=tuple(fact.strip() for fact in row.get("facts", "").split(",") if fact.strip()),
        ratings=ratings.get(row.get("id", ""), {}),
    )


def _day(text: str, place: str) -> dt.date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    raise InputError(f"{place}: {text!r} is not a date. Write 2027-03-31 or 31/03/2027.")


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell
