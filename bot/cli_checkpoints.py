"""The commands about checkpoints: the register of services, the calendar of due dates, the receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.usecases.checkpoint_register import RegisterDesk

services_app = typer.Typer(help="The register of services: import, export, calendar.", no_args_is_help=True)
receipts_app = typer.Typer(help="The receipts of decisions.", no_args_is_help=True)

WorkspaceOption = Annotated[
    str, typer.Option(metavar="ID", help="Slack's id of the workspace, where there are several or none yet.")
]


@services_app.command("import")
def import_services(file: Annotated[Path, typer.Argument(metavar="FILE.csv")], workspace: WorkspaceOption = "") -> None:
    """
    Take in a register of services. Every bad row is named, and nothing is half done.

    Owner and sponsor are e-mail addresses or Slack ids, channels #names or ids.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read as UTF-8 text ({error}).") from error
    with _desk() as (desk, now):
        found = desk.take_in(desk.workspace(workspace), text, at=now)
    for fault in found.faults:
        column = f"{fault.column}: " if fault.column else ""
        print(f"{file}: row {fault.row}: {column}{fault.message}")
    if found.faults:
        print(f"Nothing was taken in: {len(found.faults)} faults.")
        raise typer.Exit(1)
    print(f"{len(found.services)} services are taken in.")


@services_app.command("export")
def export_services(workspace: WorkspaceOption = "") -> None:
    """Print every service as CSV, as import reads it."""
    with _desk() as (desk, _):
        print(desk.give_out(desk.workspace(workspace)), end="")


@services_app.command("calendar")
def export_calendar(file: Annotated[Path, typer.Argument(metavar="FILE.ics")], workspace: WorkspaceOption = "") -> None:
    """Write every date to come as an .ics file."""
    with _desk() as (desk, now):
        content = desk.calendar(desk.workspace(workspace), at=now)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}).") from error
    print(f"{file} is written.")


@receipts_app.command("verify")
def verify_receipts(workspace: WorkspaceOption = "") -> None:
    """Check every receipt and the chain; exit 1 and name the first that does not hold."""
    with _desk() as (desk, _):
        count, broken = desk.verify(desk.workspace(workspace))
    if broken is not None:
        print(f"Receipt {broken.code} (number {broken.number}) does not hold: {broken.fault}")
        raise typer.Exit(1)
    print(f"{count} receipts hold.")


@contextmanager
def _desk() -> Iterator[tuple[RegisterDesk, dt.datetime]]:
    """The desk of the register, and the moment now."""
    from bot.app import open_directory, open_rules, utc_now
    from bot.usecases.checkpoint_register import RegisterDesk

    settings = read_settings()
    with open_rules(settings) as rules, open_directory(settings) as directory:
        yield RegisterDesk(rules, directory), utc_now()
