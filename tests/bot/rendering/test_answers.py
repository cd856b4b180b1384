"""An answer in Slack: what comes first, what follows, and the buttons below it."""

from __future__ import annotations

import pytest

from bot.answers.aspect import Aspect
from bot.answers.reply import Correction
from bot.knowledge.entry import Belief, Entry
from bot.rendering.answers import render_reply
from bot.rendering.message import Message
from bot.rendering.mrkdwn import escape
from bot.rendering.terminal import reply_text
from tests.bot.rendering.build import buttons, faults, library_of, make_answer, make_entry, make_platform, shown

CLOUD = make_entry("guide/cloud", related=["platform/notify", "case/x"])
NOTIFY = make_platform()
PAY = make_platform("platform/pay", cost="A fee for each payment.")
CASE = make_entry(
    "case/x",
    title="Leaving a contract",
    case={
        "organisations": ["A council"],
        "years": "2020",
        "verdict": "mixed",
        "problem": "p",
        "did": "d",
        "outcome": "o",
        "went_wrong": "It was late.",
        "lessons": ["Start early."],
    },
)
POINT = make_entry(
    "service-standard/05",
    title="Service Standard point 5",
    standard_point={"number": 5, "evidence": {"alpha": [f"Sign {at}" for at in range(9)], "beta": ["An audit."]}},
)
BOUGHT = make_entry(
    "guide/buy",
    by_route={"bought": {"ask_supplier": ["Who owns it?"], "look_for_in_contract": ["We own it."]}},
    guide={"law": ["The Act applies."], "mistakes": ["Too late."]},
    binds="It is law.",
)
LIBRARY = library_of(CLOUD, NOTIFY, PAY, CASE, POINT, BOUGHT)
BANNED = Belief(said=("cloud is <banned>",), correction="It is **allowed**.")


def render(*entries: Entry, private: bool = False, question: str = "", **fields: object) -> Message:
    reply = make_answer(*entries, **fields)
    return render_reply(reply, LIBRARY, answer_id="A1", private=private, question=question)


def test_title_and_summary_come_first() -> None:
    made = render(CLOUD)

    assert shown(made).startswith(
        "*Cloud*\nUse public cloud first, bought through a framework. Plan how you would leave."
    )
    assert made.text.startswith("Cloud. Use public cloud first, bought through a framework.")


def test_next_steps_and_sources_with_one_date_follow() -> None:
    made = render(CLOUD)

    sources = "Sources, checked 23 November 2026: <https://www.gov.uk/cloud|Cloud guide>"
    assert f"*Do next:*\n• List what you host.\n{sources}" in shown(made)
    assert made.text.endswith(f"Do next: List what you host.\n{sources}")


def test_sources_checked_on_different_days_have_a_date_each() -> None:
    sources = [
        {"title": "One", "url": "https://one.example", "checked": "2026-11-23"},
        {"title": "Two", "url": "https://two.example", "checked": "2026-03-01"},
    ]

    made = shown(render(make_entry(sources=sources)))

    assert "|One> (checked 23 November 2026); <https://two.example|Two> (checked 1 March 2026)" in made


def test_more_than_five_sources_are_counted() -> None:
    sources = [{"title": f"S{at}", "url": f"https://s{at}.example", "checked": "2026-11-23"} for at in range(7)]

    assert "; and 2 more under Read more" in shown(render(make_entry(sources=sources)))


@pytest.mark.parametrize(
    ("successor", "first"),
    [
        ("platform/pay", "Closed since 23 December 2023. Successor: Pay."),
        ("none directly; use the cloud.", "Closed since 23 December 2023. Successor: none directly; use the cloud."),
        (None, "Closed since 23 December 2023. No successor is known."),
    ],
)
def test_a_closed_platform_says_so_in_its_first_words(successor: str | None, first: str) -> None:
    made = render(make_platform(status="closed", councils="no", closed_on="2023-12-23", successor=successor))

    assert shown(made).startswith(f"*{first}*")
    assert made.text.startswith(first)


def test_a_wrong_belief_is_corrected_before_the_summary() -> None:
    made = render(CLOUD, corrections=(Correction(CLOUD, BANNED),))

    said = BANNED.said[0]
    assert shown(made).startswith(f"*A common belief, but not so:* “{escape(said)}”. It is *allowed*.\n*Cloud*")
    assert made.text.startswith(f"A common belief, but not so: “{escape(said)}”. It is allowed.\nCloud.")


def test_a_belief_that_may_be_meant_is_quoted_below_the_summary() -> None:
    made = render(CLOUD, corrections=(Correction(CLOUD, BANNED, sure=False),))

    line = "Often believed, but not so:{} “cloud is &lt;banned&gt;”. It is {}."
    assert shown(made).startswith("*Cloud*\n")
    assert f"\n*{line.format('*', '*allowed*')}\n" in shown(made)
    assert f"\n{line.format('', 'allowed')}\n" in made.text


def test_a_belief_of_an_entry_that_is_not_shown_is_named_with_it_below_the_first() -> None:
    corrections = (Correction(CLOUD, BANNED, sure=False), Correction(PAY, BANNED, sure=False))
    line = "Often believed, but not so: “cloud is <banned>”. It is allowed."

    told = [one for one in reply_text(make_answer(NOTIFY, PAY, corrections=corrections), LIBRARY).split("\n") if one]

    assert told.index(f"{line} From: Cloud.") < told.index("Pay (platform/pay)") < told.index(line)


