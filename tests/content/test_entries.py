"""Every entry keeps the rules that a reader relies on."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
import textstat

from bot.knowledge.checking import MOST_SUMMARY_WORDS, check, figures, texts
from bot.knowledge.entry import Entry
from bot.knowledge.loading import load

REPOSITORY = Path(__file__).resolve().parents[2]
LOADED = load(REPOSITORY / "knowledge")
ENTRIES = list(LOADED.library)
FACTS = sorted((REPOSITORY.parent / "shared" / "facts").glob("*.md"))
SHARED_WORDS = 8
HIGHEST_GRADE = 10.0
_WORD = re.compile(r"[a-z0-9£%]+(?:'[a-z]+)?")

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words in *text*, addresses aside."""
    words = _WORD.findall(re.sub(r"https?://\S+", " ", text).lower())
    return {tuple(words[at : at + SHARED_WORDS]) for at in range(len(words) - SHARED_WORDS + 1)}


def test_the_knowledge_base_has_no_fault() -> None:
    faults = [fault for fault in check(LOADED, today=dt.date(2026, 11, 23)) if fault.severity != "warning"]

    assert [str(fault) for fault in faults] == []


def test_there_are_as_many_entries_and_questions_as_promised() -> None:
    assert len(ENTRIES) >= 190
    assert sum(len(entry.questions) for entry in ENTRIES) >= 4_000


@each_entry
def test_the_summary_is_short_and_easy_to_read(entry: Entry) -> None:
    assert len(entry.summary.split()) <= MOST_SUMMARY_WORDS
    assert textstat.automated_readability_index(entry.summary) <= HIGHEST_GRADE


@each_entry
def test_every_figure_stands_in_a_fact_with_a_source(entry: Entry) -> None:
    urls = {source.url for source in entry.sources}
    known = {figure for fact in entry.facts if fact.source in urls for figure in figures(fact.fact)}

    missing = {figure for _, text in texts(entry) for figure in figures(text)} - known

    assert missing == set()


@each_entry
def test_a_closed_platform_says_so_first_and_names_what_comes_instead(entry: Entry) -> None:
    if entry.platform is not None and entry.platform.status == "closed":
        assert entry.summary.lower().startswith("closed")
        assert entry.platform.successor


@each_entry
def test_the_answer_says_what_to_do_next(entry: Entry) -> None:
    assert entry.next_steps


def test_no_two_entries_share_eight_words_in_a_row() -> None:
    owner: dict[tuple[str, ...], str] = {}
    shared = []
    for entry in ENTRIES:
        for run in {run for _, text in texts(entry) for run in runs(text)}:
            if owner.setdefault(run, entry.id) != entry.id:
                shared.append((owner[run], entry.id, " ".join(run)))

    assert shared == []


@pytest.mark.skipif(not FACTS, reason="the research notes (../shared/facts) are not at hand")
def test_no_sentence_is_taken_from_the_research_notes() -> None:
    notes = {run for file in FACTS for line in file.read_text(encoding="utf-8").splitlines() for run in runs(line)}

    taken = [(entry.id, path, " ".join(run)) for entry in ENTRIES for path, text in texts(entry)
             for run in runs(text) & notes]  # fmt: skip

    assert taken == []


CATALOGUE = REPOSITORY.parent / "shared" / "catalogue.md"


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue (../shared/catalogue.md) is not at hand")
def test_every_id_of_the_catalogue_has_an_entry() -> None:
    named = re.findall(r"^- `([^`]+)`|`(checkpoint/[a-z0-9-]+)`", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)

    assert {one or other for one, other in named} - set(LOADED.library.entries) == set()


DEV = REPOSITORY.parent / "shared" / "questions-dev.jsonl"


@pytest.mark.skipif(not DEV.exists(), reason="the development questions (../shared) are not at hand")
def test_no_question_is_copied_from_the_development_questions() -> None:
    asked = {json.loads(line)["q"].casefold().strip() for line in DEV.read_text(encoding="utf-8").splitlines()}

    copied = [q for entry in ENTRIES for q in entry.questions if q.casefold().strip() in asked and len(q.split()) > 3]

    assert copied == []


STALE_BELIEFS = {
    "platform/paas": "PaaS",
    "platform/verify": "Verify",
    "platform/registers": "Registers",
    "platform/one-login": "One Login",
    "org/mhclg": "DLUHC",
    "org/ccs": "Crown Commercial Service",
    "local-standard": "mandatory",
    "guide/spend-controls": "spend controls",
}


@pytest.mark.parametrize(("entry_id", "word"), STALE_BELIEFS.items())
def test_a_stale_belief_has_its_correction(entry_id: str, word: str) -> None:
    said = [line for belief in LOADED.library[entry_id].beliefs for line in belief.said]

    assert any(word.casefold() in line.casefold() for line in said), said
