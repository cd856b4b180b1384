"""What a question says that it is not about: "not notify, the payments one", "other than PlanX"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_MARKERS = (
    ("not",), ("never", "mind"), ("other", "than"), ("apart", "from"), ("anything", "but"), ("dont", "mean"),
    ("not", "about"), ("except",),
)  # fmt: skip
_ARTICLES = frozenset({"the", "a", "an", "our", "about"})
_PRONOUNS = frozenset({"one", "ones", "thing"})
_FEWEST_LEFT = 2


def without_excluded(words: Sequence[str], name_length: Callable[[Sequence[str]], int]) -> list[str]:
    """
    *words* without each name that is excluded by a word right before it, and without that word.

    Any other "not" stays: "can we not use it" is a question about using it. *name_length* says how many of the first
    words are a name. Where fewer than two words would be left, all stay. "The payments one", beside what is excluded,
    is left as "payments".
    """
    kept: list[str] = []
    at = 0
    while at < len(words):
        gone = _excluded(words[at:], name_length)
        if not gone:
            kept.append(words[at])
        at += gone or 1
    if len(kept) < _FEWEST_LEFT:
        return list(words)
    return _without_pronoun(kept) if len(kept) < len(words) else kept


def _without_pronoun(words: list[str]) -> list[str]:
    """*words* without the article and the pronoun around them, where they are nothing else: "the payments one"."""
    if words[0] in _ARTICLES and words[-1] in _PRONOUNS and len(words) > 2:
        return words[1:-1]
    return words


def _excluded(words: Sequence[str], name_length: Callable[[Sequence[str]], int]) -> int:
    """How many of the first *words* are a marker and the name after it; 0 where they are not."""
    for marker in _MARKERS:
        if tuple(words[: len(marker)]) == marker:
            start = len(marker)
            while start < len(words) and words[start] in _ARTICLES:
                start += 1
            if length := name_length(words[start:]):
                return start + length
    return 0
