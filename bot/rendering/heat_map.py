"""The portfolio as a picture: services by points, each cell with a colour and a letter; and its words."""

from __future__ import annotations

import datetime as dt
import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

from bot.checkpoints.dates import in_words
from bot.checkpoints.services import Service
from bot.portfolio.overview import Overview
from bot.portfolio.standings import RATINGS, Rating, Standing, counted, number_of
from bot.rendering.files import File
from bot.rendering.mrkdwn import cut, visible
from bot.rendering.portfolio_words import LETTERS, failing_lines, services_words

MOST_ROWS: Final = 40
"""Services on one picture: more would not be legible on a screen, so they are counted in groups by phase."""

LONGEST_ALT: Final = 1000
"""Characters of alt text. Source: https://docs.slack.dev/reference/methods/files.getUploadURLExternal, 2026-11-23."""

COLOURS: Final[Mapping[Rating, str]] = {
    "not yet": "#D55E00",
    "check again": "#CC79A7",
    "partly": "#F0E442",
    "waived": "#56B4E9",
    "met": "#009E73",
    "does not apply": "#DDDDDD",
    "not asked": "#FFFFFF",
}
"""Told apart with any colour vision. Source: Okabe and Ito, Color Universal Design, https://jfly.uni-koeln.de/color/."""

_DARKEST: Final = (0, 90, 65)
_DPI: Final = 110
_LEFT: Final = 3.9
_RIGHT: Final = 0.2
_TOP: Final = 0.85
_BOTTOM: Final = 0.65
_CELL_WIDTH: Final = 0.46
_CELL_HEIGHT: Final = 0.32
"""Inches: the names of services on the left, the title above, the key below."""


def heat_map(overview: Overview, titles: Mapping[str, str], *, chosen: str, today: dt.date) -> File:
    """
    The picture of an overview. At most 40 services are drawn a row each; above that a row a phase, with shares.

    It is drawn without a window system and without state, so that threads can draw at the same time.
    """
    which = f", {chosen}" if chosen else ""
    title = f"{services_words(len(overview.services))} against the standard, {in_words(today)}{which}"
    grouped = len(overview.services) > MOST_ROWS
    content = _draw_groups(overview, title) if grouped else _draw_services(overview, title)
    return File(f"portfolio-{today.isoformat()}.png", title, content, alt_text(overview, titles, title))


def alt_text(overview: Overview, titles: Mapping[str, str], title: str) -> str:
    """What the picture shows, in at most 1,000 characters: how many cells are what, and the points that fail most."""
    count: dict[Rating, int] = {}
    for row in overview.standings.values():
        for rating, number in counted(row).items():
            count[rating] = count.get(rating, 0) + number
    cells = ", ".join(f"{count[rating]} {rating}" for rating in RATINGS if rating in count)
    failing = "; ".join(failing_lines(overview, titles, most=3))
    rows = "a row each phase" if len(overview.services) > MOST_ROWS else "a row each service"
    text = (
        f"Heat map of {title}: {rows}, a column each of {len(overview.points)} points. All cells: {cells or 'none'}. "
        f"Points that fail most: {failing}"
    )
    return cut(visible(text), LONGEST_ALT)


def _draw_services(overview: Overview, title: str) -> bytes:
    labels = [f"{cut(visible(one.name), 38)} ({one.phase})" for one in overview.services]
    cells = [[_cell(overview.standings[one.id][point]) for point in overview.points] for one in overview.services]
    return _draw(labels, [number_of(point) for point in overview.points], cells, title)


def _draw_groups(overview: Overview, title: str) -> bytes:
    """A row a phase: in each cell the share of the services that answered and meet the point, and its colour."""
    labels, cells = [], []
    for phase, count in overview.phases.items():
        services = [one for one in overview.services if one.phase == phase]
        labels.append(f"{phase} ({services_words(count)})")
        cells.append([_share(overview, services, point) for point in overview.points])
    return _draw(labels, [number_of(point) for point in overview.points], cells, title, shares=True)


