"""Corridor 1: a question becomes a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.aspect import Aspect, asked_aspect, asks_for_more, aspect_lines, only_aspect, only_filler
from bot.answers.comparison import LONGEST_SIDE, compares, may_compare, sides
from bot.answers.decide import (
    DECLINE_WORD_FOR_WORD,
    ELSEWHERE_FROM,
    STANDS_ALONE_FROM,
    SURE_OF_ANOTHER,
    answer,
    decide,
)
from bot.answers.nation import only_nation
from bot.answers.reply import Answer, Reply
from bot.answers.subject import after_opening, leans_on_subject, points_back
from bot.knowledge.entry import Entry
from bot.matching.matches import Match, Matches
from bot.matching.wording import clean, tokenize
from bot.usecases.knowledge_base import Knowledge

_NEAR = 4
_MOST_RANKED = 10


def ask(question: str, knowledge: Knowledge, *, subject: str | None = None) -> Reply:
    """
    The reply to *question*, as typed; *subject* is the id of the entry that the conversation is about.

    The same question gets the same reply: nothing but the knowledge and the subject goes in.
    """
    words = tokenize(clean(question))
    alone = knowledge.index.search(question)
    if both := _compare(question, words, alone, knowledge):
        return both
    matches = knowledge.index.search(question, subject=subject) if subject else alone
    entry = knowledge.library.get(subject) if subject else None
    follow_up = None
    if entry is not None and (leans_on_subject(words) or asked_aspect(words) is not None or only_nation(words)):
        if any(one != entry.id for one in knowledge.index.mentions(question)):
            matches = alone  # what is named beats what was talked about
        follow_up = _follow_up(question, words, matches, entry, knowledge)
    return follow_up or decide(matches, knowledge.library, words=words)


def answer_to(question: str, knowledge: Knowledge) -> Answer | None:
    """What *question*, asked by itself, is answered with outright; None for a choice or a decline."""
    reply = ask(question, knowledge)
    return reply if isinstance(reply, Answer) else None


def open_entry(entry_id: str, question: str, knowledge: Knowledge) -> Answer | None:
    """The answer with the entry that somebody picked from a choice or a list; None where it is gone."""
    return open_entries([entry_id], question, knowledge)


def open_entries(entry_ids: Sequence[str], question: str, knowledge: Knowledge) -> Answer | None:
    """
    The answer with entries that were picked, or shown before; None where one of them is gone.

    Without a *question* nothing is corrected: nobody takes for granted what stands in a title.
    """
    entries = tuple(entry for one in entry_ids if (entry := knowledge.library.get(one)) is not None)
    if not entries or len(entries) < len(entry_ids):
        return None
    words = tokenize(clean(question))
    matches = knowledge.index.search(question or entries[0].title, subject=entries[0].id)
    if not words:
        matches = replace(matches, rests_on=())
    return answer(matches, entries, words, knowledge.library)


def _follow_up(question: str, words: list[str], alone: Matches, entry: Entry, knowledge: Knowledge) -> Reply | None:
    """
    The reply to a question that leans on *entry*, or None where it stands on its own after all.

    "Tell me more" and "and in Wales?" ask for the entry, "and for beta?" for that part of it, where it has one. Any
    other follow-up is read together with the entry's title, unless by itself it names something, is declined, or finds
    another entry for sure.
    """
    if another := _named_next(question, entry, knowledge):
        return answer(another, [knowledge.library[another.named[0]]], words, knowledge.library)
    aspect = asked_aspect(words)
    if asks_for_more(words) or only_nation(words) or (only_filler(words) and points_back(words)):
        return answer(alone, [entry], words, knowledge.library)
    if aspect is not None and only_aspect(words) and (aspect_lines(entry, aspect) or points_back(words)):
        return answer(alone, [entry], words, knowledge.library)
    if _stands_alone(words, alone, entry, aspect):
        return None
    if aspect is not None and points_back(words) and aspect_lines(entry, aspect):
        return answer(alone, [entry], words, knowledge.library)
    together = knowledge.index.search(f"{question} {entry.title}", subject=entry.id)
    together = replace(together, rests_on=alone.rests_on)  # what the title takes for granted, nobody has said
    if together.best == entry.id:
        return answer(together, [entry], words, knowledge.library)
    return decide(together, knowledge.library, words=words)


def _named_next(question: str, entry: Entry, knowledge: Knowledge) -> Matches | None:
    """
    What finds the thing that a follow-up goes on to by its name alone: "and Pay, what does that cost?". Not a guide: in
    "and beta?" the phase is asked of the *entry*.
    """
    clause = after_opening(question)
    found = knowledge.index.search(clause) if clause else None
    if found is None or found.rule not in ("alias", "phrase") or len(found.named) != 1 or found.named[0] == entry.id:
        return None
    return found if knowledge.library[found.named[0]].kind in ("platform", "org", "case") else None


def _stands_alone(words: list[str], alone: Matches, entry: Entry, aspect: Aspect | None) -> bool:
    """
    Whether a question is about something else than the *entry* before it, by what it finds *alone*.

    Who says "it" or "they" and asks for an aspect ("what does it cost", "do we have to") goes on about the entry,
    unless the question finds another for sure, or is declined word for word.
    """
    goes_on = aspect is not None and leans_on_subject(words)
    declined = alone.decline_id is not None and (not goes_on or alone.decline_confidence >= DECLINE_WORD_FOR_WORD)
    if alone.rule != "words" or declined:
        return True
    if aspect is not None and points_back(words) and aspect_lines(entry, aspect):
        return alone.confidence >= SURE_OF_ANOTHER
    elsewhere = entry.id not in [match.entry_id for match in alone.ranked[:_NEAR]]
    return alone.confidence >= (ELSEWHERE_FROM if elsewhere and not goes_on else STANDS_ALONE_FROM)


def _compare(question: str, words: list[str], alone: Matches, knowledge: Knowledge) -> Answer | None:
    """Both entries, where the question sets two things side by side and each is found by itself."""
    read, both = alone.reading.words, sides(words)
    if both is None and not (compares(read) or may_compare(read)):
        return None
    named = knowledge.index.mentions(question)
    if len(named) == 2 and (compares(read) or (may_compare(read) and not _about_another(alone, named))):
        titles = [knowledge.library[one].title for one in named]
        return _side_by_side(alone, named, [knowledge.index.search(title) for title in titles], words, knowledge)
    if both is None or any(len(side.split()) > LONGEST_SIDE for side in both):
        return None
    found = [knowledge.index.search(side) for side in both]
    if any(side.confidence < STANDS_ALONE_FROM for side in found):
        return None
    ids = [side.best for side in found if side.best]
    if all(side.rule == "words" for side in found) and not any(one in named for one in ids):
        return None
    if len(set(ids)) < 2 or _about_another(alone, ids):
        return None
    return _side_by_side(alone, ids, found, words, knowledge)


def _side_by_side(
    alone: Matches, ids: Sequence[str], found: Sequence[Matches], words: Sequence[str], knowledge: Knowledge
) -> Answer:
    entries = tuple(knowledge.library[one] for one in ids)
    together = replace(alone, ranked=_together(found))
    return replace(answer(together, entries, words, knowledge.library), aspect=None)


def _about_another(matches: Matches, compared: Sequence[str]) -> bool:
    """Whether the question as a whole is surely about an entry that is neither of the two *compared*."""
    return matches.best not in compared and matches.confidence >= SURE_OF_ANOTHER


def _together(found: Sequence[Matches]) -> tuple[Match, ...]:
    """The rankings of the two sides as one: both firsts, then the rest, each at half of its share."""
    best: dict[str, float] = {}
    for side in found:
        for match in side.ranked:
            best[match.entry_id] = max(best.get(match.entry_id, 0.0), round(match.score / len(found), 4))
    return tuple(Match(one, best[one]) for one in sorted(best, key=lambda one: (-best[one], one)))[:_MOST_RANKED]
