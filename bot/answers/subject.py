"""The subject of a conversation: when a question leans on what was talked about before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.aspect import only_aspect, only_filler

_LONGEST_FOLLOW_UP = 12
_OPENINGS = (("and",), ("what", "about"), ("how", "about"), ("but",), ("so",), ("also",), ("or",), ("ok",))
_POINTERS = frozenset("it its that this they them their there those these one ones same".split())


def points_back(words: Sequence[str]) -> bool:
    """Whether *words* hold one that stands for something named before: "it", "they", "that"."""
    return not _POINTERS.isdisjoint(words)


def leans_on_subject(words: Sequence[str]) -> bool:
    """
    Whether *words* read like a follow-up: a small opening ("and for beta?"), a pointer ("who runs it?"), or nothing but
    an aspect ("how much?"). A long question stands on its own.
    """
    if not words or len(words) > _LONGEST_FOLLOW_UP:
        return False
    opens = any(tuple(words[: len(opening)]) == opening for opening in _OPENINGS)
    return opens or points_back(words) or only_aspect(words) or only_filler(words)
