"""Lists to browse, a page at a time."""

from __future__ import annotations

import pytest

from bot.rendering.browse import kinds_message, list_message, list_view, of_kind
from bot.rendering.words import KINDS
from tests.bot.rendering.build import all_buttons, faults, library_of, make_entry, make_platform, shown

ENTRIES = [make_entry(f"guide/g{at:02}", title=f"Guide {at}") for at in range(1, 24)]
CASE = make_entry(
    "case/x",
    case={"organisations": ["Hull"], "years": "2020", "verdict": "failed", "problem": "p", "did": "d", "outcome": "o"},
)


def test_every_kind_can_be_browsed() -> None:
    made = kinds_message()

    assert [button["value"] for button in all_buttons(made.blocks)] == list(KINDS)
    assert faults(made) == []


def test_a_page_has_ten_entries_numbered_through() -> None:
    made = list_message("guide", ENTRIES, page=2)

    shows = [button for button in all_buttons(made.blocks) if button["action_id"].startswith("ask_entry")]
    assert [button["action_id"] for button in shows] == [f"ask_entry:{at}" for at in range(1, 11)]
    assert shows[0]["text"]["text"] == "Show 11"
    assert shows[0]["accessibility_label"] == "Show 11: Guide 11"
    assert made.text.startswith(
        "Guides, page 2 of 3.\n11. Guide 11. Use public cloud first, bought through a framework."
    )


@pytest.mark.parametrize(
    ("page", "turns"),
    [(1, ["guide|2|a|b"]), (2, ["guide|1|a|b", "guide|3|a|b"]), (3, ["guide|2|a|b"]), (99, ["guide|2|a|b"])],
)
def test_pages_can_be_turned_where_there_are_more(page: int, turns: list[str]) -> None:
    made = list_message("guide", ENTRIES, page=page, query="a|b")

    assert [button["value"] for button in all_buttons(made.blocks) if button["action_id"] == "page"] == turns
    assert faults(made) == []


def test_a_platform_is_listed_with_its_status_in_words() -> None:
    made = list_message("platform", [make_platform(), make_platform("platform/verify", status="closed", councils="no")])

    assert "*1. Notify*\nLive. Councils may use it. Use public cloud first, bought through a framework." in shown(made)
    assert "*2. Verify*\nClosed. Use public cloud first, bought through a framework." in shown(made)


def test_a_case_is_listed_with_its_verdict_and_who_it_was() -> None:
    assert "It failed: Hull, 2020." in shown(list_message("case", [CASE]))


def test_an_empty_list_says_what_to_do() -> None:
    made = list_message("case", [], query="<!channel>")

    assert made.text.startswith("Case studies with “&lt;!channel&gt;”: nothing found.")


def test_a_list_in_a_modal_is_the_same_list() -> None:
    made = list_view("guide", ENTRIES, page=3)

    assert made.title == "Guides"
    assert "*21. Guide 21*" in shown(made)
    assert faults(made) == []


def test_long_words_fit() -> None:
    made = list_message("guide", [make_entry(title="word " * 900, summary="word " * 900)] * 10, query="q" * 5000)

    assert faults(made) == []


def test_points_stand_in_their_order_and_the_rest_by_title() -> None:
    point = make_entry("service-standard/01", title="Z", standard_point={"number": 1})
    overview = make_entry("service-standard", title="Overview")
    library = library_of(point, overview, make_entry("guide/a", title="B"), make_entry("guide/b", title="a"))

    assert of_kind(library, "service-standard") == (overview, point)
    assert [entry.title for entry in of_kind(library, "guide")] == ["a", "B"]
