"""The floors under the quality of the answers: what was reached once is not lost unseen."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.answers.scorecard import Report, SetResult
from bot.knowledge.loading import load
from bot.knowledge.question_sets import read_rows, read_yaml
from bot.knowledge.schema import json_schema
from bot.matching.wording import clean, tokenize
from bot.rendering.answers import render_reply
from bot.rendering.terminal import reply_text
from bot.settings import QUESTION_SETS, REPOSITORY
from bot.usecases.ask import ask
from bot.usecases.evaluate import evaluate, read_questions
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.selftest import run_sets

DEV = REPOSITORY.parent / "shared" / "questions-dev.jsonl"

FLOORS = {
    ("plain", "right entry first"): 0.94,
    ("plain", "answered wrong"): 0.03,
    ("council_voice", "answered right"): 0.82,
    ("council_voice", "answered wrong"): 0.02,
    ("council_voice", "helped"): 0.90,
    ("ambiguous", "right"): 0.85,
    ("far", "answered"): 0.0,
    ("far", "offered"): 0.10,
    ("near", "answered"): 0.04,
    ("false_premise", "corrected"): 1.0,
    ("premise", "corrected"): 0.90,
    ("premise", "answered past"): 0.08,
    ("no_premise", "corrected unasked"): 0.10,
    ("no_premise", "answered wrong"): 0.05,
    ("person", "passed to a person"): 1.0,
    ("negation_comparison", "right"): 0.75,
    ("conversations", "turns right"): 0.90,
    ("whole_conversations", "right throughout"): 0.80,
}
"""What must not be lost; the bars to be reached are in ``bot.usecases.selftest`` and docs/quality.md."""


@pytest.fixture(scope="module")
def results(knowledge_base: KnowledgeBase) -> dict[str, SetResult]:
    return {result.name: result for result in run_sets(QUESTION_SETS, knowledge_base.current, forms=False)}


@pytest.mark.parametrize(("name", "figure"), FLOORS)
def test_a_set_stays_above_its_floor(results: dict[str, SetResult], name: str, figure: str) -> None:
    measure = next(one for one in results[name].measures if one.name == figure)
    floor = FLOORS[name, figure]

    assert measure.plain <= floor if measure.at_most else measure.plain >= floor


@pytest.fixture(scope="module")
def dev(knowledge_base: KnowledgeBase) -> Report:
    if not DEV.exists():
        pytest.skip("the development questions (../shared/questions-dev.jsonl) are not at hand")
    return evaluate(read_questions(DEV), knowledge_base.current)


def test_the_development_questions_are_answered_and_helped(dev: Report) -> None:
    assert dev.answered_right >= 0.65
    assert dev.helped >= 0.90


def test_hardly_any_development_question_is_answered_wrong(dev: Report) -> None:
    assert dev.answered_wrong <= 0.03


def test_no_off_topic_development_question_is_answered_and_few_are_offered_a_choice(dev: Report) -> None:
    assert dev.out_answered == 0
    assert dev.out_offered <= 5


def hostile_texts() -> list[str]:
    rows: list[dict[str, Any]] = read_yaml(QUESTION_SETS / "hostile.yaml")
    return [row["q"] if "q" in row else row["repeat"] * row["times"] for row in rows] + ["\ud800 what is alpha"]


def mrkdwn_in(part: object) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn; in plain text a control sequence is only letters."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from mrkdwn_in(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from mrkdwn_in(value)


@pytest.mark.parametrize("text", hostile_texts(), ids=lambda text: repr(text[:30]))
def test_hostile_text_is_harmless(knowledge_base: KnowledgeBase, text: str) -> None:
    known = knowledge_base.current
    reply = ask(text, known)

    message = render_reply(reply, known.library, answer_id="a", private=True, question=text)

    assert not re.search(r"<(?!https?://)[!@#]?\w", "\n".join([message.text, *mrkdwn_in(message.blocks)]))
    assert reply_text(reply, known.library)


def test_the_schema_for_editors_is_the_one_of_the_models_and_every_entry_keeps_it() -> None:
    schema = json.loads((REPOSITORY / "knowledge" / "entry.schema.json").read_text(encoding="utf-8"))

    assert schema == json.loads(json.dumps(json_schema()))
    keeps = jsonschema.Draft202012Validator(schema)
    broken = [
        f"{file.name}: {fault.message[:200]}" for file in entry_files() for fault in keeps.iter_errors(_value(file))
    ]
    assert broken == []


def test_editors_are_offered_the_schema_in_every_entry_and_in_no_other_file() -> None:
    settings = json.loads((REPOSITORY / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    patterns = settings["yaml.schemas"]["knowledge/entry.schema.json"]

    offered = [file for pattern in patterns for file in REPOSITORY.glob(pattern)]

    assert sorted(offered) == entry_files()


def entry_files() -> list[Path]:
    return sorted({REPOSITORY / "knowledge" / located.file for located in load(REPOSITORY / "knowledge").located})


def _value(file: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return json.loads(json.dumps(yaml.load(file.read_text(encoding="utf-8"), Loader=loader), default=str))


def test_the_schema_refuses_what_the_models_refuse() -> None:
    entry = {"title": "A", "summary": "B", "sumary": "C"}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(entry, json_schema())


@pytest.mark.parametrize("name", ["false_premise", "premise"])
def test_every_belief_that_a_set_wants_corrected_is_there(knowledge_base: KnowledgeBase, name: str) -> None:
    known = {belief.said[0] for entry in knowledge_base.current.library for belief in entry.beliefs}
    rows = read_yaml(QUESTION_SETS / f"{name}.yaml")

    assert [one for row in rows for one in row["corrects"] if one not in known] == []
    assert all(row["corrects"] or row.get("summary") for row in rows)


SIZES = {
    "council_voice": 150,
    "far": 150,
    "near": 150,
    "ambiguous": 40,
    "false_premise": 40,
    "hostile": 40,
    "negation_comparison": 30,
    "conversations": 25,
    "person": 20,
}


def test_each_question_set_is_as_large_as_promised(knowledge_base: KnowledgeBase) -> None:
    sizes = {name: len(read_yaml(QUESTION_SETS / f"{name}.yaml")) for name in SIZES}
    plain = read_yaml(QUESTION_SETS / "plain.yaml")
    ambiguous = read_yaml(QUESTION_SETS / "ambiguous.yaml")

    assert sizes == SIZES
    assert {one: len(questions) for one, questions in plain.items()} == dict.fromkeys(
        knowledge_base.current.library.entries, 3
    )
    assert Counter(row["expect"] for row in ambiguous) == {"choice": 28, "answer": 12}


def test_every_entry_answers_or_offers_at_least_one_of_its_own_three(knowledge_base: KnowledgeBase) -> None:
    plain: dict[str, list[str]] = read_yaml(QUESTION_SETS / "plain.yaml")

    lost = [
        one
        for one, questions in plain.items()
        if not any(ask(question, knowledge_base.current).matches.best == one for question in questions)
    ]

    assert lost == []


@pytest.mark.parametrize("name", ["plain", "council_voice", "near", "false_premise", "premise"])
def test_no_question_of_a_set_stands_in_the_knowledge_as_it_is(knowledge_base: KnowledgeBase, name: str) -> None:
    library = knowledge_base.current.library
    phrases = [question for entry in library for question in entry.questions]
    phrases += [said for entry in library for belief in entry.beliefs for said in belief.said]
    phrases += [question for topic in library.declines for question in topic.questions]
    known = {tuple(tokenize(clean(phrase))) for phrase in phrases}
    asked = [(row["q"], tuple(tokenize(clean(row["q"])))) for row in read_rows(QUESTION_SETS / f"{name}.yaml")]

    assert [question for question, words in asked if words in known and len(words) > 3] == []
