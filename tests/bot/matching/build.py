"""Small libraries for the tests of matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.vocabulary import DeclineTopic, Vocabulary
from bot.matching.index import Index

QUESTIONS: Mapping[str, Sequence[str]] = {
    "platform/notify": (
        "how do we text residents about their bins",
        "cheap way to send sms reminders",
        "who posts letters for councils",
        "bulk email from a spreadsheet",
    ),
    "platform/pay": (
        "take card payments online",
        "residents want to pay by phone",
        "what does a card transaction cost",
        "refund somebody who paid twice",
    ),
    "guide/alpha": (
        "what happens in alpha",
        "try several prototypes before we build",
        "riskiest assumption first",
        "when do we throw the code away",
    ),
    "service-standard/05": (
        "make sure everyone can use the service",
        "accessibility audit before launch",
        "screen reader users cannot finish the form",
        "research with disabled people",
    ),
    "local-standard/10": (
        "users succeed first time",
        "how many people fail to finish",
        "councils own standard on completion",
        "test the form until nobody rings us",
    ),
}
TITLES = {
    "platform/notify": "GOV.UK Notify",
    "platform/pay": "GOV.UK Pay",
    "guide/alpha": "Alpha",
    "service-standard/05": "Make sure everyone can use the service",
    "local-standard/10": "Make sure users succeed first time",
}
ALIASES = {
    "platform/notify": ("notify", "gov notify"),
    "platform/pay": ("pay", "gov.uk pay"),
    "guide/alpha": ("alpha",),
}


def make_library(
    questions: Mapping[str, Sequence[str]] = QUESTIONS,
    *,
    vocabulary: Vocabulary | None = None,
    declines: Sequence[DeclineTopic] = (),
    version: str = "",
) -> Library:
    """A library with these questions by id; titles and aliases of the well-known ids come along."""
    entries = [
        Entry(
            id=one,
            title=TITLES.get(one, one),
            aliases=ALIASES.get(one, ()),
            questions=tuple(wordings),
            summary=f"The answer of {TITLES.get(one, one)}.",
        )
        for one, wordings in questions.items()
    ]
    return Library.of(entries, vocabulary, declines, version)


def make_index(**arguments: object) -> Index:
    """An index over ``make_library``."""
    return Index(make_library(**arguments))  # type: ignore[arg-type]  # the arguments are the library's own
