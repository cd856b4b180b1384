"""Steps of workflows at the door: each ends in ``complete`` or, with a line that says what to do, in ``fail``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltContext, Complete, Fail
from slack_sdk import WebClient

from bot.checkpoints.refusals import Refused
from bot.errors import PostingError
from bot.usecases.advise import Advisor
from bot.usecases.steps import StepDone
from handlers.forms import tell
from handlers.parts import Parts
from handlers.posting import workspace_of

_log = logging.getLogger(__name__)


def register(app: App) -> None:
    """The three steps of the manifest. What breaks inside a step ends it too: ``handlers.failures`` sees to that."""
    app.function("ask_advisor")(answer_question)
    app.function("start_checkpoint")(start_checkpoint)
    app.function("checkpoint_decided")(look_up_decision)


def answer_question(
    inputs: dict[str, Any], complete: Complete, fail: Fail, context: BoltContext, advisor: Advisor, parts: Parts
) -> None:
    """Hand the answer to a question on to the next step."""
    question = _text(inputs, "question")
    if not question:
        fail("The step was given no question. Choose a variable or write one into its field.")
        return
    complete(dict(advisor.step(question, workspace_of(context), at=parts.now())))


def start_checkpoint(
    inputs: dict[str, Any], complete: Complete, fail: Fail, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Plan a checkpoint of a service and tell its channel."""
    workspace, person, desk = workspace_of(context), _text(inputs, "person"), parts.checkpoints.steps
    named, template, due_on = (_text(inputs, name) for name in ("service", "template", "due_on"))
    _end(
        lambda: desk.start(workspace, person, named, template, due_on, at=parts.now()),
        complete, fail, client, person,
    )  # fmt: skip


def look_up_decision(
    inputs: dict[str, Any], complete: Complete, fail: Fail, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Hand the last decision on the checkpoints of a service on to the next step."""
    workspace, desk = workspace_of(context), parts.checkpoints.steps
    named, template = _text(inputs, "service"), _text(inputs, "template")
    _end(lambda: desk.decided(workspace, named, template), complete, fail, client, "")


def _end(work: Callable[[], StepDone], complete: Complete, fail: Fail, client: WebClient, person: str) -> None:
    try:
        done = work()
    except Refused as refused:
        fail(str(refused))
        return
    try:
        tell(client, done.posts, person)
    except PostingError as error:  # what the step did is done; the clock will prompt the channel
        _log.warning("A step could not tell its channel: %s", error, extra={"action": "step_not_told"})
    complete(dict(done.outputs))


def _text(inputs: dict[str, Any], name: str) -> str:
    return str(inputs.get(name) or "").strip()
