"""The commands that look across services: the portfolio as a file, and the committee paper."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.checkpoints.refusals import Refused
from bot.errors import InputError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.rendering.files import File
    from bot.usecases.portfolio_files import PortfolioFiles

WorkspaceOption = Annotated[
    str, typer.Option(metavar="ID", help="Slack's id of the workspace, where there are several.")
]
WhereOption = Annotated[
    str, typer.Option("--where", metavar="FILTER", help="Which services: 'directorate:Housing phase:\"private beta\"'.")
]
OutputOption = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="[default: standard output]")]


class ExportFormat(Enum):
    """What the portfolio is written as."""

    csv = "csv"
    xlsx = "xlsx"
    json = "json"
    ics = "ics"


class PaperFormat(Enum):
    """What a committee paper is written as."""

    md = "md"
    docx = "docx"


def export(
    format: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.csv,
    output: OutputOption = None,
    table: Annotated[
        str, typer.Option(help="With csv: services, checkpoints, points, actions, contracts, decisions or evidence.")
    ] = "services",
    where: WhereOption = "",
    workspace: WorkspaceOption = "",
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the JSON instead.")] = False,
) -> None:
    """Write the portfolio as a file. Spreadsheet, CSV, JSON (docs/export.md) or calendar."""
    if schema:
        from bot.rendering.export_files import json_schema

        print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return
    with _files(workspace) as (files, workspace_id, now):
        from bot.portfolio.filters import read_filter

        made = files.export(workspace_id, format.value, read_filter(where), at=now, table=table)
    _write(made, output)


def paper(
    service: Annotated[str, typer.Argument(metavar="SERVICE|portfolio", help="A service's name or id, or portfolio.")],
    format: Annotated[PaperFormat, typer.Option("--format", help="What to write.")] = PaperFormat.md,
    output: OutputOption = None,
    where: WhereOption = "",
    workspace: WorkspaceOption = "",
) -> None:
    """Write the committee paper of a service or of the portfolio. What nobody recorded reads "not recorded"."""
    with _files(workspace) as (files, workspace_id, now):
        from bot.portfolio.filters import read_filter
        from bot.usecases.portfolio_files import WHOLE

        if service.casefold() == WHOLE:
            docx, markdown = files.portfolio_papers(workspace_id, read_filter(where), at=now)
        elif where:
            raise InputError("--where chooses services of the portfolio; the paper of one service takes its name.")
        else:
            found = files.service_named(workspace_id, service)
            docx, markdown = files.service_papers(workspace_id, found, at=now)
    _write(docx if format is PaperFormat.docx else markdown, output)


def case(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="A service's name or id.")],
    output: OutputOption = None,
    workspace: WorkspaceOption = "",
) -> None:
    """Draft a case study of a service. From its own record, once it passed its live review; an editor finishes it."""
    with _files(workspace) as (files, workspace_id, now):
        made = files.case_draft(workspace_id, files.service_named(workspace_id, service), at=now)
    _write(made, output)


def _write(file: File, output: Path | None) -> None:
    """Write a file where it was asked for; what no terminal can show is not printed to one."""
    if output is None:
        binary = file.name.endswith((".xlsx", ".docx"))
        if binary and sys.stdout.isatty():
            raise InputError(f"{file.name} is no text: say where to write it with --output FILE.")
        sys.stdout.buffer.write(file.content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(file.content)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror}).") from error
    print(f"{output} is written.", file=sys.stderr)


@contextmanager
def _files(workspace: str) -> Iterator[tuple[PortfolioFiles, str, dt.datetime]]:
    """What writes the files, the workspace, and the moment now. Raises: InputError: what was asked for is not there."""
    from bot.app import open_rules, utc_now
    from bot.usecases.checkpoint_register import RegisterDesk
    from bot.usecases.portfolio_files import PortfolioFiles

    with open_rules(read_settings()) as rules:
        try:
            yield PortfolioFiles(rules), RegisterDesk(rules).workspace(workspace), utc_now()
        except Refused as refused:
            raise InputError(str(refused)) from refused
