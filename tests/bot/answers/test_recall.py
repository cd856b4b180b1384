"""Who needs to hear of a change: those whose answer did not have it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.answers.recall import news_since, version_of
from bot.knowledge.entry import Change, Entry

MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def make_entry(summary: str = "Use it.", **fields: object) -> Entry:
    """An entry with a small and two material changes on Monday, and one on Tuesday."""
    changes = (
        Change(on=MONDAY, what="Mended a link"),
        Change(on=MONDAY, what="First", material=True),
        Change(on=MONDAY, what="Second", material=True),
        Change(on=MONDAY + DAY, what="Third", material=True),
    )
    return Entry.model_validate({"id": "guide/a", "title": "A", "summary": summary, "changes": changes, **fields})


def test_material_changes_have_a_key_each_that_words_do_not_change() -> None:
    assert list(make_entry().material_changes) == ["2026-11-23", "2026-11-23/2", "2026-11-24"]


@pytest.mark.parametrize(
    ("known", "news"),
    [
        ((), ("2026-11-23", "2026-11-23/2", "2026-11-24")),
        (("2026-11-23",), ("2026-11-23/2", "2026-11-24")),
        (("2026-11-23", "2026-11-23/2", "2026-11-24"), ()),
    ],
)
def test_what_an_answer_named_is_no_news(known: tuple[str, ...], news: tuple[str, ...]) -> None:
    assert news_since(make_entry(), version="older", known=known, given_on=MONDAY - DAY) == news


def test_who_was_given_the_words_of_today_after_the_day_of_the_change_had_it() -> None:
    entry = make_entry()
    given_on = MONDAY + DAY

    assert news_since(entry, version=version_of(entry), known=(), given_on=given_on) == ("2026-11-24",)
    assert len(news_since(entry, version="older", known=(), given_on=given_on)) == 3


def test_the_version_follows_what_readers_are_told_and_nothing_else() -> None:
    source = {"title": "T", "url": "https://www.gov.uk/a", "checked": MONDAY}
    found = make_entry(questions=["how"], aliases=["it"], sources=[source], related=["guide/b"], review_by=MONDAY)

    assert version_of(found) == version_of(make_entry())
    assert version_of(make_entry("Use the other.")) != version_of(make_entry())
    assert version_of(make_entry(next_steps=["Ask"])) != version_of(make_entry())
