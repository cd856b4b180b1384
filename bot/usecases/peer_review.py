"""Peer review: offering, asking for a panel, saying yes or no, and notes that land on the checkpoint."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import LONGEST_NOTE, Checkpoint, Event, Step
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for
from bot.network.aliases import Aliases
from bot.network.panels import (
    SKILLS,
    Panel,
    Reviewed,
    Reviewer,
    Seat,
    answer,
    begin_at,
    fill,
    ledger,
    level,
    missing_skills,
    moved_along,
    past_of,
)
from bot.network.sharing import Field, Listing, Party
from bot.rendering import peer_review as screens
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import Message, View
from bot.storage.commons import CommonPages, Commons
from bot.usecases.checkpoint_forms import Values, read_day, several, text
from bot.usecases.checkpoint_rules import Done, Post, Rules, service_and_checkpoint
from bot.usecases.disclosing import Looking, council_name, disclose_agreed, viewer_in

_UNDER_WAY: Final = ("planned", "open", "submitted", "returned")
_NOT_ON_IT: Final = "Notes are for those who have accepted a seat on the panel."
_MOST_AT_ONCE: Final = 9


class ReviewDesk:
    """The exchange within one workspace."""

    def __init__(self, rules: Rules, commons: Commons) -> None:
        self._rules = rules
        self._commons = commons

    def screen(self, workspace_id: str, user_id: str) -> Message:
        """What somebody offers, where they sit, for which checkpoints they could ask, and the ledger."""
        with self._commons.reading() as pages:
            exchange, here = pages.exchange(workspace_id), pages.of(workspace_id)
            panels = exchange.panels()
            own = next((one for one in exchange.reviewers() if one.user_id == user_id), None)
            mine = here.services.of_person(user_id)
            checkpoints = here.checkpoints.of_services([one.id for one in mine])
        asked = {one.checkpoint_id for one in panels if not one.done}
        names = {one.id: one.name for one in mine}
        open_ones = [one for one in checkpoints if one.state in _UNDER_WAY and one.id not in asked]
        counts = {council_name(code, self._rules.councils): count for code, count in ledger(panels).items()}
        seats = [
            screens.OwnSeat(one.id, seat.answer)
            for one in panels
            for seat in one.sitting
            if seat.user_id == user_id and not one.done
        ]
        return screens.reviews_message(own, seats, [(one, names[one.service_id]) for one in open_ones], counts)

    def offer_form(self, workspace_id: str, user_id: str) -> View:
        """The form in which somebody offers to review."""
        with self._commons.reading() as pages:
            own = next((one for one in pages.exchange(workspace_id).reviewers() if one.user_id == user_id), None)
            council = own.council if own else next(iter(sorted(viewer_in(pages, workspace_id, user_id).councils)), "")
        named = (council, council_name(council, self._rules.councils)) if council else None
        return screens.offer_form(own, named)

    def offer(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """Keep what somebody offers. Raises: Refused: no council is chosen, or the number is none."""
        most = text(values, "most_at_once") or "2"
        if text(values, "council") not in self._rules.councils:
            raise refuse("council", "Choose your council from the list: nobody reviews their own.")
        if not (most.isascii() and most.isdigit() and 1 <= int(most) <= _MOST_AT_ONCE):
            raise refuse("most_at_once", f"Write a number from 1 to {_MOST_AT_ONCE}.")
        interests = tuple(line.strip() for line in text(values, "interests").splitlines() if line.strip())
        chosen = several(values, "skills")
        reviewer = Reviewer(
            user_id, text(values, "council"), tuple(one for one in SKILLS if one in chosen),
            read_day(values, "away_until"), int(most), interests, "offers" in several(values, "offers"),
        )  # fmt: skip
        with self._commons.writing() as pages:
            exchange = pages.exchange(workspace_id)
            reviewer = _in_line(reviewer, exchange.reviewers(lock=True), exchange.panels(), day_of(at))
            exchange.keep_reviewer(reviewer, at=at)
        return Done(words_view("Saved", screens.offered_words(reviewer)))

    def ask(self, workspace_id: str, user_id: str, checkpoint_id: str, *, at: dt.datetime) -> Done:
        """
        Draw a panel for a checkpoint, invite those who were drawn, and say why each sits and each does not.

        Raises: Refused: the checkpoint is not this person's, is over, or has a panel.
        """
        with self._commons.writing() as pages:
            service, checkpoint = service_and_checkpoint(pages.of(workspace_id), checkpoint_id, lock=True)
            if user_id not in (service.owner_id, service.sponsor_id):
                raise refuse(FORM, "Only the owner or sponsor of a service can ask for a panel.")
            if checkpoint.state not in _UNDER_WAY:
                raise refuse(FORM, "This checkpoint is decided: there is nothing left to review.")
            if any(
                one.checkpoint_id == checkpoint_id and not one.done for one in pages.exchange(workspace_id).panels()
            ):
                raise refuse(FORM, "This checkpoint has a panel already.")
            new = Panel(self._rules.new_id("p"), checkpoint_id, service.id, service.council, user_id, at)
            return self._filled(pages, new, service, checkpoint, at=at)

    def reply(self, workspace_id: str, user_id: str, panel_id: str, *, accepts: bool, at: dt.datetime) -> Done:
        """
        Take a yes or no to an invitation; a seat that is declined is drawn again.

        Raises: Refused: the seat is not this person's, or the review is over.
        """
        with self._commons.writing() as pages:
            panel, service, checkpoint = self._panel(pages, workspace_id, panel_id, lock=True)
            said = answer(panel, user_id, "accepted" if accepts else "declined")
            if not accepts:
                done = self._filled(pages, said, service, checkpoint, at=at)
                return Done(words_view("Noted", screens.declined_words()), done.posts)
            pages.exchange(workspace_id).keep_panel(said, at=at)
        told = Post(service.owner_id, screens.accepted_message(user_id, service, checkpoint))
        return Done(words_view("Thank you", screens.accepted_words()), (told,))

    def note_form(self, workspace_id: str, user_id: str, panel_id: str) -> View:
        """The form of a note. Raises: Refused: this person has not accepted a seat."""
        with self._commons.reading() as pages:
            panel, service, checkpoint = self._panel(pages, workspace_id, panel_id)
        _check_accepted(panel, user_id)
        prompts = prompts_for(checkpoint.template, service)
        return screens.note_form(checkpoint, prompts, metadata=json.dumps({"panel": panel.id}))

    def note(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Put a note about one point into the checkpoint's history; the team is told.

        Raises: Refused: there is no note, the point is not asked, or this person has not accepted a seat.
        """
        words = text(values, "note")
        if not words:
            raise refuse("note", "Write what the team should know about this point.")
        with self._commons.writing() as pages:
            panel, service, checkpoint = self._panel(pages, workspace_id, str(json.loads(metadata)["panel"]), lock=True)
            _check_accepted(panel, user_id)
            prompt = _prompt(service, checkpoint, text(values, "prompt"))
            event = Event(checkpoint.id, "panel note", user_id, at, prompt.id, "", words[:LONGEST_NOTE])
            pages.of(workspace_id).checkpoints.keep(Step(checkpoint, (event,)), at=at)
        message = screens.note_message(user_id, service, prompt, words[:LONGEST_NOTE])
        return Done(words_view("Noted", screens.noted_words()), (Post(service.channel_id, message),))

    def finish(self, workspace_id: str, user_id: str, panel_id: str, *, at: dt.datetime) -> Done:
        """End a review. Raises: Refused: somebody else asked for it."""
        with self._commons.writing() as pages:
            panel, service, _ = self._panel(pages, workspace_id, panel_id, lock=True)
            if user_id not in (panel.asked_by, service.owner_id, service.sponsor_id):
                raise refuse(FORM, "Only those who asked for the panel can end the review.")
            pages.exchange(workspace_id).keep_panel(replace(panel, done=True), at=at)
        return Done(words_view("Ended", "The review has ended. Its notes stay in the checkpoint's history."))

    def _filled(
        self, pages: CommonPages, panel: Panel, service: Service, checkpoint: Checkpoint, *, at: dt.datetime
    ) -> Done:
        """The panel with its free seats drawn and kept; who is new on it is invited, who asked sees why."""
        exchange = pages.exchange(service.workspace_id)
        reviewers = exchange.reviewers(lock=True)
        aliases = Aliases(pages.judgements(service.workspace_id).all())
        reviewed = _reviewed(service)
        panels, today = exchange.panels(), day_of(at)
        drawn = fill(panel, reviewed, reviewers, past_of(panels, panel), aliases, today=today)
        exchange.keep_panel(drawn, at=at)
        for one in moved_along(reviewers, past_of(panels, drawn), today=today):
            exchange.keep_reviewer(one, at=at)
        before = {seat.user_id for seat in panel.seats}
        new = [seat for seat in drawn.sitting if seat.user_id not in before]
        invitations = tuple(self._invitation(pages, drawn, service, checkpoint, seat, at) for seat in new)
        missing = missing_skills(drawn, reviewed, reviewers)
        told = screens.panel_message(drawn, service, checkpoint, self._names(drawn), missing)
        return Done(
            words_view("Panel", screens.asked_words(len(drawn.sitting))), (*invitations, Post(panel.asked_by, told))
        )

    def _invitation(
        self, pages: CommonPages, panel: Panel, service: Service, checkpoint: Checkpoint, seat: Seat, at: dt.datetime
    ) -> Post:
        viewer = viewer_in(pages, service.workspace_id, seat.user_id)
        agreed: tuple[Field, ...] = ("name",)
        party = Party(service.workspace_id, service.council)
        # Who asks for a panel agrees that its reviewers learn whose service it is.
        listing: Listing | None = disclose_agreed(
            pages, self._rules.councils, Looking(viewer, "peer review", at), party, service.id, agreed, contact=""
        )
        return Post(seat.user_id, screens.invitation_message(panel, listing or Listing(""), checkpoint))

    def _panel(
        self, pages: CommonPages, workspace_id: str, panel_id: str, *, lock: bool = False
    ) -> tuple[Panel, Service, Checkpoint]:
        """A panel, its service and its checkpoint; with *lock* nobody else answers on it until the transaction ends."""
        panel = _panel(pages, workspace_id, panel_id)
        service, checkpoint = service_and_checkpoint(pages.of(workspace_id), panel.checkpoint_id, lock=lock)
        # Read again behind the lock, or of two who say no at once one would be written over.
        return (_panel(pages, workspace_id, panel_id) if lock else panel), service, checkpoint

    def _names(self, panel: Panel) -> dict[str, str]:
        return {seat.council: council_name(seat.council, self._rules.councils) for seat in panel.seats}


