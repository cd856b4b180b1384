"""Question collections: the public ones from a folder that the reader points to, our own, and slips of the keyboard.

Nothing of the public collections is kept here. Fetch what you want to measure on and give its folder with ``--data``;
the files are looked for by their published names anywhere below it:

- CLINC150 (https://github.com/clinc/oos-eval): ``data_full.json``
- BANKING77 (https://github.com/PolyAI-LDN/task-specific-datasets): ``train.csv`` and ``test.csv``
- HINT3 (https://github.com/hellohaptik/HINT3): ``curekart_train.csv``, ``curekart_test.csv`` and so on
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answers.scorecard import Labelled
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.loading import load
from bot.knowledge.question_sets import read_rows
from bot.matching.corpus import gather
from bot.usecases.evaluate import read_questions

HINT3_BOTS = ("curekart", "powerplay11", "sofmattress")
OWN_SETS = ("plain", "council_voice", "false_premise", "negation_comparison", "near", "far")
_OUT_OF_SCOPE = "NO_NODES_DETECTED"
_BANKING_LEFT_OUT = 20
_BANKING_FEW = 12
_BANKING_ASKED = 1_200
_BANKING_SEED = 3

_NEIGHBOURS = {
    **dict(zip("qwertyuio", "wertyuiop", strict=True)),
    **dict(zip("asdfghjk", "sdfghjkl", strict=True)),
    **dict(zip("zxcvbn", "xcvbnm", strict=True)),
}
_SHORTEST_SLIPPED = 4
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]

_Row = tuple[str, str]


@dataclass(frozen=True)
class Collection:
    """Knowledge, questions whose right entries are known, and questions that nothing in the knowledge answers."""

    name: str
    library: Library
    inside: tuple[Labelled, ...]
    outside: tuple[Labelled, ...] = ()

    def sample(self, most: int, *, seed: int = 0) -> Collection:
        """At most *most* questions of each sort, drawn by *seed* (0 for all of them)."""
        return Collection(self.name, self.library, _draw(self.inside, most, seed), _draw(self.outside, most, seed))


@dataclass(frozen=True)
class Wording:
    """One phrase of a library as plain words, and the id of its entry."""

    text: str
    entry_id: str


def wordings(library: Library) -> list[Wording]:
    """
    The titles, aliases, questions and beliefs of all entries, cleaned as the engine cleans them, by entry.

    The whole text of an entry, which the engine reads as one more phrase, is left out: scans do worse with it.
    """
    corpus = gather(library)
    return [
        Wording(" ".join(phrase.words), corpus.ids[phrase.owner])
        for phrase in corpus.phrases
        if phrase.field != "text" and phrase.owner < corpus.entries
    ]


def read_collections(folder: Path | None, *, full: bool = True) -> tuple[list[Collection], list[str]]:
    """The public collections found in *folder*, and a line for each that is absent; *full*: the two large ones too."""
    if folder is None:
        return [], ["public collections: not measured, no folder was given (--data DIR)"]
    found: list[Collection] = []
    absent: list[str] = []
    if file := _find(folder, "data_full.json"):
        found.append(clinc(file, phrases=10))
        found += [clinc(file)] if full else []
    else:
        absent.append("CLINC150: not measured, no data_full.json in the folder")
    train, test = _find(folder, "train.csv"), _find(folder, "test.csv")
    if train and test:
        found.append(banking_few(train, test))
        found += [banking(train, test)] if full else []
    else:
        absent.append("BANKING77: not measured, no train.csv and test.csv in the folder")
    for bot in HINT3_BOTS:
        train, test = _find(folder, f"{bot}_train.csv"), _find(folder, f"{bot}_test.csv")
        if train and test:
            found.append(hint3(bot, train, test))
        else:
            absent.append(f"HINT3 {bot}: not measured, no {bot}_train.csv and {bot}_test.csv in the folder")
    return found, absent


def clinc(file: Path, *, phrases: int | None = None) -> Collection:
    """CLINC150 with its test questions, in scope and out; *phrases*: only so many an intent, the first ones."""
    published = json.loads(file.read_text(encoding="utf-8"))
    train = _first([(text, intent) for text, intent in published["train"]], phrases)
    inside = [(text, intent) for text, intent in published["test"]]
    outside = [text for text, _ in published["oos_test"]]
    return _collection(f"CLINC150@{phrases}" if phrases else "CLINC150 full", train, inside, outside)


def banking(train: Path, test: Path) -> Collection:
    """BANKING77 whole; it has no questions out of scope."""
    return _collection("BANKING77 full", _csv(train, "text", "category"), _csv(test, "text", "category"), [])


def banking_few(train: Path, test: Path) -> Collection:
    """BANKING77 with twelve phrases an intent; questions of twenty intents that are left out are out of scope."""
    rows = _csv(train, "text", "category")
    drawn = random.Random(_BANKING_SEED)
    gone = set(drawn.sample(sorted({intent for _, intent in rows}), _BANKING_LEFT_OUT))
    asked = _csv(test, "text", "category")
    drawn.shuffle(asked)
    asked = asked[:_BANKING_ASKED]
    return _collection(
        f"BANKING77@{_BANKING_FEW}, {_BANKING_LEFT_OUT} left out",
        _first([row for row in rows if row[1] not in gone], _BANKING_FEW),
        [row for row in asked if row[1] not in gone],
        [text for text, intent in asked if intent in gone],
    )


def hint3(bot: str, train: Path, test: Path) -> Collection:
    """The log of one live chat bot: misspelt, and more than half of it out of scope."""
    asked = _csv(test, "sentence", "label")
    return _collection(
        f"HINT3 {bot}",
        _csv(train, "sentence", "label"),
        [row for row in asked if row[1] != _OUT_OF_SCOPE],
        [text for text, intent in asked if intent == _OUT_OF_SCOPE],
    )


def read_own(knowledge: Path, labelled: Path | None) -> tuple[list[Collection], list[str]]:
    """The house's own knowledge with the labelled questions of a JSON Lines file; a line where either is absent."""
    if labelled is None:
        return [], ["our own questions: not measured, no file was given (--labelled FILE.jsonl)"]
    if not knowledge.exists() or not labelled.exists():
        return [], [f"our own questions: not measured, {knowledge.name} or {labelled.name} is not there"]
    library = load(knowledge).library
    inside: list[Labelled] = []
    outside: list[Labelled] = []
    for question in read_questions(labelled):
        known = tuple(one for one in question.ids if one in library)
        if known:
            inside.append(Labelled(question.q, known))
        elif not question.ids:
            outside.append(question)
    if not inside:
        return [], [f"our own questions: not measured, {labelled.name} has none whose entry is there"]
    return [Collection(f"our own, {labelled.stem}", library, tuple(inside), tuple(outside))], []


