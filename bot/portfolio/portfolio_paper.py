"""The committee paper about many services: the position across a portfolio."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.checkpoints.dates import in_words
from bot.checkpoints.services import VALUE_BANDS, Service
from bot.knowledge.entry import Nation
from bot.knowledge.library import Library
from bot.portfolio.filters import directorate_of
from bot.portfolio.law import equality_lines, legal_lines, source_rows
from bot.portfolio.overview import Overview, look_across
from bot.portfolio.paper import (
    NOT_RECORDED,
    Grid,
    Paper,
    Row,
    Said,
    Section,
    counted_words,
    in_a_row,
    listed,
    missing,
    said,
    to_write,
)
from bot.portfolio.portfolio import Portfolio
from bot.portfolio.standings import FAILED, counted, number_of


def portfolio_paper(
    portfolio: Portfolio,
    points: Mapping[str, str],
    library: Library,
    *,
    nation: Nation | None,
    council: str,
    chosen: str,
    today: dt.date,
) -> Paper:
    """
    The paper of a whole portfolio. Every figure names its records; the annex names every service.

    Args: points: the ids of one standard's points, in order, with their titles. chosen: the filter in words, or "".
    """
    overview = look_across(portfolio, list(points), today=today)
    legal = legal_lines(portfolio.services, library, nation)
    equality = equality_lines(portfolio.services, library)
    sections = (
        _purpose(overview, chosen),
        Section("Recommendation", (
            said("That the committee notes the position in section 3 and the risks in section 4."),
            to_write("what else the committee is asked to decide, why, and which options were set aside."),
        )),
        _position(overview, points),
        _risks(overview, portfolio, today),
        _money(overview, today),
        Section("Legal", (*legal, to_write("the comments of the council's legal adviser."))),
        Section("Equality", (*equality, missing("Equality impact across the portfolio"),
                             to_write("who is affected and how, and what is done for them."))),
        Section("Climate", (missing("The effect on climate and carbon across the portfolio"),
                            to_write("what changes in energy, travel and equipment."))),
        Section("Consultation", (missing("Consultation across the portfolio"),
                                 to_write("who was asked, what they said and what changed by it."))),
        Section("Sources of the law", (), Grid(("Source", "Address", "Checked on"),
                                               source_rows((*legal, *equality), library), (5, 6, 3, 4))),
        _annex(overview),
    )  # fmt: skip
    front = (
        ("Council", said(council or NOT_RECORDED, *listed("service", _ids(portfolio.services)[:1]))),
        ("Report to", to_write("the committee and the date of its meeting.")),
        ("Report author", to_write("name and contact.")),
    )
    return Paper("Digital services: position against the standard", today, front, sections)


def _purpose(overview: Overview, chosen: str) -> Section:
    which = f" The services were chosen by: {chosen}." if chosen else ""
    total = counted_words(len(overview.services), "service stands", "services stand")
    return Section(
        "Purpose",
        (
            said(f"This report says how {total} against the standard.{which}", *_all(overview.services)),
            to_write("why the committee is asked now."),
        ),
    )


def _position(overview: Overview, points: Mapping[str, str]) -> Section:
    found: list[Said] = []
    for phase, count in overview.phases.items():
        ids = [one.id for one in overview.services if one.phase == phase]
        found.append(said(f"In {phase}: {counted_words(count, 'service', 'services')}.", *listed("service", ids)))
    if not overview.phases:
        found.append(missing("Services"))
    for one in overview.quarters:
        outcomes = [f"{count} {outcome}" for outcome, count in one.decisions.items()]
        if not outcomes:
            found.append(missing(f"Decisions in {one.name}"))
            continue
        what = f"{counted_words(one.decided, 'decision', 'decisions')} ({in_a_row(outcomes)})"
        found.append(said(f"In {one.name}: {what}.", *listed("checkpoint", one.checkpoint_ids)))
    rows = []
    for failing in overview.failing:
        at = [row[failing.point] for row in overview.standings.values()]
        short = dict.fromkeys(one.checkpoint_id for one in at if one.rating in FAILED)
        cells = (f"{number_of(failing.point)}. {points[failing.point]}", str(failing.not_yet),
                 str(failing.check_again), str(failing.partly), str(failing.answered))  # fmt: skip
        rows.append(Row(cells, listed("checkpoint", short)))
    if not rows:
        found.append(said("No service falls short at a point that it has answered."))
    headings = ("Point", "Not yet", "Check again", "Partly", "Services that answered")
    return Section(
        "Position at each point", tuple(found), Grid(headings, tuple(rows), (6, 2, 2, 2, 3, 6)) if rows else None
    )


def _risks(overview: Overview, portfolio: Portfolio, today: dt.date) -> Section:
    found = [
        said(f"{name}: {counted_words(len(late), 'condition is', 'conditions are')} overdue.",
             *listed("action", (one.action.id for one in late)))
        for name, late in overview.overdue.items()
    ]  # fmt: skip
    found = found or [said("No condition of a decision is overdue.")]
    waived = [
        checkpoint.id
        for service in portfolio.services
        for checkpoint in portfolio.of(service)
        if checkpoint.decision and any(today <= waiver.until for waiver in checkpoint.decision.waivers)
    ]
    words = counted_words(len(waived), "checkpoint has", "checkpoints have") if waived else "No checkpoint has"
    found.append(said(f"{words} a waiver that holds today.", *listed("checkpoint", waived)))
    found.append(to_write("the council's own scores for these risks, and who carries each."))
    return Section("Risks and waivers", tuple(found))


def _money(overview: Overview, today: dt.date) -> Section:
    rows = []
    for service, radar in overview.contracts:
        assert service.contract is not None
        passed = " (passed)" if radar.decide_by < today else ""
        value = VALUE_BANDS[service.contract.value] if service.contract.value != "unknown" else NOT_RECORDED
        cells = (service.name, radar.supplier, value, in_words(radar.decide_by) + passed, in_words(radar.ends_on))
        rows.append(Row(cells, (f"service {service.id}",)))
    first = said("Contracts by the day by which to decide:") if rows else missing("Contracts")
    prompts = (
        missing("What the services cost to run, and savings"),
        to_write(
            "the budgets they are paid from, and the comments of the officer who answers for the council's finances."
        ),
    )
    headings = ("Service", "Supplier", "Value with VAT", "Decide by", "Ends")
    grid = Grid(headings, tuple(rows), (5, 4, 4, 4, 4, 3)) if rows else None
    return Section("Money", (first,), grid, prompts)


def _annex(overview: Overview) -> Section:
    rows = tuple(
        Row(
            (one.name, directorate_of(one), one.phase, one.system or NOT_RECORDED,
             in_a_row([f"{rating} {n}" for rating, n in counted(overview.standings[one.id]).items()])),
            (f"service {one.id}",),
        )
        for one in overview.services
    )  # fmt: skip
    return Section(
        "Annex: every service",
        (),
        Grid(("Service", "Directorate", "Phase", "System", "Points"), rows, (5, 4, 3, 4, 5, 3)),
    )


def _all(services: Sequence[Service]) -> tuple[str, ...]:
    return listed("service", _ids(services))


def _ids(services: Sequence[Service]) -> list[str]:
    return [one.id for one in services]
