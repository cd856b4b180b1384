"""What people do on the pages, and what keeps everybody else out."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot.trial import cast
from bot.trial.pages.screens import Step
from bot.trial.records import Message, View
from bot.trial.server import StandIn

from .browser import ORIGIN, Visitor
from .build import Clock, Recorder, actions, button, call, modal, options, plain, question, section
from .paper import read, whole

PARKING = {"channel": cast.PARKING, "tab": "channel"}


@pytest.fixture
def sam(slack: StandIn, app: Recorder) -> Visitor:
    """Sam's browser, before an app that acknowledges everything."""
    return Visitor(slack)


def post_blocks(slack: StandIn, *blocks: dict[str, Any], **fields: Any) -> str:
    """Let the app post blocks and return the place of the message."""
    method = "chat.postEphemeral" if "user" in fields else "chat.postMessage"
    answer = call(slack, method, channel=cast.PARKING, text="words", blocks=list(blocks), **fields)
    assert answer["ok"], answer
    return f"{cast.PARKING}/{answer.get('ts') or answer['message_ts']}"


def open_modal(slack: StandIn, *blocks: dict[str, Any], method: str = "views.open", **fields: Any) -> View:
    """Let the app open a form for Sam."""
    trigger = slack.deliveries[-1].payload["trigger_id"]
    answer = call(slack, method, trigger_id=trigger, view=modal(*blocks, **fields))
    assert answer["ok"], answer
    view = slack.person("Sam").modal()
    assert view is not None
    return view


def last_payload(slack: StandIn) -> dict[str, Any]:
    """Return what the app was sent last."""
    return slack.deliveries[-1].payload


def test_the_first_page_lets_everybody_be_chosen(sam: Visitor) -> None:
    paper = sam.page("/")

    assert [each.attributes["href"].split("/")[2] for each in paper.all("a") if "/as/" in each.attributes["href"]] == [
        "priya",
        "tom",
        "sam",
        "jo",
    ]
    assert "Not Slack; nothing leaves this computer" in paper.one("header").words


@pytest.mark.parametrize(
    "path",
    [
        "channel/digital-leaders",
        "channel/parking-permits",
        "channel/housing-repairs",
        "advisor/home",
        "advisor/messages",
    ],
)
def test_every_page_is_whole_and_has_its_landmarks(sam: Visitor, path: str) -> None:
    paper = sam.page(path)

    assert [len(paper.all(tag)) for tag in ("header", "main", "h1")] == [1, 1, 1]
    assert paper.all("nav")[0].attributes["aria-label"] == "Workspace"
    assert paper.one("html").attributes["lang"] == "en-GB"
    assert {each.attributes["src"] for each in paper.all("script")} == {"/static/htmx.min.js", "/static/trial.js"}


def test_nothing_of_a_page_comes_from_elsewhere(sam: Visitor) -> None:
    response = sam.get("/")

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "http" not in response.headers["Content-Security-Policy"]
    assert "https://" not in response.text
    assert [sam.get(f"/static/{name}").status_code for name in ("htmx.min.js", "trial.css", "trial.js")] == [200] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/static/../site.py",
        "/static/htmx.LICENSE",
        "/files/F1",
        "/as/nobody/advisor/home",
        "/as/advisor/advisor/home",
        "channel/nowhere",
        "channel/parking-permits?thread=1.2",
        "source?place=C0PARKING1/1.2",
    ],
)
def test_what_is_not_there_is_said_to_be_missing(sam: Visitor, path: str) -> None:
    assert sam.get(path).status_code == 404


def test_another_name_for_this_machine_is_refused(sam: Visitor) -> None:
    response = sam._client.get("/", base_url="http://evil.example:8000")

    assert response.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_page_cannot_act_here(sam: Visitor, headers: dict[str, str]) -> None:
    sam.post("say", {**PARKING, "text": "hello"}, **headers)

    assert sam.slack.person("Sam").messages("#parking-permits") == []


def test_what_is_written_is_sent_and_the_box_is_empty_again(sam: Visitor) -> None:
    response = sam.post("say", {**PARKING, "text": "  <b>hello</b> @Advisor "})

    (message,) = sam.slack.person("Jo").messages("#parking-permits")
    assert message.text == f"&lt;b&gt;hello&lt;/b&gt; <@{cast.BOT_USER}>"
    assert read(response.text).one("textarea").words.strip() == ""
    assert "&lt;b&gt;hello&lt;/b&gt;" in sam.get("channel/parking-permits").text


