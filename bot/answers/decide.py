"""The decision: answer, offer a choice, or decline. The thresholds live here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.answers.aspect import asked_aspect
from bot.answers.bare_names import sharing_title
from bot.answers.corrections import corrections, sure_belief
from bot.answers.nation import asked_nation
from bot.answers.reply import Answer, Choice, Decline, Reply
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.vocabulary import DeclineTopic
from bot.matching.matches import Matches

ANSWER_FROM: Final = 0.52
"""Chosen on half of the development questions for at most 2% wrong answers; see docs/quality.md."""
DECLINE_WORD_FOR_WORD: Final = 0.999
"""From here on the question is, word for word, one that is declined."""
CHOICE_FROM: Final = 0.03
SURE_DESPITE_DECLINE: Final = 0.60
"""From this confidence on an entry is answered although a decline topic is nearer."""
SURE_DESPITE_PERSON: Final = 0.90
"""The same where the nearer topic says that a person must decide or act: to answer past that does more harm."""
STANDS_ALONE_FROM: Final = 0.45
"""From this confidence on a question needs no subject, and a side of a comparison is taken as found."""
SURE_OF_ANOTHER: Final = 0.80
"""From this confidence on a question that names two things is about the third that it finds, and compares nothing."""
ELSEWHERE_FROM: Final = 0.15
"""From this confidence on a follow-up that finds other entries than the subject is about them."""
_MOST_OPTIONS = 4
_NEAREST_NAMED = 3
_OUTSIDE_WHEN_UNKNOWN = 0.5
_CLOSE_RUNNER_UP = 0.85
_CLEAR_FROM = 0.8


def decide(matches: Matches, library: Library, *, words: Sequence[str]) -> Reply:
    """The reply to a question from what was found; *words* are the question's own, to see what was asked of it."""
    topic = _topic(matches, library)
    said_so = matches.decline_confidence >= DECLINE_WORD_FOR_WORD
    if topic is not None and (said_so or matches.confidence < _sure_despite(topic)):
        return Decline(matches, topic.reason, topic, _nearest(matches, library) if topic.name_nearest else ())
    if not matches.ranked:
        return Decline(matches, "outside" if words else "chat")
    if len(matches.named) > 1:
        return _shared_name(matches, library, words)
    if several := sharing_title(matches, words, library)[:_MOST_OPTIONS]:
        return Choice(matches, several, corrections(matches, several, library))
    if matches.confidence >= ANSWER_FROM and _clear(matches):
        return answer(matches, [library[matches.ranked[0].entry_id]], words, library)
    options = tuple(library[match.entry_id] for match in matches.ranked[:_MOST_OPTIONS])
    if (rests_on := sure_belief(matches, library)) is not None and rests_on.entry in options:
        return answer(matches, [rests_on.entry], words, library)
    if matches.confidence >= CHOICE_FROM and len(options) > 1:
        return Choice(matches, options, corrections(matches, options, library))
    return _no_answer(matches, library)


def answer(matches: Matches, entries: Sequence[Entry], words: Sequence[str], library: Library) -> Answer:
    """The answer with *entries*, the beliefs to correct, the aspect and the nation that were asked."""
    shown = tuple(entries)
    return Answer(matches, shown, corrections(matches, shown, library), asked_aspect(words), asked_nation(words))


def _sure_despite(topic: DeclineTopic) -> float:
    return SURE_DESPITE_PERSON if topic.reason == "person" else SURE_DESPITE_DECLINE


def _clear(matches: Matches) -> bool:
    """Whether the first is clear of the second: sure in itself, or well ahead."""
    if matches.confidence >= _CLEAR_FROM or len(matches.ranked) < 2:
        return True
    return matches.ranked[1].score < _CLOSE_RUNNER_UP * matches.ranked[0].score


def _shared_name(matches: Matches, library: Library, words: Sequence[str]) -> Reply:
    """Two points named together are shown side by side; a name that several entries share is a choice."""
    entries = tuple(library[one] for one in matches.named if one in library)[:_MOST_OPTIONS]
    if matches.rule == "point" and len(entries) == 2:
        return answer(matches, entries, words, library)
    return Choice(matches, entries, corrections(matches, entries, library))


def _no_answer(matches: Matches, library: Library) -> Decline:
    """Far from everything is outside our subject; near but not near enough has no entry yet."""
    if matches.evidence.unknown >= _OUTSIDE_WHEN_UNKNOWN:
        return Decline(matches, "outside")
    return Decline(matches, "no_entry", nearest=_nearest(matches, library))


def _nearest(matches: Matches, library: Library) -> tuple[Entry, ...]:
    return tuple(library[match.entry_id] for match in matches.ranked[:_NEAREST_NAMED])


def _topic(matches: Matches, library: Library) -> DeclineTopic | None:
    return next((topic for topic in library.declines if topic.id == matches.decline_id), None)