def read_sets(knowledge: Path, folder: Path | None) -> tuple[list[Collection], list[str]]:
    """The house's own question sets in *folder*, each a collection over *knowledge*; a line where they are absent."""
    files = [folder / f"{name}.yaml" for name in OWN_SETS] if folder else []
    if not files or not knowledge.exists() or not all(file.exists() for file in files):
        return [], ["our own question sets: not measured, they are not there (--sets DIR)"]
    library = load(knowledge).library
    return [_set(library, file) for file in files], []


def pooled(name: str, collections: Sequence[Collection]) -> list[Collection]:
    """The questions of *collections*, all over the same knowledge, as one; none of none."""
    if not collections:
        return []
    inside = tuple(question for one in collections for question in one.inside)
    outside = tuple(question for one in collections for question in one.outside)
    return [Collection(name, collections[0].library, inside, outside)]


def slip(text: str, drawn: random.Random, count: int) -> str:
    """*text* with *count* slips in words of four letters or more: left out, swapped, neighbouring key, or doubled."""
    words = text.split()
    for _ in range(count):
        long = [at for at, word in enumerate(words) if len(word) >= _SHORTEST_SLIPPED]
        if not long:
            break
        at = drawn.choice(long)
        words[at] = _slip_word(words[at], drawn)
    return " ".join(words)


def with_slips(questions: Iterable[Labelled], *, counts: Sequence[int] = (1, 2), seed: int = 7) -> list[Labelled]:
    """The questions with one of *counts* slips in each, the same ones for the same *seed*."""
    drawn = random.Random(seed)
    return [Labelled(slip(one.q, drawn, drawn.choice(counts)), one.ids) for one in questions]


def enlarge(libraries: Sequence[Library], *, phrases: int, entries: int, seed: int = 11) -> Library:
    """
    A library of *entries* entries with *phrases* questions in all, made from the questions of *libraries*.

    Entries that are wanting are copies of others with their own made-up words; questions that are wanting are two
    halves of an entry's questions put together, one in twenty with a slip, and with a made-up word where that gives
    nothing new. It serves to measure cost, not accuracy.
    """
    drawn = random.Random(seed)
    pool = _pool(libraries)
    names = sorted(pool)[:entries]
    common = _common_words(pool)
    base: dict[str, list[str]] = {name: pool[name] for name in names}
    while len(base) < entries:
        model = names[len(base) % len(names)]
        base[f"{model}~{len(base)}"] = _renamed(pool[model], common, drawn)
    each, more = divmod(phrases, entries)
    rows = {
        name: _grown(questions, each + (at < more), drawn) for at, (name, questions) in enumerate(sorted(base.items()))
    }
    return _library(rows)


