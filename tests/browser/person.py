"""People at the pages: what they do there, and what is looked at for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 450}
"""What is left of a window of 1280 by 900 at 200%."""

PATIENCE_MS = 20_000


class Desk:
    """Browsers for the people of one trial; ``complaints`` are what the browser's console said."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.url = url
        self.complaints: list[str] = []
        self._chromium = chromium
        self._open: list[Any] = []

    def sit(self, path: str, size: dict[str, int] | None = None) -> Page:
        """Open a page in a browser of its own."""
        context = self._chromium.new_context(viewport=size or WIDE)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        self._open.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.goto(self.url + path)
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self._open:
            context.close()


def write(page: Page, label: str, text: str) -> None:
    """Write a message and send it with Enter."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Enter")


def last_message(page: Page, log: str = "main") -> Locator:
    """Return the newest message of a log."""
    return page.locator(f"#log-{log} article").last


def focused(page: Page) -> str:
    """Return the words, or the name, of what has the focus."""
    return str(page.evaluate("(document.activeElement.textContent || document.activeElement.id).trim()"))


def audit(page: Page) -> list[str]:
    """Return what axe-core finds on the page, one line each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {[node['html'][:200] for node in one['nodes']]}" for one in found["violations"]]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or WIDE)["width"]
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png")
