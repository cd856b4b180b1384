"""How long checkpoints take with a full store: a click until its form is ready, and one pass of the clock.

Run: python -m benchmarks.checkpoints
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.notifications import Planned
from bot.checkpoints.services import Service, changes
from bot.knowledge.councils import load_councils
from bot.rendering.message import Message
from bot.settings import SHIPPED_KNOWLEDGE, read_settings
from bot.storage.bodies import planned_body
from bot.storage.checkpoint_tables import notifications, places
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from bot.storage.outbox import Outbox
from bot.usecases.checkpoint_desks import open_desks
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import Notifier
from bot.usecases.poster import Posted
from bot.usecases.recall import Recalls

WORKSPACE = "T1"
SERVICES = 500
PLANNED = 100_000
DUE = 200
NOW = dt.datetime(2027, 3, 1, 9, 31, tzinfo=LONDON)
START = dt.datetime(2026, 11, 23, 10, tzinfo=LONDON)


class Void:
    """Takes every message at once."""

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        """Take it."""
        return Posted(place, "1.1", NOW)

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        """Nothing is ever looked for."""
        return None


def main() -> None:
    """Print both figures."""
    settings = read_settings()
    base = KnowledgeBase.open(settings.knowledge, today=START.date(), snapshots=settings.cache)
    with tempfile.TemporaryDirectory() as folder, closing(_database(Path(folder))) as database:
        rules = Rules(base, Ledger(database), load_councils(SHIPPED_KNOWLEDGE))
        checkpoint_ids = _fill(rules)
        _fill_plan(database)
        _print_clicks(rules, checkpoint_ids)
        _print_pass(rules, database)


def _database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder}/advisor.sqlite3")
    database.migrate()
    return database


def _fill(rules: Rules) -> list[str]:
    """500 services with two checkpoints each."""
    desks = open_desks(rules)
    for number in range(SERVICES):
        service = Service(f"s{number}", WORKSPACE, f"C{number}", f"Service {number}", "LDS", f"UOWN{number}", "USPON")
        with rules.ledger.writing(WORKSPACE) as pages:
            pages.services.keep(service, changes(None, service), who="U1", at=START)
        for template in ("checkpoint/end-of-discovery", "checkpoint/end-of-alpha"):
            values = {"template": template, "due_on": "2027-06-01"}
            desks.services.open(WORKSPACE, "U1", json.dumps({"service": service.id}), values, at=START)
    with rules.ledger.reading(WORKSPACE) as pages:
        return [one.id for one in pages.checkpoints.all()]


def _fill_plan(database: Database) -> None:
    """100,000 notifications, of which 200 in as many channels are due."""
    rows = _rows()
    with database.writing() as connection:
        while batch := list(islice(rows, 5000)):
            connection.execute(insert(notifications), batch)
        for number in range(DUE):
            here = (places.c.workspace_id == WORKSPACE) & (places.c.place_id == f"C{number}")
            connection.execute(places.update().where(here).values(next_due_at=NOW - dt.timedelta(minutes=1)))


def _rows() -> Iterator[dict[str, object]]:
    for number in range(PLANNED):
        is_due, place = number < DUE, number % SERVICES
        send_at = NOW - dt.timedelta(minutes=1) if is_due else NOW + dt.timedelta(days=1 + number % 400)
        planned = Planned(
            f"k{number}", WORKSPACE, f"s{place}", "contract", f"s{place}", "x", "decide on the contract",
            f"UOWN{place}", f"C{place}", NOW.date(), send_at,
        )  # fmt: skip
        yield {
            "workspace_id": WORKSPACE, "key": planned.key, "service_id": planned.service_id,
            "place_id": planned.channel_id, "owner_id": planned.owner_id, "subject": planned.subject,
            "subject_id": planned.subject_id, "send_at": send_at, "body": planned_body(planned), "state": "planned",
            "batch": "", "channel_id": "", "message_ts": "", "why": "", "led_to": "",
        }  # fmt: skip


def _print_clicks(rules: Rules, checkpoint_ids: list[str]) -> None:
    desk, taken = open_desks(rules).walk, []
    for id in checkpoint_ids[::10]:
        started = time.perf_counter()
        desk.view(WORKSPACE, id, at=NOW).payload()
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    print(
        f"A click until its form is ready, {SERVICES} services: median {taken[len(taken) // 2]:.0f} ms, "
        f"worst {taken[-1]:.0f} ms."
    )


def _print_pass(rules: Rules, database: Database) -> None:
    notifier = Notifier(rules, Outbox(database), Void(), {"recall": Recalls(rules, GivenAnswers(database))})
    started, worked = time.perf_counter(), time.process_time()
    tally = notifier.send_due(at=NOW)
    taken, worked = time.perf_counter() - started, time.process_time() - worked
    said = f"{taken:.2f} s, {worked:.2f} s of processor"
    print(f"One pass of the clock, {PLANNED} planned, {tally.posted} posted: {said}.")


if __name__ == "__main__":
    main()
