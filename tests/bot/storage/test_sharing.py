"""What is shared is kept with its history; every disclosure is a line; a viewer abroad is known to nobody here."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.network.introductions import Introduction, Side
from bot.network.sharing import Party, Shares, Viewer
from bot.storage.commons import Commons
from bot.storage.database import Database
from bot.storage.network_tables import sharing_changes
from bot.storage.retention import erase_workspace
from tests.bot.storage.processes import NOON

LEEDS, YORK = Party("T1", "LDS"), Party("T2", "YOR")


@pytest.fixture
def commons(database: Database) -> Commons:
    return Commons(database)


def keep(commons: Commons, party: Party, *fields: str, contact: str = "") -> None:
    with commons.writing() as pages:
        pages.sharing.keep(Shares(party, frozenset(fields), contact), who="U1", at=NOON)  # type: ignore[arg-type]


def test_who_never_said_anything_shares_nothing(commons: Commons) -> None:
    with commons.reading() as pages:
        assert pages.sharing.of(LEEDS) == Shares(LEEDS)
        assert pages.sharing.all() == []


def test_what_is_shared_is_kept_by_party(commons: Commons) -> None:
    keep(commons, LEEDS, "name", "contact", contact="digital@leeds.example")
    keep(commons, YORK, "phase")

    with commons.reading() as pages:
        assert pages.sharing.of(LEEDS) == Shares(LEEDS, frozenset({"name", "contact"}), "digital@leeds.example")
        assert [one.party for one in pages.sharing.all()] == [LEEDS, YORK]


def test_who_stops_is_in_no_list_at_once_and_the_history_stays(commons: Commons, database: Database) -> None:
    keep(commons, LEEDS, "name")
    keep(commons, LEEDS)
    keep(commons, LEEDS)

    with commons.reading() as pages:
        assert pages.sharing.all() == []
    with database.reading() as connection:
        lines = connection.execute(select(sharing_changes.c.before, sharing_changes.c.after)).all()
    assert [tuple(line) for line in lines] == [([], ["name"]), (["name"], [])]


def test_every_disclosure_is_a_line_the_newest_first(commons: Commons) -> None:
    with commons.writing() as pages:
        viewer = Viewer("T1", "U9", frozenset({"CMD"}))
        pages.sharing.note([(LEEDS, "s1", ["phase", "name"])], viewer, occasion="who else", at=NOON)
        later = NOON + dt.timedelta(hours=1)
        pages.sharing.note([(LEEDS, "s2", ["name"]), (YORK, "s3", ["name"])], viewer, occasion="who else", at=later)

    with commons.reading() as pages:
        lines = pages.sharing.disclosed(LEEDS)
    assert [(one.service_id, one.fields, one.seen_by) for one in lines] == [
        ("s2", ("name",), "U9"),
        ("s1", ("name", "phase"), "U9"),
    ]
    assert lines[0].seen_from == ("CMD",)


def test_a_viewer_of_another_workspace_is_kept_as_a_hash_that_is_the_same_each_time(commons: Commons) -> None:
    for _ in range(2):
        with commons.writing() as pages:
            pages.sharing.note([(LEEDS, "s1", ["name"])], Viewer("T2", "U9"), occasion="who else", at=NOON)

    with commons.reading() as pages:
        first, second = pages.sharing.disclosed(LEEDS)
    assert first.seen_by == second.seen_by
    assert "U9" not in first.seen_by


def test_a_workspace_that_leaves_takes_what_it_shared(commons: Commons, database: Database) -> None:
    keep(commons, LEEDS, "name")
    keep(commons, YORK, "name")

    erase_workspace(database, "T1")

    with commons.reading() as pages:
        assert [one.party for one in pages.sharing.all()] == [YORK]


def introduction(asked_at: dt.datetime = NOON, id: str = "i1") -> Introduction:
    asking = Side(LEEDS, "s1", "U1", "sam@leeds.example", "yes")
    return Introduction(id, "service-standard/05", asking, Side(YORK, "s2", "U2"), asked_at, NOON.date())


def test_an_introduction_is_kept_in_both_workspaces_and_read_as_one(commons: Commons) -> None:
    with commons.writing() as pages:
        pages.introductions.keep(introduction())
        pages.introductions.keep(replace(introduction(NOON + dt.timedelta(days=1), "i2"), opened_at=NOON))

    with commons.reading() as pages:
        assert pages.introductions.get("i1") == introduction()
        assert [one.id for one in pages.introductions.of_parties([YORK])] == ["i2", "i1"]
        assert pages.introductions.of_parties([Party("T1", "YOR")]) == []
        assert pages.introductions.of_parties([]) == []


@pytest.mark.parametrize("gone", ["T1", "T2"])
def test_who_leaves_takes_their_side_and_with_it_the_introduction(
    commons: Commons, database: Database, gone: str
) -> None:
    with commons.writing() as pages:
        pages.introductions.keep(introduction())

    erase_workspace(database, gone)

    with commons.reading() as pages:
        assert pages.introductions.get("i1") is None
        assert pages.introductions.of_parties([LEEDS, YORK]) == []
