"""Waiting for an answer: the button, what it says when it is pressed, and the message when there is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.answers.reply import Answer
from bot.checkpoints.dates import in_words
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.rendering.blocks import actions, button, context, headed, quoted, section
from bot.rendering.fields import mention
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape, from_markdown, plain
from bot.rendering.nudges import batch_metadata
from bot.rendering.words import notes_above

TELL_ME: Final = "Tell me when there is an answer"
_MOST_NAMED: Final = 15
_LONGEST_QUESTION: Final = 300
_LONGEST_TEXT: Final = 3900
_SUMMARY: Final = 2500
_DONE: Final = f'You are told because you pressed "{TELL_ME}". Advisor has kept nothing of that.'


@dataclass(frozen=True)
class Found:
    """A question that waited, when it was asked, what it is answered with now, and who is told of it in a thread."""

    question: str
    asked_on: dt.date
    answer: Answer
    people: tuple[str, ...] = ()


def await_button(answer_id: str) -> ButtonElement:
    """The button of somebody who wants to be told; what it carries names the question, and nobody."""
    return button(TELL_ME, "await_answer", answer_id)


def waiting(answer_id: str, *, until: dt.date, direct: bool, new: bool) -> Message:
    """They will be told: where, what is kept for it and how long, and a way back."""
    begin = "You will be told" if new else "This is on already: you will be told"
    where = "in your direct messages" if direct else "in this thread, by name,"
    text = (
        f"{begin} {where} when an editor has written what answers this question. For that Advisor keeps that you wait "
        f"for it: until you are told, until you stop it, or until {in_words(until)}."
    )
    stop = button("Stop waiting", "await_stop", answer_id, label="Stop waiting for this answer")
    return message(text, [section(text), actions(f"await:{answer_id}", [stop])])


def stopped(*, was_on: bool) -> Message:
    """They will not be told."""
    done = "You will not be told." if was_on else "You do not wait for an answer to this question."
    return _note(f"{done} Nothing is kept of it.")


def forgotten() -> Message:
    """The question is past its time, so that nobody can look for its answer."""
    return _note("That question is not kept any more, so Advisor cannot wait for its answer. Please ask it again.")


def wants_no_messages() -> Message:
    """Whoever wants no direct messages cannot be told by one."""
    return _note(
        "You have set that Advisor sends you no direct messages, so it could not tell you, and nothing is kept. "
        "`/checkpoint settings` changes that. Or ask again later."
    )


def answered_already(found: Found, library: Library) -> Message:
    """The knowledge has changed since the question was declined: nothing to wait for."""
    text = "There is an answer now, so there is nothing to wait for."
    return message(
        cut("\n".join([text, *_texts(found, library)]), _LONGEST_TEXT), [section(text), *_entries(found, library)]
    )


def answered_message(found: Sequence[Found], library: Library, *, batch: str) -> Message:
    """One message for all that was awaited in a thread; *batch* is in its metadata, to find it again by."""
    blocks: list[Block] = []
    lines: list[str] = []
    for one in found:
        head = _head(one)
        blocks += [section(head), quoted("Question", one.question), *_entries(one, library)]
        asked = cut(" ".join(one.question.split()), _LONGEST_QUESTION)
        lines += [f"{head} {escape(asked)}", *_texts(one, library)]
    blocks.append(context(_DONE))
    return message(cut("\n".join([*lines, _DONE]), _LONGEST_TEXT), blocks, metadata=batch_metadata(batch))


def _head(found: Found) -> str:
    """Who is told, and that there is an answer to what was asked when."""
    on = in_words(found.asked_on)
    if not found.people:
        return f"There is an answer now. You asked on {on}:"
    named = " ".join(mention(one) for one in found.people[:_MOST_NAMED])
    more = f" and {len(found.people) - _MOST_NAMED} more" if len(found.people) > _MOST_NAMED else ""
    return f"{named}{more}: there is an answer now. You waited for it since this was asked here on {on}:"


def _entries(found: Found, library: Library) -> list[Block]:
    """The title and summary of what answers, with a button to the whole of it."""
    blocks: list[Block] = []
    for entry in found.answer.entries:
        notes = notes_above(entry, found.answer, library)
        show = button("Show the full answer", "open_entry", entry.id, label=f"Show the full answer: {entry.title}")
        blocks += [section(notes)] if notes else []
        blocks.append(section(headed(entry.title, cut(from_markdown(entry.summary), _SUMMARY)), button=show))
    return blocks


def _texts(found: Found, library: Library) -> list[str]:
    return [_text(entry, found.answer, library) for entry in found.answer.entries]


def _text(entry: Entry, answer: Answer, library: Library) -> str:
    notes = notes_above(entry, answer, library)
    return "\n".join([*([notes] if notes else []), f"*{escape(entry.title)}*: {escape(plain(entry.summary))}"])


def _note(text: str) -> Message:
    return message(text, [section(text)])
