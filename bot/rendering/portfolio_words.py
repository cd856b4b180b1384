"""The words and symbols of the portfolio, the same on every screen: no meaning by colour alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.radar import Radar
from bot.checkpoints.services import Service
from bot.portfolio.filters import Filter
from bot.portfolio.overview import Overview, Quarter
from bot.portfolio.standings import Rating, Standing, counted, number_of

SYMBOLS: Final[Mapping[Rating, str]] = {
    "not yet": "✗",
    "check again": "↻",
    "partly": "◐",
    "waived": "W",
    "met": "✓",
    "does not apply": "–",
    "not asked": "·",
}
LETTERS: Final[Mapping[Rating, str]] = {
    "not yet": "N",
    "check again": "C",
    "partly": "P",
    "waived": "W",
    "met": "M",
    "does not apply": "–",
    "not asked": "·",
}
"""What stands in a cell of the picture: letters that every font has."""

_NUMBERED: Final[tuple[Rating, ...]] = ("not yet", "check again", "partly", "waived")
_SHOWN: Final = 8


def standing_line(row: Mapping[str, Standing]) -> str:
    """How a service stands, in words: "✓ 9 met · ✗ 1 not yet (5) · ◐ 2 partly (1, 9)"."""
    parts = []
    for rating, count in counted(row).items():
        if rating in ("not asked", "does not apply"):
            continue
        numbers = [number_of(one.point) for one in row.values() if one.rating == rating]
        which = f" ({', '.join(numbers)})" if rating in _NUMBERED else ""
        parts.append(f"{SYMBOLS[rating]} {count} {rating}{which}")
    silent = counted(row).get("not asked", 0)
    if not parts:
        return "No point is answered yet."
    return " · ".join(parts) + (f" · {silent} not asked" if silent else "")


def phases_line(overview: Overview) -> str:
    """How many services are in each phase."""
    return " · ".join(f"{phase} {count}" for phase, count in overview.phases.items()) or "There is none."


def failing_lines(overview: Overview, titles: Mapping[str, str], most: int = 5) -> list[str]:
    """The points that fail most, a line each."""
    lines = []
    for one in overview.failing[:most]:
        named = ((one.not_yet, "not yet"), (one.check_again, "check again"), (one.partly, "partly"))
        how = ", ".join(f"{SYMBOLS[rating]} {count} {rating}" for count, rating in named if count)  # type: ignore[index]
        lines.append(
            f"{number_of(one.point)}. {titles[one.point]}: {one.failed} of {services_words(one.answered)} ({how})"
        )
    return lines or ["No service falls short at a point that it has answered."]


def overdue_lines(overview: Overview, *, today: dt.date, most: int = 6) -> list[str]:
    """The overdue conditions by directorate, a line each, with the one that waits longest."""
    lines = []
    for name, late in list(overview.overdue.items())[:most]:
        first = late[0]
        far = how_far(first.action.due_on, today=today)
        what = f'"{first.action.what}" of {first.service.name}, due {far}'
        lines.append(f"{name}: {len(late)} overdue. {'Longest' if len(late) > 1 else 'It is'}: {what}")
    if (more := len(overview.overdue) - most) > 0:
        lines.append(f"and {more} more directorates")
    return lines or ["None is overdue."]


def contract_lines(overview: Overview, *, today: dt.date, most: int = 6) -> list[str]:
    """The contracts by the day by which to decide, a line each: first those whose day has passed."""
    lines = [contract_line(service, radar, today=today) for service, radar in overview.contracts[:most]]
    if (more := len(overview.contracts) - most) > 0:
        lines.append(f"and {more} more later; the spreadsheet has all of them")
    return lines or ["No contract is recorded."]


def contract_line(service: Service, radar: Radar, *, today: dt.date) -> str:
    """One contract: by when to decide, and when it ends."""
    far = how_far(radar.decide_by, today=today)
    late = "Decide-by date has passed: " if radar.decide_by < today else "Decide by "
    return (
        f"{service.name} ({radar.supplier}). {late}{in_words(radar.decide_by)} ({far}). "
        f"{'Ended' if radar.ends_on < today else 'Ends'} {in_words(radar.ends_on)}."
    )


def quarter_lines(overview: Overview) -> list[str]:
    """The trend, a line a quarter."""
    return [quarter_line(one) for one in overview.quarters]


def quarter_line(one: Quarter) -> str:
    """What was decided in a quarter."""
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in one.decisions.items())
    decided = f"{one.decided} decided ({outcomes})" if outcomes else "nothing decided"
    done = f"; {one.actions_done} conditions done" if one.actions_done else ""
    return f"{one.name}: {decided}{done}"


def filter_line(chosen: Filter) -> str:
    """Which services are shown."""
    words = chosen.words()
    return f"Chosen: {words}" if words else "All services."


def services_words(count: int) -> str:
    """ "1 service", "12 services"."""
    return "1 service" if count == 1 else f"{count} services"
