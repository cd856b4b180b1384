"""Slash commands: what each does with nothing, with help, with a number and with words; only the asker sees it."""

from __future__ import annotations

import pytest

from bot.knowledge.library import Library
from bot.rendering.browse import of_kind
from bot.trial import cast
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import NOT_THERE, PARKING, Council, action_ids, value_of, words_of

KINDS = {"/standard": "service-standard", "/platforms": "platform", "/cases": "case"}


@pytest.fixture
def library(council: Council) -> Library:
    """What is known."""
    return council.knowledge_base.current.library


@pytest.mark.parametrize("text", ["", "help", " HELP ", "help?"])
def test_advisor_with_nothing_and_with_help_says_what_it_can_do(council: Council, text: str) -> None:
    answer = council.command(council.sam, "/advisor", text)

    assert answer.text.startswith("What Advisor can do")
    assert answer.reader == council.sam.id


def test_advisor_answers_a_question_for_the_asker_alone(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is alpha?")

    assert council.subject_of(answer) == "guide/alpha"
    assert answer.reader == council.sam.id
    assert council.priya.answers(PARKING) == []


def test_an_answer_to_a_command_repeats_the_question_that_slack_hides(council: Council) -> None:
    answer = council.command(council.sam, "/advisor", "what is *alpha*?")

    assert "You asked: what is alpha ?" in words_of(answer)


def test_advisor_works_where_it_is_not_invited(council: Council) -> None:
    assert council.command(council.sam, "/advisor", "what is alpha?", NOT_THERE).reader == council.sam.id


@pytest.mark.parametrize("text", ["paper forms, how do we stop?", "notify pricing", "status of GOV.UK Verify"])
def test_words_that_are_no_subcommand_are_a_question(council: Council, text: str) -> None:
    council.command(council.sam, "/advisor", text)

    assert [row["question"] for row in council.kept()] == [text]


def test_a_follow_up_by_command_keeps_the_subject(council: Council) -> None:
    council.command(council.sam, "/advisor", "what is GOV.UK Notify?")

    answer = council.command(council.sam, "/advisor", "how much is it?")

    assert council.subject_of(answer) == "platform/notify"


def test_a_follow_up_to_a_choice_that_a_command_gave_keeps_the_subject(council: Council) -> None:
    choice = council.command(council.sam, "/advisor", "which cyber attack")
    chosen = council.click(council.sam, choice, "choose:2")

    answer = council.command(council.sam, "/advisor", "any lessons?")

    assert council.subject_of(answer) == council.subject_of(chosen)


@pytest.mark.parametrize("text", ["", "help"])
@pytest.mark.parametrize(("command", "kind"), KINDS.items())
def test_a_list_is_shown_where_nothing_is_asked(
    council: Council, library: Library, command: str, kind: str, text: str
) -> None:
    answer = council.command(council.sam, command, text)

    first = of_kind(library, kind)[0]
    assert answer.reader == council.sam.id
    assert f"1. {first.title}" in answer.text
    assert value_of(answer, "ask_entry:1") == first.id


@pytest.mark.parametrize(
    ("number", "entry_id"),
    [("5", "service-standard/05"), (" 14 ", "service-standard/14"), ("05", "service-standard/05")],
)
def test_standard_with_a_number_is_that_point(council: Council, number: str, entry_id: str) -> None:
    assert council.subject_of(council.command(council.sam, "/standard", number)) == entry_id


def test_standard_with_words_is_a_question(council: Council) -> None:
    answer = council.command(council.sam, "/standard", "what does point 5 ask of us at beta?")

    assert council.subject_of(answer) == "service-standard/05"


@pytest.mark.parametrize("number", ["99", "0", "1" * 5000], ids=["too high", "nought", "endless"])
def test_standard_with_a_number_that_is_no_point_lists_those_that_are(council: Council, number: str) -> None:
    answer = council.command(council.sam, "/standard", number)

    assert value_of(answer, "ask_entry:1") == "service-standard"
    assert council.kept() == []


@pytest.mark.parametrize(
    ("command", "words", "entry_id"),
    [("/platforms", "text messages", "platform/notify"), ("/cases", "cyber attack", "case/hackney-cyber-attack")],
)
def test_words_after_a_list_narrow_it_down(
    council: Council, library: Library, command: str, words: str, entry_id: str
) -> None:
    answer = council.command(council.sam, command, words)

    kind = KINDS[command]
    listed = [button["value"] for block in answer.blocks if (button := block.get("accessory"))]
    assert entry_id in listed
    assert 0 < len(listed) <= 10
    assert all(library[one].kind == kind for one in listed)


def test_a_list_that_nothing_fits_says_so(council: Council) -> None:
    answer = council.command(council.sam, "/cases", "zzyzx")

    assert "nothing found" in answer.text


def test_the_pages_of_a_list_are_turned_in_its_place(council: Council, library: Library) -> None:
    cases = of_kind(library, "case")
    first = council.command(council.sam, "/cases")

    second = council.click(council.sam, first, "page", value_of(first, "page"))
    again = council.click(council.sam, second, "page", "case|1|")

    assert second.ts == first.ts == again.ts
    assert value_of(second, "ask_entry:1") == cases[10].id
    assert again.text == first.text
    assert second.reader == council.sam.id


def test_an_entry_of_a_list_is_shown_to_its_reader_alone(council: Council) -> None:
    listed = council.command(council.sam, "/platforms")

    answer = council.click(council.sam, listed, "ask_entry:1")

    assert answer.reader == council.sam.id
    assert council.subject_of(answer) == value_of(listed, "ask_entry:1")


def test_health_says_what_is_in_use(council: Council, library: Library) -> None:
    answer = council.command(council.sam, "/advisor", "health")

    assert f"Entries: {len(library)}" in answer.text
    assert answer.reader == council.sam.id


@pytest.mark.parametrize("word", ["health", "gaps"])
def test_health_and_gaps_are_for_administrators_where_some_are_named(make_council: MakeCouncil, word: str) -> None:
    council = make_council(admins=f"{cast.TOM}, {cast.PRIYA}")

    refused = council.command(council.sam, "/advisor", word)
    shown = council.command(council.priya, "/advisor", word)

    assert "administrators" in refused.text
    assert "administrators" not in shown.text


def test_gaps_lists_what_was_declined_without_saying_who_asked(council: Council) -> None:
    council.dm(council.sam, "who won the football last night, call me on 07700 900123")

    answer = council.command(council.priya, "/advisor", "gaps")

    assert "football" in answer.text
    assert "900123" not in words_of(answer)
    assert council.sam.id not in words_of(answer)


def test_gaps_says_when_there_are_none(council: Council) -> None:
    assert "Nothing to report" in council.command(council.sam, "/advisor", "gaps").text


def test_every_command_is_named_in_the_help(council: Council) -> None:
    shown = words_of(council.command(council.sam, "/advisor"))

    assert all(command in shown for command in ("/advisor", *KINDS))


def test_a_private_answer_can_be_shared_and_a_list_cannot(council: Council) -> None:
    answered = council.command(council.sam, "/advisor", "what is alpha?")
    listed = council.command(council.sam, "/platforms")

    assert "share" in action_ids(answered)
    assert "share" not in action_ids(listed)
