"""Sharing: a council says what others may see of its services, stops it, and reads who saw what."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.network.sharing import FIELDS, LONGEST_CONTACT, Party, Shares, may_close, may_open, shared_more
from bot.rendering import sharing as screens
from bot.rendering.message import Payload, View
from bot.storage.commons import Commons
from bot.usecases.checkpoint_forms import Values, several, text
from bot.usecases.checkpoint_rules import Done, Post, Rules
from bot.usecases.disclosing import council_name

_MOST_TOLD = 20
_NOBODY = (
    "What a council shares is set by an owner or sponsor of one of its services, or by an administrator. "
    "`/checkpoint start` starts a service."
)
_NOT_YOURS = "Only an administrator may share more here, for several councils work in this Slack. You may share less."
_NOT_ANY_MORE = "You no longer own or sponsor a service of this council, so nothing was changed."
IsAdmin = Callable[[str, str], bool]
"""Whether a person (workspace, user) is an administrator by name."""


class SharingDesk:
    """The one screen in which a council decides what leaves it."""

    def __init__(self, rules: Rules, commons: Commons, is_admin: IsAdmin) -> None:
        self._rules = rules
        self._commons = commons
        self._is_admin = is_admin

    def form(self, workspace_id: str, user_id: str, council: str = "") -> View:
        """
        What a council shares and who saw what of it: of the council named, else of the person's first.

        Raises: Refused: this person has no say in any council's sharing.
        """
        with self._commons.reading() as pages:
            services = pages.of(workspace_id).services.all()
            known = self._of_person(workspace_id, user_id, services)
            if not known:
                raise refuse(FORM, _NOBODY)
            party = Party(workspace_id, council if council in known else known[0])
            shares, log = pages.sharing.of(party), pages.sharing.disclosed(party)
        names = {one.id: one.name for one in services}
        opens = may_open(user_id, party.council, services, is_admin=self._is_admin(workspace_id, user_id))
        return screens.sharing_form(
            shares,
            [(code, self._name(code)) for code in known],
            [screens.Seen(one, names.get(one.service_id, ""), self._viewers(one.seen_from)) for one in log],
            may_open=opens,
            metadata=json.dumps({"council": party.council}),
        )

    def save(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Share from now on what is ticked, and nothing else. People of the council are told when more is shared.

        Raises: Refused: a contact is to be shared and there is none, or this person may not share more.
        """
        chosen = several(values, "fields")
        fields = frozenset(one for one in FIELDS if one in chosen)
        contact = text(values, "contact")[:LONGEST_CONTACT]
        if "contact" in fields and not contact:
            raise refuse("contact", "Write the contact that others are given, or untick it above.")
        party = Party(workspace_id, str(json.loads(metadata)["council"]))
        return self._change(Shares(party, fields, contact), user_id, at=at)

    def stop(self, workspace_id: str, user_id: str, council: str, *, at: dt.datetime) -> Done:
        """Share nothing of a council from this moment. Raises: Refused: this person has no say in it."""
        return self._change(Shares(Party(workspace_id, council)), user_id, at=at)

    def home(self, workspace_id: str, user_id: str) -> list[Payload]:
        """The button on the Home tab, for somebody who has a say."""
        with self._commons.reading() as pages:
            services = pages.of(workspace_id).services.all()
        return screens.home_blocks() if self._of_person(workspace_id, user_id, services) else []

    def _change(self, shares: Shares, user_id: str, *, at: dt.datetime) -> Done:
        workspace_id, council = shares.party.workspace_id, shares.party.council
        with self._commons.writing() as pages:
            services = pages.of(workspace_id).services.all()
            before = pages.sharing.of(shares.party)
            admin = self._is_admin(workspace_id, user_id)
            if not may_close(user_id, council, services, is_admin=admin):
                raise refuse(FORM, _NOT_ANY_MORE)
            more = shared_more(before, shares)
            if more and not may_open(user_id, council, services, is_admin=admin):
                raise refuse("fields", _NOT_YOURS)
            pages.sharing.keep(shares, who=user_id, at=at)
        message = screens.shared_message(shares, self._name(council), by=user_id)
        people = _people(services, council, user_id) if more else []
        return Done(screens.saved_view(shares), tuple(Post(person, message) for person in people))

    def _of_person(self, workspace_id: str, user_id: str, services: Sequence[Service]) -> list[str]:
        """The councils over whose sharing somebody has a say, by name."""
        admin = self._is_admin(workspace_id, user_id)
        codes = {one.council for one in services}
        mine = [code for code in codes if may_close(user_id, code, services, is_admin=admin)]
        return sorted(mine, key=self._name)

    def _viewers(self, codes: Sequence[str]) -> str:
        return ", ".join(self._name(code) for code in codes)

    def _name(self, code: str) -> str:
        return council_name(code, self._rules.councils)


def _people(services: Sequence[Service], council: str, but: str) -> list[str]:
    """Owners and sponsors of a council's services, those with most services first, without the one who acts."""
    count: Mapping[str, int] = Counter(
        person for one in services if one.council == council for person in (one.owner_id, one.sponsor_id)
    )
    return sorted((one for one in count if one != but), key=lambda one: (-count[one], one))[:_MOST_TOLD]
