"""A follow-up that goes on to another thing by its name alone."""

from __future__ import annotations

import pytest

from bot.answers.reply import Answer
from bot.answers.subject import after_opening
from bot.matching.index import Index
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge
from tests.bot.rendering.build import library_of, make_platform

NOTIFY = make_platform("platform/notify")
PAY = make_platform("platform/pay")
LIBRARY = library_of(NOTIFY, PAY)
KNOWN = Knowledge(LIBRARY, Index(LIBRARY))


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("and Pay, what does that cost?", "Pay"),
        ("What about GOV.UK Pay?", "GOV.UK Pay"),
        ("or pay", "pay"),
        ("pay, then", ""),
        ("", ""),
    ],
)
def test_what_comes_after_the_opening_is_the_first_clause(question: str, clause: str) -> None:
    assert after_opening(question) == clause


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("and pay, same question: what does that cost", "platform/pay"),
        ("and how much is it?", "platform/notify"),
    ],
)
def test_a_platform_that_is_named_next_is_gone_on_to(question: str, entry_id: str) -> None:
    reply = ask(question, KNOWN, subject="platform/notify")

    assert isinstance(reply, Answer)
    assert reply.entry.id == entry_id
