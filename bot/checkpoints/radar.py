"""The contract radar: from a contract's end back to the day by which to decide, each date with its assumption."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.checkpoints.dates import add_months, how_far, in_words
from bot.checkpoints.services import VALUE_BANDS, Contract, ValueBand
from bot.knowledge.entry import Route


@dataclass(frozen=True)
class Times:
    """Months that it takes to find out what is needed, to buy it, and to move to it."""

    discovery: int
    buying: int
    moving: int


_BOUGHT: Final[Mapping[ValueBand, Times]] = {
    "small": Times(1, 2, 3),
    "medium": Times(3, 4, 5),
    "large": Times(4, 6, 8),
    "very large": Times(6, 9, 9),
    "unknown": Times(3, 4, 5),
}

TIMES: Final[Mapping[tuple[Route, ValueBand], Times]] = {
    **{("bought", value): times for value, times in _BOUGHT.items()},
    **{("built", value): Times(t.discovery, t.buying, -(-t.moving // 2)) for value, t in _BOUGHT.items()},
    **{("configured", value): Times(t.discovery, -(-t.buying // 2), -(-t.moving // 2)) for value, t in _BOUGHT.items()},
}
"""Defaults by route and value, which a council may replace by its own.

They are Advisor's suggestion, not law: knowledge/checkpoint/contract-renewal.yaml suggests to look twelve months before
the end and twenty-four for large systems, which is what "medium" and "very large" add up to. What we built is ours and
moves in half the time; a shared product is bought and moved to in half the time. Checked 2026-11-23. No source gives
figures for councils; replace them by what your last three purchases took.
"""

REVIEW_MONTHS: Final = (12, 6)
"""When the contract renewal checkpoint falls before the end. Source: design.md section 6; the template says why."""


@dataclass(frozen=True)
class RadarStep:
    """One date of the ladder: what has to happen by it, on what assumption, and how far away it is, said plainly."""

    name: str
    what: str
    on: dt.date
    assumption: str
    past: bool
    remark: str


@dataclass(frozen=True)
class Option:
    """What one more extension would give: the new end, and the new day to decide by."""

    months: int
    ends_on: dt.date
    decide_by: dt.date
    remark: str


@dataclass(frozen=True)
class Radar:
    """The ladder of one contract, the earliest date first; ``headline`` says in a sentence or two where it stands."""

    supplier: str
    ends_on: dt.date
    decide_by: dt.date
    steps: tuple[RadarStep, ...]
    options: tuple[Option, ...]
    headline: str


def read_radar(
    contract: Contract,
    route: Route,
    *,
    today: dt.date,
    times: Mapping[tuple[Route, ValueBand], Times] = TIMES,
) -> Radar:
    """
    Count back from the contract's end: moving or notice, whichever is longer; before it buying; before that discovery.

    A council that starts later than "decide by" cannot be sure to leave before the end.
    """
    need = times[route, contract.value]
    steps = tuple(sorted(_steps(contract, need, today), key=lambda step: step.on))
    decide_by = _decide_by(contract, need, contract.ends_on)
    options = _options(contract, need, today)
    headline = _headline(contract, decide_by, steps, options, today)
    return Radar(contract.supplier, contract.ends_on, decide_by, steps, options, headline)


def review_dates(contract: Contract) -> tuple[dt.date, ...]:
    """The days on which the contract renewal checkpoint falls, the earliest first."""
    return tuple(add_months(contract.ends_on, -months) for months in REVIEW_MONTHS)


def _steps(contract: Contract, need: Times, today: dt.date) -> list[RadarStep]:
    end, value = contract.ends_on, VALUE_BANDS[contract.value]
    notice, moving = add_months(end, -contract.notice_months), add_months(end, -need.moving)
    buying = add_months(min(notice, moving), -need.buying)
    buys = (
        f"{_months(need.buying)} to buy, for a value of {value}, with the new contract signed before notice is given."
    )
    decides = f"{_months(need.discovery)} to find out what is needed and what else there is."
    rows = [
        ("decide-by", "Decide to leave, change or renew", add_months(buying, -need.discovery), decides),
        ("start-buying", "Start to buy", buying, buys),
        ("start-moving", "Start to move", moving, f"{_months(need.moving)} to move people and data."),
        ("end", "The contract ends", end, "As in the register: read it from the signed contract."),
    ]
    if contract.notice_months:
        notice_text = f"{_months(contract.notice_months)} of notice, counted back from the end. Check how yours counts."
        rows.append(("give-notice", "Give notice, or say that you take the extension", notice, notice_text))
    return [_step(*row, contract, today) for row in rows]


def _step(name: str, what: str, on: dt.date, assumption: str, contract: Contract, today: dt.date) -> RadarStep:
    remark = f"{in_words(on)}, {how_far(on, today=today)}."
    if on < today:
        remark = f"{in_words(on)} has passed ({how_far(on, today=today)})."
    if contract.starts_on is not None and on < contract.starts_on:
        remark += " That is before the contract even started: its term is shorter than what leaving takes."
    return RadarStep(name, what, on, assumption, on < today, remark)


def _decide_by(contract: Contract, need: Times, end: dt.date) -> dt.date:
    last = min(add_months(end, -contract.notice_months), add_months(end, -need.moving))
    return add_months(add_months(last, -need.buying), -need.discovery)


def _options(contract: Contract, need: Times, today: dt.date) -> tuple[Option, ...]:
    found, total = [], 0
    for months in contract.extensions:
        total += months
        end = add_months(contract.ends_on, total)
        decide_by = _decide_by(contract, need, end)
        far = how_far(decide_by, today=today)
        told = "has passed" if decide_by < today else "is the day to decide"
        remark = f"To {in_words(end)}: {in_words(decide_by)} {told} ({far})."
        found.append(Option(months, end, decide_by, remark))
    return tuple(found)


def _headline(
    contract: Contract,
    decide_by: dt.date,
    steps: tuple[RadarStep, ...],
    options: tuple[Option, ...],
    today: dt.date,
) -> str:
    end, far = in_words(contract.ends_on), how_far(contract.ends_on, today=today)
    if contract.ends_on < today:
        return f"The contract ended on {end} ({far}). Ask procurement this week what you are buying under."
    if decide_by >= today:
        return f"Decide by {in_words(decide_by)} ({how_far(decide_by, today=today)}); the contract ends on {end}."
    text = (
        f"The day to decide was {in_words(decide_by)} ({how_far(decide_by, today=today)}); the contract ends on {end}."
    )
    notice = next((step for step in steps if step.name == "give-notice"), None)
    if notice is not None and notice.past:
        return f"{text} The notice date has passed too: ask procurement today what the contract still allows."
    if any(option.decide_by >= today for option in options):
        return f"{text} An extension option would give the time, if it may be taken: ask procurement now."
    return f"{text} Start now, and ask procurement which steps can be shorter."


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
