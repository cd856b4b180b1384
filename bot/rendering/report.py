"""The figures of an evaluation as text for a terminal."""

from __future__ import annotations

from bot.answers.reply import Decline
from bot.answers.scorecard import Asked, Report, interval


def report_text(report: Report, *, misses: int) -> str:
    """The figures with their 95% ranges, the calibration table, and up to *misses* of the misses, the worst first."""
    parts = [_in_scope(report)] if report.in_scope else []
    parts += [_out_of_scope(report)] if report.out_of_scope else []
    parts += [_calibration(report)]
    if misses and report.misses:
        shown = report.misses[:misses]
        rest = len(report.misses) - len(shown)
        lines = [f"Misses ({len(report.misses)}):", *(_miss(one) for one in shown)]
        parts.append("\n".join([*lines, *([f"  ... and {rest} more (--misses {len(report.misses)})"] if rest else [])]))
    return "\n\n".join(parts)


def _in_scope(report: Report) -> str:
    rows = [
        ("right entry first", report.top1),
        ("right entry in first three", report.top3),
        ("answered outright, right", report.answered_right),
        ("answered outright, wrong", report.answered_wrong),
        ("helped: answered or offered right", report.helped),
    ]
    head = f"{report.in_scope} questions with an entry"
    return "\n".join([head, *(_row(name, share, report.in_scope) for name, share in rows)])


def _out_of_scope(report: Report) -> str:
    count = report.out_of_scope
    head = f"{count} questions without an entry"
    answered = _row("answered (must be none)", report.out_answered / count, count)
    return "\n".join([head, answered, _row("offered a choice", report.out_offered / count, count)])


def _row(name: str, share: float, count: int) -> str:
    low, high = interval(share, count)
    return f"  {name:<34} {share:6.1%}   ({low:.1%} to {high:.1%}; {round(share * count)} of {count})"


def _calibration(report: Report) -> str:
    lines = ["Confidence   questions   mean   first entry right"]
    for band in report.bands:
        lines.append(
            f"{band.low:.1f} to {band.high:.1f}   {band.count:9d}   {band.mean_confidence:4.2f}   {band.right:6.1%}"
        )
    return "\n".join(lines)


def _miss(asked: Asked) -> str:
    reply = asked.reply
    said = f"decline ({reply.reason})" if isinstance(reply, Decline) else reply.outcome
    wanted = ", ".join(asked.question.ids) or "decline"
    got = ", ".join(asked.ranking[:3]) or "nothing"
    question = " ".join(asked.question.q.split())[:100]
    return f"  {question!r}\n    {said} at {reply.matches.confidence:.2f}: {got}; wanted: {wanted}"
