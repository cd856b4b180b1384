"""The engines set side by side: ours, and others that get the same phrases and answer with the best one's entry.

``bm25s``, ``tantivy`` and ``scikit-learn`` are no part of Advisor; where they are not installed, their rows say so.
Every other engine gets both sides cleaned and cut into words as ours does, in lower case.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import Stemmer
from rapidfuzz import fuzz, process

from benchmarks.collections import wordings
from benchmarks.measuring import Values
from bot.answers.reply import Answer, Choice
from bot.answers.scorecard import ranking
from bot.knowledge.library import Library
from bot.matching.index import Index
from bot.matching.wording import clean, tokenize
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge

_LOOKED_AT = 50
_NOTHING = -math.inf


@dataclass(frozen=True)
class Found:
    """What an engine makes of one question: ids best first, what it shows as the answer, how sure it is, and what it
    decides (None: it has no threshold of its own)."""

    ids: tuple[str, ...]
    shown: tuple[str, ...]
    score: float
    outcome: Literal["answer", "choice", "decline"] | None = None
    options: tuple[str, ...] = ()


class Engine(ABC):
    """Something that finds the entry for a question."""

    name: str
    packages: tuple[str, ...] = ()

    @abstractmethod
    def build(self, library: Library) -> None:
        """Make ready to be asked about *library*."""

    @abstractmethod
    def answer(self, question: str) -> object:
        """The first entry only: what is timed."""

    @abstractmethod
    def find(self, question: str) -> Found:
        """The ranking: what is judged."""


class Ours(Engine):
    """Advisor, as ``ask`` uses it."""

    name = "**Advisor**"

    def __init__(self, snapshots: Path | None = None) -> None:
        self._snapshots = snapshots

    def build(self, library: Library) -> None:
        self.knowledge = Knowledge(library, Index(library, snapshots=self._snapshots))

    def answer(self, question: str) -> object:
        return ask(question, self.knowledge)

    def find(self, question: str) -> Found:
        reply = ask(question, self.knowledge)
        shown = tuple(entry.id for entry in reply.entries) if isinstance(reply, Answer) else ()
        options = tuple(entry.id for entry in reply.options) if isinstance(reply, Choice) else ()
        sure = 0.0 if reply.matches.decline_id and reply.outcome == "decline" else reply.matches.confidence
        return Found(ranking(reply), shown, sure, reply.outcome, options)


class OurSearch(Ours):
    """The search of the index alone, without what ``ask`` does around it; for its cost only."""

    name = "Advisor, search alone"

    def answer(self, question: str) -> object:
        return self.knowledge.index.search(question)


class _OverPhrases(Engine):
    """An engine that is given the phrases of a library and the entry of each."""

    def build(self, library: Library) -> None:
        phrases = wordings(library)
        self._texts = [phrase.text for phrase in phrases]
        self._entries = [phrase.entry_id for phrase in phrases]
        self._prepare()

    def answer(self, question: str) -> object:
        return self.find(question)

    @abstractmethod
    def _prepare(self) -> None:
        """Build what the engine needs over ``_texts`` and ``_entries``."""


class _BestPhrase(_OverPhrases):
    """An engine that scores phrases; an entry is as good as its best one."""

    def find(self, question: str) -> Found:
        scores: dict[str, float] = {}
        for at, score in self._best(_words(question)):
            scores.setdefault(self._entries[at], score)
        ids = tuple(scores)
        return Found(ids, ids[:1], next(iter(scores.values()), _NOTHING))

    @abstractmethod
    def _best(self, question: str) -> Iterable[tuple[int, float]]:
        """The positions of the best phrases with their scores, best first."""


class Scan(_BestPhrase):
    """rapidfuzz ``process.extractOne`` with one of its scorers, over all phrases."""

    packages = ("rapidfuzz",)

    def __init__(self, scorer: Callable[..., float]) -> None:
        self.name = f"rapidfuzz {scorer.__name__}"
        self._scorer = scorer

    def answer(self, question: str) -> object:
        return process.extractOne(_words(question), self._texts, scorer=self._scorer)

    def _prepare(self) -> None:
        return

    def _best(self, question: str) -> Iterable[tuple[int, float]]:
        row = process.cdist([question], self._texts, scorer=self._scorer, dtype=np.float32)[0]
        order = np.argsort(-row, kind="stable")[: 10 * _LOOKED_AT]
        return ((int(at), float(row[at])) for at in order)


class Bm25s(_BestPhrase):
    """bm25s with its own cutting and the Snowball English stemmer, no stop words left out."""

    name = "bm25s"
    packages = ("bm25s",)

    def _prepare(self) -> None:
        self._library: Any = importlib.import_module("bm25s")
        self._stemmer = Stemmer.Stemmer("english")
        self._index: Any = self._library.BM25()
        self._index.index(self._cut(self._texts), show_progress=False)

    def _best(self, question: str) -> Iterable[tuple[int, float]]:
        most = min(_LOOKED_AT, len(self._texts))
        ids, scores = self._index.retrieve(self._cut([question]), k=most, show_progress=False)
        return [(int(at), float(score)) for at, score in zip(ids[0], scores[0], strict=True) if score > 0]

    def _cut(self, texts: list[str]) -> Any:
        return self._library.tokenize(texts, stopwords=[], stemmer=self._stemmer, show_progress=False)


class Tantivy(_BestPhrase):
    """tantivy in memory, English stems: BM25 over the words as typed, and over words within one edit at a tenth."""

    name = "tantivy, fuzzy"
    packages = ("tantivy",)

    def _prepare(self) -> None:
        self._library: Any = importlib.import_module("tantivy")
        schema = self._library.SchemaBuilder()
        schema.add_text_field("words", tokenizer_name="en_stem")
        schema.add_integer_field("at", stored=True)
        self._index: Any = self._library.Index(schema.build())
        writer = self._index.writer(num_threads=1)
        for at, text in enumerate(self._texts):
            writer.add_document(self._library.Document(words=text, at=at))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher: Any = self._index.searcher()

    def _best(self, question: str) -> Iterable[tuple[int, float]]:
        words = " ".join(word for word in question.split() if word.isalnum())
        if not words:
            return []
        kinds = self._library
        exact = self._index.parse_query(words, ["words"])
        near = self._index.parse_query(words, ["words"], fuzzy_fields={"words": (False, 1, True)})
        either = [(kinds.Occur.Should, exact), (kinds.Occur.Should, kinds.Query.boost_query(near, 0.1))]
        hits = self._searcher.search(kinds.Query.boolean_query(either), limit=_LOOKED_AT, count=False).hits
        return [(int(self._searcher.doc(place)["at"][0]), float(score)) for score, place in hits]


class Fts5(_BestPhrase):
    """SQLite's full-text index in memory: Porter stems, any of the words, bm25."""

    name = "SQLite FTS5"

    def _prepare(self) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE phrase USING fts5(words, tokenize = 'porter unicode61')")
        rows = enumerate(self._texts)
        self._database.executemany("INSERT INTO phrase (rowid, words) VALUES (?, ?)", rows)
        self._database.execute("INSERT INTO phrase (phrase) VALUES ('optimize')")

    def _best(self, question: str) -> Iterable[tuple[int, float]]:
        query = " OR ".join(f'"{word}"' for word in question.split() if word.isalnum())
        if not query:
            return []
        found = self._database.execute(
            "SELECT rowid, rank FROM phrase WHERE phrase MATCH ? ORDER BY rank LIMIT ?", (query, _LOOKED_AT)
        )
        return [(int(at), -float(rank)) for at, rank in found]


