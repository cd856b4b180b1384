"""Reuse before buying: the case studies and platforms that fit what a team is about to do, each with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.checkpoints.refusals import refuse
from bot.knowledge.entry import Entry
from bot.network.alike import is_alike, need_words

Finding = Literal["reuse", "does not fit", "nothing found"]
FINDINGS: Final[tuple[Finding, ...]] = get_args(Finding)
HISTORY_FIELD: Final = "reuse check"
LONGEST_REASON: Final = 500
_MOST_CASES: Final = 6
_MOST_PLATFORMS: Final = 6


@dataclass(frozen=True)
class Fit:
    """An entry and why it is offered."""

    entry: Entry
    why: str


def fitting_cases(cases: Iterable[Entry], area: str, points: Collection[str] = ()) -> list[Fit]:
    """Case studies in a service area, the nearest first, then those about *points* (ids) that are still to be met."""
    found: list[tuple[int, Fit]] = []
    wanted = need_words(area)
    for entry in cases:
        if entry.case is None:
            continue
        near = [one for one in entry.case.service_areas if is_alike(one, area)]
        same = max(near, key=lambda one: len(need_words(one) & wanted), default="")
        about = [point for point in entry.case.illustrates if point in points]
        if same:
            found.append((-len(need_words(same) & wanted), Fit(entry, f"same service area: {same}")))
        elif about:
            found.append((1, Fit(entry, f"about {_points_in_words(about)}, which is not met yet")))
    found.sort(key=lambda one: (one[0], one[1].entry.id))
    return [fit for _, fit in found[:_MOST_CASES]]


def fitting_platforms(
    platforms: Iterable[Entry], area: str, *, cases: Sequence[Fit] = (), near: Sequence[tuple[str, Entry]] = ()
) -> list[Fit]:
    """
    Shared platforms for an area: by their tags, by what fitting case studies used, and by *near*: entries that answer
    to a need, in its words. What a council can use comes first, what is closed last.
    """
    there = [entry for entry in platforms if entry.platform is not None]
    reasons: dict[str, str] = {}
    for entry in there:
        if tag := next((tag for tag in entry.tags if is_alike(tag, area)), ""):
            reasons.setdefault(entry.id, f"made for: {tag}")
    for need, entry in near:
        for id in (entry.id, *entry.related):
            reasons.setdefault(id, f"fits: {need}")
    for fit in cases:
        for id in fit.entry.related if fit.why.startswith("same") else ():
            reasons.setdefault(id, f"named by the case study “{fit.entry.title}”")
    found = [Fit(entry, reasons[entry.id]) for entry in there if entry.id in reasons]
    order = list(reasons)
    found.sort(key=lambda fit: (_usable(fit.entry), order.index(fit.entry.id)))
    return found[:_MOST_PLATFORMS]


def reuse_line(finding: str, reason: str) -> str:
    """
    The reuse check as it stands in a service's history: "looked, not fit because ...".

    Raises: Refused: nothing is chosen, or the reason is missing or too long.
    """
    words = " ".join(reason.split())
    if finding not in FINDINGS:
        raise refuse("finding", "Choose what came of it.")
    if finding != "nothing found" and not words:
        raise refuse("reason", "Say what you will reuse." if finding == "reuse" else "Say why it does not fit.")
    if len(words) > LONGEST_REASON:
        raise refuse("reason", f"This is {len(words)} characters long; {LONGEST_REASON} is the most.")
    if finding == "reuse":
        return f"will reuse: {words}"
    if finding == "does not fit":
        return f"looked, not fit because: {words}"
    return f"looked, found nothing that fits{f': {words}' if words else ''}"


def _usable(entry: Entry) -> int:
    platform = entry.platform
    assert platform is not None
    if platform.status == "closed":
        return 2
    return 0 if platform.councils == "yes" else 1


def _points_in_words(points: Sequence[str]) -> str:
    numbers = [point.rpartition("/")[2].lstrip("0") for point in points]
    return f"point {numbers[0]}" if len(numbers) == 1 else f"points {', '.join(numbers)}"
