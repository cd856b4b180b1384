"""What a person does with the app: commands, clicks, forms and shortcuts, from payload to outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.trial import payloads
from bot.trial.delivery import Courier
from bot.trial.elements import INPUTS, controls, every_block, filled, label_of, option_named
from bot.trial.forms import faults_of
from bot.trial.handles import ResponseUrl
from bot.trial.records import Channel, Delivery, Message, Payload, Refusal, View
from bot.trial.responding import acknowledge_command
from bot.trial.typed import as_command
from bot.trial.web_views import checked_view
from bot.trial.workspace import Workspace

Place = Message | View
INSIDE_VIEW = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Outcome:
    """How an action ended for the person.

    ``delivered``: the app was asked at all; ``notice``: Slack's error code when it did not work
    (``operation_timeout``, ``dispatch_failed``, ...); ``errors``: block id to words, for a form.
    """

    delivered: bool = True
    notice: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Return whether nothing went wrong that the person would see."""
        return not self.notice and not self.errors


class Actor:
    """One person's hands: builds the payload, delivers it, and honours the answer."""

    def __init__(self, workspace: Workspace, courier: Courier, user: str) -> None:
        self._workspace = workspace
        self._courier = courier
        self._user = user

    def command(self, command: str, text: str, channel: Channel) -> Outcome:
        """Send a slash command; its failure is shown to the person in the channel."""
        declared = self._workspace.manifest.commands.get(command)
        if declared is None or not self._workspace.installation.active:
            words = f"{command} is not a valid command."
            self._workspace.tell(self._user, channel.id, words, "unknown_command")
            return Outcome(delivered=False, notice="unknown_command")
        sent = as_command(self._workspace, text, should_escape=declared.should_escape)
        with self._workspace.lock:
            fields = payloads.command_fields(self._workspace, self._user, channel, command, sent)
        delivery = self._courier.command(fields)
        failed = self._failed(delivery) or self._answer_command(channel, delivery.body)
        if failed:
            words = f'{command} failed with the error "{failed}"'
            self._workspace.tell(self._user, channel.id, words, failed)
        return Outcome(notice=failed, delivery=delivery)

    def click(
        self,
        place: Place,
        action_id: str | None,
        text: str | None,
        value: Any,
        confirmed: bool,
        block_id: str | None = None,
    ) -> Outcome:
        """Use one control; an input that does not dispatch is only filled in."""
        with self._workspace.change():
            place = self._current(place)
            block, element = find_control(_within(blocks_of(place), block_id), action_id, text, value)
            chosen = self._choose(place, block, element, value if value is not None else text)
            silent = block["type"] == "input" and not block.get("dispatch_action")
            if silent or (element.get("confirm") and not confirmed):
                return Outcome(delivered=False)
            act = payloads.action(self._workspace, block, element, chosen)
            payload = self._action_payload(place, act)
        return self._interact(payload)

    def fill(self, place: Place, values: Mapping[tuple[str, str], Any]) -> None:
        """Fill in inputs, by block id and action id; the app hears of it with the next click or the form."""
        with self._workspace.change():
            place = self._current(place)
            for (block_id, action_id), value in values.items():
                block, element = find_control(_within(blocks_of(place), block_id), action_id, None, None)
                self._store(place, block, element, filled(element, value))

    def options(self, place: Place, action_id: str, typed: str, block_id: str | None = None) -> list[Payload]:
        """Return the options that the app offers for what was *typed* into an external select."""
        with self._workspace.lock:
            place = self._current(place)
            block, element = find_control(_within(blocks_of(place), block_id), action_id, None, None)
            payload = payloads.suggestion(self._workspace, self._user, place, block, element, typed)
        delivery = self._courier.interaction(payload)
        answer = json.loads(delivery.body) if delivery.ok and delivery.body else {}
        found: list[Payload] = list(answer.get("options", []))
        for group in answer.get("option_groups", []):
            found.extend(group["options"])
        return found

    def submit(self, view: View, values: Mapping[str, Any]) -> Outcome:
        """Fill in *values* (by action id or block id) and send the form.

        Slack's own checks come first; what the app answers decides what is shown next.
        """
        with self._workspace.change():
            view = self._workspace.views.find(view_id=view.id)
            for name, value in values.items():
                block, element = _input_named(view, name)
                self._store(view, block, element, filled(element, value))
            view.errors = faults_of(view)
            if view.errors:
                return Outcome(delivered=False, errors=dict(view.errors))
            payload = payloads.submission(self._workspace, view)
        delivery = self._courier.interaction(payload)
        failed = self._failed(delivery)
        if failed:
            return Outcome(notice=failed, delivery=delivery)
        return self._after_submission(view, delivery)

    def close(self, view: View, *, everything: bool) -> Outcome:
        """Press Cancel (or, with *everything*, the cross): the app hears of it where it asked to."""
        with self._workspace.change():
            view = self._workspace.views.find(view_id=view.id)
            cleared = everything or bool(view.content.get("clear_on_close"))
            closed = self._workspace.views.stack(self._user) if cleared else [view]
            told = [
                payloads.closing(self._workspace, each, is_cleared=cleared)
                for each in reversed(closed)
                if each.content.get("notify_on_close")
            ]
            self._workspace.views.close(closed[0])
        deliveries = [self._courier.interaction(payload) for payload in told]
        return Outcome(delivered=bool(deliveries), delivery=deliveries[0] if deliveries else None)

    def shortcut(self, callback_id: str, message: Message | None) -> Outcome:
        """Use a shortcut, on a message or from anywhere; LookupError where the manifest has none such."""
        declared = self._workspace.manifest.shortcuts.get(callback_id)
        if declared is None or (declared.kind == "message") != (message is not None):
            raise LookupError(f"the manifest has no such shortcut: {callback_id}")
        with self._workspace.lock:
            if message is None:
                payload = payloads.global_shortcut(self._workspace, self._user, callback_id)
            else:
                message = self._workspace.find(message.channel, message.ts)
                payload = payloads.message_shortcut(self._workspace, self._user, callback_id, message)
        return self._interact(payload)

    def _interact(self, payload: Payload) -> Outcome:
        if not self._workspace.manifest.interactive:
            return Outcome(delivered=False, notice="interactivity_disabled")
        delivery = self._courier.interaction(payload)
        if delivery.ok and delivery.body.strip():
            self._workspace.complain(payload["type"], "words in this acknowledgement are shown to nobody")
        return Outcome(notice=self._failed(delivery), delivery=delivery)

    def _action_payload(self, place: Place, act: Payload) -> Payload:
        if isinstance(place, View):
            return payloads.action_in_view(self._workspace, self._user, place, [act])
        stored = self._workspace.filled.get((self._user, place.channel, place.ts), {})
        return payloads.action_in_message(self._workspace, self._user, place, [act], stored)

    def _choose(self, place: Place, block: Payload, element: Payload, value: Any) -> Payload:
        kind = element["type"]
        if kind in INPUTS:
            state = filled(element, value)
            self._store(place, block, element, state)
            return state
        if kind == "overflow":
            return {"selected_option": option_named(element, value)}
        if kind == "feedback_buttons":
            chosen = option_named(element, value)
            return {"value": chosen["value"], "text": chosen["text"]}
        return {"value": element["value"]} if "value" in element else {}

    def _store(self, place: Place, block: Payload, element: Payload, state: Payload) -> None:
        if isinstance(place, View):
            values = place.values
        else:
            values = self._workspace.filled.setdefault((self._user, place.channel, place.ts), {})
        values.setdefault(block["block_id"], {})[element["action_id"]] = state

    def _current(self, place: Place) -> Place:
        try:
            if isinstance(place, View):
                return self._workspace.views.find(view_id=place.id)
            message = self._workspace.find(place.channel, place.ts)
        except Refusal:
            raise LookupError("that is no longer on the screen") from None
        if message.reader not in (None, self._user):
            raise LookupError(f"only {message.reader} sees that message")
        return message

    def _failed(self, delivery: Delivery) -> str:
        if delivery.ok:
            return ""
        return "operation_timeout" if delivery.failure in ("http_timeout", "timeout") else "dispatch_failed"

    def _answer_command(self, channel: Channel, body: str) -> str:
        place = ResponseUrl(self._user, channel.id, self._workspace.clock())
        try:
            with self._workspace.change():
                acknowledge_command(self._workspace, place, body)
        except Refusal as refusal:
            self._workspace.complain("the answer to a command", refusal.code)
            return "dispatch_failed"
        return ""

    def _after_submission(self, view: View, delivery: Delivery) -> Outcome:
        try:
            with self._workspace.change():
                answer = json.loads(delivery.body) if delivery.body.strip() else {}
                errors = _apply(self._workspace, view, answer)
        except (Refusal, ValueError) as wrong:
            detail = wrong.extras if isinstance(wrong, Refusal) else ""
            self._workspace.complain("the answer to view_submission", f"{wrong} {detail}".strip())
            return Outcome(notice="trouble_connecting", delivery=delivery)
        return Outcome(errors=errors, delivery=delivery)


