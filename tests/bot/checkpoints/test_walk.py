"""Every template of the knowledge is walked from planned to its receipt, on every route and with every set of facts."""

from __future__ import annotations

import datetime as dt
from itertools import chain, combinations
from pathlib import Path

import pytest

from bot.checkpoints.checkpoint import VALUES, Checkpoint
from bot.checkpoints.progress import Given, answer, next_prompt, progress, start, submit
from bot.checkpoints.receipts import Receipt, verify, write_receipt
from bot.checkpoints.services import FACTS, ROUTES, Fact, Service
from bot.checkpoints.signoff import Condition, Ruling, decide, not_met
from bot.checkpoints.templates import freeze, prompts_for
from bot.knowledge.entry import Entry
from bot.knowledge.loading import load
from tests.bot.checkpoints.build import MEMBER, NOW, OWNER, SPONSOR, TODAY, make_evidence, make_service

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
ENTRIES = [entry for entry in load(KNOWLEDGE / "checkpoint").library.entries.values() if entry.template]
FACT_SETS: list[tuple[Fact, ...]] = [
    facts
    for facts in chain.from_iterable(combinations(FACTS, size) for size in range(len(FACTS) + 1))
    if not {"has public users", "has staff users only"} <= set(facts)
]
EVIDENCE = {"e1": make_evidence()}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_path_of_a_template_ends_in_a_receipt(entry: Entry) -> None:
    template = freeze(entry, knowledge_version="abc", today=TODAY)
    receipts: list[Receipt] = []
    for number, (route, facts) in enumerate((route, facts) for route in ROUTES for facts in FACT_SETS):
        service = make_service(route=route, facts=facts)
        begun = start(f"c{number}", service, template, dt.date(2027, 3, 1), by=OWNER, at=NOW, today=TODAY).checkpoint

        ready = answer_all(begun, service, first_value=number)
        assert progress(ready, service).unanswered == 0
        assert progress(ready, service).total + progress(ready, service).skipped == len(template.prompts)

        waiting = submit(ready, service, by=OWNER, at=NOW).checkpoint
        conditions = tuple(Condition(p.question[:300], MEMBER, TODAY, p.id) for p in not_met(waiting, service))
        ruling = Ruling("met with conditions" if conditions else "met", conditions=conditions)
        decided = decide(waiting, service, ruling, by=SPONSOR, at=NOW, today=TODAY).checkpoint
        receipts.append(write_receipt(decided, service, EVIDENCE, previous=receipts[-1] if receipts else None))

    assert verify(receipts) is None
    assert len({receipt.code for receipt in receipts}) == len(receipts) == 3 * len(FACT_SETS)


def answer_all(checkpoint: Checkpoint, service: Service, first_value: int) -> Checkpoint:
    """Answer prompt after prompt as the form leads, with another value each time."""
    asked: list[str] = []
    while (prompt := next_prompt(checkpoint, service, after=asked[-1] if asked else "")) is not None:
        value = VALUES[(first_value + len(asked)) % len(VALUES)]
        given = Given(prompt.id, value, "It does not." if value == "does not apply" else "", ("e1",))
        checkpoint = answer(checkpoint, service, given, by=MEMBER, at=NOW, evidence=EVIDENCE).checkpoint
        asked.append(prompt.id)
    assert asked == [prompt.id for prompt in prompts_for(checkpoint.template, service)]
    return checkpoint
