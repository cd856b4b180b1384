"""The commands of whoever runs Advisor: doctor, backup, roles, the audit log, people's own data."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError
from bot.logs import set_up_logs
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.storage.database import Database
    from bot.usecases.administration import Administration

people_app = typer.Typer(help="What is held about a person: a copy of it, and its deletion.", no_args_is_help=True)
roles_app = typer.Typer(help="Who is editor, sponsor or administrator.", no_args_is_help=True)
operations_app = typer.Typer()

WorkspaceOption = Annotated[
    str, typer.Option(metavar="ID", help="Slack's id of the workspace (T...), where there are several or none yet.")
]
PersonArgument = Annotated[str, typer.Argument(metavar="PERSON", help="Slack's id of the person: U...")]
RoleArgument = Annotated[str, typer.Argument(metavar="ROLE", help="editor, sponsor or admin.")]


@roles_app.command("list")
def list_roles(workspace: WorkspaceOption = "") -> None:
    """Who has which role: a person a line."""
    with _desk(workspace) as (desk, here):
        book = desk.book(here)
    people = sorted({*book.given, *book.named})
    for person in people:
        named = "  (ADVISOR_ADMINS)" if person in book.named else ""
        print(f"{person}  {', '.join(sorted(book.roles_of(person)))}{named}")
    if not people:
        print("Nobody has a role. Make an administrator: advisor roles give U... admin")


@roles_app.command("give")
def give_role(person: PersonArgument, role: RoleArgument, workspace: WorkspaceOption = "") -> None:
    """Give somebody a role. It is kept in the audit log."""
    _change(person, role, workspace, give=True)


@roles_app.command("take")
def take_role(person: PersonArgument, role: RoleArgument, workspace: WorkspaceOption = "") -> None:
    """Take a role away. It is kept in the audit log."""
    _change(person, role, workspace, give=False)


@operations_app.command("doctor")
def see_doctor(
    url: Annotated[str | None, typer.Option(help="Where Slack reaches this Advisor (https://...), to try it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say what is wrong here and what to do. Looks at all Advisor stands on; exit 1 if anything is wrong."""
    from bot.doctor import examine

    set_up_logs("CRITICAL")
    marks = {"ok": "ok   ", "look": "LOOK ", "wrong": "WRONG"}
    wrong = 0
    for one in examine(read_settings(), url=url):
        wrong += one.state == "wrong"
        if as_json:
            print(json.dumps(dataclasses.asdict(one), ensure_ascii=False), flush=True)
            continue
        print(f"{marks[one.state]}  {one.about}: {one.found}", flush=True)
        if one.do:
            print(f"       do: {one.do}", flush=True)
    if wrong:
        raise typer.Exit(1)


@operations_app.command("backup")
def make_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; it is checked before it has this name.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Back up the SQLite database, also while Advisor runs."""
    from bot.storage.backup import back_up, sqlite_file

    copied = back_up(sqlite_file(read_settings().database_url), file, force=force)
    print(f"{copied.file} is written and checked: {copied.size // 1000} kB, {copied.workspaces} workspaces.")


@operations_app.command("restore")
def restore_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
) -> None:
    """Put a backup in the place of the SQLite database. Advisor must not be running."""
    from bot.storage.backup import restore, sqlite_file

    target = sqlite_file(read_settings().database_url)
    restored = restore(file, target, force=force)
    print(f"{target} holds the backup now: {restored.workspaces} workspaces. Starting brings its tables up to date.")


@people_app.command("export")
def export_person(person: PersonArgument, workspace: WorkspaceOption = "") -> None:
    """Print everything that is held about a person, as JSON. Other people's ids are left out."""
    from bot.usecases.personal import PersonalDesk

    with open_database() as database:
        print(PersonalDesk(database).copy_text(one_workspace(database, workspace), _person(person)), end="")


@people_app.command("erase")
def erase_person(
    person: PersonArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: without this nothing is changed.")] = False,
    workspace: WorkspaceOption = "",
) -> None:
    """Delete what may go, and put another name into the record. What stays is named."""
    from bot.usecases.personal import PersonalDesk

    if not yes:
        raise InputError(f"this deletes data of {person} for good: look with `advisor people export`, then add --yes.")
    with open_database() as database:
        desk = PersonalDesk(database)
        erased = desk.erase(one_workspace(database, workspace), _person(person), at=dt.datetime.now(dt.UTC))
    for what, counts in (("deleted", erased.deleted), ("renamed", erased.renamed), ("kept", erased.kept)):
        for table, count in counts.items():
            print(f"{what}  {table}  {count}")
    for duty in erased.duties:
        print(f"still named: {duty.kind} {duty.name}")
    if erased.duties:
        print("The record keeps the name until somebody else is named. Then run this again.")


@operations_app.command("audit")
def print_audit(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a head.")] = False,
    workspace: WorkspaceOption = "",
) -> None:
    """Print what administrators did, the newest first."""
    with _desk(workspace) as (desk, here):
        deeds = desk.deeds(here)
    rows = [
        {"number": one.number, "at": one.made_at.isoformat(), "who": one.who, "act": one.act, "subject": one.subject,
         "detail": one.detail}
        for one in deeds
    ]  # fmt: skip
    if as_csv:
        writer = csv.DictWriter(sys.stdout, ["number", "at", "who", "act", "subject", "detail"])
        writer.writeheader()
        writer.writerows({name: _as_cell(value) for name, value in row.items()} for row in rows)
        return
    for row in rows:
        told = (str(value) for value in row.values() if value != "")
        print(json.dumps(row, ensure_ascii=False) if as_json else "  ".join(told))
    if not rows and not as_json:
        print("Nothing yet.")


def _change(person: str, role: str, workspace: str, *, give: bool) -> None:
    with _desk(workspace) as (desk, here):
        desk.operate(here, _person(person), role, give=give, at=dt.datetime.now(dt.UTC))
    print(f"{person} {'is' if give else 'is not'} {role} {'now' if give else 'any more'}.")


def _person(typed: str) -> str:
    """Slack's id of a person as it was typed. Raises: InputError: it is none."""
    if not (typed.isascii() and typed.isalnum() and typed.isupper() and typed[0] in "UW"):
        raise InputError(f"{typed!r} is not Slack's id of a person: they begin with U (profile, Copy member ID).")
    return typed


def _as_cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


@contextmanager
def open_database() -> Iterator[Database]:
    """The database of the settings, brought up to date."""
    from bot.storage.database import Database

    database = Database(read_settings().database_url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def one_workspace(database: Database, named: str) -> str:
    """The workspace that was named, or the only one that is known. Raises: InputError: it is not clear which."""
    from bot.storage.retention import known_workspaces

    known = known_workspaces(database)
    if named or len(known) == 1:
        return named or known[0]
    there = f"there are {', '.join(known)}" if known else "none is known yet"
    raise InputError(f"say which workspace with --workspace T...: {there}.")


@contextmanager
def _desk(workspace: str) -> Iterator[tuple[Administration, str]]:
    """The desk of administration, and the workspace."""
    from bot.storage.administration import Offices
    from bot.usecases.administration import Administration

    with open_database() as database:
        yield (
            Administration(Offices(database), named=read_settings().admin_ids),
            one_workspace(database, workspace),
        )