def test_nothing_is_sent_when_nothing_was_written(sam: Visitor) -> None:
    sam.post("say", {**PARKING, "text": "   "})

    assert sam.slack.person("Sam").messages("#parking-permits") == []


def test_a_reply_goes_into_its_thread(sam: Visitor) -> None:
    asked = sam.slack.person("Jo").say("#parking-permits", "a question")

    sam.post("say", {**PARKING, "text": "an answer", "thread": asked.ts, "where": "thread"})

    paper = sam.page(f"channel/parking-permits?thread={asked.ts}")
    assert "an answer" in paper.one(id="log-thread").words
    assert "an answer" not in paper.one(id="log-main").words
    link = paper.named("1 reply in a thread", "a")
    assert link.attributes["href"] == f"/as/sam/channel/parking-permits?thread={asked.ts}"


def test_a_command_reaches_the_app(sam: Visitor) -> None:
    sam.post("say", {**PARKING, "text": "/advisor  what is alpha?"})

    assert last_payload(sam.slack)["text"] == "what is alpha?"
    assert last_payload(sam.slack)["channel_id"] == cast.PARKING


def test_an_unknown_command_is_said_to_be_one(sam: Visitor) -> None:
    sam.post("say", {**PARKING, "text": "/nonsense"})

    paper = sam.page("channel/parking-permits")
    assert "Only visible to you" in paper.one("article").words
    assert "/nonsense is not a valid command" in paper.one("article").words


def test_commands_do_not_work_in_threads_and_that_is_said(sam: Visitor) -> None:
    asked = sam.slack.person("Jo").say("#parking-permits", "a question")
    delivered = len(sam.slack.deliveries)

    sam.post("say", {**PARKING, "text": "/advisor hello", "thread": asked.ts, "where": "thread"})

    assert len(sam.slack.deliveries) == delivered
    assert "cannot be used in a thread" in sam.get(f"channel/parking-permits?thread={asked.ts}").text


def test_a_command_that_takes_too_long_fails_as_in_slack(sam: Visitor, app: Recorder) -> None:
    sam.slack.delivery.ack_seconds = 0.05
    app.before = lambda: time.sleep(0.2)

    sam.post("say", {**PARKING, "text": "/advisor hello"})

    assert "operation_timeout" in sam.page("channel/parking-permits").one("article").words


def test_the_app_is_invited_by_command_or_by_button(sam: Visitor) -> None:
    leaders = {"channel": cast.LEADERS, "tab": "channel"}
    assert "Advisor is not in this channel" in sam.get("channel/digital-leaders").text

    sam.post("say", {**leaders, "text": "/invite @Advisor"})
    assert "Advisor is not in this channel" not in sam.get("channel/digital-leaders").text

    sam.post("say", {**leaders, "text": "/remove @Advisor"})
    sam.post("invite", {"channel": cast.LEADERS})
    assert cast.BOT_USER in sam.slack.workspace.channels[cast.LEADERS].members


def test_commands_and_the_app_are_suggested(sam: Visitor) -> None:
    commands = read(sam.get("suggest", **{}).text)
    assert commands.all("button") == []

    found = whole(sam._client.get("/as/sam/suggest", query_string={**PARKING, "text": "/adv"}, base_url=ORIGIN).text)
    assert found.one("strong").words == "/advisor"

    names = whole(sam._client.get("/as/sam/suggest", query_string={**PARKING, "text": "ask @ad"}, base_url=ORIGIN).text)
    chosen = sam.get(names.one("button").attributes["hx-get"])
    assert whole(chosen.text).one("textarea").words.strip() == "ask @Advisor"


def test_a_button_reaches_the_app_with_its_value(sam: Visitor) -> None:
    rows = [actions(button("go", text, value=text[0]), block_id=text) for text in ("One", "Two")]
    place = post_blocks(sam.slack, *rows)
    pressed = json.loads(sam.page("channel/parking-permits").named("Two", "button").attributes["hx-vals"])
    assert pressed == {"place": place, "block": "Two", "action": "go", "value": "T"}

    sam.post("act", pressed)

    (action,) = last_payload(sam.slack)["actions"]
    assert (action["block_id"], action["value"]) == ("Two", "T")


def test_a_button_of_somebody_elses_eyes_alone_cannot_be_pressed(sam: Visitor) -> None:
    place = post_blocks(sam.slack, actions(button()), user=cast.JO)

    response = sam.post("act", {"place": place, "block": "row", "action": "go", "value": ""})

    assert "That did not work" in response.text
    assert [each for each in sam.slack.deliveries if each.kind == "block_actions"] == []


