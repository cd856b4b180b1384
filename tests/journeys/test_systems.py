"""The system that a service runs on: entered, changed, shown, put into files and papers, and taken in again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from docx import Document

from bot.trial import cast
from bot.usecases.checkpoint_register import RegisterDesk
from tests.journeys.council import WORKSPACE, Council, words_of
from tests.journeys.test_checkpoints import TODAY, Team, front
from tests.journeys.test_portfolio import content_of, files_of

NASTY = "=Pay & <!channel>"


@pytest.fixture
def team(council: Council) -> Team:
    return Team(council)


def change(team: Team, system: str) -> None:
    """Sam changes the service's system in the form."""
    sam = team.council.sam
    team.council.form(sam, team.council.command(sam, "/checkpoint"), "checkpoint_edit")
    assert team.fill(sam, system=system).ok
    if sam.modal() is not None:
        sam.close(everything=True)


def test_it_is_entered_shown_changed_and_taken_out_and_each_change_is_in_the_history(team: Team) -> None:
    council, sam = team.council, team.council.sam
    team.start(system="Civica Pay")
    assert "runs on Civica Pay" in words_of(council.command(sam, "/checkpoint"))

    change(team, NASTY)
    standing = council.command(sam, "/checkpoint")
    change(team, "")

    assert "runs on =Pay &amp; &lt;!channel&gt;" in words_of(standing)
    assert "runs on =Pay &amp; &lt;!channel&gt;" in standing.text
    assert "runs on" not in words_of(council.command(sam, "/checkpoint"))
    with council.running.rules.ledger.reading(WORKSPACE) as pages:
        [service] = pages.services.all()
        lines = [one.change for one in pages.services.history(service.id) if one.change.field == "system"]
    assert [(one.before, one.after) for one in lines] == [("", "Civica Pay"), ("Civica Pay", NASTY), (NASTY, "")]


def test_the_field_takes_a_hundred_characters_and_may_be_left_empty(team: Team) -> None:
    sam = team.council.sam
    sam.command("/checkpoint", "start", channel=cast.PARKING)
    team.council.settle()

    [block] = [one for one in front(sam).blocks if one["block_id"] == "system"]

    assert block["element"]["max_length"] == 100
    assert block["optional"] is True


@pytest.fixture
def leader(team: Team) -> Council:
    """A council whose one service runs on a system with a name that a spreadsheet would run; Priya sponsors it."""
    team.start(system=NASTY)
    return team.council


def file_for(council: Council, typed: str, ending: str) -> bytes:
    """What stands in the file that Priya is sent."""
    council.command(council.priya, "/advisor", typed)
    [*_, sent] = files_of(council.slack, council.slack.workspace.im_with(cast.PRIYA).id)
    return content_of(council.slack, sent, ending)


def test_it_is_in_every_export(leader: Council) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_for(leader, "export xlsx", ".xlsx")))
    heading, row = list(book["services"].iter_rows(values_only=True))[:2]
    assert dict(zip(heading, row, strict=True))["system"] == NASTY
    table = file_for(leader, "export csv", ".csv").decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(table, newline=""))
    assert line["system"] == f"'{NASTY}"
    assert json.loads(file_for(leader, "export json", ".json"))["services"][0]["system"] == NASTY


def test_it_is_in_the_committee_papers(leader: Council) -> None:
    for typed in ("paper Parking permits", "paper portfolio"):
        content = file_for(leader, typed, ".docx")
        assert zipfile.is_zipfile(io.BytesIO(content))
        document = Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert NASTY in " ".join([*(one.text for one in document.paragraphs), *cells])


def test_a_register_written_before_there_were_systems_changes_none(leader: Council) -> None:
    desk = RegisterDesk(leader.running.rules, leader.running.directory)
    rows = list(csv.DictReader(io.StringIO(desk.give_out(WORKSPACE), newline="")))
    assert rows[0].pop("system") == f"'{NASTY}"
    with leader.running.rules.ledger.reading(WORKSPACE) as pages:
        before, lines = pages.services.all(), len(pages.services.history(rows[0]["id"]))
    older = io.StringIO(newline="")
    writer = csv.DictWriter(older, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)

    assert desk.take_in(WORKSPACE, older.getvalue(), at=TODAY).faults == ()

    with leader.running.rules.ledger.reading(WORKSPACE) as pages:
        assert pages.services.all() == before
        assert len(pages.services.history(before[0].id)) == lines


def test_a_register_with_the_column_gives_and_takes_it(leader: Council) -> None:
    desk = RegisterDesk(leader.running.rules, leader.running.directory)
    written = desk.give_out(WORKSPACE)
    with leader.running.rules.ledger.reading(WORKSPACE) as pages:
        [before] = pages.services.all()

    [taken] = desk.take_in(WORKSPACE, written.replace(f"'{NASTY}", "NEC Revenues"), at=TODAY).services

    assert taken == replace(before, system="NEC Revenues")
    assert desk.take_in(WORKSPACE, written.replace(f"'{NASTY}", ""), at=TODAY).services[0].system == ""
