"""Somebody asks what has no entry yet and wants to be told: once, where they asked, and nothing is kept of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import build
from bot.clock import Clock
from bot.storage import tables
from bot.storage.checkpoint_tables import notifications
from bot.storage.ledger import Ledger
from bot.trial import cast
from bot.trial.records import Message
from bot.usecases.advise import Place
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import LEASE
from tests.journeys.conftest import MakeCouncil, MakeShared
from tests.journeys.council import PARKING, action_ids, buttons, value_of, words_of
from tests.journeys.test_recall import _WORDS, ASKED, POST, TEXTS, Editor
from tests.journeys.workspaces import Shared, sent_to

DRONES = "how do we fly drones"
LIFTS = "who repairs the lift"
AT_NIGHT = dt.timedelta(hours=12)


class Asked(Editor):
    """A council whose knowledge says of two things that there is no entry yet, and the editor who writes them."""

    def fill(self, slug: str = "drones", ask: str = DRONES) -> None:
        """Write the entry that was missing, and have it read."""
        self.write(slug, ask, summary="Use the shared pilots.")
        self.read()

    def read(self) -> None:
        """Have the folder read again."""
        assert self.council.running.knowledge_base.reload(today=self.council.clock().date())

    def found(self, channel: str | None = PARKING) -> list[Message]:
        """What Advisor has said there of answers that were awaited, as Sam sees it."""
        return [one for one in self.council.sam.answers(channel) if "There is an answer now. You asked" in one.text
                or "there is an answer now. You waited" in one.text]  # fmt: skip

    def waiting(self) -> list[dict[str, object]]:
        """Who waits."""
        with self.council.running.database.reading() as connection:
            return [dict(row) for row in connection.execute(select(tables.awaited_answers)).mappings()]

    def planned(self) -> list[str]:
        """The state of everything that is or was planned for those who wait."""
        asked = select(notifications.c.state).where(notifications.c.subject == "awaited")
        with self.council.running.database.reading() as connection:
            return list(connection.execute(asked).scalars())

    def wait_for(self, ask: str = DRONES) -> Message:
        """Sam asks in the channel and presses; the decline."""
        declined = self.council.mention(self.council.sam, ask)
        self.council.click(self.council.sam, declined, "await_answer")
        return declined


def declines() -> str:
    """The file that says what has no entry yet."""
    topics = []
    for slug, ask in (("drones", DRONES), ("lifts", LIFTS)):
        questions = "".join(f"      - {ask} for a {word}\n" for word in _WORDS)
        head = f"  - id: decline/{slug}\n    reason: no_entry\n    title: Not yet\n    reply: Nothing is checked yet.\n"
        topics.append(f"{head}    questions:\n{questions}")
    return "topics:\n" + "".join(topics)


def write_house(folder: Path) -> None:
    """A small knowledge folder with two entries and two gaps."""
    editor = Editor(None, folder)  # type: ignore[arg-type]
    editor.write("texting", TEXTS)
    editor.write("letters", POST)
    (folder / "declines.yaml").write_text(declines(), encoding="utf-8")


@pytest.fixture
def asked(make_council: MakeCouncil, tmp_path: Path) -> Asked:
    folder = tmp_path / "house"
    council = make_council(knowledge=folder, admins=cast.PRIYA)
    council.clock.moment = ASKED
    write_house(folder)
    council.running.close()
    council.knowledge_base = KnowledgeBase.open(folder, today=ASKED.date(), snapshots=tmp_path / "snapshots")
    council.start()
    return Asked(council, folder)


def test_whoever_waits_is_told_once_in_the_thread_and_nothing_is_kept(asked: Asked) -> None:
    council = asked.council
    declined = council.mention(council.sam, DRONES)
    said = council.click(council.sam, declined, "await_answer")
    asked.tick(minutes=1)
    before = asked.found()

    asked.fill()
    for _ in range(3):
        asked.tick(minutes=1)
    asked.tick(days=1)

    [told] = asked.found()
    assert said.reader == council.sam.id
    assert "You will be told in this thread, by name, when" in said.text
    assert "until 21 February 2027" in said.text
    assert before == []
    assert told.thread_ts == declined.thread_ts
    assert told.text == (
        f"<@{council.sam.id}>: there is an answer now. You waited for it since this was asked here on 23 November "
        f"2026: {DRONES}\n*About drones*: Use the shared pilots.\n"
        'You are told because you pressed "Tell me when there is an answer". Advisor has kept nothing of that.'
    )
    assert f"Question: {DRONES}" in words_of(told)
    assert "Use the shared pilots." in words_of(council.form(council.sam, told, "open_entry"))
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_nothing_is_kept_of_whoever_does_not_press(asked: Asked) -> None:
    declined = asked.council.mention(asked.council.sam, DRONES)

    asked.fill()
    asked.tick(minutes=1)

    assert "await_answer" in action_ids(declined)
    assert asked.waiting() == []
    assert asked.found() == []


def test_what_is_kept_is_the_wish_and_not_the_words(asked: Asked) -> None:
    asked.wait_for()

    [row] = asked.waiting()

    assert row["person_id"] == asked.council.sam.id
    assert "drones" not in str(row)


def test_another_entry_tells_nobody(asked: Asked) -> None:
    asked.wait_for()

    asked.fill("lifts", LIFTS)
    asked.tick(minutes=1)

    assert asked.found() == []
    assert len(asked.waiting()) == 1


def test_a_choice_is_no_answer(asked: Asked) -> None:
    council = asked.council
    declined = council.mention(council.sam, "drones for waste")
    council.click(council.sam, declined, "await_answer")
    asked.write("flying", "which drones for waste tips", summary="One.")
    asked.write("paying", "which drones for waste vans", summary="Two.")
    asked.read()

    asked.tick(minutes=1)

    assert asked.found() == []
    assert "choose:1" in action_ids(council.mention(council.sam, "drones for waste"))


def test_a_direct_question_is_told_in_the_direct_messages(asked: Asked) -> None:
    council = asked.council
    said = council.click(council.sam, council.dm(council.sam, DRONES), "await_answer")

    asked.fill()
    asked.tick(minutes=1)
    asked.tick(minutes=1)

    [told] = asked.found(None)
    assert "in your direct messages" in said.text
    assert told.text.startswith(f"There is an answer now. You asked on 23 November 2026: {DRONES}\n*About drones*")
    assert asked.waiting() == []


def test_a_question_in_a_thread_of_the_direct_messages_is_told_in_that_thread(asked: Asked) -> None:
    council = asked.council
    first = council.sam.dm("help")
    council.settle()
    declined = council.dm(council.sam, DRONES, thread_ts=first.ts)
    council.click(council.sam, declined, "await_answer")

    asked.fill()
    asked.tick(minutes=1)

    [told] = asked.found(None)
    assert told.thread_ts == first.ts


def test_a_private_question_is_told_privately(asked: Asked) -> None:
    council = asked.council
    declined = council.command(council.sam, "/advisor", DRONES)
    said = council.click(council.sam, declined, "await_answer")

    asked.fill()
    asked.tick(minutes=1)

    [told] = asked.found(None)
    assert said.reader == council.sam.id
    assert asked.found() == []
    assert "You asked on 23 November 2026" in told.text


def test_pressing_twice_says_that_it_is_on_and_how_to_stop(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()

    again = council.click(council.sam, declined, "await_answer")
    stopped = council.click(council.sam, again, "await_stop")
    twice = council.click(council.sam, again, "await_stop")
    asked.fill()
    asked.tick(minutes=1)

    assert again.text.startswith("This is on already")
    assert stopped.text == "You will not be told. Nothing is kept of it."
    assert twice.text == "You do not wait for an answer to this question. Nothing is kept of it."
    assert asked.waiting() == []
    assert asked.found() == []


def test_who_stops_after_it_was_planned_is_not_told(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()
    again = council.click(council.sam, declined, "await_answer")
    asked.fill()
    council.running.found.plan(at=council.clock())
    planned = asked.planned()

    council.click(council.sam, again, "await_stop")
    asked.tick(minutes=1)

    assert (planned, asked.planned()) == (["planned"], [])
    assert asked.found() == []


def test_several_in_one_thread_are_told_by_one_message(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()
    council.click(council.priya, declined, "await_answer")
    lifts = council.mention(council.sam, LIFTS, thread_ts=declined.thread_ts)
    council.click(council.sam, lifts, "await_answer")
    asked.write("lifts", LIFTS, summary="Ring the lift people.")

    asked.fill()
    asked.tick(minutes=1)
    asked.tick(minutes=1)

    [told] = asked.found()
    assert told.text.count("there is an answer now") == 2
    assert {f"<@{council.sam.id}>", f"<@{council.priya.id}>"} <= set(told.text.replace(":", " ").split())
    assert "Ring the lift people." in told.text
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_threads_of_a_channel_are_told_one_in_a_pass(asked: Asked) -> None:
    for _ in range(3):
        asked.wait_for()
    asked.fill()

    seen = []
    for _ in range(4):
        asked.tick(seconds=30)
        seen.append(len(asked.found()))

    assert seen == [1, 2, 3, 3]


def test_an_old_button_gives_the_answer_there_is_by_now(asked: Asked) -> None:
    council = asked.council
    declined = council.mention(council.sam, DRONES)
    asked.fill()

    said = council.click(council.sam, declined, "await_answer")

    assert said.text.startswith("There is an answer now, so there is nothing to wait for.\n*About drones*")
    assert said.reader == council.sam.id
    assert "open_entry" in action_ids(said)
    assert asked.waiting() == []


def test_a_button_past_the_time_of_its_question_says_to_ask_again(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()
    council.clock.forward(days=91)
    council.running.forget_old()

    said = council.click(council.sam, declined, "await_answer")

    assert "is not kept any more" in said.text
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_nobody_is_told_past_the_time_of_the_question(asked: Asked) -> None:
    asked.wait_for()
    asked.fill()
    asked.council.running.found.plan(at=asked.council.clock())
    asked.council.clock.forward(days=91)
    asked.council.running.forget_old()

    asked.tick(minutes=1)

    assert asked.found() == []


def test_none_of_these_can_be_waited_for_too(asked: Asked) -> None:
    council = asked.council
    choice = council.mention(council.sam, "residents pay")
    none = council.click(council.sam, choice, "choose_none")

    said = council.click(council.sam, none, "await_answer")

    assert "You will be told in this thread" in said.text


def test_at_night_and_at_weekends_nothing_is_told(asked: Asked) -> None:
    asked.wait_for()
    asked.council.clock.forward(hours=12)
    asked.fill()

    asked.tick(minutes=1)
    at_night = asked.found()
    asked.council.clock.moment = dt.datetime(2026, 11, 24, 9, 31, tzinfo=ASKED.tzinfo)
    asked.tick()

    assert at_night == []
    assert len(asked.found()) == 1


def test_while_it_is_off_nobody_is_told_and_afterwards_they_are(asked: Asked) -> None:
    council = asked.council
    asked.wait_for()
    council.click(council.priya, council.command(council.priya, "/advisor", "off for a test"), "switch_off")
    asked.fill()

    asked.tick(minutes=1)
    off = asked.found()
    council.command(council.priya, "/advisor", "on")
    asked.tick(minutes=1)

    assert off == []
    assert len(asked.found()) == 1


def set_quiet(asked: Asked, place_id: str) -> None:
    """A channel or a person wants no messages."""
    from bot.checkpoints.quiet import Quiet

    with Ledger(asked.council.running.database).writing(asked.council.slack.workspace.team_id) as pages:
        pages.quiet.keep(place_id, Quiet(opted_out=True), who="U1", at=asked.council.clock())


def test_who_wants_no_direct_messages_is_told_that_nothing_is_kept(asked: Asked) -> None:
    council = asked.council
    set_quiet(asked, council.sam.id)

    said = council.click(council.sam, council.dm(council.sam, DRONES), "await_answer")

    assert "no direct messages" in said.text
    assert asked.waiting() == []


def test_who_wants_none_later_is_forgotten(asked: Asked) -> None:
    council = asked.council
    council.click(council.sam, council.dm(council.sam, DRONES), "await_answer")
    set_quiet(asked, council.sam.id)

    asked.fill()
    asked.tick(minutes=1)

    assert asked.found(None) == []
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_a_channel_that_wants_no_messages_leaves_it_to_the_direct_ones(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()
    set_quiet(asked, declined.channel)
    later = council.click(council.priya, declined, "await_answer")
    asked.fill()

    asked.tick(minutes=1)
    asked.tick(hours=1)

    assert "in your direct messages" in later.text
    assert asked.found() == []
    assert len(asked.found(None)) == 1
    assert [one.text for one in council.priya.answers() if "You asked on" in one.text]
    assert asked.waiting() == []


def test_where_the_thread_is_gone_they_are_told_directly(asked: Asked) -> None:
    asked.wait_for()
    asked.fill()
    asked.council.slack.fail_next("chat.postMessage", error="cannot_reply_to_message")

    asked.tick(minutes=1)
    asked.tick(hours=1)

    assert asked.found() == []
    assert len(asked.found(None)) == 1
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_who_has_left_is_forgotten(asked: Asked) -> None:
    council = asked.council
    council.click(council.sam, council.command(council.sam, "/advisor", DRONES), "await_answer")
    asked.fill()
    council.slack.fail_next("chat.postMessage", error="user_disabled")

    asked.tick(minutes=1)
    asked.tick(hours=2)

    assert asked.found(None) == []
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_two_clocks_tell_it_once(asked: Asked) -> None:
    council = asked.council
    asked.wait_for()
    asked.fill()
    council.clock.forward(minutes=1)
    other = build(council.settings, now=council.clock, knowledge_base=council.knowledge_base)

    for running in (council.running, other, council.running):
        running.found.plan(at=council.clock())
    for running in (other, council.running):
        Clock(running).tick()
    other.found.plan(at=council.clock())
    other.close()

    assert len(asked.found()) == 1
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_a_plan_made_from_what_was_read_before_tells_nothing_twice(asked: Asked) -> None:
    council = asked.council
    asked.wait_for()
    asked.fill()
    found = council.running.found
    before = found._awaited.all(council.slack.workspace.team_id)
    asked.tick(minutes=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found._awaited, "workspaces", lambda: [council.slack.workspace.team_id])
        patch.setattr(found._awaited, "all", lambda workspace_id: before)
        found.plan(at=council.clock())
    planned = asked.planned()
    council.running.notifier.send_due(at=council.clock())

    assert planned == ["planned"]
    assert len(asked.found()) == 1
    assert asked.planned() == []


def test_a_clock_with_older_knowledge_leaves_it_to_the_others(asked: Asked) -> None:
    council = asked.council
    asked.wait_for()
    older = KnowledgeBase(council.knowledge_base.current)
    asked.fill()
    council.running.found.plan(at=council.clock())
    other = build(council.settings, now=council.clock, knowledge_base=older)
    other.notifier.send_due(at=council.clock())
    other.close()

    before = asked.found()
    asked.tick(hours=1)

    assert before == []
    assert len(asked.found()) == 1


@pytest.mark.parametrize("step", ["begin", "record_posted"])
def test_a_clock_killed_before_or_after_posting_tells_nothing_twice(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    asked.wait_for()
    asked.fill()
    outbox = asked.council.running.notifier._outbox
    real = outbox.begin

    def die(*given: object, **named: object) -> None:
        if step == "begin":
            real(*given, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, step, die)
    with pytest.raises(KeyboardInterrupt):
        asked.tick(minutes=1)
    monkeypatch.undo()
    between = len(asked.found())

    asked.tick(seconds=LEASE.total_seconds())
    asked.tick(hours=2)

    assert between == (0 if step == "begin" else 1)
    assert len(asked.found()) == 1
    assert (asked.waiting(), asked.planned()) == ([], [])


def test_a_lost_answer_of_slack_tells_nothing_twice(asked: Asked) -> None:
    asked.council.noisy = True
    asked.wait_for()
    asked.fill()
    asked.council.slack.fail_next("chat.postMessage", status=500, after=True)

    asked.tick(minutes=1)
    asked.tick(minutes=2)

    assert len(asked.found()) == 1
    assert asked.waiting() == []


def test_editors_see_how_many_wait_and_not_who(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()
    council.click(council.priya, declined, "await_answer")
    council.mention(council.sam, LIFTS)

    gaps = council.command(council.priya, "/advisor", "gaps")

    text = words_of(gaps)
    assert text.count("2 people wait for the answer") == 2  # the text for a screen reader, and the block
    assert text.count("wait for the answer") == 2
    assert council.sam.id not in text


def test_a_gap_stays_in_the_list_while_somebody_waits(asked: Asked) -> None:
    council = asked.council
    asked.wait_for()
    council.mention(council.sam, LIFTS)
    council.clock.forward(days=40)

    gaps = words_of(council.command(council.priya, "/advisor", "gaps"))

    assert "1 person waits for the answer" in gaps
    assert LIFTS not in gaps


def test_my_data_shows_what_one_waits_for_and_deletes_it(asked: Asked) -> None:
    council = asked.council
    declined = asked.wait_for()
    council.click(council.priya, declined, "await_answer")
    asked.fill()
    council.running.found.plan(at=council.clock())

    shown = council.command(council.sam, "/advisor", "my data")
    copy = council.running.parts.personal.copy_text(council.slack.workspace.team_id, council.sam.id)
    done = council.click(council.sam, shown, "my_data_delete")
    left = [row["person_id"] for row in asked.waiting()]
    asked.tick(minutes=1)

    assert "Questions whose answer you wait for: 1" in shown.text
    assert [one["question"] for one in json.loads(copy)["held"]["awaited_answers"]] == [DRONES]
    assert council.priya.id not in copy
    assert "questions whose answer you wait for (1)" in done.text
    assert left == [council.priya.id]
    [told] = asked.found()
    assert council.sam.id not in told.text


def test_an_uninstalled_workspace_is_told_nothing(asked: Asked) -> None:
    council = asked.council
    asked.wait_for()
    asked.fill()
    council.running.found.plan(at=council.clock())

    council.slack.uninstall()
    council.settle()

    assert (asked.waiting(), asked.planned()) == ([], [])
    assert council.running.notifier.send_due(at=council.clock()).messages == 0


def test_what_a_button_carries_names_nobody(asked: Asked) -> None:
    declined = asked.council.mention(asked.council.sam, DRONES)

    [told] = [one for one in buttons(declined) if one["action_id"] == "await_answer"]

    assert told["value"] == value_of(declined, "pass_on")
    assert told["text"]["text"] == "Tell me when there is an answer"


@pytest.fixture
def two(make_shared: MakeShared, tmp_path: Path) -> Shared:
    """Two workspaces on one Advisor with the small knowledge folder."""
    folder = tmp_path / "house"
    write_house(folder)
    made = make_shared(knowledge=folder)
    made.councils[0].running.close()
    base = KnowledgeBase.open(folder, today=ASKED.date(), snapshots=tmp_path / "snapshots")
    for council in made.councils:
        council.knowledge_base = base
        council.clock.moment = ASKED
    made.councils[0].start()
    made.councils[1].running = made.councils[0].running
    made.councils[1].slack.request_url = made.councils[0].slack.request_url
    made.restart()
    for council in made.councils:
        assert made.install(council).status_code == 200
    return made


def test_each_workspace_hears_its_own_alone(two: Shared, tmp_path: Path) -> None:
    leeds, hull = two.councils
    asked = Asked(leeds, tmp_path / "house")
    here = leeds.mention(leeds.sam, DRONES)
    there = hull.mention(hull.sam, DRONES)
    leeds.click(leeds.sam, here, "await_answer")
    stolen = value_of(here, "await_answer")

    place = Place(hull.slack.workspace.team_id, there.channel, there.thread_ts or "")
    said = hull.running.parts.awaiting.begin(stolen, place, hull.sam.id)
    asked.fill()
    asked.tick(minutes=1)

    assert "is not kept any more" in said.text
    assert len(asked.found()) == 1
    assert "there is an answer now" not in sent_to(hull.slack)
