"""Drafts from what is known already, marked with where they come from."""

from __future__ import annotations

import datetime as dt

from bot.checkpoints.prefill import CONTRACT_HELP, Draft, drafts
from tests.bot.checkpoints.build import (
    LIVES,
    TODAY,
    make_answer,
    make_checkpoint,
    make_contract,
    make_evidence,
    make_prompt,
    make_service,
    make_template,
)

FRESH = make_evidence("fresh")
STALE = make_evidence("stale", dated_on=dt.date(2025, 1, 1))
EVIDENCE = {"fresh": FRESH, "stale": STALE}


def test_an_earlier_answer_is_offered_with_its_fresh_evidence() -> None:
    earlier = make_checkpoint(
        id="c0", answers={"owner": make_answer("owner", note="It is Ann.", evidence_ids=("fresh", "stale"))}
    )

    found = drafts(make_checkpoint(), make_service(), [earlier], EVIDENCE, today=TODAY, lives=LIVES)

    source = "Checkpoint: end of alpha, answered on 11 January 2027"
    assert found == {"owner": Draft("owner", "It is Ann.", ("fresh",), source)}


def test_nothing_is_offered_where_somebody_has_answered() -> None:
    earlier = make_checkpoint(id="c0", answers={"owner": make_answer("owner", note="It is Ann.")})
    mine = make_checkpoint(answers={"owner": make_answer("owner", "not yet")})

    assert drafts(mine, make_service(), [earlier], {}, today=TODAY, lives=LIVES) == {}


def test_answers_of_another_service_are_not_offered() -> None:
    other = make_checkpoint(id="c0", service_id="s2", answers={"owner": make_answer("owner", note="It is Ann.")})

    assert drafts(make_checkpoint(), make_service(), [other], {}, today=TODAY, lives=LIVES) == {}


def test_the_contract_of_the_register_is_put_before_prompts_about_it() -> None:
    checkpoint = make_checkpoint(make_template(make_prompt("dates", help=CONTRACT_HELP), make_prompt("owner")))
    service = make_service(contract=make_contract(extensions=(12, 12)))

    found = drafts(checkpoint, service, [], {}, today=TODAY, lives=LIVES)

    assert found["dates"].note == (
        "Acme: ends on 31 March 2028. Notice: 3 months, so by 31 December 2027. Extension options, in months: 12, 12."
    )
    assert found["dates"].source == "the contract in the register"
    assert "owner" not in found
