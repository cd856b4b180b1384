"""Peer review: who sits on a panel, drawn by rule with a reason for everybody who sits and everybody who does not."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Reviewer:
    """Somebody who offers to review. ``interests`` are suppliers that they have to do with, by their own word."""

    user_id: str
    council: str
    skills: tuple[str, ...] = ()
    away_until: dt.date | None = None
    most_at_once: int = MOST_AT_ONCE
    interests: tuple[str, ...] = ()
    offers: bool = True


@dataclass(frozen=True)
class Seat:
    """Somebody drawn, the reason, and what they said. Who declines loses nothing by it: it counts as no panel."""

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
    """What earlier draws weigh: panels that each has sat on, panels at once now, who sat last for the service."""

    load: Mapping[str, int]
    now: Mapping[str, int]
    last: frozenset[str] = frozenset()


def past_of(panels: Iterable[Panel], panel: Panel) -> Past:
    """The past of a *panel* as of all the other *panels* there are."""
    others = [one for one in panels if one.id != panel.id]
    before = [one for one in others if one.service_id == panel.service_id]
    newest = max(before, key=lambda one: (one.asked_at, one.id), default=None)
    last = frozenset(seat.user_id for seat in newest.sitting) if newest else frozenset()
    return Past(loads(others), loads(one for one in others if not one.done), last)


def fill(
    panel: Panel, reviewed: Reviewed, reviewers: Sequence[Reviewer], past: Past, aliases: Aliases,
    *, today: dt.date, size: int = SIZE,
) -> Panel:  # fmt: skip
    """
    The panel with its free seats drawn.

    Nobody sits on a panel of their own council, for a service they own or sponsor, with an interest in one of its
    suppliers, or twice in a row for one service; nor while away or full. Of those who may, who has sat on fewest is
    drawn; among equals who brings a skill that is still missing, and then by lot, which the panel's id decides.
    """
    load = past.load
    reasons = {one.user_id: _reason(one, panel, reviewed, past, aliases, today) for one in reviewers}
    free = [one for one in reviewers if not reasons[one.user_id]]
    seats = list(panel.seats)
    missing = [skill for skill in reviewed.skills if not _brings(seats, skill, reviewers)]
    while free and len([seat for seat in seats if seat.answer != "declined"]) < size:
        drawn = min(free, key=lambda one: _place(one, load, missing, panel.id))
        free.remove(drawn)
        brought = [skill for skill in missing if skill in drawn.skills]
        missing = [skill for skill in missing if skill not in drawn.skills]
        seats.append(Seat(drawn.user_id, drawn.council, _why(load.get(drawn.user_id, 0), brought)))
    left = {user: reason for user, reason in reasons.items() if reason}
    left |= {
        one.user_id: f"not drawn: has sat on {_panels(load.get(one.user_id, 0))}, no fewer than who was" for one in free
    }
    return replace(panel, seats=tuple(seats), left_out={user: why for user, why in sorted(left.items())})


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
    """On how many panels each reviewer sits or has sat; a seat that was declined does not count."""
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
    if not one.offers:
        return "does not offer to review at present"
    if one.council == reviewed.council:
        return "of the same council"
    if one.user_id in reviewed.people:
        return "owns or sponsors the service"
    if any(aliases.is_same("supplier", mine, theirs) for mine in one.interests for theirs in reviewed.suppliers):
        return "has declared an interest in a supplier of this service"
    if one.user_id in past.last:
        return "sat on the last panel of this service"
    if one.away_until is not None and today <= one.away_until:
        return "away"
    if past.now.get(one.user_id, 0) >= one.most_at_once:
        return "sits on as many panels at once as they offer"
    return ""


def _place(one: Reviewer, load: Mapping[str, int], missing: Sequence[str], panel_id: str) -> tuple[int, int, str]:
    brings = sum(skill in one.skills for skill in missing)
    return load.get(one.user_id, 0), -brings, hashlib.sha256(f"{panel_id}|{one.user_id}".encode()).hexdigest()


def _why(load: int, brought: Sequence[str]) -> str:
    fewest = f"has sat on {_panels(load)}, the fewest of who may"
    return f"brings {', '.join(brought)}; {fewest}" if brought else fewest


def _panels(count: int) -> str:
    return "1 panel" if count == 1 else f"{count} panels"


def _brings(seats: Iterable[Seat], skill: str, reviewers: Iterable[Reviewer]) -> bool:
    sitting = {seat.user_id for seat in seats if seat.answer != "declined"}
    return any(one.user_id in sitting and skill in one.skills for one in reviewers)
