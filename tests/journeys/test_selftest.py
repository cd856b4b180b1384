"""/advisor selftest: the figures of the question sets, told to whoever may ask, while everybody else is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.trial import cast
from bot.trial.records import Message
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, Council, Gate, words_of

RIGHT = "- {q: what is alpha?, ids: [guide/alpha], expect: answer}\n"
CORRECTED = "- {q: what is alpha?, ids: [guide/alpha], corrects: [], summary: true}\n"


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Every question set with one question, and two of which one misses."""
    folder = tmp_path / "sets"
    folder.mkdir()
    for name in ("plain", "council_voice", "ambiguous", "no_premise", "negation_comparison"):
        (folder / f"{name}.yaml").write_text(RIGHT, encoding="utf-8")
    for name in ("far", "near", "person"):
        (folder / f"{name}.yaml").write_text("- {q: who won the football last night}\n", encoding="utf-8")
    missed = CORRECTED.replace("guide/alpha", "guide/beta")
    (folder / "false_premise.yaml").write_text(CORRECTED + missed, encoding="utf-8")
    (folder / "premise.yaml").write_text(CORRECTED, encoding="utf-8")
    talk = "- turns:\n  - {q: what is GOV.UK Notify?, ids: [platform/notify]}\n"
    (folder / "conversations.yaml").write_text(talk, encoding="utf-8")
    return folder


def run_selftest(council: Council) -> list[Message]:
    """What Sam is told by a self-test, all of it."""
    before = len(council.sam.answers(PARKING))
    council.sam.command("/advisor", "selftest", channel=PARKING)
    council.settle()
    return council.sam.answers(PARKING)[before:]


def test_the_figures_come_with_their_ranges_and_bars_to_the_asker_alone(make_council: MakeCouncil, sets: Path) -> None:
    council = make_council(question_sets=sets)

    begun, figures = run_selftest(council)

    assert "has begun" in begun.text
    assert (
        "*plain* (questions: 1)\n• right entry first: 100.0% (20.7% to 100.0%); bar at least 95%: reached"
        in figures.text
    )
    assert "• corrected: 50.0% (9.5% to 90.5%); bar at least 100%: not reached" in words_of(figures)
    assert figures.text.splitlines()[0].startswith("Self-test of ")
    assert "reach their bar. 12 questions, as people type them" in figures.text
    assert {begun.reader, figures.reader} == {council.sam.id}
    assert council.priya.answers(PARKING) == []


def test_where_no_administrator_is_named_a_workspace_has_one_an_hour(make_council: MakeCouncil, sets: Path) -> None:
    council = make_council(question_sets=sets)
    run_selftest(council)

    [refused] = run_selftest(council)
    council.clock.forward(hours=1)

    assert "in this hour already" in refused.text
    assert len(run_selftest(council)) == 2


def test_administrators_may_ask_as_often_as_they_like_and_others_may_not(make_council: MakeCouncil, sets: Path) -> None:
    council = make_council(question_sets=sets, admins=cast.PRIYA)
    [refused] = run_selftest(council)
    for _ in range(2):
        council.priya.command("/advisor", "selftest", channel=PARKING)
        council.settle()

    assert "administrators" in refused.text
    assert [one.text.split()[0] for one in council.priya.answers(PARKING)] == ["The", "Self-test", "The", "Self-test"]


def test_one_runs_at_a_time_and_others_are_answered_meanwhile(
    make_council: MakeCouncil, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make_council(question_sets=sets, admins=f"{cast.SAM} {cast.PRIYA}")
    gate = Gate(monkeypatch, "bot.usecases.selftest", "ask")
    council.sam.command("/advisor", "selftest", channel=PARKING)
    gate.wait()

    council.priya.command("/advisor", "selftest", channel=PARKING)
    [busy] = council.slack.wait_for(lambda: council.priya.answers(PARKING))
    council.priya.dm("what is alpha?")
    [answer] = council.slack.wait_for(council.priya.answers)
    gate.open()
    council.settle()

    assert "under way already" in busy.text
    assert council.subject_of(answer) == "guide/alpha"
    assert council.sam.answers(PARKING)[-1].text.startswith("Self-test of ")


def test_a_deployment_without_question_sets_says_so(make_council: MakeCouncil, tmp_path: Path) -> None:
    council = make_council(question_sets=tmp_path / "nowhere")

    [said] = run_selftest(council)

    assert said.text.startswith("There are no question sets here")


def test_a_set_that_cannot_be_read_is_named(make_council: MakeCouncil, sets: Path) -> None:
    (sets / "near.yaml").unlink()

    _, said = run_selftest(make_council(question_sets=sets))

    assert "could not be finished" in said.text
    assert "near.yaml" in said.text


def test_it_pauses_before_every_question_and_ends_when_advisor_is_stopped(
    make_council: MakeCouncil, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make_council(question_sets=sets)
    gate = Gate(monkeypatch, "bot.usecases.selftest", "ask")
    council.sam.command("/advisor", "selftest", channel=PARKING)
    gate.wait()

    council.running.selftest.stop()
    gate.open()
    council.settle()

    assert "Advisor is being stopped" in council.sam.answers(PARKING)[-1].text
