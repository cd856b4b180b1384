"""Who else: case studies, shared platforms and services of other councils, as a message and as a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.dates import in_words
from bot.checkpoints.services import Service
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.network.reuse import LONGEST_REASON, Fit
from bot.network.sharing import Listing
from bot.rendering.blocks import button, context, divider, header, section
from bot.rendering.fields import Payload, mention, radio_field, text_field
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.words import KINDS, VERDICT, closed_note, description, status_line

REUSE_CALLBACK: Final = "reuse_check"
_LONGEST_TEXT: Final = 3900
_ABOUT: Final = 200
_NO_LISTING: Final = (
    "No other council shares a service like this by name. `/advisor sharing` lets others find yours: that is how this "
    "list grows."
)

_ASK: Final = "Somebody may have met a point that you have not: `/advisor introductions` asks, and names nobody."


@dataclass(frozen=True)
class LastCheck:
    """What a team made of it the last time."""

    line: str
    who: str
    at: dt.datetime


def who_message(
    area: str, cases: Sequence[Fit], platforms: Sequence[Fit], listings: Sequence[Listing], library: Library
) -> Message:
    """Who else has worked on an area."""
    title = f"Who else: {cut(' '.join(area.split()), 60)}"
    blocks: list[Block] = [header(title)]
    lines = [f"{escape(title)}."]
    for heading, texts, entries in _parts(cases, platforms, listings, library):
        blocks += [divider(), section(f"*{heading}*")]
        lines.append(f"{heading}:")
        for number, text in enumerate(texts):
            entry = entries[number] if number < len(entries) else None
            more = button("Read more", "open_entry", entry.id, label=f"Read more: {entry.title}") if entry else None
            blocks.append(section(text, button=more))
            lines.append(text.replace("\n", " ").replace("*", ""))
    blocks.append(context(_ASK))
    lines.append(_ASK)
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks[:50])


def who_view(
    service: Service, cases: Sequence[Fit], platforms: Sequence[Fit], listings: Sequence[Listing], library: Library,
    *, last: LastCheck | None, metadata: str,
) -> View:  # fmt: skip
    """The same for one service, and the question that goes into its history."""
    blocks: list[Block | Payload] = [
        section(f"Before you build or buy: who else has what *{escape(service.name)}* is?")
    ]
    for heading, texts, entries in _parts(cases, platforms, listings, library):
        blocks += [divider(), section(f"*{heading}*")]
        for number, text in enumerate(texts):
            entry = entries[number] if number < len(entries) else None
            more = button("Read more", "reuse_entry", entry.id, label=f"Read more: {entry.title}") if entry else None
            blocks.append(section(text, button=more))
    blocks.append(divider())
    if last is not None:
        day = in_words(last.at.date())
        blocks.append(context(f"Last time ({day}, {mention(last.who)}): {escape(last.line)}"))
    findings = [
        ("reuse", "We will reuse something"),
        ("does not fit", "Looked, does not fit"),
        ("nothing found", "Looked, found nothing like it"),
    ]
    blocks.append(radio_field("finding", "What came of looking?", findings))
    hint = "What you will reuse, or why it does not fit. It stands in the service's history, for whoever asks later."
    field = text_field("reason", "Which, or why not?", optional=True, multiline=True, most=LONGEST_REASON, hint=hint)
    return modal(
        "Who else has this?", [*blocks, field], callback_id=REUSE_CALLBACK, private_metadata=metadata, submit="Keep",
        close="Later",
    )  # fmt: skip


def who_usage() -> Message:
    """How to ask."""
    text = "Write the service area after it, such as `/cases who parking` or `/cases who council tax`."
    return message(text, [section(text)])


def saved_words(service: Service, line: str) -> str:
    """What was kept."""
    return f"Kept in the history of {escape(service.name)}: {escape(line)}."


def listing_line(listing: Listing) -> str:
    """A service of another council in mrkdwn, with what it shares and nothing else."""
    head = f"*{escape(listing.name or 'A service that is not named')}*"
    head += f", {escape(listing.council)}" if listing.council else ", a council that is not named"
    return "\n".join([head, " · ".join(_facts(listing))]).strip()


def points_words(points: Sequence[str]) -> str:
    """Points by their standard: "points 1, 5 of the Service Standard"; "none yet" where there is none."""
    by_standard: dict[str, list[str]] = {}
    for point in points:
        standard, _, number = point.rpartition("/")
        by_standard.setdefault(standard, []).append(number.lstrip("0") or number)
    named = [
        f"{'point' if len(numbers) == 1 else 'points'} {', '.join(numbers)} of "
        f"{KINDS[standard][1] if standard in KINDS else standard}"
        for standard, numbers in by_standard.items()
    ]
    return "; ".join(named) or "none yet"


def point_words(point: str, library: Library) -> str:
    """One point with its title: "point 5 of the Service Standard (make sure everyone can use the service)"."""
    entry = library.get(point)
    title = f" ({entry.title.rpartition(': ')[2]})" if entry is not None else ""
    return f"{points_words([point])}{title}"


def _facts(listing: Listing) -> Iterator[str]:
    if listing.phase is not None:
        yield listing.phase.capitalize()
    if listing.route is not None:
        yield listing.route
    if listing.system:
        yield f"runs on {escape(listing.system)}"
    if listing.supplier:
        yield f"supplier {escape(listing.supplier)}"
    if listing.contract_end is not None:
        yield f"contract ends {in_words(listing.contract_end)}"
    if listing.points_met is not None:
        yield f"meets {escape(points_words(listing.points_met))}"
    if listing.contact:
        yield f"contact {escape(listing.contact)}"


def _parts(
    cases: Sequence[Fit], platforms: Sequence[Fit], listings: Sequence[Listing], library: Library
) -> Iterator[tuple[str, list[str], list[Entry]]]:
    """The three parts: a heading, its texts, and the entries behind them (none for services elsewhere)."""
    none = ["Nothing in the knowledge base."]
    yield "Case studies", [_case(fit) for fit in cases] or none, [fit.entry for fit in cases]
    texts = [_platform(fit, library) for fit in platforms]
    yield "Shared platforms: reuse before you buy", texts or none, [fit.entry for fit in platforms]
    yield "Services elsewhere", [listing_line(one) for one in listings] or [_NO_LISTING], []


def _case(fit: Fit) -> str:
    case = fit.entry.case
    verdict = f"{VERDICT[case.verdict]}. " if case else ""
    about = escape(cut(description(fit.entry), _ABOUT))
    return f"*{escape(fit.entry.title)}*\n{verdict}{about}\n_{escape(fit.why)}_"


def _platform(fit: Fit, library: Library) -> str:
    platform = fit.entry.platform
    assert platform is not None
    status = closed_note(fit.entry, library) or status_line(platform)
    cost = f" {escape(cut(platform.cost, _ABOUT))}" if platform.status != "closed" else ""
    return f"*{escape(fit.entry.title)}*\n{escape(status)}{cost}\n_{escape(fit.why)}_"