def test_a_name_that_is_out_of_date_is_put_right_with_the_entry_that_says_so() -> None:
    made = render(NOTIFY, corrections=(Correction(CLOUD, BANNED, old_name="the G & D cloud"),))

    assert shown(made).startswith("*“the G &amp; D cloud” is out of date.* It is *allowed*. From: Cloud.\n")
    assert made.text.startswith("“the G &amp; D cloud” is out of date. It is allowed. From: Cloud.\n")
    assert buttons(made)["ask_entry:1"]["value"] == "guide/cloud"


@pytest.mark.parametrize(
    ("entry", "aspect", "part"),
    [
        (POINT, "beta", "*Evidence at beta*\n• An audit."),
        (NOTIFY, "cost", "*What it costs*\n• Email is free."),
        (BOUGHT, "supplier", "*Ask the supplier*\n• Who owns it?\n*Look for in the contract*\n• We own it."),
        (BOUGHT, "duty", "*What the law says*\n• It is law.\n• The Act applies."),
        (BOUGHT, "lessons", "*What usually goes wrong*\n• Too late."),
        (CASE, "lessons", "*What went wrong, and the lessons*\n• It was late.\n• Start early."),
    ],
)
def test_the_aspect_that_was_asked_has_a_part_of_its_own(entry: Entry, aspect: Aspect, part: str) -> None:
    made = render(entry, aspect=aspect)

    assert part in shown(made)
    assert part.splitlines()[0].strip("*") in made.text


@pytest.mark.parametrize("aspect", ["start", "live"])
def test_an_aspect_that_adds_nothing_is_left_out(aspect: Aspect) -> None:
    assert shown(render(CLOUD, aspect=aspect)) == shown(render(CLOUD))


def test_an_aspect_has_six_lines_at_most() -> None:
    assert shown(render(POINT, aspect="alpha")).count("• Sign") == 6


def test_related_entries_are_buttons_that_say_what_they_are() -> None:
    related = [button for name, button in buttons(render(CLOUD)).items() if name.startswith("ask_entry")]

    assert [one["text"]["text"] for one in related] == ["Platform: Notify", "Case study: Leaving a contract"]
    assert [one["value"] for one in related] == ["platform/notify", "case/x"]


def test_every_answer_can_be_opened_judged_and_explained() -> None:
    found = buttons(render(CLOUD))

    assert found["open_entry"]["value"] == "guide/cloud"
    assert {found[name]["value"] for name in ("feedback_helpful", "feedback_not_helpful", "why")} == {"A1"}


@pytest.mark.parametrize("private", [True, False])
def test_only_a_private_answer_can_be_shared(private: bool) -> None:
    assert ("share" in buttons(render(CLOUD, private=private))) is private


def test_what_was_asked_is_shown_exactly_as_typed() -> None:
    made = render(CLOUD, question="<!channel> *now* <https://evil.example|bank>")

    quoted = next(block for block in made.blocks if "You asked" in str(block))
    assert quoted["elements"] == [
        {"type": "plain_text", "text": "You asked: <!channel> *now* <https://evil.example|bank>", "emoji": False}
    ]
    assert "channel" not in made.text


def test_two_entries_stand_side_by_side_each_with_status_cost_and_sources() -> None:
    made = render(NOTIFY, PAY)

    assert shown(made).startswith("*Notify and Pay, side by side*\n*Notify*")
    assert "Live. Councils may use it. Cost: A fee for each payment." in shown(made)
    assert shown(made).count("Sources, checked") == 2
    assert made.text.startswith("Notify and Pay, side by side\nNotify. Use public cloud")


def test_two_entries_can_each_be_opened() -> None:
    made = render(NOTIFY, PAY)

    accessories = [block["accessory"] for block in made.blocks if "accessory" in block]
    assert [(one["action_id"], one["value"]) for one in accessories] == [
        ("open_entry", "platform/notify"),
        ("open_entry", "platform/pay"),
    ]
    assert [one["accessibility_label"] for one in accessories] == ["Read more: Notify", "Read more: Pay"]


def test_no_confidence_is_shown() -> None:
    made = render(CLOUD, private=True)

    assert "0.43" not in str(made)
    assert "43" not in shown(made)


def test_an_entry_can_ping_nobody() -> None:
    made = render(make_entry(title="<!channel>", summary="<@U1> & [x](https://a.example)", next_steps=["<!here>"]))

    for text in (made.text, shown(made)):
        assert "&lt;!channel&gt;" in text
        assert "&lt;@U1&gt; &amp;" in text
        assert "<!" not in text
        assert "<@" not in text


def test_an_entry_of_any_length_fits() -> None:
    long = "word " * 2000
    sources = [{"title": long, "url": "https://x.example/" + "a" * 900, "checked": "2026-11-23"}] * 9
    entry = make_entry(title=long, summary=long, next_steps=[long] * 9, sources=sources)

    made = render(entry, entry, private=True, question=long)

    assert faults(made) == []


def test_an_entry_from_elsewhere_needs_only_title_and_summary() -> None:
    entry = make_entry("refunds", next_steps=[], sources=[])

    made = render(entry)

    assert faults(made) == []
    assert made.text == "Cloud. Use public cloud first, bought through a framework. Plan how you would leave."
