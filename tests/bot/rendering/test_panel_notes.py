"""What a panel noted, with the point it is about: the newest first, nothing lost in silence, nothing to ping with."""

from __future__ import annotations

import datetime as dt
import json

from bot.checkpoints.panel_notes import PanelNote, by_point
from bot.rendering.checkpoint_sign import sign_view
from bot.rendering.checkpoint_words import panel_lines
from tests.bot.checkpoints.build import make_checkpoint, make_prompt, make_service, make_template

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def make_note(words: str = "Ask more users", prompt_id: str = "a", days: int = 0) -> PanelNote:
    """A note of somebody on the panel."""
    return PanelNote("c1", prompt_id, "U0TOM00001", NOON + dt.timedelta(days=days), words)


def test_the_newest_come_first_and_older_ones_are_counted() -> None:
    lines = panel_lines([make_note(f"Note {number}", days=number) for number in range(5)]).splitlines()

    assert [line.rpartition(": ")[2] for line in lines[:3]] == ["Note 4", "Note 3", "Note 2"]
    assert lines[3] == "2 earlier notes of the panel: in the channel of the service."


def test_a_note_is_one_line_that_can_ping_nobody() -> None:
    assert panel_lines([make_note("Ask\n<!channel>")]) == (
        "Panel, <@U0TOM00001> on 23 November 2026: Ask &lt;!channel&gt;"
    )


def test_a_point_without_an_answer_shows_its_note_to_whoever_signs() -> None:
    checkpoint = make_checkpoint(make_template(make_prompt("a")))

    shown = json.dumps(sign_view(checkpoint, make_service(), {}, (), by_point([make_note()])).payload())

    assert "Not answered.\\nPanel, <@U0TOM00001>" in shown


def test_a_note_on_a_point_that_is_not_asked_any_more_is_not_lost() -> None:
    checkpoint = make_checkpoint(make_template(make_prompt("a")))

    shown = json.dumps(sign_view(checkpoint, make_service(), {}, (), by_point([make_note(prompt_id="gone")])).payload())

    assert "On points that are not asked any more:\\nPanel" in shown


def test_a_form_full_of_long_notes_stays_inside_slacks_limits() -> None:
    prompts = [make_prompt(f"p{number}") for number in range(40)]
    notes = [make_note("<&>" * 1000, prompt_id=one.id) for one in prompts for _ in range(4)]

    sign_view(
        make_checkpoint(make_template(*prompts)), make_service(), {}, (), by_point(notes)
    )  # raises where it is not
