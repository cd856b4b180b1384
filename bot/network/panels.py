"""Peer review: who sits on a panel, drawn by rule with a reason for everybody who sits and everybody who does not."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median_low
from typing import Final, Literal

from bot.checkpoints.refusals import FORM, refuse
from bot.network.aliases import Aliases

Answer = Literal["invited", "accepted", "declined"]
SKILLS: Final = (
    "user research", "service design", "content design", "accessibility", "development", "architecture", "security",
    "data", "delivery", "procurement",
)  # fmt: skip
SIZE: Final = 3
"""Seats of a panel: with three one may be missing and there are still two views. Our suggestion."""
MOST_AT_ONCE: Final = 2
"""Panels that somebody sits on at once, unless they offer another number."""
LONGEST_INTERESTS: Final = 500
_NEVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reviewer:
    """
    Somebody who offers to review. ``interests`` are suppliers that they have to do with, by their own word; ``passed``
    are the turns counted as theirs for the time when they were not there: before their first offer, or away.
    """

    user_id: str
    council: str
    skills: tuple[str, ...] = ()
    away_until: dt.date | None = None
    most_at_once: int = MOST_AT_ONCE
    interests: tuple[str, ...] = ()
    offers: bool = True
    passed: int = 0


@dataclass(frozen=True)
class Seat:
    """Somebody drawn, the reason, and what they said. To be drawn is a turn, whatever is said to it."""

    user_id: str
    council: str
    why: str
    answer: Answer = "invited"


@dataclass(frozen=True)
class Panel:
    """The panel of one checkpoint. ``left_out`` says of everybody else why: reviewer -> reason."""

    id: str
    checkpoint_id: str
    service_id: str
    council: str
    asked_by: str
    asked_at: dt.datetime
    seats: tuple[Seat, ...] = ()
    left_out: Mapping[str, str] | None = None
    done: bool = False

    @property
    def sitting(self) -> tuple[Seat, ...]:
        """The seats that are taken or offered."""
        return tuple(seat for seat in self.seats if seat.answer != "declined")


@dataclass(frozen=True)
class Reviewed:
    """The service whose checkpoint is reviewed: what decides on conflicts, and which skills would help."""

    id: str
    council: str
    people: frozenset[str]
    suppliers: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Past:
    """
    What earlier draws weigh: how often each has been drawn and when last, on how many panels each sits now, who sat
    last for the service.
    """

    turns: Mapping[str, int] = field(default_factory=dict)
    now: Mapping[str, int] = field(default_factory=dict)
    last: frozenset[str] = frozenset()
    drawn_at: Mapping[str, dt.datetime] = field(default_factory=dict)

    def counted(self, one: Reviewer) -> int:
        """The turns that somebody has had, and those counted as theirs."""
        return self.turns.get(one.user_id, 0) + one.passed


def past_of(panels: Iterable[Panel], panel: Panel | None = None) -> Past:
    """The past of all *panels* there are; where one is about to be filled, of it too, as far as it has come."""
    others = [one for one in panels if panel is None or one.id != panel.id]
    before = [one for one in others if panel is not None and one.service_id == panel.service_id]
    newest = max(before, key=lambda one: (one.asked_at, one.id), default=None)
    last = frozenset(seat.user_id for seat in newest.sitting) if newest else frozenset()
    drawn = sorted([*others, panel] if panel else others, key=lambda one: one.asked_at)
    return Past(
        Counter(seat.user_id for one in drawn for seat in one.seats),
        loads(one for one in others if not one.done),
        last,
        {seat.user_id: one.asked_at for one in drawn for seat in one.seats},
    )


def fill(
    panel: Panel, reviewed: Reviewed, reviewers: Sequence[Reviewer], past: Past, aliases: Aliases,
    *, today: dt.date, size: int = SIZE,
) -> Panel:  # fmt: skip
    """
    The panel with its free seats drawn.

    Nobody sits on a panel of their own council, for a service they own or sponsor, with an interest in one of its
    suppliers, or twice in a row for one service; nor while away or full. Of those who may, who has had the fewest turns
    is drawn; among equals who brings a skill that is still missing, then who was drawn longest ago, and then by lot,
    which the panel's id decides.

    Source: docs/decisions/0017, which says how far apart this lets two reviewers come, and why no rule does better.
    """
    reasons = {one.user_id: _reason(one, panel, reviewed, past, aliases, today) for one in reviewers}
    free = [one for one in reviewers if not reasons[one.user_id]]
    seats = list(panel.seats)
    missing = [skill for skill in reviewed.skills if not _brings(panel.sitting, skill, reviewers)]
    not_drawn = {one.user_id: "not drawn: no seat is free" for one in free}
    for _ in range(min(size - len(panel.sitting), len(free))):
        places = {one.user_id: _place(one, past, missing, panel.id) for one in free}
        drawn = min(free, key=lambda one: places[one.user_id])
        free.remove(drawn)
        brought = [skill for skill in missing if skill in drawn.skills]
        missing = [skill for skill in missing if skill not in drawn.skills]
        seats.append(Seat(drawn.user_id, drawn.council, _why(drawn, past, brought)))
        not_drawn = {one.user_id: _why_not(one, past, places[one.user_id], places[drawn.user_id]) for one in free}
    sitting = {seat.user_id for seat in seats if seat.answer != "declined"}
    left = {user: reason for user, reason in reasons.items() if reason and user not in sitting} | not_drawn
    return replace(panel, seats=tuple(seats), left_out={user: why for user, why in sorted(left.items())})


def level(reviewers: Iterable[Reviewer], past: Past, *, today: dt.date) -> int:
    """
    The turns with which somebody begins: those of whoever is in the middle of all who can be asked; 0 for the first.

    Not the fewest: one reviewer who conflicts with most services would let everybody who is new catch up alone.
    """
    return median_low([past.counted(one) for one in reviewers if not _not_there(one, today)] or [0])


def moved_along(reviewers: Sequence[Reviewer], past: Past, *, today: dt.date) -> tuple[Reviewer, ...]:
    """Those who are not there and whose turns pass, so that nobody comes back to a heap of them; as they are then."""
    reached = level(reviewers, past, today=today)
    away = [one for one in reviewers if _not_there(one, today) and past.counted(one) < reached]
    return tuple(begin_at(reached, one, past) for one in away)


def begin_at(reached: int, one: Reviewer, past: Past) -> Reviewer:
    """Somebody with the turns counted as theirs that bring them up to what others have *reached*."""
    return replace(one, passed=max(one.passed, reached - past.turns.get(one.user_id, 0)))


def answer(panel: Panel, user_id: str, said: Answer) -> Panel:
    """
    The panel after somebody who was invited has said yes or no; to say the same again changes nothing.

    Raises: Refused: they have no seat, or the panel is over.
    """
    seat = next((one for one in reversed(panel.seats) if one.user_id == user_id), None)
    if seat is None or (seat.answer == "declined" and said == "accepted"):
        raise refuse(FORM, "This seat is not yours any more: somebody else has been asked.")
    if panel.done:
        raise refuse(FORM, "This review is over.")
    return replace(panel, seats=tuple(replace(one, answer=said) if one is seat else one for one in panel.seats))


def loads(panels: Iterable[Panel]) -> Counter[str]:
    """On how many of the *panels* each reviewer sits; a seat that was declined does not count."""
    return Counter(seat.user_id for one in panels for seat in one.sitting)


def ledger(panels: Iterable[Panel]) -> dict[str, tuple[int, int]]:
    """Reviews given and received by council: seats that its people accepted, seats accepted on its services' panels."""
    given: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for panel in panels:
        accepted = [seat for seat in panel.seats if seat.answer == "accepted"]
        given.update(seat.council for seat in accepted)
        received[panel.council] += len(accepted)
    return {council: (given[council], received[council]) for council in sorted({*given, *received})}


