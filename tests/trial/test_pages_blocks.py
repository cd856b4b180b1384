"""Every block and every element, drawn whole and with a name; what is not known is said and not hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.trial import cast
from bot.trial.blocks import SURFACES
from bot.trial.records import Payload
from bot.trial.server import StandIn

from .browser import Visitor
from .build import Recorder, actions, button, call, home, modal, options, plain, question, section
from .paper import Paper, whole


def mrkdwn(text: str) -> Payload:
    """Return a mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


RAW = {"type": "raw_text", "text": "Head"}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "useful",
    "positive_button": {"text": plain("Helpful"), "value": "yes"},
    "negative_button": {"text": plain("Not helpful"), "value": "no"},
}
TEXTS = {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}
BLOCKS: list[tuple[Payload, str]] = [
    (section("*bold* words", fields=[plain("one"), plain("two")]), "<strong>bold</strong>"),
    (section(accessory={"type": "image", "image_url": "https://a.gov.uk/x.png", "alt_text": "A chart"}), "A chart"),
    ({"type": "header", "text": plain("A heading")}, '<h3 class="head">A heading</h3>'),
    ({"type": "divider"}, "<hr>"),
    ({"type": "context", "elements": [plain("small"), mrkdwn("*print*")]}, "<strong>print</strong>"),
    (actions(button(text="Press")), ">Press</button>"),
    ({"type": "context_actions", "elements": [FEEDBACK]}, ">Not helpful</button>"),
    ({"type": "image", "image_url": "https://a.gov.uk/x.png", "alt_text": "A map", "title": plain("Where")}, "A map"),
    ({"type": "rich_text", "elements": [TEXTS]}, "<p>rich</p>"),
    ({"type": "markdown", "text": "# Big\n\ntext"}, "<h3>Big</h3>"),
    ({"type": "table", "rows": [[RAW], [{"type": "rich_text", "elements": [TEXTS]}]]}, "Head</th>"),
    ({"type": "card", "title": mrkdwn("A card"), "body": mrkdwn("in"), "actions": [button()]}, "A card"),
]

ELEMENTS: list[tuple[Payload, str, str]] = [
    ({"type": "static_select", "options": options("One", "Two")}, "select", "One"),
    ({"type": "static_select", "option_groups": [{"label": plain("Few"), "options": options("One")}]}, "optgroup", ""),
    ({"type": "users_select"}, "select", "Sam Okoro"),
    ({"type": "channels_select"}, "select", "#parking-permits"),
    ({"type": "conversations_select"}, "select", "#parking-permits"),
    ({"type": "multi_static_select", "options": options("One", "Two")}, "fieldset", "Two"),
    ({"type": "multi_users_select"}, "fieldset", "Jo Lind"),
    ({"type": "external_select"}, "fieldset", "Search"),
    ({"type": "checkboxes", "options": options("One", "Two")}, "fieldset", "Two"),
    ({"type": "radio_buttons", "options": options("One", "Two")}, "fieldset", "Two"),
    ({"type": "datepicker", "initial_date": "2026-11-23"}, "input", ""),
    ({"type": "timepicker"}, "input", ""),
    ({"type": "datetimepicker"}, "input", ""),
    ({"type": "number_input", "is_decimal_allowed": False}, "input", ""),
    ({"type": "email_text_input"}, "input", ""),
    ({"type": "url_text_input"}, "input", ""),
    ({"type": "plain_text_input", "initial_value": 'begun "here"'}, "input", ""),
    ({"type": "plain_text_input", "multiline": True, "initial_value": "begun <b>"}, "textarea", "begun <b>"),
    ({"type": "rich_text_input"}, "textarea", ""),
    ({"type": "file_input"}, "fieldset", "cannot be handed over"),
]


def message_page(slack: StandIn, *blocks: Payload) -> Paper:
    """Return the page with a message of these blocks."""
    answer = call(slack, "chat.postMessage", channel=cast.PARKING, text="words", blocks=list(blocks))
    assert answer["ok"], answer
    return Visitor(slack).page("channel/parking-permits")


