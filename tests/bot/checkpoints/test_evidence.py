"""Evidence: its faults, its shelf life, what expires with it, and what renewing restores."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.checkpoints.evidence import (
    Reliance,
    check_again,
    evidence_faults,
    evidence_remark,
    expires_on,
    knock_ons,
    relying_on,
    renew,
    restore,
)
from bot.checkpoints.progress import left
from bot.checkpoints.refusals import Refused
from bot.knowledge.shelf_lives import ShelfLife
from tests.bot.checkpoints.build import (
    LIVES,
    NOW,
    TODAY,
    make_answer,
    make_checkpoint,
    make_evidence,
    make_prompt,
    make_service,
    make_template,
)

LATER = dt.date(2027, 6, 1)
TEMPLATE = make_template(make_prompt("secure", points=("service-standard/09",)), make_prompt("owner"))


def relying(id: str = "c1", **fields: Any) -> Any:
    answers = {"secure": make_answer("secure", evidence_ids=("e1",)), "owner": make_answer("owner")}
    return make_checkpoint(TEMPLATE, id=id, answers=answers, **fields)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"type": "rumour"}, "type", "penetration test"),
        ({"title": " "}, "title", "Say in a few words"),
        ({"title": "x" * 151}, "title", "150 is the most"),
        ({"link": "council.gov.uk/x"}, "link", "https://council.gov.uk/x"),
        ({"dated_on": dt.date(2027, 2, 1)}, "dated_on", "1 February 2027 is still to come"),
    ],
)
def test_each_fault_is_said_at_its_field(fields: dict[str, Any], field: str, words: str) -> None:
    found = evidence_faults(make_evidence(**fields), today=TODAY, lives=LIVES)

    assert list(found) == [field]
    assert words in found[field]


def test_evidence_may_be_a_note_without_link() -> None:
    assert evidence_faults(make_evidence(link=""), today=TODAY, lives=LIVES) == {}


@pytest.mark.parametrize(
    ("type", "wanted"),
    [
        ("accessibility audit", dt.date(2027, 6, 1)),
        ("penetration test", dt.date(2027, 6, 1)),
        ("impact assessment", dt.date(2028, 6, 1)),
        ("user research", dt.date(2027, 12, 1)),
        ("contract", None),
        ("a type that was removed", dt.date(2028, 6, 1)),
    ],
)
def test_each_type_has_its_shelf_life(type: str, wanted: dt.date | None) -> None:
    assert expires_on(make_evidence(type=type), LIVES) == wanted


def test_every_shelf_life_says_why_and_where_it_is_from() -> None:
    assert all(life.why and (life.source or life.suggested_by) for life in LIVES.values())


def test_a_council_sets_its_own_months() -> None:
    own = {"penetration test": 6, "tree survey": None}
    written = {type: ShelfLife(type=type, months=months, why="So.", suggested_by="Us") for type, months in own.items()}
    lives = {**LIVES, **written}

    assert expires_on(make_evidence(), lives) == dt.date(2026, 12, 1)
    assert expires_on(make_evidence(type="tree survey"), lives) is None
    assert lives["user research"] == LIVES["user research"]


def test_stale_evidence_may_be_given_and_says_so() -> None:
    remark = evidence_remark(make_evidence(dated_on=dt.date(2025, 6, 1)), today=TODAY, lives=LIVES)

    assert "counted until 1 June 2026 (7 months ago)" in remark
    assert evidence_remark(make_evidence(), today=TODAY, lives=LIVES) == ""


def test_expiry_lists_every_point_that_relied_on_it() -> None:
    found = knock_ons([make_evidence()], [relying("c1"), relying("c2")], today=LATER, lives=LIVES)

    assert len(found) == 1
    assert found[0].expires_on == LATER
    assert found[0].relied_on_by == (
        Reliance("s1", "c1", "secure", ("service-standard/09",)),
        Reliance("s1", "c2", "secure", ("service-standard/09",)),
    )


def test_the_day_before_nothing_has_expired() -> None:
    day_before = LATER - dt.timedelta(days=1)

    assert knock_ons([make_evidence()], [relying()], today=day_before, lives=LIVES) == ()


def test_a_point_goes_to_check_again_once() -> None:
    step = check_again(relying(state="met"), ["e1"], at=NOW)

    assert [prompt.id for prompt in left(step.checkpoint, make_service())] == ["secure"]
    assert [(event.kind, event.subject, event.who) for event in step.events] == [("check again", "secure", "")]
    assert knock_ons([make_evidence()], [step.checkpoint], today=LATER, lives=LIVES) == ()
    assert check_again(step.checkpoint, ["e1"], at=NOW).events == ()


def test_renewing_restores_the_points() -> None:
    marked = check_again(relying(state="met"), ["e1"], at=NOW).checkpoint
    newer = renew(
        make_evidence(), dated_on=dt.date(2027, 5, 1), link="https://x.example/2", by="U1", at=NOW, today=LATER
    )
    step = restore(marked, [newer.id], at=NOW)

    assert step.checkpoint.answers == relying().answers
    assert step.events[0].kind == "restored"
    assert knock_ons([newer], [step.checkpoint], today=LATER, lives=LIVES) == ()


def test_restoring_one_piece_leaves_the_other_marked() -> None:
    both = make_checkpoint(TEMPLATE, answers={"secure": make_answer("secure", evidence_ids=("e1", "e2"))})
    marked = check_again(both, ["e1", "e2"], at=NOW).checkpoint

    assert restore(marked, ["e1"], at=NOW).checkpoint.answers["secure"].lapsed == ("e2",)


@pytest.mark.parametrize(
    ("dated_on", "link", "field"),
    [
        (dt.date(2026, 6, 1), "https://x.example", "dated_on"),
        (dt.date(2028, 1, 1), "https://x.example", "dated_on"),
        (dt.date(2027, 1, 1), "x.example", "link"),
    ],
)
def test_renewing_needs_something_newer_and_whole(dated_on: dt.date, link: str, field: str) -> None:
    with pytest.raises(Refused) as caught:
        renew(make_evidence(), dated_on=dated_on, link=link, by="U1", at=NOW, today=TODAY)

    assert list(caught.value.faults) == [field]


def test_who_relies_on_it_is_known_before_it_expires() -> None:
    found = relying_on(make_evidence(), [relying()], LIVES)

    assert found is not None
    assert found.expires_on == LATER
    assert relying_on(make_evidence("e9"), [relying()], LIVES) is None
    assert relying_on(make_evidence(type="contract"), [relying()], LIVES) is None
