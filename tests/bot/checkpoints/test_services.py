"""Services: every fault at once, in plain words, and what changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.checkpoints.services import Change, Service, changes, service_faults, service_remarks
from tests.bot.checkpoints.build import OWNER, TODAY, make_contract, make_service


def faults(**fields: Any) -> dict[str, str]:
    return service_faults(make_service(**fields), today=TODAY, councils={"CMD"})


def test_a_good_service_has_no_fault() -> None:
    targets = {"alpha": dt.date(2027, 3, 1), "live": dt.date(2027, 9, 1)}

    assert faults(targets=targets, contract=make_contract(), link="https://bins.example.gov.uk") == {}


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": "  "}, "name", "Give the service a name"),
        ({"name": "x" * 76}, "name", "76 characters long; 75 is the most"),
        ({"purpose": "x" * 5000}, "purpose", "Take out 4700"),
        ({"system": "x" * 101}, "system", "101 characters long; 100 is the most"),
        ({"council": "ZZZ"}, "council", "from the list"),
        ({"channel_id": ""}, "channel_id", "Choose the channel"),
        ({"owner_id": ""}, "owner_id", "Name the service owner"),
        ({"sponsor_id": ""}, "sponsor_id", "Name the sponsor"),
        ({"sponsor_id": OWNER}, "sponsor_id", "must be somebody else"),
        ({"phase": "beta"}, "phase", "private beta"),
        ({"route": "bodged"}, "route", "built, bought, configured"),
        ({"standard": "nhs"}, "standard", "service-standard"),
        ({"facts": ("flies",)}, "facts", "Not known: flies"),
        ({"facts": ("has public users", "has staff users only")}, "facts", "Leave one of the two"),
        ({"link": "bins.example.gov.uk"}, "link", "https://bins.example.gov.uk"),
        ({"targets": {"live": dt.date(2026, 1, 1)}}, "targets.live", "1 January 2026 is in the past (12 months ago)"),
        (
            {"targets": {"alpha": dt.date(2027, 9, 1), "live": dt.date(2027, 3, 1)}},
            "targets.live",
            "before alpha (1 September 2027)",
        ),
        ({"contract": make_contract(supplier=" ")}, "contract.supplier", "Name the supplier"),
        ({"contract": make_contract(starts_on=dt.date(2029, 1, 1))}, "contract.ends_on", "end before it starts"),
        ({"contract": make_contract(notice_months=-1)}, "contract.notice_months", "from 0 to 36"),
        ({"contract": make_contract(extensions=(12, 0))}, "contract.extensions", "from 1 to 120"),
        ({"contract": make_contract(value="huge")}, "contract.value", "under £30,000"),
    ],
)
def test_each_fault_is_said_at_its_field(fields: dict[str, Any], field: str, words: str) -> None:
    found = faults(**fields)

    assert list(found) == [field]
    assert words in found[field]


def test_every_fault_is_given_at_once() -> None:
    found = faults(name="", council="", sponsor_id=OWNER, contract=make_contract(supplier=""))

    assert list(found) == ["name", "council", "sponsor_id", "contract.supplier"]


def test_a_target_of_a_phase_that_began_may_be_past() -> None:
    assert faults(phase="alpha", targets={"alpha": dt.date(2026, 5, 1)}) == {}


def test_a_contract_that_has_ended_may_be_saved_and_is_remarked() -> None:
    service = make_service(contract=make_contract(ends_on=dt.date(2024, 3, 31)))

    assert service_faults(service, today=TODAY, councils={"CMD"}) == {}
    assert "ended on 31 March 2024 (2 years ago)" in service_remarks(service, today=TODAY)["contract.ends_on"]


def test_a_running_service_that_is_bought_without_contract_is_remarked() -> None:
    assert "contract" in service_remarks(make_service(route="bought", phase="live"), today=TODAY)
    assert service_remarks(make_service(route="bought"), today=TODAY) == {}


def test_changes_name_each_field_with_before_and_after() -> None:
    before = make_service(facts=("uses AI",))
    after = replace(before, name="Bins", facts=("uses AI", "takes payments"), contract=make_contract())

    assert changes(before, after)[:3] == (
        Change("name", "Report a missed bin", "Bins"),
        Change("facts", "uses AI", "takes payments, uses AI"),
        Change("contract.supplier", "", "Acme"),
    )
    assert changes(before, replace(before, system="Civica Pay")) == (Change("system", "", "Civica Pay"),)
    assert changes(after, after) == ()


def test_what_is_taken_out_is_a_change_too() -> None:
    before = make_service(targets={"live": dt.date(2027, 9, 1)})

    assert changes(before, make_service()) == (Change("targets.live", "1 September 2027", ""),)


def test_the_history_of_a_new_service_has_every_field_given() -> None:
    assert {change.field for change in changes(None, make_service())} >= {"name", "council", "owner_id", "sponsor_id"}


def test_a_service_can_be_stored_as_it_is() -> None:
    service = make_service(contract=make_contract(extensions=(12, 12)), targets={"live": dt.date(2027, 9, 1)})
    adapter = TypeAdapter(Service)

    assert adapter.validate_json(adapter.dump_json(service)) == service


def test_a_service_that_was_kept_before_systems_were_recorded_has_none() -> None:
    service = make_service(contract=make_contract())
    body = TypeAdapter(Service).dump_python(service, mode="json")
    del body["system"]

    assert TypeAdapter(Service).validate_python(body) == service
