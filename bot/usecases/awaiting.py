"""A question had no answer, somebody asked to be told when it has one, and they are: once, and nothing is kept of it.

The question is asked again, by itself, whenever the knowledge has changed. Planning is done by every clock and may be
done twice; sending goes through the outbox, as all that the bot starts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from bot.answers.reply import Answer
from bot.checkpoints.calendar import day_of, soonest_moment
from bot.checkpoints.notifications import Planned
from bot.checkpoints.quiet import NOTHING_SET
from bot.rendering import awaited as screens
from bot.rendering.message import Message
from bot.storage.answers import Answers
from bot.storage.awaited import AWAITED, Awaited, AwaitedAnswers
from bot.storage.outbox import Claim
from bot.usecases.advise import Place
from bot.usecases.ask import answer_to
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.thread_notes import UNTIL_RELOADED, Sorted, told_now

_QUESTIONS_IN_ONE: Final = 7
"""So that a message with two entries for each stays within Slack's 50 blocks."""


class AwaitingDesk:
    """Takes and ends the wish to be told; *kept_for* is how long a question is kept."""

    def __init__(self, rules: Rules, kept: Answers, awaited: AwaitedAnswers, kept_for: dt.timedelta) -> None:
        self._rules = rules
        self._answers = kept
        self._awaited = awaited
        self._kept_for = kept_for

    def begin(self, answer_id: str, place: Place, person_id: str) -> Message:
        """
        Note that somebody wants to be told where the question was asked; directly where *place* is theirs alone, or
        where its channel wants no messages. Whoever waits already is told so; an answer that there is now is shown.
        """
        kept = self._answers.get(place.workspace_id, answer_id)
        if kept is None:
            return screens.forgotten()
        knowledge = self._rules.knowledge_base.current
        if found := answer_to(kept.question, knowledge):
            return screens.answered_already(screens.Found(kept.question, day_of(kept.at), found), knowledge.library)
        with self._rules.ledger.reading(place.workspace_id) as pages:
            quiet = pages.quiet.of_all([person_id, place.channel_id])
        calm = quiet.get(place.channel_id, NOTHING_SET).opted_out
        direct = bool(place.person_id) or calm
        if direct and quiet.get(person_id, NOTHING_SET).opted_out:
            return screens.wants_no_messages()
        channel, thread = "" if direct else place.channel_id, "" if calm else place.thread_ts
        new = self._awaited.keep(Awaited(place.workspace_id, answer_id, person_id, channel, thread, kept.at))
        return screens.waiting(answer_id, until=day_of(kept.at + self._kept_for), direct=direct, new=new)

    def stop(self, answer_id: str, workspace_id: str, person_id: str) -> Message:
        """Take the wish back; nothing is kept of it."""
        return screens.stopped(was_on=self._awaited.stop(workspace_id, answer_id, person_id))


class AnswersFound:
    """Tells those who wait, once the knowledge answers their question outright: never with a choice."""

    def __init__(self, rules: Rules, awaited: AwaitedAnswers) -> None:
        self._rules = rules
        self._awaited = awaited
        self._asked: tuple[str, dict[str, Answer | None]] = "", {}

    def plan(self, *, at: dt.datetime) -> int:
        """Plan to tell everybody whose question is answered now; how many workspaces' plans changed."""
        return sum(self._plan_in(workspace_id, at=at) for workspace_id in self._awaited.workspaces())

    def sort(self, claim: Claim, waiting: Sequence[Planned], *, at: dt.datetime) -> Sorted:
        """What to do with what is due in a place: a thread has one message for all that was awaited in it."""
        rows = self._rows(claim.workspace_id)
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            calendar = self._rules.usual_calendar(pages, pages.quiet.of(claim.place_id))
        ready: list[Planned] = []
        needless: list[Planned] = []
        held: dict[str, dt.datetime] = {}
        for one in waiting:
            row = rows.get(one.subject_id)
            if row is None or (row.channel_id, row.thread_ts) != (one.channel_id, one.thread_ts):
                needless.append(one)
            elif self._answer(row.question) is None:
                held[one.key] = at + UNTIL_RELOADED
            else:
                ready.append(one)
        about = {one.key: rows[one.subject_id].answer_id for one in ready}
        first, later = told_now(ready, calendar, at=at, most=_QUESTIONS_IN_ONE, about=about)
        found = self._found([rows[one.subject_id] for one in first])
        message = partial(screens.answered_message, found, self._rules.library)
        return Sorted(tuple(first), lambda batch: message(batch=batch), tuple(needless), held | later)

    def unreachable(self, claim: Claim, lost: Sequence[Planned]) -> None:
        """Who was to be told in a channel is told directly instead; who cannot be, is forgotten."""
        rows = self._rows(claim.workspace_id)
        there = [rows[one.subject_id] for one in lost if one.subject_id in rows]
        self._awaited.tell_directly(one for one in there if one.channel_id)
        self._awaited.give_up([one for one in there if not one.channel_id])

    def _plan_in(self, workspace_id: str, *, at: dt.datetime) -> int:
        answered = [one for one in self._awaited.all(workspace_id) if self._answer(one.question)]
        with self._rules.ledger.reading(workspace_id) as pages:
            kept = [one.planned for one in pages.plans.of_service(AWAITED)]
            calendar = self._rules.usual_calendar(pages)
        before = {one.key: one.send_at for one in kept}
        soonest = soonest_moment(calendar, at=at)
        plan = [_planned(one, before.get(_key(one), soonest)) for one in answered]
        if set(kept) == set(plan):
            return 0
        with self._rules.ledger.writing(workspace_id) as pages:
            pages.plans.replan(AWAITED, plan, at=at)
        return 1

    def _answer(self, question: str) -> Answer | None:
        """What a question is answered with now; asked once for each version of the knowledge."""
        knowledge = self._rules.knowledge_base.current
        if self._asked[0] != knowledge.library.version:
            self._asked = knowledge.library.version, {}
        known = self._asked[1]
        if question not in known:
            known[question] = answer_to(question, knowledge)
        return known[question]

    def _rows(self, workspace_id: str) -> Mapping[str, Awaited]:
        return {one.id: one for one in self._awaited.all(workspace_id)}

    def _found(self, rows: Sequence[Awaited]) -> list[screens.Found]:
        """What there is to tell, a question each, with the people who are told of it in a thread."""
        found: dict[str, screens.Found] = {}
        for row in rows:
            answer = self._answer(row.question)
            assert answer is not None
            people = (row.person_id,) if row.channel_id else ()
            before = found[row.answer_id].people if row.answer_id in found else ()
            found[row.answer_id] = screens.Found(row.question, day_of(row.asked_at), answer, (*before, *people))
        return list(found.values())


def _key(one: Awaited) -> str:
    return f"{AWAITED}/{one.id}"


def _planned(one: Awaited, send_at: dt.datetime) -> Planned:
    return Planned(
        key=_key(one),
        workspace_id=one.workspace_id,
        service_id=AWAITED,
        subject="awaited",
        subject_id=one.id,
        rung="answered",
        ask="know there is an answer",
        owner_id=one.person_id,
        channel_id=one.channel_id,
        about_on=day_of(one.asked_at),
        send_at=send_at,
        thread_ts=one.thread_ts,
    )
