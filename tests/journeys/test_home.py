"""The Home tab, the Messages tab, the form to ask from, and being brought into a channel."""

from __future__ import annotations

import logging

import pytest

from bot.rendering.browse import of_kind
from bot.rendering.help import EXAMPLES
from bot.trial import cast
from bot.trial.events import joined_event
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import NOT_THERE, PARKING, Council, action_ids, buttons, value_of, words_of


def test_the_home_tab_says_what_there_is(council: Council) -> None:
    home = council.home(council.sam)

    shown = words_of(home)
    assert "ask_modal" in action_ids(home)
    assert all(example in shown for example in EXAMPLES)
    assert all(command in shown for command in ("/advisor", "/standard", "/platforms", "/cases"))


def test_opening_the_home_tab_writes_to_nobody(council: Council) -> None:
    council.home(council.sam)

    assert council.sam.answers() == []


def test_a_question_from_the_form_is_answered_in_direct_messages(council: Council) -> None:
    council.form(council.sam, council.home(council.sam), "ask_modal")

    answer = council.answer(council.sam, lambda: council.sam.submit(values={"question": "what is alpha?"}))

    assert council.subject_of(answer) == "guide/alpha"
    assert "You asked: what is alpha?" in words_of(answer)
    assert council.sam.modal() is None


def test_a_follow_up_to_the_form_keeps_the_subject(council: Council) -> None:
    council.form(council.sam, council.home(council.sam), "ask_modal")
    council.answer(council.sam, lambda: council.sam.submit(values={"question": "what is GOV.UK Notify?"}))

    assert council.subject_of(council.dm(council.sam, "how much is it?")) == "platform/notify"


@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
def test_an_empty_question_is_an_error_in_the_form(council: Council, typed: str) -> None:
    council.form(council.sam, council.home(council.sam), "ask_modal")

    outcome = council.sam.submit(values={"question": typed})
    council.settle()

    assert set(outcome.errors) == {"question"}
    assert council.sam.modal() is not None
    assert council.sam.answers() == []


def test_the_form_can_be_closed(council: Council) -> None:
    council.form(council.sam, council.home(council.sam), "ask_modal")

    council.sam.close()

    assert council.sam.modal() is None


def test_an_example_on_the_home_tab_is_answered_in_direct_messages(council: Council) -> None:
    home = council.home(council.sam)

    answer = council.answer(council.sam, lambda: council.sam.click(home, "example:2"))

    assert council.subject_of(answer) == "platform/notify"
    assert f"You asked: {EXAMPLES[1]}" in words_of(answer)
    assert council.subject_of(council.dm(council.sam, "how much is it?")) == "platform/notify"


def test_an_example_on_one_persons_home_tab_changes_no_subject_of_another(council: Council) -> None:
    council.sam.click(council.home(council.sam), "example:2")
    council.priya.click(council.home(council.priya), "example:1")
    council.settle()

    assert council.subject_of(council.dm(council.sam, "how much is it?")) == "platform/notify"


def test_browsing_from_the_home_tab_opens_a_list_and_turns_its_pages(council: Council) -> None:
    cases = of_kind(council.knowledge_base.current.library, "case")

    listed = council.form(council.sam, council.home(council.sam), "browse", "case")
    turned = council.form(council.sam, listed, "page", value_of(listed, "page"))

    assert value_of(listed, "ask_entry:1") == cases[0].id
    assert turned.id == listed.id
    assert value_of(turned, "ask_entry:1") == cases[10].id


def test_an_entry_of_the_list_lies_on_top_of_it(council: Council) -> None:
    listed = council.form(council.sam, council.home(council.sam), "browse", "platform")

    entry = council.form(council.sam, listed, "ask_entry:1")
    turned = council.form(council.sam, entry, "view_entry:1")
    council.sam.close()

    back = council.sam.modal()
    assert entry.content["private_metadata"] == value_of(listed, "ask_entry:1")
    assert turned.id == entry.id
    assert back is not None
    assert back.id == listed.id


def test_every_kind_on_the_home_tab_can_be_browsed(council: Council) -> None:
    for browse in [button for button in buttons(council.home(council.sam)) if button["action_id"] == "browse"]:
        listed = council.form(council.sam, council.home(council.sam), "browse", browse["value"])
        council.sam.close(everything=True)

        assert "ask_entry:1" in action_ids(listed)


def test_a_recent_topic_on_the_home_tab_is_opened_to_read(council: Council) -> None:
    home = council.home(council.sam)
    recent = next(button for button in buttons(home) if button["action_id"] == "open_entry")

    view = council.form(council.sam, home, "open_entry", recent["value"])

    assert view.content["private_metadata"] == recent["value"]


def test_the_messages_tab_welcomes_a_person_once(council: Council) -> None:
    for _ in range(2):
        council.sam.open_messages_tab()
        council.settle()
    council.restart()
    council.sam.open_messages_tab()
    council.settle()

    assert [message.text.partition(".")[0] for message in council.sam.answers()] == ["Welcome to Advisor"]


def test_each_person_is_welcomed(council: Council) -> None:
    for person in (council.sam, council.priya):
        person.open_messages_tab()
    council.settle()

    assert len(council.sam.answers()) == len(council.priya.answers()) == 1


def test_prompts_are_offered_where_agent_features_are_on(make_council: MakeCouncil) -> None:
    council = make_council(agent_features=True)

    council.sam.open_messages_tab()
    council.settle()

    assert [prompt["message"] for prompt in council.sam.prompts()] == list(EXAMPLES)
    assert "assistant:write" in council.slack.workspace.manifest.scopes


def test_no_prompts_are_offered_without_agent_features(council: Council) -> None:
    council.sam.open_messages_tab()
    council.settle()

    assert council.sam.prompts() == []
    assert council.slack.calls_of("assistant.threads.setSuggestedPrompts") == []
    assert "assistant:write" not in council.slack.workspace.manifest.scopes


@pytest.mark.parametrize("error", ["missing_scope", "method_not_supported_for_channel_type"])
def test_where_slack_refuses_the_prompts_the_welcome_comes_all_the_same(
    make_council: MakeCouncil, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    council = make_council(agent_features=True)
    council.noisy = True
    council.slack.fail_next("assistant.threads.setSuggestedPrompts", error=error)

    council.sam.open_messages_tab()
    council.settle()

    assert [message.text.partition(".")[0] for message in council.sam.answers()] == ["Welcome to Advisor"]
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        f"Slack did not take the suggested prompts: {error}."
    ]


def test_brought_into_a_channel_advisor_says_once_what_it_does_there(council: Council) -> None:
    said = council.answer(council.sam, lambda: council.sam.invite(NOT_THERE), NOT_THERE)

    assert "/remove @Advisor" in said.text
    assert said.thread_ts is None


def test_other_people_joining_a_channel_is_none_of_its_business(council: Council) -> None:
    channel = council.slack.workspace.channel_named(PARKING)

    council.slack.delivery.event(joined_event(council.slack.workspace, channel, cast.JO))
    council.settle()

    assert council.sam.answers(PARKING) == []
