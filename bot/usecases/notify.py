"""Corridor 2: one pass of the clock. What is due is claimed, looked up, put into words, posted, and written down.

The promise: each notification is posted once. A clock may be killed at any point of the walk: whoever claims the place
next finds the batch that was begun and asks Slack for its message before anything is posted again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

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
from bot.usecases.thread_notes import ThreadNotes

LEASE: Final = dt.timedelta(minutes=5)
"""How long a clock has for the places it took: 20 of them, each at most one call of 10 seconds."""

UNSURE: Final = "unsure"
"""The code of a PostingError after which nobody knows whether the message is in Slack."""

CANNOT_LOOK: Final = "cannot_look"
"""The code of a PostingError of a poster that may not read the channel: late beats lost, so it is posted again."""

GONE: Final = frozenset(
    "channel_not_found not_in_channel is_archived channel_is_archived restricted_action user_not_found user_disabled "
    "user_not_visible cannot_dm_bot messages_tab_disabled read_only_channel".split()
)
"""Slack's words for a place in which the bot cannot write and will not be able to by waiting."""

THREAD_GONE: Final = frozenset("thread_not_found message_not_found cannot_reply_to_message".split())
"""Slack's words for a thread in which nobody can write any more."""

_SOON = dt.timedelta(minutes=1)
_LATER = dt.timedelta(hours=1)
_LOOK_BACK = dt.timedelta(days=45)
_AT_ONCE = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Posted:
    """Where a message stands: the conversation, Slack's timestamp of it, and that as a moment."""

    channel_id: str
    message_ts: str
    at: dt.datetime


class Poster(Protocol):
    """The way out to Slack, as the clock needs it. *place* is a channel, or a person to be told directly."""

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        """
        Post a message, in a thread where one is given.

        Raises: PostingError: its ``code`` and ``retry_after`` say what to do.
        """

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        """The message with that batch in its metadata. Raises: PostingError: it could not be looked for."""


@dataclass
class Tally:
    """What one pass did, in notifications: ``found`` were in Slack already, ``doubted`` are perhaps there twice."""

    messages: int = 0
    posted: int = 0
    found: int = 0
    held: int = 0
    collapsed: int = 0
    redirected: int = 0
    failed: int = 0
    doubted: int = 0
    paused: dict[str, dt.datetime] = field(default_factory=dict)


