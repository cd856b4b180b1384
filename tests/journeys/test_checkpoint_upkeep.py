"""What time does to checkpoints, what the Home tab shows of them, and what the terminal does with their register."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from bot.checkpoints.calendar import LONDON
from bot.errors import InputError
from bot.storage.checkpoint_tables import receipts
from bot.trial import cast
from bot.trial.records import Message
from bot.usecases.checkpoint_register import RegisterDesk
from tests.journeys.council import PARKING, WORKSPACE, Council, action_ids, buttons, words_of
from tests.journeys.test_checkpoints import TODAY, Team, ready


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def decided(team: Team, **ruling: str) -> Message:
    """A checkpoint of which Priya has decided; what the channel is told."""
    priya = team.council.priya
    team.council.form(priya, ready(team), "checkpoint_sign")
    return team.council.answer(priya, lambda: team.fill(priya, **ruling), PARKING)


def met_with_a_condition(team: Team) -> Message:
    condition = {"what": "Talk to Leeds", "owner_id": cast.SAM, "due_on": "2027-02-01"}
    named = {f"conditions.0.{name}": value for name, value in condition.items()}
    return decided(team, outcome="met with conditions", **named)


def desk(team: Team) -> RegisterDesk:
    return RegisterDesk(team.council.running.rules)


def upkeep(team: Team, day: dt.date) -> int:
    at = dt.datetime.combine(day, dt.time(7), tzinfo=LONDON)
    team.council.clock.moment = at
    return team.council.running.upkeep.run(at=at)


def test_expired_evidence_asks_to_check_again_once_and_renewing_restores(team: Team) -> None:
    met_with_a_condition(team)

    before = upkeep(team, dt.date(2028, 11, 22))
    after, again = upkeep(team, dt.date(2028, 11, 24)), upkeep(team, dt.date(2028, 11, 25))

    assert (before, after, again) == (0, 1, 0)
    sam = team.council.sam
    moment = dt.datetime(2028, 12, 4, 9, 31, tzinfo=LONDON)
    team.council.clock.moment = moment
    team.council.running.notifier.send_due(at=moment)
    [nudge] = [one for one in sam.answers(PARKING) if "checkpoint_renew" in action_ids(one)]
    assert "1 point relies on it: " in nudge.text
    assert "(End of discovery)" in nudge.text
    [first, *_] = [one for one in buttons(nudge) if one["action_id"] == "checkpoint_renew"]
    team.council.form(sam, nudge, "checkpoint_renew", first["value"])
    renewed = team.council.answer(sam, lambda: team.fill(sam, dated_on="2028-12-01"), PARKING)
    assert "what relied on it counts again" in renewed.text


def test_a_waiver_that_has_ended_opens_the_checkpoint_again(team: Team) -> None:
    decided(team, outcome="waived", reason="The law changes", approver_id=cast.TOM, until="2027-05-31")

    assert upkeep(team, dt.date(2027, 5, 31)) == 0
    assert upkeep(team, dt.date(2027, 6, 1)) == 1
    assert "Under way" in team.council.command(team.council.sam, "/checkpoint").text


def test_the_home_tab_shows_my_services_what_is_next_and_my_actions(team: Team) -> None:
    met_with_a_condition(team)

    home = team.council.home(team.council.sam)

    shown = words_of(home)
    assert "My services" in shown
    assert "Parking permits" in shown
    assert "My open actions" in shown
    assert "Talk to Leeds" in shown
    assert "checkpoint_action_done" in action_ids(home)
    assert "My services" not in words_of(team.council.home(team.council.slack.person("Jo")))


def test_a_checkpoint_is_gone_on_with_from_the_home_tab(team: Team) -> None:
    team.plan(team.start())
    home = team.council.home(team.council.sam)

    assert "Point 1 of 12" in words_of(team.council.form(team.council.sam, home, "checkpoint_walk"))


def test_the_home_tab_says_that_a_channel_is_gone_until_the_bot_is_back(team: Team) -> None:
    sam = team.council.sam
    team.plan(team.start(), due="2027-01-15")
    sam.remove_bot(PARKING)
    team.council.clock.moment = dt.datetime(2027, 1, 8, 9, 31, tzinfo=LONDON)
    team.council.running.notifier.send_due(at=team.council.clock.moment)
    gone = words_of(team.council.home(sam))

    sam.invite(PARKING)
    team.council.settle()

    assert "cannot write in the channel" in gone
    assert "cannot write in the channel" not in words_of(team.council.home(sam))


def test_a_register_goes_out_and_comes_back_the_same(team: Team) -> None:
    team.start()
    out = desk(team).give_out(WORKSPACE)

    register = desk(team).take_in(WORKSPACE, out, at=TODAY)

    assert register.faults == ()
    assert desk(team).give_out(WORKSPACE) == out


def test_a_register_with_one_bad_row_takes_in_nothing(team: Team) -> None:
    team.start()
    out = desk(team).give_out(WORKSPACE)
    heading, row = out.splitlines()

    register = desk(team).take_in(WORKSPACE, "\n".join([heading, row, _as_new(heading, row)]), at=TODAY)

    assert [(fault.row, fault.column) for fault in register.faults] == [(3, "sponsor")]
    assert desk(team).give_out(WORKSPACE) == out


def _as_new(heading: str, row: str) -> str:
    """The row as a new service of another name, whose sponsor is its owner."""
    cells = dict(zip(heading.split(","), row.split(","), strict=True))
    changed = cells | {"id": "", "name": "Bins", "sponsor": cells["owner"]}
    return ",".join(changed.values())


def test_the_dates_to_come_are_a_calendar(team: Team) -> None:
    team.plan(team.start())

    assert b"SUMMARY:Parking permits: Checkpoint: end of discovery" in desk(team).calendar(WORKSPACE, at=TODAY)


def test_an_altered_byte_of_a_receipt_is_named(team: Team) -> None:
    met_with_a_condition(team)
    count, whole = desk(team).verify(WORKSPACE)
    with team.council.running.database.writing() as connection:
        connection.execute(update(receipts).values(body=receipts.c.body + " "))

    _, broken = desk(team).verify(WORKSPACE)

    assert (count, whole) == (1, None)
    assert broken is not None
    assert (broken.number, broken.fault) == (1, "its text or its hash was altered.")


def test_without_a_service_the_workspace_must_be_named(team: Team) -> None:
    with pytest.raises(InputError, match="--workspace"):
        desk(team).workspace("")
