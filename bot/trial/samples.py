"""Sample services, for whoever asks for them: added through the app's own forms, as a person would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.trial.acting import Outcome
from bot.trial.person import Person
from bot.trial.records import Message, View
from bot.trial.server import StandIn

_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Sample:
    """A service to look at: where it is, what it is called, its phase, and which checkpoint comes when."""

    channel: str
    name: str
    purpose: str
    phase: str
    checkpoint: str
    days: int


SAMPLES = (
    Sample("#parking-permits", "Parking permits", "Residents buy and renew permits.", "alpha", "end-of-alpha", 30),
    Sample("#housing-repairs", "Housing repairs", "Tenants report and follow repairs.", "live", "live-review", 21),
)


def add_samples(slack: StandIn) -> str:
    """Fill the workspace as a person would: Sam starts each service and plans its next checkpoint, Priya signs."""
    for sample in SAMPLES:
        _add(slack, slack.person("Sam"), sample)
    return "Two sample services are there, in #parking-permits and #housing-repairs. Priya signs what Sam hands in."


def _add(slack: StandIn, sam: Person, sample: Sample) -> None:
    _done(sam.command("/checkpoint", "start", channel=sample.channel))
    form = _form(slack, sam)
    council = sam.options(form, "council", "Bristol")[0]
    values = {"name": sample.name, "purpose": sample.purpose, "council": council, "phase": sample.phase}
    _done(sam.submit(form, {**values, "sponsor_id": slack.person("Priya").id}))
    started = slack.wait_for(lambda: _with_button(sam, sample.channel, "checkpoint_plan_one"), _PATIENCE_SECONDS)
    _done(sam.click(started, "checkpoint_plan_one"))
    due_on = slack.workspace.clock().date() + timedelta(days=sample.days)
    values = {"template": f"checkpoint/{sample.checkpoint}", "due_on": due_on.isoformat()}
    _done(sam.submit(_form(slack, sam), values))


def _form(slack: StandIn, person: Person) -> View:
    form = slack.wait_for(person.modal, _PATIENCE_SECONDS)
    assert form is not None
    return form


def _with_button(person: Person, channel: str, action_id: str) -> Message:
    """The newest message of Advisor with that button; one that is no message where there is none yet."""
    found = [one for one in person.answers(channel) if action_id in repr(one.blocks)]
    return found[-1] if found else None  # type: ignore[return-value]


def _done(outcome: Outcome) -> None:
    if not outcome.ok:
        raise LookupError(f"the samples could not be added: {outcome.notice or dict(outcome.errors)}")
