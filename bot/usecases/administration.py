"""Administration: who has which role, the off switch, and the log of what administrators did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

from bot.access.roles import ROLES, Act, Role, RoleBook, giving_fault, taking_fault
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.rendering import administration as screens
from bot.rendering.message import Message, View
from bot.rendering.notes import not_allowed
from bot.storage.administration import Office, Offices
from bot.storage.roles import Deed
from bot.storage.switch import Off

OPERATOR = "operator"
"""Who did something, in the audit log, where it was done outside Slack by whoever runs Advisor."""

LONGEST_REASON = 500
_SHOWN = 20


class Administration:
    """What administrators do. Every act asks first whether this person may; each is one line of the audit log."""

    def __init__(self, offices: Offices, *, named: frozenset[str] = frozenset()) -> None:
        """Args: named: the ids of ADVISOR_ADMINS, who are administrators of every workspace."""
        self._offices = offices
        self._named = named

    def may(self, workspace_id: str, user_id: str, act: Act) -> bool:
        """Whether somebody may do this. Raises: StorageError."""
        with self._offices.reading(workspace_id) as office:
            return self._book(office).may(user_id, act)

    def facts(self, workspace_id: str) -> dict[str, str]:
        """What ``/advisor health`` says of the administration of a workspace."""
        with self._offices.reading(workspace_id) as office:
            admins, off = self._book(office).holders("admin"), office.switch()
        there = str(len(admins)) if admins else "none: health and gaps are open to everybody"
        return {"Administrators": there, "Switched": screens.switched(off) if off else "on"}

    # In Slack

    def ask_off(self, workspace_id: str, user_id: str, reason: str) -> Message:
        """Whether it is meant: what switching off would do, with a button. Raises: Refused: no reason was given."""
        if not self.may(workspace_id, user_id, "switch"):
            return not_allowed()
        return screens.ask_off_message(_checked(reason))

    def off(self, workspace_id: str, user_id: str, reason: str, *, at: dt.datetime) -> Message:
        """Switch Advisor off. Raises: Refused: no reason was given."""
        why = _checked(reason)
        with self._deciding(workspace_id, user_id, "switch") as office:
            if office is None:
                return not_allowed()
            office.switch_off(Off(why, user_id, at))
            office.audit.add("switched off", who=user_id, detail=why, at=at)
        return screens.off_done_message(why)

    def on(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> Message:
        """Switch Advisor on again."""
        with self._deciding(workspace_id, user_id, "switch") as office:
            if office is None:
                return not_allowed()
            if not office.switch_on():
                return screens.on_already_message()
            office.audit.add("switched on", who=user_id, at=at)
        return screens.on_done_message()

    def roles_form(self, workspace_id: str, user_id: str) -> View:
        """Who has which role, and the form that gives or takes one; a short note to somebody who may not."""
        with self._offices.reading(workspace_id) as office:
            book = self._book(office)
        return screens.roles_view(book) if book.may(user_id, "give_roles") else screens.not_allowed_view()

    def change_role(
        self, workspace_id: str, user_id: str, whom: str, role: str, *, give: bool, at: dt.datetime
    ) -> View:
        """Give or take a role, and show who has which then. Raises: Refused: it cannot be, or not by this person."""
        with self._deciding(workspace_id, user_id, "give_roles") as office:
            if office is None:
                raise refuse(FORM, "Only Advisor's administrators give and take roles.")
            self._change(office, user_id, whom, role, give=give, at=at)
            return screens.roles_view(self._book(office))

    def log(self, workspace_id: str, user_id: str) -> Message:
        """The newest lines of the audit log."""
        with self._offices.reading(workspace_id) as office:
            allowed, deeds = self._book(office).may(user_id, "see_audit"), office.audit.newest(_SHOWN)
        return screens.audit_message(deeds) if allowed else not_allowed()

    # By whoever runs Advisor, who needs no role

    def first_admin(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> bool:
        """Make the person who installed Advisor an administrator, where there is none yet; whether they became one."""
        with self._offices.writing(workspace_id) as office:
            if self._book(office).holders("admin"):
                return False
            office.roles.give(user_id, "admin", by=user_id, at=at)
            office.audit.add("gave role admin", who=user_id, subject=user_id, detail="Installed Advisor.", at=at)
            return True

    def operate(self, workspace_id: str, whom: str, role: str, *, give: bool, at: dt.datetime) -> None:
        """Give or take a role from the command line. Raises: Refused: it cannot be."""
        with self._offices.writing(workspace_id) as office:
            self._change(office, OPERATOR, whom, role, give=give, at=at)

    def book(self, workspace_id: str) -> RoleBook:
        """The roles of a workspace."""
        with self._offices.reading(workspace_id) as office:
            return self._book(office)

    def deeds(self, workspace_id: str) -> list[Deed]:
        """The whole audit log, the newest first."""
        with self._offices.reading(workspace_id) as office:
            return office.audit.newest()

    def _change(self, office: Office, by: str, whom: str, role: str, *, give: bool, at: dt.datetime) -> None:
        checked = _role(role)
        book = self._book(office)
        fault = giving_fault(book, whom, checked) if give else taking_fault(book, whom, checked)
        if not whom or fault:
            raise refuse("person", fault or "Choose a person.")
        if give:
            office.roles.give(whom, checked, by=by, at=at)
        else:
            office.roles.take(whom, checked)
        office.audit.add(f"{'gave' if give else 'took'} role {checked}", who=by, subject=whom, at=at)

    @contextmanager
    def _deciding(self, workspace_id: str, user_id: str, act: Act) -> Iterator[Office | None]:
        """The office to work in; None for somebody who may not do this."""
        with self._offices.writing(workspace_id) as office:
            yield office if self._book(office).may(user_id, act) else None

    def _book(self, office: Office) -> RoleBook:
        return RoleBook(office.roles.all(), self._named)


def _checked(reason: str) -> str:
    """The reason, without what stands around it. Raises: Refused: there is none, or it is too long."""
    why = " ".join(reason.split())
    if not why:
        raise refuse(FORM, "Give the reason: /advisor off, then why. People will read it.")
    if len(why) > LONGEST_REASON:
        raise refuse(FORM, f"Keep the reason under {LONGEST_REASON} characters; this has {len(why)}.")
    return why


def _role(typed: str) -> Role:
    if typed not in get_args(Role):
        raise Refused({"role": f"There is no role {typed!r}: {', '.join(ROLES)}."})
    return typed  # type: ignore[return-value]
