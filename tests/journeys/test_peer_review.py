"""A team asks for a panel; peers are drawn with reasons, say yes or no, and their notes land on the checkpoint."""

from __future__ import annotations

from typing import Any

import pytest

from bot.checkpoints.calendar import day_of
from bot.checkpoints.dates import in_words
from bot.network.panels import Reviewer
from bot.storage.commons import Commons
from bot.storage.ledger import Ledger
from bot.trial import cast
from bot.trial.records import Message
from bot.usecases.portfolio_files import PortfolioFiles
from tests.journeys.council import PARKING, WORKSPACE, Council, action_ids, words_of
from tests.journeys.test_checkpoints import TODAY, Team

YORK = {"text": {"type": "plain_text", "text": "City of York Council"}, "value": "YOR"}


@pytest.fixture
def team(council: Council) -> Team:
    """Sam's service with a checkpoint under way, in Leeds; Tom of York offers to review, Priya of Leeds too."""
    made = Team(council)
    made.plan(made.start())
    offers(council, Reviewer(cast.TOM, "YOR", ("user research",)), Reviewer(cast.PRIYA, "LDS"))
    return made


def offers(council: Council, *reviewers: Reviewer) -> None:
    with Commons(council.running.database).writing() as pages:
        for one in reviewers:
            pages.exchange(WORKSPACE).keep_reviewer(one, at=TODAY)


def reviewer(council: Council, user: str) -> Reviewer:
    with Commons(council.running.database).reading() as pages:
        return next(one for one in pages.exchange(WORKSPACE).reviewers() if one.user_id == user)


def said(council: Council, name: str, words: str) -> Message:
    """What Advisor told somebody directly with these words in it."""
    council.settle()
    [found] = [one for one in council.slack.person(name).answers() if words in one.text]
    return found


def ask(team: Team) -> None:
    sam = team.council.sam
    reviews = team.council.command(sam, "/advisor", "reviews")
    sam.click(reviews, "review_ask")
    team.council.settle()


def invitation(team: Team, name: str = "Tom") -> Message:
    return said(team.council, name, "Will you review")


def test_somebody_offers_to_review_in_a_form(team: Team) -> None:
    council, jo = team.council, team.council.slack.person("Jo")
    council.form(jo, council.command(jo, "/advisor", "reviews"), "review_offer")

    outcome = team.fill(jo, council=YORK, skills=["accessibility"], interests="Acme\nJadu", most_at_once="1")

    assert outcome.ok
    assert reviewer(council, cast.JO) == Reviewer(cast.JO, "YOR", ("accessibility",), None, 1, ("Acme", "Jadu"))


def test_who_is_new_begins_where_the_others_are_and_keeps_that_place(team: Team) -> None:
    council, jo = team.council, team.council.slack.person("Jo")
    offers(council, Reviewer(cast.TOM, "YOR", passed=4), Reviewer(cast.PRIYA, "LDS", passed=4))

    for skill in ("accessibility", "data"):
        council.form(jo, council.command(jo, "/advisor", "reviews"), "review_offer")
        assert team.fill(jo, council=YORK, skills=[skill]).ok
        jo.close(everything=True)
        offers(council, Reviewer(cast.TOM, "YOR", passed=9))

    assert reviewer(council, cast.JO) == Reviewer(cast.JO, "YOR", ("data",), passed=4)


def test_whose_turns_pass_while_they_are_away_is_moved_along(team: Team) -> None:
    council = team.council
    offers(council, Reviewer(cast.PRIYA, "LDS", offers=False), Reviewer(cast.TOM, "YOR", passed=4))

    ask(team)

    assert reviewer(council, cast.PRIYA).passed == 5


@pytest.mark.parametrize("number", ["0", "ten", "99"])
def test_a_number_of_panels_that_is_none_is_refused_at_its_field(team: Team, number: str) -> None:
    council, jo = team.council, team.council.slack.person("Jo")
    council.form(jo, council.command(jo, "/advisor", "reviews"), "review_offer")

    assert list(team.fill(jo, council=YORK, most_at_once=number).errors) == ["most_at_once"]


def test_a_panel_is_drawn_and_everybody_is_accounted_for(team: Team) -> None:
    ask(team)

    told = said(team.council, "Sam", "Panel for")
    assert f"<@{cast.TOM}> of City of York Council (invited): brings user research; has had no turn yet" in told.text
    assert f"<@{cast.PRIYA}>: of the same council" in told.text
    assert "Nobody on it brings: accessibility" in told.text
    assert "End of discovery of Parking permits, Leeds City Council" in invitation(team).text


def test_a_checkpoint_has_one_panel(team: Team) -> None:
    ask(team)

    assert "review_ask" not in action_ids(team.council.command(team.council.sam, "/advisor", "reviews"))


