"""Walking through a checkpoint: answering, what is left, what comes next, and handing it in.

Two people never overwrite each other unseen: an answer says which version its writer saw.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.checkpoints.checkpoint import (
    ANSWERABLE,
    DECIDED,
    LONGEST_NOTE,
    MOVES,
    VALUES,
    Answer,
    Checkpoint,
    Event,
    EventKind,
    State,
    Step,
    Value,
)
from bot.checkpoints.dates import check_aware, how_far, in_words
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, FrozenTemplate, prompts_for, skipped_for


class Overtaken(Refused):
    """Somebody else answered the prompt in the meantime; ``theirs`` is what stands there now (None: it was removed)."""

    def __init__(self, message: str, theirs: Answer | None) -> None:
        super().__init__({FORM: message})
        self.theirs = theirs


@dataclass(frozen=True)
class Given:
    """An answer as the form sends it. ``seen`` is the version that the person had before them (0: no answer yet)."""

    prompt_id: str
    value: Value
    note: str = ""
    evidence_ids: tuple[str, ...] = ()
    seen: int = 0
    prefilled: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a checkpoint is: counts over the prompts that apply; ``check_again`` counts answers among the others."""

    total: int
    met: int
    partly: int
    not_yet: int
    does_not_apply: int
    unanswered: int
    check_again: int
    skipped: int


def start(
    id: str, service: Service, template: FrozenTemplate, due_on: dt.date, *, by: str, at: dt.datetime, today: dt.date
) -> Step:
    """
    A planned checkpoint of a service.

    Raises: Refused: the date is in the past.
    """
    check_aware(at)
    _check_date(due_on, today)
    checkpoint = Checkpoint(id, service.workspace_id, service.id, template, due_on, by, at)
    return Step(checkpoint, (Event(id, "created", by, at, template.id, "", due_on.isoformat()),))


def move(checkpoint: Checkpoint, due_on: dt.date, *, by: str, at: dt.datetime, today: dt.date) -> Step:
    """
    The checkpoint with another date.

    Raises: Refused: the date is in the past, or the checkpoint is decided or cancelled.
    """
    if checkpoint.state in (*DECIDED, "cancelled"):
        raise refuse(FORM, f"This checkpoint is {checkpoint.state}: its date stays. Start a new one instead.")
    _check_date(due_on, today)
    if due_on == checkpoint.due_on:
        return Step(checkpoint, ())
    event = Event(checkpoint.id, "date moved", by, at, "", checkpoint.due_on.isoformat(), due_on.isoformat())
    return Step(replace(checkpoint, due_on=due_on), (event,))


def begin(checkpoint: Checkpoint, *, by: str, at: dt.datetime) -> Step:
    """Open a planned checkpoint (its first notification does, or somebody's first answer); others stay as they are."""
    return (
        to_state(checkpoint, "open", "opened", by=by, at=at) if checkpoint.state == "planned" else Step(checkpoint, ())
    )


def answer(
    checkpoint: Checkpoint,
    service: Service,
    given: Given,
    *,
    by: str,
    at: dt.datetime,
    evidence: Mapping[str, Evidence],
) -> Step:
    """
    Save an answer as given; the same answer sent twice is saved once.

    Args: evidence: what is known in the workspace, by id (at least what the answer names).
    Raises: Overtaken: somebody else has answered since, ``theirs`` says what. Refused: every other fault at once.
    """
    check_aware(at)
    prompt = next(
        (prompt for prompt in prompts_for(checkpoint.template, service) if prompt.id == given.prompt_id), None
    )
    if prompt is None:
        raise refuse(FORM, "This point is not asked of the service, or not any more. Go back to the list of points.")
    before = checkpoint.answers.get(prompt.id)
    _check_answerable(checkpoint, before)
    if found := _answer_faults(prompt, given, evidence):
        raise Refused(found)
    if before is not None and _same(before, given, by):
        return Step(checkpoint, ())
    if given.seen != (before.version if before else 0):
        raise Overtaken(_overtaken(before), before)
    return _answered(begin(checkpoint, by=by, at=at), given, before, by=by, at=at)


