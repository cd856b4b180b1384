"""Spelling, compounds, vocabulary and exclusions."""

from __future__ import annotations

import pytest

from bot.knowledge.vocabulary import Vocabulary
from bot.matching.corpus import gather
from bot.matching.lexicon import Lexicon
from bot.matching.names import Names, wordings
from bot.matching.negation import without_excluded
from bot.matching.repair import Speller
from tests.bot.matching.build import make_index, make_library

PHRASES = [["accessibility", "statement"], ["sign", "off", "the", "workflow"], ["procurement", "act", "2023"], ["form"]]


def beside(first: str, second: str) -> bool:
    return any([first, second] == phrase[at : at + 2] for phrase in PHRASES for at in range(len(phrase)))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("accesibility", "accessibility"),
        ("acessiblity", "accessibility"),
        ("porcurement", "procurement"),
        ("from", "from"),
        ("frm", "frm"),
        ("2024", "2024"),
        ("statement", "statement"),
        ("zzzzzzzz", "zzzzzzzz"),
    ],
)
def test_an_unknown_word_becomes_the_nearest_known_one(typed: str, read: str) -> None:
    speller = Speller(word for phrase in [*PHRASES, ["from"]] for word in phrase)

    assert speller.repair(typed) == read


def test_compounds_are_read_both_ways() -> None:
    lexicon = Lexicon(Vocabulary(), PHRASES)

    assert lexicon.read(["signoff"], beside).words == ("sign", "off")
    assert lexicon.read(["work", "flow"], beside).words == ("workflow",)


def test_changes_are_told() -> None:
    assert Lexicon(Vocabulary(), PHRASES).read(["statment"], beside).changes == (("statment", "statement"),)


def test_two_words_for_one_thing_share_a_concept() -> None:
    vocabulary = Vocabulary(
        synonyms=(("text message", "sms"),),
        acronyms={"DPIA": "data protection impact assessment"},
        spellings={"organization": "organisation"},
    )
    lexicon = Lexicon(vocabulary, PHRASES)

    assert lexicon.concepts(["send", "text", "messages"]) == lexicon.concepts(["sms"]) == ["sms"]
    assert lexicon.concepts(["a", "dpia"]) == ["data protection impact assessment"]
    assert lexicon.respell(["organization"]) == ["organisation"]


def test_a_synonym_finds_an_entry_that_shares_no_word() -> None:
    plain = make_index().search("mobile bleeps")
    helped = make_index(vocabulary=Vocabulary(synonyms=(("sms", "mobile bleeps"),))).search("mobile bleeps")

    assert helped.best == "platform/notify"
    assert helped.evidence.known > plain.evidence.known


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("not notify the payments one", "payments"),
        ("the payments one", "the payments one"),
        ("other than notify what is there", "what is there"),
        ("can we not use notify for this", "can we not use notify for this"),
        ("not notify", "not notify"),
    ],
)
def test_only_an_excluded_name_is_taken_away(words: str, kept: str) -> None:
    names = Names(wordings(gather(make_library()).phrases))

    assert " ".join(without_excluded(words.split(), names.length_at)) == kept
