"""From a library to what an index needs of it, which is learnt once for each version of the knowledge."""

from __future__ import annotations

from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.library import Library
from bot.matching.beliefs import learn_beliefs
from bot.matching.corpus import gather
from bot.matching.features import extract
from bot.matching.learning import fit
from bot.matching.lexicon import Lexicon
from bot.matching.names import wordings
from bot.matching.scoring import FeatureSpace
from bot.matching.snapshot import Learnt, read_snapshot, snapshot_file, write_snapshot

_WORDINGS_RANKED = 8
"""Of each belief so many wordings speak for the entry in the ranking, and all of them for the belief: with all of some
thirty in the ranking entries drew plain questions from their neighbours (right first 97.2 to 95.1%)."""


def is_learnt(library: Library, snapshots: Path | None) -> bool:
    """Whether an index over *library* need not learn anything, for that is kept in the folder *snapshots*."""
    return snapshots is not None and bool(library.version) and snapshot_file(snapshots, library.version).exists()


def learn_once(library: Library, snapshots: Path | None) -> Learnt:
    """
    What an index needs, from the folder *snapshots* or learnt now and kept there.

    Raises: KnowledgeError: there is not one word in the library.
    """
    if snapshots is None or not library.version:
        return _learn(library)
    file = snapshot_file(snapshots, library.version)
    learnt = read_snapshot(file)
    if learnt is None:
        learnt = _learn(library)
        write_snapshot(file, learnt)
    return learnt


def _learn(library: Library) -> Learnt:
    corpus = gather(library)
    if not corpus.phrases:
        raise KnowledgeError("no title, question or answer in the knowledge holds a word that can be looked up.")
    lexicon = Lexicon(library.vocabulary, (phrase.words for phrase in corpus.phrases))
    features = (extract(words := lexicon.respell(phrase.words), lexicon.concepts(words)) for phrase in corpus.phrases)
    owners = [phrase.owner for phrase in corpus.phrases]
    classes = len(corpus.ids)
    names, space, vectors = FeatureSpace.of(features, owners, classes)
    ranked = [at for at, phrase in enumerate(corpus.phrases) if phrase.nth < _WORDINGS_RANKED]
    return Learnt(
        words=lexicon.speller.counts,
        wordings=tuple(wordings(corpus.phrases)),
        features=names,
        weights=space.weights,
        postings=fit([vectors[at] for at in ranked], [owners[at] for at in ranked], classes, len(names)),
        said=learn_beliefs(corpus.phrases, vectors, corpus.entries, len(names)),
    )
