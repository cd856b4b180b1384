"""A bare name that several titles hold is asked back; one that names a single thing is answered."""

from __future__ import annotations

import pytest

from bot.answers.reply import Choice
from bot.matching.index import Index
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge
from tests.bot.rendering.build import library_of, make_entry

ENTRIES = (
    make_entry(
        "case/hackney-attack", title="Hackney: the cyber attack", questions=["what did the hackney attack cost"]
    ),
    make_entry("case/hackney-help", title="Hackney: early help", questions=["did hackney profile families"]),
    make_entry("platform/planx", title="PlanX", aliases=["gov.uk planx"], questions=["planning forms by councils"]),
    make_entry("case/planning", title="Open planning: PlanX and BOPS", questions=["who builds planning software"]),
    make_entry("guide/hosting", title="Hosting", questions=["where do we host our website"]),
)
LIBRARY = library_of(*ENTRIES)
KNOWN = Knowledge(LIBRARY, Index(LIBRARY))


@pytest.mark.parametrize("question", ["hackney", "the hackney", "about hackney?"])
def test_a_word_of_several_titles_is_asked_back(question: str) -> None:
    reply = ask(question, KNOWN)

    assert isinstance(reply, Choice)
    assert {entry.id for entry in reply.options} == {"case/hackney-attack", "case/hackney-help"}


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("planx please", "platform/planx"),
        ("what did the hackney attack cost", "case/hackney-attack"),
        ("hackney early help", "case/hackney-help"),
    ],
)
def test_what_names_one_thing_is_answered(question: str, entry_id: str) -> None:
    reply = ask(question, KNOWN)

    assert reply.outcome == "answer"
    assert reply.matches.best == entry_id
