"""An editor marks a change as material: whoever was given the older answer is told once, where the answer stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import build
from bot.checkpoints.calendar import LONDON
from bot.clock import Clock, Housekeeper
from bot.storage import tables
from bot.trial.records import Message
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import LEASE
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, Council, action_ids, words_of

ASKED = dt.datetime(2026, 11, 23, 10, tzinfo=LONDON)
TEXTS = "how do we text residents"
POST = "how do we post letters"
_WORDS = "cheap quick bulk late urgent winter summer school parking housing waste council tax voter reminder".split()


@dataclass
class Editor:
    """A council with a small knowledge folder of its own, and the editor who changes it."""

    council: Council
    folder: Path

    def write(self, slug: str, ask: str, *, summary: str = "Use the shared product.", changes: str = "") -> None:
        """Write an entry as an editor would, and let Advisor find it."""
        questions = "\n".join(f"  - {ask} for a {word}" for word in (*_WORDS, "test"))
        text = (
            f"title: About {slug}\naliases: [{slug}]\nquestions:\n{questions}\nsummary: {summary}\n"
            "guide: {mistakes: [Buying alone]}\nreview_by: 2027-11-20\n"
            'sources: [{title: A page, url: "https://www.gov.uk/page", checked: 2026-11-20}]\n'
        )
        file = self.folder / "guide" / f"{slug}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + (f"changes:\n{changes}" if changes else ""), encoding="utf-8")

    def change(self, *changes: str, summary: str = "Use the newer product.") -> None:
        """Give the entry about texting another summary and lines of what changed, and have it read again."""
        lines = "".join(f"  - {{{one}}}\n" for one in changes)
        self.write("texting", TEXTS, summary=summary, changes=lines)
        assert self.council.running.knowledge_base.reload(today=self.council.clock().date())

    def tick(self, **later: float) -> None:
        """A clock's pass, so much later."""
        self.council.clock.forward(**later)
        Clock(self.council.running).tick()

    def told(self, channel: str | None = PARKING) -> list[Message]:
        """What Advisor has said there of changes."""
        return [one for one in self.council.sam.answers(channel) if "That has changed" in one.text]


MATERIAL = "on: 2026-11-23, what: The first 5000 texts are free, material: true"
LATER = "on: 2026-11-24, what: Letters are dearer, material: true"


@pytest.fixture
def editor(make_council: MakeCouncil, tmp_path: Path) -> Editor:
    folder = tmp_path / "house"
    council = make_council(knowledge=folder)
    council.clock.moment = ASKED
    editor = Editor(council, folder)
    editor.write("texting", TEXTS)
    editor.write("letters", POST)
    council.running.close()
    council.knowledge_base = KnowledgeBase.open(folder, today=ASKED.date(), snapshots=tmp_path / "snapshots")
    council.start()
    return editor


def test_a_material_change_is_told_once_in_the_thread_of_the_answer(editor: Editor) -> None:
    council = editor.council
    answer = council.mention(council.sam, TEXTS)
    housekeeper = Housekeeper(council.running)
    editor.write("texting", TEXTS, summary="Use the newer product.", changes=f"  - {{{MATERIAL}}}\n")
    assert housekeeper.look()

    editor.tick(minutes=1)
    editor.tick(minutes=1)
    editor.tick(days=1)

    [told] = editor.told()
    assert told.thread_ts == answer.thread_ts
    assert told.text == (
        "Earlier in this thread (23 November 2026) Advisor answered from *About texting*. That has changed:\n"
        "• 23 November 2026: The first 5000 texts are free"
    )
    assert action_ids(told) == {"open_entry"}
    assert "Use the newer product." in words_of(council.form(council.sam, told, "open_entry"))


def test_what_is_not_material_is_not_told(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)

    editor.change("on: 2026-11-23, what: Mended a link")
    editor.tick(minutes=1)

    assert editor.told() == []


