"""
Every template of the knowledge is walked through the use cases, following the forms as they come.

The whole product of routes, facts, answers and ends is walked over the pure rules (tests/bot/checkpoints/test_walk.py).
Here each branch is taken at least once: every route, every point asked and every conditional one also skipped, every
point with every value, and every way a checkpoint can end; ``test_no_branch_is_left_out`` counts them.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.checkpoint import VALUES, Checkpoint, Value
from bot.checkpoints.receipts import verify
from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import FACTS, ROUTES, Fact, Service, changes
from bot.checkpoints.signoff import not_met
from bot.checkpoints.templates import FrozenPrompt, freeze, prompts_for, skipped_for, wording
from bot.knowledge.councils import Council
from bot.knowledge.entry import Entry, Route
from bot.knowledge.library import Library
from bot.knowledge.loading import load
from bot.rendering.message import View
from bot.rendering.mrkdwn import escape
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.usecases.checkpoint_desks import open_desks
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.upkeep import Upkeep

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
TEMPLATES = [entry for entry in load(KNOWLEDGE / "checkpoint").library if entry.template]
NOW = dt.datetime(2027, 1, 11, 10, tzinfo=LONDON)
WORKSPACE, OWNER, SPONSOR, BOSS = "T1", "UOWNER", "USPONSOR", "UBOSS"
STAFF: tuple[Fact, ...] = ("has staff users only",)
PUBLIC: tuple[Fact, ...] = tuple(fact for fact in FACTS if fact not in STAFF)
ENDS = ("decided", "returned", "waived", "taken back")


@dataclass(frozen=True)
class Way:
    """One way through a template: the service, which value its first point gets (the others follow), and the end."""

    route: Route
    facts: tuple[Fact, ...]
    turn: int
    end: str

    def value(self, number: int) -> Value:
        """What the point at that place of the template is answered."""
        return VALUES[(self.turn + number) % len(VALUES)]


PATHS = [*(Way(ROUTES[turn % 3], PUBLIC, turn, ENDS[turn]) for turn in range(4)), Way("built", STAFF, 0, "decided")]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("walked") / "advisor.sqlite3"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
    return file


@pytest.fixture
def rules(migrated: Path, tmp_path: Path) -> Iterator[Rules]:
    file = shutil.copy(migrated, tmp_path)
    leeds = Council(code="LDS", name="Leeds", type="x", tier="metropolitan", nation="england", region="x")
    base = cast("KnowledgeBase", SimpleNamespace(current=SimpleNamespace(library=Library.of(TEMPLATES))))
    with closing(Database(f"sqlite:///{file}")) as database:
        yield Rules(base, Ledger(database), {"LDS": leeds})


@pytest.mark.parametrize("entry", TEMPLATES, ids=lambda entry: entry.id)
def test_every_branch_of_a_template_is_walked_as_its_forms_lead(entry: Entry, rules: Rules) -> None:
    for number, path in enumerate(PATHS):
        Walker(rules, entry, path, number).walk()

    with rules.ledger.reading(WORKSPACE) as pages:
        receipts = pages.receipts.all()
    assert verify(receipts) is None
    assert len(receipts) == sum(2 if path.end in ("returned", "waived") else 1 for path in PATHS)


@pytest.mark.parametrize("entry", TEMPLATES, ids=lambda entry: entry.id)
def test_no_branch_is_left_out(entry: Entry) -> None:
    template = freeze(entry, knowledge_version="x", today=NOW.date())
    taken: set[tuple[str, str]] = set()
    for path in PATHS:
        service = make_service(path, 0)
        asked = {prompt.id for prompt in prompts_for(template, service)}
        for number, prompt in enumerate(template.prompts):
            values = {("asked", path.route), ("value", path.value(number))} if prompt.id in asked else {("skipped", "")}
            taken |= {(prompt.id, f"{kind} {which}") for kind, which in values}

    for prompt in template.prompts:
        bought_only = prompt.only_if == "is bought"
        wanted = {f"value {value}" for value in VALUES} if not bought_only else set()
        wanted |= {f"asked {route}" for route in ROUTES if route == "bought" or not bought_only}
        wanted |= {"skipped "} if prompt.only_if else set()
        assert wanted <= {what for id, what in taken if id == prompt.id}, prompt.id
    assert {path.end for path in PATHS} == set(ENDS)


class Walker:
    """Goes one way through one template; every form that comes is looked at."""

    def __init__(self, rules: Rules, entry: Entry, path: Way, number: int) -> None:
        self.rules, self.entry, self.path = rules, entry, path
        self.desks, self.service, self.now = open_desks(rules), make_service(path, number), NOW
        with rules.ledger.writing(WORKSPACE) as pages:
            pages.services.keep(self.service, changes(None, self.service), who=OWNER, at=NOW)
        form = json.dumps({"service": self.service.id})
        self.desks.services.open(WORKSPACE, OWNER, form, {"template": entry.id, "due_on": "2027-06-01"}, at=NOW)

    def walk(self) -> None:
        checkpoint = self.checkpoint()
        asked = prompts_for(checkpoint.template, self.service)
        self.refuse_what_is_skipped(checkpoint)
        view = self.desks.walk.view(WORKSPACE, checkpoint.id, at=self.now)
        led: list[str] = []
        while view.callback_id == "checkpoint_answer":
            prompt = next(one for one in asked if one.id == json.loads(view.private_metadata)["prompt"])
            self.check_form(view, prompt, f"Point {len(led) + 1} of {len(asked)}")
            view = self.answer(view, prompt)
            led.append(prompt.id)

        assert led == [prompt.id for prompt in asked]
        assert view.callback_id == "checkpoint_submit"
        assert "Every point has an answer" in json.dumps(view.payload())
        self.hand_in()
        getattr(self, self.path.end.replace(" ", "_"))()
        assert self.checkpoint().state in ("met", "met with conditions")

    def check_form(self, view: View, prompt: FrozenPrompt, place: str) -> None:
        said = "\n".join(_words(view.payload()))
        text = wording(prompt, self.path.route)
        assert place in said
        assert escape(prompt.question) in said
        assert text.remark == "" or escape(text.remark) in said
        assert (text.own.ask_supplier == ()) == ("Ask the supplier" not in said)

    def answer(self, view: View, prompt: FrozenPrompt) -> View:
        """Answer a point; where the answer lacks something it is refused first, and nothing is kept."""
        number = [one.id for one in self.checkpoint().template.prompts].index(prompt.id)
        value = self.path.value(number)
        values: dict[str, str] = {"value": value}
        if value == "does not apply":
            self.refused(view, values, "note", "Say why it does not apply")
            values["note"] = "It is somebody else's."
        if value == "met" and prompt.link_required:
            self.refused(view, values, "link", "needs evidence with a link")
            values["link"] = f"https://example.gov.uk/{prompt.id}"
        done = self.desks.walk.answer(WORKSPACE, OWNER, view.private_metadata, values, at=self.now)
        assert done.view is not None
        return done.view

    def refused(self, view: View, values: dict[str, str], field: str, words: str) -> None:
        with pytest.raises(Refused, match=words) as caught:
            self.desks.walk.answer(WORKSPACE, OWNER, view.private_metadata, values, at=self.now)
        assert list(caught.value.faults) == [field]

    def refuse_what_is_skipped(self, checkpoint: Checkpoint) -> None:
        for prompt in skipped_for(checkpoint.template, self.service):
            form = json.dumps({"checkpoint": checkpoint.id, "prompt": prompt.id, "seen": 0, "prefilled": ""})
            with pytest.raises(Refused, match="not asked of the service"):
                self.desks.walk.answer(WORKSPACE, OWNER, form, {"value": "met"}, at=self.now)

    # The ends

    def decided(self) -> None:
        """Met where nothing stands in the way, else met with one condition."""
        checkpoint = self.checkpoint()
        if not not_met(checkpoint, self.service):
            self.decide({"outcome": "met"})
            return
        with pytest.raises(Refused, match="Not met yet"):
            self.decide({"outcome": "met"})
        condition = {"what": "Mend it", "owner_id": OWNER, "due_on": "2027-07-01"}
        self.decide(
            {"outcome": "met with conditions", **{f"conditions.0.{name}": it for name, it in condition.items()}}
        )

    def returned(self) -> None:
        self.decide({"outcome": "returned", "reason": "Say who pays"})
        assert self.checkpoint().state == "returned"
        for prompt in not_met(self.checkpoint(), self.service):
            view = self.desks.walk.view(WORKSPACE, self.checkpoint().id, prompt.id, at=self.now)
            values = {"value": "met", "link": f"https://example.gov.uk/{prompt.id}"}
            self.desks.walk.answer(WORKSPACE, OWNER, view.private_metadata, values, at=self.now)
        self.hand_in()
        self.decide({"outcome": "met"})

    def waived(self) -> None:
        self.decide({"outcome": "waived", "reason": "The law changes", "approver_id": BOSS, "until": "2027-04-30"})
        assert self.checkpoint().state == "waived"
        self.now = dt.datetime(2027, 5, 1, 7, tzinfo=LONDON)
        assert Upkeep(self.rules).run(at=self.now) == 1
        assert self.checkpoint().state == "open"
        self.hand_in()
        self.decided()

    def taken_back(self) -> None:
        self.desks.walk.take_back(WORKSPACE, OWNER, self.checkpoint().id, at=self.now)
        assert self.checkpoint().state == "open"
        self.hand_in()
        self.decided()

    def hand_in(self) -> None:
        form = json.dumps({"checkpoint": self.checkpoint().id})
        self.desks.walk.submit(WORKSPACE, OWNER, form, {}, at=self.now)

    def decide(self, values: dict[str, str]) -> None:
        form = json.dumps({"checkpoint": self.checkpoint().id})
        self.desks.decisions.decide(WORKSPACE, SPONSOR, form, values, at=self.now)

    def checkpoint(self) -> Checkpoint:
        with self.rules.ledger.reading(WORKSPACE) as pages:
            [found] = pages.checkpoints.of_service(self.service.id)
        return found


def make_service(path: Way, number: int) -> Service:
    return Service(
        f"s{number}", WORKSPACE, f"C{number}", f"Service {number}", "LDS", OWNER, SPONSOR, route=path.route,
        facts=path.facts,
    )  # fmt: skip


def _words(node: Any) -> Iterator[str]:
    """Every text of a payload."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
    elif isinstance(node, (list, tuple)):
        for one in node:
            yield from _words(one)
