"""A register of services as CSV: read with every bad row named and nothing half done, and written back the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.checkpoints.register_cells import choice, day_in, guarded, months_in, rows_of, unguarded
from bot.checkpoints.services import FACTS, PHASES, ROUTES, STANDARDS, VALUE_BANDS, Contract, Service, service_faults

CONTRACT_COLUMNS: Final = {
    "supplier": "contract.supplier",
    "contract_starts_on": "contract.starts_on",
    "contract_ends_on": "contract.ends_on",
    "notice_months": "contract.notice_months",
    "extension_months": "contract.extensions",
    "contract_value": "contract.value",
}
"""Column -> field of the service, as its faults name it."""

TARGET_COLUMNS: Final = {f"{phase.replace(' ', '_')}_on": f"targets.{phase}" for phase in PHASES}
PLAIN_COLUMNS: Final = (
    "id", "name", "purpose", "council", "service_area", "system", "phase", "route", "standard",
    "owner", "sponsor", "channel", "directorate", "link", "facts",
)  # fmt: skip
COLUMNS: Final = (*PLAIN_COLUMNS, *CONTRACT_COLUMNS, *TARGET_COLUMNS)
NEEDED: Final = ("name", "council", "owner", "sponsor", "channel")

_FIELDS: Final = {
    "owner": "owner_id",
    "sponsor": "sponsor_id",
    "channel": "channel_id",
    **CONTRACT_COLUMNS,
    **TARGET_COLUMNS,
}
_TEXTS: Final = ("id", "name", "purpose", "service_area", "directorate", "link")
_COLUMN_OF: Final = {field: column for column, field in _FIELDS.items()}
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PERSON: Final = "Write an e-mail address, or a Slack id such as U012AB3CD."
_WRITE: Final = {
    "council": "Check the spelling.",
    "channel": "Write #its-name, or its Slack id such as C012AB3CD.",
}


@dataclass(frozen=True)
class RowFault:
    """One thing wrong: the row as a spreadsheet counts it (the heading is row 1), the column, and what to do."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Register:
    """What a file gave: every service, or every fault and no service. A service without id is new."""

    services: tuple[Service, ...]
    faults: tuple[RowFault, ...]


@dataclass(frozen=True)
class Names:
    """
    What people write in a register and the ids behind it: people by e-mail address or id, channels, councils; any case.

    ``why`` says of what was looked up in vain what to do about it.
    """

    people: Mapping[str, str]
    channels: Mapping[str, str]
    councils: Mapping[str, str]
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The e-mail addresses and channel names of a register, as they are written; each once."""

    addresses: tuple[str, ...]
    channels: tuple[str, ...]


def written_names(text: str) -> Written:
    """What has to be looked up before a register can be read; nothing where it is no CSV file."""
    try:
        rows = rows_of(text)
    except csv.Error:
        return Written((), ())
    heading = [cell.strip().lower() for cell in rows[0]] if rows else []
    cells = [(column, unguarded(cell).strip()) for row in rows[1:] for column, cell in zip(heading, row, strict=False)]
    people = [cell for column, cell in cells if column in ("owner", "sponsor") and _ADDRESS.fullmatch(cell)]
    channels = [cell for column, cell in cells if column == "channel" and cell.startswith("#")]
    return Written(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(channels)))


def read_register(
    text: str, names: Names, existing: Sequence[Service] = (), *, workspace_id: str, today: dt.date
) -> Register:
    """
    The services of a CSV file with a heading row (see COLUMNS; the order is free, what is not needed may be missing).

    A row with an ``id`` replaces the service of that id; one without is new. Dates are 2027-03-31 or 31/03/2027. A file
    without the column ``system``, as it was written before there was one, leaves every service's system as it is.
    """
    try:
        rows = rows_of(text)
    except csv.Error as error:
        return Register((), (RowFault(1, "", f"This is not a CSV file: {error}. Save it as CSV, UTF-8."),))
    heading = [cell.strip().lower() for cell in rows[0]] if rows else []
    if faults := list(_heading_faults(heading)):
        return Register((), tuple(faults))
    reader = _Reader(names, {service.id: service for service in existing}, workspace_id, today)
    for number, cells in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in cells):
            reader.read(number, heading, cells)
    if not reader.services and not reader.faults:
        reader.faults.append(RowFault(1, "", "There is no row under the heading."))
    return Register(() if reader.faults else tuple(reader.services), tuple(reader.faults))


def write_register(services: Sequence[Service]) -> str:
    """The services as CSV in the form that ``read_register`` reads; people and channels as their ids."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for service in services:
        cells = _cells(service)
        writer.writerow([guarded(cells.get(column, "")) for column in COLUMNS])
    return out.getvalue()


