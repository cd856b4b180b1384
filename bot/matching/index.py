"""The index: built once from a library, never changed, shared by all threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bot.knowledge.library import Library
from bot.matching.beliefs import Asked, Beliefs
from bot.matching.confidence import Evidence, confidence
from bot.matching.features import extract, stems
from bot.matching.indexing import learn_once
from bot.matching.lexicon import Lexicon, Reading
from bot.matching.matches import Explanation, Match, Matches, RestsOn, WordShare
from bot.matching.names import Names, Rule, Wording
from bot.matching.negation import without_excluded
from bot.matching.old_names import OldNames
from bot.matching.points import find_points
from bot.matching.scoring import Floats, Scores, Vector
from bot.matching.wording import clean, tokenize

_NEAREST = 10
_PHRASES_COMPARED = 600
_SURE = {"phrase": 0.99, "alias": 0.97, "point": 0.95}
_SUBJECT_BONUS = 0.5
_NAME_BONUS = 0.25
_NAME_FROM_WORDS = 2
_NAMED_STANDARD = 0.6
_NO_STANDARD_NAMED = 0.15
_SHORT_REPAIR = 4
"""Letters: one in four changed may as well have been another word ("Mars" is not "maps"), so it makes nobody sure."""


@dataclass(frozen=True)
class _Ranking:
    """A question beside every class: entries in the order of their scores."""

    reading: Reading
    vector: Vector
    scores: Scores
    order: tuple[int, ...]


class Index:
    """Ranks the entries of one library for a question. Immutable; safe to share between threads."""

    def __init__(self, library: Library, *, snapshots: Path | None = None) -> None:
        """
        Args: snapshots: a folder in which what is learnt is kept, so that the next start need not learn it again.
        Raises: KnowledgeError: there is not one word in the library.
        """
        self.version = library.version
        self._ids = (*library.entries, *(topic.id for topic in library.declines))
        self._entries = len(library)
        self._places = {one: at for at, one in enumerate(self._ids)}
        learnt = learn_once(library, snapshots)
        self._lexicon = Lexicon(library.vocabulary, counts=learnt.words)
        self._names = Names(learnt.wordings)
        self._space, self._postings = learnt.space(), learnt.postings
        self._points = _points_by_overview(library, self._places)
        self._texts = _texts_to_compare(learnt.wordings)
        self._beliefs = Beliefs(learnt.wordings, learnt.said)
        self._old_names = OldNames(library)

    def search(self, question: str, *, subject: str | None = None) -> Matches:
        """
        The entries nearest to *question*, as typed in Slack or anywhere.

        *subject* is the id of the entry that the conversation is about: it is favoured a little, never forced.
        """
        words = self._words(question)
        ranking = self._rank(words, subject)
        evidence = self._evidence(ranking)
        rule, owners = self._rule(words, ranking.reading)
        order = (*owners, *(one for one in ranking.order if one not in owners))[:_NEAREST]
        sure = confidence(evidence) if words else 0.0
        if rule != "words":
            sure = max(sure, _SURE[rule]) if len(owners) == 1 else max(sure, 0.5)
        decline_id, decline_confidence = self._decline(ranking, rule, words)
        return Matches(
            ranked=self._shares(ranking, order) if words else (),
            confidence=round(sure, 4),
            rule=rule,
            reading=ranking.reading,
            evidence=evidence,
            named=tuple(self._ids[one] for one in owners),
            rests_on=self._rests_on(ranking) if words else (),
            decline_id=decline_id,
            decline_confidence=round(decline_confidence, 4),
        )

    def explain(self, question: str, *, subject: str | None = None) -> Explanation:
        """The same search with what each word of the question did for the first entry and for the runner-up."""
        matches = self.search(question, subject=subject)
        ranking = self._rank(self._words(question), subject)
        ids = [match.entry_id for match in matches.ranked[:2]]
        words = [self._word_shares(ranking, self._places[one]) for one in ids]
        return Explanation(
            matches=matches,
            best_words=words[0] if words else (),
            runner_up=ids[1] if len(ids) > 1 else None,
            runner_up_words=words[1] if len(words) > 1 else (),
            lead=round(matches.evidence.lead, 3),
        )

    def _words(self, question: str) -> list[str]:
        """The words of a question, without the names that it excludes."""
        return without_excluded(tokenize(clean(question)), self._names.length_at)

    def mentions(self, question: str) -> tuple[str, ...]:
        """The ids of the entries whose name stands in *question*, in the order in which they are named."""
        found = self._names.mentioned(self._lexicon.read(self._words(question), self._space.has_pair).words)
        return tuple(self._ids[one] for one in found if one < self._entries)

    def _rank(self, words: Sequence[str], subject: str | None) -> _Ranking:
        reading = self._lexicon.read(words, self._space.has_pair)
        vector = self._space.vector(extract(reading.words, reading.concepts))
        scores = self._postings.score(vector)
        mentioned = self._names.mentioned(reading.words)
        for owner, length in mentioned.items():
            if length >= _NAME_FROM_WORDS:
                scores.score[owner] += _NAME_BONUS
        self._weigh_points(scores, mentioned)
        if subject in self._places:
            scores.score[self._places[subject]] += _SUBJECT_BONUS
        order = np.argsort(-scores.score[: self._entries].round(6), kind="stable")
        return _Ranking(reading, vector, scores, tuple(int(one) for one in order[:_NEAREST]))

    def _weigh_points(self, scores: Scores, mentioned: Iterable[int]) -> None:
        """
        Favour the points of a standard that the question names, over those of the others; where it names none, hold all
        points back a little: who describes a situation wants the guide to it before the point about it.
        """
        named = [owner for owner in mentioned if owner in self._points]
        for overview, points in self._points.items():
            if named:
                scores.score[points] += _NAMED_STANDARD if overview in named else -_NAMED_STANDARD
            else:
                scores.score[points] -= _NO_STANDARD_NAMED

    def _rule(self, words: Sequence[str], reading: Reading) -> tuple[Rule, tuple[int, ...]]:
        """What settles the question outright, with the entries that it names."""
        for wording in (words, reading.words):
            if found := self._names.find(wording):
                rule, owners = found
                entries = tuple(one for one in owners if one < self._entries)
                if entries:
                    return rule, entries
        points = find_points(list(words), self._places)
        return ("point", tuple(self._places[one] for one in points)) if points else ("words", ())

    def _decline(self, ranking: _Ranking, rule: Rule, words: Sequence[str]) -> tuple[str | None, float]:
        """The decline topic nearer than any entry, and how much nearer as a share between the two."""
        declines = ranking.scores.score[self._entries :]
        if rule != "words" or not len(declines) or not len(ranking.vector.at):
            return None, 0.0
        named = self._names.find(words)
        at = named[1][0] - self._entries if named else int(declines.argmax())
        over = 10.0 if named else float(declines[at] - ranking.scores.score[ranking.order[0]])
        if over <= 0:
            return None, 0.0
        return self._ids[self._entries + at], float(1 / (1 + np.exp(-over)))

    def _shares(self, ranking: _Ranking, order: Sequence[int]) -> tuple[Match, ...]:
        score = ranking.scores.score[list(order)]
        share = np.exp(score - score.max())
        share /= share.sum()
        return tuple(Match(self._ids[one], round(float(part), 4)) for one, part in zip(order, share, strict=True))

    def _evidence(self, ranking: _Ranking) -> Evidence:
        scores = ranking.scores.score
        near = scores[list(ranking.order)]
        first = ranking.order[0]
        declines = scores[self._entries :]
        known, unknown, held = self._words_known(ranking, first)
        return Evidence(
            lead=float(near[0] - near[1]) if len(near) > 1 else float(near[0] - self._postings.base[first]),
            share=float(1.0 / np.exp(near - near[0]).sum()),
            cosine=float(ranking.scores.cosine[first]),
            known=known,
            unknown=unknown,
            held=held,
            phrase=self._nearest_phrase(ranking.reading, first, fuzz.token_ratio),
            whole_phrase=self._nearest_phrase(ranking.reading, first, fuzz.token_sort_ratio),
            length=len(ranking.reading.words),
            over_declines=float(near[0] - declines.max()) if len(declines) else None,
        )

    def _nearest_phrase(self, reading: Reading, owner: int, scorer: Callable[..., float]) -> float:
        """How like the question is to the nearest phrase of an entry, 0..1, by one of rapidfuzz's ratios on stems."""
        found = process.extractOne(" ".join(stems(reading.words)), self._texts.get(owner, ()), scorer=scorer)
        return found[1] / 100 if found else 0.0

    def _rests_on(self, ranking: _Ranking) -> tuple[RestsOn, ...]:
        """What the question may take for granted: first what an old name gives away, then the likeliest beliefs."""
        named = [
            RestsOn(one.entry_id, one.position, 1.0, one.name) for one in self._old_names.find(ranking.reading.words)
        ]
        held = self._beliefs.held(Asked(stems(ranking.reading.words), ranking.vector, ranking.order))
        given_away = {(one.entry_id, one.position) for one in named}
        rest = [RestsOn(self._ids[one.owner], one.position, round(one.chance, 4), resting=one.resting) for one in held]
        return (*named, *(one for one in rest if (one.entry_id, one.position) not in given_away))

    def _words_known(self, ranking: _Ranking, owner: int) -> tuple[float, float, float]:
        """Of the question's words, by weight: the share *owner* has, the share no entry has, and the weight had."""
        same = self._named_otherwise(ranking.reading, owner)
        doubtful = set(stems(now for word, now in ranking.reading.changes if len(word) <= _SHORT_REPAIR))
        heaviest = float(np.log((len(self._ids) + 1) / 0.5))
        whole = held = unknown = 0.0
        for root in sorted(set(stems(ranking.reading.words))):
            at = self._space.place(f"w:{root}")
            weight = heaviest if at is None else self._space.tells(at)
            whole += weight
            if root in doubtful:
                unknown += weight
            elif root in same or (at is not None and self._postings.has(at, owner)):
                held += weight
            elif at is None:
                unknown += weight
        return (held / whole, unknown / whole, held) if whole else (0.0, 1.0, 0.0)

    def _named_otherwise(self, reading: Reading, owner: int) -> set[str]:
        """The stems of the question that name a concept which *owner* has too, perhaps in other words."""
        same: set[str] = set()
        for concept, roots in reading.named:
            at = self._space.place(f"v:{concept}")
            if at is not None and self._postings.has(at, owner):
                same.update(roots)
        return same

    def _word_shares(self, ranking: _Ranking, owner: int) -> tuple[WordShare, ...]:
        """What each word (its stem, its pieces, half of each pair) adds to the score of *owner*, the most first."""
        added: Floats = self._postings.contributions(ranking.vector, owner)
        by_feature: dict[int | None, float] = {
            int(at): float(part) for at, part in zip(ranking.vector.at, added, strict=True)
        }
        shares: dict[str, float] = {}
        for word in ranking.reading.words:
            own = extract([word])
            shares[word] = sum(by_feature.get(self._space.place(feature), 0.0) for feature in own)
        ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        return tuple(WordShare(word, round(share, 3)) for word, share in ordered)


def _points_by_overview(library: Library, places: Mapping[str, int]) -> dict[int, list[int]]:
    """The points of each standard, by the place of its overview."""
    points: dict[int, list[int]] = {}
    for entry in library:
        if entry.standard_point is not None and entry.kind in places:
            points.setdefault(places[entry.kind], []).append(places[entry.id])
    return points


def _texts_to_compare(wordings: Iterable[Wording]) -> dict[int, list[str]]:
    """By owner the first wordings as stems."""
    texts: dict[int, list[str]] = {}
    for one in wordings:
        own = texts.setdefault(one.owner, [])
        if len(own) < _PHRASES_COMPARED:
            own.append(one.roots)
    return texts
