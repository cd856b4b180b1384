"""A register that names people by e-mail address and channels by name: looked up in Slack, or refused row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from slack_sdk.http_retry import builtin_handlers

from bot.app import open_directory
from bot.checkpoints.register import Register
from bot.errors import InputError
from bot.trial import cast
from bot.usecases.checkpoint_register import RegisterDesk
from tests.journeys.conftest import MakeShared
from tests.journeys.council import WORKSPACE, Council
from tests.journeys.workspaces import TEAMS, Shared

HEADING = "name,council,owner,sponsor,channel"
ROW = "Bins,LDS,Sam@Anytown.gov.uk,priya@anytown.gov.uk,#Parking-Permits"
MakeCouncil = Callable[..., Council]


def desk(council: Council) -> RegisterDesk:
    return RegisterDesk(council.running.rules, council.running.directory)


def take_in(council: Council, *rows: str, workspace: str = WORKSPACE) -> Register:
    return desk(council).take_in(workspace, "\n".join([HEADING, *rows]), at=council.clock())


def messages(register: Register) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in register.faults]


def test_addresses_and_channel_names_become_ids_and_are_not_kept(council: Council) -> None:
    [service] = take_in(council, ROW).services

    assert (service.owner_id, service.sponsor_id, service.channel_id) == (cast.SAM, cast.PRIYA, cast.PARKING)
    assert "@anytown" not in desk(council).give_out(WORKSPACE)


def test_ids_are_taken_without_asking_slack(council: Council) -> None:
    register = take_in(council, f"Bins,LDS,{cast.SAM},{cast.PRIYA},{cast.PARKING}")

    assert register.faults == ()
    assert not council.slack.calls_of("users.lookupByEmail")
    assert not council.slack.calls_of("conversations.list")


def test_each_address_is_looked_up_once(council: Council) -> None:
    take_in(council, ROW, ROW.replace("Bins", "Parks"))

    assert len(council.slack.calls_of("users.lookupByEmail")) == 2


def test_one_unknown_address_or_channel_refuses_the_file_and_names_the_row(council: Council) -> None:
    wrong = "Parks,LDS,nobody@anytown.gov.uk,priya@anytown.gov.uk,#no-such-channel"

    found = messages(take_in(council, ROW, wrong))

    assert [(row, column) for row, column, _ in found] == [(3, "owner"), (3, "channel")]
    assert "No open account of this workspace has the address nobody@anytown.gov.uk" in found[0][2]
    assert "No open public channel is called #no-such-channel" in found[1][2]
    assert desk(council).give_out(WORKSPACE).count("\n") == 1


def test_a_closed_account_owns_nothing(council: Council) -> None:
    users = council.slack.workspace.users
    users[cast.SAM] = dataclasses.replace(users[cast.SAM], deleted=True)

    [(_, column, message)] = messages(take_in(council, ROW))

    assert column == "owner"
    assert "No open account" in message


def test_without_the_scope_the_row_says_which_to_grant(council: Council) -> None:
    scopes = council.slack.workspace.installation.scopes
    council.slack.workspace.installation.limit(scopes - {"users:read", "users:read.email"})

    found = messages(take_in(council, ROW))

    assert [column for _, column, _ in found] == ["owner", "sponsor"]
    assert "users:read.email" in found[0][2]
    assert "or write the Slack id (U...)" in found[0][2]


def test_without_a_token_the_row_says_so(make_council: MakeCouncil) -> None:
    council = make_council()
    without = RegisterDesk(council.running.rules, type(council.running.directory)(None))  # type: ignore[call-arg]

    found = messages(without.take_in(WORKSPACE, f"{HEADING}\n{ROW}", at=council.clock()))

    assert [column for _, column, _ in found] == ["owner", "sponsor", "channel"]
    assert all("No SLACK_BOT_TOKEN is set" in message for _, _, message in found)


def test_a_plain_name_is_refused_with_what_to_write(council: Council) -> None:
    [(_, _, message)] = messages(take_in(council, ROW.replace("Sam@Anytown.gov.uk", "Sam Okoro")))

    assert (
        message
        == "'Sam Okoro' is no member of this workspace. Write an e-mail address, or a Slack id such as U012AB3CD."
    )


@pytest.mark.parametrize("method", ["users.lookupByEmail", "conversations.list", "auth.test"])
def test_where_slack_cannot_be_asked_nothing_is_taken_in(council: Council, method: str) -> None:
    council.slack.fail_next(method, error="internal_error")

    with pytest.raises(InputError, match=r"could not be asked who is who \(internal_error\): nothing was taken in"):
        take_in(council, ROW)

    assert desk(council).give_out(WORKSPACE).count("\n") == 1


def test_a_token_of_another_workspace_is_not_asked(council: Council) -> None:
    with pytest.raises(InputError, match="is of the workspace"):
        take_in(council, ROW, workspace="T0ANOTHER1")


def test_a_channel_on_the_second_page_is_found(council: Council) -> None:
    for number in range(250):
        council.slack.workspace.add_channel(f"channel-{number}")

    assert take_in(council, ROW.replace("#Parking-Permits", "#channel-249")).faults == ()
    assert len(council.slack.calls_of("conversations.list")) == 2


def test_a_long_register_waits_where_slack_asks_to(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(builtin_handlers, "time", SimpleNamespace(sleep=waited.append))
    council.slack.fail_next("users.lookupByEmail", error="ratelimited", retry_after=7, times=2)

    register = take_in(council, ROW)

    assert register.faults == ()
    assert [int(one) for one in waited] == [7, 7]  # slack_sdk adds a part of a second


# Many workspaces


def test_each_workspace_is_asked_with_the_token_of_its_installation(shared: Shared) -> None:
    leeds, hull = shared.councils

    [service] = take_in(hull, ROW, workspace=TEAMS[1]).services
    with open_directory(hull.settings) as directory:
        found = directory.channels(TEAMS[1], ["#parking-permits"])

    assert (service.workspace_id, service.owner_id, service.channel_id) == (TEAMS[1], cast.SAM, cast.PARKING)
    assert found.ids == {"#parking-permits": cast.PARKING}
    assert (len(hull.slack.calls_of("users.lookupByEmail")), len(hull.slack.calls_of("conversations.list"))) == (2, 2)
    assert not leeds.slack.calls_of("users.lookupByEmail")


def test_a_workspace_that_did_not_install_advisor_is_told_so(make_shared: MakeShared) -> None:
    leeds = make_shared().councils[0]

    with pytest.raises(InputError, match=f"{TEAMS[0]}: Advisor is not installed in the workspace.* Nothing was taken"):
        take_in(leeds, ROW, workspace=TEAMS[0])