def test_two_changes_are_one_message_with_both_lines(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)

    editor.change(MATERIAL, "on: 2026-11-23, what: Charities may use it, material: true")
    editor.tick(minutes=1)

    [told] = editor.told()
    assert told.text.count("\n• ") == 2
    assert "Charities may use it" in told.text


def test_a_later_change_tells_its_own_line_alone(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)
    editor.change(MATERIAL)
    editor.tick(minutes=1)

    editor.council.clock.forward(days=1)
    editor.change(MATERIAL, LATER)
    editor.tick(minutes=1)

    first, second = editor.told()
    assert "5000" in first.text
    assert "5000" not in second.text
    assert "Letters are dearer" in second.text


def test_a_line_whose_words_are_mended_is_not_told_again(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)
    editor.change(MATERIAL)
    editor.tick(minutes=1)

    editor.change(MATERIAL.replace("5000", "10000"))
    editor.tick(hours=1)

    assert len(editor.told()) == 1


def test_an_answer_given_after_the_change_is_never_recalled(editor: Editor) -> None:
    editor.change(MATERIAL)
    editor.council.mention(editor.council.sam, TEXTS)
    editor.council.mention(editor.council.sam, POST)

    editor.tick(minutes=1)
    editor.tick(days=1)

    assert editor.told() == []


def test_a_line_that_is_written_days_after_the_words_changed_is_told_to_those_before(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)
    editor.council.clock.forward(days=1)
    editor.change()
    late = editor.council.mention(editor.council.sam, TEXTS)

    editor.council.clock.forward(days=1)
    editor.change(MATERIAL)
    editor.tick(minutes=1)
    editor.tick(minutes=1)

    [told] = editor.told()
    assert told.thread_ts != late.thread_ts


def test_a_newer_answer_in_the_thread_makes_a_recall_needless(editor: Editor) -> None:
    council = editor.council
    answer = council.mention(council.sam, TEXTS)
    editor.change(MATERIAL)
    council.running.recalls.plan(at=council.clock())

    council.mention(council.sam, TEXTS, thread_ts=answer.thread_ts)
    editor.tick(minutes=1)

    assert editor.told() == []


def test_a_direct_message_is_told_there(editor: Editor) -> None:
    answer = editor.council.dm(editor.council.sam, TEXTS)

    editor.change(MATERIAL)
    editor.tick(minutes=1)

    [told] = editor.told(None)
    assert told.channel == answer.channel
    assert told.text.startswith("Earlier here (23 November 2026) Advisor answered from *About texting*.")


def test_a_private_answer_is_not_kept_and_a_shared_one_is_told_where_it_stands(editor: Editor) -> None:
    council = editor.council
    private = council.command(council.sam, "/advisor", TEXTS)
    council.command(council.priya, "/advisor", POST)
    before = council.running.recalls._given.workspaces()
    council.sam.click(private, "share")
    council.settle()
    [shared] = council.priya.answers(PARKING)[-1:]

    editor.change(MATERIAL)
    editor.tick(minutes=1)

    assert before == []
    assert [one.thread_ts for one in editor.told()] == [shared.ts]


def test_at_night_and_at_weekends_nothing_is_told(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)
    editor.council.clock.forward(hours=12)
    editor.change(MATERIAL)

    editor.tick(minutes=1)
    at_night = editor.told()
    editor.council.clock.moment = dt.datetime(2026, 11, 24, 9, 31, tzinfo=LONDON)
    editor.tick()

    assert at_night == []
    assert len(editor.told()) == 1


def test_threads_of_a_channel_are_told_one_in_a_pass(editor: Editor) -> None:
    threads = {editor.council.mention(editor.council.sam, TEXTS).thread_ts for _ in range(3)}
    editor.change(MATERIAL)

    seen = []
    for _ in range(4):
        editor.tick(seconds=30)
        seen.append(len(editor.told()))

    assert seen == [1, 2, 3, 3]
    assert {one.thread_ts for one in editor.told()} == threads


