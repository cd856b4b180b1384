"""Receipts: canonical, chained, and any altered byte is found."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints import receipts
from bot.checkpoints.checkpoint import Waiver
from bot.checkpoints.receipts import FIRST, Break, Head, Receipt, canonical, read_code, verify, write_receipt
from bot.checkpoints.refusals import Refused
from bot.checkpoints.signoff import Condition, Ruling, decide
from tests.bot.checkpoints.build import (
    MEMBER,
    NOW,
    SPONSOR,
    TODAY,
    handed_in,
    make_answer,
    make_checkpoint,
    make_evidence,
    make_prompt,
    make_service,
    make_template,
)

SERVICE = make_service()


def chain(length: int) -> list[Receipt]:
    found: list[Receipt] = []
    for number in range(length):
        ruling = Ruling("met", f"Decision {number}: £, é, 🎉, <!channel>")
        decided = decide(handed_in(), SERVICE, ruling, by=SPONSOR, at=NOW, today=TODAY).checkpoint
        found.append(write_receipt(decided, SERVICE, {}, previous=found[-1] if found else None))
    return found


CHAIN = chain(4)


def test_a_receipt_holds_all_that_was_decided_on() -> None:
    prompts = (make_prompt("owner", points=("service-standard/06",)), make_prompt("robots", only_if="uses AI"))
    checkpoint = make_checkpoint(make_template(*prompts), state="submitted", submitted_by=MEMBER, submitted_at=NOW)
    answers = {"owner": make_answer("owner", "partly", note="Ann", evidence_ids=("e1", "gone"))}
    waiver = Waiver("Later", "UX", dt.date(2027, 6, 1), ("owner",))
    ruling = Ruling("met with conditions", "Go on", (Condition("Tell Bob", MEMBER, dt.date(2027, 2, 1)),), (waiver,))
    ready = replace(checkpoint, answers=answers)
    decided = decide(ready, SERVICE, ruling, by=SPONSOR, at=NOW, today=TODAY).checkpoint

    body = json.loads(write_receipt(decided, SERVICE, {"e1": make_evidence()}, previous=None).body)

    assert body["prompts"][0]["answer"]["note"] == "Ann"
    assert body["skipped"] == [{"id": "robots", "only_if": "uses AI"}]
    assert [piece["id"] for piece in body["evidence"]] == ["e1", "gone"]
    assert body["decision"]["actions"][0]["due"] == "2027-02-01"
    assert body["decision"]["waivers"][0]["approver"] == "UX"
    assert (body["knowledge"], body["previous"], body["number"]) == ("abc", FIRST, 1)
    assert body["submitted"] == {"at": "2027-01-11T10:00:00+00:00", "by": MEMBER}


def test_without_a_decision_there_is_no_receipt() -> None:
    with pytest.raises(Refused, match="no decision yet"):
        write_receipt(handed_in(), SERVICE, {}, previous=None)


def test_the_same_decision_gives_the_same_receipt() -> None:
    assert chain(4) == CHAIN
    assert [receipt.number for receipt in CHAIN] == [1, 2, 3, 4]
    assert len({receipt.code for receipt in CHAIN}) == 4


def test_the_body_is_canonical_json() -> None:
    body = CHAIN[0].body

    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(body.encode()).hexdigest() == CHAIN[0].hash


def test_a_whole_chain_holds() -> None:
    assert verify([]) is None
    assert verify(CHAIN) is None
    assert verify(CHAIN, head=Head(4, CHAIN[3].hash)) is None
    assert verify(CHAIN, head=Head(2, CHAIN[1].hash)) is None


@given(st.data())
def test_any_altered_character_is_found_and_its_receipt_named(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 3))
    field = data.draw(st.sampled_from(["body", "hash", "previous", "code", "workspace_id"]))
    text = getattr(CHAIN[number], field)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda letter: letter != text[at]))
    altered = replace(CHAIN[number], **{field: text[:at] + other + text[at + 1 :]})

    found = verify([*CHAIN[:number], altered, *CHAIN[number + 1 :]])

    assert found is not None
    assert found.number == (number + 1 if (field, number) != ("workspace_id", 0) else 1)


@given(st.integers(0, 3), st.integers(-3, 9))
def test_an_altered_number_is_found(number: int, wrong: int) -> None:
    altered = replace(CHAIN[number], number=wrong)

    found = verify([*CHAIN[:number], altered, *CHAIN[number + 1 :]])

    assert found is None if wrong == number + 1 else found is not None and found.number == number + 1


@pytest.mark.parametrize("order", [[1, 2, 3], [0, 2, 3], [0, 0, 1, 2, 3], [1, 0, 2, 3], [0, 1, 3]])
def test_a_missing_doubled_or_swapped_receipt_is_found(order: list[int]) -> None:
    assert verify([CHAIN[place] for place in order]) is not None


def test_who_rewrites_one_receipt_with_its_hash_breaks_the_next() -> None:
    body = json.loads(CHAIN[1].body) | {"knowledge": "forged"}
    text = canonical(body)
    digest = hashlib.sha256(text.encode()).hexdigest()
    forged = replace(CHAIN[1], body=text, hash=digest)

    assert verify([CHAIN[0], forged, *CHAIN[2:]]) == Break(forged.code, 2, "its code was altered.")


def test_a_text_that_is_not_canonical_is_no_receipt() -> None:
    text = CHAIN[3].body.replace(",", ", ", 1)
    digest = hashlib.sha256(text.encode()).hexdigest()
    forged = replace(CHAIN[3], body=text, hash=digest, code=receipts._code(4, digest))

    assert verify([*CHAIN[:3], forged]) == Break(forged.code, 4, "its text and its place in the chain do not agree.")


def test_receipts_cut_off_at_the_end_are_found_with_the_head() -> None:
    assert verify(CHAIN[:3]) is None
    assert verify(CHAIN[:3], head=Head(4, CHAIN[3].hash)) == Break(
        "", 4, "missing: 4 receipts were written, 3 are here."
    )
    assert verify(CHAIN, head=Head(4, "0" * 64)) is not None


def test_a_code_is_understood_as_people_type_it() -> None:
    assert read_code(" 12-o1lik ") == "12-0111K"
    assert all(read_code(receipt.code.lower()) == receipt.code for receipt in CHAIN)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=9))
def test_canonical_text_is_the_same_after_reading_it(data: object) -> None:
    text = canonical(data)

    assert canonical(json.loads(text)) == text
    text.encode("utf-8")


def test_a_note_that_utf8_cannot_hold_does_not_stop_a_receipt() -> None:
    assert canonical({"note": "broken \ud83d"}) == '{"note":"broken ?"}'
