"""Questions that ask the same thing in other words, brought together."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.matching.features import stems
from bot.matching.wording import clean, tokenize

_SAME_FROM = 75.0


def group_alike(questions: Sequence[str]) -> list[list[int]]:
    """
    The positions of *questions* in groups of like wording, the largest group first.

    A question joins the first group whose head is like it (rapidfuzz's token sort ratio on stems, from 75 on).
    """
    heads: list[str] = []
    groups: list[list[int]] = []
    for at, question in enumerate(questions):
        text = " ".join(stems(tokenize(clean(question))))
        found = process.extractOne(text, heads, scorer=fuzz.token_sort_ratio, score_cutoff=_SAME_FROM)
        if found is None:
            heads.append(text)
            groups.append([at])
        else:
            groups[found[2]].append(at)
    return sorted(groups, key=lambda group: (-len(group), group[0]))
