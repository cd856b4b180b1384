"""One place that a clock has claimed: what was begun there is settled, what is due is posted, the rest waits."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.checkpoints.blind_schedule import round_id_of
from bot.checkpoints.calendar import WorkCalendar, day_of
from bot.checkpoints.dispatch import Collapsed, Limits, Outgoing, dispatch, slots
from bot.checkpoints.notifications import Planned, Subject
from bot.checkpoints.progress import begin
from bot.checkpoints.quiet import NOTHING_SET, budgets_of
from bot.errors import PostingError
from bot.rendering.message import Message
from bot.rendering.nudges import nudge_message
from bot.storage.outbox import Begun, Claim, Due, Outbox
from bot.usecases.checkpoint_blind import BlindDesk
from bot.usecases.checkpoint_rules import Rules, new_id, service_and_checkpoint
from bot.usecases.nudging import Background, background, is_needed, nudge_of
from bot.usecases.poster import CANNOT_LOOK, GONE, THREAD_GONE, UNSURE, Posted, Poster
from bot.usecases.tally import Pauses, Tally
from bot.usecases.thread_notes import ThreadNotes

MARGIN: Final = dt.timedelta(minutes=2)
"""
How much of its lease a claim must have left when a message is begun: for a call of 10 seconds, and for a clock that is
90 seconds ahead of ours. Another one would look for the message while it is on its way, and post it again.
"""

_SOON = dt.timedelta(minutes=1)
_LATER = dt.timedelta(hours=1)
_LOOK_BACK = dt.timedelta(days=45)
_log = logging.getLogger(__name__)

Now = Callable[[], dt.datetime]
_Held = dict[str, dt.datetime]
"""Until when notifications are held, by key."""


@dataclass(frozen=True)
class Visit:
    """One poster at one place: ``at`` is when it came, ``now`` what time it is by now."""

    claim: Claim
    tally: Tally
    at: dt.datetime
    now: Now


class PlaceDesk:
    """Serves one claimed place at a time; several threads may, each another place."""

    def __init__(self, rules: Rules, outbox: Outbox, poster: Poster, notes: Mapping[Subject, ThreadNotes]) -> None:
        """Args: notes: by subject, what is told where people asked; all else is about a service."""
        self._rules = rules
        self._outbox = outbox
        self._poster = poster
        self._notes = notes
        self._blind = BlindDesk(rules)
        self._pauses = Pauses()

    def serve(self, claim: Claim, tally: Tally, now: Now) -> None:
        """Do what there is to do in a place, count it in *tally*, and let go of the place. Raises: StorageError."""
        visit = Visit(claim, tally, now(), now)
        if paused := self._pauses.of(claim.workspace_id, at=visit.at):
            self._outbox.give_back(claim, {}, not_before=paused)
            return
        due = self._outbox.due(claim, at=visit.at)
        try:
            for begun in due.begun:
                self._settle(visit, begun)
            if due.begun:
                due = self._outbox.due(claim, at=visit.at)
            nudges = tuple(one for one in due.waiting if one.subject not in self._notes)
            alone = len(nudges) == len(due.waiting)
            held = self._work_off(visit, replace(due, waiting=nudges), alone=alone) if nudges else {}
            if held is None:
                return
            for subject, notes in self._notes.items():
                if waiting := [one for one in due.waiting if one.subject == subject]:
                    held |= self._note(visit, notes, waiting)
        except PostingError as error:
            self._put_off(visit, error)
            return
        self._outbox.give_back(claim, held)

    def _settle(self, visit: Visit, begun: Begun) -> None:
        """What was begun and not finished: look for its message, write it down where it is there, else begin anew."""
        claim = visit.claim
        found: Posted | None = None
        doubted_at: dt.datetime | None = None
        try:
            found = self._poster.find(
                claim.workspace_id, claim.place_id, begun.batch, since=begun.begun_at, thread_ts=begun.thread_ts
            )
        except PostingError as error:
            if error.code not in (CANNOT_LOOK, *GONE, *THREAD_GONE):
                raise
            visit.tally.doubted += len(begun.items)
            doubted_at = visit.at
            _log.warning("A message may be posted twice: %s", error, extra={"action": "posted_in_doubt"})
        if found is None:
            self._outbox.take_back(claim, begun.batch, doubted_at=doubted_at)
            return
        visit.tally.found += len(begun.items)
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            known = background(pages, begun.items)
        where = {"channel_id": found.channel_id, "message_ts": found.message_ts}
        self._outbox.record_posted(claim, begun.batch, **where, at=found.at)
        self._count(visit, begun.items, known)

    def _work_off(self, visit: Visit, due: Due, *, alone: bool) -> _Held | None:
        """
        Send what can be sent; until when the rest is held. None where the place is given back already, which it is with
        the message where nothing else is to be sent there now (*alone*).
        """
        claim, at = visit.claim, visit.at
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            known = background(pages, due.waiting)
            sent = pages.plans.sent_around(claim.place_id, due.waiting, since=at - _LOOK_BACK)
            quiet = pages.quiet.of_all({claim.place_id, *(one.owner_id for one in due.waiting)})
            council = pages.quiet.council()
        today = day_of(at)
        needed = {one.key for one in due.waiting if is_needed(one, known, today=today)}
        needless = [Collapsed(one, "", "Not needed any more.") for one in due.waiting if one.key not in needed]
        waiting = [one for one in due.waiting if one.key in needed]
        here = quiet.get(claim.place_id, NOTHING_SET)
        if (claim.gone_why or here.opted_out) and waiting:
            self._collapse(visit, needless)
            # The newest first: it says why it comes directly, and nothing newer stands for it there.
            self._redirect(visit, waiting[::-1], known)
            return {}
        services = [known.services[one.service_id] for one in waiting]
        calendar = self._rules.calendar(services[0], council, here) if services else WorkCalendar()
        limits = Limits(budgets_of(self._rules.settings, council), quiet)
        result = dispatch(waiting, sent, calendar, limits, at=at)
        self._collapse(visit, [*needless, *result.collapse])
        held = {one.planned.key: one.until for one in result.hold}
        visit.tally.held += len(held)
        if result.post is None:
            return held
        taken = slots(result.post, sent, at=at)
        waits_until = self._post(visit, result.post, taken, held if alone else None, due, known)
        if waits_until is not None:
            return held | {one.key: waits_until for one in result.post.items}
        return None if alone else held

    def _post(
        self, visit: Visit, outgoing: Outgoing, taken: Sequence[str], let_go: _Held | None, due: Due, known: Background
    ) -> dt.datetime | None:
        """Post one message; until when it waits, as in ``_send``."""
        batch, library = new_id("b"), self._rules.library
        today = day_of(visit.at)
        nudges = [nudge_of(one, known, library, today=today, note=due.notes.get(one.key, "")) for one in outgoing.items]
        message = nudge_message(nudges, batch=batch, today=today)
        try:
            return self._send(visit, batch, message, outgoing.items, taken, known, let_go=let_go)
        except PostingError as error:
            if error.code not in GONE:
                raise
            self._outbox.mark_gone(visit.claim, error.code)
            lost = replace(visit, claim=replace(visit.claim, gone_why=error.code))
            self._redirect(lost, outgoing.items, known)
            if let_go is not None:
                self._outbox.give_back(visit.claim, let_go)
            return None

    def _note(self, visit: Visit, notes: ThreadNotes, waiting: Sequence[Planned]) -> Mapping[str, dt.datetime]:
        """Tell one thread what there is for it; until when the other notes are held."""
        claim = visit.claim
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            opted_out = pages.quiet.of(claim.place_id).opted_out
        if claim.gone_why or opted_out:
            self._give_up(visit, notes, waiting)
            return {}
        found = notes.sort(claim, waiting, at=visit.at)
        self._collapse(visit, [Collapsed(one, "", "Not needed any more.") for one in found.needless])
        visit.tally.held += len(found.held)
        if not found.post or found.message is None:
            return found.held
        batch = new_id("b")
        waits_until = None
        try:
            waits_until = self._send(visit, batch, found.message(batch), found.post, (), Background({}, {}, {}))
        except PostingError as error:
            if error.code not in (*GONE, *THREAD_GONE):
                raise
            self._give_up(visit, notes, found.post)
        if waits_until is not None:
            return {**found.held, **{one.key: waits_until for one in found.post}}
        return found.held

    def _give_up(self, visit: Visit, notes: ThreadNotes, lost: Sequence[Planned]) -> None:
        notes.unreachable(visit.claim, lost)
        self._collapse(visit, [Collapsed(one, "", "Nobody could be reached.") for one in lost])

    def _send(
        self, visit: Visit, batch: str, message: Message, items: Sequence[Planned], taken: Sequence[str],
        known: Background, *, let_go: _Held | None = None,
    ) -> dt.datetime | None:  # fmt: skip
        """
        Post a message between two notes of it. With *let_go* (until when the rest is held) the place is given back as
        soon as it is written down.

        Returns: None; or until when the message must wait, for its workspace pauses, the lease is nearly over, or
        somebody else took its place in a budget.
        Raises: PostingError: it is not in Slack, or (``UNSURE``) nobody knows.
        """
        claim, at = visit.claim, visit.now()
        if paused := self._pauses.of(claim.workspace_id, at=at):
            return paused
        if claim.lease_until < at + MARGIN:
            return at  # whoever takes it next, perhaps we, has a whole lease for it
        if not self._outbox.begin(claim, batch, items, taken, at=at):
            return at + _SOON
        try:
            posted = self._poster.post(claim.workspace_id, claim.place_id, message, thread_ts=items[0].thread_ts)
        except PostingError as error:
            if error.code != UNSURE:
                self._outbox.take_back(claim, batch)
            raise
        where = {"channel_id": posted.channel_id, "message_ts": posted.message_ts}
        if let_go is None:
            self._outbox.record_posted(claim, batch, **where, at=posted.at)
        else:
            self._outbox.finish(claim, batch, let_go, **where, at=posted.at)
        self._count(visit, items, known)
        return None

    def _count(self, visit: Visit, items: Sequence[Planned], known: Background) -> None:
        visit.tally.messages += 1
        visit.tally.posted += len(items)
        self._open_planned(visit, items, known)

    def _open_planned(self, visit: Visit, items: Sequence[Planned], known: Background) -> None:
        """The first notification about a planned checkpoint opens it."""
        about = [known.checkpoints.get(one.subject_id) for one in items if one.subject == "checkpoint"]
        for id in [one.id for one in about if one is not None and one.state == "planned"]:
            with self._rules.ledger.writing(visit.claim.workspace_id) as pages:
                _, checkpoint = service_and_checkpoint(pages, id, lock=True)
                pages.checkpoints.keep(begin(checkpoint, by="", at=visit.at), at=visit.at)

    def _redirect(self, visit: Visit, items: Sequence[Planned], known: Background) -> None:
        """Tell people directly what cannot be said in its place; what nobody can be told is collapsed."""
        claim = visit.claim
        people: dict[str, str] = {}
        for one in items:
            if one.ask == "rate the points":  # nobody else can answer it, nor should learn that it was asked
                if claim.gone_why:
                    self._blind.lose(claim.workspace_id, round_id_of(one), one.owner_id, at=visit.at)
                continue
            service = known.services[one.service_id]
            # A digest is its sponsor's own: whoever cannot get it, or wants none, has it read by nobody else.
            wanted = () if one.subject == "digest" else (one.owner_id, service.owner_id, service.sponsor_id)
            left = self._outbox.reachable(claim, [id for id in dict.fromkeys(wanted) if id != claim.place_id])
            if left:
                people[one.key] = left[0]
        lost = [one for one in items if one.key not in people]
        self._collapse(visit, [Collapsed(one, "", "Nobody could be reached.") for one in lost])
        moved = [one for one in items if one.key in people]
        if moved:
            self._outbox.redirect(claim, moved, people, _why_redirected(claim))
            visit.tally.redirected += len(moved)

    def _collapse(self, visit: Visit, collapsed: Sequence[Collapsed]) -> None:
        if collapsed:
            self._outbox.collapse(visit.claim, collapsed, at=visit.at)
            # A digest with nothing to say is no loss: most are none, every week.
            visit.tally.collapsed += sum(one.planned.subject != "digest" for one in collapsed)

    def _put_off(self, visit: Visit, error: PostingError) -> None:
        """Slack did not take it now: the place comes back later, after what Slack said where it did."""
        visit.tally.failed += 1
        until = visit.now() + (_SOON if error.code == UNSURE else _LATER)
        if error.retry_after is not None:
            until = visit.now() + dt.timedelta(seconds=error.retry_after)
            visit.tally.resume(until)
        if error.code == UNSURE or error.retry_after is not None:
            # Nobody else of this workspace is tried until then: a Slack that is down would use up every lease.
            self._pauses.hold(visit.claim.workspace_id, until)
        _log.warning("A notification waits: %s", error, extra={"action": "notification_waits", "code": error.code})
        self._outbox.give_back(visit.claim, {}, not_before=until)


def _why_redirected(claim: Claim) -> str:
    if not claim.gone_why:  # it is there, and wants no messages
        return ""
    why = claim.gone_why
    if claim.place_id.startswith(("U", "W")):
        return f"Advisor cannot reach the person who was asked ({why}), so you get this."
    return f"Advisor cannot write in the channel of this service any more ({why}), so you get this directly."
