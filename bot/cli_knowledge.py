"""The commands for editors: check the knowledge folder, print its schema, begin an entry, show its neighbours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import InputError, KnowledgeError
from bot.knowledge.checking import check, due_for_review
from bot.knowledge.loading import Loaded, load
from bot.knowledge.schema import json_schema
from bot.knowledge.skeleton import new_entry
from bot.settings import read_settings

knowledge_app = typer.Typer(help="Check, describe and extend the knowledge base.", no_args_is_help=True)

KnowledgeOption = Annotated[
    Path | None,
    typer.Option("--knowledge", metavar="DIR", help="A knowledge folder or file [default: the one that ships]."),
]


@knowledge_app.command("check")
def check_knowledge(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="[default: the one that ships]")] = None,
    stale: Annotated[bool, typer.Option("--stale", help="List what is past its review date, or soon will be.")] = False,
    days: Annotated[int, typer.Option(min=0, help="With --stale: look this many days ahead.")] = 0,
) -> None:
    """List every fault as file:line; exit 1 if there is any. Warnings do not count."""
    try:
        loaded = load(folder or read_settings().knowledge)
    except KnowledgeError as error:
        if not error.faults:
            raise
        print("\n".join(map(str, error.faults)))
        raise typer.Exit(1) from None
    faults = check(loaded, today=today())
    broken = sum(fault.severity != "warning" for fault in faults)
    if stale:
        _print_stale(loaded, by=today() + dt.timedelta(days=days))
        faults = [fault for fault in faults if fault.severity != "warning"]  # those are in the list already
    for fault in faults:
        print(fault)
    if stale:
        if broken:
            print(f"{broken} faults besides.")
            raise typer.Exit(1)
        return
    questions = sum(len(entry.questions) for entry in loaded.library)
    print(f"{len(loaded.library)} entries, {questions} questions: {broken} faults, {len(faults) - broken} warnings.")
    if broken:
        raise typer.Exit(1)


@knowledge_app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of an entry file. Editors complete and check YAML by it."""
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@knowledge_app.command("new")
def write_new(
    kind: Annotated[str, typer.Argument(help="guide, platform, org, case or checkpoint.")],
    slug: Annotated[str, typer.Argument(help="The file's name without suffix, such as missed-bins.")],
    folder: KnowledgeOption = None,
) -> None:
    """Write the skeleton of a new entry, ready to be filled in."""
    file = new_entry(folder or read_settings().knowledge, kind, slug, today=today())
    print(f"{file} is written. Fill it in, then run: advisor knowledge check{f' {folder}' if folder else ''}")


@knowledge_app.command("related")
def print_related(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, such as platform/notify.")],
    folder: KnowledgeOption = None,
) -> None:
    """Show the neighbours of an entry, both ways."""
    library = load(folder or read_settings().knowledge).library
    if entry_id not in library:
        raise InputError(f"there is no entry {entry_id!r}: advisor ask finds its id.")
    for entry in library.related(entry_id):
        print(f"{entry.id}  {entry.title}")


def today() -> dt.date:
    """The day it is, in UTC."""
    return dt.datetime.now(dt.UTC).date()


def _print_stale(loaded: Loaded, *, by: dt.date) -> None:
    due = due_for_review(loaded, by=by)
    for located in due:
        print(f"{located.entry.review_by}  {located.entry.id}  {located.file}")
    print(f"{len(due)} of {len(loaded.library)} entries are due for review by {by}.")
