"""Fixtures for every room: the real knowledge, read and indexed once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.usecases.knowledge_base import KnowledgeBase


@pytest.fixture(scope="session")
def snapshots(pytestconfig: pytest.Config) -> Path:
    """Where what is learnt from the knowledge is kept for the next run of the suite."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("snapshots")


@pytest.fixture(scope="session")
def knowledge_base(snapshots: Path) -> KnowledgeBase:
    """The knowledge that ships, on the day the suite runs."""
    today = dt.datetime.now(dt.UTC).date()
    return KnowledgeBase.open(Settings(_env_file=None).knowledge, today=today, snapshots=snapshots)
