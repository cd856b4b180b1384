"""Thirty and more stories of teams, told in ``stories.yaml``: what people do, where it leads, and what is sent when."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.checkpoints.calendar import LONDON
from bot.knowledge.question_sets import read_yaml
from bot.storage.database import Database
from tests.bot.usecases.stories import PEOPLE, Story, without

STORIES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("stories.yaml"))
BEGINS = "2027-01-11 10:00"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stories") / "advisor.sqlite3"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
    return file


def test_there_are_at_least_thirty_and_no_two_are_named_alike() -> None:
    assert len({story["story"] for story in STORIES}) == len(STORIES) >= 30


@pytest.mark.parametrize("told", STORIES, ids=lambda story: story["story"])
def test_a_story_goes_as_it_is_told(told: dict[str, Any], migrated: Path, tmp_path: Path) -> None:
    file = shutil.copy(migrated, tmp_path)
    with closing(Database(f"sqlite:///{file}")) as database:
        story = Story(database, told.get("service", {}), begins=moment(told.get("begins", BEGINS)))
        for number, step in enumerate(told["steps"], 1):
            take(story, dict(step), f"step {number}")


def take(story: Story, step: dict[str, Any], where: str) -> None:
    """Do one step, then look whether everything is as the step says."""
    if "at" in step:
        story.now = moment(step.pop("at"))
    refused, says, states = step.pop("refused", ""), step.pop("says", ""), step.pop("states", {})
    sent, answers, lapsed = step.pop("sent", None), step.pop("answers", {}), step.pop("check_again", {})
    not_sent = step.pop("not_sent", None)
    before = len(story.said)
    found: list[str] = []
    if "wait" in step:
        found = story.wait(moment(step.pop("wait")))
    elif step:
        reason = story.attempt(act_of(story, step))
        assert bool(reason) == bool(refused), f"{where}: {reason or 'was not refused'}"
        assert refused in reason, f"{where}: {reason}"
    if sent is not None:
        assert found == sent, where
    if not_sent is not None:
        assert story.not_sent() == not_sent, where
    said = "\n".join(story.said[before:])
    for words in [says] if isinstance(says, str) else says:
        assert words in said, f"{where}: {said}"
    for name, state in states.items():
        assert story.checkpoint(name).state == state, where
    for name, wanted in answers.items():
        assert {id: one.value for id, one in story.checkpoint(name).answers.items()} == wanted, where
    for name, wanted in lapsed.items():
        assert [id for id, one in story.checkpoint(name).answers.items() if one.lapsed] == wanted, where


def act_of(story: Story, step: dict[str, Any]) -> Callable[[], None]:
    """What a step does: the person, the act, and what goes with it (``owner: {plan: live, due: 2027-03-01}``)."""
    [(who, what)] = step.items()
    if who == "channel":
        return lambda: story.channel(what)
    if who == "line":
        return lambda: break_line(story, what)
    if who == "knowledge":
        return lambda: without(story, what)
    (act, first), *rest = what.items()
    more = {name: value if isinstance(value, (list, int)) else str(value) for name, value in rest}
    if act == "change":
        return lambda: story.change(who, **first)
    if act == "quiet":
        return lambda: story.quiet(
            who, first, **{name: tuple(v) if isinstance(v, list) else v for name, v in more.items()}
        )
    doing: Callable[..., None] = getattr(story, act)
    return lambda: doing(who, str(first), **more)


def break_line(story: Story, how: str) -> None:
    """After the next message the line to Slack breaks; "unseen": and nobody may look. Or: a person is "gone"."""
    if how.endswith(" gone"):
        story.chat.gone[PEOPLE[how.split()[0]]] = "user_disabled"
        return
    story.chat.breaks_after, story.chat.may_look = 1, how != "unseen"


def moment(text: Any) -> dt.datetime:
    """A moment in London; a day alone begins at midnight."""
    return dt.datetime.fromisoformat(str(text)).replace(tzinfo=LONDON)
