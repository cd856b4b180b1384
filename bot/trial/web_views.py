"""Web API: modals and the Home tab."""

from __future__ import annotations

import json

from bot.trial.arguments import Arguments
from bot.trial.blocks import check_view
from bot.trial.handles import Trigger
from bot.trial.records import Payload, Refusal, faulty
from bot.trial.workspace import Workspace

VIEW_BYTES = 250_000
"""Source: https://docs.slack.dev/reference/methods/views.open (view_too_large), checked 2026-11-23."""


def open_view(workspace: Workspace, arguments: Arguments) -> Payload:
    """``views.open``: show a modal to the person behind a fresh trigger."""
    content = _content(arguments, "modal")
    trigger = _trigger(workspace, arguments)
    if workspace.views.front(trigger.user) is not None:
        workspace.complain("views.open", "a modal is open already: use views.push or views.update")
    return {"view": workspace.view_payload(workspace.views.open(trigger.user, content))}


def push_view(workspace: Workspace, arguments: Arguments) -> Payload:
    """``views.push``: put a modal on top of the one in which the person just clicked."""
    content = _content(arguments, "modal")
    trigger = _trigger(workspace, arguments)
    return {"view": workspace.view_payload(workspace.views.push(trigger.user, content))}


def update_view(workspace: Workspace, arguments: Arguments) -> Payload:
    """``views.update``: change an open view, found by ``view_id`` or ``external_id``."""
    if "view_id" not in arguments and "external_id" not in arguments:
        raise faulty("invalid_arguments", "missing required field: view_id")
    view = workspace.views.find(view_id=arguments.text("view_id"), external_id=arguments.text("external_id"))
    content = _content(arguments, view.kind)
    return {"view": workspace.view_payload(workspace.views.update(view, content, arguments.text("hash")))}


def publish_view(workspace: Workspace, arguments: Arguments) -> Payload:
    """``views.publish``: set the Home tab of one person."""
    content = _content(arguments, "home")
    if not workspace.manifest.home_tab:
        raise Refusal("not_enabled")
    user = workspace.user(arguments.need("user_id"))
    view = workspace.views.publish(user.id, content, arguments.text("hash"))
    return {"view": workspace.view_payload(view)}


def checked_view(content: object, kind: str) -> Payload:
    """Return *content* when it is a view of *kind*; refused with ``invalid_arguments`` and the places."""
    if not isinstance(content, dict):
        raise faulty("invalid_arguments", "must provide an object [json-pointer:/view]")
    if len(json.dumps(content).encode()) > VIEW_BYTES:
        raise Refusal("view_too_large")
    faults = check_view(content)
    if content.get("type") != kind:
        faults = [f"must be of type {kind} [json-pointer:/view/type]", *faults]
    if faults:
        raise faulty("invalid_arguments", *faults)
    return content


def _content(arguments: Arguments, kind: str) -> Payload:
    return checked_view(arguments.structure("view"), kind)


def _trigger(workspace: Workspace, arguments: Arguments) -> Trigger:
    trigger_id = arguments.text("trigger_id") or arguments.text("interactivity_pointer")
    if not trigger_id:
        raise faulty("invalid_arguments", "missing required field: trigger_id")
    return workspace.handles.use_trigger(trigger_id)


METHODS = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