def open_form(slack: StandIn, app: Recorder, *blocks: Payload, **fields: Any) -> Paper:
    """Open a form for Sam and return the page that shows it."""
    slack.person("Sam").command("/advisor")
    trigger = slack.deliveries[-1].payload["trigger_id"]
    answer = call(slack, "views.open", trigger_id=trigger, view=modal(*blocks, **fields))
    assert answer["ok"], answer
    return Visitor(slack).page("channel/parking-permits")


@pytest.mark.parametrize(("block", "html"), BLOCKS, ids=[each["type"] for each, _ in BLOCKS])
def test_a_block_is_drawn(slack: StandIn, block: Payload, html: str) -> None:
    message_page(slack, block)

    assert html in Visitor(slack).get("channel/parking-permits").text


def test_every_block_that_slack_takes_is_drawn_or_named(slack: StandIn) -> None:
    site = Visitor(slack).site
    sam = slack.person("Sam").say("#parking-permits", "words")
    surface = site.screens.messages.surface(sam, site.screens.spot("sam", "channel", "parking-permits"), "main")
    blocks = site.screens.drawing._environment.get_template("blocks.html").module
    drawn = {block["type"] for block, _ in BLOCKS}

    for kind in sorted(SURFACES.keys() - drawn - {"input", "video", "carousel", "container", "alert"}):
        assert f"“{kind}”" in blocks.one({"type": kind, "block_id": "b"}, surface)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("element", "tag", "words"), ELEMENTS, ids=[each["type"] for each, _, _ in ELEMENTS])
def test_a_field_has_its_label_and_what_stands_in_it(
    slack: StandIn, app: Recorder, element: Payload, tag: str, words: str
) -> None:
    paper = open_form(slack, app, question(element=element))

    assert any(words in each.words for each in paper.all(tag)), [each.words for each in paper.all(tag)]
    assert any("Your question" in each.words for each in [*paper.all("label"), *paper.all("legend")])


def test_what_stood_there_at_first_is_shown(slack: StandIn, app: Recorder) -> None:
    one, two = options("One", "Two")
    paper = open_form(
        slack,
        app,
        question("a", "a", {"type": "static_select", "options": [one, two], "initial_option": two}),
        question("c", "c", {"type": "checkboxes", "options": [one, two], "initial_options": [one]}),
        question("d", "d", {"type": "datepicker", "initial_date": "2026-12-01"}),
        question("t", "t", {"type": "datetimepicker", "initial_date_time": 1795422600}),
        question("p", "p", {"type": "plain_text_input", "initial_value": 'a "b" <c>'}),
    )

    assert [each.words for each in paper.all("option") if "selected" in each.attributes] == ["Two"]
    ticked = [each for each in paper.all("input", type="checkbox") if "checked" in each.attributes]
    assert [each.attributes["value"] for each in ticked] == ["one"]
    assert paper.one("input", type="date").attributes["value"] == "2026-12-01"
    assert paper.one("input", type="datetime-local").attributes["value"] == "2026-11-23T08:30"
    assert paper.all("input", type="text")[0].attributes["value"] == 'a "b" <c>'


def test_controls_beside_words_and_in_rows_have_names(slack: StandIn) -> None:
    picker = {"type": "datepicker", "action_id": "when", "placeholder": plain("Pick a day")}
    menu = {"type": "overflow", "action_id": "more", "options": options("Edit", "Drop")}
    paper = message_page(
        slack,
        section(accessory=menu),
        actions(picker, {"type": "radio_buttons", "action_id": "r", "options": options("A", "B")}),
        {"type": "input", "label": plain("Say"), "element": {"type": "plain_text_input", "action_id": "say"}},
    )

    assert paper.one("input", type="date").attributes["aria-label"] == "Pick a day"
    assert [each.words.strip() for each in paper.all("button", popovertargetaction="hide")][:2] == ["Edit", "Drop"]
    assert paper.one(role="group", aria_label="Choice").tag == "div"


