"""Sign-off: the sponsor's form, and the receipt of a decision."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.checkpoint import Checkpoint, Decision
from bot.checkpoints.dates import in_words
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.panel_notes import NO_NOTES, Notes, PanelNote
from bot.checkpoints.progress import progress
from bot.checkpoints.receipts import Receipt
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for
from bot.portfolio.case_draft import has_passed
from bot.rendering.blocks import actions, button, context, divider, header, section
from bot.rendering.checkpoint_words import answer_line, counts_line, panel_lines, title_of
from bot.rendering.fields import (
    Payload,
    date_field,
    mention,
    person_field,
    radio_field,
    several_field,
    text_field,
)
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape, link

SIGN_CALLBACK: Final = "checkpoint_decide"
CONDITIONS: Final = 3
"""How many conditions the form has room for; more of them belong in a reason to return."""

_OUTCOMES = (
    ("met", "Met"),
    ("met with conditions", "Met with conditions"),
    ("returned", "Returned to the team"),
    ("waived", "Waived"),
)
_LONGEST_TEXT = 3900
_MOST_ANSWERS = 30


def sign_view(
    checkpoint: Checkpoint, service: Service, evidence: Mapping[str, Evidence], stuck: Sequence[FrozenPrompt],
    notes: Notes = NO_NOTES,
) -> View:  # fmt: skip
    """
    What the team says and the panel noted, and the decision; *stuck* are the points that stand in the way of a plain
    "met".
    """
    prompts = prompts_for(checkpoint.template, service)
    answers = [_answer(checkpoint, prompt, evidence, notes.get(prompt.id, ())) for prompt in prompts]
    elsewhere = [one for id, found in notes.items() if id not in {prompt.id for prompt in prompts} for one in found]
    blocks: list[Block | Payload] = [
        context(f"{escape(service.name)} · {counts_line(progress(checkpoint, service))}"),
        *(section(text) for text in answers[:_MOST_ANSWERS]),
        *([section(f"On points that are not asked any more:\n{panel_lines(elsewhere)}")] if elsewhere else []),
        divider(),
        radio_field("outcome", "Your decision", _OUTCOMES),
        text_field("reason", "Reason", optional=True, multiline=True, hint="Required to return or to waive."),
        header("Conditions, if it is met with conditions"),
        *_conditions(),
        header("Waiver, if one is needed"),
        *_waiver(checkpoint, service, stuck),
    ]
    metadata = json.dumps({"checkpoint": checkpoint.id})
    return modal(
        cut(f"Decide: {title_of(checkpoint)}", 24), blocks, callback_id=SIGN_CALLBACK, private_metadata=metadata,
        submit="Sign", close="Not now",
    )  # fmt: skip


def decided_message(checkpoint: Checkpoint, service: Service, receipt: Receipt) -> Message:
    """A decision, said to the team, with its receipt and the conditions."""
    decision = checkpoint.decision
    assert decision is not None
    lines = [
        f"{mention(decision.by)} has decided on {title_of(checkpoint)} of {escape(service.name)}: "
        f"*{decision.outcome}*.",
        *_decision_lines(decision),
        f"Receipt: {receipt.code}. `/checkpoint receipt {receipt.code}` shows it at any time.",
    ]
    if has_passed(checkpoint):
        lines.append(f"Other councils can learn from it: `/advisor case {service.id}` drafts a case study.")
    text = cut("\n".join(lines), _LONGEST_TEXT)
    blocks: list[Block] = [section(text)]
    buttons = [
        button(cut(f"Done: {one.what}", 75), "checkpoint_action_done", f"{checkpoint.id}|{one.id}")
        for one in decision.actions
    ]
    if checkpoint.state == "returned":
        buttons.append(button("Continue", "checkpoint_walk", checkpoint.id, primary=True))
    if buttons:
        blocks.append(actions(f"decided:{checkpoint.id}", buttons))
    return message(text, blocks)


def receipt_message(receipt: Receipt, service_name: str, *, broken: str) -> Message:
    """A receipt as it was signed; *broken* says where the chain does not hold, empty where it does."""
    body = json.loads(receipt.body)
    decision, template = body["decision"], body["template"]
    holds = f"The chain does not hold: {escape(broken)}" if broken else "Verified: nothing was altered since."
    head = (
        f"Receipt {receipt.code}: {escape(template['title'].removeprefix('Checkpoint: '))} of {escape(service_name)}, "
        f"*{decision['outcome']}*, by {mention(decision['by'])} on {decision['at'][:10]}."
    )
    lines = [_receipt_line(prompt) for prompt in body["prompts"]]
    conditions = [
        f"Condition: {escape(one['what'])} ({mention(one['owner'])}, by {one['due']})" for one in decision["actions"]
    ]
    waivers = [f"Waiver until {one['until']}: {escape(one['reason'])}" for one in decision["waivers"]]
    reason = [f"Reason: {escape(decision['reason'])}"] if decision["reason"] else []
    listed = "\n".join([*reason, *conditions, *waivers, *lines])
    text = cut("\n".join([head, holds, listed]), _LONGEST_TEXT)
    handed_in = mention(body["submitted"]["by"])
    small = f"Handed in by {handed_in}. Knowledge {body['knowledge'][:12]}. Hash {receipt.hash[:16]}."
    return message(text, [section(head), section(cut(listed, 2900)), context(f"{holds} {small}")])


def _answer(
    checkpoint: Checkpoint, prompt: FrozenPrompt, evidence: Mapping[str, Evidence], notes: Sequence[PanelNote]
) -> str:
    answer, panel = checkpoint.answers.get(prompt.id), panel_lines(notes)
    if answer is None:
        return "\n".join(part for part in (escape(prompt.question), "Not answered.", panel) if part)
    found = [evidence[id] for id in answer.evidence_ids if id in evidence]
    links = ", ".join(link(piece.link, piece.title) for piece in found)
    parts = [escape(prompt.question), answer_line(answer), escape(cut(answer.note, 500)), links, panel]
    return "\n".join(part for part in parts if part)


def _conditions() -> list[Payload]:
    fields: list[Payload] = []
    for number in range(CONDITIONS):
        name, label = f"conditions.{number}", f"Condition {number + 1}"
        fields += [
            text_field(f"{name}.what", f"{label}: what has to be done", optional=True, most=300),
            person_field(f"{name}.owner_id", f"{label}: who does it", optional=True),
            date_field(f"{name}.due_on", f"{label}: by when", optional=True),
        ]
    return fields


def _waiver(checkpoint: Checkpoint, service: Service, stuck: Sequence[FrozenPrompt]) -> list[Payload]:
    fields = [
        person_field("approver_id", "Who approved the waiver", optional=True),
        date_field("until", "Until when", optional=True, hint="A waiver ends. The checkpoint then opens again."),
    ]
    if stuck:
        choices = [(prompt.id, prompt.question) for prompt in stuck]
        hint = "Leave empty to waive the whole checkpoint."
        fields.insert(0, several_field("waived", "Points that are waived", choices, hint=hint))
    return fields


def _decision_lines(decision: Decision) -> list[str]:
    lines = [f"Reason: {escape(cut(decision.reason, 1000))}"] if decision.reason else []
    lines += [f"• {escape(one.what)}: {mention(one.owner_id)}, by {in_words(one.due_on)}" for one in decision.actions]
    lines += [
        f"• Waived until {in_words(one.until)}, approved by {mention(one.approver_id)}: {escape(cut(one.reason, 300))}"
        for one in decision.waivers
    ]
    return lines


def _receipt_line(prompt: Mapping[str, Any]) -> str:
    answer = prompt["answer"]
    return f"• {escape(prompt['question'])} *{answer['value'] if answer else 'not answered'}*"