def joined(own: Library, others: Sequence[Library], *, phrases: int) -> Library:
    """*own* and so many entries of *others* beside it that there are about *phrases* phrases in all."""
    entries = list(own)
    left = phrases - len(wordings(own))
    for at, library in enumerate(others):
        for entry in library:
            if left <= 0:
                break
            kept = entry.questions[:left]
            entries.append(entry.model_copy(update={"id": f"other-{at}/{entry.id}", "questions": kept}))
            left -= len(kept) + 1
    return Library.of(entries, own.vocabulary, own.declines, own.version)


def _find(folder: Path, name: str) -> Path | None:
    """The file of that name nearest to the top of *folder*."""
    found = sorted(folder.rglob(name), key=lambda file: (len(file.parts), str(file)))
    return found[0] if found else None


def _set(library: Library, file: Path) -> Collection:
    """One set, its questions in scope and those that have no entry."""
    rows = [Labelled(str(row["q"]), tuple(row.get("ids", ()))) for row in read_rows(file)]
    known = [Labelled(row.q, tuple(one for one in row.ids if one in library)) for row in rows]
    inside = tuple(row for row in known if row.ids)
    return Collection(f"our own, {file.stem}", library, inside, tuple(row for row in rows if not row.ids))


def _csv(file: Path, text: str, label: str) -> list[_Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row[text], row[label]) for row in csv.DictReader(lines)]


def _first(rows: Sequence[_Row], most: int | None) -> list[_Row]:
    """The first *most* rows of each label."""
    seen: dict[str, int] = {}
    kept = []
    for text, label in rows:
        seen[label] = seen.get(label, 0) + 1
        if most is None or seen[label] <= most:
            kept.append((text, label))
    return kept


def _collection(name: str, train: Sequence[_Row], inside: Sequence[_Row], outside: Sequence[str]) -> Collection:
    by_intent: dict[str, list[str]] = {}
    for text, intent in train:
        by_intent.setdefault(intent.replace(" ", "_"), []).append(text)
    return Collection(
        name,
        _library(by_intent),
        tuple(Labelled(text, (intent.replace(" ", "_"),)) for text, intent in inside),
        tuple(Labelled(text, ()) for text in outside),
    )


def _library(by_intent: Mapping[str, Sequence[str]]) -> Library:
    return Library.of(
        Entry(
            id=intent,
            title=intent.replace("_", " "),
            questions=tuple(text for text in texts if text.strip()),
            summary=intent.replace("_", " "),
        )
        for intent, texts in by_intent.items()
    )


def _draw(questions: tuple[Labelled, ...], most: int, seed: int) -> tuple[Labelled, ...]:
    if not most or len(questions) <= most:
        return questions
    kept = sorted(random.Random(seed).sample(range(len(questions)), most))
    return tuple(questions[at] for at in kept)


def _slip_word(word: str, drawn: random.Random) -> str:
    at = drawn.randrange(len(word))
    kind = drawn.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1 and at < len(word) - 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 2:
        return word[:at] + _NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def _pool(libraries: Sequence[Library]) -> dict[str, list[str]]:
    return {
        f"{at}/{entry.id}": list(entry.questions)
        for at, library in enumerate(libraries)
        for entry in library
        if entry.questions
    }


def _common_words(pool: Mapping[str, Sequence[str]]) -> set[str]:
    """The words of more than one entry in ten: "how", "my", "please"."""
    seen: dict[str, int] = {}
    for questions in pool.values():
        for word in {word for question in questions for word in question.lower().split()}:
            seen[word] = seen.get(word, 0) + 1
    return {word for word, count in seen.items() if count * 10 > len(pool)}


def _renamed(questions: Sequence[str], common: set[str], drawn: random.Random) -> list[str]:
    """The questions of an entry with every word of its own replaced by a made-up one, the same one each time."""
    new: dict[str, str] = {}

    def word(old: str) -> str:
        if old in common:
            return old
        if old not in new:
            new[old] = _made_up(drawn)
        return new[old]

    return [" ".join(word(old) for old in question.lower().split()) for question in questions]


def _made_up(drawn: random.Random) -> str:
    return "".join(drawn.choices(_SYLLABLES, k=drawn.choice((2, 3, 3, 4))))


def _grown(questions: Sequence[str], wanted: int, drawn: random.Random) -> list[str]:
    grown = dict.fromkeys(questions[:wanted])
    for made in _crossed(questions, drawn):
        if len(grown) >= wanted:
            break
        grown.setdefault(f"{made} {_made_up(drawn)}" if made in grown else made)
    return list(grown)


def _crossed(questions: Sequence[str], drawn: random.Random) -> Iterator[str]:
    """Without end: the front of one question and the back of another; one in twenty with a slip."""
    while True:
        front, back = drawn.choice(questions).split(), drawn.choice(questions).split()
        words = front[: drawn.randint(1, max(len(front), 1))] + back[drawn.randint(0, len(back)) :]
        made = " ".join(words)
        yield slip(made, drawn, 1) if drawn.randrange(20) == 0 else made
