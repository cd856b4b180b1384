"""Questions in a channel and in direct messages: where the answer stands, what it is about, and who is left alone."""

from __future__ import annotations

import threading

import pytest

from bot.rendering.help import EXAMPLES
from bot.trial import cast
from bot.trial.events import mention_event, message_event
from tests.journeys.council import HOUSING, PARKING, Council, action_ids, words_of

FITTING = {
    EXAMPLES[0]: {"checkpoint/end-of-alpha", "guide/alpha"},
    EXAMPLES[1]: {"platform/notify", "guide/notifications"},
    EXAMPLES[2]: {"case/sheffield-capita-exit"},
}


def test_a_mention_is_answered_for_all_in_the_thread_of_the_question(council: Council) -> None:
    asked = council.sam.mention(PARKING, "what is alpha?")
    council.settle()

    [answer] = council.priya.answers(PARKING)
    assert answer.thread_ts == asked.ts
    assert council.subject_of(answer) == "guide/alpha"
    assert "share" not in action_ids(answer)


def test_a_mention_in_a_thread_is_answered_there(council: Council) -> None:
    root = council.priya.say(PARKING, "shall we start?")

    answer = council.mention(council.sam, "what is alpha?", thread_ts=root.ts)

    assert answer.thread_ts == root.ts


def test_a_direct_message_is_answered_beside_it(council: Council) -> None:
    answer = council.dm(council.sam, "what is alpha?")

    assert answer.thread_ts is None
    assert not answer.unfurl
    assert council.subject_of(answer) == "guide/alpha"


def test_a_direct_message_in_a_thread_is_answered_there(council: Council) -> None:
    first = council.dm(council.sam, "what is alpha?")

    answer = council.dm(council.sam, "what is GOV.UK Notify?", thread_ts=first.ts)

    assert answer.thread_ts == first.ts


def test_a_follow_up_in_the_thread_keeps_the_subject(council: Council) -> None:
    first = council.mention(council.sam, "what is GOV.UK Notify?")

    answer = council.mention(council.priya, "how much is it?", thread_ts=first.thread_ts)

    assert council.subject_of(answer) == "platform/notify"
    assert "What it costs" in words_of(answer)


def test_a_follow_up_in_direct_messages_keeps_the_subject(council: Council) -> None:
    council.dm(council.sam, "what is GOV.UK Notify?")

    answer = council.dm(council.sam, "and how much is it?")

    assert council.subject_of(answer) == "platform/notify"


def test_a_follow_up_after_a_restart_keeps_the_subject(council: Council) -> None:
    council.dm(council.sam, "what is GOV.UK Notify?")
    council.restart()

    answer = council.dm(council.sam, "how much is it?")

    assert council.subject_of(answer) == "platform/notify"


def test_a_subject_stays_in_its_own_conversation(council: Council) -> None:
    council.mention(council.sam, "what is GOV.UK Notify?")
    council.mention(council.sam, "what is GOV.UK Pay?", HOUSING)
    root = council.sam.messages(PARKING)[0]

    answer = council.mention(council.priya, "how much is it?", thread_ts=root.ts)

    assert council.subject_of(answer) == "platform/notify"


def test_what_one_person_asks_unseen_changes_no_subject_for_others(council: Council) -> None:
    first = council.mention(council.sam, "what is GOV.UK Notify?")
    council.command(council.priya, "/advisor", "what is GOV.UK Pay?")
    council.answer(council.priya, lambda: council.priya.shortcut("ask_about_message", first), PARKING)

    answer = council.mention(council.sam, "how much is it?", thread_ts=first.thread_ts)

    assert council.subject_of(answer) == "platform/notify"


@pytest.mark.parametrize("prompt", EXAMPLES)
def test_every_prompt_that_is_offered_is_answered_outright(council: Council, prompt: str) -> None:
    answer = council.dm(council.sam, prompt)

    assert council.subject_of(answer) in FITTING[prompt]
    assert [row["outcome"] for row in council.kept()] == ["answer"]


def test_a_comparison_shows_both(council: Council) -> None:
    answer = council.dm(council.sam, "alpha or beta?")

    assert [row["entry_ids"] for row in council.kept()] == [["guide/alpha", "guide/beta"]]
    assert "side by side" in answer.text


@pytest.mark.parametrize("text", ["", "help", "Help?", "  HELP!  ", "what can you do?", ":wave:", "👍"])
def test_an_empty_mention_and_the_word_help_get_the_help(council: Council, text: str) -> None:
    answer = council.mention(council.sam, text)

    assert answer.text.startswith("What Advisor can do")
    assert "example:1" in action_ids(answer)


@pytest.mark.parametrize("text", ["help", "@Advisor help", "  "])
def test_help_by_direct_message(council: Council, text: str) -> None:
    assert council.dm(council.sam, text).text.startswith("What Advisor can do")