class _Reader:
    """Gathers services and faults over the rows of one file."""

    def __init__(self, names: Names, existing: Mapping[str, Service], workspace_id: str, today: dt.date) -> None:
        self._ids = {
            "owner": _folded(names.people),
            "sponsor": _folded(names.people),
            "channel": _folded(names.channels),
            "council": _folded(names.councils),
        }
        self._why = {typed.casefold(): why for typed, why in names.why.items()}
        self._council_codes = frozenset(names.councils.values())
        self._existing = existing
        self._workspace_id = workspace_id
        self._today = today
        self._seen: dict[tuple[str, ...], int] = {}
        self.services: list[Service] = []
        self.faults: list[RowFault] = []

    def read(self, number: int, heading: Sequence[str], cells: Sequence[str]) -> None:
        found: dict[str, str] = {}
        if len(cells) > len(heading):
            found[""] = (
                f"This row has {len(cells)} cells and the heading {len(heading)}. Put texts with commas in quotes."
            )
        row = dict.fromkeys(heading, "")
        row |= {column: unguarded(cell).strip() for column, cell in zip(heading, cells, strict=False)}
        service = self._service(row, found)
        for name, message in service_faults(service, today=self._today, councils=self._council_codes).items():
            found.setdefault(_COLUMN_OF.get(name, name), message)
        self._check_place(number, service, found)
        self.faults += [RowFault(number, column, message) for column, message in found.items()]
        self.services.append(service)

    def _service(self, row: Mapping[str, str], found: dict[str, str]) -> Service:
        ids = {column: self._id(column, row.get(column, ""), found) for column in self._ids}
        facts = [part.strip() for part in re.split("[,;]", row.get("facts", "")) if part.strip()]
        given: dict[str, Any] = {
            "phase": choice(row, "phase", PHASES, found),
            "route": choice(row, "route", ROUTES, found),
            "standard": choice(row, "standard", STANDARDS, found),
            "facts": tuple(next((fact for fact in FACTS if fact.lower() == part.lower()), part) for part in facts),
        }
        texts = {name: row.get(name, "") for name in _TEXTS} | {"system": self._system(row)}
        days = [(phase, day_in(row, f"{phase.replace(' ', '_')}_on", found)) for phase in PHASES]
        return Service(
            workspace_id=self._workspace_id,
            channel_id=ids["channel"],
            council=ids["council"],
            owner_id=ids["owner"],
            sponsor_id=ids["sponsor"],
            contract=_contract(row, found),
            targets={phase: day for phase, day in days if day is not None},
            **{name: value for name, value in (given | texts).items() if name in ("id", "name") or value},
        )

    def _system(self, row: Mapping[str, str]) -> str:
        before = self._existing.get(row.get("id", ""))
        return row.get("system", before.system if before else "")

    def _id(self, column: str, typed: str, found: dict[str, str]) -> str:
        """The id behind what was typed: an id itself is taken too."""
        known = self._ids[column]
        id = known.get(typed.casefold().lstrip("@#"), "")
        if typed and not id:
            what = {"council": "council of the list", "channel": "channel of this workspace"}
            usual = f"{typed!r} is no {what.get(column, 'member of this workspace')}. {_WRITE.get(column, _PERSON)}"
            found[column] = self._why.get(typed.casefold(), usual)
        return id

    def _check_place(self, number: int, service: Service, found: dict[str, str]) -> None:
        if service.id and service.id not in self._existing:
            found["id"] = f"There is no service {service.id!r} here. Leave the id empty for a new service."
        same = [one for one in self._existing.values() if one.id != service.id and _called(one) == _called(service)]
        if same:
            found["name"] = f"This service exists already: put its id, {same[0].id}, in the row to change it."
        for key in filter(None, [("id", service.id) if service.id else None, ("name", *_called(service))]):
            if key in self._seen:
                found[key[0]] = f"Row {self._seen[key]} has the same {key[0]}. Take one of the two out."
            self._seen.setdefault(key, number)


def _heading_faults(heading: Sequence[str]) -> Iterator[RowFault]:
    for column in NEEDED:
        if column not in heading:
            yield RowFault(
                1, column, f"The column {column!r} is missing. Add it; the columns are: {', '.join(COLUMNS)}."
            )
    for place, column in enumerate(heading):
        if column not in COLUMNS:
            yield RowFault(1, column, f"The column {column!r} is not known. Rename it or take it out.")
        elif column in heading[:place]:
            yield RowFault(1, column, f"The column {column!r} stands there twice. Take one out.")


def _contract(row: Mapping[str, str], found: dict[str, str]) -> Contract | None:
    if not any(row.get(column) for column in CONTRACT_COLUMNS):
        return None
    starts_on, ends_on = day_in(row, "contract_starts_on", found), day_in(row, "contract_ends_on", found)
    notice = months_in(row, "notice_months", found)
    value = next(
        (band for band, label in VALUE_BANDS.items() if row.get("contract_value", "").lower() in (band, label)), None
    )
    if value is None and row.get("contract_value"):
        found["contract_value"] = f"{row['contract_value']!r} is not one of: {', '.join(VALUE_BANDS)}."
    extensions = months_in(row, "extension_months", found)
    if ends_on is None:
        found.setdefault("contract_ends_on", "A contract needs its end date: read it from the signed contract.")
        return None
    return Contract(row.get("supplier", ""), ends_on, starts_on, sum(notice[:1]), extensions, value or "unknown")


def _called(service: Service) -> tuple[str, str]:
    return service.council, service.name.casefold()


def _folded(names: Mapping[str, str]) -> dict[str, str]:
    by_id = {id.casefold(): id for id in names.values()}
    return by_id | {name.casefold().lstrip("@#"): id for name, id in names.items()}


def _cells(service: Service) -> dict[str, str]:
    plain = {
        name: getattr(service, name) for name in PLAIN_COLUMNS if name not in ("owner", "sponsor", "channel", "facts")
    }
    cells = {
        **plain,
        "owner": service.owner_id,
        "sponsor": service.sponsor_id,
        "channel": service.channel_id,
        "facts": ", ".join(service.facts),
        **{f"{phase.replace(' ', '_')}_on": day.isoformat() for phase, day in service.targets.items()},
    }
    contract = service.contract
    if contract is None:
        return cells
    return {
        **cells,
        "supplier": contract.supplier,
        "contract_starts_on": contract.starts_on.isoformat() if contract.starts_on else "",
        "contract_ends_on": contract.ends_on.isoformat(),
        "notice_months": str(contract.notice_months),
        "extension_months": ", ".join(str(months) for months in contract.extensions),
        "contract_value": contract.value,
    }
