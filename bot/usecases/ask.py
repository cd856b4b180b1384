"""Corridor 1: a question becomes a reply."""

from __future__ import annotations

from bot.answers.comparison import sides
from bot.answers.decide import answer, decide
from bot.answers.reply import Answer, Reply
from bot.answers.subject import leans_on_subject
from bot.matching.matches import Matches
from bot.matching.wording import clean, tokenize
from bot.usecases.knowledge_base import Knowledge


def ask(question: str, knowledge: Knowledge, *, subject: str | None = None) -> Reply:
    """
    The reply to *question*, as typed; *subject* is the id of the entry that the conversation is about.

    The same question gets the same reply: nothing but the knowledge and the subject goes in.
    """
    words = tokenize(clean(question))
    if both := _compare(words, knowledge):
        return both
    matches = _search(question, words, knowledge, subject)
    return decide(matches, knowledge.library, words=words)


def open_entry(entry_id: str, question: str, knowledge: Knowledge) -> Answer | None:
    """The answer with the entry that somebody picked from a choice or a list; None where it is gone."""
    entry = knowledge.library.get(entry_id)
    if entry is None:
        return None
    return answer(knowledge.index.search(question or entry.title, subject=entry_id), entry, tokenize(clean(question)))


def _search(question: str, words: list[str], knowledge: Knowledge, subject: str | None) -> Matches:
    """The matches by the question alone, or together with the subject where the question leans on it."""
    entry = knowledge.library.get(subject) if subject else None
    if entry is None:
        return knowledge.index.search(question)
    alone = knowledge.index.search(question, subject=subject)
    if alone.rule != "words" or not leans_on_subject(words):
        return alone
    return knowledge.index.search(f"{question} {entry.title}", subject=subject)


def _compare(words: list[str], knowledge: Knowledge) -> Answer | None:
    """Both entries, where the question sets two named things side by side."""
    both = sides(words)
    if both is None:
        return None
    left, right = (knowledge.index.search(side) for side in both)
    if any(side.rule not in ("alias", "phrase", "point") or len(side.named) != 1 for side in (left, right)):
        return None
    entries = tuple(knowledge.library[side.named[0]] for side in (left, right))
    if entries[0].id == entries[1].id:
        return None
    surest = left if left.confidence >= right.confidence else right
    return Answer(surest, entries)
