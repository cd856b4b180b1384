"""Every real entry fits Slack, as an answer to whatever aspect, side by side with another, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from bot.answers.aspect import Aspect
from bot.answers.reply import Correction
from bot.knowledge.entry import Entry
from bot.knowledge.loading import load
from bot.rendering.answers import render_reply
from bot.rendering.browse import list_message, of_kind
from bot.rendering.entry import entry_view
from bot.rendering.limits import MESSAGE_TEXT
from bot.rendering.message import Message, View
from bot.rendering.terminal import draw_message, reply_text
from bot.rendering.words import KINDS
from tests.bot.rendering.build import faults, make_answer, make_choice, shown

LIBRARY = load(Path(__file__).parents[3] / "knowledge").library
ENTRIES: Sequence[Entry] = tuple(LIBRARY)
ASPECTS: tuple[Aspect | None, ...] = (None, *get_args(Aspect))
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def complete(screen: Message | View) -> bool:
    """Whether nothing had to be cut; our own entries are short enough for that."""
    return "…" not in shown(screen)


@each_entry
def test_every_entry_fits_as_an_answer_whatever_was_asked(entry: Entry) -> None:
    for aspect in ASPECTS:
        beliefs = entry.beliefs[:1]
        corrections = [Correction(entry, one, sure) for one in beliefs for sure in (True, False)]
        reply = make_answer(entry, aspect=aspect, corrections=tuple(corrections))
        made = render_reply(reply, LIBRARY, answer_id="A" * 32, private=True)

        assert faults(made) == []
        assert complete(made)
        assert len(made.text) < MESSAGE_TEXT - 1
        assert reply_text(reply, LIBRARY, 80)


@each_entry
def test_every_entry_fits_as_a_whole(entry: Entry) -> None:
    made = entry_view(entry, LIBRARY)

    assert faults(made) == []
    assert complete(made)
    assert draw_message(made.payload())[0]


def test_any_two_entries_fit_side_by_side_and_any_four_as_a_choice() -> None:
    for at in range(len(ENTRIES) - 3):
        pair = make_answer(*ENTRIES[at : at + 2], aspect="evidence")
        choice = make_choice(*ENTRIES[at : at + 4])

        for reply in (pair, choice):
            assert faults(render_reply(reply, LIBRARY, answer_id="A1", private=True)) == []


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_can_be_listed(kind: str) -> None:
    entries = of_kind(LIBRARY, kind)

    for page in range(1, len(entries) // 10 + 2):
        assert faults(list_message(kind, entries, page=page)) == []


def test_every_kind_of_entry_has_a_name() -> None:
    assert {entry.kind for entry in ENTRIES} <= set(KINDS)
