"""Who else: case studies, platforms and services elsewhere for an area, and what a team made of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Final

from bot.answers.reply import Answer, Choice
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Change, Service
from bot.knowledge.entry import Entry
from bot.network.alike import is_alike, need_words
from bot.network.points import points_met
from bot.network.reuse import HISTORY_FIELD, Fit, fitting_cases, fitting_platforms, reuse_line
from bot.network.sharing import Listing
from bot.rendering import who_else as screens
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import Message, View
from bot.storage.commons import CommonPages, Commons
from bot.storage.ledger import Pages
from bot.usecases.ask import ask
from bot.usecases.checkpoint_forms import Values, text
from bot.usecases.checkpoint_rules import Done, Rules
from bot.usecases.disclosing import Found, Looking, look_across, viewer_in

_MOST_LISTINGS: Final = 10
_NEAR_FROM: Final = 0.3
"""An entry below this confidence has too little to do with the words to send a team after its platforms."""
_NEEDS: Final = ("takes payments", "uses AI")
"""Facts of a service that are needs for which shared platforms may exist."""
_GONE = "This service is not there any more. `/checkpoint` shows what there is."


class ReuseDesk:
    """Looking before building or buying."""

    def __init__(self, rules: Rules, commons: Commons) -> None:
        self._rules = rules
        self._commons = commons

    def who(self, workspace_id: str, user_id: str, area: str, *, at: dt.datetime) -> Message:
        """Who else has worked on an area: what ``/cases who AREA`` says."""
        if not need_words(area):
            return screens.who_usage()
        with self._commons.writing() as pages:
            listings = self._elsewhere(pages, workspace_id, user_id, (area,), at)
        cases = fitting_cases(self._rules.library.of_kind("case"), area)
        platforms = self._platforms(area, cases, (area,))
        return screens.who_message(area, cases, platforms, listings, self._rules.library)

    def form(self, workspace_id: str, user_id: str, service_id: str, *, at: dt.datetime) -> View:
        """
        The same for a service of the workspace, with what its team made of it last and a place to say so.

        Raises: Refused: the service is gone.
        """
        with self._commons.writing() as pages:
            here = pages.of(workspace_id)
            service = _service(here, service_id)
            last = next((one for one in reversed(here.services.history(service.id)) if _is_check(one.change)), None)
            unmet = _unmet(here, service)
            area = service.service_area or service.name
            listings = self._elsewhere(pages, workspace_id, user_id, (area, service.name), at)
        cases = fitting_cases(self._rules.library.of_kind("case"), area, unmet)
        needs = [area, *(fact for fact in _NEEDS if fact in service.facts)]
        platforms = self._platforms(area, cases, needs)
        return screens.who_view(
            service, cases, platforms, listings, self._rules.library,
            last=screens.LastCheck(last.change.after, last.who, last.at) if last else None,
            metadata=json.dumps({"service": service.id}),
        )  # fmt: skip

    def save(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep what a team made of it in the service's history.

        Raises: Refused: nothing is chosen, or a reason is missing.
        """
        line = reuse_line(text(values, "finding"), text(values, "reason"))
        with self._rules.ledger.writing(workspace_id) as pages:
            service = pages.services.lock(json.loads(metadata)["service"])
            if service is None:
                raise refuse(FORM, _GONE)
            checks = [one.change.after for one in pages.services.history(service.id) if _is_check(one.change)]
            change = Change(HISTORY_FIELD, checks[-1] if checks else "", line)
            pages.services.keep(service, [change], who=user_id, at=at)
        return Done(words_view("Saved", screens.saved_words(service, line)))

    def _elsewhere(
        self, pages: CommonPages, workspace_id: str, user_id: str, areas: Sequence[str], at: dt.datetime
    ) -> list[Listing]:
        """The services that other councils let be found by name, in one of *areas*."""

        def choose(found: list[Found]) -> list[Found]:
            named = [one for one in found if one.listing.name is not None]
            fitting = [one for one in named if any(_fits(one.listing, area) for area in areas)]
            fitting.sort(key=lambda one: (-len(one.listing.fields), str(one.listing.council), str(one.listing.name)))
            return fitting[:_MOST_LISTINGS]

        looking = Looking(viewer_in(pages, workspace_id, user_id), "who else", at)
        return [one.listing for one in look_across(pages, self._rules.councils, looking, choose=choose)]

    def _platforms(self, area: str, cases: Sequence[Fit], needs: Sequence[str]) -> list[Fit]:
        near = [(need, entry) for need in needs for entry in self._near(need)]
        return fitting_platforms(self._rules.library.of_kind("platform"), area, cases=cases, near=near)

    def _near(self, need: str) -> Iterator[Entry]:
        """The entries that answer to the words of a need."""
        knowledge = self._rules.knowledge_base.current
        reply = ask(need, knowledge)
        if isinstance(reply, Answer):
            yield from reply.entries
        elif isinstance(reply, Choice):
            yield from reply.options[:1]
        for match in reply.matches.ranked[:1]:
            entry = knowledge.library.get(match.entry_id)
            if entry is not None and entry.kind == "platform" and match.score >= _NEAR_FROM:
                yield entry


def _fits(listing: Listing, area: str) -> bool:
    return is_alike(listing.area, area) or is_alike(listing.name or "", area)


def _is_check(change: Change) -> bool:
    return change.field == HISTORY_FIELD


def _service(pages: Pages, service_id: str) -> Service:
    service = pages.services.get(service_id)
    if service is None:
        raise refuse(FORM, _GONE)
    return service


def _unmet(pages: Pages, service: Service) -> frozenset[str]:
    """The points that the service's checkpoints ask about and that are not signed off as met."""
    checkpoints = pages.checkpoints.of_service(service.id)
    asked = {point for one in checkpoints for prompt in one.template.prompts for point in prompt.points}
    return frozenset(asked - set(points_met(checkpoints, service)))
