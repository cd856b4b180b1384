"""Looking across as files: the portfolio read in one moment, and what is written from it."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from dataclasses import replace
from typing import Final, Literal, get_args

from bot.checkpoints.calendar import day_of
from bot.checkpoints.calendar_file import calendar_file, due_dates
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.panel_notes import KIND, panel_notes
from bot.checkpoints.refusals import refuse
from bot.checkpoints.services import STANDARDS, Service
from bot.knowledge.entry import Nation
from bot.knowledge.library import Library
from bot.portfolio.case_draft import case_draft
from bot.portfolio.filters import Filter, chosen_from
from bot.portfolio.overview import Overview, look_across
from bot.portfolio.portfolio import Portfolio, radars
from bot.portfolio.portfolio_paper import portfolio_paper
from bot.portfolio.service_paper import service_paper
from bot.portfolio.tables import SUBJECTS, tables
from bot.rendering.export_files import as_csv, as_json, as_xlsx
from bot.rendering.files import File
from bot.rendering.heat_map import heat_map
from bot.rendering.paper_files import paper_docx, paper_markdown
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_rules import Rules

Format = Literal["xlsx", "csv", "json", "ics"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
WHOLE: Final = "portfolio"
"""The word for the paper about every service."""


def read_portfolio(pages: Pages, rules: Rules) -> Portfolio:
    """Everything recorded about the services of a workspace."""
    services = tuple(pages.services.all())
    by_service: dict[str, list[Checkpoint]] = {}
    for one in pages.checkpoints.all():
        by_service.setdefault(one.service_id, []).append(one)
    return Portfolio(
        services=services,
        checkpoints={id: tuple(found) for id, found in by_service.items()},
        history=tuple(pages.checkpoints.happened(("decided", "action done"))),
        receipts=pages.receipts.codes(),
        notes=panel_notes(pages.checkpoints.happened((KIND,))),
        evidence={one.id: one for one in pages.evidence.all()},
        evidence_of=pages.evidence.homes(),
        lives=rules.lives,
    )


def points_of(library: Library, standard: str) -> dict[str, str]:
    """The points of a standard in order: id and title, the title without the standard's name."""
    entries = [one for one in library.of_kind(standard) if one.standard_point is not None]
    entries.sort(key=lambda one: one.standard_point.number if one.standard_point else 0)
    return {one.id: _short(one.title) for one in entries}


