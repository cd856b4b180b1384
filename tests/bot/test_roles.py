"""Roles: who may do what, who can be given and lose them, and who can be sponsor."""

from __future__ import annotations

import pytest

from bot.access.roles import ALLOWED, MEANS, ROLES, Act, Role, RoleBook, giving_fault, sponsor_fault, taking_fault

EVERYBODY: dict[str, frozenset[Role]] = {
    "UADMIN": frozenset({"admin"}),
    "UEDITOR": frozenset({"editor"}),
    "USPONSOR": frozenset({"sponsor"}),
}
BOOK = RoleBook(EVERYBODY, frozenset({"UNAMED"}))


@pytest.mark.parametrize("act", ALLOWED)
@pytest.mark.parametrize("user", ["UADMIN", "UNAMED"])
def test_administrators_may_do_everything(user: str, act: Act) -> None:
    assert BOOK.may(user, act)


@pytest.mark.parametrize(
    ("user", "may"),
    [("UEDITOR", {"see_gaps", "run_selftest", "judge_names"}), ("USPONSOR", set()), ("USOMEBODY", set()), ("", set())],
)
def test_others_may_do_what_their_roles_say(user: str, may: set[Act]) -> None:
    assert {act for act in ALLOWED if BOOK.may(user, act)} == may


def test_without_an_administrator_health_and_gaps_are_open_and_nothing_else() -> None:
    book = RoleBook({"UEDITOR": frozenset({"editor"})})

    assert {act for act in ALLOWED if book.may("USOMEBODY", act)} == {
        "see_health", "see_gaps", "run_selftest", "set_quiet_times",
    }  # fmt: skip


def test_the_last_administrator_stays_one() -> None:
    alone = RoleBook({"UADMIN": frozenset({"admin"})})

    assert "only administrator" in taking_fault(alone, "UADMIN", "admin")
    assert taking_fault(BOOK, "UADMIN", "admin") == ""


def test_an_administrator_by_the_settings_cannot_lose_it_in_slack() -> None:
    assert "ADVISOR_ADMINS" in taking_fault(BOOK, "UNAMED", "admin")


def test_a_role_is_given_and_taken_once() -> None:
    assert giving_fault(BOOK, "UEDITOR", "editor")
    assert not giving_fault(BOOK, "UEDITOR", "sponsor")
    assert taking_fault(BOOK, "UEDITOR", "sponsor")
    assert not taking_fault(BOOK, "UEDITOR", "editor")


def test_anybody_can_be_sponsor_until_there_is_a_list() -> None:
    assert sponsor_fault("U1", set()) == ""
    assert sponsor_fault("U1", {"U1", "U2"}) == ""
    assert "not one of your council's sponsors" in sponsor_fault("U3", {"U1"})


def test_every_role_is_explained() -> None:
    assert set(MEANS) == set(ROLES)
