"""What could not be answered is listed for the editors, newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.database import Database
from bot.storage.gaps import Gap, Gaps
from tests.bot.storage.processes import NOON

DAY = timedelta(days=1)


@pytest.fixture
def gaps(database: Database) -> Gaps:
    kept = Gaps(database)
    kept.record("T1", "older", "no_entry", "guide/alpha", 0.2, at=NOON - DAY)
    kept.record("T2", "elsewhere", "outside", None, 0.0, at=NOON)
    kept.record("T1", "newer", "choice_none", None, 0.3, at=NOON + DAY)
    return kept


def test_a_gap_comes_back_as_it_was_recorded(gaps: Gaps) -> None:
    gap = gaps.since("T1", NOON - DAY)[-1]

    assert replace(gap, id="") == Gap("", "T1", "older", "no_entry", "guide/alpha", 0.2, NOON - DAY)


def test_gaps_are_listed_newest_first(gaps: Gaps) -> None:
    assert [gap.question for gap in gaps.since("T1", NOON - DAY)] == ["newer", "older"]


def test_the_operator_sees_those_of_every_workspace(gaps: Gaps) -> None:
    assert [gap.question for gap in gaps.since(None, NOON)] == ["newer", "elsewhere"]


def test_the_same_question_is_recorded_each_time(gaps: Gaps) -> None:
    for _ in range(3):
        gaps.record("T3", "again", "not_helpful", None, 0.9, at=NOON)

    assert len({gap.id for gap in gaps.since("T3", NOON)}) == 3


def test_old_gaps_are_forgotten(gaps: Gaps) -> None:
    assert gaps.forget_before(NOON) == 1
    assert [gap.question for gap in gaps.since(None, NOON - DAY)] == ["newer", "elsewhere"]
