"""Blind rounds as teams have them: two people and more, ended by all, by the date, by the owner; and peeking."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.refusals import Refused
from bot.rendering.portfolio import KEY
from bot.storage.checkpoint_tables import blind_cards
from bot.trial import cast
from bot.trial.acting import Outcome
from bot.trial.person import Person
from bot.trial.records import Message, View
from bot.usecases.checkpoint_blind import BlindDesk
from bot.usecases.checkpoint_register import RegisterDesk
from tests.journeys.council import PARKING, WORKSPACE, Council, action_ids, words_of
from tests.journeys.test_checkpoints import TEMPLATE, Team, front

AFTER = dt.datetime(2026, 12, 1, 9, 31, tzinfo=LONDON)
LAST_DAY = "2026-11-30"


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def ask(team: Team, *people: str, last_day: str = LAST_DAY, named: bool = False) -> Message:
    """Sam plans a checkpoint and opens a round; what the channel is told of the round."""
    opened = team.plan(team.start())
    sam = team.council.sam
    team.council.form(sam, opened, "checkpoint_blind")
    values = {"people": list(people or (cast.SAM, cast.JO)), "last_day": last_day, "named": ["named"] if named else []}
    return team.council.answer(sam, lambda: team.fill(sam, **values), PARKING)


def look(team: Team, person: Person, message: Message, action_id: str = "blind_round") -> View:
    """What a button of a message opens, whatever was open before."""
    if person.modal():
        person.close(everything=True)
    return team.council.form(person, message, action_id)


def rating_fields(view: View) -> list[str]:
    return [block["block_id"] for block in view.blocks if block["block_id"].startswith("rating.")]


def rate(team: Team, person: Person, asked: Message, rating: str, **others: str) -> Outcome:
    """Rate every point alike, but for *others* by the id of their point; a note on the first."""
    view = look(team, person, asked)
    values = dict.fromkeys(rating_fields(view), rating)
    values |= {f"rating.{point}": other for point, other in others.items() if not point.startswith("note")}
    values |= {"note.users": others["note"]} if "note" in others else {}
    return team.fill(person, **values)


def cards(team: Team) -> int:
    with team.council.running.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(blind_cards)).scalar_one()


def tick(team: Team, at: dt.datetime) -> None:
    """One pass of a clock at that moment."""
    team.council.clock.moment = at
    team.council.running.upkeep.close_rounds(at=at)
    team.council.running.notifier.send_due(at=at)


def direct(person: Person) -> list[str]:
    return [message.text for message in person.answers()]


def test_two_people_rate_apart_and_see_the_disputed_points_when_both_are_in(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    asked = ask(team)
    rate(team, sam, asked, "met", note="Twelve interviews")
    saved = words_of(front(sam))

    told = team.council.answer(jo, lambda: rate(team, jo, asked, "met", users="not yet"), PARKING)

    assert f"asks <@{cast.SAM}>, <@{cast.JO}> to rate the points of End of discovery" in asked.text
    assert "1 of 2 are in" in saved
    assert "2 of 2 rated it. Talk about these first:" in told.text
    assert "1 met, 1 not yet" in told.text.casefold()
    assert "Twelve interviews" in told.text
    assert f"<@{cast.SAM}>" not in told.text
    assert cards(team) == 0
    whole = look(team, team.council.priya, told)
    assert words_of(whole).count("2 met") == 11
    assert "Point 1 of 12" in words_of(team.council.form(team.council.priya, whole, "checkpoint_point", _first(whole)))


def _first(view: View) -> str:
    return str(next(block["accessory"]["value"] for block in view.blocks if "accessory" in block))


def test_names_are_shown_where_the_round_was_opened_so(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    asked = ask(team, named=True)
    rate(team, sam, asked, "met")

    told = team.council.answer(jo, lambda: rate(team, jo, asked, "partly"), PARKING)

    assert f"<@{cast.JO}>, partly" in told.text


def test_the_date_closes_it_and_the_channel_hears_of_it_once_in_the_morning(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    asked = ask(team, cast.SAM, cast.JO, cast.TOM)
    rate(team, sam, asked, "met")
    rate(team, jo, asked, "not yet")

    tick(team, dt.datetime(2026, 12, 1, 0, 0, 30, tzinfo=LONDON))
    at_night = [message.text for message in sam.answers(PARKING)]
    tick(team, AFTER)
    tick(team, AFTER + dt.timedelta(minutes=1))

    told = [one for one in sam.answers(PARKING) if "talk about the ratings" in one.text]
    assert not any("talk about" in text for text in at_night)
    assert len(told) == 1
    assert "2 of 3 rated it. Talk about these first:" in told[0].text
    assert "1 met, 1 not yet" in words_of(look(team, sam, told[0])).casefold()
    late = look(team, team.council.slack.person("Tom"), asked)
    assert rating_fields(late) == []


def test_the_only_one_who_answered_is_not_shown(team: Team) -> None:
    jo = team.council.slack.person("Jo")
    asked = ask(team)
    rate(team, jo, asked, "not yet", note="Between us")

    tick(team, AFTER)

    [told] = [one for one in jo.answers(PARKING) if "open another blind round" in one.text]
    shown = words_of(look(team, team.council.sam, told))
    assert "1 of 2 rated it, too few to compare" in told.text
    assert "Between us" not in shown + told.text
    assert cards(team) == 0


def test_everybody_is_asked_directly_and_reminded_once_unless_they_are_in(team: Team) -> None:
    sam, jo, tom = team.council.sam, team.council.slack.person("Jo"), team.council.slack.person("Tom")
    asked = ask(team, cast.SAM, cast.JO, cast.TOM)
    rate(team, sam, asked, "met")

    for day in (26, 27, 30):
        tick(team, dt.datetime(2026, 11, day, 9, 31, tzinfo=LONDON))

    assert [len(direct(person)) for person in (sam, jo, tom)] == [1, 2, 2]
    assert f"<@{cast.SAM}> asks you to rate the points" in direct(jo)[0]
    assert f"<@{cast.JO}>: please *rate, unseen by others, the points of End of discovery*" in direct(jo)[1]
    reminder = jo.answers()[-1]
    assert action_ids(reminder) == {"blind_round"}
    assert rating_fields(look(team, jo, reminder))


def test_own_ratings_can_be_changed_and_withdrawn_until_the_end(team: Team) -> None:
    sam, jo, tom = team.council.sam, team.council.slack.person("Jo"), team.council.slack.person("Tom")
    asked = ask(team, cast.SAM, cast.JO, cast.TOM)
    rate(team, jo, asked, "partly", note="My first thought")
    again = look(team, jo, asked)
    [held] = [block["element"]["initial_value"] for block in again.blocks if block["block_id"] == "note.users"]
    rate(team, jo, asked, "met", note="My second thought")
    rate(team, tom, asked, "met", note="To be withdrawn")

    form = look(team, tom, asked)
    withdrawn = words_of(team.council.form(tom, form, "blind_withdraw"))
    told = team.council.answer(sam, lambda: rate(team, sam, asked, "met", note="Sam's"), PARKING)

    shown = words_of(look(team, sam, told))
    assert held == "My first thought"
    assert "Nothing of yours is kept" in withdrawn
    assert "2 of 3 rated it, and you agree on every point" in told.text
    assert "My second thought" in shown
    assert "To be withdrawn" not in shown
    assert "My first thought" not in shown


def test_who_withdraws_last_leaves_nothing_to_show(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    asked = ask(team)
    rate(team, sam, asked, "met", note="Alone now")

    form = look(team, jo, asked)
    told = team.council.answer(jo, lambda: jo.click(form, "blind_withdraw"), PARKING)

    assert "too few to compare" in told.text
    assert "Alone now" not in words_of(told) + words_of(look(team, sam, asked))


def test_the_owner_closes_it_early_once_two_are_in_and_nobody_else_does(team: Team) -> None:
    sam, jo, tom = team.council.sam, team.council.slack.person("Jo"), team.council.slack.person("Tom")
    asked = ask(team, cast.JO, cast.TOM, cast.PRIYA)
    rate(team, jo, asked, "met")
    standing = look(team, sam, asked)
    refused = words_of(team.council.form(sam, standing, "blind_close"))
    sam.close()
    rate(team, tom, asked, "not yet")

    theirs = team.council.form(tom, look(team, tom, asked), "blind_standing")
    standing = look(team, sam, asked)
    told = team.council.answer(sam, lambda: sam.click(standing, "blind_close"), PARKING)

    assert "1 of 3 are in. It can be closed early once two are" in refused
    assert action_ids(theirs) == {"blind_round"}
    assert "2 of 3 rated it" in told.text
    tick(team, AFTER)
    assert not any("talk about the ratings" in one.text for one in sam.answers(PARKING))


def test_a_round_that_is_called_off_leaves_nothing(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    asked = ask(team, cast.JO, cast.TOM)
    rate(team, jo, asked, "not yet")

    standing = look(team, sam, asked)
    told = team.council.answer(sam, lambda: sam.click(standing, "blind_call_off"), PARKING)

    assert "What was rated is deleted" in told.text
    assert cards(team) == 0
    assert "was called off" in words_of(look(team, jo, asked))


def test_a_round_is_asked_for_where_the_checkpoint_is_planned(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    told = team.start()
    team.council.form(sam, told, "checkpoint_plan_one")
    half = team.fill(sam, template=TEMPLATE, due_on="2027-01-15", people=[cast.SAM, cast.JO])

    team.fill(sam, last_day=LAST_DAY)

    assert half.errors == {"last_day": "Say until when they can rate the points."}
    texts = [message.text for message in sam.answers(PARKING)]
    assert any("to rate the points of End of discovery" in text for text in texts)
    assert any("End of discovery of Parking permits: Planned" in text for text in texts)
    assert "asks you to rate" in direct(jo)[-1]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"people": [cast.SAM]}, "people", "Name at least two people"),
        ({"last_day": "2026-11-20"}, "last_day", "is in the past"),
    ],
)
def test_a_round_with_one_person_or_a_day_gone_is_refused_in_the_form(
    team: Team, wrong: Mapping[str, object], field: str, words: str
) -> None:
    sam = team.council.sam
    team.council.form(sam, team.plan(team.start()), "checkpoint_blind")

    outcome = team.fill(sam, **{"people": [cast.SAM, cast.JO], "last_day": LAST_DAY, **wrong})

    assert words in outcome.errors[field]


def test_a_second_round_waits_for_the_end_of_the_first(team: Team) -> None:
    sam = team.council.sam
    opened = team.plan(team.start())
    team.council.form(sam, opened, "checkpoint_blind")
    team.council.form(team.council.priya, opened, "checkpoint_blind")
    team.fill(sam, people=[cast.SAM, cast.JO], last_day=LAST_DAY)

    outcome = team.fill(team.council.priya, people=[cast.SAM, cast.TOM], last_day=LAST_DAY)

    assert "is open already" in outcome.errors["people"]


def test_a_point_without_a_rating_is_said_in_the_form(team: Team) -> None:
    jo = team.council.slack.person("Jo")
    view = look(team, jo, ask(team))
    first, *rest = rating_fields(view)

    outcome = team.fill(jo, **dict.fromkeys(rest, "met"))

    assert list(outcome.errors) == [first]


def test_a_person_who_has_left_is_not_waited_for(team: Team) -> None:
    sam, jo = team.council.sam, team.council.slack.person("Jo")
    asked = ask(team, cast.SAM, cast.JO, cast.TOM)
    rate(team, sam, asked, "met")
    rate(team, jo, asked, "not yet")
    team.council.noisy = True
    team.council.slack.fail_next("chat.postMessage", error="user_not_found")

    tick(team, dt.datetime(2026, 11, 27, 9, 31, tzinfo=LONDON))
    tick(team, dt.datetime(2026, 11, 27, 9, 32, tzinfo=LONDON))
    tick(team, dt.datetime(2026, 11, 30, 9, 31, tzinfo=LONDON))

    [told] = [one for one in sam.answers(PARKING) if "talk about the ratings" in one.text]
    assert "2 of 3 rated it" in told.text
    assert len(direct(sam)) == 1


def test_who_cannot_be_asked_is_named_to_who_asked(team: Team) -> None:
    sam = team.council.sam
    opened = team.plan(team.start())
    team.council.form(sam, opened, "checkpoint_blind")
    view = front(sam)
    del team.council.slack.workspace.users[cast.JO]

    team.fill(sam, people=[cast.TOM, cast.JO], last_day=LAST_DAY)

    assert view.title == "Rate it blind first"
    assert any(f"cannot write to <@{cast.JO}> directly" in text for text in direct(sam))


def test_nobody_can_peek(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    council, sam, jo = team.council, team.council.sam, team.council.slack.person("Jo")
    priya, tom = team.council.priya, team.council.slack.person("Tom")
    asked = ask(team, cast.SAM, cast.JO, cast.TOM)
    rate(team, jo, asked, "not yet", note="zebra crossing")
    council.running.upkeep.run(at=council.clock())
    desk = RegisterDesk(council.running.rules)

    seen = [words_of(look(team, person, asked)) for person in (sam, tom, priya)]
    seen += [words_of(council.form(sam, front(sam), "blind_standing"))]
    for person in (sam, tom, priya):
        person.close(everything=True)
    seen += [words_of(council.home(person)) for person in (sam, tom, priya, jo)]
    seen += [council.command(sam, "/checkpoint", words).text for words in ("", "plan", "nudges", "receipt 1-AAAA")]
    seen += [desk.give_out(WORKSPACE), desk.calendar(WORKSPACE, at=council.clock()).decode()]
    seen += [words_of(message) for person in (sam, tom, priya) for message in person.answers(PARKING)]
    seen += [words_of(message) for person in (sam, tom, priya) for message in person.answers()]
    seen += [record.getMessage() for record in caplog.records if record.name.split(".")[0] in ("bot", "handlers")]

    seen = [text.replace(KEY, "") for text in seen]  # a leader's Home explains its symbols
    assert not any("zebra" in text for text in seen)
    assert not any("not yet," in text.casefold() or "1 not yet" in text.casefold() for text in seen)
    assert "to those who are not in yet: rate" in "".join(seen)


def test_a_form_sent_by_somebody_who_is_not_named_is_refused(team: Team) -> None:
    jo, priya = team.council.slack.person("Jo"), team.council.priya
    values = dict.fromkeys(rating_fields(look(team, jo, ask(team, cast.JO, cast.TOM))), "met")
    desk, at = BlindDesk(team.council.running.rules), team.council.clock()
    with team.council.running.rules.ledger.reading(WORKSPACE) as pages:
        [one] = pages.blind.open()

    with pytest.raises(Refused, match="named people"):
        desk.rate(WORKSPACE, priya.id, f'{{"round": "{one.id}"}}', values, at=at)
    with pytest.raises(Refused, match="not there any more"):
        desk.round_view("T0OTHER001", jo.id, one.id, at=at)