def find_control(blocks: list[Payload], action_id: str | None, text: str | None, value: Any) -> tuple[Payload, Payload]:
    """Return the one control (and its block) that fits; a *value* tells buttons with one id apart.

    Raises: LookupError: none fits, or several do; the text lists what is there.
    """
    found = [(block, each) for block, each in controls(blocks) if _fits(each, action_id, text, value)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{each['action_id']} ({label_of(each)!r})" for _, each in controls(blocks))
    wanted = " ".join(str(each) for each in (action_id, text, value) if each is not None)
    raise LookupError(f"{len(found)} controls fit {wanted!r}: there are {there or 'none'}")


def blocks_of(place: Place) -> list[Payload]:
    """Return the blocks of a message or view."""
    return list(place.blocks)


def _within(blocks: list[Payload], block_id: str | None) -> list[Payload]:
    """Return the blocks in which a control is looked for: all of them, or those with that id."""
    return blocks if block_id is None else [block for block in every_block(blocks) if block["block_id"] == block_id]


def _fits(element: Payload, action_id: str | None, text: str | None, value: Any) -> bool:
    if action_id is not None and element["action_id"] != action_id:
        return False
    if element["type"] in ("button", "icon_button"):
        return text in (None, label_of(element)) and value in (None, element.get("value"))
    return action_id is not None or text in (None, label_of(element))


def _input_named(view: View, name: str) -> tuple[Payload, Payload]:
    for block, element in controls(view.blocks):
        if element["type"] in INPUTS and name in (element["action_id"], block["block_id"]):
            return block, element
    there = ", ".join(element["action_id"] for _, element in controls(view.blocks))
    raise LookupError(f"no input {name!r}: there are {there or 'none'}")


def _apply(workspace: Workspace, view: View, answer: Any) -> dict[str, str]:
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    kind = answer.get("response_action")
    if kind is None and not answer:
        workspace.views.close(view)
    elif kind == "clear":
        workspace.views.clear(view.user)
    elif kind == "update":
        workspace.views.update(view, checked_view(answer.get("view"), "modal"))
    elif kind == "push":
        workspace.views.push(view.user, checked_view(answer.get("view"), "modal"))
    elif kind == "errors":
        view.errors = _errors(view, answer.get("errors"))
        return dict(view.errors)
    else:
        raise ValueError(f"unknown response_action: {kind!r}")
    return {}


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise ValueError("errors must name at least one input block")
    if not set(errors) <= inputs:
        raise ValueError(f"errors name no input block: {', '.join(sorted(set(errors) - inputs))}")
    return {str(block): str(words) for block, words in errors.items()}
