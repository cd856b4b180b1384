"""People at the pages: what they do there, and what is looked at for them."""

from __future__ import annotations

import os
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

README = {"width": 1080, "height": 860}
"""Wide enough for both columns, and read well at the width of a README."""

PATIENCE_MS = 20_000
"""For a machine that others share; nothing waits for longer than it must."""


class Desk:
    """Browsers for the people of one trial; ``complaints`` are what the browser's console said."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.url = url
        self.complaints: list[str] = []
        self._chromium = chromium
        self._open: list[Any] = []

    def sit(self, path: str, size: dict[str, int] | None = None) -> Page:
        """Open a page in a browser of its own."""
        context = self._chromium.new_context(viewport=size or WIDE, locale="en-GB", timezone_id="Europe/London")  # type: ignore[arg-type]
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
    box = page.get_by_label(label, exact=True)
    box.wait_for()
    page.wait_for_load_state()  # until its scripts are there, Enter is a line break
    box.fill(text)
    box.press("Enter")


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


def drawn_anew(page: Page) -> None:
    """Return when the browser has drawn the page in its new size."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def picture(page: Page, name: str) -> Path:
    """Keep a picture of the page as people see it who do nothing, and return where it is."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or WIDE)["width"]
    page.mouse.move(0, 0)
    file = SCREENSHOTS / f"{name}-{width}.png"
    page.screenshot(path=file, animations="disabled")
    return file


def published_picture(page: Page, name: str) -> None:
    """
    Keep a picture that the documentation may show. It is made small and put into the folder that ADVISOR_PICTURES
    names, if it names one: ``make pictures`` does.
    """
    page.locator("dialog .form-body").evaluate_all("bodies => bodies.forEach(body => { body.scrollTop = 0; })")
    page.evaluate("document.activeElement.blur()")
    file = picture(page, name)
    if folder := os.environ.get("ADVISOR_PICTURES"):
        from PIL import Image

        Path(folder).mkdir(parents=True, exist_ok=True)
        with Image.open(file) as image:
            image.convert("RGB").quantize(256).save(Path(folder) / f"{name}.png", optimize=True)
