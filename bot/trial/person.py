"""Somebody in the workspace: what they do, and what they see.

Every act returns once the app has acknowledged it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.trial import events
from bot.trial.acting import Actor, Outcome
from bot.trial.delivery import Courier
from bot.trial.records import Channel, Message, Payload, Refusal, User, View
from bot.trial.typed import as_message
from bot.trial.workspace import Workspace


class Person:
    """One person; channels are named by id or ``#name``, and None means direct messages with the bot."""

    def __init__(self, workspace: Workspace, courier: Courier, user: User) -> None:
        self.id = user.id
        self.name = user.real_name
        self._workspace = workspace
        self._courier = courier
        self._actor = Actor(workspace, courier, user.id)

    # What they write

    def say(self, channel: str | None, text: str, thread_ts: str | None = None) -> Message:
        """Write *text* in a channel or thread and return the message; the app hears of it as it asked to."""
        place = self._place(channel)
        if place.archived:
            raise Refusal("is_archived")
        if place.kind == "im" and not (self._workspace.manifest.messages_tab and self._workspace.manifest.writable):
            raise LookupError("the app takes no messages: its Messages tab is off")
        with self._workspace.change():
            parent = self._begin_thread(place, thread_ts)
            message = self._workspace.post(place.id, self.id, as_message(self._workspace, text), thread_ts=parent)
        self._announce(place, message)
        return message

    def dm(self, text: str, thread_ts: str | None = None) -> Message:
        """Write to the bot directly."""
        return self.say(None, text, thread_ts)

    def mention(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write in a channel, the bot named first."""
        return self.say(channel, f"@{self._workspace.manifest.name} {text}", thread_ts)

    def edit(self, message: Message, text: str) -> Message:
        """Change one's own message and return it as it is now."""
        before = self._workspace.find(message.channel, message.ts)
        sent = as_message(self._workspace, text)
        after = self._workspace.amend(before, text=sent, edited_ts=self._workspace.new_ts())
        self._courier.event(events.changed_event(self._workspace, before, after))
        return after

    def delete(self, message: Message) -> None:
        """Take one's own message away."""
        self._workspace.remove(message)
        self._courier.event(events.deleted_event(self._workspace, message))

    def react(self, message: Message, name: str) -> None:
        """Add an emoji (its name without colons) to a message."""
        with self._workspace.change():
            now = self._workspace.find(message.channel, message.ts)
            users = (*now.reactions.get(name, ()), self.id)
            self._workspace.amend(now, reactions={**now.reactions, name: users})
        self._courier.event(events.reaction_event(self._workspace, message, self.id, name))

    # What they press

    def command(self, command: str, text: str = "", *, channel: str | None = None) -> Outcome:
        """Send a slash command from a channel (never from a thread: Slack does not allow it)."""
        return self._actor.command(command, text, self._place(channel))

    def click(
        self,
        place: Message | View,
        action_id: str | None = None,
        *,
        text: str | None = None,
        value: Any = None,
        confirmed: bool = True,
        block_id: str | None = None,
    ) -> Outcome:
        """Use a control of a message or view, found by action id, by its words, or both.

        *value* chooses: an option by value or words, a date, a person's id; among buttons that share an
        action id it names the one, as *block_id* does. *confirmed* answers the "are you sure?" where there is one.
        """
        return self._actor.click(place, action_id, text, value, confirmed, block_id)

    def fill(self, place: Message | View, values: Mapping[tuple[str, str], Any]) -> None:
        """Fill in inputs, by block id and action id, without sending anything."""
        self._actor.fill(place, values)

    def options(
        self, place: Message | View, action_id: str, typed: str, *, block_id: str | None = None
    ) -> list[Payload]:
        """Return the options offered for what was *typed* into an external select."""
        return self._actor.options(place, action_id, typed, block_id)

    def submit(self, view: View | None = None, values: Mapping[str, Any] | None = None) -> Outcome:
        """Fill in and send a form (the one in front, by default)."""
        return self._actor.submit(view or self._front(), values or {})

    def close(self, view: View | None = None, *, everything: bool = False) -> Outcome:
        """Cancel a form (the one in front, by default), or press the cross: *everything* goes."""
        return self._actor.close(view or self._front(), everything=everything)

    def shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """Use a shortcut of the app, on *message* or from anywhere."""
        return self._actor.shortcut(callback_id, message)

    # Where they go

    def open_home(self) -> View | None:
        """Open the Home tab of the app; what it shows by now may still change (see ``home``)."""
        return self._open_tab("home", self._workspace.manifest.home_tab)

    def open_messages_tab(self) -> None:
        """Open the Messages tab of the app."""
        self._open_tab("messages", self._workspace.manifest.messages_tab)

    def invite(self, channel: str) -> None:
        """Bring the bot into a channel."""
        place, bot = self._place(channel), self._workspace.bot_user
        with self._workspace.change():
            place.members.add(bot)
            words = f"<@{bot}> has joined the channel"
            self._workspace.post(place.id, bot, words, subtype="channel_join")
        self._courier.event(events.joined_event(self._workspace, place, bot, inviter=self.id))

    def remove_bot(self, channel: str) -> None:
        """Take the bot out of a channel."""
        place = self._place(channel)
        with self._workspace.change():
            place.members.discard(self._workspace.bot_user)
        self._courier.event(events.left_event(self._workspace, place, self._workspace.bot_user))

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        place = self._place(channel)
        with self._workspace.change():
            place.archived = True
        self._courier.event(events.archived_event(self._workspace, place, self.id))

    # What they see

    def messages(self, channel: str | None = None, *, thread_ts: str | None = None) -> list[Message]:
        """Return what stands in a channel (or one thread of it), with what only this person sees."""
        shown = self._workspace.messages(self._place(channel).id, self.id)
        return [each for each in shown if thread_ts is None or thread_ts in (each.ts, each.thread_ts)]

    def answers(self, channel: str | None = None) -> list[Message]:
        """Return what the bot wrote there, as this person sees it."""
        return [each for each in self.messages(channel) if each.user == self._workspace.bot_user]

    def notices(self, channel: str | None = None) -> list[str]:
        """Return the codes of the failures that Slack told this person about, oldest first."""
        return [each.notice for each in self.messages(channel) if each.notice]

    def modal(self) -> View | None:
        """Return the form in front, or None."""
        with self._workspace.lock:
            view = self._workspace.views.front(self.id)
            return replace(view) if view else None

    def home(self) -> View | None:
        """Return what the Home tab shows, or None."""
        with self._workspace.lock:
            view = self._workspace.views.home(self.id)
            return replace(view) if view else None

    def prompts(self) -> list[Payload]:
        """Return the suggested prompts of the Messages tab."""
        found = self._workspace.prompts.get(self._place(None).id, {})
        return list(found.get("prompts", []))

    def _place(self, channel: str | None) -> Channel:
        if channel is None:
            return self._workspace.im_with(self.id)
        place = self._workspace.channel_named(channel)
        if place.kind in ("group", "mpim") and self.id not in place.members:
            raise LookupError(f"{self.name} is not in {channel}")
        return place

    def _front(self) -> View:
        view = self.modal()
        if view is None:
            raise LookupError(f"no form is open for {self.name}")
        return view

    def _begin_thread(self, place: Channel, thread_ts: str | None) -> str | None:
        if thread_ts is None:
            return None
        parent = self._workspace.find(place.id, thread_ts)
        root = parent.thread_ts or parent.ts
        self._workspace.amend(self._workspace.find(place.id, root), thread_ts=root)
        return root

    def _announce(self, place: Channel, message: Message) -> None:
        self._courier.event(events.message_event(self._workspace, message))
        bot = self._workspace.bot_user
        if place.kind == "im" or f"<@{bot}>" not in message.text:
            return
        if bot not in place.members:
            words = f"<@{bot}> is not in this channel. Invite it first."
            self._workspace.tell(self.id, place.id, words, "not_in_channel")
        self._courier.event(events.mention_event(self._workspace, message))

    def _open_tab(self, tab: str, switched_on: bool) -> View | None:
        if not switched_on:
            raise LookupError(f"the app has no {tab} tab")
        self._courier.event(events.home_event(self._workspace, self.id, tab))
        return self.home()