def progress(checkpoint: Checkpoint, service: Service) -> Progress:
    """How far the team has come, over the prompts that apply to the service as it is now."""
    prompts = prompts_for(checkpoint.template, service)
    answers = [checkpoint.answers[prompt.id] for prompt in prompts if prompt.id in checkpoint.answers]
    count = {value: sum(answer.value == value for answer in answers) for value in VALUES}
    return Progress(
        total=len(prompts),
        met=count["met"],
        partly=count["partly"],
        not_yet=count["not yet"],
        does_not_apply=count["does not apply"],
        unanswered=len(prompts) - len(answers),
        check_again=sum(bool(answer.lapsed) for answer in answers),
        skipped=len(skipped_for(checkpoint.template, service)),
    )


def left(checkpoint: Checkpoint, service: Service) -> tuple[FrozenPrompt, ...]:
    """The prompts that still need the team: unanswered, or to be checked again."""
    prompts = prompts_for(checkpoint.template, service)
    return tuple(p for p in prompts if p.id not in checkpoint.answers or checkpoint.answers[p.id].lapsed)


def next_prompt(checkpoint: Checkpoint, service: Service, *, after: str = "") -> FrozenPrompt | None:
    """The next prompt that needs the team, after the one named and then from the top; None when nothing is left."""
    open_ones = left(checkpoint, service)
    order = [prompt.id for prompt in checkpoint.template.prompts]
    place = order.index(after) if after in order else -1
    later = [prompt for prompt in open_ones if order.index(prompt.id) > place]
    return next(iter((*later, *(prompt for prompt in open_ones if prompt.id != after))), None)


def submit_faults(checkpoint: Checkpoint, service: Service, *, by: str) -> dict[str, str]:
    """Why this person cannot hand it in now: field or prompt id -> message; empty where they can."""
    if "submitted" not in MOVES[checkpoint.state]:
        return {FORM: _why_not_submitted(checkpoint.state)}
    found = {}
    if by == service.sponsor_id:
        found[FORM] = "You sign this checkpoint, so somebody of the team has to hand it in."
    for prompt in left(checkpoint, service):
        again = prompt.id in checkpoint.answers
        found[prompt.id] = (
            f"{'Check again, its evidence has expired' if again else 'Not answered yet'}: {prompt.question}"
        )
    return found


def submit(checkpoint: Checkpoint, service: Service, *, by: str, at: dt.datetime) -> Step:
    """
    Hand the checkpoint in for the sponsor to decide. "Partly" and "not yet" may be handed in: an honest answer is one.

    Raises: Refused: something is unanswered or to be checked again, or the person is the sponsor.
    """
    if found := submit_faults(checkpoint, service, by=by):
        raise Refused(found)
    step = to_state(checkpoint, "submitted", "submitted", by=by, at=at)
    return replace(step, checkpoint=replace(step.checkpoint, submitted_by=by, submitted_at=at))


def take_back(checkpoint: Checkpoint, *, by: str, at: dt.datetime) -> Step:
    """
    Take a submitted checkpoint back to change an answer.

    Raises: Refused: it is not submitted.
    """
    if checkpoint.state != "submitted":
        raise refuse(FORM, f"This checkpoint is {checkpoint.state}: there is nothing to take back.")
    step = to_state(checkpoint, "open", "taken back", by=by, at=at)
    return replace(step, checkpoint=replace(step.checkpoint, submitted_by="", submitted_at=None))


def cancel(checkpoint: Checkpoint, *, reason: str, by: str, at: dt.datetime) -> Step:
    """
    End a checkpoint that is not needed any more; what was answered stays in it.

    Raises: Refused: there is no reason, or it is submitted or decided.
    """
    if "cancelled" not in MOVES[checkpoint.state]:
        raise refuse(FORM, f"This checkpoint is {checkpoint.state} and cannot be cancelled.")
    if not reason.strip():
        raise refuse("reason", "Say why it is not needed, for whoever asks next year.")
    return to_state(checkpoint, "cancelled", "cancelled", by=by, at=at, subject=reason.strip())