def missing_skills(panel: Panel, reviewed: Reviewed, reviewers: Sequence[Reviewer]) -> tuple[str, ...]:
    """The skills that would help and that nobody on the panel brings."""
    return tuple(skill for skill in reviewed.skills if not _brings(panel.sitting, skill, reviewers))


def _reason(one: Reviewer, panel: Panel, reviewed: Reviewed, past: Past, aliases: Aliases, today: dt.date) -> str:
    """Why somebody cannot be drawn; empty for who can."""
    seat = next((seat for seat in reversed(panel.seats) if seat.user_id == one.user_id), None)
    if seat is not None:
        return "cannot this time" if seat.answer == "declined" else "sits on this panel"
    if reason := _not_there(one, today):
        return reason
    if one.council == reviewed.council:
        return "of the same council"
    if one.user_id in reviewed.people:
        return "owns or sponsors the service"
    if any(aliases.is_same("supplier", mine, theirs) for mine in one.interests for theirs in reviewed.suppliers):
        return "has declared an interest in a supplier of this service"
    if one.user_id in past.last:
        return "sat on the last panel of this service"
    if past.now.get(one.user_id, 0) >= one.most_at_once:
        return "sits on as many panels at once as they offer"
    return ""


def _not_there(one: Reviewer, today: dt.date) -> str:
    """Why somebody cannot be asked at all, whatever the service; empty for who can."""
    if not one.offers:
        return "does not offer to review at present"
    return "away" if one.away_until is not None and today <= one.away_until else ""


_Place = tuple[int, int, dt.datetime, str]


def _place(one: Reviewer, past: Past, missing: Sequence[str], panel_id: str) -> _Place:
    """Where somebody stands in the line: who has the smallest place is drawn."""
    brings = sum(skill in one.skills for skill in missing)
    drawn_at = past.drawn_at.get(one.user_id, _NEVER)
    return past.counted(one), -brings, drawn_at, hashlib.sha256(f"{panel_id}|{one.user_id}".encode()).hexdigest()


def _why(one: Reviewer, past: Past, brought: Sequence[str]) -> str:
    fewest = f"{_turns(one, past)}, and nobody who may sit has had fewer" if past.counted(one) else _turns(one, past)
    return f"brings {', '.join(brought)}; {fewest}" if brought else fewest


def _why_not(one: Reviewer, past: Past, place: _Place, drawn: _Place) -> str:
    """Why somebody who may sit does not: the first thing in which their *place* is behind that of the last *drawn*."""
    others = f"not drawn: {_turns(one, past)}, as whoever was drawn last"
    if place[0] > drawn[0]:
        return f"not drawn: {_turns(one, past)}, more than anybody who was"
    if place[1] > drawn[1]:
        return f"{others}, who brings more of the skills that were missing"
    if place[2] > drawn[2]:
        return f"{others}, who had waited longer"
    return f"{others}, by lot"


def _turns(one: Reviewer, past: Past) -> str:
    had = past.turns.get(one.user_id, 0)
    words = {0: "has had no turn yet", 1: "has had 1 turn"}.get(had, f"has had {had} turns")
    return f"{words} and counts as {had + one.passed} for the time before or away" if one.passed else words


def _brings(seats: Iterable[Seat], skill: str, reviewers: Iterable[Reviewer]) -> bool:
    sitting = {seat.user_id for seat in seats if seat.answer != "declined"}
    return any(one.user_id in sitting and skill in one.skills for one in reviewers)