def test_a_button_with_a_question_asks_it_first(sam: Visitor) -> None:
    confirm = {"title": plain("Sure?"), "text": plain("It is final."), "confirm": plain("Yes"), "deny": plain("No")}
    place = post_blocks(sam.slack, actions(button(confirm=confirm)))
    pressed = {"place": place, "block": "row", "action": "go", "value": ""}

    asked = sam.post("act", pressed).text
    assert [each for each in sam.slack.deliveries if each.kind == "block_actions"] == []

    yes = read(asked).named("Yes", "button")
    sam.post("act", json.loads(yes.attributes["hx-vals"]))
    assert last_payload(sam.slack)["actions"][0]["action_id"] == "go"


@pytest.mark.parametrize(
    ("element", "sent", "field", "held"),
    [
        ({"type": "static_select", "options": options("A", "B")}, ["b"], "selected_option", {"value": "b"}),
        ({"type": "checkboxes", "options": options("A", "B")}, ["a", "b"], "selected_options", ["a", "b"]),
        ({"type": "checkboxes", "options": options("A", "B")}, [], "selected_options", []),
        ({"type": "users_select"}, [cast.JO], "selected_user", cast.JO),
        ({"type": "multi_channels_select"}, [cast.PARKING], "selected_channels", [cast.PARKING]),
        ({"type": "datepicker"}, ["2026-12-01"], "selected_date", "2026-12-01"),
        ({"type": "datepicker"}, [""], "selected_date", None),
        ({"type": "datetimepicker"}, ["2026-07-01T10:00"], "selected_date_time", 1782896400),
    ],
)
def test_a_choice_in_a_message_reaches_the_app(
    sam: Visitor, element: dict[str, Any], sent: list[str], field: str, held: Any
) -> None:
    place = post_blocks(sam.slack, actions({**element, "action_id": "pick"}))
    name = json.dumps(["row", "pick"])

    sam.post("act", {"place": place, "block": "row", "action": "pick", "fields": name, name: sent})

    found = last_payload(sam.slack)["actions"][0][field]
    if isinstance(held, dict):
        assert found["value"] == held["value"]
    elif found and isinstance(found[0] if isinstance(found, list) else None, dict):
        assert [each["value"] for each in found] == held
    else:
        assert found == held


def test_a_menu_of_a_message_has_the_shortcut(sam: Visitor) -> None:
    sam.slack.person("Jo").say("#parking-permits", "how do we take payments?")
    entry = sam.page("channel/parking-permits").named("Ask about this", "button")

    sam.post("shortcut", json.loads(entry.attributes["hx-vals"]))

    assert last_payload(sam.slack)["type"] == "message_action"
    assert last_payload(sam.slack)["message"]["text"] == "how do we take payments?"


def test_ones_own_message_can_be_changed_and_taken_back(sam: Visitor) -> None:
    message = sam.slack.person("Sam").say("#parking-permits", "helo @Jo Lind")
    place = f"{message.channel}/{message.ts}"

    assert whole(sam.get(f"edit?place={place}").text).one("textarea").words.strip() == "helo @Jo Lind"
    sam.post("edit", {"place": place, "text": "hello"})
    assert "(edited)" in sam.page("channel/parking-permits").one("article").words

    sam.post("delete", {"place": place})
    assert sam.page("channel/parking-permits").all("article") == []


@pytest.mark.parametrize("what", ["edit", "delete"])
def test_somebody_elses_message_stays(sam: Visitor, what: str) -> None:
    message = sam.slack.person("Jo").say("#parking-permits", "mine")

    response = sam.post(what, {"place": f"{message.channel}/{message.ts}", "text": "yours"})

    assert "not your message" in response.text
    assert [each.text for each in sam.slack.person("Jo").messages("#parking-permits")] == ["mine"]


def test_a_form_is_filled_in_and_sent(sam: Visitor) -> None:
    sam.slack.person("Sam").command("/advisor")
    number = question("q", "c", {"type": "number_input", "is_decimal_allowed": False})
    view = open_modal(sam.slack, question("q", "b"), number)
    fields = {json.dumps(["b", "q"]): "why?", json.dumps(["c", "q"]): "7"}

    response = sam.post("submit", {"place": view.id, "fields": list(fields), **fields})

    values = last_payload(sam.slack)["view"]["state"]["values"]
    assert response.text.count("flash") == 1
    assert (values["b"]["q"]["value"], values["c"]["q"]["value"]) == ("why?", "7")
    assert sam.slack.person("Sam").modal() is None


