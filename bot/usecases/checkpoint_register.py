"""The register of services as a file, the due dates as a calendar, and the check of every receipt: for the terminal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.checkpoints.calendar import day_of
from bot.checkpoints.calendar_file import calendar_file, due_dates
from bot.checkpoints.radar import read_radar
from bot.checkpoints.receipts import Break, verify
from bot.checkpoints.register import Names, Register, read_register, write_register, written_names
from bot.checkpoints.services import changes
from bot.errors import InputError
from bot.knowledge.councils import council_names
from bot.usecases.checkpoint_rules import Rules

_PERSON = re.compile(r"\b[UW][A-Z0-9]{2,}\b")
_CHANNEL = re.compile(r"\b[CG][A-Z0-9]{2,}\b")
BY = "import"
"""Who changed a service, in its history, where a file did."""


@dataclass(frozen=True)
class LookedUp:
    """The ids behind what was written, and of the rest why there is none and what to do."""

    ids: Mapping[str, str]
    why: Mapping[str, str]


class Directory(Protocol):
    """Who is who in a workspace. Raises: InputError: nobody could be asked."""

    def people(self, workspace_id: str, addresses: Sequence[str]) -> LookedUp:
        """The members with these e-mail addresses."""

    def channels(self, workspace_id: str, names: Sequence[str]) -> LookedUp:
        """The channels with these names, each with its #."""


class RegisterDesk:
    """What the person who runs Advisor does with services, dates and receipts, outside Slack."""

    def __init__(self, rules: Rules, directory: Directory | None = None) -> None:
        self._rules = rules
        self._directory = directory

    def workspace(self, named: str) -> str:
        """The workspace that was named, or the only one there is. Raises: InputError: it is not clear which."""
        known = self._rules.ledger.workspaces()
        if named or len(known) == 1:
            return named or known[0]
        there = f"there are {', '.join(known)}" if known else "none has a service yet"
        raise InputError(f"say which workspace with --workspace T...: {there}.")

    def take_in(self, workspace_id: str, text: str, *, at: dt.datetime) -> Register:
        """
        Keep every service of a CSV register, or none of them where any row has a fault.

        People and channels are written as Slack's ids (U..., C...), as the export gives them, or as e-mail addresses
        and #names, which are looked up in Slack first; the addresses are not kept.
        Raises: InputError: Slack could not be asked, so that nothing can be said of any row.
        """
        names = self._names(workspace_id, text)
        with self._rules.ledger.writing(workspace_id) as pages:
            existing = {one.id: one for one in pages.services.all()}
            today = day_of(at)
            register = read_register(text, names, list(existing.values()), workspace_id=workspace_id, today=today)
            for service in register.services:
                kept = service if service.id else replace(service, id=self._rules.new_id("s"))
                pages.services.keep(kept, changes(existing.get(kept.id), kept), who=BY, at=at)
                self._rules.replan(pages, kept, at=at)
        return register

    def _names(self, workspace_id: str, text: str) -> Names:
        written, nobody = written_names(text), LookedUp({}, {})
        people = channels = nobody
        if self._directory is not None and written.addresses:
            people = self._directory.people(workspace_id, written.addresses)
        if self._directory is not None and written.channels:
            channels = self._directory.channels(workspace_id, written.channels)
        return Names(
            {**_ids(_PERSON, text), **people.ids}, {**_ids(_CHANNEL, text), **channels.ids},
            council_names(self._rules.councils), {**people.why, **channels.why},
        )  # fmt: skip

    def give_out(self, workspace_id: str) -> str:
        """Every service as CSV, as ``take_in`` reads it."""
        with self._rules.ledger.reading(workspace_id) as pages:
            return write_register(pages.services.all())

    def calendar(self, workspace_id: str, *, at: dt.datetime) -> bytes:
        """Every date to come as an .ics file."""
        with self._rules.ledger.reading(workspace_id) as pages:
            services = pages.services.all()
            found = {one.id: pages.checkpoints.of_service(one.id) for one in services}
        today = day_of(at)
        due = [
            date
            for one in services
            for date in due_dates(
                one, found[one.id], read_radar(one.contract, one.route, today=today) if one.contract else None
            )
        ]
        return calendar_file(due, name="Advisor: checkpoints", at=at)

    def verify(self, workspace_id: str) -> tuple[int, Break | None]:
        """How many receipts there are, and the first that does not hold."""
        with self._rules.ledger.reading(workspace_id) as pages:
            receipts = pages.receipts.all()
        return len(receipts), verify(receipts)


def _ids(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    return {id: id for id in pattern.findall(text)}
