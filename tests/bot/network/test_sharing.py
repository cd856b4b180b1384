"""What leaves a council: only what it shares, only what is asked for; and who may change that."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.checkpoints.checkpoint import Decision
from bot.network.points import points_met
from bot.network.sharing import (
    FIELDS,
    Field,
    Viewer,
    disclose,
    may_close,
    may_open,
    record_of,
    shared_more,
    viewer_of,
)
from tests.bot.checkpoints.build import (
    NOW,
    OWNER,
    SPONSOR,
    handed_in,
    make_checkpoint,
    make_contract,
    make_prompt,
    make_service,
    make_template,
)
from tests.bot.network.build import LEEDS, YORK, make_record, make_shares

fields = some.frozensets(some.sampled_from(FIELDS))
HELD: dict[Field, tuple[str, ...]] = {"name": ("name", "council"), **{one: (one,) for one in FIELDS if one != "name"}}


def test_nothing_is_shared_by_default() -> None:
    assert disclose(make_record(), make_shares()) is None


@given(shared=fields, only=fields, agreed=fields)
def test_no_field_passes_that_was_neither_shared_nor_agreed(
    shared: frozenset[Field], only: frozenset[Field], agreed: frozenset[Field]
) -> None:
    shares = make_shares(*shared, contact="digital@leeds.example")

    listing = disclose(make_record(), shares, only=only, agreed=agreed)

    passing = (shared | agreed) & only
    assert (listing is None) == (not passing)
    if listing is not None:
        assert listing.fields == passing
        held = {attribute for one in passing for attribute in HELD[one]}
        assert {name for names in HELD.values() for name in names if getattr(listing, name) is not None} == held


def test_a_record_is_never_held_against_the_shares_of_another_council() -> None:
    with pytest.raises(ValueError, match="another council"):
        disclose(make_record(LEEDS), make_shares("name", party=YORK))


def test_a_service_becomes_a_record_with_its_contract() -> None:
    service = make_service(service_area="waste", system="Whitespace", contract=make_contract(supplier="Acme"))

    record = record_of(service, [], council="Camden")

    assert (record.area, record.system, record.supplier) == ("waste", "Whitespace", "Acme")
    assert record.contract_end == dt.date(2028, 3, 31)
    assert (record.council, record.points_met) == ("Camden", ())


SIGNED = Decision("met", SPONSOR, NOW)


def signed(value: str = "met", id: str = "c1", at: dt.datetime = NOW) -> object:
    template = make_template(make_prompt("a", points=("service-standard/05",)))
    done = handed_in(make_checkpoint(template, id=id), value=value)  # type: ignore[arg-type]
    return replace(done, state="met", decision=replace(SIGNED, at=at))


def test_a_point_is_met_only_once_it_is_signed_off() -> None:
    done = signed()
    waiting = replace(done, state="submitted", decision=None)  # type: ignore[type-var]

    assert points_met([done], make_service()) == ("service-standard/05",)  # type: ignore[list-item]
    assert points_met([waiting], make_service()) == ()  # type: ignore[list-item]


def test_the_newest_signed_checkpoint_says_how_a_point_stands() -> None:
    older, newer = signed(), signed("partly", "c2", NOW + dt.timedelta(days=90))

    assert points_met([older, newer], make_service()) == ()  # type: ignore[list-item]


CAMDEN = make_service(id="s1", council="CMD", owner_id="UA", sponsor_id="UB")
YORKS = make_service(id="s2", council="YOR", owner_id="UC", sponsor_id="UD")


@pytest.mark.parametrize(
    ("user", "services", "admin", "opens", "closes"),
    [
        ("UA", [CAMDEN], False, True, True),
        ("UB", [CAMDEN], False, True, True),
        ("UX", [CAMDEN], False, False, False),
        ("UX", [CAMDEN], True, True, True),
        ("UA", [CAMDEN, YORKS], False, False, True),
        ("UC", [CAMDEN, YORKS], False, False, False),
        ("UX", [CAMDEN, YORKS], True, True, True),
        ("UX", [YORKS], True, False, True),
    ],
)
def test_who_may_share_more_and_who_less(user: str, services: list, admin: bool, opens: bool, closes: bool) -> None:  # type: ignore[type-arg]
    assert may_open(user, "CMD", services, is_admin=admin) is opens
    assert may_close(user, "CMD", services, is_admin=admin) is closes


def test_in_a_workspace_of_one_council_everybody_speaks_for_it() -> None:
    assert viewer_of("T1", "UX", [CAMDEN]) == Viewer("T1", "UX", frozenset({"CMD"}))


def test_among_several_councils_only_their_own_people_speak_for_them() -> None:
    assert viewer_of("T1", "UC", [CAMDEN, YORKS]).councils == {"YOR"}
    assert viewer_of("T1", "UX", [CAMDEN, YORKS]).councils == frozenset()


def test_the_same_council_in_another_workspace_is_not_ones_own_side() -> None:
    viewer = viewer_of("T9", OWNER, [replace(CAMDEN, workspace_id="T9", owner_id=OWNER)])

    assert not viewer.is_own(LEEDS)
    assert not viewer.is_own(replace(LEEDS, council="CMD"))


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ((), ("name",), True),
        (("name", "phase"), ("name",), False),
        (("name",), ("phase",), True),
        (("name",), ("name",), False),
    ],
)
def test_more_is_shared_where_a_field_is_new(before: tuple[str, ...], after: tuple[str, ...], more: bool) -> None:
    assert shared_more(make_shares(*before), make_shares(*after)) is more


def test_another_contact_is_more_where_it_is_shared() -> None:
    assert shared_more(make_shares("contact", contact="a"), make_shares("contact", contact="b"))
    assert not shared_more(make_shares(contact="a"), make_shares(contact="b"))
