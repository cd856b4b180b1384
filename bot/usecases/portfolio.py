"""Looking across in Slack: who may, what they see, and the files they ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.checkpoints.calendar import day_of
from bot.checkpoints.notifications import Snooze
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.portfolio.filters import Filter, choices, chosen_filter, read_filter
from bot.portfolio.portfolio import is_leader
from bot.portfolio.tables import SUBJECTS
from bot.rendering import portfolio as screens
from bot.rendering.files import File
from bot.rendering.message import Message, Payload, View
from bot.rendering.portfolio_notes import digest_set
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.portfolio_files import FORMATS, WHOLE, PortfolioFiles


class PortfolioDesk:
    """What leaders do with the portfolio. Everything here raises Refused for somebody who may not look."""

    def __init__(self, rules: Rules, admins: frozenset[str]) -> None:
        self._rules = rules
        self._admins = admins
        self._files = PortfolioFiles(rules)

    def may_look(self, workspace_id: str, user_id: str) -> bool:
        """Whether somebody may look across the services of a workspace."""
        with self._rules.ledger.reading(workspace_id) as pages:
            return is_leader(user_id, pages.services.sponsors(), self._admins | pages.roles.holders("admin"))

    def message(self, workspace_id: str, user_id: str, text: str, *, at: dt.datetime) -> Message:
        """The first page, of the services that *text* chooses (see ``read_filter``)."""
        self._check(workspace_id, user_id)
        return screens.portfolio_message(self._screen(workspace_id, read_filter(text), 1, at=at))

    def turn(self, workspace_id: str, user_id: str, value: str, *, at: dt.datetime) -> Message:
        """Another page, in a message."""
        self._check(workspace_id, user_id)
        return screens.portfolio_message(self._screen(workspace_id, *screens.read_filter_value(value), at=at))

    def turn_view(self, workspace_id: str, user_id: str, value: str, *, at: dt.datetime) -> View:
        """Another page, in a form."""
        self._check(workspace_id, user_id)
        return screens.portfolio_view(self._screen(workspace_id, *screens.read_filter_value(value), at=at))

    def home(self, workspace_id: str, user_id: str, *, at: dt.datetime, value: str = "") -> list[Payload]:
        """The leader's part of the Home tab, at a page; nothing for somebody who is no leader."""
        if not self.may_look(workspace_id, user_id):
            return []
        chosen, page = screens.read_filter_value(value) if value else (Filter(), 1)
        return screens.leader_blocks(self._screen(workspace_id, chosen, page, at=at))

    def choose(self, workspace_id: str, user_id: str, value: str) -> View:
        """The form in which to choose services."""
        self._check(workspace_id, user_id)
        chosen, _ = screens.read_filter_value(value)
        with self._rules.ledger.reading(workspace_id) as pages:
            found = choices(pages.services.all())
        return screens.filter_form(chosen, found)

    def chosen(self, workspace_id: str, user_id: str, fields: Mapping[str, Any], *, at: dt.datetime) -> View:
        """The portfolio for what was chosen in the form."""
        self._check(workspace_id, user_id)
        chosen = chosen_filter(screens.chosen_values(fields))
        return screens.portfolio_view(self._screen(workspace_id, chosen, 1, at=at))

    def picture(self, workspace_id: str, user_id: str, value: str, *, at: dt.datetime) -> File:
        """The heat map."""
        self._check(workspace_id, user_id)
        return self._files.picture(workspace_id, screens.read_filter_value(value)[0], at=at)

    def spreadsheet(self, workspace_id: str, user_id: str, value: str, *, at: dt.datetime) -> File:
        """The portfolio as a workbook, for the services of a screen."""
        self._check(workspace_id, user_id)
        return self._files.export(workspace_id, "xlsx", screens.read_filter_value(value)[0], at=at)

    def export(self, workspace_id: str, user_id: str, text: str, *, at: dt.datetime) -> File:
        """The portfolio as the file that *text* asks for: a format, for CSV a table, then which services."""
        self._check(workspace_id, user_id)
        word, _, rest = text.strip().partition(" ")
        format = word.casefold() or FORMATS[0]
        if format not in FORMATS:
            raise refuse(
                FORM, f"There is no export {word!r}. Write `/advisor export` and one of: {', '.join(FORMATS)}."
            )
        table, _, left = rest.strip().partition(" ")
        if format == "csv" and table in {one.name for one in SUBJECTS}:
            return self._files.export(workspace_id, "csv", read_filter(left), at=at, table=table)
        return self._files.export(workspace_id, format, read_filter(rest), at=at)

    def papers(self, workspace_id: str, user_id: str, named: str, *, at: dt.datetime) -> tuple[File, ...]:
        """The committee paper of the service that is named, or of the portfolio and which services of it."""
        word, _, rest = named.strip().partition(" ")
        if not word:
            raise refuse(FORM, "Say which: `/advisor paper` and a service's name, or `/advisor paper portfolio`.")
        if word.casefold() == WHOLE:
            self._check(workspace_id, user_id)
            return self._files.portfolio_papers(workspace_id, read_filter(rest), at=at)
        service = self._files.service_named(workspace_id, named)
        if service.owner_id != user_id:
            self._check(workspace_id, user_id)
        return self._files.service_papers(workspace_id, service, at=at)

    def case(self, workspace_id: str, user_id: str, named: str, *, at: dt.datetime) -> File:
        """The draft of a case study about the service that is named, for its owner or a leader."""
        if not named.strip():
            raise refuse(FORM, "Say which: `/advisor case` and a service's name.")
        service = self._files.service_named(workspace_id, named)
        if service.owner_id != user_id:
            self._check(workspace_id, user_id)
        return self._files.case_draft(workspace_id, service, at=at)

    def papers_of(self, workspace_id: str, user_id: str, value: str, *, at: dt.datetime) -> tuple[File, ...]:
        """The committee paper of the services of a screen."""
        self._check(workspace_id, user_id)
        return self._files.portfolio_papers(workspace_id, screens.read_filter_value(value)[0], at=at)

    def open(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> View:
        """The first page of everything, as a form."""
        return self.turn_view(workspace_id, user_id, screens.filter_value(Filter()), at=at)

    def digest(self, workspace_id: str, user_id: str, *, wanted: bool, at: dt.datetime) -> Message:
        """Stop the Monday digest for a sponsor, or let it come again."""
        with self._rules.ledger.writing(workspace_id) as pages:
            if wanted:
                pages.plans.end_snooze("digest", user_id)
            else:
                pages.plans.snooze(Snooze("digest", user_id, dt.date.max, user_id, at))
            for service in pages.services.of_person(user_id):
                if service.sponsor_id == user_id:
                    self._rules.replan(pages, service, at=at)
        return digest_set(wanted=wanted)

    def _check(self, workspace_id: str, user_id: str) -> None:
        if not self.may_look(workspace_id, user_id):
            raise Refused({FORM: screens.not_a_leader().text})

    def _screen(self, workspace_id: str, chosen: Filter, page: int, *, at: dt.datetime) -> screens.Screen:
        portfolio = self._files.read(workspace_id, chosen)
        overview, points = self._files.overview(portfolio, chosen, at=at)
        screen = screens.Screen(overview, points, chosen, day_of(at), max(1, page))
        return replace(screen, page=min(screen.page, screen.pages))
