"""Receipts: what was decided and on what grounds, in a text that cannot be changed without it showing.

A receipt's body is canonical JSON (keys sorted, no spaces, UTF-8). Its hash is the SHA-256 of that body, and the body
holds the hash of the receipt before it in the workspace: whoever changes one byte breaks the chain there. What the
chain alone cannot show is that its newest receipts were cut off, so ``verify`` also takes the head kept elsewhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.checkpoints.checkpoint import Action, Answer, Checkpoint, Decision, Waiver
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for, skipped_for

FORMAT: Final = 1
FIRST: Final = "0" * 64
"""What stands as the hash before the first receipt of a workspace."""

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED: Final = str.maketrans("OIL", "011", " ")
"""Crockford's base 32: no I, L, O or U, so that a code can be read out; what people type instead is understood."""


@dataclass(frozen=True)
class Receipt:
    """A decision's receipt. ``number`` counts from 1 in a workspace; ``code`` is what people quote: 12-7QF4KD."""

    workspace_id: str
    number: int
    code: str
    previous: str
    hash: str
    body: str


@dataclass(frozen=True)
class Head:
    """The newest receipt as somebody else remembers it (a log, a paper): how many there were, and its hash."""

    number: int
    hash: str


@dataclass(frozen=True)
class Break:
    """The first receipt that does not hold, and what is wrong with it."""

    code: str
    number: int
    fault: str


def write_receipt(
    checkpoint: Checkpoint, service: Service, evidence: Mapping[str, Evidence], *, previous: Receipt | None
) -> Receipt:
    """
    The receipt of the checkpoint's decision, chained to the workspace's receipt before it.

    Raises: Refused: nothing is decided yet.
    """
    if checkpoint.decision is None:
        raise refuse(FORM, "There is no decision yet, so there is no receipt.")
    number = previous.number + 1 if previous else 1
    before = previous.hash if previous else FIRST
    body = canonical(
        {
            "format": FORMAT,
            "number": number,
            "previous": before,
            "workspace": service.workspace_id,
            **_content(checkpoint, checkpoint.decision, service, evidence),
        }
    )
    digest = _hash(body)
    return Receipt(service.workspace_id, number, _code(number, digest), before, digest, body)


def verify(receipts: Sequence[Receipt], *, head: Head | None = None) -> Break | None:
    """
    The first broken link of one workspace's receipts, given in the order of their numbers; None when all hold.

    Args: head: the newest receipt as it was noted elsewhere, to find receipts that were cut off at the end.
    """
    before, workspace = FIRST, receipts[0].workspace_id if receipts else ""
    for number, receipt in enumerate(receipts, 1):
        fault = _fault(receipt, number, before, workspace)
        if fault:
            return Break(receipt.code, number, fault)
        before = receipt.hash
    if head is not None and head.number > len(receipts):
        return Break("", len(receipts) + 1, f"missing: {head.number} receipts were written, {len(receipts)} are here.")
    if head is not None and head.number and receipts[head.number - 1].hash != head.hash:
        return Break(receipts[head.number - 1].code, head.number, "is not the receipt that was noted elsewhere.")
    return None


def read_code(typed: str) -> str:
    """A code as somebody typed it, put right: spaces out, capitals, O for 0 and I or L for 1."""
    return typed.strip().upper().translate(_TYPED)


def canonical(data: Any) -> str:
    """Data as canonical JSON text: keys sorted, no spaces, letters as they are; what UTF-8 cannot hold becomes "?"."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _fault(receipt: Receipt, number: int, before: str, workspace: str) -> str:
    if _hash(receipt.body) != receipt.hash:
        return "its text or its hash was altered."
    if receipt.number != number:
        return f"it is number {receipt.number} and should be {number}: a receipt is missing, doubled or out of order."
    if receipt.code != _code(number, receipt.hash):
        return "its code was altered."
    if receipt.workspace_id != workspace:
        return "it belongs to another workspace."
    if receipt.previous != before:
        return "it does not follow the receipt before it."
    try:
        body = json.loads(receipt.body)
        held = (body["number"], body["previous"], body["workspace"])
    except (ValueError, KeyError, TypeError):
        return "its text is not that of a receipt."
    if held != (number, before, workspace) or canonical(body) != receipt.body:
        return "its text and its place in the chain do not agree."
    return ""


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _code(number: int, digest: str) -> str:
    bits = int(digest[:8], 16) >> 2
    letters = "".join(_LETTERS[bits >> shift & 31] for shift in range(25, -5, -5))
    return f"{number}-{letters}"


def _content(
    checkpoint: Checkpoint, decision: Decision, service: Service, evidence: Mapping[str, Evidence]
) -> dict[str, Any]:
    template = checkpoint.template
    prompts = prompts_for(template, service)
    answers = [checkpoint.answers[prompt.id] for prompt in prompts if prompt.id in checkpoint.answers]
    used = sorted({id for answer in answers for id in answer.evidence_ids})
    return {
        "service": {
            "id": service.id,
            "name": service.name,
            "council": service.council,
            "phase": service.phase,
            "route": service.route,
            "standard": service.standard,
            "facts": sorted(service.facts),
            "owner": service.owner_id,
            "sponsor": service.sponsor_id,
        },
        "checkpoint": {"id": checkpoint.id, "due": checkpoint.due_on.isoformat()},
        "template": {"id": template.id, "title": template.title, "taken": template.taken_on.isoformat()},
        "knowledge": template.knowledge_version,
        "prompts": [_prompt(prompt, checkpoint.answers.get(prompt.id)) for prompt in prompts],
        "skipped": [{"id": prompt.id, "only_if": prompt.only_if} for prompt in skipped_for(template, service)],
        "evidence": [_evidence(evidence[id]) if id in evidence else {"id": id, "gone": True} for id in used],
        "submitted": {"by": checkpoint.submitted_by, "at": _moment(checkpoint.submitted_at)},
        "decision": _decision(decision),
    }


def _prompt(prompt: FrozenPrompt, answer: Answer | None) -> dict[str, Any]:
    given = answer and {
        "value": answer.value,
        "note": answer.note,
        "evidence": list(answer.evidence_ids),
        "check_again": list(answer.lapsed),
        "prefilled": answer.prefilled,
        "by": answer.who,
        "at": _moment(answer.at),
        "version": answer.version,
    }
    return {"id": prompt.id, "question": prompt.question, "points": list(prompt.points), "answer": given}


def _evidence(piece: Evidence) -> dict[str, Any]:
    texts = {"id": piece.id, "type": piece.type, "title": piece.title, "link": piece.link}
    return {**texts, "dated": piece.dated_on.isoformat(), "by": piece.added_by, "at": _moment(piece.added_at)}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "reason": decision.reason,
        "by": decision.by,
        "at": _moment(decision.at),
        "actions": [_action(action) for action in decision.actions],
        "waivers": [_waiver(waiver) for waiver in decision.waivers],
    }


def _action(action: Action) -> dict[str, Any]:
    due = action.due_on.isoformat()
    return {"id": action.id, "what": action.what, "owner": action.owner_id, "due": due, "prompt": action.prompt_id}


def _waiver(waiver: Waiver) -> dict[str, Any]:
    until, prompts = waiver.until.isoformat(), list(waiver.prompt_ids)
    return {"reason": waiver.reason, "approver": waiver.approver_id, "until": until, "prompts": prompts}


def _moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at is not None else None
