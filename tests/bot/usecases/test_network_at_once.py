"""People of the network who act at the same moment, on both databases: no answer is lost and nobody asked twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from bot.checkpoints.refusals import Refused
from bot.network.introductions import Introduction
from bot.network.panels import SIZE, Panel, Reviewer
from bot.storage.database import Database
from bot.usecases.knowledge_base import KnowledgeBase
from tests.bot.checkpoints.build import NOW
from tests.bot.usecases.network_world import ABROAD, OWN, Side, World

HERE = OWN.party.workspace_id
CHECKPOINT = f"c{OWN.mark}"

pytestmark = pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def world(address: str, knowledge_base: KnowledgeBase) -> Iterator[World]:
    with closing(Database(address)) as database:
        yield World(database, knowledge_base)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What was refused of these acts, begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        barrier.wait()
        try:
            act()
        except Refused as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [refusal for refusal in pool.map(run, acts) if refusal]


def panels(world: World) -> list[Panel]:
    with world.commons.reading() as pages:
        return pages.exchange(HERE).panels()


def offer(world: World, reviewers: Sequence[Reviewer]) -> None:
    with world.commons.writing() as pages:
        for one in reviewers:
            pages.exchange(HERE).keep_reviewer(one, at=NOW)


def test_everybody_on_a_panel_says_no_at_once_and_each_is_replaced_by_somebody_else(world: World) -> None:
    world.settle(OWN, signed=False)
    offer(world, [Reviewer(f"U{number}", "YOR") for number in range(2 * SIZE)])
    world.desks.reviews.ask(HERE, OWN.owner, CHECKPOINT, at=NOW)
    [asked] = panels(world)
    first = [seat.user_id for seat in asked.seats]

    refused = at_once(
        *(lambda user=user: world.desks.reviews.reply(HERE, user, asked.id, accepts=False, at=NOW) for user in first)
    )

    [panel] = panels(world)
    assert refused == []
    assert Counter(seat.answer for seat in panel.seats) == {"declined": SIZE, "invited": SIZE}
    assert len({seat.user_id for seat in panel.seats}) == 2 * SIZE


def test_a_yes_and_a_no_at_once_are_both_kept(world: World) -> None:
    world.settle(OWN, signed=False)
    offer(world, [Reviewer(f"U{number}", "YOR") for number in range(SIZE)])
    world.desks.reviews.ask(HERE, OWN.owner, CHECKPOINT, at=NOW)
    [asked] = panels(world)
    yes, no, _ = (seat.user_id for seat in asked.seats)
    reviews = world.desks.reviews

    refused = at_once(
        lambda: reviews.reply(HERE, yes, asked.id, accepts=True, at=NOW),
        lambda: reviews.reply(HERE, no, asked.id, accepts=False, at=NOW),
    )

    [panel] = panels(world)
    assert refused == []
    assert sorted(seat.answer for seat in panel.seats) == ["accepted", "declined", "invited"]


def test_owner_and_sponsor_ask_for_a_panel_at_once_and_there_is_one(world: World) -> None:
    world.settle(OWN, signed=False)
    offer(world, [Reviewer(f"U{number}", "YOR") for number in range(SIZE)])
    reviews = world.desks.reviews

    refused = at_once(
        lambda: reviews.ask(HERE, OWN.owner, CHECKPOINT, at=NOW),
        lambda: reviews.ask(HERE, OWN.sponsor, CHECKPOINT, at=NOW),
    )

    assert len(panels(world)) == 1
    assert len(refused) == 1
    assert "has a panel already" in refused[0]


def ask(world: World, side: Side, point: str) -> None:
    form = json.dumps({"service": side.service_id, "point": point})
    contact = {"contact": f"{side.mark}@example.gov.uk"}
    world.desks.introductions.ask(side.party.workspace_id, side.owner, form, contact, at=NOW)


def introductions(world: World) -> list[Introduction]:
    with world.commons.reading() as pages:
        return pages.introductions.of_parties([OWN.party, ABROAD.party])


def test_two_councils_ask_each_other_at_once_and_are_introduced(world: World) -> None:
    for side in (OWN, ABROAD):
        world.settle(side, ["points_met"])

    refused = at_once(lambda: ask(world, OWN, ABROAD.point), lambda: ask(world, ABROAD, OWN.point))

    [one] = introductions(world)
    assert refused == []
    assert one.opened_at is not None
    assert {one.asking.contact, one.asked.contact} == {"zqown@example.gov.uk", "zqabroad@example.gov.uk"}


def test_a_request_that_is_sent_twice_at_once_is_one(world: World) -> None:
    world.settle(OWN, signed=False)
    world.settle(ABROAD, ["points_met"])

    refused = at_once(*[lambda: ask(world, OWN, "service-standard/05")] * 2)

    assert len(introductions(world)) == 1
    assert len(refused) == 1
