"""Every way in which a knowledge folder can be broken is named with its file and line."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.errors import InputError, KnowledgeError
from bot.knowledge.checking import check
from bot.knowledge.loading import load
from bot.knowledge.question_sets import read_yaml
from bot.knowledge.schema import json_schema
from bot.knowledge.skeleton import new_entry
from bot.knowledge.yaml_nodes import read_document

TODAY = dt.date(2026, 11, 23)

QUESTIONS = "\n".join(f"  - question number {letter} about texting" for letter in "abcdefghijklmno")

GOOD = f"""\
title: Texting
aliases: [texting]
questions:
{QUESTIONS}
summary: Use the shared texting product.
guide:
  mistakes: [Buying alone]
sources:
  - {{title: A page, url: "https://www.gov.uk/page", checked: 2026-11-20}}
review_by: 2027-11-20
related: []
"""


def _changed(*lines: str) -> str:
    return GOOD + "changes:\n" + "".join(f"  - {line}\n" for line in lines)


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        file = tmp_path / "guide" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path) -> list[str]:
    return [str(fault).removeprefix(f"{folder}/") for fault in check(load(folder), today=TODAY)]


def test_a_good_folder_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(folder_with(tmp_path, texting=GOOD)) == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (GOOD.replace("title: Texting", "title: Texting\ntitle: Again"), ":2: the key 'title' stands twice"),
        (GOOD.replace("summary:", "sumary: x\nsummary:"), ":19: unknown field 'sumary'"),
        (GOOD.replace('sources:\n  - {title: A page, url: "https://www.gov.uk/page", checked: 2026-11-20}\n', ""),
         ":1: no source"),
        (GOOD.replace("related: []", "related: [guide/nowhere]"), ":25: related: there is no entry 'guide/nowhere'"),
        (GOOD.replace("related: []", "related: [guide/texting]"), ":25: related: the entry names itself"),
        (GOOD.replace("review_by: 2027", "review_by: 2026"), ":24: warning: the review date 2026-11-20 is past"),
        (GOOD.replace("review_by: 2027-11-20\n", ""), ":1: no review date"),
        (GOOD.replace("summary: Use", "summary: It costs £5. Use"), ":19: the figure 5 in 'summary' has no line"),
        (GOOD.replace("product.", "product. " + "word " * 60), ":19: the summary has 65 words"),
        (GOOD.replace("  - question number o about texting\n", ""), ":3: 14 questions"),
        (GOOD.replace("guide:\n  mistakes: [Buying alone]\n", ""), ":1: a guide needs the field 'guide'"),
        (GOOD.replace("https://www.gov.uk/page", "see the page"), ":23: sources.0.url: write the whole address"),
        (GOOD.replace("checked: 2026-11-20", "checked: soon"), ":23: sources.0.checked: write the date as 2026-11-20"),
        (GOOD.replace("question number b about", "question number a about"), ":5: the question"),
        (GOOD.replace("title: Texting", "title: [Texting"), "not valid YAML"),
        (GOOD.replace("title: Texting", "title: !!python/object:os.system x"), "the tag"),
        (GOOD.replace("aliases: [texting]", "aliases: &a [texting]\ntags: *a"), "an alias (*name) is not allowed"),
        (_changed("{on: 2026-11-20, material: true}"), ":27: the field 'changes.0.what' is missing: add it"),
        (_changed("{on: soon, what: New}"), ":27: changes.0.on: write the date as 2026-11-20, not 'soon'"),
        (_changed("{on: 2026-11-24, what: New}"), ":27: changes.0: 2026-11-24 is in the future"),
        (_changed("{on: 2026-11-20, what: New}", "{on: 2026-11-19, what: Old}"),
         ":28: changes.1: 2026-11-19 stands below a later day"),
        (_changed("{on: 2026-11-20, what: New}", "{on: 2026-11-20, what: New}"), ":28: changes.1: the same change"),
        (_changed("{on: 2026-11-20, material: true, what: " + "word " * 50 + "}"), ":27: changes.0: people are told"),
        ("", ":1: the file is empty"),
        ("just text", "the file must hold one entry"),
        ("- title: no id\n  summary: x\n", "an entry in a list needs an 'id'"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, broken: str, said: str) -> None:
    faults = faults_of(folder_with(tmp_path, texting=broken, other=_other()))

    assert any(fault.startswith("guide/texting.yaml") and said in fault for fault in faults), faults


def _other() -> str:
    return GOOD.replace("texting", "posting").replace("Texting", "Posting")


def test_a_change_of_today_and_several_of_a_day_are_no_fault(tmp_path: Path) -> None:
    changed = _changed("{on: 2026-11-23, what: New}", "{on: 2026-11-23, what: Newer, material: true}")

    assert faults_of(folder_with(tmp_path, texting=changed)) == []


def test_two_entries_that_share_a_question_are_both_named(tmp_path: Path) -> None:
    shared = _other().replace("question number a about posting", "Question number A, about texting?")

    faults = faults_of(folder_with(tmp_path, posting=shared, texting=GOOD))

    assert len(faults) == 1
    assert "guide/texting.yaml:4: the question" in faults[0]
    assert "guide/posting.yaml:4" in faults[0]


def test_a_belief_has_a_short_first_wording_and_shares_neither_that_nor_a_name(tmp_path: Path) -> None:
    beliefs = "beliefs:\n  - said: [{}]\n    correction: Not so.\n    names: [{}]\n"
    one = GOOD + beliefs.format("Texts are free", "Text Desk")
    other = _other() + beliefs.format("texts are free!", "text desk")
    long = _other() + beliefs.format("so we thought that every text we send to residents costs us nothing at all", "b")

    shared = faults_of(folder_with(tmp_path, posting=other, texting=one))

    assert len(shared) == 2
    assert "guide/texting.yaml:27: beliefs.0: the first wording 'Texts are free' is that of" in shared[0]
    assert "the old name 'Text Desk' is that of" in shared[1]
    assert [fault.split(": ", 1)[1] for fault in faults_of(folder_with(tmp_path, posting=long, texting=one))] == [
        "beliefs.0: the first wording is quoted to people and has 15 words: put one of at most 12 first."
    ]


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("title: Texting", "titel: Texting").replace("related: []", "related: [guide/nowhere]")

    faults = faults_of(folder_with(tmp_path, texting=broken, other=_other()))

    assert len(faults) == 2
    assert "unknown field 'titel'" in " ".join(faults)
    assert "'title' is missing" in " ".join(faults)


def test_a_fault_in_one_file_does_not_cost_the_others(tmp_path: Path) -> None:
    loaded = load(folder_with(tmp_path, texting="title: [", other=_other()))

    assert list(loaded.library.entries) == ["guide/other"]


def test_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, texting=GOOD)
    (folder / "guide" / "latin.yaml").write_bytes(b"title: caf\xe9\n")

    assert "guide/latin.yaml:1: not UTF-8 text" in " ".join(faults_of(folder))


def test_words_that_yaml_would_turn_into_values_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("- {id: a, title: 05, answer: 'yes', questions: [no, on, 1.10]}\n", encoding="utf-8")

    entry = load(file).library["a"]

    assert entry.title == "05"
    assert entry.questions == ("no", "on", "1.10")


def test_another_collection_needs_only_id_title_questions_and_answer(tmp_path: Path) -> None:
    file = tmp_path / "theirs.yaml"
    file.write_text("- {id: card_lost?, title: Lost card, questions: [i lost my card], answer: Freeze it.}\n")

    assert load(tmp_path).library["card_lost?"].summary == "Freeze it."


@pytest.mark.parametrize(
    ("fields", "valid"),
    [({"summary": "Freeze it."}, True), ({"answer": "Freeze it."}, True), ({}, False),
     ({"summary": "Freeze it.", "answer": "Freeze it."}, False), ({"answer": ""}, False)],
)  # fmt: skip
def test_the_schema_takes_answer_for_summary_as_the_loader_does(fields: dict[str, str], valid: bool) -> None:
    schema = Draft202012Validator(json_schema())

    assert schema.is_valid({"title": "Lost card", **fields}) is valid
    assert schema.is_valid([{"id": "card", "title": "Lost card", **fields}]) is valid


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="there is no such knowledge folder"):
        load(tmp_path / "nowhere")


def test_a_folder_without_a_usable_entry_says_so_and_why(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="not one usable entry") as caught:
        load(folder_with(tmp_path, texting="title: only\n"))

    assert "'summary' is missing" in str(caught.value.faults[0])


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for folder, names in ((first, ("a", "b")), (second, ("b", "a"))):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.yaml").write_text(f"title: {name}\nsummary: {name}\n", encoding="utf-8")

    assert list(load(first).library.entries) == list(load(second).library.entries)
    assert load(first).library.version == load(second).library.version


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a: " + "[" * 100_000, ":1: nested more than 20 levels deep"),
        ("- " * 100_000 + "x", ":1: nested more than 20 levels deep"),
        ("- {id: two words, title: T, answer: A}\n", ":1: id: 'two words' is no id: write it without spaces"),
        ("- {id: a, title: T, answer: A, questions: one}\n", ":1: questions: write a list"),
        ("- {id: a, title: T, answer: A, questions: ['']}\n", ":1: questions.0: nothing is written here"),
        ("title: T\nsummary: S\n---\ntitle: U\n", ":3: not valid YAML"),
        ("- {id: a, title: WRITE the title, answer: A}\n", ":1: title: 'WRITE the title' is a note of the skeleton"),
    ],
)
def test_what_would_crash_or_confuse_is_a_fault_in_plain_words(tmp_path: Path, written: str, said: str) -> None:
    faults = faults_of(folder_with(tmp_path, texting=written, other=_other()))

    assert any(fault.startswith("guide/texting.yaml") and said in fault for fault in faults), faults


def test_twenty_levels_are_not_too_deep() -> None:
    assert read_document("[" * 20 + "x" + "]" * 20).faults == []


def test_a_file_whose_name_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.yaml")).write_text("title: T\nsummary: S\n")

    with pytest.raises(KnowledgeError, match="the file's name is not UTF-8: rename it"):
        load(tmp_path)


@pytest.mark.parametrize("taken", ["weather", "guide/texting"])
def test_a_decline_topic_has_an_id_of_its_own(tmp_path: Path, taken: str) -> None:
    folder = folder_with(tmp_path, texting=GOOD)
    topic = "reason: chat, title: T, reply: R, questions: [hello]"
    (folder / "declines.yaml").write_text(f"topics:\n  - {{id: weather, {topic}}}\n  - {{id: {taken}, {topic}}}\n")

    assert faults_of(folder) == [f"declines.yaml:3: the id {taken!r} is taken: choose another."]


def test_a_folder_in_which_nothing_can_be_used_lists_why(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(folder_with(tmp_path, texting="title: only\n"))

    assert "guide/texting.yaml:1: the field 'summary' is missing" in str(caught.value)


@pytest.mark.parametrize("name", ["x" * 5_000, "file.yaml/below"])
def test_a_folder_that_cannot_be_there_is_one_clear_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.yaml").write_text("")

    with pytest.raises(KnowledgeError, match="there is no such knowledge folder"):
        load(tmp_path / name)


def test_a_suffix_in_capitals_and_a_loop_of_links_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "CARD.YAML").write_text("title: Card\nsummary: Freeze it.\n")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert list(load(tmp_path).library.entries) == ["CARD"]


def test_a_kind_that_is_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "guide").write_text("")

    with pytest.raises(InputError, match="guide is a file where a folder should be"):
        new_entry(tmp_path, "guide", "bins", today=TODAY)


@pytest.mark.parametrize(
    ("kind", "months"), [("platform", 6), ("guide", 12), ("org", 12), ("checkpoint", 12), ("case", 24)]
)
def test_a_new_entry_has_no_fault_but_what_is_still_to_be_written(tmp_path: Path, kind: str, months: int) -> None:
    new_entry(tmp_path, kind, "bins", today=TODAY)

    loaded = load(tmp_path)
    faults = [fault.text for fault in check(loaded, today=TODAY)]
    expected = ("is a note of the skeleton", "questions: write at least", "there is no entry 'service-standard'")
    rest = [text for text in faults if not any(part in text for part in expected)]
    review_by = loaded.library[f"{kind}/bins"].review_by
    assert rest == []
    assert review_by is not None
    assert round((review_by - TODAY).days / 30.4) == months


def test_a_name_is_looked_at_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no name for an entry"):
        new_entry(tmp_path, "guide", "bins\n", today=TODAY)


def test_a_question_set_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "set.yaml").write_bytes(b"caf\xe9")

    with pytest.raises(InputError, match="not UTF-8 text"):
        read_yaml(tmp_path / "set.yaml")
