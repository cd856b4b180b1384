"""The command line: ``advisor``, also ``python -m bot``. Errors are one line (or a list) and exit 2."""

from __future__ import annotations

import datetime as dt
import gc
import io
import json
import os
import sys
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer

from bot.cli_checkpoints import receipts_app, services_app
from bot.cli_knowledge import KnowledgeOption, knowledge_app, today
from bot.cli_network import vesting
from bot.cli_operations import operations_app, people_app, roles_app
from bot.cli_portfolio import case, export, paper
from bot.cli_questions import batch_questions, with_progress
from bot.cli_workspaces import workspaces_app
from bot.errors import AdvisorError, InputError
from bot.logs import set_up_logs
from bot.manifest import manifest
from bot.rendering.as_json import reply_object
from bot.rendering.explain import why_text
from bot.rendering.gaps import gaps_text
from bot.rendering.report import report_text
from bot.rendering.selftest import sets_markdown, sets_text
from bot.rendering.terminal import reply_text
from bot.settings import read_settings
from bot.usecases.ask import ask as ask_knowledge
from bot.usecases.evaluate import evaluate as evaluate_questions
from bot.usecases.evaluate import read_questions
from bot.usecases.knowledge_base import Knowledge, open_any
from bot.usecases.selftest import run_sets, write_figures

app = typer.Typer(
    name="advisor",
    help="Advice for digital teams in local government: the standard, shared platforms, case studies, checkpoints.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(services_app, name="services")
app.add_typer(receipts_app, name="receipts")
app.add_typer(roles_app, name="roles")
app.add_typer(people_app, name="people")
app.add_typer(operations_app)
app.add_typer(workspaces_app, name="workspaces")

BrowserOption = Annotated[
    bool | None,
    typer.Option("--browser/--no-browser", help="Whether a trial opens the browser by itself.", show_default=False),
]
_UsageError = cast(type[Exception], typer.BadParameter.__base__)
"""What typer raises for a command line that it cannot read; it shows this class to others only as a parent."""


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        str | None, typer.Option(metavar="FILE", help="A question a line; - is standard input; with --json.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show which words matched what, and why not more; not with --batch.")
    ] = False,
    about: Annotated[str | None, typer.Option(metavar="ID", help="The entry that the conversation is about.")] = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """Ask a question and get the answer that Slack would get."""
    if (question is None) == (batch is None):
        raise InputError('give either a question in quotes or --batch FILE: advisor ask "what is alpha?"')
    if explain and batch is not None:
        raise InputError("--explain explains one question: leave out --batch.")
    questions = [question or ""] if batch is None else batch_questions(batch)
    known = _open(knowledge)
    if about is not None and about not in known.library:
        raise InputError(f"there is no entry {about!r} to ask about.")
    if batch is not None or as_json:
        for asked in with_progress(questions):
            _print_json(asked, known, about)
    else:
        print(reply_text(ask_knowledge(question or "", known, subject=about), known.library, width=_width()))
    if explain:
        why = why_text(known.index.explain(question or "", subject=about))
        print("\n" + why, file=sys.stderr if as_json else sys.stdout)


@app.command()
def evaluate(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.jsonl]", help='Lines like {"q": ..., "ids": [...]}.')
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Run our own question sets instead, each with its bar.")] = False,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="With --all: put the dated figures into this page.")
    ] = None,
    knowledge: KnowledgeOption = None,
    misses: Annotated[int, typer.Option(min=0, help="How many of the misses to list.")] = 20,
) -> None:
    """Ask labelled questions and count. Right, wrong, offered, declined, a calibration table, and the misses."""
    if (file is None) != every:
        raise InputError("give either a file of labelled questions or --all.")
    if write is not None and not every:
        raise InputError("--write takes the figures of our own question sets: add --all, and give no file.")
    if file is None:
        _evaluate_all(_open(knowledge), write, misses)
        return
    questions = read_questions(file)
    report = evaluate_questions(with_progress(questions), _open(knowledge))
    if not report.asked:
        raise InputError(f"{file}: not one of its ids has an entry in this knowledge. Give --knowledge.")
    print(report_text(report, misses=misses))


@app.command()
def run(browser: BrowserOption = None) -> None:
    """Run what is configured. That is the bot where Slack is set up, else a trial: in a browser, or where nobody can
    open one (no terminal) in this one."""
    if read_settings().anything_of_slack:
        serve()
    elif browser is not None or sys.stdin.isatty():
        trial(port=0, browser=browser)
    else:
        chat()


@app.command()
def trial(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 is any free port.")] = 0,
    browser: BrowserOption = None,
    reset: Annotated[bool, typer.Option("--reset", help="Forget the trials before.")] = False,
) -> None:
    """Try Advisor in a browser. A workspace like Slack's, on this machine alone, kept in var/trial."""
    from bot.trial_run import reset_trial, run_trial

    set_up_logs("ERROR")
    if reset:
        reset_trial()
    run_trial(read_settings(), lambda url: _announce(url, opens=browser is not False), port=port)
    print("The trial has ended; what was said in it is kept.")


@app.command()
def chat() -> None:
    """Try Advisor in this terminal. It is the real bot, driven as Slack would, on this machine alone."""
    from bot.chat import run_chat

    set_up_logs("ERROR")
    interactive = sys.stdin.isatty()
    run_chat(read_settings(), _typed_lines(interactive), print, interactive=interactive)


