"""Why this answer: which words led to it, what was read differently, and what came next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from slack_sdk.models.blocks import Block

from bot.answers.corrections import MENTION_OTHERS_FROM
from bot.knowledge.library import Library
from bot.matching.matches import Explanation, RestsOn, WordShare
from bot.rendering.blocks import context, section, sections
from bot.rendering.message import View, modal
from bot.rendering.mrkdwn import escape
from bot.rendering.words import title_of

RULES: Final = {
    "phrase": "The question is, word for word, one that this entry is known for.",
    "alias": "The question is nothing but a name of this entry.",
    "point": "The question gives the number of a point.",
    "words": "No name and no known question fitted as a whole, so the words were weighed one by one.",
}
NOTHING: Final = "Nothing in the question was near to anything in the knowledge base."
_DISTANCES = ((0.3, "almost level with it"), (1.0, "close behind"), (3.0, "clearly behind"))
_FAR = "far behind"
_MOST_WORDS = 8
_LEAST_SHARE = 0.05
_MOST_BELIEFS = 2


def why_view(explanation: Explanation, library: Library) -> View:
    """A modal that says in words why the first entry came first."""
    blocks: list[Block] = []
    for heading, text in _reasons(explanation, library, numbers=False):
        blocks += sections(f"*{escape(heading)}*\n{escape(text)}")
    blocks = blocks or [section(NOTHING)]
    blocks.append(context("The same question always gets the same answer. No language model is used."))
    return modal("Why this answer?", blocks, callback_id="why")


def why_text(explanation: Explanation, library: Library | None = None) -> str:
    """The same for a terminal, a reason a line, with how sure the answer is; ids where no library is given."""
    known = library or Library({})
    lines = [f"{heading}: {text}" for heading, text in _reasons(explanation, known, numbers=True)] or [NOTHING]
    matches = explanation.matches
    lines.append(f"Sure: {matches.confidence:.2f}, from {_evidence(explanation)}")
    if matches.decline_id:
        lines.append(f"Nearest topic that is declined: {matches.decline_id} ({matches.decline_confidence:.2f})")
    return "\n".join(lines)


def _reasons(explanation: Explanation, library: Library, *, numbers: bool) -> list[tuple[str, str]]:
    """What there is to say, each with a heading; nothing where no entry was near."""
    matches = explanation.matches
    if matches.best is None:
        return []
    reasons = [
        ("What was found", title_of(matches.best, library)),
        ("How", RULES[matches.rule]),
        ("Words that spoke for it", _weighed(explanation.best_words, numbers)),
    ]
    if matches.reading.changes:
        reasons.append(("Read as", "; ".join(f'"{was}" read as "{now}"' for was, now in matches.reading.changes)))
    if matches.reading.concepts:
        reasons.append(("Ideas recognised", ", ".join(matches.reading.concepts)))
    if resting := [_resting(one, library, numbers) for one in matches.rests_on if one.chance >= MENTION_OTHERS_FROM]:
        reasons.append(("What it may take for granted", "; ".join(resting[:_MOST_BELIEFS])))
    if explanation.runner_up:
        reasons.append(("What came next", _runner_up(explanation, title_of(explanation.runner_up, library), numbers)))
    return reasons


def _resting(one: RestsOn, library: Library, numbers: bool) -> str:
    """An old name that was used, or a wrong belief that the words sound like, with the entry that corrects it."""
    title = title_of(one.entry_id, library)
    if one.old_name:
        return f"“{one.old_name}” is out of date ({title})"
    entry = library.get(one.entry_id)
    said = f"“{entry.beliefs[one.position].said[0]}”, which is not so" if entry else f"belief {one.position + 1}"
    sure = f", {one.chance:.2f}" if numbers else ""
    return f"{said} ({title}{sure})"


def _runner_up(explanation: Explanation, title: str, numbers: bool) -> str:
    """The second entry, how far behind in words and number, and what spoke for it."""
    words = f"Words that spoke for it: {_weighed(explanation.runner_up_words, numbers)}"
    if explanation.matches.rule != "words":
        return f"{title}. It was not what was named. {words}"
    distance = next((said for below, said in _DISTANCES if explanation.lead < below), _FAR)
    return f"{title}, {distance} (a lead of {explanation.lead:.1f}). {words}"


def _weighed(words: Iterable[WordShare], numbers: bool) -> str:
    """The words that spoke for an entry, the strongest first, with how much each did where *numbers* are wanted."""
    strong = [word for word in words if word.share >= _LEAST_SHARE]
    said = [f'"{word.word}" ({word.share:.1f})' if numbers else f'"{word.word}"' for word in strong]
    return ", ".join(said[:_MOST_WORDS]) + "." if said else "none by itself."


def _evidence(explanation: Explanation) -> str:
    rows = explanation.matches.evidence.row().items()
    return ", ".join(f"{name} {number:.2f}" for name, number in rows)
