"""A draft of a case study loads as an entry, and the check names exactly what nobody recorded."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.checkpoints.checkpoint import Decision, Event, State
from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import Service
from bot.knowledge.checking import check
from bot.knowledge.loading import load
from bot.portfolio.case_draft import case_draft
from bot.portfolio.portfolio import Portfolio
from bot.settings import SHIPPED_KNOWLEDGE
from tests.bot.checkpoints.build import (
    MEMBER,
    NOW,
    OWNER,
    SPONSOR,
    TODAY,
    make_answer,
    make_checkpoint,
    make_evidence,
    make_prompt,
    make_service,
    make_template,
)

POINTS = ("service-standard/01", "service-standard/05")
FULL = {"purpose": "Residents could not tell us of a missed bin at night", "service_area": "waste"}


def portfolio_of(service: Service, state: State = "met", *, evidence: bool = True) -> Portfolio:
    template = make_template(
        make_prompt("one", points=POINTS[:1]), make_prompt("two", points=POINTS[1:]), id="checkpoint/live-review"
    )
    answers = {
        "one": make_answer("one", "met", note="Ask Mrs Smith", evidence_ids=("e1",)),
        "two": make_answer("two", "partly"),
    }
    decision = Decision("met", SPONSOR, NOW + dt.timedelta(days=400))
    done = make_checkpoint(template, state=state, answers=answers, decision=decision if state != "open" else None)
    pieces = {"e1": make_evidence()} if evidence else {}
    return Portfolio((service,), {"s1": (done,)}, (), {}, pieces, {"e1": "s1"} if evidence else {})


def draft_of(service: Service, portfolio: Portfolio) -> str:
    return case_draft(service, portfolio, POINTS, council="Leeds City Council", today=TODAY)


def faults_of(text: str, folder: Path) -> list[str]:
    """What the check says of the draft among the entries that ship."""
    shutil.copytree(SHIPPED_KNOWLEDGE / "service-standard", folder / "service-standard")
    (folder / "case").mkdir()
    (folder / "case" / "missed-bins.yaml").write_text(text, encoding="utf-8")
    found = check(load(folder), today=TODAY)
    return [str(one) for one in found if "missed-bins" in str(one.file)]


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("state", ["met", "met with conditions"])
def test_the_check_names_each_note_and_nothing_else(tmp_path: Path, full: bool, state: State) -> None:
    service = make_service(**FULL) if full else make_service()

    faults = faults_of(draft_of(service, portfolio_of(service, state, evidence=full)), tmp_path)

    notes = [one for one in faults if "is a note of the skeleton" in one]
    rest = [one for one in faults if one not in notes]
    assert len(notes) >= 8
    assert [one for one in rest if "questions: write at least" not in one] == []
    assert any("the problem" in one for one in notes) is not full


def test_what_is_recorded_stands_in_it_and_what_is_not_for_the_world_does_not() -> None:
    service = make_service(**FULL)

    text = draft_of(service, portfolio_of(service))
    entry = yaml.safe_load(text)

    assert entry["title"] == "Leeds City Council: Report a missed bin"
    assert entry["case"]["illustrates"] == ["service-standard/01"]
    assert entry["case"]["verdict"] == "worked"
    assert entry["case"]["years"] == "2027 to 2028"
    assert entry["sources"][0]["url"] == "https://council.example.gov.uk/test.pdf"
    for person in (OWNER, SPONSOR, MEMBER, "Smith"):
        assert person not in text


def test_a_return_on_the_way_is_said() -> None:
    service = make_service()
    history = (Event("c1", "decided", SPONSOR, NOW, "", "submitted", "returned"),)

    entry = yaml.safe_load(draft_of(service, replace(portfolio_of(service), history=history)))

    assert entry["case"]["went_wrong"].startswith("A checkpoint was returned")


@pytest.mark.parametrize("name", ['"quoted": yes', "- a\n- b", "#no", "{x}", "é Ŵ 日本", "!!python/object:os.system"])
def test_no_name_of_a_service_breaks_the_yaml(name: str) -> None:
    service = make_service(name=name)

    assert yaml.safe_load(draft_of(service, portfolio_of(service)))["title"] == f"Leeds City Council: {name}"


def test_a_service_that_has_not_passed_has_nothing_to_give_back_yet() -> None:
    service = make_service()

    with pytest.raises(Refused, match="has not passed its live review"):
        draft_of(service, portfolio_of(service, "open"))
