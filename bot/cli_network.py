"""The commands about several councils: two registers that become one on vesting day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError

if TYPE_CHECKING:
    from bot.network.aliases import Aliases

OutputOption = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="[default: standard output]")]
WorkspaceOption = Annotated[
    str, typer.Option(metavar="ID", help="Slack's id of a workspace: what its editors judged to be one name counts.")
]
PointsOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Its ratings: a file of `advisor export --table points`.")
]


def vesting(
    file_a: Annotated[Path, typer.Argument(metavar="FILE_A", help="A file of `advisor services export`.")],
    file_b: Annotated[Path, typer.Argument(metavar="FILE_B", help="The other council's.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Vesting day, as 2028-04-01.")],
    points_a: PointsOption = None,
    points_b: PointsOption = None,
    workspace: WorkspaceOption = "",
    output: OutputOption = None,
) -> None:
    """Join two merging councils' registers. A CSV work list, what matters on day one first."""
    from bot.network.vesting import work_list
    from bot.network.vesting_files import read_entries, read_ratings, write_work_list

    day = _day(on)
    ratings = [read_ratings(_text(file), str(file)) if file else {} for file in (points_a, points_b)]
    first = read_entries(_text(file_a), str(file_a), ratings[0])
    second = read_entries(_text(file_b), str(file_b), ratings[1])
    tasks = work_list(first, second, _aliases(workspace), on=day)
    text = write_work_list(tasks)
    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror}).") from error
    count = Counter(task.sure for task in tasks)
    counted = ", ".join(f"{count[sure]} {sure}" for sure in ("certain", "likely", "only in one"))
    print(f"{output} is written: {counted}.")


def _aliases(workspace: str) -> Aliases:
    """The names that editors of a workspace have judged; none where no workspace is named."""
    from bot.network.aliases import Aliases
    from bot.settings import read_settings
    from bot.storage.commons import Commons
    from bot.storage.database import Database

    if not workspace:
        return Aliases()
    with closing(Database(read_settings().database_url)) as database:
        database.migrate()
        with Commons(database).reading() as pages:
            judged = pages.judgements(workspace).all()
    if not judged:
        raise InputError(f"--workspace: no name has been judged in {workspace}. `/advisor names` there asks an editor.")
    return Aliases(judged)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--on: {text!r} is not a date. Write it as 2028-04-01.") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read as UTF-8 text ({error}).") from error
