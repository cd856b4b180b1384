"""What a trial keeps from one run to the next, and what it forgets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.trial import cast
from bot.trial.moving_clock import MovingClock
from bot.trial.server import StandIn
from bot.trial.snapshot import Autosave, Saved, UnreadableError, ahead_seconds, put_back, read_saved, write_snapshot

from .build import Clock, Recorder, call, make_manifest, section


def restarted(file: Path, slack: StandIn, saved: Saved | None = None) -> tuple[StandIn, dict[tuple[str, str], str]]:
    """Write what *slack* has and return another one with it."""
    write_snapshot(file, slack.workspace, saved or Saved())
    again = StandIn(make_manifest(), strict=False)
    kept = read_saved(file)
    assert kept is not None
    return again, put_back(kept, again.workspace)


def test_messages_and_channels_are_there_again(slack: StandIn, app: Recorder, tmp_path: Path) -> None:
    sam = slack.person("Sam")
    asked = sam.say("#parking-permits", "a question")
    sam.dm("a direct one")
    sam.react(asked, "tada")
    sam.invite("#digital-leaders")
    call(slack, "chat.postMessage", channel=cast.PARKING, text="answer", blocks=[section()], thread_ts=asked.ts)

    again, _ = restarted(tmp_path / "workspace.json", slack)

    for channel in ("#parking-permits", None):
        assert again.person("Sam").messages(channel) == sam.messages(channel)
    assert cast.BOT_USER in again.workspace.channels[cast.LEADERS].members
    assert again.workspace.new_ts() > sam.messages("#parking-permits")[-1].ts


def test_what_one_person_saw_is_forgotten(slack: StandIn, app: Recorder, tmp_path: Path) -> None:
    call(slack, "chat.postEphemeral", channel=cast.PARKING, user=cast.SAM, text="psst")

    again, _ = restarted(tmp_path / "workspace.json", slack)

    assert again.person("Sam").messages("#parking-permits") == []


def test_the_clock_and_what_was_read_are_kept(slack: StandIn, tmp_path: Path) -> None:
    file = tmp_path / "workspace.json"

    _, marks = restarted(file, slack, Saved(3600.0, {(cast.SAM, cast.PARKING): "1.2"}))

    assert ahead_seconds(read_saved(file)) == 3600.0
    assert marks == {(cast.SAM, cast.PARKING): "1.2"}


def test_nothing_kept_is_nothing_read(tmp_path: Path) -> None:
    assert read_saved(tmp_path / "workspace.json") is None
    assert ahead_seconds(None) == 0.0


@pytest.mark.parametrize("content", ["{", "[]", '{"form": 0}'])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "workspace.json").write_text(content, encoding="utf-8")

    with pytest.raises(UnreadableError):
        read_saved(tmp_path / "workspace.json")


def test_a_change_is_saved_by_itself_and_once_more_at_the_end(slack: StandIn) -> None:
    saved: list[int] = []
    autosave = Autosave(slack.workspace, lambda: saved.append(slack.workspace.revision), pause=0.0)

    slack.workspace.post(cast.PARKING, cast.SAM, "hello")
    autosave.close()

    assert saved[-1] == slack.workspace.revision


def test_the_clock_goes_forward_and_never_back() -> None:
    real = Clock()
    clock = MovingClock(real=real)

    clock.move_to(real() + timedelta(days=7))
    assert clock() == real() + timedelta(days=7)

    real.forward(hours=1)
    clock.move_to(real() - timedelta(days=30))
    assert clock() == real() + timedelta(days=7)
