"""The frozen copy of a template, which prompts apply, and their wording by route."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import ROUTES
from bot.checkpoints.templates import (
    RouteText,
    applies,
    freeze,
    from_data,
    prompts_for,
    skipped_for,
    to_data,
    wording,
)
from bot.knowledge.entry import Entry
from bot.knowledge.loading import load
from tests.bot.checkpoints.build import TODAY, make_prompt, make_service, make_template

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
ENTRIES = [entry for entry in load(KNOWLEDGE / "checkpoint").library.entries.values() if entry.template]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_template_survives_being_written_and_read(entry: Entry) -> None:
    frozen = freeze(entry, knowledge_version="abc", today=TODAY)

    assert from_data(json.loads(json.dumps(to_data(frozen)))) == frozen
    assert len(frozen.prompts) == len(entry.template.prompts if entry.template else ())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_prompt_reads_well_on_every_route(entry: Entry) -> None:
    for prompt in freeze(entry, knowledge_version="abc", today=TODAY).prompts:
        for route in ROUTES:
            read = wording(prompt, route)

            assert read.question
            assert read.common == (read.own == RouteText()) == bool(read.remark)


def test_an_entry_without_template_is_refused() -> None:
    entry = Entry(id="guide/alpha", title="Alpha", summary="Alpha is a phase.")

    with pytest.raises(Refused, match="is not a checkpoint"):
        freeze(entry, knowledge_version="abc", today=TODAY)


def test_a_copy_of_an_older_version_is_still_read() -> None:
    data = {"id": "checkpoint/x", "prompts": [{"id": "a", "question": "A?", "unknown": 1}], "taken_on": "2026-01-01"}

    template = from_data(data)

    assert (template.title, template.prompts[0].help, template.prompts[0].points) == ("", "", ())


@pytest.mark.parametrize(
    ("only_if", "fields", "wanted"),
    [
        (None, {}, True),
        ("uses AI", {}, False),
        ("uses AI", {"facts": ("uses AI",)}, True),
        ("is bought", {"route": "bought"}, True),
        ("is bought", {"route": "built"}, False),
        ("is bought", {"route": "configured"}, False),
        ("a condition of the future", {}, False),
    ],
)
def test_a_prompt_applies_when_its_condition_is_met(only_if: str | None, fields: dict[str, str], wanted: bool) -> None:
    assert applies(make_prompt("a", only_if=only_if), make_service(**fields)) is wanted


def test_what_is_asked_and_what_is_skipped_are_the_whole() -> None:
    template = make_template(make_prompt("a"), make_prompt("b", only_if="uses AI"))

    assert [prompt.id for prompt in prompts_for(template, make_service())] == ["a"]
    assert [prompt.id for prompt in skipped_for(template, make_service())] == ["b"]


def test_the_wording_says_when_a_route_has_no_text_of_its_own() -> None:
    prompt = make_prompt("a", bought=RouteText(ask_supplier=("Who else?",)))

    assert wording(prompt, "bought").own.ask_supplier == ("Who else?",)
    assert wording(prompt, "built").remark == "Nothing special for a service that is built: the common text applies."
