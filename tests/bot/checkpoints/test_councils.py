"""The list of councils, as the form of a service uses it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.councils import COUNCILS_FILE, council_names, find_councils, load_councils

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
COUNCILS = load_councils(KNOWLEDGE)


def test_every_council_of_the_list_is_there() -> None:
    nations = Counter(council.nation for council in COUNCILS.values())

    assert nations == {"england": 332, "scotland": 32, "wales": 22, "northern_ireland": 11}


@pytest.mark.parametrize(
    ("code", "tier", "nation", "region"),
    [
        ("CMD", "london_borough", "england", "London"),
        ("WSX", "county", "england", "South East"),
        ("ADU", "district", "england", "South East"),
        ("WGN", "metropolitan", "england", "North West"),
        ("WRX", "unitary", "wales", "Wales"),
        ("ABE", "unitary", "scotland", "Scotland"),
        ("WMCA", "combined_authority", "england", "West Midlands"),
    ],
)
def test_tier_nation_and_region_follow_from_the_code(code: str, tier: str, nation: str, region: str) -> None:
    council = COUNCILS[code]

    assert (council.tier, council.nation, council.region) == (tier, nation, region)


def test_the_file_names_its_source_and_licence() -> None:
    head = (KNOWLEDGE / COUNCILS_FILE).read_text(encoding="utf-8")[:700]

    assert "mySociety" in head
    assert "Creative Commons Attribution 4.0" in head


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("camden", "London Borough of Camden"),
        ("york", "City of York Council"),
        ("sussex west", "West Sussex County Council"),
    ],
)
def test_a_council_is_found_by_what_people_type(typed: str, first: str) -> None:
    assert find_councils(COUNCILS, typed)[0].name == first


def test_no_more_are_found_than_a_menu_shows() -> None:
    assert len(find_councils(COUNCILS, "")) == 100
    assert find_councils(COUNCILS, "atlantis") == []


def test_a_name_or_a_code_leads_to_the_code() -> None:
    assert council_names(COUNCILS)["London Borough of Camden"] == council_names(COUNCILS)["CMD"] == "CMD"


@pytest.mark.parametrize("text", ["councils: []", "councils: [{code: x}]", "councils: [", "- a"])
def test_a_broken_list_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / COUNCILS_FILE).write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeError) as caught:
        load_councils(tmp_path)

    assert caught.value.faults


def test_a_missing_list_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load_councils(tmp_path)
