"""Sign-off: the sponsor decides what the team handed in; conditions become dated actions; waivers end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from bot.checkpoints.checkpoint import OUTCOMES, Action, Checkpoint, Decision, Event, Outcome, Step, Waiver
from bot.checkpoints.dates import add_months, check_aware, how_far, in_words
from bot.checkpoints.progress import to_state
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for

LONGEST_ACTION: Final = 300
LONGEST_REASON: Final = 3000
LONGEST_WAIVER_MONTHS: Final = 24
"""Our suggestion: a waiver that nobody looks at for longer is a decision, and belongs in one."""


@dataclass(frozen=True)
class Condition:
    """What the sponsor asks for before it counts as met: becomes an action."""

    what: str
    owner_id: str
    due_on: dt.date
    prompt_id: str = ""


@dataclass(frozen=True)
class Ruling:
    """A decision as the form sends it."""

    outcome: Outcome
    reason: str = ""
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def decide(
    checkpoint: Checkpoint, service: Service, ruling: Ruling, *, by: str, at: dt.datetime, today: dt.date
) -> Step:
    """
    The sponsor's decision. A checkpoint that is returned can be answered and handed in again.

    Raises: Refused: somebody else decides, it is not handed in, or the decision lacks something; all faults at once.
    """
    check_aware(at)
    if found := decider_faults(checkpoint, service, by=by):
        raise Refused(found)
    if found := _ruling_faults(checkpoint, service, ruling, today):
        raise Refused(found)
    actions = tuple(
        Action(f"{checkpoint.id}-a{number}", checkpoint.id, one.what.strip(), one.owner_id, one.due_on, one.prompt_id)
        for number, one in enumerate(ruling.conditions, 1)
    )
    decision = Decision(ruling.outcome, by, at, ruling.reason.strip(), actions, ruling.waivers)
    step = to_state(checkpoint, ruling.outcome, "decided", by=by, at=at, subject=decision.reason)
    return replace(step, checkpoint=replace(step.checkpoint, decision=decision))


def decider_faults(checkpoint: Checkpoint, service: Service, *, by: str) -> dict[str, str]:
    """Why this person cannot decide now; empty where they can."""
    if checkpoint.state != "submitted":
        return {FORM: f"This checkpoint is {checkpoint.state}; only one that was handed in can be decided."}
    if by != service.sponsor_id:
        return {FORM: "Only the sponsor named on the service decides. The owner can name another sponsor."}
    if by == checkpoint.submitted_by:
        return {FORM: "You handed this in, so somebody else has to decide. The owner can name another sponsor."}
    return {}


def open_actions(checkpoint: Checkpoint) -> tuple[Action, ...]:
    """The conditions that are not done yet, the earliest first."""
    actions = checkpoint.decision.actions if checkpoint.decision else ()
    return tuple(sorted((one for one in actions if one.done_at is None), key=lambda one: (one.due_on, one.id)))


def complete_action(checkpoint: Checkpoint, action_id: str, *, by: str, at: dt.datetime, sponsor_id: str) -> Step:
    """
    Tick an action off; doing it twice changes nothing.

    Raises: Refused: there is no such action, or the person is neither its owner nor the sponsor.
    """
    check_aware(at)
    action = _action(checkpoint, action_id)
    if action.done_at is not None:
        return Step(checkpoint, ())
    if by not in (action.owner_id, sponsor_id):
        raise refuse(FORM, "Only its owner or the sponsor can say that it is done. It can be handed over first.")
    event = Event(checkpoint.id, "action done", by, at, action_id, "", action.what)
    return Step(_with_action(checkpoint, replace(action, done_at=at, done_by=by)), (event,))


def move_action(
    checkpoint: Checkpoint,
    action_id: str,
    *,
    due_on: dt.date,
    owner_id: str,
    by: str,
    at: dt.datetime,
    today: dt.date,
) -> Step:
    """
    Give an action another date or owner.

    Raises: Refused: there is no such action, it is done, it would have no owner, or the date is in the past.
    """
    check_aware(at)
    action = _action(checkpoint, action_id)
    if action.done_at is not None:
        raise refuse(FORM, "This action is done already.")
    moved = replace(action, due_on=due_on, owner_id=owner_id)
    if moved == action:
        return Step(checkpoint, ())
    condition = Condition(moved.what, owner_id, due_on)
    if found := dict(_condition_faults(condition, today, "")):
        raise Refused(found)
    before, after = (f"{one.owner_id} {one.due_on.isoformat()}" for one in (action, moved))
    event = Event(checkpoint.id, "action moved", by, at, action_id, before, after)
    return Step(_with_action(checkpoint, moved), (event,))


def waived_prompts(checkpoint: Checkpoint, *, today: dt.date) -> frozenset[str]:
    """The ids of the prompts that need not be met on that day."""
    decision = checkpoint.decision
    if decision is None or checkpoint.state not in ("met", "met with conditions", "waived"):
        return frozenset()
    return _waived(checkpoint, tuple(waiver for waiver in decision.waivers if today <= waiver.until))


def end_waiver(checkpoint: Checkpoint, *, at: dt.datetime, today: dt.date) -> Step:
    """
    Open a waived checkpoint again once the last day of its waiver has passed; others stay as they are.

    It is due from that moment: its date moves to *today*, so that its notifications begin anew.
    """
    check_aware(at)
    waivers = checkpoint.decision.waivers if checkpoint.decision else ()
    if checkpoint.state != "waived" or any(today <= waiver.until for waiver in waivers):
        return Step(checkpoint, ())
    opened = to_state(checkpoint, "open", "waiver ended", by="", at=at)
    moved = Event(checkpoint.id, "date moved", "", at, "", checkpoint.due_on.isoformat(), today.isoformat())
    ready = replace(opened.checkpoint, submitted_by="", submitted_at=None, due_on=today)
    return Step(ready, (*opened.events, moved))


def not_met(checkpoint: Checkpoint, service: Service, waivers: tuple[Waiver, ...] = ()) -> tuple[FrozenPrompt, ...]:
    """The prompts that stand in the way of a plain "met": not answered, not yet, or to be checked again; not waived."""
    waived = _waived(checkpoint, waivers)
    answers = checkpoint.answers
    return tuple(
        prompt
        for prompt in prompts_for(checkpoint.template, service)
        if prompt.id not in waived
        and (prompt.id not in answers or answers[prompt.id].value == "not yet" or answers[prompt.id].lapsed)
    )


def _waived(checkpoint: Checkpoint, waivers: tuple[Waiver, ...]) -> frozenset[str]:
    everything = tuple(prompt.id for prompt in checkpoint.template.prompts)
    return frozenset(id for waiver in waivers for id in waiver.prompt_ids or everything)


def _ruling_faults(checkpoint: Checkpoint, service: Service, ruling: Ruling, today: dt.date) -> dict[str, str]:
    if ruling.outcome not in OUTCOMES:
        return {"outcome": f"Choose one of: {', '.join(OUTCOMES)}."}
    found = _reason_faults(ruling)
    conditional = ruling.outcome == "met with conditions"
    if conditional and not ruling.conditions:
        found["conditions"] = "Name at least one condition, with an owner and a date; without one it is met."
    if ruling.conditions and not conditional:
        found["conditions"] = f"Conditions belong to 'met with conditions', not to {ruling.outcome!r}."
    for number, condition in enumerate(ruling.conditions):
        found |= dict(_condition_faults(condition, today, f"conditions.{number}."))
    found |= _waiver_faults(checkpoint, ruling, today)
    stuck = not_met(checkpoint, service, ruling.waivers)
    if ruling.outcome == "met" and stuck:
        found["outcome"] = (
            f"Not met yet: {'; '.join(prompt.question for prompt in stuck)} "
            "Choose met with conditions, waive the point, or return it."
        )
    return found


def _reason_faults(ruling: Ruling) -> dict[str, str]:
    if len(ruling.reason) > LONGEST_REASON:
        return {"reason": f"The reason is {len(ruling.reason)} characters long; {LONGEST_REASON} is the most."}
    if ruling.outcome == "returned" and not ruling.reason.strip():
        return {"reason": "Say what the team should change before they hand it in again."}
    return {}


def _condition_faults(condition: Condition, today: dt.date, prefix: str) -> list[tuple[str, str]]:
    found = []
    if not condition.what.strip():
        found.append((f"{prefix}what", "Say what has to be done."))
    elif len(condition.what) > LONGEST_ACTION:
        found.append((f"{prefix}what", f"This is {len(condition.what)} characters long; {LONGEST_ACTION} is the most."))
    if not condition.owner_id:
        found.append((f"{prefix}owner_id", "Name one person who will do it."))
    if condition.due_on < today:
        far = how_far(condition.due_on, today=today)
        found.append((f"{prefix}due_on", f"{in_words(condition.due_on)} is in the past ({far}). Give a day to come."))
    return found


def _waiver_faults(checkpoint: Checkpoint, ruling: Ruling, today: dt.date) -> dict[str, str]:
    found: dict[str, str] = {}
    whole = [waiver for waiver in ruling.waivers if not waiver.prompt_ids]
    if ruling.outcome == "waived" and len(whole) != 1:
        found["waivers"] = "To waive the checkpoint, give one reason, one approver and one end date."
    if ruling.outcome != "waived" and whole:
        found["waivers"] = "Say which points are waived, or choose waived for the whole checkpoint."
    if ruling.outcome == "returned" and ruling.waivers:
        found["waivers"] = "Nothing is waived in a checkpoint that goes back to the team."
    known = {prompt.id for prompt in checkpoint.template.prompts}
    for number, waiver in enumerate(ruling.waivers):
        found |= _one_waiver_faults(waiver, f"waivers.{number}.", today, checkpoint.submitted_by)
        if not known.issuperset(waiver.prompt_ids):
            found[f"waivers.{number}.prompt_ids"] = "One of these points is not part of the checkpoint."
    return found


def _one_waiver_faults(waiver: Waiver, prefix: str, today: dt.date, submitted_by: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not waiver.reason.strip():
        found[f"{prefix}reason"] = "Say why it is waived."
    elif len(waiver.reason) > LONGEST_REASON:
        found[f"{prefix}reason"] = f"This is {len(waiver.reason)} characters long; {LONGEST_REASON} is the most."
    if not waiver.approver_id:
        found[f"{prefix}approver_id"] = "Name the person who approved it."
    elif waiver.approver_id == submitted_by:
        found[f"{prefix}approver_id"] = "Whoever handed it in cannot approve a waiver of it. Name another person."
    latest = add_months(today, LONGEST_WAIVER_MONTHS)
    if not today < waiver.until <= latest:
        found[f"{prefix}until"] = f"A waiver ends: give a day after today and not later than {in_words(latest)}."
    return found


def _action(checkpoint: Checkpoint, action_id: str) -> Action:
    actions = checkpoint.decision.actions if checkpoint.decision else ()
    for action in actions:
        if action.id == action_id:
            return action
    raise refuse(FORM, "This action is not part of the checkpoint any more.")


def _with_action(checkpoint: Checkpoint, action: Action) -> Checkpoint:
    assert checkpoint.decision is not None
    actions = tuple(action if one.id == action.id else one for one in checkpoint.decision.actions)
    return replace(checkpoint, decision=replace(checkpoint.decision, actions=actions))
