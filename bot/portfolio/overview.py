"""The overview: what a leader sees of many services in ten seconds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import OUTCOMES, Action, Checkpoint, Event, Outcome
from bot.checkpoints.radar import Radar
from bot.checkpoints.services import PHASES, Phase, Service
from bot.checkpoints.signoff import open_actions
from bot.portfolio.filters import directorate_of
from bot.portfolio.portfolio import Portfolio, radars
from bot.portfolio.standings import Failing, Standing, most_failed, standings

QUARTERS: Final = 5
"""How many quarters the trend shows: this one, and the same a year ago to set it against."""


@dataclass(frozen=True)
class OverdueAction:
    """A condition of a decision whose day has passed, with its service."""

    action: Action
    service: Service
    checkpoint: Checkpoint


@dataclass(frozen=True)
class Quarter:
    """What happened in one quarter of a financial year: decisions by outcome, of which checkpoints, conditions met."""

    first_on: dt.date
    decisions: Mapping[Outcome, int]
    actions_done: int
    checkpoint_ids: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The quarter as finance calls it: "Q3 2026/27" is October to December 2026."""
        year = self.first_on.year if self.first_on.month >= 4 else self.first_on.year - 1
        return f"Q{(self.first_on.month - 4) % 12 // 3 + 1} {year}/{(year + 1) % 100:02}"

    @property
    def decided(self) -> int:
        """How many decisions there were."""
        return sum(self.decisions.values())


@dataclass(frozen=True)
class Overview:
    """The portfolio counted: every figure here is a count of records that are named in the portfolio."""

    services: tuple[Service, ...]
    points: tuple[str, ...]
    phases: Mapping[Phase, int]
    standings: Mapping[str, Mapping[str, Standing]]
    failing: tuple[Failing, ...]
    overdue: Mapping[str, tuple[OverdueAction, ...]]
    contracts: tuple[tuple[Service, Radar], ...]
    quarters: tuple[Quarter, ...]


def look_across(portfolio: Portfolio, points: Sequence[str], *, today: dt.date) -> Overview:
    """The overview of a portfolio at *points* (the ids of one standard's points, in order)."""
    found = standings(portfolio, points, today=today)
    decided = radars(portfolio, today=today)
    contracts = [(one, decided[one.id]) for one in portfolio.services if one.id in decided]
    return Overview(
        services=portfolio.services,
        points=tuple(points),
        phases=_phases(portfolio.services),
        standings=found,
        failing=most_failed(found),
        overdue=overdue_actions(portfolio, today=today),
        contracts=tuple(sorted(contracts, key=lambda pair: (pair[1].decide_by, pair[0].name, pair[0].id))),
        quarters=quarters(portfolio.history, today=today),
    )


def overdue_actions(portfolio: Portfolio, *, today: dt.date) -> dict[str, tuple[OverdueAction, ...]]:
    """The conditions whose day has passed by directorate, those with most first; in each the longest overdue first."""
    found: dict[str, list[OverdueAction]] = {}
    for service in portfolio.services:
        for checkpoint in portfolio.of(service):
            late = [one for one in open_actions(checkpoint) if one.due_on < today]
            entries = [OverdueAction(one, service, checkpoint) for one in late]
            if entries:
                found.setdefault(directorate_of(service), []).extend(entries)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0].casefold()))
    return {name: tuple(sorted(late, key=lambda one: (one.action.due_on, one.action.id))) for name, late in ordered}


def quarters(history: Iterable[Event], *, today: dt.date, most: int = QUARTERS) -> tuple[Quarter, ...]:
    """
    The trend from the append-only history, the oldest quarter first, ending with the one of *today*.

    A quarter without any decision stands there too, with nothing in it.
    """
    starts = _starts(today, most)
    decisions: dict[dt.date, Counter[str]] = {first: Counter() for first in starts}
    decided: dict[dt.date, dict[str, None]] = {first: {} for first in starts}
    done: Counter[dt.date] = Counter()
    for event in history:
        first = quarter_of(day_of(event.at))
        if event.kind == "decided" and first in decisions:
            decisions[first][event.after] += 1
            decided[first][event.checkpoint_id] = None
        elif event.kind == "action done" and first in decisions:
            done[first] += 1
    return tuple(
        Quarter(
            first,
            {one: decisions[first][one] for one in OUTCOMES if decisions[first][one]},
            done[first],
            tuple(decided[first]),
        )
        for first in starts
    )


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter that a day is in (a council's financial year begins on 1 April)."""
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _starts(today: dt.date, most: int) -> list[dt.date]:
    found = [quarter_of(today)]
    while len(found) < most:
        found.append(quarter_of(found[-1] - dt.timedelta(days=1)))
    return found[::-1]


def _phases(services: Iterable[Service]) -> dict[Phase, int]:
    count = Counter(one.phase for one in services)
    return {phase: count[phase] for phase in PHASES if count[phase]}
