"""Introducing: a council asks to meet one that met a point, the other says yes or nothing, and then they meet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.network import introductions as rules
from bot.network.alike import is_alike
from bot.network.introductions import Introduction, Side
from bot.network.points import points_met
from bot.network.sharing import Field, Listing, Party, Viewer
from bot.rendering import introductions as screens
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import Message, View
from bot.storage.commons import CommonPages, Commons
from bot.usecases.checkpoint_forms import Values, text
from bot.usecases.checkpoint_rules import Post, Rules
from bot.usecases.disclosing import Found, Looking, disclose_agreed, look_across, viewer_in

_MOST_OFFERS: Final = 6
_ONLY: Final[tuple[Field, ...]] = ("points_met",)
"""What an offer needs: that a point is met, and for which service area."""
_GONE: Final = "This request is not there any more. `/advisor introductions` shows what there is."
_NOT_YOURS: Final = "Only the owner or sponsor of the service that was asked about can answer."


@dataclass(frozen=True)
class Letter:
    """A message for one person, in the workspace in which that person is."""

    workspace_id: str
    user_id: str
    message: Message


@dataclass(frozen=True)
class Meeting:
    """A group conversation of people of one workspace; where it cannot be opened, each gets a letter instead."""

    workspace_id: str
    user_ids: tuple[str, ...]
    message: Message
    instead: tuple[Letter, ...]


@dataclass(frozen=True)
class Outcome:
    """What an act leads to: the form that stands then, letters to send, a meeting to open, a message to change."""

    view: View
    letters: tuple[Letter, ...] = ()
    meeting: Meeting | None = None
    changed: tuple[Post, ...] = ()


class IntroductionDesk:
    """Asking, and answering; nothing of either side is shown before both have said yes."""

    def __init__(self, rules: Rules, commons: Commons) -> None:
        self._rules = rules
        self._commons = commons

    def screen(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> Message:
        """What is asked of somebody, what they asked, and about which points they could ask."""
        with self._commons.writing() as pages:
            mine = _own(pages, workspace_id, user_id)
            viewer = viewer_in(pages, workspace_id, user_id)
            known = pages.introductions.of_parties(_parties(mine.values()))
            offers = self._offers(pages, viewer, list(mine.values()), known, at)
        today = day_of(at)
        asked = [one for one in known if _is_of(one.asked, workspace_id, mine)]
        asking = [one for one in known if _is_of(one.asking, workspace_id, mine)]
        return screens.introductions_message(
            [screens.Request(one, mine[one.asked.service_id].name) for one in asked],
            [screens.Request(one, mine[one.asking.service_id].name) for one in asking],
            [screens.Offer(service.id, service.name, point) for service, point, _ in offers],
            bool(mine),
            self._rules.library,
            today=today,
        )

    def ask_form(self, workspace_id: str, user_id: str, service_id: str, point: str) -> View:
        """The form in which somebody asks. Raises: Refused: the service is not theirs."""
        with self._commons.reading() as pages:
            service = _own_service(pages, workspace_id, user_id, service_id)
            contact = pages.sharing.of(Party(workspace_id, service.council)).contact
        metadata = json.dumps({"service": service.id, "point": point})
        return screens.ask_form(service.name, point, self._rules.library, contact=contact, metadata=metadata)

    def ask(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Outcome:
        """
        Ask the council that is drawn for a point, which learns that somebody asks and no more.

        Raises: Refused: there is nobody to ask, or no contact is given.
        """
        about, contact, today = json.loads(metadata), text(values, "contact"), day_of(at)
        rules.check_contact(contact)
        with self._commons.writing() as pages:
            service = _own_service(pages, workspace_id, user_id, about["service"])
            party = Party(workspace_id, service.council)
            viewer = viewer_in(pages, workspace_id, user_id)
            drawn = self._drawn(pages, viewer, service, about["point"], at)
            pages.sharing.lock([party, *([drawn.party] if drawn else [])])
            known = pages.introductions.of_parties([party])
            if drawn is None or rules.has_asked(service.id, party, about["point"], known, today=today):
                raise refuse(FORM, "There is nobody to ask about this point just now. Look again in some weeks.")
            asking = Side(party, service.id, user_id, contact)
            new = rules.ask(self._rules.new_id("i"), about["point"], asking, drawn, known=known, at=at, today=today)
            pages.introductions.keep(new)
            if new.opened_at is not None:
                return self._introduced(pages, new, at)
            answering = pages.of(drawn.party.workspace_id).services.get(drawn.service_id)
        view = words_view("Asked", screens.asked_words(new))
        if answering is None:
            return Outcome(view)
        message = screens.request_message(screens.Request(new, answering.name), self._rules.library, today=today)
        return Outcome(view, (Letter(drawn.party.workspace_id, answering.owner_id, message),))

    def yes_form(
        self, workspace_id: str, user_id: str, id: str, *, at: dt.datetime, asked_in: tuple[str, str] | None = None
    ) -> View:
        """
        The form of somebody who says yes. *asked_in* is the message that was clicked (channel, ts), to be changed then.

        Raises: Refused: it is gone, has ended, or is not for them to say.
        """
        with self._commons.reading() as pages:
            one, service = _asked_of(pages, workspace_id, user_id, id)
            contact = pages.sharing.of(one.asked.party).contact
        rules.check_waiting(one, day_of(at))
        metadata = json.dumps({"introduction": id, "asked_in": asked_in})
        return screens.yes_form(service.name, one.point, self._rules.library, contact=contact, metadata=metadata)

    def say_yes(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Outcome:
        """Both have said yes: they are introduced. Raises: Refused, as ``yes_form``."""
        about = json.loads(metadata)
        with self._commons.writing() as pages:
            one, service = _asked_of(pages, workspace_id, user_id, about["introduction"], lock=True)
            opened = rules.say_yes(one, user_id, text(values, "contact"), at=at, today=day_of(at))
            pages.introductions.keep(opened)
            outcome = self._introduced(pages, opened, at)
        if not about.get("asked_in"):
            return outcome
        channel_id, message_ts = about["asked_in"]
        answered = screens.Request(opened, service.name)
        message = screens.request_message(answered, self._rules.library, today=day_of(at))
        return replace(outcome, changed=(Post(channel_id, message, replaces=message_ts),))

    def say_no(self, workspace_id: str, user_id: str, id: str, *, at: dt.datetime) -> Message:
        """A no, which nobody but the one who says it ever sees. Raises: Refused, as ``yes_form``."""
        with self._commons.writing() as pages:
            one, service = _asked_of(pages, workspace_id, user_id, id, lock=True)
            said = rules.say_no(one, user_id, today=day_of(at))
            pages.introductions.keep(said)
        return screens.request_message(screens.Request(said, service.name), self._rules.library, today=day_of(at))

    def _introduced(self, pages: CommonPages, one: Introduction, at: dt.datetime) -> Outcome:
        """Each side learns who the other is, in one conversation where both are in one workspace."""
        together = one.asking.party.workspace_id == one.asked.party.workspace_id
        asking = self._agreed(pages, one.asking, one.asked, together, at)
        asked = self._agreed(pages, one.asked, one.asking, together, at)
        if asking is None or asked is None:
            raise refuse(FORM, "One of the two services is not there any more, so there is nobody to meet.")
        first = screens.Person(asking, one.asking.user_id if together else "")
        second = screens.Person(asked, one.asked.user_id if together else "")
        library = self._rules.library
        letters = (
            Letter(one.asking.party.workspace_id, one.asking.user_id, screens.met_message(second, one.point, library)),
            Letter(one.asked.party.workspace_id, one.asked.user_id, screens.met_message(first, one.point, library)),
        )
        view = words_view("Introduced", screens.introduced_words(together=together))
        if not together:
            return Outcome(view, letters)
        message = screens.meeting_message(first, second, one.point, library)
        people = (one.asking.user_id, one.asked.user_id)
        return Outcome(view, meeting=Meeting(one.asking.party.workspace_id, people, message, letters))

    def _agreed(self, pages: CommonPages, of: Side, to: Side, together: bool, at: dt.datetime) -> Listing | None:
        viewer = viewer_in(pages, to.party.workspace_id, to.user_id)
        looking = Looking(viewer, "introduced", at)
        agreed: tuple[Field, ...] = ("name",) if together else ("name", "contact")
        return disclose_agreed(
            pages, self._rules.councils, looking, of.party, of.service_id, agreed, contact=of.contact
        )

    def _offers(
        self, pages: CommonPages, viewer: Viewer, mine: Sequence[Service], known: Sequence[Introduction],
        at: dt.datetime,
    ) -> list[tuple[Service, str, Found]]:  # fmt: skip
        """About which points whom could be asked, one for each service and point; each is written down as seen."""
        offers: list[tuple[Service, str, Found]] = []

        def choose(found: list[Found]) -> list[Found]:
            for service in mine:
                met = points_met(pages.of(viewer.workspace_id).checkpoints.of_service(service.id), service)
                for point in sorted({point for one in found for point in one.listing.points_met or ()} - set(met)):
                    party = Party(viewer.workspace_id, service.council)
                    if rules.has_asked(service.id, party, point, known, today=day_of(at)):
                        continue
                    if one := _drawn_of(found, service, party, point, known, at):
                        offers.append((service, point, one))
            del offers[_MOST_OFFERS:]
            return [one for _, _, one in offers]

        looking = Looking(viewer, "introduction", at)
        look_across(pages, self._rules.councils, looking, choose=choose, only=_ONLY)
        return offers

    def _drawn(self, pages: CommonPages, viewer: Viewer, service: Service, point: str, at: dt.datetime) -> Side | None:
        """Whom a service may ask about a point; None where there is nobody."""
        party = Party(viewer.workspace_id, service.council)
        known = pages.introductions.of_parties([party])

        def choose(found: list[Found]) -> list[Found]:
            one = _drawn_of(found, service, party, point, known, at)
            return [one] if one else []

        looking = Looking(viewer, "introduction", at)
        found = look_across(pages, self._rules.councils, looking, choose=choose, only=_ONLY)
        return _side_of(found[0]) if found else None


def _drawn_of(
    found: Iterable[Found], service: Service, party: Party, point: str, known: Sequence[Introduction], at: dt.datetime
) -> Found | None:
    area, today = service.service_area or service.name, day_of(at)
    fitting = {
        _side_of(one): one
        for one in found
        if point in (one.listing.points_met or ())
        and is_alike(one.listing.area, area)
        and not rules.is_blocked(party, one.party, known, today=today)
    }
    drawn = rules.draw(service.id, point, list(fitting))
    return fitting[drawn] if drawn else None


def _side_of(found: Found) -> Side:
    return Side(found.party, found.service_id)


def _own(pages: CommonPages, workspace_id: str, user_id: str) -> dict[str, Service]:
    """The services that somebody owns or sponsors, by id."""
    return {one.id: one for one in pages.of(workspace_id).services.of_person(user_id) if one.phase != "retired"}


def _own_service(pages: CommonPages, workspace_id: str, user_id: str, service_id: str) -> Service:
    service = _own(pages, workspace_id, user_id).get(service_id)
    if service is None:
        raise refuse(FORM, "Only the owner or sponsor of a service can ask for it.")
    return service


def _parties(services: Iterable[Service]) -> list[Party]:
    return sorted({Party(one.workspace_id, one.council) for one in services})


def _is_of(side: Side, workspace_id: str, mine: dict[str, Service]) -> bool:
    return side.party.workspace_id == workspace_id and side.service_id in mine


def _asked_of(
    pages: CommonPages, workspace_id: str, user_id: str, id: str, *, lock: bool = False
) -> tuple[Introduction, Service]:
    """A request that is somebody's to answer, with the service that it is about."""
    one = pages.introductions.get(id, lock=lock)
    if one is None:
        raise refuse(FORM, _GONE)
    mine = _own(pages, workspace_id, user_id)
    if not _is_of(one.asked, workspace_id, mine):
        raise refuse(FORM, _NOT_YOURS)
    return one, mine[one.asked.service_id]
