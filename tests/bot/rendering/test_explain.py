"""Why this answer, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.knowledge.entry import Belief
from bot.matching.lexicon import Reading
from bot.matching.matches import RestsOn
from bot.matching.names import Rule
from bot.rendering.explain import RULES, why_text, why_view
from tests.bot.rendering.build import faults, library_of, make_entry, make_explanation, shown

LIBRARY = library_of(make_entry(), make_entry("guide/forms", title="Forms"))
READING = Reading(("received", "text"), (("recieved", "received"),), (("messages", ("text",)),))


def test_the_view_says_what_led_to_the_answer_and_what_came_next() -> None:
    made = why_view(make_explanation("guide/cloud", "guide/forms", reading=READING), LIBRARY)

    assert faults(made) == []
    for part in (
        "*What was found*\nCloud",
        '*Words that spoke for it*\n"text".',
        '"recieved" read as "received"',
        "*Ideas recognised*\nmessages",
        'Forms, close behind (a lead of 0.7). Words that spoke for it: "residents".',
    ):
        assert part in shown(made)


def test_confidence_is_a_number_in_the_terminal_only() -> None:
    explanation = make_explanation("guide/cloud", "guide/forms")

    assert "Sure: 0.43" in why_text(explanation)
    assert "0.43" not in shown(why_view(explanation, LIBRARY))


@pytest.mark.parametrize("rule", list(RULES))
def test_the_rule_is_said_in_words(rule: Rule) -> None:
    assert RULES[rule] in why_text(make_explanation("guide/cloud", "guide/forms", rule=rule))


def test_what_was_named_is_not_measured_against_the_next() -> None:
    assert "guide/forms. It was not what was named." in why_text(
        make_explanation("guide/cloud", "guide/forms", rule="alias")
    )


def test_nothing_near_is_said_so() -> None:
    assert "Nothing in the question was near" in shown(why_view(make_explanation(), LIBRARY))
    assert "Nothing in the question was near" in why_text(make_explanation())


def test_words_of_the_asker_are_escaped() -> None:
    reading = Reading(("<!channel>",), (("<!here>", "<@U1>"),))

    text = shown(why_view(make_explanation("guide/cloud", reading=reading), LIBRARY))

    assert "<" not in text


def test_what_the_question_may_take_for_granted_is_named() -> None:
    banned = Belief(said=("Cloud is <banned>",), correction="It is allowed.")
    library = library_of(make_entry(beliefs=[banned.model_dump()]))
    explained = make_explanation("guide/cloud")
    resting = (RestsOn("guide/cloud", 0, 1.0, "G-Cloud 1"), RestsOn("guide/cloud", 0, 0.6), RestsOn("x/gone", 1, 0.01))
    explained = replace(explained, matches=replace(explained.matches, rests_on=resting))

    for made in (shown(why_view(explained, library)), why_text(explained, library)):
        assert "What it may take for granted" in made
        assert "“G-Cloud 1” is out of date (Cloud); " in made
        assert "x/gone" not in made
    assert "“Cloud is &lt;banned&gt;”, which is not so (Cloud)" in shown(why_view(explained, library))
    assert "“Cloud is <banned>”, which is not so (Cloud, 0.60)" in why_text(explained, library)
    assert "belief 1 (guide/cloud, 0.60)" in why_text(explained)