_Cell = tuple[str, str, str]
"""The colour of a cell, what stands in it, and the colour of that."""


def _cell(one: Standing) -> _Cell:
    return COLOURS[one.rating], LETTERS[one.rating], "black"


def _share(overview: Overview, services: Sequence[Service], point: str) -> _Cell:
    ratings = [overview.standings[one.id][point].rating for one in services]
    answered = [one for one in ratings if one not in ("does not apply", "not asked")]
    if not answered:
        return COLOURS["not asked"], LETTERS["not asked"], "black"
    share = sum(one in ("met", "waived") for one in answered) / len(answered)
    return _shade(share), f"{int(share * 100)}%", "white" if share > 0.75 else "black"


def _shade(share: float) -> str:
    """From white to dark green: a light and dark scale, which needs no colour to be read."""
    return "#" + "".join(f"{round(255 + (dark - 255) * share):02x}" for dark in _DARKEST)


def _draw(
    labels: Sequence[str], numbers: Sequence[str], cells: Sequence[Sequence[_Cell]], title: str, *, shares: bool = False
) -> bytes:
    # Here and not above: the library costs half a second and 40 MB, and most processes never draw.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import to_rgb
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    rows, columns = max(1, len(labels)), max(1, len(numbers))
    width, height = _LEFT + _CELL_WIDTH * columns + _RIGHT, _TOP + _CELL_HEIGHT * rows + _BOTTOM
    figure = Figure(figsize=(width, height), dpi=_DPI)
    FigureCanvasAgg(figure)
    figure.subplots_adjust(_LEFT / width, _BOTTOM / height, 1 - _RIGHT / width, 1 - _TOP / height)
    axes = figure.subplots()
    colours = [[to_rgb(colour) for colour, _, _ in row] for row in cells] or [[to_rgb("white")] * columns]
    axes.imshow(colours, aspect="auto", extent=(0, columns, rows, 0), interpolation="nearest")
    axes.hlines(range(rows + 1), 0, columns, color="#888888", linewidth=0.6)
    axes.vlines(range(columns + 1), 0, rows, color="#888888", linewidth=0.6)
    for y, row in enumerate(cells):
        for x, (_, letter, ink) in enumerate(row):
            if letter:
                axes.text(x + 0.5, y + 0.5, letter, ha="center", va="center", color=ink, fontsize=7.5 if shares else 9,
                          parse_math=False)  # fmt: skip
    axes.set_xticks([x + 0.5 for x in range(len(numbers))], numbers)
    axes.set_yticks([y + 0.5 for y in range(len(labels))], labels, parse_math=False)
    axes.text(-0.12, -0.42, "Point", ha="right", va="center", fontsize=9)
    axes.tick_params(length=0, labeltop=True, labelbottom=False, labelsize=9)
    for spine in axes.spines.values():
        spine.set_visible(False)
    title = "\n".join(textwrap.wrap(title, int((width - 0.4) * 11))[:2])
    figure.text(0.2 / width, 1 - 0.14 / height, title, fontsize=11, va="top", parse_math=False)
    figure.legend(
        handles=[Patch(facecolor=colour, edgecolor="#888888", label=text) for colour, text in _key(shares)],
        loc="lower left", bbox_to_anchor=(0.1 / width, 0.05 / height), ncols=4, fontsize=8, frameon=False,
    )  # fmt: skip
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": "Advisor"})
    return out.getvalue()


def _key(shares: bool) -> list[tuple[str, str]]:
    if shares:
        text = "of the services that answered, how many meet the point or have it waived: the darker, the more"
        return [(_shade(0.7), text), (COLOURS["not asked"], f"{LETTERS['not asked']} no answer")]
    return [(COLOURS[rating], f"{LETTERS[rating]} {rating}".strip()) for rating in RATINGS]
