"""The whole of an entry in a modal, for each kind."""

from __future__ import annotations

from typing import Any

import pytest

from bot.knowledge.entry import Entry
from bot.rendering.entry import entry_view
from bot.rendering.entry_parts import point_name
from tests.bot.rendering.build import buttons, faults, library_of, make_entry, make_platform, shown

OTHER = make_entry("guide/hosting", title="Hosting")
POINT = make_entry(
    "service-standard/05",
    title="Service Standard point 5: everyone",
    standard_point={
        "number": 5,
        "asks": ["Leave nobody out."],
        "evidence": {"alpha": ["A plan."]},
        "found_wanting": ["Audit too late."],
        "maps_to": ["guide/hosting"],
    },
)
CASE = make_entry(
    "case/x",
    case={
        "organisations": ["A", "B & C"],
        "years": "2020 to 2024",
        "verdict": "too early",
        "problem": "Old.",
        "did": "New.",
        "outcome": "Open.",
        "went_wrong": "Late.",
        "lessons": ["Early."],
        "service_areas": ["housing"],
        "illustrates": ["service-standard/05"],
    },
)
ORG = make_entry("org/x", org={"role": "It helps.", "former_names": ["Old name"], "ask": ["Ask for advice."]})
GUIDE = make_entry("guide/x", guide={"law": ["The Act."], "help": ["The LGA."], "mistakes": ["Haste."]})
TEMPLATE = make_entry(
    "checkpoint/x",
    template={
        "falls": "At the end.",
        "decides": "The sponsor.",
        "prompts": [
            {
                "id": "one",
                "question": "Is it safe?",
                "evidence": "A test.",
                "link_required": True,
                "points": ["service-standard/05"],
                "help": "guide/hosting",
                "only_if": "is bought",
                "by_route": {"bought": {"ask_supplier": ["Who?"], "look_for_in_contract": ["We."]}},
            }
        ],
    },
)
PLATFORM = make_platform(start="https://start.example", not_when=["You need post."], successor="guide/hosting")
ENTRIES = (OTHER, POINT, CASE, ORG, GUIDE, TEMPLATE, PLATFORM)
LIBRARY = library_of(*ENTRIES)


@pytest.mark.parametrize(
    ("entry", "parts"),
    [
        (POINT, ["*What it asks*\n• Leave nobody out.", "*Evidence at alpha*\n• A plan."]),
        (POINT, ["*Why teams are found wanting*\n• Audit too late.", "*Maps to*\n• Hosting"]),
        (CASE, ["*Who and when*\nA, B &amp; C, 2020 to 2024", "*Verdict*\nToo early to tell.", "*The problem*\nOld."]),
        (
            CASE,
            ["*What they did*\nNew.", "*What came of it*\nOpen.", "*What went wrong*\nLate.", "*Lessons*\n• Early."],
        ),
        (CASE, ["*Service areas*\nhousing", "*Illustrates*\nService Standard point 5"]),
        (ORG, ["*What it does*\nIt helps.", "*Former names*\n• Old name", "*Ask of it*\n• Ask for advice."]),
        (GUIDE, ["*What the law says*\n• The Act.", "*Who helps*\n• The LGA.", "*What usually goes wrong*\n• Haste."]),
        (TEMPLATE, ["*When it falls*\nAt the end.", "*Who decides*\nThe sponsor.", "*1. Is it safe?*\nOnly where the"]),
        (TEMPLATE, ["service is bought.\nEvidence: A test. A link is required.", "ask the supplier: Who?"]),
        (TEMPLATE, ["Points: Service Standard point 5\nHelp: Hosting"]),
        (PLATFORM, ["*Status*\nLive. Councils may use it.", "*Where to start*\n<https://start.example|"]),
        (
            PLATFORM,
            ["*What it costs*\nEmail is free.", "*When not to use it*\n• You need post.", "*Successor*\nHosting"],
        ),
    ],
)
def test_each_kind_shows_its_own_parts(entry: Entry, parts: list[str]) -> None:
    text = shown(entry_view(entry, LIBRARY))

    assert [part for part in parts if part not in text] == []


def test_summary_body_and_sources_are_there_for_all() -> None:
    text = shown(entry_view(make_entry(body="**More.** Much more.", review_by="2027-05-01"), LIBRARY))

    assert "Use public cloud first, bought through a framework." in text
    assert "*More.* Much more." in text
    assert "• <https://www.gov.uk/cloud|Cloud guide>, checked 23 November 2026" in text
    assert "Due for review by 1 May 2027." in text