class PortfolioFiles:
    """Writes the files of a portfolio."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def read(self, workspace_id: str, chosen: Filter) -> Portfolio:
        """The services that pass, with all that belongs to them."""
        with self._rules.ledger.reading(workspace_id) as pages:
            found = read_portfolio(pages, self._rules)
        return chosen_from(found, chosen)

    def overview(self, portfolio: Portfolio, chosen: Filter, *, at: dt.datetime) -> tuple[Overview, dict[str, str]]:
        """The overview at the points of the standard that was chosen, and the titles of these."""
        points = points_of(self._rules.library, chosen.standard)
        return look_across(portfolio, list(points), today=day_of(at)), points

    def picture(self, workspace_id: str, chosen: Filter, *, at: dt.datetime) -> File:
        """The heat map, services by points. Raises: Refused: there is no service to draw."""
        portfolio = self.read(workspace_id, chosen)
        if not portfolio.services:
            raise refuse("form", "There is no service to draw. Choose others, or start one with `/checkpoint start`.")
        overview, points = self.overview(portfolio, chosen, at=at)
        return heat_map(overview, points, chosen=chosen.words(), today=day_of(at))

    def export(
        self, workspace_id: str, format: Format, chosen: Filter, *, at: dt.datetime, table: str = SUBJECTS[0].name
    ) -> File:
        """
        The portfolio as a file; for CSV one *table* of it.

        Raises: Refused: there is no such table.
        """
        portfolio, today = self.read(workspace_id, chosen), day_of(at)
        name, title = f"advisor-portfolio-{today.isoformat()}", f"Advisor portfolio, {today.isoformat()}"
        if format == "ics":
            return File(f"{name}.ics", title, self._calendar(portfolio, at=at))
        every = {id: text for one in STANDARDS for id, text in points_of(self._rules.library, one).items()}
        found = tables(portfolio, every, today=today)
        if format == "xlsx":
            return File(f"{name}.xlsx", title, as_xlsx(found, title=title))
        if format == "json":
            text = as_json(found, workspace_id=workspace_id, chosen=chosen.words(), at=at)
            return File(f"{name}.json", title, text.encode())
        one = next((one for one in found if one.name == table), None)
        if one is None:
            names = ", ".join(subject.name for subject in SUBJECTS)
            raise refuse("table", f"There is no table {table!r}. Choose one of: {names}.")
        return File(f"{name}-{one.name}.csv", f"{title}: {one.name}", as_csv(one).encode())

    def service_named(self, workspace_id: str, named: str) -> Service:
        """
        The service that somebody means by its name, a part of it, or its id.

        Raises: Refused: none or several are called so; the message says which there are.
        """
        with self._rules.ledger.reading(workspace_id) as pages:
            services = pages.services.all()
        wanted = " ".join(named.casefold().split())
        exact = [one for one in services if wanted in (one.name.casefold(), one.id.casefold())]
        near = exact or [one for one in services if wanted and wanted in one.name.casefold()]
        if len(near) == 1:
            return near[0]
        close = [one.name for one in near] or difflib.get_close_matches(named, [one.name for one in services], 5, 0.4)
        if not services:
            raise refuse("service", "No service is registered yet. `/checkpoint start` in a team's channel starts one.")
        hint = f" Did you mean: {'; '.join(close[:8])}?" if close else ""
        many = f"{len(near)} services are called something like {named!r}." if near else ""
        raise refuse("service", (many or f"No service is called {named!r}.") + hint)

    def service_papers(self, workspace_id: str, service: Service, *, at: dt.datetime) -> tuple[File, File]:
        """The committee paper of a service, as DOCX and as Markdown."""
        portfolio, today = self.read(workspace_id, Filter()), day_of(at)
        portfolio = replace(portfolio, services=(service,))
        every = {id: text for one in STANDARDS for id, text in points_of(self._rules.library, one).items()}
        nation, council = self._where((service,))
        library = self._rules.library
        paper = service_paper(service, portfolio, every, library, nation=nation, council=council, today=today)
        name = f"paper-{_slug(service.name)}-{today.isoformat()}"
        return _both(name, paper.title, paper_docx(paper), paper_markdown(paper))

    def case_draft(self, workspace_id: str, service: Service, *, at: dt.datetime) -> File:
        """The draft of a case study from a service's own record. Raises: Refused: it has not passed its live review."""
        portfolio, today = self.read(workspace_id, Filter()), day_of(at)
        portfolio = replace(portfolio, services=(service,))
        points = [id for one in STANDARDS for id in points_of(self._rules.library, one)]
        _, council = self._where((service,))
        text = case_draft(service, portfolio, points, council=council, today=today)
        return File(f"{_slug(service.name)}.yaml", f"Case study of {service.name}, a draft", text.encode())

    def portfolio_papers(self, workspace_id: str, chosen: Filter, *, at: dt.datetime) -> tuple[File, File]:
        """The committee paper of every service that passes, as DOCX and as Markdown."""
        portfolio, today = self.read(workspace_id, chosen), day_of(at)
        nation, council = self._where(portfolio.services)
        points, library = points_of(self._rules.library, chosen.standard), self._rules.library
        paper = portfolio_paper(
            portfolio, points, library, nation=nation, council=council, chosen=chosen.words(), today=today
        )
        return _both(f"paper-portfolio-{today.isoformat()}", paper.title, paper_docx(paper), paper_markdown(paper))

    def _calendar(self, portfolio: Portfolio, *, at: dt.datetime) -> bytes:
        found = radars(portfolio, today=day_of(at))
        due = [date for one in portfolio.services for date in due_dates(one, portfolio.of(one), found.get(one.id))]
        return calendar_file(due, name="Advisor: checkpoints", at=at)

    def _where(self, services: tuple[Service, ...]) -> tuple[Nation | None, str]:
        """The nation and the name of the council that most of these services belong to."""
        common = Counter(one.council for one in services).most_common(1)
        council = self._rules.councils.get(common[0][0]) if common else None
        return (council.nation, council.name) if council else (None, "")


def _both(name: str, title: str, docx: bytes, markdown: str) -> tuple[File, File]:
    return File(f"{name}.docx", title, docx), File(f"{name}.md", f"{title} (Markdown)", markdown.encode())


def _short(title: str) -> str:
    text = title.rpartition(": ")[2]
    return text[:1].upper() + text[1:]


def _slug(name: str) -> str:
    letters = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name.casefold())
    return "-".join(part for part in letters.split("-") if part)[:60] or "service"
