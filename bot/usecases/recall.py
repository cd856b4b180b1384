"""Corridor 3: an editor marks a change as material, and every thread that was given the older answer is told once.

Planning is done by every clock and may be done twice; sending goes through the outbox, as all that the bot starts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from bot.answers.recall import news_since
from bot.checkpoints.calendar import day_of, soonest_moment
from bot.checkpoints.notifications import Planned
from bot.knowledge.entry import Entry
from bot.rendering.recall import Recalled, recall_message
from bot.storage.given import NO_SERVICE, GivenAnswer, GivenAnswers
from bot.storage.ledger import Pages
from bot.storage.outbox import Claim
from bot.storage.plans import Kept
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.thread_notes import UNTIL_RELOADED, Sorted, told_now

_MOST_IN_ONE: Final = 100
_SEPARATOR = ","


class Recalls:
    """Answers that were given and have changed since."""

    def __init__(self, rules: Rules, given: GivenAnswers) -> None:
        self._rules = rules
        self._given = given

    def plan(self, *, at: dt.datetime) -> int:
        """Plan a recall for every thread that was given an older answer; how many workspaces' plans changed."""
        changed = {entry.id: entry for entry in self._rules.library if entry.material_changes}
        return sum(self._plan_in(workspace_id, changed, at=at) for workspace_id in self._given.workspaces())

    def sort(self, claim: Claim, waiting: Sequence[Planned], *, at: dt.datetime) -> Sorted:
        """What to do with the recalls that are due in a place: those of one thread are one message."""
        given = {(one.thread_ts, one.entry_id): one for one in self._given.in_channel(*_place(claim))}
        with self._rules.ledger.reading(claim.workspace_id) as pages:
            told = _told(pages.plans.posted_in(claim.place_id))
            calendar = self._rules.usual_calendar(pages, pages.quiet.of(claim.place_id))
        found: dict[str, Recalled] = {}
        needless: list[Planned] = []
        held: dict[str, dt.datetime] = {}
        for one in waiting:
            keys = _keys(one)
            entry = self._rules.library.get(one.subject_id)
            if entry is None or not entry.material_changes.keys() >= keys:
                # Planned by a process that has read newer knowledge than ours; else the next planning takes it back.
                held[one.key] = at + UNTIL_RELOADED
                continue
            row = given.get((one.thread_ts, one.subject_id))
            news = [key for key in _news(row, entry) if key in keys - told[_about(one)]] if row else []
            if row is None or not news:
                needless.append(one)
            else:
                changes = tuple(entry.material_changes[key] for key in news)
                found[one.key] = Recalled(entry.id, entry.title, day_of(row.at), changes)
        ready = [one for one in waiting if one.key in found]
        first, later = told_now(ready, calendar, at=at, most=_MOST_IN_ONE, about={one.key: one.key for one in ready})
        recalled = [found[one.key] for one in first]
        message = partial(recall_message, recalled, in_thread=bool(first and first[0].thread_ts))
        return Sorted(tuple(first), lambda batch: message(batch=batch), tuple(needless), held | later)

    def unreachable(self, claim: Claim, lost: Sequence[Planned]) -> None:
        """Nobody else can be told of a thread."""

    def _plan_in(self, workspace_id: str, changed: Mapping[str, Entry], *, at: dt.datetime) -> int:
        given = self._given.of_entries(workspace_id, changed.keys())
        with self._rules.ledger.reading(workspace_id) as pages:
            kept = pages.plans.of_service(NO_SERVICE)
            plan = self._planned(pages, given, changed, kept, at=at)
        if {one.planned for one in kept if one.state == "planned"} == set(plan):
            return 0
        with self._rules.ledger.writing(workspace_id) as pages:
            pages.plans.replan(NO_SERVICE, plan, at=at)
        return 1

    def _planned(
        self, pages: Pages, given: Sequence[GivenAnswer], changed: Mapping[str, Entry], kept: Sequence[Kept], *,
        at: dt.datetime,
    ) -> list[Planned]:  # fmt: skip
        told = _told([one for one in kept if one.state in ("posting", "posted")])
        waiting = {one.planned.key: one.planned.send_at for one in kept if one.state == "planned"}
        calendar = self._rules.usual_calendar(pages)
        soonest = soonest_moment(calendar, at=at)
        plan = []
        for row in given:
            entry = changed[row.entry_id]
            about = (row.channel_id, row.thread_ts, row.entry_id)
            if keys := [key for key in _news(row, entry) if key not in told[about]]:
                key = "/".join(("recall", *about, keys[-1]))
                plan.append(_recall(row, entry, key, keys, waiting.get(key, soonest)))
        return plan


def _recall(row: GivenAnswer, entry: Entry, key: str, keys: Sequence[str], send_at: dt.datetime) -> Planned:
    return Planned(
        key=key,
        workspace_id=row.workspace_id,
        service_id=NO_SERVICE,
        subject="recall",
        subject_id=entry.id,
        rung=_SEPARATOR.join(keys),
        ask="know it has changed",
        owner_id="",
        channel_id=row.channel_id,
        about_on=entry.material_changes[keys[-1]].on,
        send_at=send_at,
        thread_ts=row.thread_ts,
    )


def _told(kept: Sequence[Kept]) -> Mapping[tuple[str, str, str], set[str]]:
    """By place and entry, the changes that a thread has heard of."""
    told: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in kept:
        if one.planned.subject == "recall":
            told[_about(one.planned)] |= _keys(one.planned)
    return told


def _news(row: GivenAnswer, entry: Entry) -> tuple[str, ...]:
    return news_since(entry, version=row.version, known=row.changes, given_on=day_of(row.at))


def _keys(one: Planned) -> set[str]:
    return set(one.rung.split(_SEPARATOR))


def _about(one: Planned) -> tuple[str, str, str]:
    return one.channel_id, one.thread_ts, one.subject_id


def _place(claim: Claim) -> tuple[str, str]:
    return claim.workspace_id, claim.place_id
