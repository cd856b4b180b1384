"""The sponsor decides; the decision gets its receipt; its conditions are ticked off."""

from __future__ import annotations

import datetime as dt
import json

from bot.access.roles import sponsor_fault
from bot.checkpoints.calendar import day_of
from bot.checkpoints.panel_notes import KIND, by_point, panel_notes
from bot.checkpoints.receipts import Receipt, read_code, verify, write_receipt
from bot.checkpoints.refusals import FORM, Refused
from bot.checkpoints.signoff import complete_action, decide, decider_faults, not_met
from bot.errors import StorageError
from bot.rendering import checkpoint_sign as signing
from bot.rendering.checkpoint_status import action_done_message, words_message
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import Message, View
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_forms import Values, read_ruling, ruling_fields
from bot.usecases.checkpoint_rules import Done, Post, Rules, service_and_checkpoint
from bot.usecases.prompt_message import prompt_change

_TRIES = 3
"""Two decisions of one workspace at the same moment want the same place in the chain; one of them tries again."""


class DecisionDesk:
    """Signing, receipts, and the conditions of decisions."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def form(self, workspace_id: str, user_id: str, checkpoint_id: str) -> View:
        """The sponsor's form; somebody else is told who decides."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, checkpoint_id)
            used = {id for answer in checkpoint.answers.values() for id in answer.evidence_ids}
            evidence = pages.evidence.get_all(used)
            sponsors = pages.roles.holders("sponsor")
            notes = by_point(panel_notes(pages.checkpoints.happened((KIND,), of=[checkpoint.id])))
        faults = decider_faults(checkpoint, service, by=user_id) or no_sponsor(user_id, sponsors)
        if faults:
            return words_view("Not yours to decide", " ".join(faults.values()))
        return signing.sign_view(checkpoint, service, evidence, not_met(checkpoint, service), notes)

    def decide(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep a decision and write its receipt; the team is told.

        Raises: Refused: this person may not decide, or the decision lacks something; every fault by field.
        """
        checkpoint_id = json.loads(metadata)["checkpoint"]
        for left in reversed(range(_TRIES)):
            try:
                with self._rules.ledger.writing(workspace_id) as pages:
                    return self._decided(pages, user_id, checkpoint_id, values, at=at)
            except Refused as refused:
                raise Refused(ruling_fields(refused.faults)) from refused
            except StorageError:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def complete(self, workspace_id: str, user_id: str, checkpoint_id: str, action_id: str, *, at: dt.datetime) -> Done:
        """Tick a condition off. Raises: Refused: it is not this person's."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, checkpoint_id, lock=True)
            step = complete_action(checkpoint, action_id, by=user_id, at=at, sponsor_id=service.sponsor_id)
            pages.checkpoints.keep(step, at=at)
            pages.plans.led_to("action", action_id, "done")
            self._rules.replan(pages, service, at=at)
        decision = step.checkpoint.decision
        action = next(one for one in (decision.actions if decision else ()) if one.id == action_id)
        message = action_done_message(action, by=user_id)
        return Done(posts=(Post(service.channel_id, message),) if step.events else ())

    def receipt(self, workspace_id: str, code: str) -> Message:
        """A receipt by its code as somebody typed it, checked with the whole chain before it."""
        with self._rules.ledger.reading(workspace_id) as pages:
            receipt = pages.receipts.get(read_code(code))
            chain = pages.receipts.all()
        if receipt is None:
            return words_message("There is no receipt with this code. Codes look like 12-7QF4KD.")
        return _shown(receipt, chain)

    def receipt_of(self, workspace_id: str, checkpoint_id: str) -> Message:
        """The receipt of a checkpoint's last decision."""
        with self._rules.ledger.reading(workspace_id) as pages:
            found = pages.receipts.of_checkpoint(checkpoint_id)
            chain = pages.receipts.all()
        return _shown(found[-1], chain) if found else words_message("Nothing is decided yet, so there is no receipt.")

    def _decided(self, pages: Pages, user_id: str, checkpoint_id: str, values: Values, *, at: dt.datetime) -> Done:
        service, checkpoint = service_and_checkpoint(pages, checkpoint_id, lock=True)
        if found := no_sponsor(user_id, pages.roles.holders("sponsor")):
            raise Refused(found)
        step = decide(checkpoint, service, read_ruling(values), by=user_id, at=at, today=day_of(at))
        used = {id for answer in step.checkpoint.answers.values() for id in answer.evidence_ids}
        previous = pages.receipts.last()
        receipt = write_receipt(step.checkpoint, service, pages.evidence.get_all(used), previous=previous)
        pages.checkpoints.keep(step, at=at)
        pages.receipts.add(receipt, checkpoint.id, at=at)
        pages.plans.led_to("checkpoint", checkpoint.id, "decided")
        self._rules.replan(pages, service, at=at)
        message = signing.decided_message(step.checkpoint, service, receipt)
        return Done(posts=(Post(service.channel_id, message), *prompt_change(self._rules, pages, step, service, at=at)))


def no_sponsor(user_id: str, sponsors: frozenset[str]) -> dict[str, str]:
    """Why somebody is no sponsor (any more); empty where they are, and where the council keeps no list of them."""
    fault = sponsor_fault(user_id, sponsors)
    return {FORM: fault} if fault else {}


def _shown(receipt: Receipt, chain: list[Receipt]) -> Message:
    broken = verify(chain[: receipt.number])
    named = json.loads(receipt.body)["service"]["name"] if not broken else "the service"
    fault = f"receipt {broken.code} (number {broken.number}): {broken.fault}" if broken else ""
    return signing.receipt_message(receipt, named, broken=fault)
