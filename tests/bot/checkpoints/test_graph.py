"""Whatever people do in whatever order, a checkpoint never leaves its graph and its history tells how it got there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.checkpoints.checkpoint import DECIDED, MOVES, OUTCOMES, VALUES, Outcome, Step, Value, Waiver
from bot.checkpoints.evidence import check_again, restore
from bot.checkpoints.progress import Given, answer, begin, cancel, move, submit, take_back
from bot.checkpoints.refusals import Refused
from bot.checkpoints.signoff import Condition, Ruling, complete_action, decide, end_waiver
from tests.bot.checkpoints.build import MEMBER, NOW, OWNER, SPONSOR, TODAY, make_checkpoint, make_evidence, make_service

PEOPLE = st.sampled_from([OWNER, SPONSOR, MEMBER])
PROMPTS = st.sampled_from(["owner", "tested", "money"])
SERVICE = make_service()
EVIDENCE = {"e1": make_evidence()}


class Walk(RuleBasedStateMachine):
    """People clicking about, and time passing."""

    def __init__(self) -> None:
        super().__init__()
        self.checkpoint = make_checkpoint()
        self.replayed: dict[str, object] = {}
        self.today = TODAY

    def take(self, step: Step) -> None:
        before = self.checkpoint
        if step.checkpoint.state != before.state:
            path = [event.after for event in step.events if event.before in MOVES and event.after in MOVES]
            assert path[-1] == step.checkpoint.state
            for old, new in zip([before.state, *path], path, strict=False):
                assert new in MOVES[old]  # type: ignore[index]
        for event in step.events:
            if event.answer is not None:
                self.replayed[event.subject] = (event.answer.value, event.answer.version)
        self.checkpoint = step.checkpoint

    @rule(prompt=PROMPTS, value=st.sampled_from(VALUES), by=PEOPLE, fresh=st.booleans(), proof=st.booleans())
    def give(self, prompt: str, value: Value, by: str, fresh: bool, proof: bool) -> None:
        standing = self.checkpoint.answers.get(prompt)
        seen = standing.version if standing and fresh else 0
        given = Given(prompt, value, "Because.", ("e1",) if proof else (), seen)
        try:
            self.take(answer(self.checkpoint, SERVICE, given, by=by, at=NOW, evidence=EVIDENCE))
        except Refused:
            assert self.checkpoint.answers.get(prompt) == standing

    @rule(by=PEOPLE)
    def hand_in(self, by: str) -> None:
        for prompt in ("owner", "tested", "money"):
            self.give(prompt, "met", MEMBER, True, False)
        try:
            self.take(submit(self.checkpoint, SERVICE, by=by, at=NOW))
        except Refused:
            return
        assert by != SPONSOR

    @rule(by=PEOPLE, outcome=st.sampled_from(OUTCOMES))
    def rule_on_it(self, by: str, outcome: Outcome) -> None:
        conditions = (Condition("Do it", MEMBER, self.today),) if outcome == "met with conditions" else ()
        waivers = (Waiver("Why", "UX", self.today + dt.timedelta(days=9)),) if outcome == "waived" else ()
        ruling = Ruling(outcome, "Because.", conditions, waivers)
        submitted_by = self.checkpoint.submitted_by
        try:
            self.take(decide(self.checkpoint, SERVICE, ruling, by=by, at=NOW, today=self.today))
        except Refused:
            return
        assert by == SPONSOR != submitted_by

    @rule(by=PEOPLE)
    def click_others(self, by: str) -> None:
        self.take(begin(self.checkpoint, by=by, at=NOW))
        attempts: tuple[Callable[[], Step], ...] = (
            lambda: take_back(self.checkpoint, by=by, at=NOW),
            lambda: move(self.checkpoint, self.today, by=by, at=NOW, today=self.today),
            lambda: complete_action(self.checkpoint, "c1-a1", by=by, at=NOW, sponsor_id=SPONSOR),
        )
        for attempt in attempts:
            try:
                self.take(attempt())
            except Refused:
                continue

    @rule(reason=st.sampled_from(["", "Not needed"]), really=st.integers(0, 9))
    def call_off(self, reason: str, really: int) -> None:
        if really:
            return
        try:
            self.take(cancel(self.checkpoint, reason=reason, by=OWNER, at=NOW))
        except Refused:
            return
        assert reason

    @rule(days=st.integers(0, 20), renewed=st.booleans())
    def time_passes(self, days: int, renewed: bool) -> None:
        self.today += dt.timedelta(days=days)
        self.take(end_waiver(self.checkpoint, at=NOW, today=self.today))
        self.take((restore if renewed else check_again)(self.checkpoint, ["e1"], at=NOW))

    @invariant()
    def the_history_gives_the_answers(self) -> None:
        now = {id: (one.value, one.version) for id, one in self.checkpoint.answers.items()}
        assert now == self.replayed

    @invariant()
    def what_is_decided_has_a_decision(self) -> None:
        if self.checkpoint.state in (*DECIDED, "returned"):
            assert self.checkpoint.decision is not None
            assert self.checkpoint.decision.outcome == self.checkpoint.state


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=30)