def test_what_was_typed_survives_a_click_and_an_error(sam: Visitor, app: Recorder) -> None:
    sam.slack.person("Sam").command("/advisor")
    view = open_modal(sam.slack, question("q", "b"), actions(button()))
    name = json.dumps(["b", "q"])
    typed = {"place": view.id, "fields": name, name: "half a thought"}

    sam.post("act", {**typed, "block": "row", "action": "go", "value": ""})
    assert last_payload(sam.slack)["view"]["state"]["values"]["b"]["q"]["value"] == "half a thought"

    app.body = json.dumps({"response_action": "errors", "errors": {"b": "Too short."}})
    app.headers = [("Content-Type", "application/json")]
    sam.post("submit", typed)
    paper = sam.page("channel/parking-permits")
    assert "Error: Too short." in paper.one("dialog").words
    assert "half a thought" in [each.attributes.get("value") for each in paper.all("input")]


def test_forms_are_laid_on_top_of_each_other_and_closed(sam: Visitor) -> None:
    sam.slack.person("Sam").command("/advisor")
    first = open_modal(sam.slack, actions(button()), title=plain("First"))
    sam.post("act", {"place": first.id, "block": "row", "action": "go", "value": ""})
    second = open_modal(sam.slack, section(), method="views.push", title=plain("Second"))
    assert sam.page("channel/parking-permits").one("dialog").words.strip().startswith("Second")

    sam.post("close", {"place": second.id})
    assert sam.page("channel/parking-permits").one("dialog").words.strip().startswith("First")

    sam.post("close", {"place": first.id, "everything": "1"})
    assert sam.page("channel/parking-permits").all("dialog") == []


def test_a_form_that_the_app_does_not_answer_says_so_in_the_form(sam: Visitor, app: Recorder) -> None:
    sam.slack.person("Sam").command("/advisor")
    view = open_modal(sam.slack, question(optional=True))
    app.status = 500

    response = sam.post("submit", {"place": view.id})

    assert '<hx-partial hx-target="#in-form"' in response.text
    assert "dispatch_failed" in response.text


def test_a_menu_is_searched_and_keeps_what_was_chosen(sam: Visitor, app: Recorder) -> None:
    sam.slack.person("Sam").command("/advisor")
    view = open_modal(sam.slack, question("q", "b", {"type": "external_select"}))
    app.body = json.dumps({"options": options("Bath", "Bristol")})
    app.headers = [("Content-Type", "application/json")]
    ask = {"place": view.id, "block": "b", "action": "q", "typed": "B"}

    found = whole(sam._client.get("/as/sam/options", query_string=ask, base_url=ORIGIN).text)
    assert [each.words.strip() for each in found.all("label")] == ["Bath", "Bristol"]

    chosen = found.all("input")[1].attributes
    again = {**ask, "typed": "x", chosen["name"]: chosen["value"]}
    app.body = json.dumps({"options": options("Exeter")})
    found = whole(sam._client.get("/as/sam/options", query_string=again, base_url=ORIGIN).text)
    assert ["checked" in each.attributes for each in found.all("input")] == [True, False]

    app.body = ""
    sam.post("submit", {"place": view.id, "fields": chosen["name"], chosen["name"]: chosen["value"]})
    assert last_payload(sam.slack)["view"]["state"]["values"]["b"]["q"]["selected_option"]["value"] == "bristol"


def test_a_menu_of_a_form_that_was_closed_offers_nothing(sam: Visitor) -> None:
    gone = {"place": "V1", "block": "b", "action": "q", "typed": "B"}

    assert sam._client.get("/as/sam/options", query_string=gone, base_url=ORIGIN).text == ""


def test_a_form_that_says_what_no_form_says_is_refused(sam: Visitor) -> None:
    sam.slack.person("Sam").command("/advisor")
    view = open_modal(sam.slack, question("q", "b", {"type": "external_select"}))

    response = sam.post("submit", {"place": view.id, "fields": json.dumps(["b", "q"]), json.dumps(["b", "q"]): "{"})

    assert "no form says" in response.text


def test_opening_a_tab_is_told_to_the_app(sam: Visitor) -> None:
    sam.post("opened/home")
    assert last_payload(sam.slack)["event"]["tab"] == "home"

    sam.post("opened/messages")
    assert last_payload(sam.slack)["event"]["tab"] == "messages"


def test_suggested_prompts_are_sent_when_pressed(sam: Visitor) -> None:
    im = sam.slack.workspace.im_with(cast.SAM)
    prompts = [{"title": "Alpha", "message": 'what is "alpha"?'}]
    call(sam.slack, "assistant.threads.setSuggestedPrompts", channel_id=im.id, prompts=prompts)

    entry = sam.page("advisor/messages").named("Alpha", "button")
    sam.post("say", json.loads(entry.attributes["hx-vals"]))

    assert sam.slack.person("Sam").messages()[-1].text == 'what is "alpha"?'


