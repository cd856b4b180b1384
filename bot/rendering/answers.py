"""A reply as a Slack message: an answer, or two side by side. Choices and declines have a module each beside this."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, ButtonElement

from bot.answers.reply import Answer, Choice, Decline, Reply
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.rendering.blocks import actions, button, context, divider, headed, headed_list, quoted, section
from bot.rendering.choices import render_choice
from bot.rendering.corrections import MRKDWN, PLAIN, maybe_lines, sure_lines
from bot.rendering.declines import render_decline
from bot.rendering.limits import MESSAGE_TEXT
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape, from_markdown, link, plain
from bot.rendering.words import (
    asked_parts,
    checked_together,
    closed_note,
    day,
    named,
    notes_above,
    status_line,
)

_MOST_SOURCES = 5
_MOST_RELATED = 3
_MOST_STEPS = 4
_SUMMARY = 2500


def render_reply(
    reply: Reply, library: Library, *, answer_id: str, private: bool, question: str = "", awaitable: bool = False
) -> Message:
    """
    The message for *reply*.

    Args:
        library: for the titles of successors and related entries.
        answer_id: what the buttons carry, so that a click can be traced to this answer.
        private: only the asker sees it; an answer then has a button to share it.
        awaitable: whoever wants can be told when a declined question has an answer.
        question: what was asked, shown as typed below an answer; leave it out where the question is in sight.
    """
    if isinstance(reply, Choice):
        return render_choice(reply, answer_id=answer_id)
    if isinstance(reply, Decline):
        return render_decline(reply, answer_id=answer_id, awaitable=awaitable)
    return _render_answer(reply, library, answer_id, private, question)


def answer_text(reply: Answer, library: Library) -> str:
    """The whole answer as text for a screen reader: mrkdwn, in which nothing but links is marked up."""
    lines: list[str] = []
    if len(reply.entries) > 1:
        lines.append(escape(_side_by_side(reply)))
    for entry in reply.entries:
        lines += _entry_text(entry, reply, library)
    return "\n".join(lines)


def _render_answer(reply: Answer, library: Library, answer_id: str, private: bool, question: str) -> Message:
    blocks: list[Block] = [section(f"*{escape(_side_by_side(reply))}*")] if len(reply.entries) > 1 else []
    for at, entry in enumerate(reply.entries):
        blocks += [divider()] if at else []
        blocks += _entry_blocks(entry, reply, library)
    blocks += [quoted("You asked", question)] if question.strip() else []
    blocks += [*_onward_buttons(reply, answer_id, library), _answer_buttons(answer_id, private)]
    return message(cut(answer_text(reply, library), MESSAGE_TEXT - 1), blocks)


def _side_by_side(reply: Answer) -> str:
    return f"{' and '.join(entry.title for entry in reply.entries)}, side by side"


def _entry_blocks(entry: Entry, reply: Answer, library: Library) -> list[Block]:
    """Notes first, then title and summary, the aspect asked for, what to do next, sources."""
    several = len(reply.entries) > 1
    more = button("Read more", "open_entry", entry.id, label=f"Read more: {entry.title}") if several else None
    notes = notes_above(entry, reply, library)
    blocks: list[Block] = [section(notes)] if notes else []
    blocks.append(section(headed(entry.title, cut(from_markdown(entry.summary), _SUMMARY)), button=more))
    blocks += [section(note) for note in maybe_lines(reply, MRKDWN, entry)]
    texts = (
        [f"{escape(status_line(entry.platform))} Cost: {from_markdown(entry.platform.cost)}"]
        if (several and entry.platform)
        else []
    )
    texts += [headed_list(part.heading, part.lines) for part in asked_parts(entry, reply)]
    texts.append(headed_list("Do next:", entry.next_steps[:_MOST_STEPS]))
    blocks += [section(text) for text in texts if text]
    if entry.sources:
        blocks.append(context(sources_line(entry)))
    return blocks


def sources_line(entry: Entry) -> str:
    """The sources as links, each with the day it was checked, or all with one day; mrkdwn."""
    together = checked_together(entry.sources)
    shown = entry.sources[:_MOST_SOURCES]
    links = [
        link(source.url, source.title) + ("" if together else f" (checked {day(source.checked)})") for source in shown
    ]
    more = len(entry.sources) - len(shown)
    rest = f"; and {more} more under Read more" if more else ""
    return f"{f'Sources, checked {together}' if together else 'Sources'}: {'; '.join(links)}{rest}"


def _onward_buttons(reply: Answer, answer_id: str, library: Library) -> list[Block]:
    """Read more, or go on to what is related; two entries side by side have a "Read more" each already."""
    buttons: list[ButtonElement] = []
    if len(reply.entries) == 1:
        buttons.append(button("Read more", "open_entry", reply.entry.id, label=f"Read more: {reply.entry.title}"))
    corrected = [one.entry for one in reply.corrections]
    others = dict.fromkeys(one.id for one in (*corrected, *_related(reply.entry, library)))
    related = [library[one] for one in others if one in library and library[one] not in reply.entries][:_MOST_RELATED]
    buttons += [button(named(other), f"ask_entry:{at}", other.id) for at, other in enumerate(related, 1)]
    return [actions(f"onward:{answer_id}", buttons)] if buttons else []


def _related(entry: Entry, library: Library) -> tuple[Entry, ...]:
    return library.related(entry.id) if entry.id in library else ()


def _answer_buttons(answer_id: str, private: bool) -> Block:
    buttons = [
        button("Helpful", "feedback_helpful", answer_id, label="Helpful: this answer helped"),
        button("Not helpful", "feedback_not_helpful", answer_id, label="Not helpful: this answer did not help"),
        button("Why this answer?", "why", answer_id),
    ]
    if private:
        buttons.append(button("Share in channel", "share", answer_id))
    return actions(f"feedback:{answer_id}", buttons)


def _entry_text(entry: Entry, reply: Answer, library: Library) -> list[str]:
    lines = [closed_note(entry, library)]
    lines += sure_lines(reply, PLAIN) if entry is reply.entry else []
    lines.append(f"{entry.title}. {plain(entry.summary)}")
    lines += maybe_lines(reply, PLAIN, entry)
    if len(reply.entries) > 1 and entry.platform:
        lines.append(f"{status_line(entry.platform)} Cost: {plain(entry.platform.cost)}")
    for part in asked_parts(entry, reply):
        lines.append(f"{part.heading}: {' '.join(plain(line) for line in part.lines)}")
    if entry.next_steps:
        lines.append(f"Do next: {' '.join(plain(step) for step in entry.next_steps[:_MOST_STEPS])}")
    return [escape(line) for line in lines if line] + ([sources_line(entry)] if entry.sources else [])
