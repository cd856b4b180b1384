"""The phrases of a library, by the entry or decline topic that each one speaks for."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.matching.wording import clean, tokenize


@dataclass(frozen=True)
class Phrase:
    """
    One wording: the class it speaks for (a position in ``Corpus.ids``), its words, and the field it is from; for a
    belief also which one of the entry's beliefs, and the how many-th of its wordings (from 0).
    """

    owner: int
    words: tuple[str, ...]
    field: str
    belief: int | None = None
    nth: int = 0


@dataclass(frozen=True)
class Corpus:
    """All phrases of a library. The first ``entries`` ids are entries, those after them are decline topics."""

    ids: tuple[str, ...]
    entries: int
    phrases: tuple[Phrase, ...]


def gather(library: Library) -> Corpus:
    """Every title, alias, question and belief as a phrase of its own, and the whole text of an entry as one more."""
    ids = (*library.entries, *(topic.id for topic in library.declines))
    phrases: list[Phrase] = []
    for owner, entry in enumerate(library):
        phrases += _phrases(owner, _wordings(entry))
    for at, topic in enumerate(library.declines):
        wordings = [
            ("title", topic.title, None),
            *(("question", question, None) for question in topic.questions),
        ]
        phrases += _phrases(len(library) + at, wordings)
    return Corpus(ids, len(library), tuple(phrases))


def _wordings(entry: Entry) -> Iterator[tuple[str, str, int | None]]:
    yield "title", entry.title, None
    for alias in entry.aliases:
        yield "alias", alias, None
    for at, belief in enumerate(entry.beliefs):
        for said in belief.said:
            yield "belief", said, at
    for question in entry.questions:
        yield "question", question, None
    yield "text", _whole_text(entry), None


def _whole_text(entry: Entry) -> str:
    parts = [entry.summary, entry.body, *entry.next_steps, *entry.tags, entry.binds or ""]
    if entry.case:
        case = entry.case
        parts += [
            *case.organisations,
            case.problem,
            case.did,
            case.outcome,
            case.went_wrong or "",
            *case.service_areas,
        ]
    if entry.platform:
        parts += [entry.platform.audience, entry.platform.cost]
    if entry.org:
        parts += [entry.org.role, *entry.org.former_names, *entry.org.ask]
    if entry.guide:
        parts += [*entry.guide.law, *entry.guide.mistakes]
    if entry.standard_point:
        point = entry.standard_point
        parts += [
            *point.asks,
            *point.evidence.alpha,
            *point.evidence.beta,
            *point.evidence.live,
            *point.found_wanting,
        ]
    if entry.template:
        parts += [prompt.question for prompt in entry.template.prompts]
    return " ".join(parts)


def _phrases(owner: int, wordings: Iterable[tuple[str, str, int | None]]) -> Iterator[Phrase]:
    seen: set[tuple[str, ...]] = set()
    of_belief: Counter[int] = Counter()
    for field, text, belief in wordings:
        words = tuple(map(sys.intern, tokenize(clean(text, longest=None))))
        if words and words not in seen:
            seen.add(words)
            yield Phrase(owner, words, field, belief, 0 if belief is None else of_belief[belief])
            of_belief.update(() if belief is None else (belief,))
