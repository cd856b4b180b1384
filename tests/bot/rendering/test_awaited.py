"""The message to those who waited: inside Slack's limits, with nothing in it that pings anybody else."""

from __future__ import annotations

import datetime as dt

from bot.knowledge.library import Library
from bot.rendering.awaited import Found, answered_already, answered_message
from bot.rendering.limits import MESSAGE_TEXT
from tests.bot.rendering.build import make_answer, make_entry

ON = dt.date(2026, 11, 23)
LIBRARY = Library.of([])
PEOPLE = tuple(f"U0PERSON{number:02}" for number in range(40))


def test_what_somebody_typed_pings_nobody() -> None:
    found = Found("may <!channel> & <@U0OTHER001> fly", ON, make_answer(make_entry("guide/drones")))

    for message in (answered_message([found], LIBRARY, batch="b1"), answered_already(found, LIBRARY)):
        assert "<!channel>" not in message.text
        assert "<@U0OTHER001>" not in message.text


def test_seven_comparisons_for_forty_people_stay_inside_slacks_limits() -> None:
    both = make_answer(make_entry("guide/drones"), make_entry("guide/kites"))
    found = [Found("<&>" * 500, ON, both, PEOPLE) for _ in range(7)]

    message = answered_message(found, LIBRARY, batch="b1")

    assert len(message.blocks) <= 50
    assert len(message.text) < MESSAGE_TEXT
    assert message.metadata is not None


def test_of_many_fifteen_are_named_and_the_others_counted() -> None:
    found = Found("drones", ON, make_answer(make_entry("guide/drones")), PEOPLE)

    head = answered_message([found], LIBRARY, batch="b1").text.splitlines()[0]

    assert head.count("<@") == 15
    assert " and 25 more: there is an answer now." in head
