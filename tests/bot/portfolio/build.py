"""A made-up council for tests and benchmarks: services in every phase, answered, decided, waived, overdue."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

from bot.checkpoints.checkpoint import VALUES, Action, Checkpoint, Decision, Event, Value, Waiver
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.services import PHASES, ROUTES, Contract, Service
from bot.checkpoints.templates import FrozenTemplate
from bot.portfolio.portfolio import Portfolio
from tests.bot.checkpoints.build import (
    NOW,
    SPONSOR,
    TODAY,
    make_answer,
    make_checkpoint,
    make_evidence,
    make_prompt,
    make_service,
    make_template,
)

POINTS = tuple(f"service-standard/{number:02}" for number in range(1, 15))
TITLES = {point: f"Point {number}" for number, point in enumerate(POINTS, 1)}
DIRECTORATES = ("Housing", "Adults & health", "", "Place")


def standard_template(id: str = "checkpoint/end-of-alpha") -> FrozenTemplate:
    """A template with a prompt about each point."""
    prompts = [make_prompt(f"p{number}", points=(point,)) for number, point in enumerate(POINTS, 1)]
    return make_template(*prompts, id=id)


def make_portfolio(
    count: int, *, seed: int = 1, templates: Sequence[FrozenTemplate] = (), workspace_id: str = "T1"
) -> Portfolio:
    """So many services, the same every time; each has a checkpoint of every one of *templates*."""
    chance = random.Random(seed)
    services, checkpoints, history = [], {}, []
    receipts: dict[str, tuple[str, ...]] = {}
    evidence: dict[str, Evidence] = {}
    homes: dict[str, str] = {}
    for number in range(count):
        service = _service(number, chance, workspace_id)
        piece = make_evidence(f"e{number}", workspace_id=workspace_id, title=f"Audit {number}")
        evidence[piece.id], homes[piece.id] = piece, service.id
        found = []
        for at, template in enumerate(templates or (standard_template(),)):
            made = _checkpoint(f"c{number}x{at}", service, template, piece, chance)
            found.append(made)
            if made.decision:
                receipts[made.id] = (f"{number + 1}-ABCDEF",)
                history.append(Event(made.id, "decided", SPONSOR, made.decision.at, "", "submitted", made.state))
        services.append(service)
        checkpoints[service.id] = tuple(found)
    services.sort(key=lambda one: (one.name, one.id))
    return Portfolio(tuple(services), checkpoints, tuple(history), receipts, evidence, homes)


def _service(number: int, chance: random.Random, workspace_id: str) -> Service:
    bought = number % 3 == 1
    contract = Contract(f"Supplier {number % 7}", TODAY + dt.timedelta(days=chance.randrange(30, 1500)), value="medium")
    return make_service(
        id=f"s{number}",
        workspace_id=workspace_id,
        channel_id=f"C{number}",
        name=f"Service {number:03}",
        phase=PHASES[number % 5],
        route=ROUTES[number % 3],
        directorate=DIRECTORATES[number % 4],
        service_area=f"Area {number % 5}",
        system=f"System {number % 9}" if number % 2 else "",
        sponsor_id=SPONSOR if number % 2 else "USPONSOR2",
        facts=("has public users", "holds personal data"),
        contract=contract if bought else None,
        council="LDS",
    )


def _checkpoint(
    id: str, service: Service, template: FrozenTemplate, piece: Evidence, chance: random.Random
) -> Checkpoint:
    answers = {}
    for prompt in template.prompts:
        value: Value = chance.choices(VALUES, (6, 2, 1, 1))[0]
        lapsed = (piece.id,) if value == "met" and chance.random() < 0.05 else ()
        answers[prompt.id] = make_answer(prompt.id, value, note=f"Note on {prompt.id}.", evidence_ids=(piece.id,),
                                         lapsed=lapsed)  # fmt: skip
    made = replace(make_checkpoint(template, id=id, service=service), answers=answers)
    state = chance.choice(("open", "submitted", "met", "met with conditions", "waived"))
    if state == "submitted":
        return replace(made, state="submitted", submitted_by="UOWNER", submitted_at=NOW - dt.timedelta(days=20))
    if state == "open":
        return replace(made, state="open", due_on=TODAY - dt.timedelta(days=chance.randrange(-40, 40)))
    actions = (Action(f"{id}-a1", id, "Test with disabled people", "UOWNER", TODAY - dt.timedelta(days=9)),)
    waivers = (Waiver("No money this year", SPONSOR, TODAY + dt.timedelta(days=10), (template.prompts[0].id,)),)
    decision = Decision(
        "met" if state == "waived" else state,  # type: ignore[arg-type]
        SPONSOR,
        NOW - dt.timedelta(days=chance.randrange(1, 500)),
        "",
        actions if state == "met with conditions" else (),
        waivers if state == "waived" else (),
    )
    return replace(made, state="met" if state == "waived" else state, decision=decision)  # type: ignore[arg-type]