def test_who_accepts_writes_notes_that_land_on_the_checkpoint(team: Team) -> None:
    council, tom = team.council, team.council.slack.person("Tom")
    ask(team)
    council.form(tom, invitation(team), "review_accept")
    tom.close(everything=True)
    assert "will review" in said(council, "Sam", "will review").text
    council.form(tom, council.command(tom, "/advisor", "reviews"), "review_note")
    view = tom.modal()
    assert view is not None
    [menu] = [block for block in view.blocks if block["block_id"] == "prompt"]
    prompt = menu["element"]["options"][0]["value"]

    told = council.answer(
        council.sam, lambda: team.fill(tom, prompt=prompt, note="Talk to <!channel> three more users"), PARKING
    )

    assert f"Panel note on Parking permits by <@{cast.TOM}>" in told.text
    assert "<!channel>" not in words_of(told)
    with Ledger(council.running.database).reading(WORKSPACE) as pages:
        [checkpoint] = pages.checkpoints.all()
        last: Any = pages.checkpoints.history(checkpoint.id)[-1]
    assert (last.kind, last.who, last.subject) == ("panel note", cast.TOM, prompt)
    assert last.after == "Talk to <!channel> three more users"
    assert "Leeds City Council gave 0 and received 1; City of York Council gave 1 and received 0" in words_of(
        council.command(tom, "/advisor", "reviews")
    )


def noted(team: Team, words: str) -> None:
    """Tom sits on the panel and notes *words* on the first point."""
    council, tom = team.council, team.council.slack.person("Tom")
    ask(team)
    council.form(tom, invitation(team), "review_accept")
    tom.close(everything=True)
    council.form(tom, council.command(tom, "/advisor", "reviews"), "review_note")
    view = tom.modal()
    assert view is not None
    [menu] = [block for block in view.blocks if block["block_id"] == "prompt"]
    prompt = menu["element"]["options"][0]["value"]
    council.answer(council.sam, lambda: team.fill(tom, prompt=prompt, note=words), PARKING)
    council.sam.close(everything=True)


def test_a_note_is_before_the_team_where_it_works(team: Team) -> None:
    council, sam = team.council, team.council.sam
    noted(team, "Talk to <!channel> three more users")

    standing = council.command(sam, "/checkpoint")
    point = council.form(sam, standing, "checkpoint_walk")
    whole = council.form(sam, point, "checkpoint_list")

    line = f"Panel, <@{cast.TOM}> on {in_words(day_of(council.clock()))}: Talk to &lt;!channel&gt; three more users"
    assert words_of(standing).count("1 note of the panel.") == 2  # the text for a screen reader, and the row
    assert line in words_of(point)
    assert words_of(whole).count(line) == 1


def test_a_note_is_before_the_sponsor_who_signs_and_in_the_paper(team: Team) -> None:
    council, sam, priya = team.council, team.council.sam, team.council.priya
    noted(team, "Talk to three more users")
    council.form(sam, council.command(sam, "/checkpoint"), "checkpoint_walk")
    team.walk(sam)
    handed_in = council.answer(sam, lambda: team.fill(sam, form="All yours"), PARKING)

    form = council.form(priya, handed_in, "checkpoint_sign")
    files = PortfolioFiles(council.running.rules)
    service = files.service_named(WORKSPACE, "Parking permits")
    paper = files.service_papers(WORKSPACE, service, at=council.clock())[1].content.decode()

    [signed] = [words for block in form.blocks if "three more users" in (words := words_of(block))]
    assert f"Panel, <@{cast.TOM}>" in signed
    assert f"by <@{sam.id}>" in signed  # below the team's own answer to that point
    assert "A reviewer of the panel on End of discovery" in paper
    assert "Talk to three more users" in paper
    assert cast.TOM not in paper


def test_without_a_panel_the_paper_says_that_none_is_recorded(team: Team) -> None:
    files = PortfolioFiles(team.council.running.rules)

    service = files.service_named(WORKSPACE, "Parking permits")
    paper = files.service_papers(WORKSPACE, service, at=team.council.clock())[1].content.decode()

    assert "Notes of a review panel: not recorded." in paper


def test_who_declines_is_replaced_and_loses_nothing(team: Team) -> None:
    council, tom = team.council, team.council.slack.person("Tom")
    ask(team)
    offers(council, Reviewer(cast.JO, "YOR"))

    view = council.form(tom, invitation(team), "review_decline")

    assert "Nothing is held against you" in words_of(view)
    assert "Will you review" in invitation(team, "Jo").text


def test_without_a_seat_nobody_writes_notes(team: Team) -> None:
    council, tom = team.council, team.council.slack.person("Tom")
    ask(team)

    assert "review_note" not in action_ids(council.command(tom, "/advisor", "reviews"))


def test_an_ended_review_takes_no_more_answers(team: Team) -> None:
    council, sam, tom = team.council, team.council.sam, team.council.slack.person("Tom")
    ask(team)
    sam.close(everything=True)

    council.form(sam, said(council, "Sam", "Panel for"), "review_finish")
    view = council.form(tom, invitation(team), "review_accept")

    assert "This review is over" in words_of(view)
