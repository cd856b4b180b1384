"""What is answered, offered and declined, and how a follow-up or a comparison is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.aspect import asked_aspect, only_aspect
from bot.answers.comparison import sides
from bot.answers.decide import answer, decide
from bot.answers.reply import Answer, Choice, Decline
from bot.answers.subject import leans_on_subject
from bot.knowledge.entry import Belief
from bot.knowledge.library import Library
from bot.knowledge.vocabulary import DeclineTopic
from bot.matching.index import Index
from bot.matching.matches import Match, RestsOn
from bot.matching.wording import tokenize
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge
from tests.bot.matching.build import make_library


def knowing(library: Library) -> Knowledge:
    return Knowledge(library, Index(library))


TOPICS = (
    DeclineTopic(id="decline/thanks", reason="chat", title="Thanks", reply="Glad to.", questions=("thank you", "ta")),
    DeclineTopic(
        id="decline/legal", reason="person", title="Legal", reply="Ask your lawyer.",
        questions=("is this contract lawful", "can you sign this off for me"),
    ),
)  # fmt: skip
KNOWN = knowing(make_library(declines=TOPICS))


def test_a_clear_question_is_answered() -> None:
    reply = ask("how can we send sms reminders cheaply", KNOWN)

    assert isinstance(reply, Answer)
    assert reply.entry.id == "platform/notify"


def test_a_name_that_two_entries_share_is_a_choice() -> None:
    shared = knowing(make_library({"a": ("lost my card",), "b": ("lost my card",), "c": ("new address",)}))

    reply = ask("lost my card", shared)

    assert isinstance(reply, Choice)
    assert [entry.id for entry in reply.options] == ["a", "b"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("thank you", "chat"),
        ("is this contract lawful", "person"),
        ("", "chat"),
        ("qwxz bfgh plkt vbnm", "outside"),
    ],
)
def test_a_decline_says_why(question: str, reason: str) -> None:
    reply = ask(question, KNOWN)

    assert isinstance(reply, Decline)
    assert reply.reason == reason


@pytest.mark.parametrize(
    "question",
    [
        "notify vs pay",
        "pay or notify?",
        "whats the difference between notify and pay",
        "notify and pay, who does what",
        "where do notify and pay overlap",
    ],
)
def test_a_comparison_shows_both(question: str) -> None:
    reply = ask(question, KNOWN)

    assert isinstance(reply, Answer)
    assert {entry.id for entry in reply.entries} == {"platform/notify", "platform/pay"}
    assert {match.entry_id for match in reply.matches.ranked[:2]} == {"platform/notify", "platform/pay"}


def test_a_follow_up_keeps_the_subject() -> None:
    reply = ask("and who runs it?", KNOWN, subject="platform/pay")

    assert isinstance(reply, Answer)
    assert reply.entry.id == "platform/pay"


def test_a_new_subject_is_recognised_in_a_conversation() -> None:
    reply = ask("accessibility audit before launch", KNOWN, subject="platform/pay")

    assert isinstance(reply, Answer)
    assert reply.entry.id == "service-standard/05"


@pytest.mark.parametrize(
    "question", ["tell me more about that", "can you explain it a bit more", "what else?", "what does that mean"]
)
def test_who_asks_for_more_gets_the_entry(question: str) -> None:
    reply = ask(question, KNOWN, subject="platform/pay")

    assert isinstance(reply, Answer)
    assert reply.entry.id == "platform/pay"
    assert not isinstance(ask(question, KNOWN), Answer)


def test_thanks_in_a_conversation_are_just_thanks() -> None:
    assert isinstance(ask("thank you", KNOWN, subject="platform/pay"), Decline)


WRONG = Belief(said=("councils are not allowed to use notify",), correction="They are.", names=("texting desk",))


def with_belief() -> Knowledge:
    """The little library, in which Notify has a belief to correct."""
    library = make_library()
    changed = library["platform/notify"].model_copy(update={"beliefs": (WRONG,)})
    return knowing(Library.of([*(entry for entry in library if entry.id != changed.id), changed]))


BELIEVING = with_belief()
FOUND = BELIEVING.index.search("how can we send sms reminders cheaply")
CLOSE = (Match("platform/notify", 0.50), Match("platform/pay", 0.49))


def resting(chance: float, *, on: str = "platform/notify", old_name: str | None = None) -> RestsOn:
    return RestsOn(on, 0, chance, old_name)


def test_a_belief_is_corrected() -> None:
    reply = ask("arent councils not allowed to use notify", BELIEVING)

    assert isinstance(reply, Answer)
    assert [(one.belief, one.sure) for one in reply.corrections] == [(WRONG, True)]


def test_a_wrong_belief_is_corrected_however_near_another_entry_is() -> None:
    unsure = replace(FOUND, ranked=CLOSE, confidence=0.3, rests_on=())

    assert isinstance(decide(unsure, BELIEVING.library, words=[]), Choice)
    answered = decide(replace(unsure, rests_on=(resting(0.7),)), BELIEVING.library, words=[])
    assert isinstance(answered, Answer)
    assert answered.entry.id == "platform/notify"


def test_a_belief_that_may_be_meant_is_named_where_its_entry_is_shown() -> None:
    maybe = replace(FOUND, rests_on=(resting(0.3),))

    answered = decide(maybe, BELIEVING.library, words=[])

    assert [(one.belief, one.sure) for one in answered.corrections] == [(WRONG, False)]  # type: ignore[union-attr]
    assert answer(maybe, [BELIEVING.library["platform/pay"]], [], BELIEVING.library).corrections
    barely = replace(FOUND, rests_on=(resting(0.15),))
    assert answer(barely, [BELIEVING.library["platform/pay"]], [], BELIEVING.library).corrections == ()
    assert not decide(replace(FOUND, rests_on=(resting(0.02),)), BELIEVING.library, words=[]).corrections  # type: ignore[union-attr]


def test_a_sure_belief_of_another_entry_is_corrected_too() -> None:
    sure = replace(FOUND, rests_on=(resting(0.8),))

    corrected = answer(sure, [BELIEVING.library["platform/pay"]], [], BELIEVING.library).corrections

    assert [(one.entry.id, one.sure) for one in corrected] == [("platform/notify", True)]


@pytest.mark.parametrize(
    "question", ["card payments like the texting desk has", "which form does the Texting Desks use", "texting desk"]
)
def test_an_old_name_is_put_right_whatever_is_answered(question: str) -> None:
    reply = ask(question, BELIEVING)

    assert isinstance(reply, Answer | Choice)
    assert [(one.belief, one.old_name) for one in reply.corrections][:1] == [(WRONG, "texting desk")]


def test_a_choice_puts_an_old_name_right_too() -> None:
    unsure = replace(FOUND, ranked=CLOSE, confidence=0.3, rests_on=(resting(1.0, old_name="texting desk"),))

    offered = decide(unsure, BELIEVING.library, words=[])

    assert isinstance(offered, Choice)
    assert [one.old_name for one in offered.corrections] == ["texting desk"]


@pytest.mark.parametrize(
    ("words", "both"),
    [
        ("notify vs pay", ("notify", "pay")),
        ("is it alpha or beta", ("alpha", "beta")),
        ("difference between the service standard and the local one", ("service standard", "local standard")),
        ("discovery and alpha whats the difference", ("discovery", "alpha")),
        ("which is cheaper notify or pay", ("notify", "pay")),
        ("which went worse the notify programme or the pay one", ("notify programme", "pay programme")),
        ("how do we text people", None),
    ],
)
def test_the_sides_of_a_comparison(words: str, both: tuple[str, str] | None) -> None:
    assert sides(words.split()) == both


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("and for beta?", True),
        ("how much is it?", True),
        ("what about alpha", True),
        ("who runs it", True),
        ("how does it work", True),
        ("who else has left a big IT outsourcing contract", False),
        ("how do councils text residents about bins", False),
        ("", False),
    ],
)
def test_a_follow_up_is_told_from_a_new_question(question: str, leans: bool) -> None:
    assert leans_on_subject(tokenize(question)) is leans


def test_the_aspect_of_a_question() -> None:
    assert asked_aspect(tokenize("how much is it")) == "cost"
    assert asked_aspect(tokenize("and for beta?")) == "beta"
    assert only_aspect(tokenize("and for beta?"))
    assert not only_aspect(tokenize("beta blockers"))
