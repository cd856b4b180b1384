"""Time is given, never asked for: a moment without a zone is refused, and all are kept in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from bot.storage.answers import Answers
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.feedback import Feedback
from bot.storage.gaps import Gaps
from bot.storage.retention import forget_before
from bot.storage.welcomes import Welcomes

NAIVE = datetime(2026, 6, 1, 12)  # noqa: DTZ001
SUMMER_TIME = timezone(timedelta(hours=1))
AT_ONE_IN_LONDON = datetime(2026, 6, 1, 13, 0, 0, 250, tzinfo=SUMMER_TIME)


@pytest.mark.parametrize(
    "use",
    [
        lambda database: Deliveries(database).claim("T1", "Ev1", at=NAIVE),
        lambda database: Deliveries(database).forget_before(NAIVE),
        lambda database: Conversations(database).subject("T1", "C1", "1.2", at=NAIVE),
        lambda database: Conversations(database).remember("T1", "C1", "1.2", "guide/alpha", at=NAIVE),
        lambda database: Conversations(database).forget_before(NAIVE),
        lambda database: Answers(database).keep(
            "T1", question="", entry_ids=(), outcome="answer", confidence=1, knowledge_version="", at=NAIVE
        ),
        lambda database: Answers(database).forget_before(NAIVE),
        lambda database: Feedback(database).give("T1", "a", "U1", "helpful", at=NAIVE),
        lambda database: Feedback(database).counts("T1", NAIVE),
        lambda database: Feedback(database).forget_before(NAIVE),
        lambda database: Gaps(database).record("T1", "why", "outside", None, 0, at=NAIVE),
        lambda database: Gaps(database).since("T1", NAIVE),
        lambda database: Gaps(database).forget_before(NAIVE),
        lambda database: Welcomes(database).first_time("T1", "U1", at=NAIVE),
        lambda database: forget_before(database, at=NAIVE),
    ],
)
def test_a_moment_without_a_zone_is_refused(sqlite_address: str, use: Callable[[Database], object]) -> None:
    with pytest.raises(ValueError, match="a moment needs a time zone"):
        use(Database(sqlite_address))


def test_a_moment_is_kept_in_utc(database: Database) -> None:
    Gaps(database).record("T1", "why", "outside", None, 0.0, at=AT_ONE_IN_LONDON)

    [gap] = Gaps(database).since("T1", AT_ONE_IN_LONDON)

    assert gap.at == AT_ONE_IN_LONDON
    assert gap.at.tzinfo is UTC


def test_a_moment_in_the_file_can_be_read_as_utc(sqlite_address: str) -> None:
    database = Database(sqlite_address)
    database.migrate()
    Deliveries(database).claim("T1", "Ev1", at=AT_ONE_IN_LONDON)

    with database.reading() as connection:
        kept = connection.execute(text("SELECT at FROM processed_deliveries")).scalar()
    database.close()

    assert kept == "2026-06-01 12:00:00.000250"


def test_moments_compare_across_zones(database: Database) -> None:
    Gaps(database).record("T1", "why", "outside", None, 0.0, at=AT_ONE_IN_LONDON)

    later = datetime(2026, 6, 1, 12, 0, 1, tzinfo=UTC)

    assert Gaps(database).since("T1", later) == []