def test_a_label_that_leaves_out_the_words_gets_them_in_front(slack: StandIn) -> None:
    paper = message_page(
        slack,
        actions(
            button("a", "Read more", accessibility_label="Read more: Notify"),
            button("b", "Go", accessibility_label="Start"),
        ),
    )

    assert paper.named("Read more", "button").attributes["aria-label"] == "Read more: Notify"
    assert paper.named("Go", "button").attributes["aria-label"] == "Go: Start"


def test_a_button_with_an_address_is_a_link_that_the_app_hears_of(slack: StandIn) -> None:
    paper = message_page(slack, actions(button(text="Out", url="https://a.gov.uk", style="primary")))

    link = paper.named("Out (opens in a new tab)", "a")
    assert link.attributes["href"] == "https://a.gov.uk"
    heard = [each for each in paper.all("span") if "hx-vals" in each.attributes]
    assert [json.loads(each.attributes["hx-vals"])["action"] for each in heard] == ["go"]


def test_pictures_from_elsewhere_are_described_and_not_fetched(slack: StandIn) -> None:
    paper = message_page(slack, {"type": "image", "image_url": "https://a.gov.uk/x.png", "alt_text": "A map"})

    assert paper.all("img") == []
    assert paper.one(role="img", aria_label="A map")
    assert paper.one("a", href="https://a.gov.uk/x.png")


def test_errors_stand_at_their_fields(slack: StandIn, app: Recorder) -> None:
    paper = open_form(slack, app, question(hint=plain("In your own words")))
    place = paper.one("input", name="place").attributes["value"]

    Visitor(slack).post("submit", {"place": place})

    paper = Visitor(slack).page("channel/parking-permits")
    field = next(each for each in paper.all("input", type="text") if "aria-invalid" in each.attributes)
    error, hint = field.attributes["aria-describedby"].split()
    assert paper.one(id=error).words == "Error: Please complete this required field."
    assert paper.one(id=hint).words == "In your own words"
    assert "1 answer needs another look" in paper.one(id="in-form").words


def test_a_home_tab_has_its_blocks_and_its_fields(slack: StandIn, app: Recorder) -> None:
    assert "putting this page together" in Visitor(slack).get("advisor/home").text

    view = home(section("*Welcome*"), actions(button(text="Ask")), {"type": "header", "text": plain("Second")})
    call(slack, "views.publish", user_id=cast.SAM, view=view)

    paper = Visitor(slack).page("advisor/home")
    assert paper.named("Ask", "button")
    assert paper.one("h2").words == "Second"


def test_a_file_can_be_taken_and_a_picture_seen(slack: StandIn) -> None:
    from slack_sdk import WebClient

    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    client.files_upload_v2(channel=cast.PARKING, content="BEGIN:VCALENDAR", filename="dates.ics", title="Dates")

    visitor = Visitor(slack)
    link = visitor.page("channel/parking-permits").named("Dates", "a")
    response = visitor.get(link.attributes["href"])
    assert response.text == "BEGIN:VCALENDAR"
    assert response.content_type == "application/octet-stream"


def test_a_picture_is_shown_with_its_alt_text(slack: StandIn) -> None:
    from slack_sdk import WebClient

    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    client.files_upload_v2(
        channel=cast.PARKING, content=b"\x89PNG", filename="map.png", title="Map", alt_txt='9 < "10"'
    )

    visitor = Visitor(slack)
    picture = visitor.page("channel/parking-permits").one("img")
    response = visitor.get(picture.attributes["src"])
    assert picture.attributes["alt"] == '9 < "10"'
    assert response.content_type == "image/png"


def test_a_form_shows_what_the_app_called_its_buttons(slack: StandIn, app: Recorder) -> None:
    paper = open_form(slack, app, section("only words"), close=plain("Done"), submit=plain("Send it"))

    assert paper.named("Done", "button")
    assert paper.named("Send it", "button").attributes["type"] == "submit"
    assert whole(Visitor(slack, "tom").get("channel/parking-permits").text).all("dialog") == []
