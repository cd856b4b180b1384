"""The commands of whoever runs Advisor: roles and the audit log, over a database of their own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.storage.administration import Offices
from bot.storage.database import Database
from bot.usecases.administration import Administration
from tests.bot.test_cli import Ran, Run


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing configured but a database; the folder it is in."""
    names = [one for one in os.environ if one.startswith(("SLACK_", "ADVISOR_")) or one in ("PORT", "DATABASE_URL")]
    for name in names:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/advisor.sqlite3")
    monkeypatch.setattr("bot.cli_operations.set_up_logs", lambda level: None)  # it would outlast the test
    monkeypatch.setenv("ADVISOR_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def run(environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``advisor`` with these arguments."""

    def run_advisor(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["advisor", *arguments])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_advisor


def test_roles_are_given_listed_and_taken(run: Run) -> None:
    given = run("roles", "give", "U0SAM", "admin", "--workspace", "T1")
    run("roles", "give", "U0ANN", "editor")
    listed = run("roles", "list")
    run("roles", "take", "U0ANN", "editor")

    assert given.out == "U0SAM is admin now.\n"
    assert listed.out.splitlines() == ["U0ANN  editor", "U0SAM  admin"]
    assert run("roles", "list").out.splitlines() == ["U0SAM  admin"]


def test_administrators_by_the_settings_are_listed_as_such(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_ADMINS", "U0NAMED")

    assert run("roles", "list", "--workspace", "T1").out == "U0NAMED  admin  (ADVISOR_ADMINS)\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("give", "Sam", "admin", "--workspace", "T1"), "'Sam' is not Slack's id of a person"),
        (("give", "U0SAM", "king", "--workspace", "T1"), "There is no role 'king': editor, sponsor, admin."),
        (("take", "U0SAM", "admin", "--workspace", "T1"), "They do not have this role."),
        (("give", "U0SAM", "admin"), "say which workspace with --workspace T...: none is known yet."),
    ],
)
def test_what_cannot_be_is_one_line(run: Run, arguments: tuple[str, ...], line: str) -> None:
    ended = run("roles", *arguments)

    assert ended.code == 2
    assert ended.err.startswith(f"advisor: {line}")
    assert ended.err.count("\n") == 1


def test_several_workspaces_are_named_where_it_is_not_clear_which(run: Run) -> None:
    for workspace in ("T2", "T1"):
        run("roles", "give", "U0SAM", "admin", "--workspace", workspace)

    assert "there are T1, T2" in run("audit").err


def test_the_audit_log_is_printed_for_people_and_for_machines(run: Run) -> None:
    run("roles", "give", "U0SAM", "admin", "--workspace", "T1")
    run("roles", "give", "U0ANN", "editor")

    lines = run("audit").out.splitlines()
    objects = run("audit", "--json").objects
    rows = list(csv.DictReader(io.StringIO(run("audit", "--csv").out)))

    assert [line.split("  ")[2:] for line in lines] == [
        ["operator", "gave role editor", "U0ANN"],
        ["operator", "gave role admin", "U0SAM"],
    ]
    assert [(one["number"], one["act"]) for one in objects] == [(2, "gave role editor"), (1, "gave role admin")]
    assert [row["subject"] for row in rows] == ["U0ANN", "U0SAM"]
    assert json.dumps(objects)


def test_no_cell_of_the_audit_log_is_a_formula(run: Run, environment: Path) -> None:
    run("roles", "give", "U0SAM", "admin", "--workspace", "T1")
    with closing(Database(f"sqlite:///{environment}/advisor.sqlite3")) as database:
        at = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
        Administration(Offices(database)).off("T1", "U0SAM", '=HYPERLINK("http://evil.example")', at=at)

    newest, *_ = csv.DictReader(io.StringIO(run("audit", "--csv").out))

    assert newest["detail"].startswith("'=")


def test_an_empty_audit_log_says_so(run: Run) -> None:
    assert run("audit", "--workspace", "T1").out == "Nothing yet.\n"


def test_a_person_is_exported_and_erased_by_the_operator(run: Run) -> None:
    run("roles", "give", "U0ANN", "admin", "--workspace", "T1")
    run("roles", "give", "U0SAM", "editor")

    exported = json.loads(run("people", "export", "U0SAM").out)
    kept = run("people", "erase", "U0SAM", "--yes").out
    run("roles", "take", "U0SAM", "editor")
    gone = run("people", "erase", "U0SAM", "--yes").out

    assert exported["person"] == "U0SAM"
    assert [row["role"] for row in exported["held"]["roles"]] == ["editor"]
    assert "still named: role editor" in kept
    assert "kept  audit  2" in gone
    assert json.loads(run("people", "export", "U0SAM").out)["held"].keys() == {"audit"}


def test_nothing_is_erased_without_saying_yes(run: Run) -> None:
    ended = run("people", "erase", "U0SAM", "--workspace", "T1")

    assert ended.code == 2
    assert "add --yes" in ended.err


def test_a_person_is_named_by_slacks_id(run: Run) -> None:
    assert "'sam' is not Slack's id" in run("people", "export", "sam", "--workspace", "T1").err


def test_the_doctor_says_what_to_do_and_fails_while_something_is_wrong(run: Run) -> None:
    run("migrate")

    ended = run("doctor")
    objects = run("doctor", "--json").objects

    assert ended.code == 1
    assert ended.out.startswith("WRONG  settings: Slack is not set up.\n       do: SLACK_BOT_TOKEN is not set")
    assert {"about", "state", "found", "do"} == set(objects[0])
    assert {one["state"] for one in objects} <= {"ok", "look", "wrong"}


def test_a_backup_is_made_and_restored(run: Run, environment: Path) -> None:
    run("roles", "give", "U0SAM", "admin", "--workspace", "T1")
    made = run("backup", "advisor.backup")
    run("roles", "give", "U0ANN", "editor")

    refused = run("restore", "advisor.backup")
    restored = run("restore", "advisor.backup", "--force")

    assert "advisor.backup is written and checked" in made.out
    assert run("backup", "advisor.backup").code == 2
    assert refused.code == 2
    assert "holds the backup now" in restored.out
    assert run("roles", "list", "--workspace", "T1").out == "U0SAM  admin\n"


def test_backups_of_postgresql_are_left_to_its_own_tools(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:secret@host/name")

    ended = run("backup", "advisor.backup")

    assert ended.code == 2
    assert "pg_dump" in ended.err
    assert "secret" not in ended.err
