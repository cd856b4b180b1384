"""Entries, replies and what Slack would say of a screen, made for the tests of this folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from bot.answers.reply import Answer, Choice, Decline
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.matching.confidence import Evidence
from bot.matching.lexicon import Reading
from bot.matching.matches import Explanation, Match, Matches, WordShare
from bot.matching.names import Rule
from bot.rendering.message import Message, View
from bot.trial.blocks import check_blocks, check_view

CHECKED = dt.date(2026, 11, 23)


def make_entry(entry_id: str = "guide/cloud", **fields: Any) -> Entry:
    """An entry with a title, a summary, one step and one source, unless told otherwise."""
    given = {
        "title": "Cloud",
        "summary": "Use public cloud first, bought through a framework. Plan how you would leave.",
        "next_steps": ["List what you host."],
        "sources": [{"title": "Cloud guide", "url": "https://www.gov.uk/cloud", "checked": CHECKED}],
    }
    return Entry.model_validate({"id": entry_id, **given, **fields})


def make_platform(entry_id: str = "platform/notify", **fields: Any) -> Entry:
    """A platform that is live and that councils may use; *fields* are those of its platform part."""
    part = {"status": "live", "councils": "yes", "audience": "Councils.", "cost": "Email is free.", **fields}
    return make_entry(entry_id, title=entry_id.split("/")[1].capitalize(), platform=part)


def make_matches(*ids: str, rule: Rule = "words", reading: Reading | None = None) -> Matches:
    """Matches that rank *ids* in this order."""
    return Matches(
        ranked=tuple(Match(one, 0.5) for one in ids),
        confidence=0.4321,
        rule=rule,
        reading=reading or Reading(("how", "much")),
        evidence=Evidence(
            lead=2.0,
            share=0.9,
            cosine=0.5,
            known=1.0,
            unknown=0.0,
            held=4.0,
            phrase=0.8,
            whole_phrase=0.7,
            length=2,
            over_declines=None,
        ),
    )


def make_answer(*entries: Entry, **fields: Any) -> Answer:
    """An answer with *entries*."""
    return Answer(make_matches(*(entry.id for entry in entries)), entries, **fields)


def make_choice(*entries: Entry) -> Choice:
    """A choice between *entries*."""
    return Choice(make_matches(*(entry.id for entry in entries)), entries)


def make_decline(**fields: Any) -> Decline:
    """A decline; give its reason."""
    return Decline(make_matches(), **fields)


def make_explanation(*ids: str, rule: Rule = "words", reading: Reading | None = None) -> Explanation:
    """An explanation of why the first of *ids* came before the second."""
    return Explanation(
        matches=make_matches(*ids, rule=rule, reading=reading),
        best_words=(WordShare("text", 2.5), WordShare("the", 0.0)),
        runner_up=ids[1] if len(ids) > 1 else None,
        runner_up_words=(WordShare("residents", 0.7),),
        lead=0.7,
    )


def library_of(*entries: Entry) -> Library:
    """A library of *entries*."""
    return Library.of(entries)


def buttons(screen: Message | View) -> dict[str, dict[str, Any]]:
    """The buttons of a screen by action id; of those that share one, the last."""
    return {button["action_id"]: button for button in all_buttons(screen.blocks)}


def all_buttons(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every button in *blocks*, from top to bottom."""
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory", {})]:
            if element.get("type") == "button":
                yield element


def shown(screen: Message | View) -> str:
    """All that stands in the blocks of a screen, one text a line, without the words on its buttons."""
    lines: list[str] = []
    for block in screen.blocks:
        texts = [block.get("text"), *block.get("elements", ())]
        lines += [text["text"] for text in texts if text and text["type"] in ("mrkdwn", "plain_text")]
    return "\n".join(lines)


def faults(screen: Message | View) -> list[str]:
    """What the strict stand-in for Slack has against a screen, by rules written apart from ours."""
    if isinstance(screen, View):
        return check_view(screen.payload())
    return check_blocks(list(screen.blocks), "message")
