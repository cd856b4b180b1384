"""Which nation a question is about: what holds in England may not hold in Wales, Scotland or Northern Ireland."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.answers.aspect import only_filler
from bot.knowledge.entry import Entry, Nation

_WORDS: dict[str, Nation] = {
    "england": "england",
    "english": "england",
    "wales": "wales",
    "welsh": "wales",
    "cymru": "wales",
    "scotland": "scotland",
    "scottish": "scotland",
    "scots": "scotland",
}
_NORTHERN = frozenset({("northern", "ireland"), ("northern", "irish")})
_NATION_WORDS = frozenset(_WORDS).union(*_NORTHERN)
_NOTED_BY_KIND = frozenset("service-standard local-standard technology-code guide checkpoint platform".split())


def asked_nation(words: Sequence[str]) -> Nation | None:
    """The nation that *words* name; None for none, and for several."""
    named = {_WORDS[word] for word in words if word in _WORDS}
    if not _NORTHERN.isdisjoint(pairwise(words)):
        named.add("northern_ireland")
    return named.pop() if len(named) == 1 else None


def only_nation(words: Sequence[str]) -> bool:
    """Whether *words* hold nothing but a nation and small words: "and in Wales?", "what about Northern Ireland?"."""
    return asked_nation(words) is not None and only_filler([word for word in words if word not in _NATION_WORDS])


def differs_by_nation(entry: Entry) -> bool:
    """Whether what *entry* says could differ by nation; what one council did, or what a body is, does not."""
    return entry.kind in _NOTED_BY_KIND
