"""The figures of our own question sets: for a terminal, as Markdown for the quality page, and as a message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.answers.scorecard import WHOLE_CONVERSATIONS, Measure, SetResult, interval
from bot.checkpoints.dates import in_words
from bot.knowledge.library import Library
from bot.rendering.blocks import context, header, section
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape

_LONGEST_TEXT = 3900
_HOW_TO_READ = "In brackets: the 95% range of a figure over so many questions. `advisor evaluate --all` lists misses."


def sets_text(results: Sequence[SetResult], *, misses: int) -> str:
    """A line a figure, with its bar and 95% range; then up to *misses* misses of each set that is below its bar."""
    lines = [f"{'set':<20} {'figure':<20} {'bar':>7} {'as typed':>9} {'95% range':>16} {'worst form':>15}"]
    for result in results:
        lines += [_line(result, one) for one in result.measures]
    for result in results:
        if misses and result.misses and not result.measures[0].reached:
            lines += ["", f"{result.name}: {len(result.misses)} missed", *_shown(result, misses)]
    return "\n".join(lines)


def sets_markdown(results: Sequence[SetResult], library: Library, *, on: dt.date) -> str:
    """A table of all figures with the day and the size of the knowledge base."""
    questions = sum(len(entry.questions) for entry in library)
    rows = [
        f"Measured on {on:%-d %B %Y} by `advisor evaluate --all`: {len(library)} entries with {questions} questions.",
        "",
        "| set | questions | figure | bar | as typed | 95% range | tuned half | other half | worst of five forms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        rows += [_row(result, one) for one in result.measures]
    return "\n".join(rows)


def sets_message(results: Sequence[SetResult], library: Library, *, on: dt.date) -> Message:
    """The figures for Slack: a paragraph a set, each figure with its range, its bar and whether that is reached."""
    measures = [one for result in results for one in result.measures]
    reached = sum(one.reached for one in measures)
    asked = sum(result.questions for result in results if result.name != WHOLE_CONVERSATIONS)
    head = (
        f"Self-test of {in_words(on)}: {reached} of {len(measures)} figures reach their bar. "
        f"{asked} questions, as people type them, to {len(library)} entries."
    )
    paragraphs = [_paragraph(result) for result in results]
    blocks = [header("Self-test"), section(head), *(section(one) for one in paragraphs), context(_HOW_TO_READ)]
    return message(cut("\n".join([head, *paragraphs]), _LONGEST_TEXT), blocks)


def begun() -> Message:
    """A self-test has begun; what comes of it is told when it ends."""
    return _note(
        "The self-test has begun. It takes a minute or two and holds nobody up; the figures come here, to you."
    )


def no_sets() -> Message:
    """There is nothing to test with."""
    return _note(
        "There are no question sets here, so Advisor cannot test itself. They come with its source, in "
        "tests/content/questions; whoever runs Advisor can put them there or set ADVISOR_QUESTION_SETS."
    )


def under_way() -> Message:
    """Somebody else's self-test is running."""
    return _note("A self-test is under way already. Ask again in a few minutes.")


def too_soon() -> Message:
    """There was one in this hour."""
    return _note("There was a self-test in this hour already. One an hour is enough: ask again in the next.")


def cannot_test(why: str) -> Message:
    """It came to nothing, and *why*."""
    return _note(f"The self-test could not be finished. {escape(why)}")


def _note(text: str) -> Message:
    return message(text, [section(text)])


def _paragraph(result: SetResult) -> str:
    lines = [f"*{escape(result.name.replace('_', ' '))}* (questions: {result.questions})"]
    for one in result.measures:
        low, high = interval(one.plain, result.questions)
        bar = f"{'at most' if one.at_most else 'at least'} {one.bar:.0%}"
        state = "reached" if one.reached else "not reached"
        lines.append(f"• {one.name}: {one.plain:.1%} ({low:.1%} to {high:.1%}); bar {bar}: {state}")
    return "\n".join(lines)


def _line(result: SetResult, one: Measure) -> str:
    low, high = interval(one.plain, result.questions)
    mark = "" if one.reached else "   below the bar"
    return (
        f"{result.name:<20} {one.name:<20} {_bar(one):>7} {one.plain:>9.1%} {f'{low:.1%} to {high:.1%}':>16} "
        f"{_worst(one):>15}{mark}"
    )


def _row(result: SetResult, one: Measure) -> str:
    low, high = interval(one.plain, result.questions)
    reached = "" if one.reached else " (below the bar)"
    return (
        f"| {result.name.replace('_', ' ')} | {result.questions} | {one.name} | {_bar(one)} | {one.plain:.1%}{reached} "
        f"| {low:.1%} to {high:.1%} | {one.tuned:.1%} | {one.held_out:.1%} | {_worst(one)} |"
    )


def _worst(one: Measure) -> str:
    """The share of the worst form of each row, and whether the bar would be missed by that."""
    if one.worst is None:
        return "-"
    missed = one.worst > one.bar if one.at_most else one.worst < one.bar
    return f"{one.worst:.1%}{' (below)' if missed else ''}"


def _bar(one: Measure) -> str:
    return f"{'<=' if one.at_most else '>='} {one.bar:.0%}"


def _shown(result: SetResult, misses: int) -> list[str]:
    rest = len(result.misses) - misses
    lines = [f"  {' '.join(question.split())[:110]}" for question in result.misses[:misses]]
    return [*lines, f"  ... and {rest} more"] if rest > 0 else lines
