"""Advisor with its memory, without Slack: what is kept, what is forgotten, and what is gone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.answers.reply import Decline
from bot.knowledge.faults import Fault
from bot.knowledge.library import Library
from bot.rendering.message import Message
from bot.storage import tables
from bot.storage.answers import Answers
from bot.storage.awaited import AwaitedAnswers
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.feedback import Feedback
from bot.storage.gaps import Gaps
from bot.storage.given import GivenAnswers
from bot.storage.welcomes import Welcomes
from bot.usecases.advise import Advisor, Place, _is_awaitable
from bot.usecases.ask import ask as answer
from bot.usecases.knowledge_base import Knowledge, KnowledgeBase

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
TEAM = "T0COUNCIL1"
HERE = Place(TEAM, "C0PARKING1", "1.1")
UNSURE = "which cyber attack"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path}/advisor.sqlite3")) as opened:
        opened.migrate()
        yield opened


@pytest.fixture
def advisor(database: Database, knowledge_base: KnowledgeBase) -> Advisor:
    return make_advisor(database, knowledge_base)


def make_advisor(database: Database, base: KnowledgeBase) -> Advisor:
    """An Advisor over *base* that remembers in *database*."""
    given, awaited = GivenAnswers(database), AwaitedAnswers(database)
    kept, votes = Answers(database), Feedback(database)
    return Advisor(base, Conversations(database), kept, votes, Gaps(database), Welcomes(database), given, awaited)


def without(base: KnowledgeBase, *ids: str) -> KnowledgeBase:
    """The same knowledge after an editor took some entries away."""
    library = base.current.library
    left = Library.of((entry for entry in library if entry.id not in ids), library.vocabulary, library.declines)
    return KnowledgeBase(Knowledge(left, base.current.index))


def ask(advisor: Advisor, question: str, place: Place = HERE, *, private: bool = False) -> Message:
    return advisor.advise(question, place, at=NOON, private=private)


def value(message: Message, action_id: str) -> str:
    """What the button of that action id carries."""
    elements = [one for block in message.blocks for one in (*block.get("elements", ()), block.get("accessory"))]
    [found] = [one["value"] for one in elements if one and one.get("action_id") == action_id]
    return str(found)


def answer_id(message: Message) -> str:
    return value(message, "why")


def gaps(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(row.question, row.outcome) for row in connection.execute(select(tables.gaps))]


def test_an_answer_is_kept_with_what_its_buttons_need(advisor: Advisor, database: Database) -> None:
    message = ask(advisor, "what is alpha?")

    kept = Answers(database).get(TEAM, answer_id(message))
    assert kept is not None
    assert (kept.question, kept.entry_ids, kept.outcome) == ("what is alpha?", ("guide/alpha",), "answer")
    assert kept.at == NOON


def test_a_decline_is_a_gap_and_small_talk_is_none(advisor: Advisor, database: Database) -> None:
    ask(advisor, "who won the football")
    ask(advisor, "thanks")
    ask(advisor, "help")

    assert gaps(database) == [("who won the football", "outside")]


def test_a_gap_is_kept_without_what_says_who_somebody_is(advisor: Advisor, database: Database) -> None:
    ask(advisor, "<@U0SAM00001> who won the football? sam@anytown.gov.uk 07700 900123 QQ 12 34 56 C")

    [(question, _)] = gaps(database)
    assert not [one for one in ("U0SAM", "anytown", "900123", "12 34 56") if one in question]
    assert "who won the football" in question


def test_the_same_answer_in_private_can_be_shared_and_repeats_the_question(advisor: Advisor) -> None:
    public, private = ask(advisor, "what is alpha?"), ask(advisor, "what is alpha?", private=True)

    assert "You asked" not in str(public.blocks)
    assert "You asked: what is alpha?" in str(private.blocks)
    assert value(private, "share") == answer_id(private)


@pytest.mark.parametrize(("stays", "hours"), [(True, 23), (False, 25)])
def test_a_subject_is_remembered_for_a_day(advisor: Advisor, stays: bool, hours: int) -> None:
    ask(advisor, "what is GOV.UK Notify?")

    message = advisor.advise("how much is it?", HERE, at=NOON + dt.timedelta(hours=hours), private=False)

    assert ("GOV.UK Notify" in message.text) is stays


def test_the_same_channel_of_another_workspace_is_another_conversation(advisor: Advisor) -> None:
    ask(advisor, "what is GOV.UK Notify?")

    message = ask(advisor, "how much is it?", Place("T0OTHER", HERE.channel_id, HERE.thread_ts))

    assert "GOV.UK Notify" not in message.text


def test_a_choice_that_is_forgotten_can_still_be_made(advisor: Advisor) -> None:
    message = advisor.choose("forgotten", "guide/alpha", HERE, at=NOON, private=False)

    assert message.text.startswith("Alpha.")


def test_none_of_a_choice_that_is_forgotten_is_no_gap(advisor: Advisor, database: Database) -> None:
    message = advisor.choose_none("forgotten", TEAM, at=NOON)

    assert "None of these" in message.text
    assert gaps(database) == []


def test_a_choice_of_an_entry_that_is_gone_says_so(
    advisor: Advisor, database: Database, knowledge_base: KnowledgeBase
) -> None:
    answer_and_entry = value(ask(advisor, UNSURE), "choose:1")
    kept, _, entry_id = answer_and_entry.partition("|")

    later = make_advisor(database, without(knowledge_base, entry_id))

    assert "no longer in the knowledge base" in later.choose(kept, entry_id, HERE, at=NOON, private=False).text


def test_buttons_of_an_answer_whose_entry_is_gone_say_so(
    advisor: Advisor, database: Database, knowledge_base: KnowledgeBase
) -> None:
    kept = answer_id(ask(advisor, "what is alpha?", private=True))

    later = make_advisor(database, without(knowledge_base, "guide/alpha"))

    assert later.share(kept, TEAM) is None
    assert later.entry("guide/alpha").title == "No longer there"
    assert "no longer" in later.show("guide/alpha", HERE, at=NOON, private=False).text


def test_a_comparison_of_which_one_side_is_gone_is_not_shared(
    advisor: Advisor, database: Database, knowledge_base: KnowledgeBase
) -> None:
    kept = answer_id(ask(advisor, "alpha or beta?", private=True))

    assert make_advisor(database, without(knowledge_base, "guide/beta")).share(kept, TEAM) is None


def test_an_answer_of_another_workspace_is_nobodys_here(advisor: Advisor) -> None:
    kept = answer_id(ask(advisor, "what is alpha?", private=True))

    assert advisor.share(kept, "T0OTHER") is None
    assert advisor.pass_on(kept, "T0OTHER") is None


def test_a_vote_on_what_is_forgotten_is_thanked_for_and_is_no_gap(advisor: Advisor, database: Database) -> None:
    message = advisor.rate("forgotten", "U1", TEAM, helpful=False, at=NOON)

    assert "Thank you" in message.text
    assert gaps(database) == []


def test_why_of_what_is_forgotten_says_that_nothing_was_near(advisor: Advisor) -> None:
    assert "Nothing in the question was near" in str(advisor.why("forgotten", TEAM).payload())


@pytest.mark.parametrize(("page", "shown"), [(0, 1), (-5, 1), (999, None)])
def test_a_page_that_is_not_there_becomes_the_nearest(advisor: Advisor, page: int, shown: int | None) -> None:
    message = advisor.browse("case", page=page)

    number, _, pages = message.text.split("page ")[1].split(".")[0].partition(" of ")
    assert number == (str(shown) if shown else pages)


def test_a_list_narrowed_by_what_is_outside_our_subject_is_empty(advisor: Advisor) -> None:
    assert "nothing found" in advisor.browse("case", query="zzyzx qwrtp").text


def test_a_list_narrowed_down_has_the_nearest_first(advisor: Advisor) -> None:
    message = advisor.browse("platform", query="text messages")

    assert value(message, "ask_entry:1") == "platform/notify"


@pytest.mark.parametrize("number", ["5", "05", "14"])
def test_a_point_by_its_number(advisor: Advisor, number: str) -> None:
    message = advisor.point(number, HERE, at=NOON, private=True)

    assert value(message, "open_entry") == f"service-standard/{int(number):02}"


def test_health_and_gaps_are_not_shown_to_everybody(advisor: Advisor) -> None:
    refused = {word: advisor.operations(word, TEAM, at=NOON, allowed=False).text for word in ("health", "gaps")}

    assert all("administrators" in text for text in refused.values())


def test_gaps_look_back_a_month(advisor: Advisor) -> None:
    ask(advisor, "who won the football")

    soon = advisor.operations("gaps", TEAM, at=NOON + dt.timedelta(days=29), allowed=True)
    late = advisor.operations("gaps", TEAM, at=NOON + dt.timedelta(days=31), allowed=True)

    assert "football" in soon.text
    assert "football" not in late.text


def test_health_tells_the_faults_of_a_refused_reload(database: Database, knowledge_base: KnowledgeBase) -> None:
    base = without(knowledge_base)
    base.faults = (Fault(Path("guide/alpha.yaml"), 7, "the field 'titel' is not known: did you mean 'title'?"),)

    text = make_advisor(database, base).health().text

    assert "Reload refused: guide/alpha.yaml:7" in text


def test_the_recent_topics_of_the_home_tab_are_those_checked_last(
    advisor: Advisor, knowledge_base: KnowledgeBase
) -> None:
    blocks = advisor.home().blocks

    recent = [
        block["accessory"]["value"] for block in blocks if block.get("accessory", {}).get("action_id") == "open_entry"
    ]
    days = [knowledge_base.current.library[one].checked_on for one in recent]
    newest = max(entry.checked_on for entry in knowledge_base.current.library if entry.checked_on)
    assert len(recent) == 5
    assert set(days) == {newest}


def test_knowledge_is_taken_once_for_each_question(
    database: Database, knowledge_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[KnowledgeBase] = []

    def take(base: KnowledgeBase) -> Knowledge:
        taken.append(base)
        return base._current

    monkeypatch.setattr(KnowledgeBase, "current", property(take))

    ask(make_advisor(database, knowledge_base), "what is alpha?")

    assert len(taken) == 1


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("who repairs the town hall lift", True),
        ("who won the football on saturday", False),  # outside our subject: nobody will write it
        ("am I allowed to sack Dave", False),  # a person decides
        ("which cyber attack", False),  # a choice first
    ],
)
def test_to_be_told_is_offered_where_an_entry_is_missing(advisor: Advisor, question: str, offered: bool) -> None:
    shown = json.dumps(ask(advisor, question).blocks)

    assert ("await_answer" in shown) == offered


def test_a_question_that_is_answered_when_it_is_asked_by_itself_is_not_waited_for(
    knowledge_base: KnowledgeBase,
) -> None:
    """It leaned on the conversation: whoever waited would be told of something that they did not mean."""
    knowledge = knowledge_base.current
    declined = answer("who repairs the town hall lift", knowledge)
    assert isinstance(declined, Decline)

    assert _is_awaitable(declined, "who repairs the town hall lift", knowledge)
    assert not _is_awaitable(declined, "what is alpha?", knowledge)
