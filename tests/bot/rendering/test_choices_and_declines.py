"""Did you mean; and no answer, with what to do instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.reply import Choice, Correction, Decline
from bot.knowledge.entry import Belief
from bot.knowledge.vocabulary import DeclineReason, DeclineTopic
from bot.rendering.answers import render_reply
from bot.rendering.message import Message
from bot.rendering.steps import reply_outputs
from tests.bot.rendering.build import (
    buttons,
    faults,
    library_of,
    make_choice,
    make_decline,
    make_entry,
    make_platform,
    shown,
)

FORMS = make_entry("guide/forms", title="Forms", summary="Closed. Ask **less** than you think. Then less.")
CLOUD = make_entry()
NOTIFY = make_platform()
WRONG = Belief(said=("Texts are <free>",), correction="A text **costs** money.")


def render(reply: Choice | Decline) -> Message:
    return render_reply(reply, library_of(CLOUD, FORMS), answer_id="A1", private=True)


def test_a_choice_has_a_line_on_each_option_and_a_button_beside_it() -> None:
    made = render(make_choice(CLOUD, FORMS))

    assert made.blocks[1]["text"]["text"] == "*1. Cloud*\nUse public cloud first, bought through a framework."
    assert made.blocks[1]["accessory"]["action_id"] == "choose:1"
    assert made.blocks[1]["accessory"]["value"] == "A1|guide/cloud"
    assert made.blocks[1]["accessory"]["accessibility_label"] == "Choose 1: Cloud"
    assert buttons(made)["choose_none"]["value"] == "A1"


def test_a_choice_reads_well_as_text_alone() -> None:
    assert render(make_choice(CLOUD, FORMS)).text == (
        "Did you mean:\n"
        "1. Cloud. Use public cloud first, bought through a framework.\n"
        "2. Forms. Closed. Ask less than you think.\n"
        "Or none of these."
    )


def test_a_choice_corrects_what_the_question_takes_for_granted_all_the_same() -> None:
    old = Correction(NOTIFY, WRONG, old_name="Text Desk")
    maybe = Correction(CLOUD, WRONG, sure=False)

    made = render(replace(make_choice(CLOUD, FORMS), corrections=(old, maybe)))

    assert made.blocks[0]["text"]["text"] == (
        "*“Text Desk” is out of date.* A text *costs* money. From: Notify.\n"
        "*Often believed, but not so:* “Texts are &lt;free&gt;”. A text *costs* money."
    )
    handed_on = str(reply_outputs(replace(make_choice(CLOUD, FORMS), corrections=(old, maybe)))["answer"])
    assert handed_on.split("\n\n")[1] == "Often believed, but not so: “Texts are <free>”. A text costs money."
    assert made.text.startswith(
        "“Text Desk” is out of date. A text costs money. From: Notify.\n"
        "Often believed, but not so: “Texts are &lt;free&gt;”. A text costs money.\nDid you mean:\n1. Cloud."
    )
    assert faults(made) == []


@pytest.mark.parametrize("reason", ["outside", "no_entry", "person", "chat"])
def test_every_decline_says_something_and_offers_something(reason: DeclineReason) -> None:
    made = render(make_decline(reason=reason, nearest=(CLOUD,)))

    assert made.text
    assert buttons(made)
    assert faults(made) == []
    assert "sorry" not in made.text.casefold()


@pytest.mark.parametrize("reason", ["no_entry", "person"])
def test_the_nearest_topics_are_named_and_not_applied(reason: DeclineReason) -> None:
    made = render(make_decline(reason=reason, nearest=(CLOUD, FORMS)))

    assert "These are the nearest topics I do know: Cloud; Forms." in made.text
    assert "public cloud" not in made.text
    assert buttons(made)["ask_entry:2"]["value"] == "guide/forms"
    assert buttons(made)["pass_on"]["value"] == "A1"


@pytest.mark.parametrize("reason", ["outside", "chat"])
def test_who_is_outside_or_chats_gets_three_questions_to_try(reason: DeclineReason) -> None:
    made = render(make_decline(reason=reason))

    assert {"example:1", "example:2", "example:3"} == set(buttons(made))
    assert buttons(made)["example:1"]["value"] in made.text


def test_a_topic_speaks_in_its_own_words() -> None:
    topic = DeclineTopic(id="pay", reason="outside", title="Pay", reply="Ask **HR** <!here>.", questions=("my pay",))

    made = render(make_decline(reason="outside", topic=topic))

    assert shown(made).startswith("Ask *HR* &lt;!here&gt;.")
    assert made.text.startswith("Ask HR &lt;!here&gt;.")
