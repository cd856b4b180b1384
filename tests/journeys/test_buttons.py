"""What people press on a reply: choices, related entries, read more, why, helpful or not, share, pass on."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage import tables
from bot.trial import cast
from bot.trial.records import Message
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import HOUSING, NOT_THERE, PARKING, WORKSPACE, Council, action_ids, value_of, words_of

UNSURE = "which cyber attack"
"""A question that several entries fit."""
NOT_OURS = "Can you give me a legal opinion on clause 14 of this contract before we sign it on Thursday?"
"""A question that a person must answer."""


def gaps_of(council: Council) -> list[tuple[str, str]]:
    """Question and outcome of each gap that is kept."""
    with council.running.database.reading() as connection:
        return [(row.question, row.outcome) for row in connection.execute(select(tables.gaps))]


def votes_of(council: Council) -> list[str]:
    """Each vote that is kept."""
    with council.running.database.reading() as connection:
        return list(connection.execute(select(tables.feedback.c.verdict)).scalars())


def decline(council: Council) -> Message:
    """The reply to a question that a person may be asked."""
    return council.dm(council.sam, NOT_OURS)


def test_a_choice_offers_two_to_four_and_none_of_these(council: Council) -> None:
    choice = council.dm(council.sam, UNSURE)

    offered = {one for one in action_ids(choice) if one.startswith("choose:")}
    assert 2 <= len(offered) <= 4
    assert "choose_none" in action_ids(choice)


def test_a_choice_is_replaced_by_what_was_chosen(council: Council) -> None:
    choice = council.mention(council.sam, UNSURE)

    chosen = council.click(council.sam, choice, "choose:2")

    assert chosen.ts == choice.ts
    assert chosen.thread_ts == choice.thread_ts
    assert council.subject_of(chosen) == value_of(choice, "choose:2").partition("|")[2]
    assert council.priya.answers(PARKING) == [chosen]


def test_a_private_choice_stays_private(council: Council) -> None:
    choice = council.command(council.sam, "/advisor", UNSURE)

    chosen = council.click(council.sam, choice, "choose:1")

    assert chosen.reader == council.sam.id
    assert "share" in action_ids(chosen)
    assert f"You asked: {UNSURE}" in words_of(chosen)


def test_a_choice_made_is_what_the_conversation_is_about(council: Council) -> None:
    choice = council.mention(council.sam, UNSURE)
    chosen = council.click(council.sam, choice, "choose:2")

    answer = council.mention(council.sam, "any lessons?", thread_ts=chosen.thread_ts)

    assert council.subject_of(answer) == council.subject_of(chosen)


def test_none_of_these_is_noted_as_a_gap(council: Council) -> None:
    choice = council.dm(council.sam, UNSURE)

    said = council.click(council.sam, choice, "choose_none")

    assert said.ts == choice.ts
    assert "None of these" in said.text
    assert gaps_of(council) == [(UNSURE, "choice_none")]


def test_a_related_entry_is_answered_in_the_thread(council: Council) -> None:
    answer = council.mention(council.sam, "what is alpha?")

    related = council.click(council.sam, answer, "ask_entry:1")

    assert related.thread_ts == answer.thread_ts
    assert council.subject_of(related) == value_of(answer, "ask_entry:1")


def test_a_related_entry_below_a_direct_message_is_answered_beside_it(council: Council) -> None:
    related = council.click(council.sam, council.dm(council.sam, "what is alpha?"), "ask_entry:1")

    assert related.thread_ts is None


def test_a_related_entry_below_a_private_answer_stays_private(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?")

    assert council.click(council.sam, answer, "ask_entry:1").reader == council.sam.id


def test_an_example_is_answered_as_if_it_had_been_typed(council: Council) -> None:
    help_message = council.mention(council.sam, "help")

    answer = council.click(council.sam, help_message, "example:1")

    asked = value_of(help_message, "example:1")
    assert answer.thread_ts == help_message.thread_ts
    assert [row["question"] for row in council.kept()] == [asked]
    assert f"You asked: {asked}" in words_of(answer)


def test_an_example_in_private_help_is_answered_in_private(council: Council) -> None:
    help_message = council.command(council.sam, "/advisor")

    assert council.click(council.sam, help_message, "example:2").reader == council.sam.id


def test_read_more_shows_the_whole_entry(council: Council) -> None:
    answer = council.mention(council.sam, "what is alpha?")

    view = council.form(council.priya, answer, "open_entry")

    assert view.title == "Alpha"
    assert view.content["private_metadata"] == "guide/alpha"
    assert council.sam.modal() is None


def test_a_related_entry_turns_the_form_that_is_open(council: Council) -> None:
    view = council.form(council.sam, council.dm(council.sam, "what is alpha?"), "open_entry")

    turned = council.form(council.sam, view, "view_entry:1")

    assert turned.id == view.id
    assert turned.content["private_metadata"] == value_of(view, "view_entry:1")


def test_a_form_pressed_twice_shows_the_first_press(council: Council) -> None:
    view = council.form(council.sam, council.dm(council.sam, "what is alpha?"), "open_entry")
    pressed = council.sam.click(view, "view_entry:1").delivery
    council.settle()
    turned = council.sam.modal()
    assert pressed is not None

    council.slack.delivery.replay(pressed)
    council.settle()

    assert council.sam.modal() == turned
    assert len(council.sam.answers()) == 1


def test_why_explains_the_answer(council: Council) -> None:
    view = council.form(council.sam, council.dm(council.sam, "what is alpha?"), "why")

    assert view.title == "Why this answer?"
    assert "What was found\nAlpha" in words_of(view).replace("*", "")


def test_why_explains_a_follow_up_by_what_it_was_about(council: Council) -> None:
    council.dm(council.sam, "what is GOV.UK Notify?")
    answer = council.dm(council.sam, "how much is it?")

    view = council.form(council.sam, answer, "why")

    assert "What was found\nGOV.UK Notify" in words_of(view).replace("*", "")


def test_why_explains_an_entry_that_was_picked(council: Council) -> None:
    related = council.click(council.sam, council.dm(council.sam, "what is alpha?"), "ask_entry:1")

    view = council.form(council.sam, related, "why")

    title = council.knowledge_base.current.library[council.subject_of(related)].title
    assert f"What was found\n{title}" in words_of(view).replace("*", "")


def test_a_vote_is_thanked_for_unseen_by_others_in_the_thread(council: Council) -> None:
    answer = council.mention(council.sam, "what is alpha?")

    thanks = council.click(council.priya, answer, "feedback_helpful")

    assert thanks.reader == council.priya.id
    assert thanks.thread_ts == answer.thread_ts
    assert votes_of(council) == ["helpful"]


def test_a_second_vote_of_the_same_person_replaces_the_first(council: Council) -> None:
    answer = council.mention(council.sam, "what is alpha?")

    council.click(council.sam, answer, "feedback_helpful")
    council.click(council.sam, answer, "feedback_helpful")
    council.click(council.sam, answer, "feedback_not_helpful")
    council.click(council.sam, answer, "feedback_not_helpful")

    assert votes_of(council) == ["not_helpful"]
    assert gaps_of(council) == [("what is alpha?", "not_helpful")]


def test_each_person_has_a_vote(council: Council) -> None:
    answer = council.mention(council.sam, "what is alpha?")

    council.click(council.sam, answer, "feedback_helpful")
    council.click(council.priya, answer, "feedback_not_helpful")

    assert sorted(votes_of(council)) == ["helpful", "not_helpful"]


def test_a_vote_on_an_entry_that_was_picked_names_it_for_the_editors(council: Council) -> None:
    related = council.click(council.sam, council.dm(council.sam, "what is alpha?"), "ask_entry:1")

    council.click(council.sam, related, "feedback_not_helpful")

    title = council.knowledge_base.current.library[council.subject_of(related)].title
    assert gaps_of(council) == [(title, "not_helpful")]


def test_a_private_answer_is_shared_with_the_channel(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?")

    council.sam.click(answer, "share")
    council.settle()

    [shared] = council.priya.answers(PARKING)
    assert council.subject_of(shared) == "guide/alpha"
    assert "share" not in action_ids(shared)
    assert "You asked" not in words_of(shared)
    assert council.sam.answers(PARKING)[-1].text.startswith("Shared.")


def test_a_shared_comparison_shows_both(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "alpha or beta?")

    council.sam.click(answer, "share")
    council.settle()

    [shared] = council.priya.answers(PARKING)
    assert "side by side" in shared.text


def test_an_answer_in_a_thread_is_shared_in_the_thread(council: Council) -> None:
    root = council.priya.say(PARKING, "a question")
    reply = council.priya.say(PARKING, "what is alpha?", root.ts)
    private = council.answer(council.sam, lambda: council.sam.shortcut("ask_about_message", reply), PARKING)

    council.sam.click(private, "share")
    council.settle()

    [shared] = council.priya.answers(PARKING)
    assert shared.thread_ts == root.ts


def test_sharing_twice_posts_once(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?")

    for _ in range(2):
        council.sam.click(answer, "share")
    council.settle()

    assert len(council.priya.answers(PARKING)) == 1


def test_sharing_where_advisor_is_not_says_how_to_invite_it_and_works_after(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?", NOT_THERE)
    told = council.click(council.sam, answer, "share")
    council.answer(council.sam, lambda: council.sam.invite(NOT_THERE), NOT_THERE)

    council.sam.click(answer, "share")
    council.settle()

    assert "/invite @Advisor" in told.text
    assert told.reader == council.sam.id
    assert council.subject_of(council.priya.answers(NOT_THERE)[-1]) == "guide/alpha"


def test_an_answer_that_is_forgotten_cannot_be_shared(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?")
    council.clock.forward(days=council.settings.retention_days + 1)
    council.running.forget_old()

    told = council.click(council.sam, answer, "share")

    assert "Ask again" in told.text
    assert council.priya.answers(PARKING) == []


def test_a_decline_is_passed_on_to_the_help_channel_without_a_name(make_council: MakeCouncil) -> None:
    council = make_council(help_channel=cast.HOUSING)
    declined = decline(council)

    told = council.click(council.sam, declined, "pass_on")

    [passed] = council.priya.answers(HOUSING)
    assert NOT_OURS in words_of(passed)
    assert council.sam.id not in words_of(passed)
    assert told.reader == council.sam.id
    assert told.text.startswith("Passed on")


def test_passing_on_twice_posts_once(make_council: MakeCouncil) -> None:
    council = make_council(help_channel=cast.HOUSING)
    declined = decline(council)

    for _ in range(2):
        council.sam.click(declined, "pass_on")
    council.settle()

    assert len(council.priya.answers(HOUSING)) == 1


def test_without_a_help_channel_the_asker_is_told_whom_to_ask(council: Council) -> None:
    told = council.click(council.sam, decline(council), "pass_on")

    assert "head of digital" in told.text
    assert council.slack.calls_of("chat.postMessage")[-1].arguments["channel"] != cast.HOUSING


def test_a_help_channel_that_advisor_is_not_in_is_an_operators_fault_and_told(make_council: MakeCouncil) -> None:
    council = make_council(help_channel=cast.LEADERS)
    council.noisy = True

    told = council.click(council.sam, decline(council), "pass_on")

    assert "reference" in told.text
    council.sam.invite(NOT_THERE)
    council.settle()
    assert council.click(council.sam, council.sam.answers()[0], "pass_on").text.startswith("Passed on")


def test_after_not_helpful_the_question_can_be_passed_on(make_council: MakeCouncil) -> None:
    council = make_council(help_channel=cast.HOUSING)
    answer = council.mention(council.sam, "what is alpha?")
    thanks = council.click(council.sam, answer, "feedback_not_helpful")

    council.click(council.sam, thanks, "pass_on")

    assert "what is alpha?" in words_of(council.priya.answers(HOUSING)[0])


def test_a_button_of_another_workspace_finds_nothing(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?")
    with council.running.database.writing() as connection:
        connection.execute(tables.answers.update().values(workspace_id=f"not {WORKSPACE}"))

    told = council.click(council.sam, answer, "share")

    assert "Ask again" in told.text


def test_a_nearest_topic_of_a_decline_can_be_opened(council: Council) -> None:
    declined = decline(council)

    answer = council.click(council.sam, declined, "ask_entry:1")

    assert council.subject_of(answer) == value_of(declined, "ask_entry:1")
