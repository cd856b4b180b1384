"""How soon the trial answers: from its start to a first answer on the page, and from Enter to a drawn reply.

Run by hand: ``python -m benchmarks.trial_page``. It needs Chromium.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.settings import REPOSITORY
from tests.browser.conftest import CANDIDATES, OPTIONS
from tests.browser.person import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTIONS = (
    "how do we text residents about their bins",
    "what must we show to leave alpha?",
    "can we take payments with GOV.UK Pay",
    "how did Sheffield leave its outsourcing contract?",
    "what is the service standard",
)
ROUNDS = 6
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")

SENT_TO_DRAWN = """
text => new Promise(done => {
  const log = document.getElementById("log-main"), box = document.querySelector("textarea");
  const replies = () => [...log.querySelectorAll("article")].filter(one => one.querySelector(".app")).length;
  const before = replies();
  const watch = new MutationObserver(() => {
    if (replies() === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  });
  watch.observe(log, {childList: true, subtree: true});
  box.value = text;
  const begun = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
})
"""
"""From Enter to the frame in which the reply is drawn, in milliseconds, as the page itself sees it."""


def main() -> None:
    """Print the figures of a second start: the first one makes the database and learns the knowledge."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(OPTIONS))
        with _trial(folder) as (trial, _):
            _first_answer(browser, _address(trial), before=0)
        with _trial(folder) as (trial, begun):
            address, seconds = _address(trial), time.perf_counter() - begun
            page = _first_answer(browser, address, before=1)
            print(f"start to address {seconds:.2f} s, to first answer {time.perf_counter() - begun:.2f} s")
            _print(_replies(page))
        browser.close()


@contextmanager
def _trial(folder: str) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """A trial kept in *folder*, and when it was begun."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    environment |= {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "bot", "trial", "--no-browser"]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as trial:
        try:
            yield trial, begun
        finally:
            trial.terminate()


def _first_answer(browser: Browser, url: str, *, before: int) -> Page:
    """Ask on the page, where *before* answers stand already, and return it when there is one more."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/as/sam/advisor/messages")
    page.get_by_label("Message Advisor").fill(QUESTIONS[0])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Why this answer?").nth(before).wait_for()
    return page


def _replies(page: Page) -> list[float]:
    return [float(page.evaluate(SENT_TO_DRAWN, question)) for _ in range(ROUNDS) for question in QUESTIONS]


def _print(milliseconds: Sequence[float]) -> None:
    ordered = sorted(milliseconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"Enter to drawn reply, {len(ordered)} messages: median {statistics.median(ordered):.0f} ms, "
        f"95th percentile {p95:.0f} ms, slowest {ordered[-1]:.0f} ms"
    )


def _address(trial: subprocess.Popen[str]) -> str:
    assert trial.stdout is not None
    for line in trial.stdout:
        if found := _ADDRESS.search(line):
            return found[0]
    raise SystemExit("the trial ended before it gave an address")


def _chromium() -> str:

    path = next((found for name in CANDIDATES if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("there is no Chromium on this machine")
    return path


if __name__ == "__main__":
    main()
