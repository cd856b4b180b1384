"""The index finds, explains, repeats itself exactly, and copes with any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.vocabulary import DeclineTopic
from bot.matching.index import Index
from bot.matching.indexing import is_learnt
from bot.matching.matches import Matches
from bot.matching.snapshot import snapshot_file
from tests.bot.matching.build import QUESTIONS, make_index, make_library

INDEX = make_index()


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("could we text people when their bin day changes", "platform/notify"),
        ("card payment on the web", "platform/pay"),
        ("blind people with a screen reader", "service-standard/05"),
        ("chepa sms remidners", "platform/notify"),
        ("what is notify", "platform/notify"),
        ("ALPHA", "guide/alpha"),
        ("point 5", "service-standard/05"),
        ("local standard 10", "local-standard/10"),
    ],
)
def test_the_right_entry_is_first(question: str, best: str) -> None:
    assert INDEX.search(question).best == best


def test_a_name_or_a_known_question_is_sure() -> None:
    assert INDEX.search("what is notify please").rule == "alias"
    assert INDEX.search("Cheap way to send SMS reminders?").rule == "phrase"
    assert INDEX.search("notify").confidence > 0.95


def test_a_question_about_nothing_we_know_is_not_sure() -> None:
    assert INDEX.search("who won the football on saturday").confidence < 0.2


def test_the_ranking_is_at_most_ten_and_its_shares_add_up() -> None:
    ranked = INDEX.search("send letters").ranked

    assert len(ranked) <= 10
    assert sum(match.score for match in ranked) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    "question", ["", " ", "!!!", ":wave:", "\x00\x01", "<@U1>", "a" * 10_000, "你好", "²", "\ud800"]
)
def test_odd_text_is_harmless(question: str) -> None:
    matches = INDEX.search(question)

    assert 0.0 <= matches.confidence <= 0.5


def test_the_subject_of_a_conversation_is_favoured_and_not_forced() -> None:
    favoured = INDEX.search("what does it cost", subject="platform/pay")
    other = INDEX.search("accessibility audit before launch", subject="platform/pay")

    assert favoured.best == "platform/pay"
    assert other.best == "service-standard/05"


def test_an_explanation_names_words_repairs_and_the_runner_up() -> None:
    explanation = INDEX.explain("sending remidners to residents")

    assert ("remidners", "reminders") in explanation.matches.reading.changes
    assert explanation.best_words[0].share >= explanation.best_words[-1].share
    assert explanation.runner_up in QUESTIONS


def test_a_decline_topic_that_is_nearer_is_named() -> None:
    topic = DeclineTopic(
        id="decline/weather", reason="outside", title="Weather", reply="No.", questions=("will it rain", "is it sunny")
    )
    index = make_index(declines=(topic,))

    assert index.search("will it rain on monday").decline_id == "decline/weather"
    assert index.search("what is notify").decline_id is None


def test_threads_share_one_index() -> None:
    questions = [question for wordings in QUESTIONS.values() for question in wordings] * 5

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(INDEX.search, questions))

    assert together == [INDEX.search(question) for question in questions]


def test_another_process_with_another_hash_seed_says_the_same() -> None:
    code = (
        "import json;from tests.bot.matching.build import make_index;"
        "m=make_index().search('send remidners by letter');"
        "print(json.dumps([[x.entry_id,x.score] for x in m.ranked]+[m.confidence]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(said) == 1
    assert json.loads(said.pop())[0][0] == "platform/notify"


def test_the_order_of_entries_does_not_matter() -> None:
    turned = make_library(dict(reversed(list(QUESTIONS.items()))))

    assert Index(turned).search("send letters") == INDEX.search("send letters")


def all_found(index: Index) -> list[Matches]:
    return [index.search(question) for wordings in QUESTIONS.values() for question in wordings]


def test_a_snapshot_gives_the_very_same_answers(tmp_path: Path) -> None:
    library = make_library(version="v1")
    assert not is_learnt(library, tmp_path)
    first = Index(library, snapshots=tmp_path)

    assert is_learnt(library, tmp_path)
    assert all_found(Index(library, snapshots=tmp_path)) == all_found(first)


def test_a_snapshot_explains_as_the_index_that_wrote_it(tmp_path: Path) -> None:
    library = make_library(version="v1")
    first, second = (Index(library, snapshots=tmp_path) for _ in range(2))

    assert second.explain("text our residents") == first.explain("text our residents")
    assert second.mentions("notify or pay") == first.mentions("notify or pay") != ()


def test_a_damaged_snapshot_is_built_anew(tmp_path: Path) -> None:
    library = make_library(version="v1")
    Index(library, snapshots=tmp_path)
    snapshot_file(tmp_path, "v1").write_bytes(b"PK\x03\x04 not really")

    assert all_found(Index(library, snapshots=tmp_path)) == all_found(Index(library))


def test_a_snapshot_folder_that_cannot_be_written_costs_only_time() -> None:
    assert Index(make_library(version="v1"), snapshots=Path("/dev/null/nowhere")).search("notify").best


def test_a_folder_with_one_entry_answers_its_own_and_declines_the_rest() -> None:
    index = make_index(questions={"guide/alpha": QUESTIONS["guide/alpha"]})

    assert index.search("what happens in alpha").best == "guide/alpha"
    assert index.search("who won the football").confidence < 0.3


def test_a_folder_without_a_word_is_refused_with_the_reason() -> None:
    nothing = Library.of([Entry(id="a", title="🙂", summary="!!!")])

    with pytest.raises(KnowledgeError, match="holds a word"):
        Index(nothing)


def test_a_long_text_of_small_words_is_read_at_once() -> None:
    assert INDEX.search("a the " * 650).rule == "words"


def test_entries_without_questions_are_found_by_title() -> None:
    index = make_index(questions=dict.fromkeys(QUESTIONS, ()))

    assert index.search("everyone can use it").best == "service-standard/05"


def test_two_identical_entries_are_both_offered() -> None:
    index = make_index(questions={"a": ("lost my card",), "b": ("lost my card",), "c": ("change my address",)})

    assert index.search("lost my card").named == ("a", "b")
