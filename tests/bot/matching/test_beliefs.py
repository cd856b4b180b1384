"""What a question takes for granted: told from what it is about, whatever words it uses."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.entry import Belief
from bot.knowledge.library import Library
from bot.matching.beliefs import BIAS, WEIGHTS, Resting, chance
from bot.matching.index import Index
from bot.matching.indexing import is_learnt
from bot.matching.old_names import OldNames
from bot.matching.presuming import fit_presuming
from bot.matching.scoring import Vector
from bot.matching.wording import clean, tokenize
from tests.bot.matching.build import make_library

BARRED = Belief(
    said=(
        "councils are not allowed to use notify",
        "since only whitehall may use notify, which firm should we pay for texts",
        "as notify is closed to us, who sends our letters",
        "notify is for ministries so we have bought a text bundle",
    ),
    correction="Councils may use it.",
)
FREE = Belief(
    said=(
        "every text is free",
        "texts cost us nothing so we will send each of them twice",
        "we have taken the text budget out, for texts are free",
    ),
    correction="A text costs money.",
    names=("GOV.UK Texting Desk", "texting desk", "Office for the Texting of all Residents in the Land"),
)


def believing() -> Library:
    """The little library, in which Notify has two beliefs."""
    library = make_library()
    changed = library["platform/notify"].model_copy(update={"beliefs": (BARRED, FREE)})
    return Library.of([*(entry for entry in library if entry.id != changed.id), changed])


LIBRARY = believing()
INDEX = Index(LIBRARY)


def likeliest(question: str) -> int:
    rests_on = INDEX.search(question).rests_on
    assert [one.chance for one in rests_on] == sorted((one.chance for one in rests_on), reverse=True)
    return rests_on[0].position


@pytest.mark.parametrize(
    ("question", "belief"),
    [
        ("we hear notify is closed to councils, so who can send letters for us", BARRED),
        ("only ministries may use notify so which firm sells a text bundle", BARRED),
        ("we will send every text twice since they cost nothing", FREE),
        ("the budget for texts is out because texts are free", FREE),
    ],
)
def test_the_belief_that_a_question_rests_on_is_the_likeliest(question: str, belief: Belief) -> None:
    assert LIBRARY["platform/notify"].beliefs[likeliest(question)] is belief


def test_a_wording_of_a_belief_is_likelier_to_rest_on_it_than_a_question() -> None:
    asked, said = (INDEX.search(one).rests_on[0].chance for one in ("cheap way to send sms reminders", BARRED.said[2]))

    assert asked < said


@pytest.mark.parametrize("said", [*BARRED.said, *FREE.said])
def test_a_belief_that_is_said_word_for_word_is_certain(said: str) -> None:
    first = INDEX.search(said.upper()).rests_on[0]

    assert first.chance == 1.0
    assert said in LIBRARY["platform/notify"].beliefs[first.position].said


def test_where_no_entry_has_a_belief_nothing_is_found() -> None:
    assert Index(make_library()).search("notify is closed to us").rests_on == ()


def test_what_was_learnt_of_beliefs_is_kept(tmp_path: Path) -> None:
    library = replace(LIBRARY, version="1")
    question = "we hear notify is closed to councils"

    learnt, read = (Index(library, snapshots=tmp_path).search(question).rests_on for _ in range(2))

    assert is_learnt(library, tmp_path)
    assert learnt == read == INDEX.search(question).rests_on


def test_the_chance_is_a_probability_and_every_sign_has_its_weight() -> None:
    nothing = Resting(**{one.name: 0 for one in fields(Resting)})

    assert list(nothing.row()) == list(WEIGHTS)
    assert 0.0 < chance(nothing) < 0.01
    assert BIAS < 0


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("who runs the GOV.UK texting desk now", ["GOV.UK Texting Desk"]),
        ("govuk Texting Desks and the texting desk", ["GOV.UK Texting Desk"]),
        ("is the desk for texting open", []),
        ("we text desks", []),
        (
            "the Office for the Texting of all Residents in the Land",
            ["Office for the Texting of all Residents in the Land"],
        ),
        ("", []),
    ],
)
def test_old_names_are_found_longest_first_and_once(question: str, names: list[str]) -> None:
    found = OldNames(LIBRARY).find(tokenize(clean(question)))

    assert [one.name for one in found] == names
    assert all((one.entry_id, one.position) == ("platform/notify", 1) for one in found)


def test_an_old_name_comes_before_what_may_be_meant() -> None:
    first, *rest = INDEX.search("as notify is closed to us, should the texting desk send our letters").rests_on

    assert (first.position, first.chance, first.old_name) == (1, 1.0, "texting desk")
    assert [one.position for one in rest] == [0]


def vector(*at: int) -> Vector:
    return Vector(np.array(at, np.int32), np.full(len(at), len(at) ** -0.5, np.float32))


def test_presuming_is_learnt_from_both_sorts_however_few_one_of_them_has() -> None:
    phrases = [vector(0, 2), vector(0, 3), *(vector(1, at) for at in (2, 3, 2, 3, 2, 3))]

    weights = fit_presuming(phrases, [True, True, *[False] * 6], 4)

    assert weights[0] > 0 > weights[1]
    assert abs(weights[2]) < weights[0]


@pytest.mark.parametrize("presumes", [[True, True], [False, False]])
def test_with_one_sort_of_phrase_nothing_is_learnt(presumes: list[bool]) -> None:
    assert not fit_presuming([vector(0), vector(1)], presumes, 2).any()
