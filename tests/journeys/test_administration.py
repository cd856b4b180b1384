"""Administration in Slack: roles given and taken by form, the audit log, and who may see what."""

from __future__ import annotations

import pytest

from bot.storage.administration import Offices
from bot.trial import cast
from bot.trial.acting import Outcome
from bot.usecases.administration import Administration
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import WORKSPACE, Council, words_of
from tests.journeys.test_checkpoints import SERVICE, Team, front

ADMIN = cast.PRIYA


@pytest.fixture
def council(make_council: MakeCouncil) -> Council:
    """A council of which Priya is administrator by the settings."""
    return make_council(admins=ADMIN)


def change(council: Council, whom: str, role: str, how: str = "give") -> Outcome:
    """Priya gives or takes a role."""
    council.priya.command("/advisor", "roles", channel="#parking-permits")
    council.settle()
    return council.priya.submit(values={"person": whom, "role": role, "change": how})


def test_an_administrator_gives_a_role_and_sees_who_has_which(council: Council) -> None:
    outcome = change(council, cast.SAM, "editor")

    assert outcome.ok
    assert f"<@{cast.SAM}>" in words_of(front(council.priya))


def test_a_member_sees_neither_gaps_nor_health(council: Council) -> None:
    for word in ("gaps", "health"):
        assert "Only Advisor's administrators" in council.command(council.sam, "/advisor", word).text


def test_an_editor_sees_gaps_and_not_health(council: Council) -> None:
    change(council, cast.SAM, "editor")

    assert "Only Advisor's" not in council.command(council.sam, "/advisor", "gaps").text
    assert "Only Advisor's" in council.command(council.sam, "/advisor", "health").text


def test_a_role_that_is_taken_is_gone_at_once(council: Council) -> None:
    change(council, cast.SAM, "editor")
    council.priya.close(everything=True)

    change(council, cast.SAM, "editor", "take")

    assert "Only Advisor's" in council.command(council.sam, "/advisor", "gaps").text


@pytest.mark.parametrize(
    ("whom", "role", "how", "fault"),
    [
        (cast.SAM, "editor", "take", "do not have this role"),
        (ADMIN, "admin", "take", "ADVISOR_ADMINS"),
        (ADMIN, "admin", "give", "already"),
    ],
)
def test_what_cannot_be_is_said_at_the_person(council: Council, whom: str, role: str, how: str, fault: str) -> None:
    outcome = change(council, whom, role, how)

    assert list(outcome.errors) == ["person"]
    assert fault in outcome.errors["person"]


def test_a_form_of_somebody_who_may_not_changes_nothing(council: Council) -> None:
    change(council, cast.SAM, "admin")
    council.priya.close(everything=True)
    council.sam.command("/advisor", "roles", channel="#parking-permits")
    council.settle()
    change(council, cast.SAM, "admin", "take")

    outcome = council.sam.submit(values={"person": cast.SAM, "role": "admin", "change": "give"})

    assert "Only Advisor's administrators" in outcome.errors["person"]
    assert "Administrators: 1" in council.command(council.priya, "/advisor", "health").text


def test_every_act_is_a_line_of_the_audit_log(council: Council) -> None:
    change(council, cast.SAM, "editor")
    council.priya.close(everything=True)
    change(council, cast.SAM, "editor", "take")
    asked = council.command(council.priya, "/advisor", "off for a test")
    council.click(council.priya, asked, "switch_off")
    council.command(council.priya, "/advisor", "on")

    log = council.command(council.priya, "/advisor", "audit")

    acts = ["switched on", "switched off", "took role editor", "gave role editor"]
    assert sorted(acts, key=log.text.index) == acts
    assert f"<@{ADMIN}> gave role editor for <@{cast.SAM}>" in log.text
    assert "for a test" in log.text


def test_what_is_refused_is_no_line(council: Council) -> None:
    change(council, cast.SAM, "editor", "take")

    assert "empty" in council.command(council.priya, "/advisor", "audit").text


def test_for_a_member_the_words_of_administrators_are_questions(council: Council) -> None:
    for word in ("audit", "roles", "on"):
        council.command(council.sam, "/advisor", word)

    assert len(council.kept()) == 3


def test_whoever_installs_is_the_first_administrator_and_only_the_first(make_council: MakeCouncil) -> None:
    council = make_council()
    desk = Administration(Offices(council.running.database))

    became = [desk.first_admin(WORKSPACE, who, at=council.clock()) for who in (cast.SAM, cast.PRIYA)]

    assert became == [True, False]
    assert desk.book(WORKSPACE).holders("admin") == {cast.SAM}
    assert "Installed Advisor." in council.command(council.sam, "/advisor", "audit").text


def test_roles_of_one_workspace_are_none_in_another(council: Council) -> None:
    change(council, cast.SAM, "editor")
    desk = Administration(Offices(council.running.database))

    assert desk.book("T0NEIGHBOUR").roles_of(cast.SAM) == frozenset()
    assert desk.deeds("T0NEIGHBOUR") == []


def test_with_a_list_of_sponsors_nobody_else_can_be_named(council: Council) -> None:
    change(council, cast.SAM, "sponsor")
    council.priya.close(everything=True)
    team = Team(council)
    council.sam.command("/checkpoint", "start", channel="#parking-permits")
    council.settle()

    outcome = team.fill(council.sam, **{**SERVICE, "sponsor_id": cast.PRIYA})

    assert any("not one of your council's sponsors" in fault for fault in outcome.errors.values())


def test_a_sponsor_who_loses_the_role_cannot_sign_any_more(council: Council) -> None:
    team = Team(council)
    opened = team.plan(team.start())
    team.open(council.sam, opened)
    team.walk(council.sam)
    handed_in = council.answer(council.sam, lambda: team.fill(council.sam, form="All yours"), "#parking-permits")
    change(council, cast.SAM, "sponsor")
    council.priya.close(everything=True)

    view = council.form(council.priya, handed_in, "checkpoint_sign")

    assert "not one of your council's sponsors" in words_of(view)