class Notifier:
    """
    Sends what is due. Any number of these may run at once, in any number of processes. *notes* are, by subject, what is
    told where people asked; all else is about a service.
    """

    def __init__(self, rules: Rules, outbox: Outbox, poster: Poster, notes: Mapping[Subject, ThreadNotes]) -> None:
        self._rules = rules
        self._outbox = outbox
        self._poster = poster
        self._notes = notes
        self._blind = BlindDesk(rules)

    def send_due(self, *, at: dt.datetime, stops: Callable[[], bool] = lambda: False) -> Tally:
        """
        One pass: everything that is due at that moment. Where it *stops* before its end, what it has claimed and not
        begun is free again at once. Raises: StorageError.
        """
        tally = Tally()
        while not stops() and (claims := self._outbox.claim_due(at=at, lease=LEASE, most=_AT_ONCE)):
            for claim in claims:
                if stops():
                    self._outbox.give_back(claim, {})
                else:
                    self._serve(claim, tally, at=at)
        return tally

    def _serve(self, claim: Claim, tally: Tally, *, at: dt.datetime) -> None:
        paused = tally.paused.get(claim.workspace_id)
        if paused is not None:
            self._outbox.give_back(claim, {}, not_before=paused)
            return
        due = self._outbox.due(claim, at=at)
        try:
            for begun in due.begun:
                self._settle(claim, begun, tally, at=at)
            if due.begun:
                due = self._outbox.due(claim, at=at)
            nudges = tuple(one for one in due.waiting if one.subject not in self._notes)
            alone = len(nudges) == len(due.waiting)
            held = self._work_off(claim, replace(due, waiting=nudges), tally, alone=alone, at=at) if nudges else {}
            if held is None:
                return
            for subject, notes in self._notes.items():
                if waiting := [one for one in due.waiting if one.subject == subject]:
                    held |= self._note(claim, notes, waiting, tally, at=at)
        except PostingError as error:
            self._put_off(claim, error, tally, at=at)
            return
        self._outbox.give_back(claim, held)

    def _settle(self, claim: Claim, begun: Begun, tally: Tally, *, at: dt.datetime) -> None:
        """What was begun and not finished: look for its message, write it down where it is there, else begin anew."""
        found: Posted | None = None
        doubted_at: dt.datetime | None = None
        try:
            found = self._poster.find(
                claim.workspace_id, claim.place_id, begun.batch, since=begun.begun_at, thread_ts=begun.thread_ts
            )
        except PostingError as error:
            if error.code not in (CANNOT_LOOK, *GONE, *THREAD_GONE):
                raise
            tally.doubted += len(begun.items)
            doubted_at = at
            _log.warning("A message may be posted twice: %s", error, extra={"action": "posted_in_doubt"})
        if found is None:
            self._outbox.take_back(claim, begun.batch, doubted_at=doubted_at)
            return
        tally.found += len(begun.items)
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            known = background(pages, begun.items)
        where = {"channel_id": found.channel_id, "message_ts": found.message_ts}
        self._outbox.record_posted(claim, begun.batch, **where, at=found.at)
        self._count(claim, begun.items, tally, known, at=at)

    def _work_off(
        self, claim: Claim, due: Due, tally: Tally, *, alone: bool, at: dt.datetime
    ) -> dict[str, dt.datetime] | None:
        """
        Send what can be sent; until when the rest is held, by key. None where the place is given back already, which it
        is with the message where nothing else is to be sent there now (*alone*).
        """
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
            self._collapse(claim, needless, tally, at=at)
            self._redirect(claim, waiting, known, tally, at=at)
            return {}
        services = [known.services[one.service_id] for one in waiting]
        calendar = self._rules.calendar(services[0], council, here) if services else WorkCalendar()
        limits = Limits(budgets_of(self._rules.settings, council), quiet)
        result = dispatch(waiting, sent, calendar, limits, at=at)
        self._collapse(claim, [*needless, *result.collapse], tally, at=at)
        held = {one.planned.key: one.until for one in result.hold}
        tally.held += len(held)
        if result.post is None:
            return held
        taken = slots(result.post, sent, at=at)
        let_go = held if alone else None
        if self._post(claim, result.post, taken, let_go, due, known, tally, at=at):
            return None if alone else held
        return held | {one.key: at + _SOON for one in result.post.items}

    def _post(
        self, claim: Claim, outgoing: Outgoing, taken: Sequence[str], let_go: dict[str, dt.datetime] | None, due: Due,
        known: Background, tally: Tally, *, at: dt.datetime,
    ) -> bool:  # fmt: skip
        """Post one message; False where it must wait because somebody else took its place in a budget."""
        batch, library = new_id("b"), self._rules.library
        today = day_of(at)
        nudges = [nudge_of(one, known, library, today=today, note=due.notes.get(one.key, "")) for one in outgoing.items]
        message = nudge_message(nudges, batch=batch, today=today)
        try:
            return self._send(claim, batch, message, outgoing.items, taken, known, tally, at=at, let_go=let_go)
        except PostingError as error:
            if error.code not in GONE:
                raise
            self._outbox.mark_gone(claim, error.code)
            self._redirect(replace(claim, gone_why=error.code), outgoing.items, known, tally, at=at)
            if let_go is not None:
                self._outbox.give_back(claim, let_go)
            return True

    def _note(
        self, claim: Claim, notes: ThreadNotes, waiting: Sequence[Planned], tally: Tally, *, at: dt.datetime
    ) -> dict[str, dt.datetime]:
        """Tell one thread what there is for it; until when the other notes are held, by key."""
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            opted_out = pages.quiet.of(claim.place_id).opted_out
        if claim.gone_why or opted_out:
            self._give_up(claim, notes, waiting, tally, at=at)
            return {}
        found = notes.sort(claim, waiting, at=at)
        self._collapse(claim, [Collapsed(one, "", "Not needed any more.") for one in found.needless], tally, at=at)
        tally.held += len(found.held)
        if not found.post or found.message is None:
            return dict(found.held)
        batch = new_id("b")
        try:
            self._send(claim, batch, found.message(batch), found.post, (), Background({}, {}, {}), tally, at=at)
        except PostingError as error:
            if error.code not in (*GONE, *THREAD_GONE):
                raise
            self._give_up(claim, notes, found.post, tally, at=at)
        return dict(found.held)

    def _give_up(
        self, claim: Claim, notes: ThreadNotes, lost: Sequence[Planned], tally: Tally, *, at: dt.datetime
    ) -> None:
        notes.unreachable(claim, lost)
        self._collapse(claim, [Collapsed(one, "", "Nobody could be reached.") for one in lost], tally, at=at)

    def _send(
        self, claim: Claim, batch: str, message: Message, items: Sequence[Planned], taken: Sequence[str],
        known: Background, tally: Tally, *, at: dt.datetime, let_go: dict[str, dt.datetime] | None = None,
    ) -> bool:  # fmt: skip
        """
        Post a message between two notes of it; False where it must wait, for somebody else took its place in a budget.
        With *let_go* (until when the rest is held) the place is given back as soon as it is written down.

        Raises: PostingError: it is not in Slack, or (``UNSURE``) nobody knows.
        """
        if not self._outbox.begin(claim, batch, items, taken, at=at):
            return False
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
        self._count(claim, items, tally, known, at=at)
        return True

    def _count(
        self, claim: Claim, items: Sequence[Planned], tally: Tally, known: Background, *, at: dt.datetime
    ) -> None:
        tally.messages += 1
        tally.posted += len(items)
        self._open_planned(claim.workspace_id, items, known, at=at)

    def _open_planned(self, workspace_id: str, items: Sequence[Planned], known: Background, *, at: dt.datetime) -> None:
        """The first notification about a planned checkpoint opens it."""
        about = [known.checkpoints.get(one.subject_id) for one in items if one.subject == "checkpoint"]
        for id in [one.id for one in about if one is not None and one.state == "planned"]:
            with self._rules.ledger.writing(workspace_id) as pages:
                _, checkpoint = service_and_checkpoint(pages, id, lock=True)
                pages.checkpoints.keep(begin(checkpoint, by="", at=at), at=at)

    def _redirect(
        self, claim: Claim, items: Sequence[Planned], known: Background, tally: Tally, *, at: dt.datetime
    ) -> None:
        """Tell people directly what cannot be said in its place; what nobody can be told is collapsed."""
        people: dict[str, str] = {}
        for one in items:
            if one.ask == "rate the points":  # nobody else can answer it, nor should learn that it was asked
                if claim.gone_why:
                    self._blind.lose(claim.workspace_id, round_id_of(one), one.owner_id, at=at)
                continue
            service = known.services[one.service_id]
            # A digest is its sponsor's own: whoever cannot get it, or wants none, has it read by nobody else.
            wanted = () if one.subject == "digest" else (one.owner_id, service.owner_id, service.sponsor_id)
            left = self._outbox.reachable(claim, [id for id in dict.fromkeys(wanted) if id != claim.place_id])
            if left:
                people[one.key] = left[0]
        lost = [one for one in items if one.key not in people]
        self._collapse(claim, [Collapsed(one, "", "Nobody could be reached.") for one in lost], tally, at=at)
        moved = [one for one in items if one.key in people]
        if moved:
            self._outbox.redirect(claim, moved, people, _why_redirected(claim))
            tally.redirected += len(moved)

    def _collapse(self, claim: Claim, collapsed: Sequence[Collapsed], tally: Tally, *, at: dt.datetime) -> None:
        if collapsed:
            self._outbox.collapse(claim, collapsed, at=at)
            # A digest with nothing to say is no loss: most are none, every week.
            tally.collapsed += sum(one.planned.subject != "digest" for one in collapsed)

    def _put_off(self, claim: Claim, error: PostingError, tally: Tally, *, at: dt.datetime) -> None:
        """Slack did not take it now: the place comes back later, after what Slack said where it did."""
        tally.failed += 1
        wait = _SOON if error.code == UNSURE else _LATER
        if error.retry_after is not None:
            wait = dt.timedelta(seconds=error.retry_after)
        if error.code == UNSURE or error.retry_after is not None:
            # Nobody else of this workspace is tried in this pass: a Slack that is down would use up every lease.
            tally.paused[claim.workspace_id] = at + wait
        _log.warning("A notification waits: %s", error, extra={"action": "notification_waits", "code": error.code})
        self._outbox.give_back(claim, {}, not_before=at + wait)


def _why_redirected(claim: Claim) -> str:
    if not claim.gone_why:  # it is there, and wants no messages
        return ""
    why = claim.gone_why
    if claim.place_id.startswith(("U", "W")):
        return f"Advisor cannot reach the person who was asked ({why}), so you get this."
    return f"Advisor cannot write in the channel of this service any more ({why}), so you get this directly."
