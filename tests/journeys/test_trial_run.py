"""The trial in a browser, without the browser: it starts, keeps what was said, and moves time."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.settings import Settings
from bot.trial_run import Trial, browser_trial, reset_trial
from bot.usecases.knowledge_base import KnowledgeBase

QUESTION = "how do we text residents about their bins"


class Trials:
    """Opens trials that share a folder, one after the other."""

    def __init__(self, folder: Path, knowledge_base: KnowledgeBase) -> None:
        self.folder = folder
        self._knowledge_base = knowledge_base

    @contextmanager
    def open(self, port: int = 0) -> Iterator[Trial]:
        """Yield a trial that is under way."""
        settings = Settings(_env_file=None)
        with browser_trial(
            settings, folder=self.folder, port=port, knowledge_base=self._knowledge_base, hold=0.2
        ) as trial:
            yield trial


@pytest.fixture
def trials(tmp_path: Path, knowledge_base: KnowledgeBase) -> Trials:
    """Trials in a folder of their own."""
    return Trials(tmp_path / "trial", knowledge_base)


def step(trial: Trial, name: str) -> str:
    """Press one of the buttons that move time and return what it says."""
    return next(each for each in trial.site.screens.steps if each.name == name).take()


def fetch(trial: Trial, path: str) -> str:
    """Return a page over HTTP."""
    with urllib.request.urlopen(f"{trial.url}{path}", timeout=10) as response:
        return str(response.read().decode())


def ask(trial: Trial) -> None:
    """Ask as Sam and wait for the answer."""
    sam = trial.slack.person("Sam")
    sam.dm(QUESTION)
    trial.slack.wait_for(sam.answers, 20.0)


def test_a_question_is_answered_on_the_page(trials: Trials) -> None:
    with trials.open() as trial:
        ask(trial)

        assert trial.url.startswith("http://127.0.0.1:")
        assert "GOV.UK Notify" in fetch(trial, "/as/sam/advisor/messages")


def test_what_was_said_is_there_again_and_its_buttons_work(trials: Trials) -> None:
    with trials.open() as trial:
        ask(trial)
    with trials.open() as trial:
        sam = trial.slack.person("Sam")
        sam.click(sam.answers()[0], text="Read more")

        assert trial.slack.wait_for(sam.modal, 20.0) is not None
        assert QUESTION in fetch(trial, "/as/sam/advisor/messages")


def test_a_reset_forgets_it(trials: Trials) -> None:
    with trials.open() as trial:
        ask(trial)

    reset_trial(trials.folder)

    with trials.open() as trial:
        assert trial.slack.person("Sam").messages() == []


def test_one_trial_at_a_time_has_the_folder(trials: Trials) -> None:
    with trials.open():
        with pytest.raises(InputError, match="under way already"), trials.open():
            pass
        with pytest.raises(InputError, match="under way already"):
            reset_trial(trials.folder)


def test_a_taken_port_is_said_to_be_taken(trials: Trials, tmp_path: Path, knowledge_base: KnowledgeBase) -> None:
    with trials.open() as trial:
        port = int(trial.url.rsplit(":", 1)[1])
        other = Trials(tmp_path / "other", knowledge_base)
        with pytest.raises(InputError, match="is taken"), other.open(port):
            pass


def test_what_cannot_be_read_is_refused_with_what_to_do(trials: Trials) -> None:
    trials.folder.mkdir()
    (trials.folder / "workspace.json").write_text("{", encoding="utf-8")

    with pytest.raises(InputError, match="--reset"), trials.open():
        pass


def test_nothing_is_planned_without_a_service(trials: Trials) -> None:
    with trials.open() as trial:
        assert "Nothing is planned" in step(trial, "next")
        assert "Advisor had nothing to say" in step(trial, "week")


def test_samples_are_added_once_and_time_brings_their_notifications(trials: Trials) -> None:
    with trials.open() as trial:
        before = trial.slack.workspace.clock()
        step(trial, "samples")
        said = step(trial, "next")

        assert "Advisor wrote in #" in said
        assert trial.slack.workspace.clock() > before
        assert "samples" not in [each.name for each in trial.site.screens.steps if each.offered()]
        ahead = trial.slack.workspace.clock()
    with trials.open() as trial:
        assert trial.slack.workspace.clock() >= ahead
        assert "samples" not in [each.name for each in trial.site.screens.steps if each.offered()]


def test_a_page_that_waits_does_not_hold_the_end_up(trials: Trials) -> None:
    with trials.open() as trial:
        fetch(trial, "/as/sam/advisor/messages")

    assert [each.name for each in threading.enumerate() if each.name.startswith("serves")] == []
