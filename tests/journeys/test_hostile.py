"""Hostile text: whatever people type, nothing that Advisor posts can ping, link elsewhere, or hide what it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.trial import cast
from bot.trial.records import Payload
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, Council

_QUESTIONS = Path(__file__).parents[1] / "content" / "questions" / "hostile.yaml"
_BRACKETS = re.compile(r"<[^<>]*>?|>")
_LINK = re.compile(r"<https?://[^\s<>|]+(?:\|[^<>|\n]+)?>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
_TURNS_TEXT_ROUND = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

NASTY = [
    "<!channel> what is alpha?",
    "<!here> <!everyone> <!subteam^S0LEADERS1> what is alpha?",
    f"<@{cast.PRIYA}> what is alpha?",
    "&lt;!channel&gt; what is alpha?",
    "&amp;lt;!channel&amp;gt; what is alpha?",
    "<https://evil.example|https://www.gov.uk> what is alpha?",
    "what is alpha?" + " <!channel>" * 1000,
    "x" * 10_000,
    "what is alpha? " * 700,
    "what\x00 is\x07 alpha?\x1b[31m",
    "\u202ewhat is alpha?\u202c \u200falpha\u200b",
    "ما هي مرحلة ألفا",
    "\ud83d what is alpha? \ude00",
    "😀😀😀",
    ":smile: :tada:",
    "*_~`what is alpha?`~_*",
    "> what is alpha?\n```<!channel>```",
    "what is alpha?\u2028<!channel>\u2029",
]

Way = Callable[[Council, str], None]


def by_direct_message(council: Council, text: str) -> None:
    council.sam.dm(text)


def by_mention(council: Council, text: str) -> None:
    council.sam.mention(PARKING, text)


def by_command(council: Council, text: str) -> None:
    council.sam.command("/advisor", carried_by_a_form(text), channel=PARKING)


def by_list(council: Council, text: str) -> None:
    council.sam.command("/cases", carried_by_a_form(text), channel=PARKING)
    council.sam.command("/standard", carried_by_a_form(text), channel=PARKING)


def by_form(council: Council, text: str) -> None:
    council.sam.click(council.home(council.sam), "ask_modal")
    council.settle()
    council.sam.submit(values={"question": text[:3000]})
    if council.sam.modal() is not None:
        council.sam.close()


def by_shortcut(council: Council, text: str) -> None:
    message = council.sam.say("#digital-leaders", text)
    council.sam.shortcut("ask_about_message", message)


def carried_by_a_form(text: str) -> str:
    """*text* without halves of characters, which only JSON can carry."""
    return text.encode("utf-8", "replace").decode()


def nasty_questions() -> list[str]:
    """Our own, and those of the question set."""
    rows = yaml.safe_load(_QUESTIONS.read_text(encoding="utf-8"))
    return NASTY + [row["q"] if "q" in row else row["repeat"] * row["times"] for row in rows]


def said(council: Council) -> list[Payload]:
    """Everything that Advisor said anywhere: messages in their last form, and the arguments of every call."""
    messages = [message.to_slack() for channel in council.slack.workspace.channels
                for message in council.slack.workspace.messages(channel, council.sam.id)
                if message.user == cast.BOT_USER and message.subtype is None]  # fmt: skip
    return messages + [call.arguments for call in council.slack.calls]


def texts(node: Any, kind: str = "mrkdwn") -> Iterator[tuple[str, str]]:
    """Every text in *node* with its kind: ``mrkdwn``, or ``plain_text`` of which Slack makes nothing."""
    if isinstance(node, dict):
        own = node["type"] if node.get("type") in ("mrkdwn", "plain_text") else "mrkdwn"
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield own, value
            elif isinstance(value, dict | list):
                yield from texts(value, own)
    elif isinstance(node, list):
        for each in node:
            yield from texts(each, kind)


def faults_of(kind: str, text: str) -> list[str]:
    """What is wrong with one text that people see."""
    faults = [f"{unicodedata.name(one, hex(ord(one)))} in {text[:60]!r}" for one in text if is_unseen(one)]
    if kind == "mrkdwn":
        marks = [match[0] for match in _BRACKETS.finditer(text)]
        faults += [f"{mark[:60]!r}" for mark in marks if not _LINK.fullmatch(mark)]
        faults += [f"an ampersand by itself in {text[:60]!r}"] if _ENTITY.search(text) else []
    return faults


def is_unseen(character: str) -> bool:
    """Whether a character controls what is seen instead of being seen."""
    if unicodedata.bidirectional(character) in _TURNS_TEXT_ROUND:
        return True
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"


@pytest.mark.parametrize("way", [by_direct_message, by_mention, by_command, by_list, by_form, by_shortcut])
def test_nothing_that_people_type_gets_out_as_a_command_to_slack(council: Council, way: Way) -> None:
    for question in nasty_questions():
        way(council, question)
    council.settle()

    found = [fault for payload in said(council) for kind, text in texts(payload) for fault in faults_of(kind, text)]
    assert found == []
    assert len(said(council)) > len(NASTY)


def test_what_is_passed_on_to_people_is_safe_too(make_council: MakeCouncil) -> None:
    council = make_council(help_channel=cast.HOUSING)
    for ping in ("<!channel>", "&lt;!channel&gt;", f"<@{cast.PRIYA}>", "\u202e"):
        declined = council.dm(council.sam, f"{ping} please give me a legal opinion on clause 14 of this contract")
        council.click(council.sam, declined, "pass_on")

    found = [fault for payload in said(council) for kind, text in texts(payload) for fault in faults_of(kind, text)]
    assert found == []
    assert len(council.priya.answers("#housing-repairs")) == 4


def test_what_the_editors_see_is_safe_too(council: Council) -> None:
    for question in NASTY:
        council.sam.dm(f"{question} who won the football")
    council.settle()

    council.command(council.sam, "/advisor", "gaps")

    found = [fault for payload in said(council) for kind, text in texts(payload) for fault in faults_of(kind, text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["<!channel>", "<@U0SAM00001>", "a & b", "a < b", "&lt", "<https://a.example|b|c>", "<https://a.example", "\u202e"],
)
def test_the_test_itself_finds_what_is_not_safe(text: str) -> None:
    assert faults_of("mrkdwn", text)


@pytest.mark.parametrize("text", ["&lt;!channel&gt;", "<https://www.gov.uk/a?b=c&amp;d=e|GOV.UK>", "a &amp; b"])
def test_the_test_itself_lets_pass_what_is_safe(text: str) -> None:
    assert faults_of("mrkdwn", text) == []
