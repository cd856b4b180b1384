"""No field leaves a council that did not share it, through any screen, message or file of the network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.checkpoints.refusals import Refused
from bot.network.sharing import FIELDS, Field, Listing, Party, Viewer
from bot.rendering.message import Message
from bot.storage.database import Database
from bot.usecases.disclosing import Found, Looking, look_across
from bot.usecases.introducing import Outcome
from bot.usecases.knowledge_base import KnowledgeBase
from tests.bot.checkpoints.build import NOW
from tests.bot.usecases.network_world import (
    ABROAD,
    ADMIN,
    AREA,
    BESIDE,
    NAMESAKE,
    OWN,
    SIDES,
    Side,
    World,
    leaks,
    words,
)

some_fields = some.frozensets(some.sampled_from(FIELDS))
some_shares = some.fixed_dictionaries({side: some_fields for side in SIDES})
slowly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OUTSIDER = "UNOBODY"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(address: str, knowledge_base: KnowledgeBase) -> Iterator[World]:
    with closing(Database(address)) as database:
        yield World(database, knowledge_base)


def fill(world: World, shares: dict[Side, frozenset[Field]]) -> None:
    world.clear()
    for side, shared in shares.items():
        world.settle(side, shared, signed=side is not OWN)


def look(world: World, viewer: Viewer, only: frozenset[Field] = frozenset(FIELDS)) -> list[Found]:
    with world.commons.writing() as pages:
        looking = Looking(viewer, "who else", NOW)
        return look_across(pages, world.rules.councils, looking, choose=lambda found: found, only=only)


@slowly
@given(shares=some_shares, only=some_fields)
def test_what_is_found_across_is_what_was_shared_and_asked_for(
    world: World, shares: dict[Side, frozenset[Field]], only: frozenset[Field]
) -> None:
    fill(world, shares)

    found = look(world, Viewer(OWN.party.workspace_id, OWN.owner, frozenset({"LDS"})), only)

    by_party = {one.party: one.listing for one in found}
    expected = {side.party: shares[side] & only for side in (BESIDE, ABROAD, NAMESAKE) if shares[side] & only}
    assert {party: listing.fields for party, listing in by_party.items()} == expected
    for listing in by_party.values():
        held = {one.name for one in fields_of(Listing) if one.name in FIELDS and getattr(listing, one.name) is not None}
        assert held == listing.fields
    assert leaks(words([repr(one) for one in by_party.values()]), shares, own=(OWN,)) == []


@slowly
@given(shares=some_shares)
def test_every_disclosure_is_written_down_and_nothing_else(world: World, shares: dict[Side, frozenset[Field]]) -> None:
    fill(world, shares)

    look(world, Viewer(OWN.party.workspace_id, OWN.owner, frozenset({"LDS"})))

    with world.commons.reading() as pages:
        lines = {side: pages.sharing.disclosed(side.party) for side in SIDES}
    noted = {side: [frozenset(line.fields) for line in found] for side, found in lines.items()}
    expected = {side: [shares[side]] if shares[side] and side is not OWN else [] for side in SIDES}
    assert noted == expected


def test_what_is_not_chosen_is_not_written_down(world: World) -> None:
    fill(world, {BESIDE: frozenset({"name"})})
    looking = Looking(Viewer("T9", OUTSIDER), "who else", NOW)

    with world.commons.writing() as pages:
        look_across(pages, world.rules.councils, looking, choose=lambda found: [])

    with world.commons.reading() as pages:
        assert pages.sharing.disclosed(BESIDE.party) == []


def test_who_stops_sharing_is_not_found_the_next_moment(world: World) -> None:
    fill(world, {ABROAD: frozenset(FIELDS)})
    viewer = Viewer("T9", OUTSIDER)
    assert len(look(world, viewer)) == 1

    world.share(ABROAD, [])

    assert look(world, viewer) == []


def test_a_retired_service_is_not_found(world: World) -> None:
    world.settle(ABROAD, FIELDS, phase="retired")

    assert look(world, Viewer("T9", OUTSIDER)) == []


def screens(world: World, workspace_id: str, user_id: str) -> Iterator[object]:
    """Everything of the network that somebody can bring to the screen, or send."""
    try:
        yield world.desks.sharing.form(workspace_id, user_id)
    except Refused as refused:
        yield str(refused)
    yield world.desks.sharing.home(workspace_id, user_id)
    yield world.desks.reuse.who(workspace_id, user_id, AREA, at=NOW)
    yield world.desks.reuse.who(workspace_id, user_id, "parking", at=NOW)
    yield world.desks.contracts.together(workspace_id, user_id, at=NOW)
    yield world.desks.contracts.names(workspace_id, ADMIN, at=NOW)
    yield world.desks.reviews.screen(workspace_id, user_id)
    yield world.desks.introductions.screen(workspace_id, user_id, at=NOW)
    if user_id == OWN.owner:
        yield world.desks.reuse.form(workspace_id, user_id, OWN.service_id, at=NOW)


@slowly
@given(shares=some_shares)
def test_no_screen_shows_what_was_not_shared(world: World, shares: dict[Side, frozenset[Field]]) -> None:
    fill(world, shares)
    here = OWN.party.workspace_id

    mine = words(*screens(world, here, OWN.owner))
    outsiders = words(*screens(world, here, OUTSIDER))

    assert leaks(mine, shares, own=(OWN,)) == []
    assert leaks(outsiders, shares, own=()) == []


def offers(world: World) -> list[tuple[str, str]]:
    """The points about which our side could ask: (service id, point)."""
    shown = world.desks.introductions.screen(OWN.party.workspace_id, OWN.owner, at=NOW)
    values = [block["accessory"]["value"] for block in shown.blocks if "accessory" in block]
    return [(value.partition("|")[0], value.partition("|")[2]) for value in values]


def ask(world: World, service_id: str, point: str) -> Outcome:
    metadata = json.dumps({"service": service_id, "point": point})
    given = {"contact": "zqgiven@example.gov.uk"}
    return world.desks.introductions.ask(OWN.party.workspace_id, OWN.owner, metadata, given, at=NOW)


@slowly
@given(shares=some_shares)
def test_neither_a_request_nor_a_no_tells_anything_of_either_side(
    world: World, shares: dict[Side, frozenset[Field]]
) -> None:
    fill(world, shares)
    here = OWN.party.workspace_id

    for service_id, point in offers(world):
        try:
            outcome = ask(world, service_id, point)
        except Refused:
            continue  # the council was drawn for the point before
        [letter] = outcome.letters
        [asked] = [side for side in SIDES if side.owner == letter.user_id]
        assert "points_met" in shares[asked]
        assert leaks(words(outcome.view), shares, own=(OWN,)) == []
        assert leaks(words(letter.message), shares, own=(asked,)) == []
        assert "zqgiven" not in words(letter.message)
        asked_here = asked.party.workspace_id
        [id] = [one["value"] for one in buttons(letter.message) if one["action_id"] == "introduction_no"]
        before = words(world.desks.introductions.screen(here, OWN.owner, at=NOW))
        no = world.desks.introductions.say_no(asked_here, asked.owner, id, at=NOW)
        assert leaks(words(no), shares, own=(asked,)) == []
        assert words(world.desks.introductions.screen(here, OWN.owner, at=NOW)) == before
        assert leaks(before, shares, own=(OWN,)) == []


def test_both_yes_gives_each_the_name_and_the_contact_of_the_other_and_no_more(world: World) -> None:
    fill(world, {OWN: frozenset(), BESIDE: frozenset(), ABROAD: frozenset({"points_met"})})
    [letter] = ask(world, OWN.service_id, "service-standard/05").letters
    [id] = [one["value"] for one in buttons(letter.message) if one["action_id"] == "introduction_yes"]
    metadata, given = json.dumps({"introduction": id}), {"contact": "zqanswer@example.gov.uk"}

    outcome = world.desks.introductions.say_yes(ABROAD.party.workspace_id, ABROAD.owner, metadata, given, at=NOW)

    assert outcome.meeting is None
    to_us, to_them = outcome.letters
    assert (to_us.workspace_id, to_us.user_id) == (OWN.party.workspace_id, OWN.owner)
    assert (to_them.workspace_id, to_them.user_id) == (ABROAD.party.workspace_id, ABROAD.owner)
    agreed: dict[Side, frozenset[Field]] = {ABROAD: frozenset({"name", "points_met"}), OWN: frozenset({"name"})}
    assert leaks(words(to_us.message), agreed, own=(OWN,)) == []
    assert leaks(words(to_them.message), agreed, own=(ABROAD,)) == []
    assert "zqabroadname" in words(to_us.message)
    assert "zqanswer@example.gov.uk" in words(to_us.message)
    assert "zqownname" in words(to_them.message)
    assert "zqgiven@example.gov.uk" in words(to_them.message)
    with world.commons.reading() as pages:
        [line] = [one for one in pages.sharing.disclosed(OWN.party) if one.occasion == "introduced"]
    assert line.fields == ("name", "contact")


def buttons(message: Message) -> list[dict[str, Any]]:
    return [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]


def test_what_is_shared_does_show(world: World) -> None:
    everything = frozenset(FIELDS)
    fill(world, dict.fromkeys(SIDES, everything))

    text = words(*screens(world, OWN.party.workspace_id, OWN.owner))

    for side in (BESIDE, ABROAD, NAMESAKE):
        traces = side.traces()
        assert all(any(trace in text for trace in traces[field]) for field in traces), side


def test_a_leak_would_be_noticed() -> None:
    text = words({"text": "zqabroadsupplier until 21 May 2029"}, "zqbesidename")

    found = leaks(text, {ABROAD: frozenset({"name"}), BESIDE: frozenset({"name"})}, own=(OWN,))

    assert found == ["zqabroadsupplier", "21 May 2029"]


def test_only_the_corridor_of_disclosing_reads_across() -> None:
    bot = Path(__file__).resolve().parents[3]
    names = ("sharing_parties(", "record_of(", "disclose(", "_filtered(")
    callers = {
        str(file.relative_to(bot))
        for folder in ("bot", "handlers")
        for file in (bot / folder).rglob("*.py")
        if any(name in file.read_text(encoding="utf-8") for name in names)
    }

    assert callers == {"bot/network/sharing.py", "bot/storage/commons.py", "bot/usecases/disclosing.py"}


def test_a_party_is_a_council_within_one_workspace() -> None:
    assert OWN.party != NAMESAKE.party
    assert OWN.party == Party("T0ZQHERE", "LDS")