@app.command()
def serve() -> None:
    """Run the bot. Socket Mode with an app token, else HTTP with a signing secret."""
    gc.disable()  # what is made until we serve stays; bot.serving turns it on again
    from bot.serving import serve_http, serve_socket

    settings = read_settings()
    settings.require_slack()
    set_up_logs(settings.log_level)
    if settings.mode == "socket":
        serve_socket(settings)
    else:
        serve_http(settings)


@app.command()
def clock(once: Annotated[bool, typer.Option("--once", help="One pass, then end.")] = False) -> None:
    """Send what is due, for ever. Any number of these may run; with SQLite, serve does it already."""
    from bot.serving import run_clock

    settings = read_settings()
    settings.require_slack()
    set_up_logs(settings.log_level)
    tally = run_clock(settings, once=once)
    if tally is not None:
        print(f"{tally.messages} messages sent, {tally.held} notifications held, {tally.collapsed} collapsed.")


@app.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run twice, and by several at once."""
    from bot.storage.database import Database

    database = Database(read_settings().database_url)
    database.migrate()
    database.close()
    print("The database is up to date.")


@app.command("manifest")
def print_manifest(
    url: Annotated[str | None, typer.Option(help="https address of this Advisor; without it, for Socket Mode.")] = None,
    agent: Annotated[bool, typer.Option(help="With the agent view and suggested prompts (paid Slack plans).")] = False,
    steps: Annotated[bool, typer.Option(help="With the steps for Workflow Builder (paid Slack plans).")] = False,
    many: Annotated[bool, typer.Option("--many", help="For any workspace that installs it; needs --url.")] = False,
    org: Annotated[bool, typer.Option("--org", help="With --many: for whole Enterprise organisations too.")] = False,
    rotation: Annotated[
        bool, typer.Option("--rotation", help="With --many: tokens that end after 12 hours. There is no way back.")
    ] = False,
) -> None:
    """Print the Slack app manifest to paste."""
    given = manifest(url=url, agent_features=agent, steps=steps, many=many, org=org, rotation=rotation)
    print(json.dumps(given, indent=2, ensure_ascii=False))


@app.command()
def gaps(days: Annotated[int, typer.Option(min=1, help="How far to look back.")] = 30) -> None:
    """List what people asked in vain. It was declined or marked unhelpful; grouped, the most asked first."""
    from bot.storage.awaited import AwaitedAnswers
    from bot.storage.database import Database
    from bot.storage.gaps import Gaps
    from bot.usecases.gaps import grouped_gaps

    database = Database(read_settings().database_url)
    database.migrate()
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    print(gaps_text(grouped_gaps(Gaps(database), AwaitedAnswers(database), None, since=since)))
    database.close()


app.command()(export)
app.command()(paper)
app.command()(case)
app.command()(vesting)


def main() -> None:
    """Run the command line; anything raised on purpose becomes one line on standard error and exit 2."""
    _speak_utf8()
    try:
        code = app(prog_name="advisor", standalone_mode=False)
        print(end="", flush=True)
    except AdvisorError as error:
        _fail(str(error))
    except _UsageError as error:
        _fail_usage(error)
    except BrokenPipeError:  # whoever read has enough, as in: advisor ask --batch FILE | head -1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(f"{error}.")
    except typer.Abort:
        sys.exit(130)
    sys.exit(code)


def _speak_utf8() -> None:
    """Write UTF-8 whatever the terminal's locale says; what has no place in it (half a surrogate pair) becomes "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _fail(message: str) -> NoReturn:
    print(f"advisor: {message}", file=sys.stderr)
    sys.exit(2)


def _fail_usage(error: Any) -> NoReturn:
    """Say what is wrong with the command line; a command that cannot do without arguments shows its whole help."""
    message = str(error.format_message()).removesuffix(".")
    if "\n" not in message:
        _fail(f"{message}. Try: {error.ctx.command_path if error.ctx else 'advisor'} --help")
    print(message, file=sys.stderr)
    sys.exit(2)


def _evaluate_all(known: Knowledge, page: Path | None, misses: int) -> None:
    results = run_sets(read_settings().question_sets, known)
    print(sets_text(results, misses=misses))
    if page is not None:
        write_figures(page, sets_markdown(results, known.library, on=today()))
        print(f"The figures are written to {page}.")


def _announce(url: str, *, opens: bool) -> None:
    print(f"Advisor is on trial at {url} (this machine alone). Ctrl-C ends it; --reset forgets it.", flush=True)
    if opens:
        webbrowser.open(url)


def _typed_lines(interactive: bool) -> Iterator[str]:
    """What is typed, a line at a time, with a prompt on a terminal; ends at end of file or Ctrl-C."""
    while True:
        try:
            yield input("> " if interactive else "")
        except (EOFError, KeyboardInterrupt):
            return


def _open(folder: Path | None) -> Knowledge:
    settings = read_settings()
    return open_any(folder or settings.knowledge, snapshots=settings.cache)


def _print_json(question: str, knowledge: Knowledge, about: str | None) -> None:
    started = time.perf_counter()
    reply = ask_knowledge(question, knowledge, subject=about)
    taken = (time.perf_counter() - started) * 1000
    print(json.dumps(reply_object(question, reply, ms=taken), ensure_ascii=False), flush=True)


def _width() -> int:
    from rich.console import Console

    return min(Console().width, 100)
