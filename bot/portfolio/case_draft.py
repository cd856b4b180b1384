"""Giving back: the draft of a case study from the record of a service that has passed its live review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.knowledge.draft import draft_text, note
from bot.knowledge.skeleton import REVIEW_AFTER, TO_WRITE
from bot.portfolio.portfolio import Portfolio
from bot.portfolio.standings import standings

PASSED_BY: Final = ("checkpoint/live-review", "checkpoint/live")
"""The checkpoints after which a service has something to give back: into live, and the yearly review of what is."""

_ROUTES: Final = {"built": "Built it", "bought": "Bought it", "configured": "Configured a shared product"}
_MOST_SOURCES: Final = 8


def case_draft(service: Service, portfolio: Portfolio, points: Sequence[str], *, council: str, today: dt.date) -> str:
    """
    The draft as YAML. What the record says stands in it; everything else is a note to write, which the check names.

    No answer's note is taken over: what a team wrote for its sponsor is not for the world. Nor is any person.
    Raises: Refused: the service has passed neither "into live" nor its live review.
    """
    decided = _passed(service, portfolio)
    sources = _sources(service, portfolio, today)
    facts = _facts(service, portfolio, decided, sources)
    met = [id for id, one in standings(portfolio, points, today=today)[service.id].items() if one.rating == "met"]
    fields: dict[str, Any] = {
        "title": f"{council or note('the council')}: {service.name}",
        "aliases": [],
        "questions": [note("fifteen questions or more, as different people would put them, a line each")],
        "summary": note("what was done and what came of it, the outcome first, in sixty words at most"),
        "body": note("the rest"),
        "next_steps": [note("what another council can do on Monday")],
        "applies_to": ["councils"],
        "tags": [service.service_area] if service.service_area else [],
        "case": _case(service, portfolio, council, decided, met, facts),
        "facts": [{"fact": text, "source": url} for text, url in facts.items()],
        "sources": sources,
        "review_by": today + REVIEW_AFTER["case"],
        "related": [],
    }
    return draft_text(fields, remark=_remark(service, decided))


def has_passed(checkpoint: Checkpoint) -> bool:
    """Whether a checkpoint is one after which a service has something to give back."""
    return checkpoint.template.id in PASSED_BY and checkpoint.state in ("met", "met with conditions")


def _passed(service: Service, portfolio: Portfolio) -> Checkpoint:
    passed = [one for one in portfolio.of(service) if has_passed(one) and one.decision is not None]
    if not passed:
        raise refuse(
            FORM,
            f"{service.name} has not passed its live review yet. A case study is drafted once its sponsor has signed "
            "the checkpoint into live, or the live review.",
        )
    return max(passed, key=lambda one: one.decision.at if one.decision else one.created_at)


def _remark(service: Service, decided: Checkpoint) -> str:
    assert decided.decision is not None
    return (
        f"Drafted from the record of service {service.id}, checkpoint {decided.id}.\n"
        "Each WRITE is something that nobody recorded: write it or remove the line.\n"
        "Read the sources again before you offer it: a link may be for the council's own people only.\n"
        "Save it below knowledge/case/ and run: advisor knowledge check"
    )


def _case(
    service: Service, portfolio: Portfolio, council: str, decided: Checkpoint, met: list[str], facts: Mapping[str, str]
) -> dict[str, Any]:
    conditional = decided.state == "met with conditions"
    own = {one.id for one in portfolio.of(service)}
    returned = any(one.after == "returned" and one.checkpoint_id in own for one in portfolio.history)
    outcome = "It has passed its review by its sponsor" + (", with conditions. " if conditional else ". ")
    wrong = "A checkpoint was returned to the team before it was met. " if returned else ""
    return {
        "organisations": [council or note("who")],
        "years": _years(portfolio, service, decided) if facts else note("from when to when"),
        "verdict": "mixed" if conditional else "worked",
        "problem": service.purpose or note("the problem"),
        "did": f"{_ROUTES[service.route]}. {note('what they did')}",
        "outcome": outcome + note("the outcome in figures, and who says so"),
        "went_wrong": wrong + note("what went wrong"),
        "lessons": [note("one lesson")],
        "service_areas": [service.service_area] if service.service_area else [],
        "illustrates": met,
    }


def _facts(
    service: Service, portfolio: Portfolio, decided: Checkpoint, sources: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """The figures that the draft names, by the source that is nearest to them; none where nothing can be looked up."""
    if str(sources[0]["title"]).startswith(TO_WRITE):
        return {}
    return {f"From first checkpoint to review: {_years(portfolio, service, decided)}.": str(sources[0]["url"])}


def _years(portfolio: Portfolio, service: Service, decided: Checkpoint) -> str:
    assert decided.decision is not None
    first = min(day_of(one.created_at).year for one in portfolio.of(service))
    last = day_of(decided.decision.at).year
    return str(last) if first >= last else f"{first} to {last}"


def _sources(service: Service, portfolio: Portfolio, today: dt.date) -> list[dict[str, Any]]:
    """The service and its evidence that has an address, the newest first; without any, a note to find one."""
    used = {id for one in portfolio.of(service) for answer in one.answers.values() for id in answer.evidence_ids}
    used |= {id for id, home in portfolio.evidence_of.items() if home == service.id}
    pieces = [portfolio.evidence[id] for id in used if id in portfolio.evidence and portfolio.evidence[id].link]
    newest = sorted(pieces, key=lambda one: (one.dated_on, one.id), reverse=True)[:_MOST_SOURCES]
    found = [_source(piece) for piece in newest]
    if service.link:
        known = day_of(max(one.created_at for one in portfolio.of(service)))
        found.insert(0, {"title": service.name, "url": service.link, "checked": known})
    return found or [{"title": note("the title"), "url": f"https://www.gov.uk/{TO_WRITE}", "checked": today}]


def _source(piece: Evidence) -> dict[str, Any]:
    return {"title": piece.title, "url": piece.link, "checked": day_of(piece.added_at)}
