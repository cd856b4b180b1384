"""People who rate at the same moment: the round ends once, with every card in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.bot.usecases.test_blind_unseen import ABSENT, MONDAY, POINTS, RATERS, World


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path}/advisor.sqlite3")) as opened:
        opened.migrate()
        yield opened


def test_the_last_cards_at_once_end_a_round_once(database: Database) -> None:
    world = World(database, "T1", named=True)
    people = (*RATERS, ABSENT)
    card = {f"rating.{point}": "met" for point in POINTS}
    form = json.dumps({"round": "b2"})

    with ThreadPoolExecutor(len(people)) as pool:
        done = list(pool.map(lambda one: world.desks.blind.rate("T1", one, form, card, at=MONDAY), people))

    told = [post.message.text for each in done for post in each.posts]
    with world.rules.ledger.reading("T1") as pages:
        one = pages.blind.get("b2")
        left = pages.blind.cards_to_close("b2")
    assert len(told) == 1
    assert "4 of 4 rated it, and you agree on every point" in told[0]
    assert one is not None
    assert {voice.person_id for voice in one.result[0].voices} == set(people)
    assert left == {}