def current(checkpoints: Iterable[Checkpoint]) -> tuple[Checkpoint, ...]:
    """Those that still count: of each service and template the latest that was not cancelled."""
    latest: dict[tuple[str, str], Checkpoint] = {}
    for one in sorted(checkpoints, key=lambda checkpoint: (checkpoint.due_on, checkpoint.created_at, checkpoint.id)):
        if one.state != "cancelled":
            latest[one.service_id, one.template.id] = one
    return tuple(latest.values())


def to_state(
    checkpoint: Checkpoint, state: State, kind: EventKind, *, by: str, at: dt.datetime, subject: str = ""
) -> Step:
    """
    The checkpoint in another state of the graph, with its line of history.

    Raises: ValueError: the graph has no such move (a mistake of the caller: the rules above ask first).
    """
    check_aware(at)
    if state not in MOVES[checkpoint.state]:
        raise ValueError(f"no way from {checkpoint.state} to {state}")
    return Step(
        replace(checkpoint, state=state), (Event(checkpoint.id, kind, by, at, subject, checkpoint.state, state),)
    )


def _check_date(due_on: dt.date, today: dt.date) -> None:
    if due_on < today:
        far = how_far(due_on, today=today)
        raise refuse("due_on", f"{in_words(due_on)} is in the past ({far}). Give today or a day to come.")


def _check_answerable(checkpoint: Checkpoint, before: Answer | None) -> None:
    if checkpoint.state in ANSWERABLE or (checkpoint.state in DECIDED and before is not None and before.lapsed):
        return
    if checkpoint.state == "submitted":
        raise refuse(FORM, "This checkpoint waits for the sponsor. Take it back first, then change the answer.")
    raise refuse(FORM, f"This checkpoint is {checkpoint.state}: its answers stay as they are.")


def _answer_faults(prompt: FrozenPrompt, given: Given, evidence: Mapping[str, Evidence]) -> dict[str, str]:
    found: dict[str, str] = {}
    if given.value not in VALUES:
        found["value"] = f"Choose one of: {', '.join(VALUES)}."
    if len(given.note) > LONGEST_NOTE:
        over = len(given.note) - LONGEST_NOTE
        found["note"] = f"The note is {len(given.note)} characters long; {LONGEST_NOTE} is the most. Take out {over}."
    elif given.value == "does not apply" and not given.note.strip():
        found["note"] = "Say why it does not apply: the sponsor will ask."
    known = [evidence[id] for id in given.evidence_ids if id in evidence]
    if len(known) < len(given.evidence_ids):
        found["evidence_ids"] = "One piece of evidence is not there any more. Choose it again."
    elif given.value == "met" and prompt.link_required and not any(piece.link for piece in known):
        found["evidence_ids"] = "To be met, this point needs evidence with a link. Add one, or answer partly."
    return found


def _same(before: Answer, given: Given, by: str) -> bool:
    old = (before.value, before.note, before.evidence_ids, before.who)
    return old == (given.value, given.note, given.evidence_ids, by)


def _overtaken(theirs: Answer | None) -> str:
    if theirs is None:
        return "The answer you saw is not there any more. Look at the point again, then save."
    return f"Somebody answered in the meantime: {theirs.value}. Nothing of yours is lost: compare, then save again."


def _answered(opened: Step, given: Given, before: Answer | None, *, by: str, at: dt.datetime) -> Step:
    lapsed = tuple(id for id in given.evidence_ids if before is not None and id in before.lapsed)
    version = before.version + 1 if before else 1
    new = Answer(given.prompt_id, given.value, given.note, given.evidence_ids, by, at, version, given.prefilled, lapsed)
    checkpoint = replace(opened.checkpoint, answers={**opened.checkpoint.answers, given.prompt_id: new})
    old = before.value if before else ""
    event = Event(checkpoint.id, "answered", by, at, given.prompt_id, old, given.value, new)
    return Step(checkpoint, (*opened.events, event))


def _why_not_submitted(state: State) -> str:
    reasons = {
        "planned": "No point is answered yet.",
        "submitted": "It is handed in already and waits for the sponsor.",
    }
    return reasons.get(state, f"This checkpoint is {state}.")