def test_routes_nations_tiers_and_duty_are_in_words() -> None:
    entry = make_entry(
        binds="Only by choice.",
        by_route={"built": "Build it.", "configured": "Set it."},
        by_nation={"northern_ireland": "Not here."},
        by_tier={"london_borough": "Through LOTI."},
        changes=[{"on": "2026-10-01", "what": "New price."}],
    )

    text = shown(entry_view(entry, LIBRARY))

    for part in (
        "*Who it binds*\nOnly by choice.",
        "*If you build*\nBuild it.",
        "*If you configure a shared product*\nSet it.",
        "• Northern Ireland: Not here.",
        "• A London borough: Through LOTI.",
        "• 1 October 2026: New price.",
    ):
        assert part in text


def test_no_word_on_routes_is_said_so() -> None:
    assert "Nothing noted by route: the common text applies." in shown(entry_view(OTHER, LIBRARY))


def test_a_point_says_where_nothing_is_noted_by_nation_or_kind_of_council() -> None:
    point = POINT.model_copy(update={"by_nation": {"wales": "Follow the Welsh standard."}})

    text = shown(entry_view(point, LIBRARY))

    assert "*By nation*\n• Wales: Follow the Welsh standard." in text
    assert "*By kind of council*\n• Nothing noted: the common text applies." in text
    assert "By nation" not in shown(entry_view(OTHER, LIBRARY))


def test_the_routes_of_a_checkpoint_stand_with_each_prompt() -> None:
    prompt = {"id": "two", "question": "Is it tried?", "evidence": "A note.", "help": "guide/hosting"}
    routed = {**prompt, "id": "one", "by_route": {"built": "Test it.", "configured": "Try the settings."}}
    entry = make_entry(
        "checkpoint/x", template={"falls": "At the end.", "decides": "Sam.", "prompts": [routed, prompt]}
    )

    text = shown(entry_view(entry, LIBRARY))

    assert "If built: Test it.\nIf configured: Try the settings." in text
    assert text.count("Nothing noted by route: the common text applies.") == 1
    assert "Built, bought or configured" not in text


def test_related_entries_open_in_the_same_modal() -> None:
    entry = make_entry(related=["guide/hosting", "org/x"])

    found = buttons(entry_view(entry, library_of(entry, *ENTRIES)))

    assert {name: button["value"] for name, button in found.items()} == {
        "view_entry:1": "guide/hosting",
        "view_entry:2": "org/x",
    }


def test_the_modal_knows_which_entry_it_shows() -> None:
    made = entry_view(POINT, LIBRARY)

    assert made.title == "Service Standard point…"
    assert made.private_metadata == "service-standard/05"


@pytest.mark.parametrize(
    "fields",
    [
        {"summary": "word " * 3000, "body": "A paragraph.\n\n" * 9000, "next_steps": ["step " * 900] * 9},
        {"by_nation": {"wales": "word " * 2000}, "guide": {"law": ["é " * 2000] * 60}},
        {"case": {**CASE.model_dump()["case"], "lessons": ["x " * 1400] * 300}},
    ],
)
def test_an_entry_of_any_length_fits(fields: dict[str, Any]) -> None:
    sources = [{"title": "word " * 100, "url": "https://x.example/" + "a" * 900, "checked": "2026-11-23"}] * 90

    made = entry_view(make_entry(title="long " * 100, sources=sources, **fields), LIBRARY)

    assert faults(made) == []
    assert "There is more in the file of guide/cloud." in shown(made)


def test_an_entry_that_just_fits_is_shown_whole() -> None:
    prompt = TEMPLATE.model_dump()["template"]["prompts"][0]
    for count in range(70, 100):
        prompts = [{**prompt, "id": f"p{at}"} for at in range(count)]
        made = entry_view(make_entry(template={"falls": "f", "decides": "d", "prompts": prompts}), LIBRARY)

        assert len(made.blocks) <= 100
        assert ("*By kind of council*" in shown(made)) is ("There is more" not in shown(made))


def test_a_point_is_named_in_short_and_a_missing_one_by_its_id() -> None:
    assert point_name("service-standard/05", LIBRARY) == "Service Standard point 5"
    assert point_name("gone/x", LIBRARY) == "gone/x"
