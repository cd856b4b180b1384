"""Quiet times: what a council, a channel and a person have set, with every change of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from bot.checkpoints.calendar import Period
from bot.checkpoints.quiet import NOTHING_SET, CouncilQuiet, Quiet, changes_of
from bot.checkpoints.services import Change
from bot.storage.checkpoint_tables import council_settings, quiet_times, setting_changes
from bot.storage.columns import utc
from bot.storage.dialects import insert_once, insert_or_update
from bot.storage.services import Changed

_COUNCIL: Final = TypeAdapter(CouncilQuiet)
_WHOLE_COUNCIL: Final = ""
"""Stands in the history for the place where it is about all of them."""
_NO_COUNCIL: Final[dict[str, Any]] = {"body": {}, "version": 0, "planned_for": ""}
_COUNCIL_OF = select(council_settings.c.body).where(council_settings.c.workspace_id == bindparam("workspace"))
_QUIET_OF = select(quiet_times).where(
    quiet_times.c.workspace_id == bindparam("workspace"),
    quiet_times.c.place_id.in_(bindparam("named", expanding=True)),
)
_NO_PLACE: Final[dict[str, Any]] = {"opted_out": False, "days_off": [], "weekdays_off": [], "a_week": None}


@dataclass(frozen=True)
class Planning:
    """How often the council's settings have changed, and what the last planning of all services was made for."""

    version: int
    planned_for: str


class QuietTimes:
    """The quiet times of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def council(self) -> CouncilQuiet:
        """What the council has set; the defaults where it has set nothing."""
        body = self._connection.execute(_COUNCIL_OF, {"workspace": self._workspace}).scalar_one_or_none()
        return _COUNCIL.validate_python(body) if body else CouncilQuiet()

    def planning(self) -> Planning:
        """What the plans of this workspace were last made for."""
        asked = select(council_settings.c.version, council_settings.c.planned_for)
        row = self._connection.execute(asked.where(council_settings.c.workspace_id == self._workspace)).first()
        return Planning(*row) if row else Planning(0, "")

    def keep_council(self, council: CouncilQuiet, *, who: str, at: datetime) -> tuple[Change, ...]:
        """Keep what the council sets, and what changed. Raises: ValueError: *at* has no time zone."""
        changes = changes_of(self.council(), council)
        if changes:
            row = {"body": _COUNCIL.dump_python(council, mode="json"), "version": self.planning().version + 1}
            self._keep_row(row)
            self._write(_WHOLE_COUNCIL, changes, who=who, at=at)
        return changes

    def mark_planned(self, planned_for: str) -> None:
        """Every service was planned for this."""
        self._keep_row({"planned_for": planned_for})

    def of(self, place_id: str) -> Quiet:
        """What a channel or person has set."""
        return self.of_all([place_id]).get(place_id, NOTHING_SET)

    def of_all(self, place_ids: Iterable[str]) -> dict[str, Quiet]:
        """What these channels and people have set, by their ids; who has set nothing is left out."""
        asked = {"workspace": self._workspace, "named": sorted(set(place_ids))}
        found = {row["place_id"]: _read(row) for row in self._connection.execute(_QUIET_OF, asked).mappings()}
        return {place_id: quiet for place_id, quiet in found.items() if quiet != NOTHING_SET}

    def keep(self, place_id: str, quiet: Quiet, *, who: str, at: datetime) -> tuple[Change, ...]:
        """Keep what a channel or person sets, and what changed. Raises: ValueError: *at* has no time zone."""
        changes = changes_of(self.of(place_id), quiet)
        if not changes:
            return ()
        days = [[one.first_on.isoformat(), one.last_on.isoformat(), one.why] for one in quiet.days_off]
        row = {"workspace_id": self._workspace, "place_id": place_id, "opted_out": quiet.opted_out, "days_off": days}
        row |= {"weekdays_off": list(quiet.weekdays_off), "a_week": quiet.a_week}
        insert_or_update(self._connection, quiet_times, row, only_if=quiet_times.c.place_id.is_not(None))
        self._write(place_id, changes, who=who, at=at)
        return changes

    def history(self, place_id: str = _WHOLE_COUNCIL) -> list[Changed]:
        """Every change of what a channel or person (or, for no id, the council) has set, the oldest first."""
        asked = select(setting_changes).where(*self._changes_of(place_id)).order_by(setting_changes.c.number)
        return [
            Changed(row["who"], row["made_at"], Change(row["field"], row["before"], row["after"]))
            for row in self._connection.execute(asked).mappings()
        ]

    def lock(self, place_id: str = _WHOLE_COUNCIL) -> None:
        """
        Everybody else who locks the same settings waits until this transaction ends. To be called before any service is
        locked: two that each wait for what the other has would be refused by PostgreSQL.
        """
        table, row = quiet_times, {**_NO_PLACE, "workspace_id": self._workspace, "place_id": place_id}
        if place_id == _WHOLE_COUNCIL:
            table, row = council_settings, {**_NO_COUNCIL, "workspace_id": self._workspace}
        insert_once(self._connection, table, row)
        here = [column == row[column.name] for column in table.primary_key]
        self._connection.execute(select(*table.primary_key).where(*here).with_for_update())

    def seen(self, place_id: str = _WHOLE_COUNCIL) -> int:
        """How many changes there are: whoever saves says how many they had seen."""
        asked = select(func.coalesce(func.max(setting_changes.c.number), 0)).where(*self._changes_of(place_id))
        return int(self._connection.execute(asked).scalar_one())

    def _keep_row(self, values: dict[str, Any]) -> None:
        insert_once(self._connection, council_settings, {**_NO_COUNCIL, "workspace_id": self._workspace})
        here = council_settings.c.workspace_id == self._workspace
        self._connection.execute(update(council_settings).where(here).values(**values))

    def _write(self, place_id: str, changes: Sequence[Change], *, who: str, at: datetime) -> None:
        same = {"workspace_id": self._workspace, "place_id": place_id, "who": who, "made_at": utc(at)}
        rows = [
            {**same, "number": number, "field": one.field, "before": one.before, "after": one.after}
            for number, one in enumerate(changes, self.seen(place_id) + 1)
        ]
        self._connection.execute(insert(setting_changes), rows)

    def _changes_of(self, place_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return setting_changes.c.workspace_id == self._workspace, setting_changes.c.place_id == place_id


def _read(row: Any) -> Quiet:
    """What a row says."""
    days = tuple(
        Period(date.fromisoformat(first), date.fromisoformat(last), why) for first, last, why in row["days_off"]
    )
    return Quiet(bool(row["opted_out"]), days, tuple(row["weekdays_off"]), row["a_week"])