class LinearSvm(_OverPhrases):
    """scikit-learn: TF-IDF over words, pairs and pieces of words, and a linear support vector machine."""

    name = "scikit-learn TF-IDF + SVM"
    packages = ("scikit-learn", "scipy")

    def _prepare(self) -> None:
        text: Any = importlib.import_module("sklearn.feature_extraction.text")
        pipeline: Any = importlib.import_module("sklearn.pipeline")
        svm: Any = importlib.import_module("sklearn.svm")
        features = pipeline.make_union(
            text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),
            text.TfidfVectorizer(ngram_range=(3, 4), analyzer="char_wb", sublinear_tf=True),
        )
        self._model: Any = pipeline.make_pipeline(features, svm.LinearSVC())
        self._model.fit(self._texts, self._entries)

    def find(self, question: str) -> Found:
        margins: Values = self._model.decision_function([_words(question)])[0]
        order = np.argsort(-margins, kind="stable")[:_LOOKED_AT]
        ids = tuple(str(self._model.classes_[at]) for at in order)
        return Found(ids, ids[:1], float(margins[order[0]]))


def _words(question: str) -> str:
    return " ".join(tokenize(clean(question)))


ENGINES: dict[str, Callable[[], Engine]] = {
    "ours": Ours,
    "search": OurSearch,
    "wratio": lambda: Scan(fuzz.WRatio),
    "token-set": lambda: Scan(fuzz.token_set_ratio),
    "bm25s": Bm25s,
    "tantivy": Tantivy,
    "fts5": Fts5,
    "svm": LinearSvm,
}

COST_ONLY = frozenset({"search"})
"""Engines that find what another one finds."""

_MODULES = {"bm25s": "bm25s", "tantivy": "tantivy", "svm": "sklearn"}


def installed(engine: str) -> bool:
    """Whether what *engine* (a key of ``ENGINES``) needs is there."""
    return engine not in _MODULES or importlib.util.find_spec(_MODULES[engine]) is not None


def all_packages(engines: Sequence[str]) -> list[str]:
    """The packages whose versions belong under a table of *engines*."""
    return sorted({"numpy", "rapidfuzz", "PyStemmer"}.union(*(ENGINES[one]().packages for one in engines)))
