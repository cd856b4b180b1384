"""Blind rounds: opened by the team, rated in private, closed by the last who is in, by the owner, or by the clock."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from bot.checkpoints import blind
from bot.checkpoints.blind import Card, Ending, Mark, Rating, Round
from bot.checkpoints.blind_schedule import person_subject
from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import prompts_for
from bot.rendering import checkpoint_blind as screens
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import View
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_forms import Values, read_day, several, text
from bot.usecases.checkpoint_rules import Done, Post, Rules, service_and_checkpoint

_FIRST_LAST_DAY = dt.timedelta(days=7)
"""What the last day is set to in the form: a week is enough, and the reminder still falls into it."""

_GONE = "This round is not there any more. `/checkpoint` shows what there is."


class BlindDesk:
    """Opening a round, rating in it, and ending it. No method gives anything of what others said before the end."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def view(self, workspace_id: str, user_id: str, checkpoint_id: str, *, at: dt.datetime) -> View:
        """What fits this person now: the form to open a round, their own form, how far it is, or the result."""
        with self._rules.ledger.reading(workspace_id) as pages:
            latest = pages.blind.latest_of(checkpoint_id)
        if latest is None:
            return self.start_form(workspace_id, checkpoint_id, at=at)
        return self.round_view(workspace_id, user_id, latest.id, at=at)

    def start_form(self, workspace_id: str, checkpoint_id: str, *, at: dt.datetime) -> View:
        """The form in which a round is opened."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, checkpoint_id)
        if checkpoint.state not in ANSWERABLE:
            return words_view("Nothing to rate", f"This checkpoint is {checkpoint.state}.")
        return screens.start_view(checkpoint, service, last_day=day_of(at) + _FIRST_LAST_DAY)

    def round_view(self, workspace_id: str, user_id: str, round_id: str, *, at: dt.datetime) -> View:
        """What fits this person of one round: their own form, how far it is, or the result. Raises: Refused: gone."""
        self._end_if_due(workspace_id, round_id, at=at)
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint, one = _round(pages, round_id)
            own = pages.blind.own_card(one.id, user_id)
        if one.state == "called off":
            return words_view("Called off", "This round was called off. What was rated is deleted.")
        if one.state == "closed":
            return screens.result_view(one, checkpoint, service)
        if user_id in {seat.person_id for seat in one.seats} and checkpoint.state in ANSWERABLE:
            return screens.rate_view(one, checkpoint, service, prompts_for(checkpoint.template, service), own)
        return screens.standing_view(one, checkpoint, service, reader=user_id)

    def standing(self, workspace_id: str, user_id: str, round_id: str) -> View:
        """How far a round is. Raises: Refused: it is gone."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint, one = _round(pages, round_id)
        return screens.standing_view(one, checkpoint, service, reader=user_id)

    def start(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Open a round; the channel and each named person are told.

        Raises: Refused: one is open already, too few people, or a day that has passed.
        """
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, json.loads(metadata)["checkpoint"], lock=True)
            posts = start_round(self._rules, pages, service, checkpoint, values, by=user_id, at=at)
            self._rules.replan(pages, service, at=at)
        return Done(words_view("They are asked", "The people you named are asked directly."), posts)

    def rate(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep one person's ratings; where everybody is in now, the round closes and the channel sees what came of it.

        Raises: Refused: the person is not named, the round is over, or a point has no rating.
        """
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint, one = _round(pages, json.loads(metadata)["round"], lock=True)
            if checkpoint.state not in ANSWERABLE:
                raise refuse(FORM, f"This checkpoint is {checkpoint.state}: there is nothing to rate any more.")
            prompts = prompts_for(checkpoint.template, service)
            card = _card(values, [prompt.id for prompt in prompts])
            one = blind.give(one, card, prompts, by=user_id, at=at)
            pages.blind.keep_card(one.id, user_id, card, at=at)
            pages.plans.led_to("blind", person_subject(one, user_id), "rated")
            one, posts = self._kept(pages, service, checkpoint, one, at=at)
        if one.state == "closed":
            return Done(screens.result_view(one, checkpoint, service), posts)
        return Done(words_view("Saved", f"Your ratings are saved. {screens.in_line(one)}"), posts)

    def withdraw(self, workspace_id: str, user_id: str, round_id: str, *, at: dt.datetime) -> Done:
        """Delete one person's ratings and wait for them no longer. Raises: Refused: not theirs, or it is over."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint, one = _round(pages, round_id, lock=True)
            one = blind.withdraw(one, by=user_id, at=at)
            pages.blind.drop_card(one.id, user_id)
            pages.plans.led_to("blind", person_subject(one, user_id), "withdrawn")
            one, posts = self._kept(pages, service, checkpoint, one, at=at)
        return Done(words_view("Withdrawn", "Nothing of yours is kept, and nobody waits for you."), posts)

    def close_early(self, workspace_id: str, user_id: str, round_id: str, *, at: dt.datetime) -> Done:
        """Close a round before its time. Raises: Refused: not the owner, or fewer than two are in."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint, one = _round(pages, round_id, lock=True)
            blind.check_early(one, service, by=user_id, at=at)
            one = _ended(pages, service, checkpoint, one, "the owner closed it", at=at, told=True)
            self._rules.replan(pages, service, at=at)
        post = Post(service.channel_id, screens.result_message(one, checkpoint, service))
        return Done(screens.result_view(one, checkpoint, service), (post,))

    def call_off(self, workspace_id: str, user_id: str, round_id: str, *, at: dt.datetime) -> Done:
        """End a round without a result. Raises: Refused: it is neither theirs nor their service's, or it is over."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint, one = _round(pages, round_id, lock=True)
            blind.check_call_off(one, service, by=user_id, at=at)
            pages.blind.keep(blind.call_off(one, at=at), at=at)
            self._rules.replan(pages, service, at=at)
        post = Post(service.channel_id, screens.called_off_message(checkpoint, service, by=user_id))
        return Done(words_view("Called off", "What was rated is deleted."), (post,))

    def close_due(self, *, at: dt.datetime) -> int:
        """Close every round whose last day is over or for which nobody is waited any more; how many. For the clock."""
        closed = 0
        for workspace_id in self._rules.ledger.workspaces():
            with self._rules.ledger.reading(workspace_id) as pages:
                due = [one.id for one in pages.blind.open() if blind.why_it_ends(one, at=at)]
            closed += sum(self._end_if_due(workspace_id, round_id, at=at) for round_id in due)
        return closed

    def lose(self, workspace_id: str, round_id: str, person_id: str, *, at: dt.datetime) -> None:
        """A person cannot be reached any more: nobody waits for them."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service, _, one = _round(pages, round_id, lock=True)
            pages.blind.keep(blind.lose(one, person_id), at=at)
            self._rules.replan(pages, service, at=at)

    def _kept(
        self, pages: Pages, service: Service, checkpoint: Checkpoint, one: Round, *, at: dt.datetime
    ) -> tuple[Round, tuple[Post, ...]]:
        """Keep a round after somebody's act; where that ends it, the channel is told."""
        ending = blind.why_it_ends(one, at=at)
        if ending:
            one = _ended(pages, service, checkpoint, one, ending, at=at, told=True)
        else:
            pages.blind.keep(one, at=at)
        self._rules.replan(pages, service, at=at)
        if not ending:
            return one, ()
        return one, (Post(service.channel_id, screens.result_message(one, checkpoint, service)),)

    def _end_if_due(self, workspace_id: str, round_id: str, *, at: dt.datetime) -> bool:
        with self._rules.ledger.reading(workspace_id) as pages:
            seen = pages.blind.get(round_id)
        if seen is None or not blind.why_it_ends(seen, at=at):
            return False
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint, one = _round(pages, round_id, lock=True)
            ending = blind.why_it_ends(one, at=at)
            if not ending:
                return False
            if checkpoint.state in (*ANSWERABLE, "submitted"):
                _ended(pages, service, checkpoint, one, ending, at=at, told=False)
            else:
                pages.blind.keep(blind.call_off(one, at=at), at=at)
            self._rules.replan(pages, service, at=at)
            return True


def start_round(
    rules: Rules, pages: Pages, service: Service, checkpoint: Checkpoint, values: Values, *, by: str, at: dt.datetime
) -> tuple[Post, ...]:
    """
    Open a round as a form says, in the transaction of the caller, who plans anew after it; what is to be said.

    Raises: Refused: one is open already, too few people, or a day that has passed.
    """
    latest = pages.blind.latest_of(checkpoint.id)
    if latest is not None and latest.state == "open":
        raise refuse(FORM, "A blind round of this checkpoint is open already. Close it or call it off first.")
    last_day = read_day(values, "last_day")
    if last_day is None:
        raise refuse("last_day", "Say until when they can rate the points.")
    named = "named" in several(values, "named")
    people = several(values, "people")
    one = blind.open_round(rules.new_id("b"), checkpoint, service, people, last_day, named=named, by=by, at=at)
    pages.blind.keep(one, at=at)
    told = (seat.person_id for seat in one.seats)
    invitation = screens.invitation_message(one, checkpoint, service)
    asked = Post(service.channel_id, screens.asked_message(one, checkpoint, service))
    return (asked, *(Post(person, invitation) for person in told))


def _round(pages: Pages, round_id: str, *, lock: bool = False) -> tuple[Service, Checkpoint, Round]:
    one = pages.blind.get(round_id)
    if one is None:
        raise refuse(FORM, _GONE)
    service, checkpoint = service_and_checkpoint(pages, one.checkpoint_id, lock=lock)
    one = pages.blind.get(round_id) if lock else one
    if one is None:
        raise refuse(FORM, _GONE)
    return service, checkpoint, one


def _ended(
    pages: Pages, service: Service, checkpoint: Checkpoint, one: Round, ending: Ending, *, at: dt.datetime, told: bool
) -> Round:
    cards = pages.blind.cards_to_close(one.id)
    prompts = prompts_for(checkpoint.template, service)
    closed = replace(blind.close(one, cards, prompts, ending=ending, at=at), told=told)
    pages.blind.keep(closed, at=at)
    return closed


def _card(values: Values, prompt_ids: Sequence[str]) -> Card:
    """What stands in one person's form."""
    marks = {
        id: Mark(cast("Rating", text(values, f"rating.{id}")), text(values, f"note.{id}"))
        for id in prompt_ids
        if text(values, f"rating.{id}")
    }
    return Card(marks)
