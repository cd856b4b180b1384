"""What has changed since a page was last told: small pieces of HTML, each with the place it belongs to.

A page asks, the answer is held back until there is something new, and brings the next question with it. The number
in the address says which answer the page has seen; one that got lost on the way makes the page load anew.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.trial.pages.messages import Drawn
from bot.trial.pages.readers import Spot
from bot.trial.pages.screens import Screens, Snapshot
from bot.trial.workspace import Workspace

HOLD_SECONDS = 20.0
_MOST_PAGES = 100
_POLL_ATTRIBUTES = Markup(
    'hx-trigger="load, every 2s, visibilitychange from:document" hx-sync="this:drop" hx-swap="outerHTML"'
)


@dataclass
class Page:
    """A page that is open somewhere: where its reader is, and what it shows."""

    id: str
    spot: Spot
    everything: bool
    shown: Snapshot
    revision: int
    number: int = 0


class Newsroom:
    """Every open page, and what each has been told; ``close`` lets go of all who wait."""

    def __init__(self, workspace: Workspace, screens: Screens, *, hold: float = HOLD_SECONDS) -> None:
        self._workspace = workspace
        self._screens = screens
        self._hold = hold
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()
        self._closing = False

    def open(self, spot: Spot, *, everything: bool = False) -> Markup:
        """Return a whole page, and keep in mind what it shows."""
        page_id, revision = secrets.token_urlsafe(9), self._workspace.revision
        html, shown = self._screens.page(spot, asker(spot, page_id, 0), everything=everything)
        with self._lock:
            self._pages[page_id] = Page(page_id, spot, everything, shown, revision)
            while len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)
        return html

    def wait(self, page_id: str, number: int) -> Markup | None:
        """Return the news for a page once there is some (or nobody waits longer); None when it must load anew."""
        with self._lock:
            page = self._pages.get(page_id)
            if page is None or page.number != number or self._closing:
                return None
            self._pages.move_to_end(page_id)
        deadline = time.monotonic() + self._hold
        while True:
            news = self._look(page)
            if news or not self._wait_for_change(page, deadline):
                break
        page.number += 1
        return Markup("").join([*news, asker(page.spot, page.id, page.number)])

    def close(self) -> None:
        """Answer everybody who waits, at once."""
        self._closing = True
        with self._workspace.change():
            pass

    def _look(self, page: Page) -> list[Markup]:
        page.revision = self._workspace.revision
        now = self._screens.look(page.spot, everything=page.everything)
        found = list(differences(page.shown, now))
        page.shown = now
        return found

    def _wait_for_change(self, page: Page, deadline: float) -> bool:
        """Return whether anything may have changed before the *deadline*."""
        changed: Callable[[], bool] = lambda: self._closing or self._workspace.revision != page.revision  # noqa: E731
        with self._workspace.changed:
            self._workspace.changed.wait_for(changed, max(0.0, deadline - time.monotonic()))
        return not self._closing and self._workspace.revision != page.revision


def asker(spot: Spot, page_id: str, number: int) -> Markup:
    """Return the element with which a page asks for news."""
    address = f"{spot.base}/news/{page_id}/{number}"
    return Markup('<div id="news" hx-get="{}" {}></div>').format(address, _POLL_ATTRIBUTES)


def partial(target: str, how: str, html: Markup | str) -> Markup:
    """Return a piece of HTML for one place of a page."""
    return Markup('<hx-partial hx-target="#{}" hx-swap="{}">{}</hx-partial>').format(target, how, html)


def differences(before: Snapshot, now: Snapshot) -> Iterator[Markup]:
    """Yield what turns a page that shows *before* into one that shows *now*."""
    for log, lines in now.logs.items():
        yield from _line_differences(log, before.logs[log], lines)
    for region, html in now.regions.items():
        if before.regions[region] != html:
            yield partial(region, "innerMorph", html)


def _line_differences(log: str, before: list[Drawn], now: list[Drawn]) -> Iterator[Markup]:
    old, new = {line.id: line.html for line in before}, {line.id: line.html for line in now}
    for line_id in old.keys() - new.keys():
        yield partial(line_id, "delete", "")
    for line in now:
        if line.id not in old:
            yield partial(log, "beforeend", line.html)
        elif old[line.id] != line.html:
            yield partial(line.id, "outerMorph", line.html)
