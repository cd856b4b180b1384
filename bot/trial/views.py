"""Modals and Home tabs: a stack of at most three for each person, and one Home."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from bot.trial.elements import state_values, with_ids
from bot.trial.records import Payload, Refusal, View

STACK = 3
"""Source: https://docs.slack.dev/surfaces/modals, checked 2026-11-23."""


class ViewBoard:
    """Every open view; the workspace's lock is held by whoever calls."""

    def __init__(self, new_id: Callable[[str], str], new_ts: Callable[[], str]) -> None:
        self._new_id = new_id
        self._new_ts = new_ts
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}

    def stack(self, user: str) -> list[View]:
        """Return the open modals of *user*, the one in front last."""
        return [self._views[view_id] for view_id in self._stacks.get(user, [])]

    def front(self, user: str) -> View | None:
        """Return the modal that *user* sees, or None."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """Return what was published to the Home tab of *user*, or None."""
        return self._views.get(self._homes.get(user, ""))

    def open(self, user: str, content: Payload) -> View:
        """Open a modal for *user*; whatever was open is gone."""
        self._check_external_id(content)
        self.clear(user)
        return self._add(user, "modal", content, self._stacks.setdefault(user, []))

    def push(self, user: str, content: Payload) -> View:
        """Put a modal on top of the one that is open; refused above three, or with nothing below."""
        stack = self._stacks.get(user, [])
        if not stack:
            raise Refusal("not_found")
        if len(stack) >= STACK:
            raise Refusal("push_limit_reached")
        self._check_external_id(content)
        return self._add(user, "modal", content, stack)

    def update(self, view: View, content: Payload, view_hash: str | None = None) -> View:
        """Replace what *view* shows; refused when *view_hash* is not the hash of what is there now."""
        if view_hash is not None and view_hash != view.hash:
            raise Refusal("hash_conflict")
        self._check_external_id(content, but=view)
        view.content = _named(content)
        view.hash = self._new_hash()
        view.errors = {}
        shown = state_values(view.blocks, view.values)
        view.values = {block: fields for block, fields in view.values.items() if block in shown}
        return view

    def publish(self, user: str, content: Payload, view_hash: str | None = None) -> View:
        """Set the Home tab of *user*."""
        current = self.home(user)
        if current is not None:
            return self.update(current, content, view_hash)
        self._check_external_id(content)
        holder: list[str] = []
        view = self._add(user, "home", content, holder)
        self._homes[user] = view.id
        return view

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View:
        """Return an open view by either id; refused with ``not_found``."""
        for view in self._views.values():
            if view_id is not None and view.id == view_id:
                return view
            if external_id and view.content.get("external_id") == external_id:
                return view
        raise Refusal("not_found")

    def close(self, view: View) -> None:
        """Take *view* away, and whatever stands on top of it."""
        stack = self._stacks.get(view.user, [])
        if view.id in stack:
            for view_id in stack[stack.index(view.id) :]:
                del self._views[view_id]
            del stack[stack.index(view.id) :]

    def clear(self, user: str) -> None:
        """Take every modal of *user* away."""
        for view in self.stack(user)[:1]:
            self.close(view)

    def _add(self, user: str, kind: str, content: Payload, stack: list[str]) -> View:
        view_id = self._new_id("V")
        root = stack[0] if stack else view_id
        previous = stack[-1] if stack else None
        view = View(view_id, kind, user, _named(content), self._new_hash(), root, previous)
        self._views[view_id] = view
        stack.append(view_id)
        return view

    def _new_hash(self) -> str:
        return f"{self._new_ts().split('.')[0]}.{secrets.token_hex(4)}"

    def _check_external_id(self, content: Payload, but: View | None = None) -> None:
        wanted = content.get("external_id")
        taken = (view for view in self._views.values() if view is not but)
        if wanted and any(view.content.get("external_id") == wanted for view in taken):
            raise Refusal("duplicate_external_id")


def _named(content: Payload) -> Payload:
    return {**content, "blocks": with_ids(content.get("blocks", []))}


def view_to_slack(view: View, *, team_id: str, app_id: str, bot_id: str) -> Payload:
    """Return the view object that Slack sends in payloads and answers."""
    always: dict[str, Any] = {
        "id": view.id,
        "team_id": team_id,
        "app_id": app_id,
        "app_installed_team_id": team_id,
        "bot_id": bot_id,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": state_values(view.blocks, view.values)},
        "type": view.kind,
    }
    defaults: dict[str, Any] = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return {**defaults, **view.content, **always}
