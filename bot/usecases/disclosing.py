"""Disclosing: the one corridor in which records of other councils are read, filtered, and written down as seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.checkpoints.services import Service
from bot.knowledge.councils import Council
from bot.network.sharing import FIELDS, Field, Listing, Party, Record, Viewer, disclose, record_of, viewer_of
from bot.storage.commons import CommonPages
from bot.storage.ledger import Pages
from bot.storage.sharing import Occasion


@dataclass(frozen=True)
class Found:
    """A service of another council as it may be shown. Where it is kept (``party``, ``service_id``) is for us alone."""

    listing: Listing
    party: Party
    service_id: str


@dataclass(frozen=True)
class Looking:
    """Who looks, on what occasion and when: what every disclosure is written down with."""

    viewer: Viewer
    occasion: Occasion
    at: dt.datetime


def viewer_in(pages: CommonPages, workspace_id: str, user_id: str) -> Viewer:
    """Who somebody is to the network."""
    return viewer_of(workspace_id, user_id, pages.of(workspace_id).services.all())


def own_services(pages: CommonPages, viewer: Viewer) -> list[Service]:
    """
    The services that somebody may see as their own side's, by name: all where one council has the workspace, else those
    that they own or sponsor. Whoever starts a service in a council's name does not see that council's others by it.
    """
    here = pages.of(viewer.workspace_id).services
    services = here.all()
    mine = services if len({one.council for one in services}) == 1 else here.of_person(viewer.user_id)
    return [one for one in mine if one.phase != "retired"]


def look_across(
    pages: CommonPages,
    councils: Mapping[str, Council],
    looking: Looking,
    *,
    choose: Callable[[list[Found]], list[Found]],
    only: Collection[Field] = FIELDS,
) -> list[Found]:
    """
    What *choose* takes of all that other councils share; each of those is written down as seen, and no other.

    Nothing is sought in what is not shared: *choose* is given what has passed the filter. *pages* are open to write.
    Args: only: the fields that the occasion needs.
    """
    chosen = choose(list(_filtered(pages, councils, looking.viewer, only)))
    _note(pages, looking, chosen)
    return chosen


def disclose_agreed(
    pages: CommonPages,
    councils: Mapping[str, Council],
    looking: Looking,
    party: Party,
    service_id: str,
    agreed: Collection[Field],
    *,
    contact: str,
) -> Listing | None:
    """
    What a council gives of one service to whom it said yes, written down as seen; None where it is gone.

    *contact* is what its person gave for this occasion, in the place of what the council shares with all.
    """
    records = _records(pages.of(party.workspace_id), party, councils, points=False)
    record = next((one for one in records if one.service_id == service_id), None)
    shares = replace(pages.sharing.of(party), contact=contact)
    listing = disclose(record, shares, only=agreed, agreed=agreed) if record else None
    if listing is not None:
        _note(pages, looking, [Found(listing, party, service_id)])
    return listing


def _filtered(
    pages: CommonPages, councils: Mapping[str, Council], viewer: Viewer, only: Collection[Field]
) -> Iterator[Found]:
    for shares, theirs in pages.sharing_parties():
        if viewer.is_own(shares.party):
            continue
        points = "points_met" in shares.fields and "points_met" in only
        for record in _records(theirs, shares.party, councils, points=points):
            if listing := disclose(record, shares, only=only):
                yield Found(listing, shares.party, record.service_id)


def _records(theirs: Pages, party: Party, councils: Mapping[str, Council], *, points: bool) -> Iterator[Record]:
    """The services that a party runs; their checkpoints are read only where *points* are asked for."""
    services = [one for one in theirs.services.all() if one.council == party.council and one.phase != "retired"]
    checkpoints = theirs.checkpoints.of_services([one.id for one in services]) if points else []
    for one in services:
        yield record_of(one, checkpoints, council=council_name(party.council, councils))


def council_name(code: str, councils: Mapping[str, Council]) -> str:
    """A council as people call it; its code where it is not on the list."""
    return councils[code].name if code in councils else code


def _note(pages: CommonPages, looking: Looking, found: list[Found]) -> None:
    seen = [(one.party, one.service_id, one.listing.fields) for one in found]
    pages.sharing.note(seen, looking.viewer, occasion=looking.occasion, at=looking.at)
