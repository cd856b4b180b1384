"""The same question as another hand would type it: upper case, no punctuation, a slip, two words swapped."""

from __future__ import annotations

import random
import re

_NEIGHBOURS = {
    letter: row[at + 1] for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for at, letter in enumerate(row[:-1])
}
_SHORTEST_SLIPPED = 4


def variants(question: str) -> dict[str, str]:
    """*question* in four other forms, by name; the same question always gives the same ones."""
    chance = random.Random(question)
    return {
        "upper case": question.upper(),
        "no punctuation": re.sub(r"[^\w\s£%]", " ", question),
        "one slip": slip(question, chance),
        "two words swapped": _swapped(question, chance),
    }


def slip(question: str, chance: random.Random) -> str:
    """*question* with one slip in a longer word: a letter lost, doubled, swapped, or its neighbour on the keyboard."""
    words = question.split()
    long = [at for at, word in enumerate(words) if len(word) >= _SHORTEST_SLIPPED and word.isalpha()]
    if not long:
        return question
    at = chance.choice(long)
    words[at] = _slipped(words[at], chance)
    return " ".join(words)


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    kind = chance.choice(("lost", "doubled", "swapped", "neighbour"))
    if kind == "lost":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    if kind == "swapped":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + _NEIGHBOURS.get(word[at].lower(), word[at]) + word[at + 1 :]


def _swapped(question: str, chance: random.Random) -> str:
    words = question.split()
    if len(words) < 2:
        return question
    at = chance.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)