def test_the_message_shortcut_answers_the_one_who_used_it(council: Council) -> None:
    message = council.priya.say(PARKING, "does anybody know what alpha is?")

    answer = council.answer(council.sam, lambda: council.sam.shortcut("ask_about_message", message), PARKING)

    assert answer.reader == council.sam.id
    assert council.subject_of(answer) == "guide/alpha"
    assert "share" in action_ids(answer)


def test_the_message_shortcut_in_a_thread_answers_in_the_thread(council: Council) -> None:
    root = council.priya.say(PARKING, "a question")
    reply = council.priya.say(PARKING, "what is alpha?", root.ts)

    answer = council.answer(council.sam, lambda: council.sam.shortcut("ask_about_message", reply), PARKING)

    assert answer.thread_ts == root.ts


def test_the_message_shortcut_works_where_advisor_is_not(council: Council) -> None:
    message = council.priya.say("#digital-leaders", "what is alpha?")

    act = lambda: council.sam.shortcut("ask_about_message", message)  # noqa: E731
    answer = council.answer(council.sam, act, "#digital-leaders")

    assert answer.reader == council.sam.id


def test_an_edited_message_is_not_answered_again(council: Council) -> None:
    asked = council.sam.dm("what is alpha?")
    council.settle()

    council.sam.edit(asked, "what is beta?")
    council.settle()

    assert len(council.sam.answers()) == 1


def test_an_edit_that_mentions_advisor_is_left_alone(council: Council) -> None:
    message = council.sam.say(PARKING, "what is alpha?")
    event = mention_event(council.slack.workspace, message) | {"edited": {"user": council.sam.id, "ts": message.ts}}

    council.slack.delivery.event(event)
    council.settle()

    assert council.sam.answers(PARKING) == []


@pytest.mark.parametrize("channel", [PARKING, None])
def test_another_bot_is_left_alone(council: Council, channel: str | None) -> None:
    message = council.sam.say(channel, "what is alpha?")
    council.settle()
    about = mention_event if channel else message_event
    event = about(council.slack.workspace, message) | {"bot_id": "B0OTHER001"}
    answered = len(council.sam.answers(channel))

    delivered = council.slack.delivery.event(event)
    council.settle()

    assert delivered is not None
    assert delivered.ok
    assert len(council.sam.answers(channel)) == answered


def test_a_message_that_does_not_mention_advisor_is_none_of_its_business(council: Council) -> None:
    council.sam.say(PARKING, "what is alpha?")
    council.settle()

    assert council.sam.answers(PARKING) == []


def test_deleting_a_message_is_left_alone(council: Council) -> None:
    asked = council.sam.dm("what is alpha?")
    council.settle()

    council.sam.delete(asked)
    council.settle()

    assert len(council.sam.answers()) == 1


def test_two_people_at_once_in_one_thread_are_both_answered(council: Council) -> None:
    root = council.priya.say(PARKING, "questions, please")
    asked = [(council.sam, "what is alpha?"), (council.priya, "what is GOV.UK Notify?")] * 3

    at_once([lambda who=who, text=text: who.mention(PARKING, text, root.ts) for who, text in asked])
    council.settle()

    answers = council.sam.answers(PARKING)
    assert {answer.thread_ts for answer in answers} == {root.ts}
    assert sorted(map(council.subject_of, answers)) == ["guide/alpha"] * 3 + ["platform/notify"] * 3


def test_people_at_once_in_different_places_get_their_own_answers(council: Council) -> None:
    at_once(
        [
            lambda: council.sam.dm("what is alpha?"),
            lambda: council.priya.dm("what is GOV.UK Notify?"),
            lambda: council.sam.mention(HOUSING, "what is GOV.UK Pay?"),
            lambda: council.priya.command("/standard", "5", channel=PARKING),
        ]
    )
    council.settle()

    places = [(council.sam, None), (council.priya, None), (council.sam, HOUSING), (council.priya, PARKING)]
    subjects = [council.subject_of(answer) for who, place in places for answer in who.answers(place)]
    assert subjects == ["guide/alpha", "platform/notify", "platform/pay", "service-standard/05"]


def test_no_question_is_kept_with_the_id_of_a_person(council: Council) -> None:
    council.mention(council.sam, f"<@{cast.PRIYA}> says jo@anytown.gov.uk knows: what is alpha? 07700 900123")

    [row] = council.kept()
    assert not {cast.PRIYA, cast.BOT_USER, "jo@anytown.gov.uk", "900123"} & set(row["question"].split())
    assert "alpha" in row["question"]


def at_once(acts: list[object]) -> None:
    """Do all *acts* at the same moment, each in a thread of its own."""
    barrier = threading.Barrier(len(acts))

    def do(act: object) -> None:
        barrier.wait()
        assert callable(act)
        act()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
