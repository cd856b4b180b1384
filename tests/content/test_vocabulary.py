"""Every line of the vocabulary does what it is there for: two wordings of one thing are read as one."""

from __future__ import annotations

import pytest

from bot.knowledge.loading import load
from bot.knowledge.vocabulary import Vocabulary
from bot.matching.lexicon import Lexicon
from bot.matching.wording import tokenize
from bot.settings import REPOSITORY

VOCABULARY = load(REPOSITORY / "knowledge").library.vocabulary
WITH, WITHOUT = Lexicon(VOCABULARY, []), Lexicon(Vocabulary(), [])

PAIRS = [
    *((group[0], other) for group in VOCABULARY.synonyms for other in group[1:]),
    *VOCABULARY.acronyms.items(),
    *VOCABULARY.older_names.items(),
]


def ideas(lexicon: Lexicon, wording: str) -> set[str]:
    """What a question with *wording* in it is taken to be about."""
    return set(lexicon.concepts(lexicon.respell(tokenize(f"who can tell me more on {wording} please"))))


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda wording: str(wording)[:30])
def test_two_wordings_of_one_thing_are_read_as_one_and_not_without_the_line(one: str, other: str) -> None:
    assert ideas(WITH, one) & ideas(WITH, other)
    assert not ideas(WITHOUT, one) & ideas(WITHOUT, other)


@pytest.mark.parametrize(("other", "ours"), VOCABULARY.spellings.items())
def test_another_spelling_is_read_as_ours(other: str, ours: str) -> None:
    assert WITH.respell([other.casefold()]) == [ours.casefold()]
    assert WITHOUT.respell([other.casefold()]) != [ours.casefold()]


def test_no_wording_stands_for_two_things() -> None:
    wordings = [" ".join(tokenize(wording)) for group in VOCABULARY.synonyms for wording in group]

    assert sorted({one for one in wordings if wordings.count(one) > 1}) == []
