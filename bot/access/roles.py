"""Roles and what each may do. Everybody is a member; the other roles are given by an administrator of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal["editor", "sponsor", "admin"]
Act = Literal[
    "see_health",
    "see_gaps",
    "run_selftest",
    "see_audit",
    "give_roles",
    "switch",
    "set_quiet_times",
    "share_more",
    "judge_names",
]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
MEANS: Final[Mapping[Role, str]] = {
    "editor": "sees what people asked in vain (/advisor gaps), tests the answers (/advisor selftest), "
    "says which names are one (/advisor names)",
    "sponsor": "may be named as sponsor of a service, and sign",
    "admin": "what editors may; sees health and audit, gives roles, sets quiet times, lets a council share more, "
    "switches Advisor off and on",
}
ALLOWED: Final[Mapping[Act, frozenset[Role]]] = {
    "see_health": frozenset({"admin"}),
    "see_gaps": frozenset({"admin", "editor"}),
    "run_selftest": frozenset({"admin", "editor"}),
    "see_audit": frozenset({"admin"}),
    "give_roles": frozenset({"admin"}),
    "switch": frozenset({"admin"}),
    "set_quiet_times": frozenset({"admin"}),
    "share_more": frozenset({"admin"}),
    "judge_names": frozenset({"admin", "editor"}),
}
OPEN_WITHOUT_ADMIN: Final[frozenset[Act]] = frozenset({"see_health", "see_gaps", "run_selftest", "set_quiet_times"})
"""What everybody may do as long as a workspace has no administrator: nothing of it touches a person's own data."""


@dataclass(frozen=True)
class RoleBook:
    """The roles of one workspace. ``named`` are administrators by the settings: nobody in Slack can take that away."""

    given: Mapping[str, frozenset[Role]]
    named: frozenset[str] = frozenset()

    def roles_of(self, user_id: str) -> frozenset[Role]:
        """The roles of somebody beyond being a member."""
        admin: frozenset[Role] = frozenset({"admin"}) if user_id in self.named else frozenset()
        return self.given.get(user_id, frozenset()) | admin

    def holders(self, role: Role) -> frozenset[str]:
        """Everybody who has a role."""
        return frozenset(one for one in (*self.given, *self.named) if role in self.roles_of(one))

    def may(self, user_id: str, act: Act) -> bool:
        """Whether somebody may do this."""
        if act in OPEN_WITHOUT_ADMIN and not self.holders("admin"):
            return True
        return bool(self.roles_of(user_id) & ALLOWED[act])


def giving_fault(book: RoleBook, user_id: str, role: Role) -> str:
    """Why a role cannot be given to somebody; empty where it can."""
    return "They have this role already." if role in book.roles_of(user_id) else ""


def taking_fault(book: RoleBook, user_id: str, role: Role) -> str:
    """Why a role cannot be taken from somebody; empty where it can."""
    if role == "admin" and user_id in book.named:
        return "They are an administrator by the setting ADVISOR_ADMINS. Whoever runs Advisor can change that."
    if role not in book.roles_of(user_id):
        return "They do not have this role."
    if role == "admin" and len(book.holders("admin")) == 1:
        return "They are the only administrator. Give the role to somebody else first."
    return ""


def sponsor_fault(user_id: str, sponsors: Set[str]) -> str:
    """
    Why somebody cannot be sponsor; empty where they can. As long as nobody has the role, anybody can be named: a
    council that wants no list need not keep one.
    """
    if not sponsors or user_id in sponsors:
        return ""
    return "This person is not one of your council's sponsors. An Advisor administrator can add them: /advisor roles."
