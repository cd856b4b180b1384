"""The commands about workspaces: who has installed Advisor, what is kept of one, and how it goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.storage.database import Database
    from bot.storage.installations import Installations

workspaces_app = typer.Typer(help="Workspaces: list, export, erase, and the keys of tokens.", no_args_is_help=True)

WorkspaceArgument = Annotated[str, typer.Argument(metavar="ID", help="Slack's id of the workspace: T... or E...")]


@workspaces_app.command("list")
def list_workspaces() -> None:
    """List every workspace. Its id, its name, since when it has Advisor, and how many rows are kept."""
    from bot.storage.workspaces import count_rows

    with _stores() as (database, installations):
        rows = count_rows(database)
        installed = {one.workspace_id: one for one in (installations.installed() if installations else ())}
    for id in sorted(rows.keys() | installed.keys()):
        one = installed.get(id)
        name = f"{one.name}{' (whole enterprise)' if one.is_enterprise else ''}" if one else "-"
        since = f"installed {one.installed_at:%Y-%m-%d}" if one else "no installation"
        print(f"{id}  {name}  {since}  {rows.get(id, 0)} rows")
    print(f"{len(rows.keys() | installed.keys())} workspaces.")


@workspaces_app.command("export")
def export_workspace(workspace: WorkspaceArgument) -> None:
    """Print everything that is kept of a workspace as JSON, by table. No token is in it."""
    from bot.storage.workspaces import everything_of

    with _stores() as (database, installations):
        _require(workspace, database, installations)
        print(json.dumps(everything_of(database, workspace), indent=2, ensure_ascii=False, default=str))


@workspaces_app.command("erase")
def erase(
    workspace: WorkspaceArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Delete everything that is kept of a workspace, its tokens too. There is no way back but a backup."""
    from bot.storage.retention import erase_workspace

    with _stores() as (database, installations):
        _require(workspace, database, installations)
        if not yes:
            typer.confirm(f"Delete everything of {workspace}?", abort=True)
        tokens = installations.forget(workspace) if installations else 0
        rows = sum(erase_workspace(database, workspace).values())
    print(f"{workspace} is erased: {rows} rows{' and its tokens' if tokens else ''}.")
    print("Where Advisor is still installed in Slack, take it out there too: it would begin anew.")


@workspaces_app.command("reencrypt")
def reencrypt() -> None:
    """Seal every token with the first of ADVISOR_SECRET_KEYS. After that the older keys can go."""
    settings = read_settings()
    if not settings.keys:
        raise InputError("ADVISOR_SECRET_KEYS is not set: `advisor workspaces new-key` makes a key.")
    with _stores() as (_, installations):
        if installations is None:
            raise InputError("SLACK_CLIENT_ID is not set: there are no tokens in the database.")
        print(f"{installations.reseal()} rows are sealed anew.")


@workspaces_app.command("new-key")
def print_new_key() -> None:
    """Print a new key for ADVISOR_SECRET_KEYS. Put it before the ones that are there."""
    from bot.storage.sealing import new_key

    print(new_key())


@contextmanager
def _stores() -> Iterator[tuple[Database, Installations | None]]:
    """The database, and the installations where the client id is set whose they are."""
    from bot.storage.database import Database
    from bot.storage.installations import Installations
    from bot.storage.sealing import Sealer

    settings = read_settings()
    database = Database(settings.database_url)
    try:
        database.migrate()
        client_id = settings.slack_client_id
        yield database, Installations(database, client_id, Sealer(settings.keys)) if client_id else None
    finally:
        database.close()


def _require(workspace: str, database: Database, installations: Installations | None) -> None:
    from bot.storage.workspaces import count_rows

    if workspace not in count_rows(database) and (installations is None or not installations.of_workspace(workspace)):
        raise InputError(f"nothing is kept of a workspace {workspace!r}: advisor workspaces list shows their ids.")
