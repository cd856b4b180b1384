"""The screens of administration: the switch, the roles, the audit log; and what people hear at the door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.access.roles import MEANS, ROLES, Role, RoleBook
from bot.rendering.blocks import actions, button, context, divider, header, quoted, section, sections
from bot.rendering.fields import Payload, choice_field, mention, person_field, radio_field
from bot.rendering.message import Message, View, message, modal
from bot.rendering.message import home as home_tab
from bot.rendering.mrkdwn import cut, escape
from bot.storage.roles import Deed
from bot.storage.switch import Off

_MOST_NAMED: Final = 60
_LONGEST_DETAIL: Final = 120


def off_message(off: Off) -> Message:
    """What anybody hears while Advisor is switched off."""
    return _note(off_line(off))


def off_line(off: Off) -> str:
    """The one honest line: that it is off, since when, why."""
    return f"Advisor is switched off here since {_moment(off)}. The reason given: {escape(off.reason)}"


def off_home(line: str) -> View:
    """The Home tab while Advisor is switched off."""
    return home_tab([section(line)])


def switched(off: Off) -> str:
    """The same for the list of health."""
    return f"off since {_moment(off)}: {off.reason}"


def slow_down_message(seconds: float) -> Message:
    """What somebody hears who asks more than their allowance."""
    wait = math.ceil(seconds)
    unit = "second" if wait == 1 else "seconds"
    return _note(f"That was a lot at once, so Advisor needs a moment. Please try again in {wait} {unit}.")


def ask_off_message(reason: str) -> Message:
    """Whether switching off is meant, and what it does."""
    text = (
        "Switch Advisor off for everybody in this workspace? It then sends no reminders, and answers everything with "
        "one line that gives your reason. Nothing is deleted. /advisor on switches it on again."
    )
    pressed = button("Switch off", "switch_off", reason, label="Switch Advisor off for everybody")
    return message(
        f"{text} Reason: {escape(reason)}", [section(text), quoted("Reason", reason), actions("switch", [pressed])]
    )


def off_done_message(reason: str) -> Message:
    """It is off now."""
    return _note(f"Advisor is off, and it is in the audit log. Reason: {escape(reason)} /advisor on ends it.")


def on_done_message() -> Message:
    """It is on again."""
    return _note("Advisor is on again. What came due in the meantime is sent in the next minutes, folded together.")


def on_already_message() -> Message:
    """It was on all the time."""
    return _note("Advisor is on; there was nothing to switch.")


def roles_view(book: RoleBook) -> View:
    """Who has which role, and the form that gives or takes one."""
    blocks: list[Block | Payload] = []
    for role in ROLES:
        blocks += sections(f"*{role.capitalize()}*: {MEANS[role]}\n{_people(book, role)}")
    blocks += [
        divider(),
        person_field("person", "Person"),
        choice_field("role", "Role", [(role, role.capitalize()) for role in ROLES], value="editor"),
        radio_field("change", "Change", [("give", "Give this role"), ("take", "Take this role away")], value="give"),
        context("Each change is kept in the audit log with your name: /advisor audit."),
    ]
    return modal("Roles in Advisor", blocks, callback_id="roles", submit="Save")


def not_allowed_view() -> View:
    """Something that only administrators may do, as a form."""
    text = "Only Advisor's administrators can do that. Ask whoever runs Advisor."
    return modal("Not allowed", [section(text)], callback_id="not_allowed")


def audit_message(deeds: Sequence[Deed]) -> Message:
    """The newest lines of the audit log, each with who, what and when."""
    if not deeds:
        return _note("The audit log is empty: no administrator has changed anything yet.")
    lines = [_deed_line(deed) for deed in deeds]
    text = "\n".join([f"The last {len(lines)} acts of administration.", *lines])
    listed = sections("\n".join(f"• {line}" for line in lines))
    return message(cut(text, 3900), [header("Audit log"), *listed])


def _deed_line(deed: Deed) -> str:
    when = f"{deed.made_at:%d %B %Y %H:%M} UTC".lstrip("0")
    who = mention(deed.who) if deed.who.isupper() else escape(deed.who)
    whom = f" for {mention(deed.subject)}" if deed.subject else ""
    detail = f": {escape(cut(deed.detail, _LONGEST_DETAIL))}" if deed.detail else ""
    return f"{when}, {who} {escape(deed.act)}{whom}{detail}"


def _people(book: RoleBook, role: Role) -> str:
    held = sorted(book.holders(role))
    if not held:
        return "Nobody yet." + (" As long as that is so, anybody can be named as sponsor." if role == "sponsor" else "")
    named = [mention(one) + (" (by the settings)" if role == "admin" and one in book.named else "") for one in held]
    more = f" and {len(held) - _MOST_NAMED} more" if len(held) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more


def _moment(off: Off) -> str:
    return f"{off.since:%d %B %Y}".lstrip("0")


def _note(text: str) -> Message:
    return message(text, [section(text)])
