"""Committee papers: every figure names a record that exists, and what nobody recorded is said to be so."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from bot.checkpoints.services import Service
from bot.knowledge.library import Library
from bot.knowledge.loading import load
from bot.portfolio.law import LEGAL, legal_lines
from bot.portfolio.paper import NOT_RECORDED, Paper, Row, Said, listed, records
from bot.portfolio.portfolio import Portfolio
from bot.portfolio.portfolio_paper import portfolio_paper
from bot.portfolio.service_paper import service_paper
from bot.settings import SHIPPED_KNOWLEDGE
from bot.usecases.portfolio_files import points_of
from tests.bot.checkpoints.build import TODAY, make_service
from tests.bot.portfolio.build import make_portfolio

PORTFOLIO = make_portfolio(30)
HEADINGS = ["Purpose", "Recommendation", "Position at each point", "Risks", "Money", "Legal", "Equality", "Climate",
            "Consultation"]  # fmt: skip
_OWN_NUMBERS = re.compile(r"in section \d+( and the risks in section \d+)?")


@cache
def library() -> Library:
    return load(SHIPPED_KNOWLEDGE).library


def points() -> dict[str, str]:
    standards = ("service-standard", "local-standard", "technology-code")
    return {id: title for one in standards for id, title in points_of(library(), one).items()}


def paper_of(service: Service, portfolio: Portfolio = PORTFOLIO) -> Paper:
    return service_paper(
        service, portfolio, points(), library(), nation="england", council="Leeds City Council", today=TODAY
    )


def whole() -> Paper:
    titles = points_of(library(), "service-standard")
    return portfolio_paper(
        PORTFOLIO, titles, library(), nation="england", council="Leeds City Council", chosen="", today=TODAY
    )


def papers() -> list[Paper]:
    return [whole(), *(paper_of(one) for one in PORTFOLIO.services[:12])]


def known_records() -> set[str]:
    checkpoints = [one for kept in PORTFOLIO.checkpoints.values() for one in kept]
    actions = [action for one in checkpoints if one.decision for action in one.decision.actions]
    return {
        *(f"service {one.id}" for one in PORTFOLIO.services),
        *(f"checkpoint {one.id}" for one in checkpoints),
        *(f"action {one.id}" for one in actions),
        *(f"evidence {id}" for id in PORTFOLIO.evidence),
        *(f"receipt {code}" for codes in PORTFOLIO.receipts.values() for code in codes),
        *(f"entry {one.id}" for one in library()),
    }


def parts_of(paper: Paper) -> list[Said | Row]:
    found: list[Said | Row] = [line for _, line in paper.front]
    for section in paper.sections:
        found += [*section.said, *(section.grid.rows if section.grid else ()), *section.then]
    return found


def words_of(part: Said | Row) -> str:
    return part.text if isinstance(part, Said) else " ".join(part.cells)


@pytest.mark.parametrize("number", range(13))
def test_every_figure_traces_to_a_record_that_exists(number: int) -> None:
    known = known_records()
    for part in parts_of(papers()[number]):
        words = _OWN_NUMBERS.sub("", words_of(part))
        if words.startswith("Decisions in Q") and words.endswith(f": {NOT_RECORDED}."):
            continue  # a quarter in which there is no record cannot name one
        if re.search(r"\d", words) and not (isinstance(part, Said) and part.sort == "to be written"):
            assert part.refs, words
        for ref in part.refs:
            assert ref in known or re.fullmatch(r"and \d+ more in the annex", ref), ref


@pytest.mark.parametrize("paper", [whole(), paper_of(PORTFOLIO.services[0])])
def test_the_sections_are_those_of_a_council_report(paper: Paper) -> None:
    assert [section.heading.split(",")[0].split(" and ")[0] for section in paper.sections][:9] == [
        heading.split(" and ")[0] for heading in HEADINGS
    ]
    assert paper.sections[2].heading.startswith("Position")
    assert paper.sections[3].heading.startswith("Risks")


@pytest.mark.parametrize("paper", [whole(), paper_of(PORTFOLIO.services[0])])
def test_what_only_people_can_say_is_left_as_a_prompt(paper: Paper) -> None:
    for heading in ("Purpose", "Recommendation", "Money", "Legal", "Equality", "Climate", "Consultation"):
        [section] = [one for one in paper.sections if one.heading == heading]
        assert [line.sort for line in (*section.said, *section.then)].count("to be written") == 1


def test_a_bare_service_says_what_is_not_recorded_and_names_no_figure() -> None:
    bare = make_service(facts=(), contract=None)
    paper = paper_of(bare, Portfolio((bare,)))

    text = " ".join(words_of(part) for part in parts_of(paper))
    for what in ("What the service is for", "The system it runs on", "Contract",
                 "What the service costs to run", "Evidence",
                 "Decisions on checkpoints", "The effect on climate and carbon"):  # fmt: skip
        assert f"{what}: {NOT_RECORDED}." in text


def test_the_system_of_each_service_is_in_its_paper_and_in_the_annex() -> None:
    service = next(one for one in PORTFOLIO.services if one.system)
    without = next(one for one in PORTFOLIO.services if not one.system)

    purpose = paper_of(service).sections[0]
    annex = whole().sections[-1].grid

    assert Said(f"It runs on {service.system}.", (f"service {service.id}",)) in purpose.said
    assert annex is not None
    column = annex.headings.index("System")
    shown = {row.refs[0]: row.cells[column] for row in annex.rows}
    assert shown[f"service {service.id}"] == service.system
    assert shown[f"service {without.id}"] == NOT_RECORDED


def test_the_law_is_the_entries_word_for_word_and_only_what_concerns_the_service() -> None:
    service = make_service(route="built", facts=("has public users",))

    lines = legal_lines([service], library(), "england")

    known = {line for id in LEGAL if (entry := library().get(id)) and entry.guide for line in entry.guide.law}
    entries = [entry for id in LEGAL if (entry := library().get(id))]
    known |= {entry.by_nation["england"] for entry in entries if "england" in entry.by_nation}
    assert lines
    assert all(any(line.text.endswith(one) for one in known) for line in lines)
    assert {ref for line in lines for ref in line.refs}.isdisjoint({"entry guide/data-protection", "entry guide/ai"})
    more = legal_lines([replace(service, facts=("holds personal data", "uses AI"))], library(), "wales")
    assert {"entry guide/data-protection", "entry guide/ai"} <= {ref for line in more for ref in line.refs}


def test_every_entry_that_is_looked_at_for_the_law_is_there_and_names_some() -> None:
    without = [id for id in LEGAL if (entry := library().get(id)) is None or not (entry.guide and entry.guide.law)]

    assert without in ([], ["guide/payments"])


def test_many_records_are_counted_after_the_first_dozen() -> None:
    refs = listed("service", [f"s{number}" for number in range(20)])

    assert len(refs) == 13
    assert refs[-1] == "and 8 more in the annex"
    assert records(("checkpoint c1", "checkpoint c2", "receipt 4-7Q")) == "checkpoint c1, c2; receipt 4-7Q"
