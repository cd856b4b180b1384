"""The picture: a PNG of bounded size whose words say what it shows, whatever a service is called."""

from __future__ import annotations

import io
import threading
from dataclasses import replace

import pytest
from PIL import Image

from bot.portfolio.overview import look_across
from bot.portfolio.standings import RATINGS
from bot.rendering.files import File
from bot.rendering.heat_map import COLOURS, LONGEST_ALT, MOST_ROWS, heat_map
from bot.rendering.portfolio_words import LETTERS, SYMBOLS
from tests.bot.checkpoints.build import TODAY
from tests.bot.portfolio.build import POINTS, TITLES, make_portfolio


def picture_of(count: int, name: str = "") -> File:
    portfolio = make_portfolio(count)
    if name:
        portfolio = replace(portfolio, services=tuple(replace(one, name=name) for one in portfolio.services))
    return heat_map(look_across(portfolio, POINTS, today=TODAY), TITLES, chosen="", today=TODAY)


@pytest.mark.parametrize("count", [1, MOST_ROWS, MOST_ROWS + 1, 500])
def test_the_picture_is_a_png_that_fits_a_screen(count: int) -> None:
    made = picture_of(count)

    with Image.open(io.BytesIO(made.content)) as image:
        assert image.format == "PNG"
        assert 300 < image.width <= 1400
        assert 150 < image.height <= 1700
    assert len(made.content) < 400_000


@pytest.mark.parametrize("name", ["$\\frac{1}$ $", "<b>&", "日本", "x" * 75, "{}%s"])
def test_no_name_of_a_service_is_read_as_mark_up(name: str, recwarn: pytest.WarningsRecorder) -> None:
    recwarn.clear()

    assert picture_of(2, name).content.startswith(b"\x89PNG")


def test_the_words_say_what_the_picture_shows_within_slacks_limit() -> None:
    made = picture_of(30)

    assert "Heat map of 30 services against the standard, 11 January 2027" in made.alt
    assert "Points that fail most" in made.alt
    assert len(picture_of(500).alt) <= LONGEST_ALT


def test_every_rating_has_a_colour_a_letter_and_a_symbol_of_its_own() -> None:
    for signs in (COLOURS, LETTERS, SYMBOLS):
        assert set(signs) == set(RATINGS)
        assert len(set(signs.values())) == len(RATINGS)


def test_threads_can_draw_at_the_same_time() -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(picture_of(5).content)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 3
    assert len(set(made)) == 1
