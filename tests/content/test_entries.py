"""Every entry keeps the rules that a reader relies on."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import textstat

from bot.knowledge.checking import MOST_SUMMARY_WORDS, PART_OF_KIND, check, figures, texts
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


POINTS = ("service-standard", "local-standard", "technology-code")
OF_A_POINT = ("asks", "evidence.alpha", "evidence.beta", "evidence.live", "found_wanting", "maps_to", "by_route")
PARTS = {
    **dict.fromkeys(POINTS, OF_A_POINT),
    "platform": ("status", "councils", "audience", "cost", "start", "not_when"),
    "case": ("organisations", "years", "problem", "did", "outcome", "went_wrong", "service_areas", "illustrates"),
    "org": ("role", "ask", "former_names"),
    "guide": ("help", "mistakes", "law"),
    "checkpoint": ("falls", "decides", "prompts"),
}
"""What an entry of a kind must say; a guide without ``law`` says in ``binds`` that no law does."""
WITHOUT = {
    ("service-standard/02", "maps_to"): "no point of the two other lists matches; its body says so",
    ("technology-code/12", "maps_to"): "no point of the two service standards matches; its body says so",
    ("platform/govuk-chat", "start"): "nothing is offered to councils",
    ("platform/london-datastore", "start"): "no page was read that gives the address of the Library itself",
    ("platform/paas", "start"): "closed",
    ("platform/registers", "start"): "closed",
    ("platform/verify", "start"): "closed",
    ("org/gla", "former_names"): "it has had one name",
    ("org/lga", "former_names"): "it has had one name",
    ("org/localgov-digital", "former_names"): "it has had one name",
    ("org/loti", "former_names"): "it has had one name",
    ("org/ncsc", "former_names"): "it has had one name",
}
"""(entry, part) that is rightly missing, and why."""
UNBOUND = re.compile(r"\b(no law|nothing|voluntary|Councils are outside|their own choice)\b", re.IGNORECASE)
FIGURE = re.compile(r"\d|\b(?:hundreds|thousands|no figure)\b", re.IGNORECASE)


def missing_parts(entry: Entry) -> list[str]:
    """The parts of its kind that *entry* does not have; an overview of a standard has none to have."""
    held: dict[str, Any] = entry.model_dump()
    part = held[PART_OF_KIND[entry.kind]]
    missing = []
    for name in PARTS[entry.kind] if part else ():
        value: Any = held if name in held else part
        for step in name.split("."):
            value = value[step]
        unbound = name == "law" and UNBOUND.search(entry.binds or "")
        if not value and not unbound:
            missing.append(name)
    return missing


@each_entry
def test_an_entry_has_every_part_of_its_kind(entry: Entry) -> None:
    assert [name for name in missing_parts(entry) if (entry.id, name) not in WITHOUT] == []


def test_no_exception_has_outlived_its_reason() -> None:
    assert {(entry.id, name) for entry in ENTRIES for name in missing_parts(entry)} == set(WITHOUT)


@each_entry
def test_what_came_of_a_case_has_its_figure_or_says_that_there_is_none(entry: Entry) -> None:
    if entry.case is not None:
        assert FIGURE.search(entry.case.outcome)


@each_entry
def test_a_price_is_told_with_its_year(entry: Entry) -> None:
    if entry.platform is not None and (figures(entry.platform.cost) or "£" in entry.platform.cost):
        assert re.search(r"\b20\d\d\b", entry.platform.cost)


@each_entry
def test_a_point_that_matches_another_is_matched_by_it(entry: Entry) -> None:
    if entry.standard_point is not None:
        for other in entry.standard_point.maps_to:
            point = LOADED.library[other].standard_point
            back = point.maps_to if point else LOADED.library[other].related
            assert entry.id in back, other


MONTHS = {"platform": 6, "case": 24}
HISTORY = {"org/cddo": "abolished: what it was does not change"}
"""Entries of another kind that tell only what was, and may stand as long as a case."""
BIT_MORE = 3


@each_entry
def test_an_entry_comes_up_for_review_as_fast_as_its_kind_goes_stale(entry: Entry) -> None:
    """Prices and eligibility 6 months, law and guidance 12, history 24; a closed platform is history."""
    closed = entry.id in HISTORY or (entry.platform is not None and entry.platform.status == "closed")
    months = MONTHS["case"] if closed else MONTHS.get(entry.kind, 12)
    newest = max(source.checked for source in entry.sources)

    assert entry.review_by is not None
    assert entry.review_by <= newest + dt.timedelta(days=months * 30.5 + BIT_MORE)


HTTP_ONLY = {
    "vip.co.uk": "the supplier's page was found without https alone",
}
"""Publishers whose page is not known with https, each with the reason."""


def test_every_source_is_https_where_the_publisher_has_it() -> None:
    cited = [(entry.id, source.url) for entry in ENTRIES for source in entry.sources]
    cited += [(entry.id, fact.source) for entry in ENTRIES for fact in entry.facts]
    plain = {(one, url) for one, url in cited if urlsplit(url).scheme != "https"}
    hosts = {urlsplit(url).hostname for _, url in plain}

    assert {(one, url) for one, url in plain if urlsplit(url).hostname not in HTTP_ONLY} == set()
    assert hosts >= set(HTTP_ONLY), "an exception that nobody needs: take it out"


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

    stated = [(entry.id, path, text) for entry in ENTRIES for path, text in texts(entry)]
    stated += [(entry.id, ("facts", at), one.fact) for entry in ENTRIES for at, one in enumerate(entry.facts)]
    taken = [(one, path, " ".join(run)) for one, path, text in stated for run in runs(text) & notes]

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
