"""Fixtures: the machine's own Chromium, a trial for each test, and people at its pages.

Without Playwright or Chromium these tests are skipped and say so; with ADVISOR_BROWSER_TESTS=required they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from bot.trial_run import Trial, browser_trial
from bot.usecases.knowledge_base import KnowledgeBase

from .person import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

if os.environ.get("ADVISOR_BROWSER_TESTS") == "required":
    import playwright  # noqa: F401  (where it is missing, say so now: modules that need it would be skipped)

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _without("Playwright for Python is not installed (make install brings it)")
    path = next((found for name in CANDIDATES if (found := shutil.which(name))), None)
    if path is None:
        _without("there is no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def trial(chromium: Browser, tmp_path: Path, knowledge_base: KnowledgeBase) -> Iterator[Trial]:
    """A trial in a folder of its own."""
    settings = Settings(_env_file=None)
    with browser_trial(settings, folder=tmp_path / "trial", knowledge_base=knowledge_base, hold=2.0) as trial:
        yield trial


@pytest.fixture
def desk(chromium: Browser, trial: Trial) -> Iterator[Desk]:
    """People at the pages of the trial; leaving checks that the browser found nothing to complain about."""
    desk = Desk(chromium, trial.url)
    yield desk
    desk.close()
    assert desk.complaints == []


def _without(what: str) -> None:
    if os.environ.get("ADVISOR_BROWSER_TESTS") == "required":
        pytest.fail(f"The browser tests are required, but {what}.")
    pytest.skip(f"No browser tests: {what}.")
