"""An answer is found again by its id, in its own workspace."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from bot.storage.answers import Answers, KeptAnswer
from bot.storage.database import Database
from tests.bot.storage.processes import NOON


@pytest.fixture
def answers(database: Database) -> Answers:
    return Answers(database)


def keep(answers: Answers, question: str = "is notify free", *, at: datetime = NOON) -> str:
    return answers.keep(
        "T1",
        question=question,
        entry_ids=("platform/notify", "platform/pay"),
        outcome="answer",
        confidence=0.8,
        knowledge_version="2026-11-20",
        at=at,
    )


def test_an_answer_comes_back_as_it_was_kept(answers: Answers) -> None:
    answer_id = keep(answers)

    assert answers.get("T1", answer_id) == KeptAnswer(
        workspace_id="T1",
        answer_id=answer_id,
        question="is notify free",
        entry_ids=("platform/notify", "platform/pay"),
        outcome="answer",
        confidence=0.8,
        knowledge_version="2026-11-20",
        at=NOON,
    )


def test_an_id_is_short_and_safe_in_an_address(answers: Answers) -> None:
    ids = {keep(answers) for _ in range(20)}

    assert len(ids) == 20
    assert all(re.fullmatch(r"[\w-]{12}", one) for one in ids)


def test_an_answer_is_not_shown_to_another_workspace(answers: Answers) -> None:
    assert answers.get("T2", keep(answers)) is None


def test_where_it_stands_is_added_after_posting(answers: Answers) -> None:
    answer_id = keep(answers)

    assert answers.placed("T1", answer_id, channel_id="C1", message_ts="1.2")

    kept = answers.get("T1", answer_id)
    assert kept is not None
    assert (kept.channel_id, kept.message_ts) == ("C1", "1.2")


def test_a_forgotten_answer_stands_nowhere(answers: Answers) -> None:
    assert not answers.placed("T1", "unknown", channel_id="C1", message_ts="1.2")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("can I use NHS login?", "can I use NHS login?"),
        ("a\x00b", "a?b"),
        ("a\ud800b", "a?b"),
        ("Sérvice 🚲", "Sérvice 🚲"),
    ],
)
def test_any_text_can_be_kept(answers: Answers, typed: str, kept: str) -> None:
    answer = answers.get("T1", keep(answers, typed))

    assert answer is not None
    assert answer.question == kept


def test_old_answers_are_forgotten(answers: Answers) -> None:
    old, new = keep(answers, at=NOON - timedelta(days=1)), keep(answers)

    assert answers.forget_before(NOON) == 1
    assert answers.get("T1", old) is None
    assert answers.get("T1", new) is not None
