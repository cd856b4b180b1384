"""The figures of our own question sets, for a terminal and as Markdown for the quality page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.answers.scorecard import Measure, SetResult, interval
from bot.knowledge.library import Library


def sets_text(results: Sequence[SetResult], *, misses: int) -> str:
    """A line a figure, with its bar and 95% range; then up to *misses* misses of each set that is below its bar."""
    lines = [f"{'set':<20} {'figure':<20} {'bar':>7} {'as typed':>9} {'95% range':>16} {'worst form':>11}"]
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


def _line(result: SetResult, one: Measure) -> str:
    low, high = interval(one.plain, result.questions)
    mark = "" if one.reached else "   below the bar"
    return (
        f"{result.name:<20} {one.name:<20} {_bar(one):>7} {one.plain:>9.1%} {f'{low:.1%} to {high:.1%}':>16} "
        f"{one.worst:>11.1%}{mark}"
    )


def _row(result: SetResult, one: Measure) -> str:
    low, high = interval(one.plain, result.questions)
    reached = "" if one.reached else " (below the bar)"
    return (
        f"| {result.name.replace('_', ' ')} | {result.questions} | {one.name} | {_bar(one)} | {one.plain:.1%}{reached} "
        f"| {low:.1%} to {high:.1%} | {one.tuned:.1%} | {one.held_out:.1%} | {one.worst:.1%} |"
    )


def _bar(one: Measure) -> str:
    return f"{'<=' if one.at_most else '>='} {one.bar:.0%}"


def _shown(result: SetResult, misses: int) -> list[str]:
    rest = len(result.misses) - misses
    lines = [f"  {' '.join(question.split())[:110]}" for question in result.misses[:misses]]
    return [*lines, f"  ... and {rest} more"] if rest > 0 else lines
