"""One's own data in Slack: what is held, the copy in the direct messages, deletion with a question before it."""

from __future__ import annotations

import json
import re

import pytest

from bot.trial import cast
from bot.trial.records import Message
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, Council, action_ids, words_of
from tests.journeys.test_checkpoints import Team
from tests.journeys.test_hostile import faults_of, texts


def shown(council: Council, words: str = "my data") -> Message:
    """What Sam is shown."""
    return council.command(council.sam, "/advisor", words)


def used(council: Council) -> Council:
    """The same council after Sam has asked, voted and started a service."""
    council.sam.open_messages_tab()
    council.settle()
    council.click(council.sam, council.dm(council.sam, "what is alpha?"), "feedback_helpful")
    Team(council).start()
    return council


def copy_of(council: Council) -> dict[str, object]:
    """The copy that Sam gets, put together from its parts."""
    asked = shown(council)
    before = len(council.sam.answers())
    council.sam.click(asked, "my_data_copy")
    council.settle()
    parts = council.sam.answers()[before:]
    return dict(json.loads("".join(part.text.partition("```")[2].removesuffix("```") for part in parts)))


def test_nothing_held_is_said_plainly(council: Council) -> None:
    message = shown(council)

    assert "holds nothing about you" in message.text
    assert action_ids(message) == set()


@pytest.mark.parametrize("words", ["my data", "My  Data", "forget me"])
def test_what_is_held_is_listed_for_the_one_who_asks(council: Council, words: str) -> None:
    message = shown(used(council), words)

    assert "Your votes on answers: 1" in message.text
    assert "Services that name you as owner or sponsor: 1" in message.text
    assert "owner of Parking permits" in message.text
    assert message.reader == council.sam.id
    assert action_ids(message) == {"my_data_copy", "my_data_delete"}


def test_the_copy_is_json_that_can_be_put_together_and_names_nobody_else(council: Council) -> None:
    copy = copy_of(used(council))

    assert copy["person"] == cast.SAM
    assert cast.PRIYA not in json.dumps(copy)
    assert re.search(r"Parking permits", json.dumps(copy))


def test_a_long_copy_comes_in_parts_and_cannot_ping(council: Council) -> None:
    team = Team(council)
    team.start(name="Permits <!channel> ```", purpose="x" * 300)
    for number in range(3):
        team.start(name=f"Service {number} <@{cast.PRIYA}>", purpose="y" * 300)

    copy = copy_of(council)

    parts = [one for one in council.sam.answers() if "as JSON" in one.text]
    found = [fault for part in parts for kind, text in texts(part.to_slack()) for fault in faults_of(kind, text)]
    assert len(parts) > 2
    assert found == []
    assert "Permits <!channel> ```" in json.dumps(copy)


def test_a_copy_that_is_too_long_for_slack_says_where_the_rest_is(council: Council) -> None:
    team = Team(council)
    for number in range(12):
        team.start(name=f"Service {number}", purpose="y" * 300)

    council.sam.click(shown(council), "my_data_copy")
    council.settle()

    *parts, last = council.sam.answers()
    assert len(parts) == 12
    assert "too long for Slack" in last.text
    assert "advisor people export" in last.text


def test_without_the_last_word_nothing_is_deleted(council: Council) -> None:
    asked = shown(used(council))

    council.sam.click(asked, "my_data_delete", confirmed=False)
    council.settle()

    assert "Your votes on answers: 1" in shown(council).text


def test_deletion_says_what_went_what_stays_and_why(council: Council) -> None:
    asked = shown(used(council))

    done = council.click(council.sam, asked, "my_data_delete")

    assert "Deleted:" in done.text
    assert "your votes on answers (1)" in done.text
    assert "You are named here for: owner of Parking permits" in done.text
    assert "Have somebody else named, then delete again." in done.text
    assert "votes" not in shown(council).text


def test_after_handing_over_the_name_is_gone_from_the_record(council: Council) -> None:
    team = Team(used(council))
    told = next(one for one in council.sam.answers(PARKING) if "checkpoint_edit" in action_ids(one))
    council.form(council.priya, told, "checkpoint_edit")
    assert team.fill(council.priya, owner_id=cast.PRIYA, sponsor_id="U0ALEX0001").ok

    done = council.click(council.sam, shown(council), "my_data_delete")

    assert "Your name is taken out of" in done.text
    assert 'under "former-' in done.text
    assert "holds nothing about you" in shown(council).text


def test_deleting_keeps_receipts_and_says_why(council: Council) -> None:
    team, sam, priya = Team(council), council.sam, council.priya
    team.open(sam, team.plan(team.start()))
    team.walk(sam)
    handed_in = council.answer(sam, lambda: team.fill(sam, form="All yours"), PARKING)
    council.form(priya, handed_in, "checkpoint_sign")
    council.answer(priya, lambda: team.fill(priya, outcome="met"), PARKING)

    done = council.click(sam, shown(council), "my_data_delete")

    assert "Kept as it is: signed receipts that name you (1)" in done.text
    assert "A signed decision must show who signed" in done.text


def test_that_somebody_deleted_is_in_the_audit_log_and_not_who(make_council: MakeCouncil) -> None:
    council = used(make_council(admins=cast.PRIYA))
    council.click(council.sam, shown(council), "my_data_delete")

    log = council.command(council.priya, "/advisor", "audit")

    assert "somebody deleted data of" in log.text
    assert cast.SAM not in log.text


def test_a_longer_text_with_these_words_is_a_question(council: Council) -> None:
    said = council.command(council.sam, "/advisor", "where should my data live?")

    assert "Your data in Advisor" not in words_of(said)
    assert len(council.kept()) == 1


def test_what_a_conversation_was_about_is_forgotten_after_a_day(council: Council) -> None:
    council.command(council.sam, "/advisor", "what is alpha?")
    before = shown(council).text
    council.clock.forward(days=1, minutes=1)

    council.running.forget_old()

    assert "What your private conversations are about: 1" in before
    assert "holds nothing about you" in shown(council).text


def test_it_works_also_while_advisor_is_off(make_council: MakeCouncil) -> None:
    council = make_council(admins=cast.PRIYA)
    council.dm(council.sam, "what is alpha?")
    council.click(council.priya, council.command(council.priya, "/advisor", "off for a test"), "switch_off")

    done = council.click(council.sam, shown(council), "my_data_delete")

    assert "Deleted: what your private conversations are about (1);" in done.text
