"""The subject of a conversation: when a question leans on what was talked about before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers.aspect import asks_for_more, only_aspect, only_filler

_LONGEST_FOLLOW_UP = 12
_AFTER_IT = frozenset(
    "work works mean means apply applies take takes include cover run happen change changes differ look help".split()
)
_OPENINGS = (("and",), ("what", "about"), ("how", "about"), ("but",), ("so",), ("also",), ("or",), ("ok",))
_CLAUSE_END = re.compile(r"[,;:?!.]\s|[?!.]$")
_POINTERS = frozenset("its that this they them their there those these one ones same".split())


def points_back(words: Sequence[str]) -> bool:
    """
    Whether *words* hold one that stands for something named before: "they", "that", "it".

    "It" before a noun is the trade ("an IT contract") and points at nothing.
    """
    if not _POINTERS.isdisjoint(words):
        return True
    return any(
        word == "it" and (after is None or after in _AFTER_IT or only_filler([after]) or only_aspect([after]))
        for word, after in zip(words, [*words[1:], None], strict=True)
    )


def after_opening(question: str) -> str:
    """The first clause of *question* without the words that open a follow-up: "and Pay, how much?" -> "Pay"."""
    words = _CLAUSE_END.split(question.strip(), maxsplit=1)[0].split()
    lower = [word.casefold() for word in words]
    opening = next((one for one in _OPENINGS if tuple(lower[: len(one)]) == one), ())
    return " ".join(words[len(opening) :]) if opening else ""


def leans_on_subject(words: Sequence[str]) -> bool:
    """
    Whether *words* read like a follow-up: a small opening ("and for beta?"), a pointer ("who runs it?"), or nothing but
    an aspect ("how much?"). A long question stands on its own.
    """
    if not words or len(words) > _LONGEST_FOLLOW_UP:
        return False
    opens = any(tuple(words[: len(opening)]) == opening for opening in _OPENINGS)
    return opens or points_back(words) or only_aspect(words) or only_filler(words) or asks_for_more(words)
