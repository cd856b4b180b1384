"""Introductions: both sides say yes, or neither learns anything of the other; a no and a silence are the same."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from bot.checkpoints.dates import in_words
from bot.checkpoints.refusals import FORM, refuse
from bot.network.sharing import LONGEST_CONTACT, Party

OPEN_FOR: Final = dt.timedelta(days=14)
"""How long a request waits, whatever is said to it: it ends on its day, and not when somebody says no."""
COOL_OFF: Final = dt.timedelta(days=90)
"""How long after its end the same council is not asked by the same council again."""

Said = Literal["", "yes", "no"]
Standing = Literal["waiting", "introduced", "ended"]


@dataclass(frozen=True)
class Side:
    """One side of an introduction: the council, its service, who speaks for it, how to reach them, what they said."""

    party: Party
    service_id: str
    user_id: str = ""
    contact: str = ""
    said: Said = ""


@dataclass(frozen=True)
class Introduction:
    """A request of one council to be introduced to another about a point that the other has met."""

    id: str
    point: str
    asking: Side
    asked: Side
    asked_at: dt.datetime
    closes_on: dt.date
    opened_at: dt.datetime | None = None


def ask(
    id: str, point: str, asking: Side, asked: Side, *, known: Iterable[Introduction], at: dt.datetime, today: dt.date
) -> Introduction:
    """
    A new request; or, where the other council has one open with this one, that one, to which this is the yes.

    Raises: Refused: this council has a request open with the other, or its last one has not been over for long enough.
    """
    check_contact(asking.contact)
    before = list(known)
    if is_blocked(asking.party, asked.party, before, today=today):
        raise refuse(FORM, "There is nobody else to ask about this point just now. Look again in some weeks.")
    theirs = [one for one in before if _pair(one) == (asked.party, asking.party) and standing(one, today) == "waiting"]
    if theirs:
        return say_yes(theirs[0], asking.user_id, asking.contact, at=at, today=today)
    given = replace(asking, said="yes")
    return Introduction(id, point, given, replace(asked, said=""), at, today + OPEN_FOR)


def say_yes(one: Introduction, user_id: str, contact: str, *, at: dt.datetime, today: dt.date) -> Introduction:
    """
    The introduction with the yes of the side that was asked: it is open now.

    Raises: Refused: it has ended, or there is no way to reach whoever says yes.
    """
    check_waiting(one, today)
    check_contact(contact)
    return replace(one, asked=replace(one.asked, user_id=user_id, contact=contact.strip(), said="yes"), opened_at=at)


def say_no(one: Introduction, user_id: str, *, today: dt.date) -> Introduction:
    """
    The introduction with a no, which nobody is told and which may become a yes until the request ends.

    Raises: Refused: it has ended, or both have said yes.
    """
    check_waiting(one, today)
    return replace(one, asked=replace(one.asked, user_id=user_id, said="no"))


def standing(one: Introduction, today: dt.date) -> Standing:
    """How a request stands, to either side. What the other has said to it makes no difference before both said yes."""
    if one.opened_at is not None:
        return "introduced"
    return "waiting" if today <= one.closes_on else "ended"


def is_blocked(asking: Party, asked: Party, known: Iterable[Introduction], *, today: dt.date) -> bool:
    """
    Whether one council may not ask another now: a request of it is open, or ended lately, or they know each other.

    A request in the other direction blocks nothing: else its absence among what is offered would say who had asked.
    """
    for one in known:
        same = _pair(one) == (asking, asked)
        if one.opened_at is not None and (same or _pair(one) == (asked, asking)):
            return True
        if same and today <= one.closes_on + COOL_OFF:
            return True
    return False


def has_asked(service_id: str, party: Party, point: str, known: Iterable[Introduction], *, today: dt.date) -> bool:
    """Whether a service waits for an introduction about a point: then nobody else is offered for it."""
    return any(
        (one.asking.party, one.asking.service_id, one.point) == (party, service_id, point)
        and standing(one, today) == "waiting"
        for one in known
    )


def draw(service_id: str, point: str, candidates: Sequence[Side]) -> Side | None:
    """Who is offered for a point: always the same for the same service, and not the same for all services."""

    def place(side: Side) -> str:
        key = "|".join([service_id, point, side.party.workspace_id, side.party.council, side.service_id])
        return hashlib.sha256(key.encode()).hexdigest()

    return min(candidates, key=place, default=None)


def check_waiting(one: Introduction, today: dt.date) -> None:
    """Raises: Refused: a request has ended, or has led to an introduction."""
    now = standing(one, today)
    if now == "introduced":
        raise refuse(FORM, "You are introduced already: look into your direct messages.")
    if now == "ended":
        raise refuse(FORM, f"This request ended on {in_words(one.closes_on)}. Nobody was told anything.")


def check_contact(contact: str) -> None:
    """Raises: Refused: no contact is given, or one that is too long."""
    if not contact.strip():
        raise refuse("contact", "Write how you can be reached: the other side may work in another Slack.")
    if len(contact) > LONGEST_CONTACT:
        raise refuse("contact", f"This is {len(contact)} characters long; {LONGEST_CONTACT} is the most.")


def _pair(one: Introduction) -> tuple[Party, Party]:
    return one.asking.party, one.asked.party