def test_what_is_new_elsewhere_is_counted_until_it_is_read(sam: Visitor) -> None:
    call(sam.slack, "chat.postMessage", channel=cast.HOUSING, text="news")

    assert "# housing-repairs 1 new" in sam.page("channel/parking-permits").one("nav", aria_label="Workspace").words
    sam.page("channel/housing-repairs")
    assert "1 new" not in sam.page("channel/parking-permits").one("nav", aria_label="Workspace").words


def test_long_conversations_begin_late_and_can_be_shown_whole(sam: Visitor) -> None:
    for number in range(105):
        sam.slack.workspace.post(cast.PARKING, cast.JO, f"message {number}")

    paper = sam.page("channel/parking-permits")
    assert len(paper.all("article")) == 100
    assert len(sam.page(paper.named("Show 5 earlier messages", "a").attributes["href"]).all("article")) == 105


def test_a_message_shows_its_json(sam: Visitor) -> None:
    place = post_blocks(sam.slack, section("hello"))

    assert json.loads(sam.get(f"source?place={place}").text)["blocks"][0]["text"]["text"] == "hello"


def test_reactions_are_shown_with_who_made_them(sam: Visitor) -> None:
    message: Message = sam.slack.person("Jo").say("#parking-permits", "done")
    sam.slack.person("Sam").react(message, "tada")

    assert "by Sam Okoro" in sam.page("channel/parking-permits").one("ul", aria_label="Reactions").words


def test_time_is_moved_by_its_buttons(slack: StandIn, clock: Clock) -> None:
    def forward() -> str:
        clock.forward(days=1)
        return "A day went by."

    visitor = Visitor(slack, steps=(Step("day", "Forward 1 day", forward), Step("x", "Hidden", str, lambda: False)))
    paper = visitor.page("advisor/messages")
    assert paper.all("button", id="step-x") == []

    response = visitor.post("time", json.loads(paper.named("Forward 1 day", "button").attributes["hx-vals"]))

    assert "A day went by." in response.text
    assert "Tuesday 24 November 2026" in visitor.page("advisor/messages").one(id="time").words


# News


def test_a_new_message_is_told_alone(sam: Visitor) -> None:
    paper = sam.page("channel/parking-permits")
    sam.slack.person("Jo").say("#parking-permits", "first")
    news = read(sam.news(paper))

    assert [each.attributes["hx-target"] for each in news.all("hx-partial")] == ["#log-main"]
    assert len(news.all("article")) == 1


def test_a_change_and_an_end_are_told(sam: Visitor) -> None:
    jo = sam.slack.person("Jo")
    message, other = jo.say("#parking-permits", "frist"), jo.say("#parking-permits", "second")
    paper = sam.page("channel/parking-permits")

    jo.edit(message, "first")
    jo.delete(other)
    news = read(sam.news(paper))

    assert sorted(each.attributes["hx-swap"] for each in news.all("hx-partial")) == ["delete", "outerMorph"]


def test_nothing_new_is_told_after_a_while_and_asked_again(sam: Visitor) -> None:
    paper = sam.page("channel/parking-permits")

    again = read(sam.news(paper))

    assert again.all("hx-partial") == []
    assert again.one(id="news").attributes["hx-get"].endswith("/1")


def test_an_answer_that_was_lost_makes_the_page_load_anew(sam: Visitor) -> None:
    address = sam.page("channel/parking-permits").one(id="news").attributes["hx-get"]
    sam.get(address)

    assert sam.get(address).headers["HX-Refresh"] == "true"
    assert sam.get("news/unknown/0").headers["HX-Refresh"] == "true"


def test_a_form_comes_and_goes_with_the_news(sam: Visitor) -> None:
    sam.slack.person("Sam").command("/advisor")
    paper = sam.page("channel/parking-permits")
    view = open_modal(sam.slack, question())
    news = read(sam.news(paper))
    assert len(news.all("dialog")) == 1

    sam.post("close", {"place": view.id})
    assert read(sam.get(news.one(id="news").attributes["hx-get"]).text).all("dialog") == []


def test_who_waits_is_let_go_when_the_site_closes(sam: Visitor) -> None:
    paper = sam.page("channel/parking-permits")
    sam.site.close()

    assert sam.get(paper.one(id="news").attributes["hx-get"]).headers["HX-Refresh"] == "true"
