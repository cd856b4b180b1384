"""How long it takes to look across: 500 services with three checkpoints each, from the database to what is sent.

Run: python -m benchmarks.portfolio
"""

from __future__ import annotations

import datetime as dt
import json
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.checkpoints.checkpoint import VALUES, Action, Answer, Checkpoint, Decision, Event, Step
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.services import PHASES, ROUTES, Contract, Service
from bot.checkpoints.templates import FrozenTemplate, freeze
from bot.knowledge.councils import load_councils
from bot.portfolio.filters import Filter
from bot.rendering.portfolio import filter_value
from bot.settings import SHIPPED_KNOWLEDGE, read_settings
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.portfolio import PortfolioDesk

WORKSPACE = "T1"
LEADER = "USPON"
SERVICES = 500
TEMPLATES = ("checkpoint/end-of-discovery", "checkpoint/end-of-alpha", "checkpoint/live")
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
RUNS = 7


def main() -> None:
    """Print each figure: the median of seven runs and the worst of them."""
    settings = read_settings()
    base = KnowledgeBase.open(settings.knowledge, today=NOW.date(), snapshots=settings.cache)
    with tempfile.TemporaryDirectory() as folder, closing(Database(f"sqlite:///{folder}/advisor.sqlite3")) as database:
        database.migrate()
        rules = Rules(base, Ledger(database), load_councils(SHIPPED_KNOWLEDGE))
        _fill(rules)
        desk = PortfolioDesk(rules, frozenset())
        every = filter_value(Filter())
        print(f"{SERVICES} services, {len(TEMPLATES)} checkpoints each, median and worst of {RUNS} runs:")
        _measure("message", lambda: desk.message(WORKSPACE, LEADER, "", at=NOW).payload())
        _measure("message, one directorate", lambda: desk.message(WORKSPACE, LEADER, "directorate:Place", at=NOW))
        _measure("part of the Home tab", lambda: desk.home(WORKSPACE, LEADER, at=NOW))
        _measure("picture", lambda: desk.picture(WORKSPACE, LEADER, every, at=NOW))
        _measure("picture, 40 services", lambda: desk.picture(WORKSPACE, LEADER, _forty(), at=NOW))
        for format in ("csv", "json", "ics", "xlsx"):
            _measure(format, lambda format=format: desk.export(WORKSPACE, LEADER, format, at=NOW))  # type: ignore[misc]
        _measure("papers, DOCX and Markdown", lambda: desk.papers_of(WORKSPACE, LEADER, every, at=NOW))
        _print_sizes(desk, Path(folder))


def _forty() -> str:
    return filter_value(Filter(area="Area 0"))


def _measure(name: str, work: Callable[[], object]) -> None:
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    taken.sort()
    print(f"  {name:28} {taken[RUNS // 2]:6.2f} s   {taken[-1]:6.2f} s")


def _print_sizes(desk: PortfolioDesk, folder: Path) -> None:
    home = desk.home(WORKSPACE, LEADER, at=NOW)
    picture = desk.picture(WORKSPACE, LEADER, filter_value(Filter()), at=NOW)
    print(f"Home: {len(home)} blocks of 100, {len(json.dumps(home).encode()) // 1000} KB of 250.")
    print(f"Picture: {len(picture.content) // 1000} KB, alt text {len(picture.alt)} characters of 1,000.")


def _fill(rules: Rules) -> None:
    chance = random.Random(1)
    templates = [_template(rules, id) for id in TEMPLATES]
    for first in range(0, SERVICES, 50):
        with rules.ledger.writing(WORKSPACE) as pages:
            for number in range(first, first + 50):
                service = _service(number, chance)
                pages.services.keep(service, (), who="import", at=NOW)
                piece = Evidence(f"e{number}", WORKSPACE, "penetration test", "Test", "https://x.gov.uk", NOW.date(),
                                 "U1", NOW)  # fmt: skip
                pages.evidence.keep(piece, service.id, at=NOW)
                for at, template in enumerate(templates):
                    pages.checkpoints.keep(_checkpoint(f"c{number}x{at}", service, template, chance), at=NOW)


def _template(rules: Rules, id: str) -> FrozenTemplate:
    entry = rules.library.get(id)
    assert entry is not None
    return freeze(entry, knowledge_version=rules.library.version, today=NOW.date())


def _service(number: int, chance: random.Random) -> Service:
    contract = Contract("Supplier", NOW.date() + dt.timedelta(days=chance.randrange(30, 1500)), value="medium")
    return Service(
        f"s{number}", WORKSPACE, f"C{number}", f"Service {number:03}", "LDS", f"UOWN{number}", LEADER,
        phase=PHASES[number % 5], route=ROUTES[number % 3], directorate=("Housing", "Place", "Adults", "")[number % 4],
        service_area=f"Area {number % 13}", contract=contract if number % 3 == 1 else None,
        facts=("has public users", "holds personal data"),
    )  # fmt: skip


def _checkpoint(id: str, service: Service, template: FrozenTemplate, chance: random.Random) -> Step:
    answers = {
        prompt.id: Answer(prompt.id, chance.choices(VALUES, (6, 2, 1, 1))[0], "A note of some length.", (), "U1", NOW)
        for prompt in template.prompts
    }
    made = Checkpoint(
        id, WORKSPACE, service.id, template, NOW.date() + dt.timedelta(days=30), "U1", NOW, "open", answers
    )
    if chance.random() < 0.5:
        return Step(made, ())
    action = Action(f"{id}-a1", id, "Test with disabled people", "U1", NOW.date() - dt.timedelta(days=3))
    at = NOW - dt.timedelta(days=chance.randrange(500))
    decision = Decision("met with conditions", LEADER, at, "", (action,))
    event = Event(id, "decided", LEADER, at, "", "submitted", "met with conditions")
    return Step(replace(made, state="met with conditions", decision=decision), (event,))


if __name__ == "__main__":
    main()
