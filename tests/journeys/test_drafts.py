"""A thread becomes the draft of an entry: for whoever asked, masked, read by the loader, kept nowhere."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.knowledge.checking import check
from bot.knowledge.loading import load
from bot.trial import cast
from bot.trial.records import Message
from tests.journeys.council import NOT_THERE, PARKING, Council


def draft_for(council: Council, message: Message) -> str:
    """What stands in the draft that Priya gets of a message."""
    council.priya.shortcut("draft_from_thread", message)
    council.settle()
    own = council.slack.workspace.im_with(cast.PRIYA).id
    [sent] = [one for one in council.slack.workspace.messages(own) if one.files]
    content = council.slack.workspace.handles.uploads[sent.files[0]["id"]].content
    assert content is not None
    return content.decode()


def test_a_thread_becomes_a_draft_whose_notes_the_check_names(council: Council, tmp_path: Path) -> None:
    asked = council.sam.say(PARKING, "how do we refund a permit? mail me at sam@council.gov.uk")
    council.priya.say(PARKING, f"<@{cast.SAM}> finance does it: *form 12* #\n- twice", asked.ts)

    text = draft_for(council, asked)

    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "refunds.yaml").write_text(text, encoding="utf-8")
    entry = yaml.safe_load(text)
    faults = [fault.text for fault in check(load(tmp_path), today=council.clock().date())]
    assert entry["questions"][0].startswith("how do we refund a permit?")
    assert "finance does it: form 12" in entry["body"]
    for private in ("sam@council.gov.uk", cast.SAM, cast.PRIYA):
        assert private not in text
    assert len([one for one in faults if "is a note of the skeleton" in one]) >= 8
    assert all("note of the skeleton" in one or "figure 12" in one or "questions: write" in one for one in faults)


def test_where_advisor_may_not_read_the_thread_the_message_alone_is_drafted(council: Council) -> None:
    asked = council.sam.say(NOT_THERE, "how do we refund a permit?")
    council.priya.say(NOT_THERE, "finance does it", asked.ts)

    entry = yaml.safe_load(draft_for(council, asked))

    assert entry["questions"][0] == "how do we refund a permit?"
    assert "finance" not in entry["body"]


def test_nobody_else_sees_that_a_draft_was_asked_for_and_nothing_is_kept(council: Council) -> None:
    asked = council.sam.say(PARKING, "how do we refund a permit?")

    draft_for(council, asked)

    assert council.sam.answers(PARKING) == []
    assert council.kept() == []
