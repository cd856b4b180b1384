"""The nation that a question names, and what is said of it."""

from __future__ import annotations

import pytest

from bot.answers.nation import asked_nation, only_nation
from bot.answers.reply import Answer
from bot.knowledge.entry import Entry, Nation
from bot.matching.index import Index
from bot.rendering.answers import answer_text
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge
from tests.bot.rendering.build import library_of, make_entry

BUYING = make_entry(
    "guide/buying",
    title="Buying under the Act",
    questions=["does the buying act bind us", "buying rules for councils"],
    by_nation={"scotland": "The Act does not apply.", "england": "The Act applies in full."},
)
HOSTING = make_entry("guide/hosting", title="Hosting", questions=["where do we host our website"])
CASE = make_entry(
    "case/x",
    title="Pension drive",
    questions=["who has run a pension drive"],
    case={
        "organisations": ["A"],
        "years": "2020",
        "verdict": "worked",
        "problem": "Old.",
        "did": "New.",
        "outcome": "Open.",
        "service_areas": ["benefits"],
    },
)
LIBRARY = library_of(BUYING, HOSTING, CASE)
KNOWN = Knowledge(LIBRARY, Index(LIBRARY))


@pytest.mark.parametrize(
    ("question", "nation"),
    [
        ("does it bind welsh councils", "wales"),
        ("a scottish district here", "scotland"),
        ("is it law in northern ireland", "northern_ireland"),
        ("english councils only", "england"),
        ("northern england", "england"),
        ("the north of ireland", None),
        ("wales or scotland", None),
        ("what is alpha", None),
    ],
)
def test_a_nation_is_asked_where_one_is_named(question: str, nation: Nation | None) -> None:
    assert asked_nation(question.split()) == nation


@pytest.mark.parametrize(
    ("question", "only"), [("and in wales", True), ("what about northern ireland", True), ("wales bins", False)]
)
def test_a_follow_up_may_hold_nothing_but_a_nation(question: str, only: bool) -> None:
    assert only_nation(question.split()) == only


def said(question: str, entry: Entry, subject: str | None = None) -> str:
    reply = ask(question, KNOWN, subject=subject)
    assert isinstance(reply, Answer)
    assert reply.entry == entry
    return answer_text(reply, LIBRARY)


def test_what_is_noted_for_the_nation_is_shown() -> None:
    assert "In Scotland: The Act does not apply." in said("does the buying act bind us in scotland", BUYING)
    assert "In England: The Act applies in full." in said("does the buying act bind english councils", BUYING)


def test_that_nothing_is_noted_is_said_but_not_for_england() -> None:
    nothing = "In Wales: Nothing is noted for Wales. Check that what stands here holds there too."

    assert nothing in said("where do we host our website in wales", HOSTING)
    assert "In England" not in said("where do we host our website in england", HOSTING)


def test_a_case_holds_wherever_it_happened() -> None:
    assert "In Wales" not in said("who has run a pension drive in wales", CASE)


def test_a_follow_up_asks_for_another_nation_of_the_same_entry() -> None:
    assert "In Scotland: The Act does not apply." in said("and in scotland?", BUYING, subject="guide/buying")
