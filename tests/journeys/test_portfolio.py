"""A leader looks across: the pages, the choice of services, the picture, the files, and the digest of a Monday."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pytest
from docx import Document

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.checkpoint import Step
from bot.portfolio.portfolio import Portfolio
from bot.trial import cast
from bot.trial.records import Message, View
from bot.trial.server import StandIn
from tests.bot.checkpoints.build import NOW
from tests.bot.portfolio.build import make_portfolio, standard_template
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import NOT_THERE, WORKSPACE, Council, action_ids, buttons, words_of

MONDAY = dt.datetime(2027, 1, 18, 9, 31, tzinfo=LONDON)


def fill(council: Council, portfolio: Portfolio) -> None:
    """Keep a made-up portfolio: Tom sponsors every service, Sam owns them."""
    council.clock.moment = NOW
    with council.running.rules.ledger.writing(WORKSPACE) as pages:
        for one in portfolio.services:
            service = replace(one, sponsor_id=cast.TOM, owner_id=cast.SAM, channel_id=cast.PARKING)
            pages.services.keep(service, (), who="import", at=NOW)
        for kept in portfolio.checkpoints.values():
            for checkpoint in kept:
                events = tuple(event for event in portfolio.history if event.checkpoint_id == checkpoint.id)
                pages.checkpoints.keep(Step(checkpoint, events), at=NOW)
        for piece in portfolio.evidence.values():
            pages.evidence.keep(piece, portfolio.evidence_of[piece.id], at=NOW)


@pytest.fixture
def leaders(council: Council) -> Council:
    """A council with 25 services."""
    fill(council, make_portfolio(25, workspace_id=WORKSPACE))
    return council


def files_of(slack: StandIn, channel_id: str) -> list[Message]:
    """The messages with files in a conversation."""
    return [one for one in slack.workspace.messages(channel_id) if one.files]


def content_of(slack: StandIn, message: Message, name: str) -> bytes:
    """What stands in a file of a message."""
    [file] = [one for one in message.files if one["name"].endswith(name)]
    content = slack.workspace.handles.uploads[file["id"]].content
    assert content is not None
    return content


def form_of(council: Council, person: str) -> View:
    view = council.slack.person(person).modal()
    assert view is not None
    return view


def test_a_sponsor_sees_every_service_against_the_standard(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")

    message = leaders.command(tom, "/advisor", "portfolio")

    shown = words_of(message)
    assert "Portfolio: 25 services" in shown
    for heading in ("By phase", "Points that fail most", "Overdue actions by directorate",
                    "Contracts by decide-by date", "Decisions by quarter"):  # fmt: skip
        assert heading in shown
    assert "Service 000" in shown
    assert "✓" in shown
    assert "Service 000" in message.text
    assert len(message.blocks) <= 50


def test_somebody_who_leads_nothing_is_told_who_may_look(leaders: Council) -> None:
    jo = leaders.slack.person("Jo")

    for asked in ("portfolio", "export", "paper portfolio"):
        answer = leaders.command(jo, "/advisor", asked)
        assert "for sponsors and administrators" in answer.text
        assert "Service 0" not in words_of(answer)
    assert files_of(leaders.slack, leaders.slack.workspace.im_with(cast.JO).id) == []


def test_an_administrator_named_in_the_settings_may_look(make_council: MakeCouncil) -> None:
    council = make_council(admins=cast.PRIYA)
    fill(council, make_portfolio(3, workspace_id=WORKSPACE))

    assert "Portfolio: 3 services" in words_of(council.command(council.priya, "/advisor", "portfolio"))


def test_pages_are_turned_in_place(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    first = leaders.command(tom, "/advisor", "portfolio")

    second = leaders.click(tom, first, "portfolio_next")
    third = leaders.click(tom, second, "portfolio_next")

    assert "Page 2 of 3" in words_of(second)
    assert "Service 010" in words_of(second)
    assert "portfolio_next" not in action_ids(third)
    assert "Service 024" in words_of(third)


@pytest.mark.parametrize("typed", ["directorate:Housing", "directorate = housing", 'directorate:"HOUSING"'])
def test_services_are_chosen_by_what_is_typed(leaders: Council, typed: str) -> None:
    message = leaders.command(leaders.slack.person("Tom"), "/advisor", f"portfolio {typed}")

    assert "Portfolio: 7 services" in words_of(message)


@pytest.mark.parametrize("typed", ["<!channel>", "phase:<!here>", "gibberish"])
def test_what_is_not_understood_is_said_and_pings_nobody(leaders: Council, typed: str) -> None:
    message = leaders.command(leaders.slack.person("Tom"), "/advisor", f"portfolio {typed}")

    assert "<!" not in message.text
    assert "directorate:" in message.text or "Choose one of" in message.text


def test_services_are_chosen_in_a_form(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    first = leaders.command(tom, "/advisor", "portfolio")
    leaders.form(tom, first, "portfolio_choose")

    tom.submit(values={"directorate": "Housing", "phase": "*"})
    leaders.settle()

    shown = form_of(leaders, "Tom")
    assert "Portfolio: 7 services" in words_of(shown)
    assert 'directorate:"Housing"' in words_of(shown)


def test_the_picture_is_posted_in_the_channel_with_words_for_those_who_do_not_see_it(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    first = leaders.command(tom, "/advisor", "portfolio")

    told = leaders.click(tom, first, "portfolio_post_picture")

    [posted] = files_of(leaders.slack, cast.PARKING)
    [file] = posted.files
    assert "The picture is in this channel" in told.text
    assert content_of(leaders.slack, posted, ".png").startswith(b"\x89PNG")
    assert file["alt_txt"].startswith("Heat map of 25 services against the standard")
    assert not posted.is_ephemeral


def test_where_advisor_is_not_in_the_channel_it_says_how_to_invite_it(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    first = leaders.command(tom, "/advisor", "portfolio", NOT_THERE)

    told = leaders.click(tom, first, "portfolio_post_picture")

    assert "/invite" in told.text
    assert files_of(leaders.slack, cast.LEADERS) == []


def test_the_files_come_in_direct_messages_and_open(leaders: Council) -> None:
    tom, own = leaders.slack.person("Tom"), leaders.slack.workspace.im_with(cast.TOM).id
    first = leaders.command(tom, "/advisor", "portfolio")

    told = leaders.click(tom, first, "portfolio_export")
    leaders.click(tom, first, "portfolio_papers")

    book, papers = files_of(leaders.slack, own)
    sheets = openpyxl.load_workbook(io.BytesIO(content_of(leaders.slack, book, ".xlsx")))
    document = Document(io.BytesIO(content_of(leaders.slack, papers, ".docx")))
    assert "In your direct messages with Advisor" in told.text
    assert sheets["services"].max_row == 26
    assert document.paragraphs[0].text == "Digital services: position against the standard"
    assert content_of(leaders.slack, papers, ".md").startswith(b"# Digital services")


@pytest.mark.parametrize(
    ("asked", "name"),
    [("", ".xlsx"), ("csv", "-services.csv"), ("csv points phase:live", "-points.csv"), ("json", ".json"),
     ("ics", ".ics")],
)  # fmt: skip
def test_an_export_is_asked_for_by_its_format(leaders: Council, asked: str, name: str) -> None:
    leaders.command(leaders.slack.person("Tom"), "/advisor", f"export {asked}".strip())

    [message] = files_of(leaders.slack, leaders.slack.workspace.im_with(cast.TOM).id)
    assert content_of(leaders.slack, message, name)


def test_an_unknown_format_is_named_with_those_there_are(leaders: Council) -> None:
    answer = leaders.command(leaders.slack.person("Tom"), "/advisor", "export pdf")

    assert "xlsx, csv, json, ics" in answer.text


def test_the_owner_of_a_service_gets_its_paper_and_no_other(leaders: Council) -> None:
    got = leaders.command(leaders.sam, "/advisor", "paper service 003")
    other = leaders.command(leaders.slack.person("Jo"), "/advisor", "paper service 003")

    [message] = files_of(leaders.slack, leaders.slack.workspace.im_with(cast.SAM).id)
    assert "Service 003: position against the standard" in got.text
    assert b"# Service 003" in content_of(leaders.slack, message, ".md")
    assert "for sponsors and administrators" in other.text


@pytest.mark.parametrize(
    ("named", "said"), [("", "Say which"), ("servce 004", "Did you mean"), ("service", "25 services are called")]
)
def test_a_paper_of_no_one_service_is_explained(leaders: Council, named: str, said: str) -> None:
    answer = leaders.command(leaders.slack.person("Tom"), "/advisor", f"paper {named}".strip())

    assert said in answer.text


def test_the_home_tab_of_a_leader_has_the_portfolio_and_turns_its_pages(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    home = leaders.home(tom)

    tom.click(home, "portfolio_next")
    leaders.settle()

    turned = tom.home()
    assert turned is not None
    assert "Portfolio: 25 services" in words_of(home)
    assert "Page 2 of 3" in words_of(turned)
    assert len(home.blocks) <= 100
    assert {"ask_modal", "portfolio_export"} <= action_ids(turned)


def test_the_home_tab_of_others_has_no_portfolio(leaders: Council) -> None:
    assert not any(one.startswith("portfolio") for one in action_ids(leaders.home(leaders.slack.person("Jo"))))


def test_the_files_can_be_asked_for_from_the_home_tab(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    home = leaders.home(tom)

    tom.click(home, "portfolio_picture")
    [paper] = [one for one in buttons(home) if one["value"] == "s4"]
    tom.click(home, "portfolio_paper", value=paper["value"])
    leaders.settle()

    sent = files_of(leaders.slack, leaders.slack.workspace.im_with(cast.TOM).id)
    names = sorted(file["name"] for one in sent for file in one.files)
    assert names == ["paper-service-004-2027-01-11.docx", "paper-service-004-2027-01-11.md",
                     "portfolio-2027-01-11.png"]  # fmt: skip


def test_without_leave_to_send_files_it_says_what_to_do(leaders: Council) -> None:
    leaders.slack.fail_next("files.getUploadURLExternal", error="missing_scope")

    answer = leaders.command(leaders.slack.person("Tom"), "/advisor", "export")

    assert "files:write" in answer.text


def digests(council: Council, person: str = "Tom") -> list[Message]:
    return [one for one in council.slack.person(person).answers(None) if one.metadata and "Monday digest" in one.text]


def monday(council: Council, at: dt.datetime = MONDAY) -> None:
    """What the clock does from one hour before until then."""
    council.clock.moment = at - dt.timedelta(hours=1)
    council.running.upkeep.run(at=at - dt.timedelta(hours=1))
    council.clock.moment = at
    council.running.notifier.send_due(at=at)
    council.running.notifier.send_due(at=at)


def test_a_sponsor_gets_one_digest_on_a_monday_with_what_is_out_of_order(leaders: Council) -> None:
    monday(leaders)

    [digest] = digests(leaders)
    assert "of your services need a look" in digest.text
    assert "A condition is overdue: Test with disabled people" in digest.text
    assert "more services: `/advisor portfolio` shows them." in words_of(digest)
    assert {"portfolio_open", "digest_stop"} <= action_ids(digest)
    assert digests(leaders, "Sam") == []


def test_a_digest_comes_again_the_next_monday_and_on_no_other_day(leaders: Council) -> None:
    monday(leaders)
    monday(leaders, MONDAY + dt.timedelta(days=2))
    monday(leaders, MONDAY + dt.timedelta(days=7))

    assert len(digests(leaders)) == 2


def test_where_nothing_is_out_of_order_nothing_is_sent_and_nothing_is_left(council: Council) -> None:
    portfolio = make_portfolio(4, workspace_id=WORKSPACE)
    quiet = replace(portfolio, checkpoints={}, history=(), services=tuple(
        replace(one, contract=None) for one in portfolio.services))  # fmt: skip
    fill(council, quiet)

    monday(council)

    assert digests(council) == []
    with council.running.rules.ledger.reading(WORKSPACE) as pages:
        kept = [one for service in quiet.services for one in pages.plans.of_service(service.id)]
    assert [one.state for one in kept] == []


def test_a_digest_can_be_stopped_and_taken_up_again(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    monday(leaders)
    stopped = leaders.click(tom, digests(leaders)[0], "digest_stop")
    monday(leaders, MONDAY + dt.timedelta(days=7))
    after_stop = len(digests(leaders))

    again = leaders.command(tom, "/advisor", "digest on")
    monday(leaders, MONDAY + dt.timedelta(days=14))

    assert "is stopped" in stopped.text
    assert after_stop == 1
    assert "comes when something is out of order" in again.text
    assert len(digests(leaders)) == 2


def test_the_digest_opens_the_portfolio(leaders: Council) -> None:
    tom = leaders.slack.person("Tom")
    monday(leaders)

    leaders.form(tom, digests(leaders)[0], "portfolio_open")

    assert "Portfolio: 25 services" in words_of(form_of(leaders, "Tom"))


def test_the_digest_waits_for_office_hours_and_for_a_working_day(leaders: Council) -> None:
    bank_holiday = dt.datetime(2027, 3, 29, 9, 31, tzinfo=LONDON)  # Easter Monday
    monday(leaders, bank_holiday)
    on_the_day = len(digests(leaders))
    monday(leaders, bank_holiday + dt.timedelta(days=1))

    assert on_the_day == 0
    assert len(digests(leaders)) == 1


def test_a_service_that_passed_its_review_is_drafted_as_a_case_study(council: Council) -> None:
    live = standard_template("checkpoint/live-review")
    portfolio = make_portfolio(12, workspace_id=WORKSPACE, templates=[live])
    fill(council, portfolio)
    passed = next(kept[0] for kept in portfolio.checkpoints.values() if kept[0].state == "met")
    waiting = next(kept[0] for kept in portfolio.checkpoints.values() if kept[0].state == "open")

    told = council.command(council.sam, "/advisor", f"case {passed.service_id}")
    refused = council.command(council.sam, "/advisor", f"case {waiting.service_id}")

    [message] = files_of(council.slack, council.slack.workspace.im_with(cast.SAM).id)
    assert b"WRITE what went wrong" in content_of(council.slack, message, ".yaml")
    assert "a draft" in told.text
    assert "has not passed its live review yet" in refused.text