def test_two_clocks_tell_it_once(editor: Editor) -> None:
    council = editor.council
    council.mention(council.sam, TEXTS)
    editor.change(MATERIAL)
    council.clock.forward(minutes=1)
    other = build(council.settings, now=council.clock, knowledge_base=council.knowledge_base)

    for running in (council.running, other, council.running):
        running.recalls.plan(at=council.clock())
    for running in (other, council.running):
        Clock(running).tick()
    other.close()

    assert len(editor.told()) == 1


def test_a_clock_with_older_knowledge_leaves_a_recall_to_the_others(editor: Editor) -> None:
    council = editor.council
    council.mention(council.sam, TEXTS)
    older = KnowledgeBase(council.knowledge_base.current)
    editor.change(MATERIAL)
    council.running.recalls.plan(at=council.clock())
    other = build(council.settings, now=council.clock, knowledge_base=older)
    other.notifier.send_due(at=council.clock())
    other.close()

    before = editor.told()
    editor.tick(hours=1)

    assert before == []
    assert len(editor.told()) == 1


def test_a_clock_killed_after_posting_tells_nothing_twice(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    editor.council.mention(editor.council.sam, TEXTS)
    editor.change(MATERIAL)
    monkeypatch.setattr(editor.council.running.notifier._outbox, "record_posted", _die)
    with pytest.raises(KeyboardInterrupt):
        editor.tick(minutes=1)
    monkeypatch.undo()

    editor.tick(seconds=LEASE.total_seconds())
    editor.tick(hours=2)

    assert len(editor.told()) == 1


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_lost_answer_of_slack_tells_nothing_twice(editor: Editor) -> None:
    editor.council.noisy = True
    editor.council.mention(editor.council.sam, TEXTS)
    editor.change(MATERIAL)
    editor.council.slack.fail_next("chat.postMessage", status=500, after=True)

    editor.tick(minutes=1)
    editor.tick(minutes=2)

    assert len(editor.told()) == 1


def test_a_thread_that_is_gone_is_given_up(editor: Editor) -> None:
    editor.council.mention(editor.council.sam, TEXTS)
    editor.change(MATERIAL)
    editor.council.slack.fail_next("chat.postMessage", error="cannot_reply_to_message")

    editor.tick(minutes=1)
    editor.tick(hours=2)

    assert editor.told() == []


def test_what_is_past_its_time_is_not_recalled_and_leaves_nothing(editor: Editor) -> None:
    council = editor.council
    council.mention(council.sam, TEXTS)
    editor.change(MATERIAL)
    editor.tick(minutes=1)
    council.clock.forward(days=91)
    council.running.forget_old()

    with council.running.rules.ledger.reading(council.slack.workspace.team_id) as pages:
        left = pages.plans.of_service("")

    assert council.running.recalls._given.workspaces() == []
    assert left == []


def test_a_thread_is_kept_by_the_day_and_its_subject_for_a_day(editor: Editor) -> None:
    council = editor.council
    council.mention(council.sam, TEXTS)
    [kept] = council.kept()
    [given] = council.running.recalls._given.of_entries(kept["workspace_id"], ["guide/texting"])
    council.clock.forward(hours=25)
    council.running.forget_old()

    with council.running.database.reading() as connection:
        subjects = connection.execute(select(tables.conversations)).all()

    assert given.at == dt.datetime(2026, 11, 23, tzinfo=LONDON) != kept["at"]
    assert subjects == []
    assert len(council.kept()) == 1


def test_an_uninstalled_workspace_is_told_nothing(editor: Editor) -> None:
    council = editor.council
    council.mention(council.sam, TEXTS)
    editor.change(MATERIAL)
    council.running.recalls.plan(at=council.clock())

    council.slack.uninstall()
    council.settle()

    assert council.running.recalls._given.workspaces() == []
    assert council.running.notifier.send_due(at=council.clock()).messages == 0
