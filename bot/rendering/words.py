"""The words for what an entry holds: dates, kinds, status, verdict, and the notes that stand before an answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answers.aspect import Aspect, aspect_lines
from bot.answers.nation import differs_by_nation
from bot.answers.reply import Answer
from bot.knowledge.entry import Entry, Nation, Platform, Source
from bot.knowledge.library import Library
from bot.rendering.corrections import MRKDWN, sure_lines
from bot.rendering.mrkdwn import escape, plain

_MONTHS = "January February March April May June July August September October November December".split()

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "service-standard": ("Service Standard", "the Service Standard"),
    "local-standard": ("Local standard", "the Local Government Digital Service Standard"),
    "technology-code": ("Technology Code", "the Technology Code of Practice"),
    "guide": ("Guide", "guides"),
    "platform": ("Platform", "platforms"),
    "org": ("Organisation", "organisations"),
    "case": ("Case study", "case studies"),
    "checkpoint": ("Checkpoint", "checkpoints"),
}
"""Each kind of entry: what one is called, and what all of them are called within a sentence."""

STATUS: Final[Mapping[str, str]] = {"live": "Live", "beta": "In beta", "closed": "Closed"}
COUNCILS: Final[Mapping[str, str]] = {
    "yes": "Councils may use it.",
    "no": "Councils may not use it.",
    "not yet": "Councils cannot use it yet.",
}
VERDICT: Final[Mapping[str, str]] = {
    "worked": "It worked",
    "mixed": "A mixed result",
    "failed": "It failed",
    "ended": "It has ended",
    "too early": "Too early to tell",
}
PHASES: Final = ("discovery", "alpha", "beta", "live")
NATIONS: Final[Mapping[str, str]] = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}
TIERS: Final[Mapping[str, str]] = {
    "county": "A county council",
    "district": "A district council",
    "unitary": "A unitary council",
    "london_borough": "A London borough",
    "metropolitan": "A metropolitan district",
    "combined_authority": "A combined authority",
}
NO_PLACE: Final = "Nothing noted: the common text applies."
NO_ROUTE: Final = "Nothing noted by route: the common text applies."

_ASPECTS: Final[Mapping[Aspect, str]] = {
    "discovery": "Evidence at discovery",
    "alpha": "Evidence at alpha",
    "beta": "Evidence at beta",
    "live": "Evidence at live",
    "cost": "What it costs",
    "supplier": "Ask the supplier",
    "duty": "What the law says",
    "lessons": "What usually goes wrong",
    "evidence": "Evidence to show",
}
_MOST_ASPECT_LINES = 6
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SHORTEST_DESCRIPTION = 45


@dataclass(frozen=True)
class ListPart:
    """A few lines of Markdown under a heading."""

    heading: str
    lines: tuple[str, ...]


def day(on: dt.date) -> str:
    """A date as people say it: ``23 November 2026``."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def kind_of(entry: Entry) -> str:
    """What one entry of that kind is called: "Guide", "Case study"."""
    return KINDS[entry.kind][0] if entry.kind in KINDS else entry.kind.replace("-", " ").capitalize()


def named(entry: Entry) -> str:
    """The title with its kind before it, where the title does not say it: "Case study: Notify in Canada"."""
    kind = kind_of(entry)
    return entry.title if kind.casefold() in entry.title.casefold() else f"{kind}: {entry.title}"


def title_of(entry_id: str, library: Library) -> str:
    """The title behind an id; what is no id, or is gone, as it stands."""
    entry = library.get(entry_id)
    return entry.title if entry else entry_id


def description(entry: Entry) -> str:
    """The entry in one line: the first sentence of its summary, two where the first is short."""
    first, *more = _SENTENCE_END.split(plain(entry.summary), maxsplit=2)
    return f"{first} {more[0]}" if more and len(first) < _SHORTEST_DESCRIPTION else first


def closed_note(entry: Entry, library: Library) -> str:
    """For a closed platform: since when, and its successor; empty for all else."""
    platform = entry.platform
    if platform is None or platform.status != "closed":
        return ""
    since = f"Closed since {day(platform.closed_on)}." if platform.closed_on else "Closed."
    if not platform.successor:
        return f"{since} No successor is known."
    return f"{since} Successor: {title_of(platform.successor, library).rstrip('.')}."


def notes_above(entry: Entry, reply: Answer, library: Library) -> str:
    """What must be known before the answer: that it is closed, and what is wrongly believed; mrkdwn, "" for nothing."""
    closed = closed_note(entry, library)
    notes = [f"*{escape(closed)}*"] if closed else []
    return "\n".join([*notes, *(sure_lines(reply, MRKDWN) if entry is reply.entry else ())])


def status_line(platform: Platform) -> str:
    """Status, and whether a council may use it, in words."""
    if platform.status == "closed":
        return f"Closed since {day(platform.closed_on)}." if platform.closed_on else "Closed."
    return f"{STATUS[platform.status]}. {COUNCILS[platform.councils]}"


def aspect_parts(entry: Entry, aspect: Aspect) -> list[ListPart]:
    """What *entry* holds on the aspect that was asked, under headings, at most six lines in all."""
    if aspect == "start":  # these lines are the next steps, which every answer shows
        return []
    bought = entry.by_route.bought if entry.by_route else None
    if aspect == "supplier" and bought:
        half = _MOST_ASPECT_LINES // 2
        ask, look = bought.ask_supplier[:half], bought.look_for_in_contract[:half]
        return [ListPart("Ask the supplier", ask), ListPart("Look for in the contract", look)]
    lines = aspect_lines(entry, aspect)
    heading = "What went wrong, and the lessons" if aspect == "lessons" and entry.case else _ASPECTS[aspect]
    return [ListPart(heading, lines[:_MOST_ASPECT_LINES])] if lines else []


def nation_part(entry: Entry, nation: Nation) -> ListPart | None:
    """What *entry* notes for *nation*, or that it notes nothing; None where nothing could differ, and for England."""
    place = NATIONS[nation]
    if nation in entry.by_nation:
        return ListPart(f"In {place}", (entry.by_nation[nation],))
    if nation == "england" or not differs_by_nation(entry):
        return None
    return ListPart(f"In {place}", (f"Nothing is noted for {place}. Check that what stands here holds there too.",))


def asked_parts(entry: Entry, reply: Answer) -> list[ListPart]:
    """What is shown of *entry* because it was asked for: what holds in a nation, then the aspect."""
    in_nation = nation_part(entry, reply.nation) if reply.nation else None
    return [*([in_nation] if in_nation else []), *(aspect_parts(entry, reply.aspect) if reply.aspect else [])]


def checked_together(sources: Sequence[Source]) -> str:
    """The one day on which all *sources* were checked, in words; empty where the days differ."""
    days = {source.checked for source in sources}
    return day(days.pop()) if len(days) == 1 else ""
