"""From what stands in a form to the values of the rules; what cannot be read is a fault of its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from bot.checkpoints.checkpoint import Outcome, Waiver
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.services import FACTS, PHASES, Contract, Phase, Service, Standard, ValueBand
from bot.checkpoints.signoff import Condition, Ruling
from bot.knowledge.entry import Route
from bot.rendering.checkpoint_sign import CONDITIONS

Values = Mapping[str, str | tuple[str, ...]]
"""The fields of a form by name: a text, an option, a person, a day as YYYY-MM-DD; several of them as a tuple."""


@dataclass(frozen=True)
class Identity:
    """What a form of a service does not say."""

    id: str
    workspace_id: str
    channel_id: str


def read_service(values: Values, identity: Identity, before: Service | None) -> tuple[Service, dict[str, str]]:
    """The service as the form says, and what could not be read of it."""
    faults: dict[str, str] = {}
    contract = before.contract if before else None
    if "contract.ends_on" in values:
        contract = _contract(values, faults)
    service = Service(
        id=identity.id,
        workspace_id=identity.workspace_id,
        channel_id=identity.channel_id,
        name=text(values, "name"),
        council=text(values, "council"),
        owner_id=text(values, "owner_id"),
        sponsor_id=text(values, "sponsor_id"),
        phase=cast("Phase", text(values, "phase")),
        route=cast("Route", text(values, "route")),
        standard=cast("Standard", text(values, "standard")),
        purpose=text(values, "purpose"),
        service_area=text(values, "service_area"),
        system=text(values, "system"),
        directorate=text(values, "directorate"),
        link=text(values, "link"),
        facts=tuple(fact for fact in FACTS if fact in several(values, "facts")),
        contract=contract,
        targets=_targets(values),
    )
    return service, faults


def read_evidence(values: Values, blank: Evidence) -> Evidence | None:
    """
    The new piece of evidence in the form of a point, or None where nothing of it is filled in.

    A link alone is enough: what it is called, its kind and its day are then taken from *blank* and the link.
    """
    link, title, kind, dated = (text(values, name) for name in ("link", "title", "type", "dated_on"))
    if not (link or title):
        return None
    named = title or link.split("://", 1)[-1][:150]
    dated_on = dt.date.fromisoformat(dated) if dated else blank.dated_on
    return replace(blank, link=link, title=named, type=kind or blank.type, dated_on=dated_on)


def read_ruling(values: Values) -> Ruling:
    """The sponsor's decision as the form says."""
    outcome, reason = cast("Outcome", text(values, "outcome")), text(values, "reason")
    conditions = tuple(one for number in range(CONDITIONS) if (one := _condition(values, number)) is not None)
    waivers: tuple[Waiver, ...] = ()
    if outcome == "waived" or several(values, "waived") or text(values, "approver_id"):
        until = read_day(values, "until") or dt.date.min
        whole = () if outcome == "waived" else several(values, "waived")
        waivers = (Waiver(reason, text(values, "approver_id"), until, whole),)
    return Ruling(outcome, reason, conditions, waivers)


def ruling_fields(faults: Mapping[str, str]) -> dict[str, str]:
    """The faults of a ruling by the fields of its form."""
    names = {"waivers.0.reason": "reason", "waivers.0.approver_id": "approver_id", "waivers.0.until": "until"}
    names |= {"waivers.0.prompt_ids": "waived", "waivers": "until", "conditions": "conditions.0.what"}
    return {names.get(name, name): message for name, message in faults.items()}


def text(values: Values, name: str) -> str:
    """What stands in a field, without blanks around it; empty where nothing does."""
    found = values.get(name, "")
    return found.strip() if isinstance(found, str) else ""


def several(values: Values, name: str) -> tuple[str, ...]:
    """Everything chosen in a field."""
    found = values.get(name, ())
    return found if isinstance(found, tuple) else ((found,) if found else ())


def read_day(values: Values, name: str) -> dt.date | None:
    """The day in a field, or None."""
    found = text(values, name)
    return dt.date.fromisoformat(found) if found else None


def _condition(values: Values, number: int) -> Condition | None:
    name = f"conditions.{number}"
    what, owner = text(values, f"{name}.what"), text(values, f"{name}.owner_id")
    due_on = read_day(values, f"{name}.due_on")
    if not (what or owner or due_on):
        return None
    return Condition(what, owner, due_on or dt.date.min)


def _targets(values: Values) -> dict[Phase, dt.date]:
    found = {phase: read_day(values, f"targets.{phase}") for phase in PHASES}
    return {phase: day for phase, day in found.items() if day is not None}


def _contract(values: Values, faults: dict[str, str]) -> Contract | None:
    supplier, ends_on = text(values, "contract.supplier"), read_day(values, "contract.ends_on")
    if ends_on is None:
        if supplier:
            faults["contract.ends_on"] = "Give the day on which the contract ends, or clear the supplier."
        return None
    return Contract(
        supplier=supplier,
        ends_on=ends_on,
        starts_on=read_day(values, "contract.starts_on"),
        notice_months=_number(text(values, "contract.notice_months"), "contract.notice_months", faults),
        extensions=_numbers(text(values, "contract.extensions"), "contract.extensions", faults),
        value=cast("ValueBand", text(values, "contract.value") or "unknown"),
    )


def _number(typed: str, name: str, faults: dict[str, str]) -> int:
    if not typed or (typed.isascii() and typed.isdigit()):
        return int(typed or 0)
    faults[name] = "Write a number of months, such as 6."
    return 0


def _numbers(typed: str, name: str, faults: dict[str, str]) -> tuple[int, ...]:
    words = typed.replace(",", " ").replace("+", " ").split()
    if all(word.isascii() and word.isdigit() for word in words):
        return tuple(int(word) for word in words)
    faults[name] = "Write each option as a number of months, such as 12, 12."
    return ()
