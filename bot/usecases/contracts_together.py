"""Contracts ending together: own ones beside those of councils that share theirs; and names that may be one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from typing import Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import Service
from bot.matching.alike_names import suggest_aliases
from bot.network.aliases import KINDS, Aliases, Judgement, Kind, kind_of
from bot.network.ending_together import Neighbour, Together, ending_together
from bot.network.sharing import Field, Listing, Viewer
from bot.rendering import contracts_together as screens
from bot.rendering.message import Message
from bot.storage.commons import CommonPages, Commons
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.disclosing import Found, Looking, look_across, own_services, viewer_in

_CONTRACTS: Final[tuple[Field, ...]] = ("name", "system", "supplier", "contract_end")
_NAMES: Final[tuple[Field, ...]] = ("supplier", "system")
_MOST_CONTRACTS: Final = 8
_MOST_NEIGHBOURS: Final = 5
_MOST_PAIRS: Final = 8
_EDITORS: Final = "Which names are one is for an editor to say, for everybody here then finds by it."
IsEditor = Callable[[str, str], bool]
"""Whether a person (workspace, user) may say which names are one."""


class ContractsDesk:
    """Finding whom to buy with."""

    def __init__(self, rules: Rules, commons: Commons, is_editor: IsEditor) -> None:
        self._rules = rules
        self._commons = commons
        self._is_editor = is_editor

    def together(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> Message:
        """The own contracts that end near those of other councils for the same need."""
        shown: list[Together] = []
        with self._commons.writing() as pages:
            viewer = viewer_in(pages, workspace_id, user_id)
            mine = own_services(pages, viewer)
            aliases = Aliases(pages.judgements(workspace_id).all())

            def choose(found: list[Found]) -> list[Found]:
                all_of_them = ending_together(mine, [one.listing for one in found], aliases, today=day_of(at))
                shown.extend(_shortened(one) for one in all_of_them[:_MOST_CONTRACTS])
                seen = {id(one.listing) for own in shown for one in own.neighbours}
                return [one for one in found if id(one.listing) in seen]

            looking = Looking(viewer, "contracts ending together", at)
            look_across(pages, self._rules.councils, looking, choose=choose, only=_CONTRACTS)
        own = [one for one in mine if one.contract is not None]
        return screens.together_message(shown, has_contracts=bool(own), today=day_of(at))

    def names(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> Message:
        """
        The names of suppliers, systems and areas that may be one, for an editor to judge.

        Raises: Refused: this person is no editor of names.
        """
        self._check_editor(workspace_id, user_id)
        with self._commons.writing() as pages:
            viewer = viewer_in(pages, workspace_id, user_id)
            names = self._known_names(pages, viewer, own_services(pages, viewer), at)
            judged = pages.judgements(workspace_id).all()
        pairs = [
            Judgement(kind, one.first, one.second, same=True)
            for kind in KINDS
            for one in suggest_aliases(names[kind], [(j.first, j.second) for j in judged if j.kind == kind])
        ]
        return screens.names_message(pairs[:_MOST_PAIRS], judged, more=len(pairs) > _MOST_PAIRS)

    def judge(self, workspace_id: str, user_id: str, value: str, *, same: bool, at: dt.datetime) -> Message:
        """Keep what an editor says about two names, and show what is left. Raises: Refused: as ``names``."""
        self._check_editor(workspace_id, user_id)
        kind, first, second = (str(one) for one in json.loads(value))
        judgement = Judgement(kind_of(kind), first, second, same)
        with self._commons.writing() as pages:
            pages.judgements(workspace_id).keep(judgement, who=user_id, at=at)
        return self.names(workspace_id, user_id, at=at)

    def _check_editor(self, workspace_id: str, user_id: str) -> None:
        if not self._is_editor(workspace_id, user_id):
            raise refuse(FORM, _EDITORS)

    def _known_names(
        self, pages: CommonPages, viewer: Viewer, mine: Iterable[Service], at: dt.datetime
    ) -> dict[Kind, list[str]]:
        """The names of one's own side, and those that others share."""
        own = list(mine)
        looking = Looking(viewer, "names alike", at)
        theirs = look_across(pages, self._rules.councils, looking, choose=lambda found: found, only=_NAMES)
        listings: list[Listing] = [one.listing for one in theirs]
        suppliers = [one.contract.supplier for one in own if one.contract]
        return {
            "supplier": [*suppliers, *(one.supplier for one in listings if one.supplier)],
            "system": [*(one.system for one in own), *(one.system for one in listings if one.system)],
            "area": [*(one.service_area for one in own), *(one.area for one in listings)],
        }


def _shortened(one: Together) -> Together:
    nearest: tuple[Neighbour, ...] = one.neighbours[:_MOST_NEIGHBOURS]
    return Together(one.service, one.ends_on, one.decide_by, nearest)