def _panel(pages: CommonPages, workspace_id: str, panel_id: str) -> Panel:
    found = next((one for one in pages.exchange(workspace_id).panels() if one.id == panel_id), None)
    if found is None:
        raise refuse(FORM, "This panel is not there any more.")
    return found


def _in_line(offered: Reviewer, reviewers: Sequence[Reviewer], panels: Sequence[Panel], today: dt.date) -> Reviewer:
    """What somebody offers, with their place in the line: who is new begins where the others are."""
    own = next((one for one in reviewers if one.user_id == offered.user_id), None)
    if own is not None:
        return replace(offered, passed=own.passed)
    past = past_of(panels)
    return begin_at(level(reviewers, past, today=today), offered, past)


def _reviewed(service: Service) -> Reviewed:
    suppliers = (service.contract.supplier,) if service.contract else ()
    people = frozenset({service.owner_id, service.sponsor_id})
    return Reviewed(service.id, service.council, people, suppliers, _helpful(service))


def _helpful(service: Service) -> tuple[str, ...]:
    """The skills that would help with a service, by what is true of it: our suggestion, no rule from outside."""
    found = ["user research", "accessibility"] if "has public users" in service.facts else ["user research"]
    if "holds personal data" in service.facts or "takes payments" in service.facts:
        found.append("security")
    if service.route == "bought":
        found.append("procurement")
    return tuple(found)


def _check_accepted(panel: Panel, user_id: str) -> None:
    accepted = any(seat.user_id == user_id and seat.answer == "accepted" for seat in panel.seats)
    if panel.done or not accepted:
        raise refuse(FORM, _NOT_ON_IT)


def _prompt(service: Service, checkpoint: Checkpoint, prompt_id: str) -> FrozenPrompt:
    found = next((one for one in prompts_for(checkpoint.template, service) if one.id == prompt_id), None)
    if found is None:
        raise refuse("prompt", "This point is not asked of the service. Choose another.")
    return found
