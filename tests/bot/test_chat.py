"""The trial in a terminal: a conversation typed with numbers, read as somebody would read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import bot.chat
from bot.chat import Chat, run_chat, trial
from bot.rendering.help import EXAMPLES
from bot.settings import Settings
from bot.trial.server import StandIn
from bot.usecases.knowledge_base import KnowledgeBase


@dataclass
class Terminal:
    """One conversation; ``shown`` is all that was printed, piece by piece."""

    chat: Chat
    slack: StandIn
    shown: list[str] = field(default_factory=list)

    def type(self, *lines: str) -> str:
        """Type *lines*; what is shown after the last."""
        for line in lines:
            self.shown.clear()
            self.chat.type(line)
        return "\n".join(self.shown)

    def press(self, label: str) -> str:
        """Type the number that stands before *label*; what is shown then."""
        shown = " ".join("\n".join(self.shown).split())
        number = shown.partition(f"] {label}")[0].rpartition("[")[2]
        assert number.isdecimal(), f"no button {label!r} in: {shown}"
        return self.type(number)


@pytest.fixture
def terminal(knowledge_base: KnowledgeBase) -> Iterator[Terminal]:
    with trial(Settings(_env_file=None), knowledge_base=knowledge_base) as (slack, running):
        shown: list[str] = []
        yield Terminal(Chat(slack, running, shown.append), slack, shown)
        assert slack.complaints == []


def talk(monkeypatch: pytest.MonkeyPatch, base: KnowledgeBase, lines: Iterable[str], **given: bool) -> list[str]:
    """All that a whole conversation shows, from the welcome to the goodbye."""
    monkeypatch.setattr(bot.chat, "trial", lambda settings: trial(settings, knowledge_base=base))
    shown: list[str] = []
    run_chat(Settings(_env_file=None), lines, shown.append, interactive=given.get("interactive", False))
    return shown


def test_a_question_is_answered_with_numbered_buttons(terminal: Terminal) -> None:
    shown = terminal.type("what is alpha?")

    assert "*Alpha*" in shown
    assert "[1] Read more" in shown


def test_a_number_presses_a_button_and_the_form_is_shown(terminal: Terminal) -> None:
    terminal.type("what is alpha?")

    shown = terminal.press("Read more")

    assert shown.startswith("== Alpha ==")
    assert "What to have at the end" in shown


def test_numbers_go_on_from_form_to_form(terminal: Terminal) -> None:
    terminal.type("what is alpha?")
    terminal.press("Read more")

    assert terminal.press("Guide: Discovery").startswith("== Discovery ==")


def test_a_choice_is_made_by_its_number(terminal: Terminal) -> None:
    assert "Did you mean" in terminal.type("which cyber attack")

    shown = terminal.press("Choose 2")

    assert "Did you mean" not in shown
    assert "Helpful" in shown


def test_none_of_the_choices(terminal: Terminal) -> None:
    terminal.type("which cyber attack")

    assert "None of these, then" in terminal.press("None of these")


def test_a_vote_is_thanked_for(terminal: Terminal) -> None:
    terminal.type("what is alpha?")

    assert "Thank you" in terminal.press("Helpful")


def test_a_follow_up_is_understood(terminal: Terminal) -> None:
    assert "What it costs" in terminal.type("what is GOV.UK Notify?", "how much is it?")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/advisor", "What Advisor can do"),
        ("/advisor help", "What Advisor can do"),
        ("/advisor what is alpha?", "You asked: what is alpha?"),
        ("/standard 5", "Make sure everyone can use"),
        ("/platforms", "page 1 of"),
        ("/cases cyber attack", "with “cyber attack”"),
        ("/advisor health", "Entries:"),
        ("help", "What Advisor can do"),
    ],
)
def test_commands_are_typed_as_in_slack(terminal: Terminal, line: str, shown: str) -> None:
    assert shown.casefold() in " ".join(terminal.type(line).split()).casefold()


def test_the_pages_of_a_list_are_turned(terminal: Terminal) -> None:
    terminal.type("/cases")

    terminal.press("Next page")

    assert "Page 2 of" in "\n".join(terminal.shown)


def test_an_answer_to_a_command_is_shared(terminal: Terminal) -> None:
    terminal.type("/advisor what is alpha?")

    shown = terminal.press("Share in channel")

    assert "[1] Read more" in shown
    assert shown.rstrip().endswith("Shared. Everyone in this channel can see the answer.")
    assert "== Beta" in terminal.type("what is GOV.UK Notify?", "/advisor what is beta?") + terminal.press("Read more")


def test_home_and_the_form_to_ask_from(terminal: Terminal) -> None:
    home = terminal.type("home")
    form = terminal.press("Ask a question")
    answer = terminal.type("what is alpha?")

    assert "Try one of these" in home
    assert form.startswith("== Ask Advisor ==")
    assert "You asked: what is alpha?" in answer


def test_the_field_and_the_button_of_a_form_are_not_for_numbers(terminal: Terminal) -> None:
    terminal.type("home")
    terminal.press("Ask a question")

    assert "Type your question" in terminal.type("1")
    assert "Type your question" in terminal.type("2")


def test_a_command_leaves_the_form(terminal: Terminal) -> None:
    terminal.type("home")
    terminal.press("Ask a question")

    terminal.type("/standard 5")

    assert terminal.slack.person("Sam").modal() is None


def test_home_can_be_browsed_by_numbers(terminal: Terminal) -> None:
    terminal.type("home")

    listed = terminal.press("Browse case studies")
    entry = terminal.press("Show 1")

    assert listed.startswith("== Case studies ==")
    assert "Who and when" in entry


@pytest.mark.parametrize("number", ["0", "99", "999"])
def test_a_number_without_a_button_says_so(terminal: Terminal, number: str) -> None:
    terminal.type("what is alpha?")

    assert terminal.type(number) == f"There is no [{number}] to press; type a question."


def test_a_number_before_anything_was_shown_says_so(terminal: Terminal) -> None:
    assert "There is no [1]" in terminal.type("1")


@pytest.mark.parametrize("line", ["2024", "²", "1" * 5000])
def test_what_is_no_button_number_is_a_question(terminal: Terminal, line: str) -> None:
    assert "There is no" not in terminal.type(line)
    assert terminal.slack.person("Sam").answers()


def test_a_conversation_ends_with_quit(monkeypatch: pytest.MonkeyPatch, knowledge_base: KnowledgeBase) -> None:
    shown = talk(monkeypatch, knowledge_base, ["what is alpha?", "", "quit", "what is beta?"])

    assert shown[0] == bot.chat.WELCOME
    assert shown[-1] == "Goodbye."
    assert len(shown) == 3


def test_a_conversation_ends_where_the_input_does(
    monkeypatch: pytest.MonkeyPatch, knowledge_base: KnowledgeBase
) -> None:
    shown = talk(monkeypatch, knowledge_base, ["what is alpha?"])

    assert "*Alpha*" in shown[1]
    assert shown[-1] == "Goodbye."


def test_without_a_line_of_input_the_examples_are_asked(
    monkeypatch: pytest.MonkeyPatch, knowledge_base: KnowledgeBase
) -> None:
    shown = talk(monkeypatch, knowledge_base, [])

    assert [line for line in shown if line.startswith("> ")] == [f"> {example}" for example in EXAMPLES]
    assert len(shown) == 2 + 2 * len(EXAMPLES)


def test_at_a_terminal_nothing_is_asked_by_itself(
    monkeypatch: pytest.MonkeyPatch, knowledge_base: KnowledgeBase
) -> None:
    assert len(talk(monkeypatch, knowledge_base, [], interactive=True)) == 2


def test_the_trial_leaves_no_file_behind(
    monkeypatch: pytest.MonkeyPatch, knowledge_base: KnowledgeBase, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    talk(monkeypatch, knowledge_base, ["what is alpha?"])

    assert list(tmp_path.iterdir()) == []
