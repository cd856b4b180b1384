"""A small world of councils for the network: each with one service whose every value can be told from all others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.checkpoints.checkpoint import Decision, Step
from bot.checkpoints.dates import in_words
from bot.checkpoints.services import Service
from bot.knowledge.councils import Council
from bot.network.sharing import Field, Party, Shares
from bot.storage.commons import Commons
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.storage.retention import erase_workspace
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.network_desks import NetworkDesks, open_network
from tests.bot.checkpoints.build import (
    NOW,
    handed_in,
    make_checkpoint,
    make_contract,
    make_prompt,
    make_service,
    make_template,
)

ADMIN = "U0ADMIN"
AREA = "waste"


@dataclass(frozen=True)
class Side:
    """One council of the world. ``mark`` stands in every text of its records and nowhere else."""

    mark: str
    party: Party
    ends_on: dt.date

    @property
    def owner(self) -> str:
        return f"UOWN{self.mark.upper()}"

    @property
    def sponsor(self) -> str:
        return f"USPO{self.mark.upper()}"

    @property
    def service_id(self) -> str:
        return f"s{self.mark}"

    @property
    def point(self) -> str:
        return f"{self.mark}standard/05"

    @property
    def council(self) -> Council:
        code, name = self.party.council, f"{self.mark}council"
        return Council(code=code, name=name, type="Unitary", tier="unitary", nation="england", region="Here")

    def traces(self) -> Mapping[Field, tuple[str, ...]]:
        """What shows in a text that a field has been disclosed."""
        day = self.ends_on
        # Two sides go by the name of one council, so that it says nothing of either.
        council = (f"{self.mark}council",) if self.party.council != "LDS" else ()
        return {
            "name": (f"{self.mark}name", *council),
            "system": (f"{self.mark}system",),
            "supplier": (f"{self.mark}supplier",),
            "contract_end": (in_words(day), day.isoformat()),
            "points_met": (f"{self.mark}standard",),
            "contact": (f"{self.mark}contact",),
        }

    def never(self) -> tuple[str, ...]:
        """What no screen of another council may ever hold."""
        mark = self.mark
        ids = (self.owner, self.sponsor, self.service_id, f"C0{mark.upper()}", f"c{mark}")
        abroad = (self.party.workspace_id,) if self.party.workspace_id != "T0ZQHERE" else ()
        return (f"{mark}purpose", f"{mark}directorate", f"{mark}note", f"{mark}link", *ids, *abroad)


OWN = Side("zqown", Party("T0ZQHERE", "LDS"), dt.date(2029, 3, 31))
BESIDE = Side("zqbeside", Party("T0ZQHERE", "YOR"), dt.date(2029, 4, 17))
ABROAD = Side("zqabroad", Party("T0ZQTHERE", "CMD"), dt.date(2029, 5, 21))
NAMESAKE = Side("zqnamesake", Party("T0ZQELSE", "LDS"), dt.date(2029, 6, 29))
SIDES = (OWN, BESIDE, ABROAD, NAMESAKE)
"""One's own, another council in the same workspace, one in another, and somebody there who uses our council's name."""


class World:
    """The desks over a database with every side in it."""

    def __init__(self, database: Database, knowledge_base: KnowledgeBase) -> None:
        self.database = database
        self.commons = Commons(database)
        self.ledger = Ledger(database)
        councils = {side.party.council: side.council for side in reversed(SIDES)}
        self.rules = Rules(knowledge_base, self.ledger, councils)
        self.desks: NetworkDesks = open_network(self.rules, self.commons, lambda workspace, user, act: user == ADMIN)

    def clear(self) -> None:
        """Take everything away."""
        for workspace in {side.party.workspace_id for side in SIDES}:
            erase_workspace(self.database, workspace)

    def settle(self, side: Side, shared: Iterable[Field] = (), *, signed: bool = True, **fields: Any) -> Service:
        """Give a side its service, its points signed off unless not *signed*, and let it share."""
        mark, party = side.mark, side.party
        given: dict[str, Any] = {
            "id": side.service_id, "workspace_id": party.workspace_id, "council": party.council,
            "name": f"{mark}name", "purpose": f"{mark}purpose", "directorate": f"{mark}directorate",
            "channel_id": f"C0{mark.upper()}", "owner_id": side.owner, "sponsor_id": side.sponsor,
            "link": f"https://{mark}link.example.gov.uk", "service_area": AREA, "system": f"{mark}system",
            "phase": "live", "route": "bought",
            "contract": make_contract(supplier=f"{mark}supplier", ends_on=side.ends_on),
        }  # fmt: skip
        service = make_service(**given | fields)
        template = make_template(make_prompt("a", points=(side.point, "service-standard/05")))
        done = handed_in(make_checkpoint(template, id=f"c{mark}", service=service), by=side.owner)
        decision = Decision("met", side.sponsor, NOW, reason=f"{mark}note")
        checkpoint = replace(done, state="met", decision=decision, workspace_id=party.workspace_id)
        with self.ledger.writing(party.workspace_id) as pages:
            pages.services.keep(service, [], who=side.owner, at=NOW)
            pages.checkpoints.keep(Step(checkpoint if signed else done, ()), at=NOW)
        self.share(side, shared)
        return service

    def share(self, side: Side, shared: Iterable[Field]) -> None:
        """Let a side share these fields from now on."""
        shares = Shares(side.party, frozenset(shared), f"{side.mark}contact@example.gov.uk")
        with self.commons.writing() as pages:
            pages.sharing.keep(shares, who=side.owner, at=NOW)


def words(*shown: Any) -> str:
    """Everything in messages, forms and texts, buttons' values and what travels unseen included."""
    return json.dumps([one.payload() if hasattr(one, "payload") else one for one in shown], ensure_ascii=False)


def leaks(text: str, shared: Mapping[Side, Iterable[Field]], own: Sequence[Side]) -> list[str]:
    """What stands in *text* of a side that did not share it."""
    found: list[str] = []
    for side, fields in shared.items():
        if side in own:
            continue
        hidden = [trace for field, traces in side.traces().items() if field not in fields for trace in traces]
        found += [trace for trace in (*hidden, *side.never()) if trace in text]
    return found
