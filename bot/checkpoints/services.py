"""A service and its contract: what a team tells us once, what is wrong with it, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.links import link_fault
from bot.knowledge.entry import Route

Phase = Literal["discovery", "alpha", "private beta", "public beta", "live", "retired"]
Fact = Literal[
    "takes payments",
    "holds personal data",
    "has public users",
    "has staff users only",
    "uses AI",
    "replaces a system",
]
Standard = Literal["service-standard", "local-standard", "technology-code"]
ValueBand = Literal["unknown", "small", "medium", "large", "very large"]

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
ROUTES: Final[tuple[Route, ...]] = get_args(Route)
FACTS: Final[tuple[Fact, ...]] = get_args(Fact)
STANDARDS: Final[tuple[Standard, ...]] = get_args(Standard)
VALUE_BANDS: Final[Mapping[ValueBand, str]] = {
    "unknown": "not known",
    "small": "under £30,000",
    "medium": "£30,000 to £207,720",
    "large": "£207,720 to £5 million",
    "very large": "over £5 million",
}
"""The whole contract's value with VAT, cut where the rules of the Procurement Act 2023 change for a council.

Source: knowledge/guide/procurement-act-2023.yaml (contract details notices, the threshold for goods and services since
1 January 2026) and knowledge/guide/supplier-contracts.yaml (published measures), checked 2026-11-23.
"""

LONGEST: Final[Mapping[str, int]] = {
    "name": 75,
    "purpose": 300,
    "service_area": 75,
    "directorate": 75,
    "system": 100,
    "supplier": 100,
}
"""Characters a field takes. A name is 75 long at most because that is what a Slack menu shows of an option."""


LONGEST_NOTICE: Final = 36
LONGEST_EXTENSION: Final = 120


@dataclass(frozen=True)
class Contract:
    """A contract with a supplier. ``extensions`` are the months of each option that has not been taken up yet."""

    supplier: str
    ends_on: dt.date
    starts_on: dt.date | None = None
    notice_months: int = 0
    extensions: tuple[int, ...] = ()
    value: ValueBand = "unknown"


@dataclass(frozen=True)
class Service:
    """
    One thing that a team builds or buys and runs, in one Slack channel.

    ``council`` is a code of the list of councils, from which tier, nation and region follow. ``owner_id`` and
    ``sponsor_id`` are Slack users: the owner answers for the service, the sponsor signs. ``targets`` holds the day on
    which each phase should begin. ``system`` is the product on which it runs, such as "Civica Pay"; who sells it stands
    in the contract. ``id`` is empty until the store has given one.
    """

    id: str
    workspace_id: str
    channel_id: str
    name: str
    council: str
    owner_id: str
    sponsor_id: str
    phase: Phase = "discovery"
    route: Route = "built"
    standard: Standard = "service-standard"
    purpose: str = ""
    service_area: str = ""
    system: str = ""
    directorate: str = ""
    link: str = ""
    facts: tuple[Fact, ...] = ()
    contract: Contract | None = None
    targets: Mapping[Phase, dt.date] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One line of a service's history: the field, and what stood there before and after, as a person reads it."""

    field: str
    before: str
    after: str


def service_faults(service: Service, *, today: dt.date, councils: Container[str]) -> dict[str, str]:
    """
    Everything wrong with a service at once: field -> what is wrong and what to do; empty where it may be saved.

    Fields of the contract and of the target dates are named ``contract.ends_on`` and ``targets.live``.
    """
    found: dict[str, str] = {}
    checks = (_text_faults(service), _choice_faults(service, councils), _people_faults(service))
    for check in (*checks, _target_faults(service, today), _contract_faults(service.contract)):
        for name, message in check:
            found.setdefault(name, message)
    return found


def service_remarks(service: Service, *, today: dt.date) -> dict[str, str]:
    """What is odd but may be saved, in the shape of the faults: a contract that has ended, a purchase without one."""
    remarks: dict[str, str] = {}
    contract = service.contract
    if contract is not None and contract.ends_on < today:
        remarks["contract.ends_on"] = (
            f"This contract ended on {in_words(contract.ends_on)} ({how_far(contract.ends_on, today=today)}). If the "
            "service still runs on it, ask procurement this week what you are buying under."
        )
    if service.route == "bought" and contract is None and service.phase in PHASES[2:5]:
        remarks["contract"] = (
            "The service is bought, but there is no contract here: add its end date to be told in time."
        )
    return remarks


def changes(before: Service | None, after: Service) -> tuple[Change, ...]:
    """One line for each field that differs, in the order of the form; *before* is None for a new service."""
    old = described(before) if before is not None else {}
    new = described(after)
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        Change(name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name, "") != new.get(name, "")
    )


def described(service: Service) -> dict[str, str]:
    """Every field as a person reads it, flat, without ids of the store; empty fields are left out."""
    pairs = {
        "name": service.name,
        "purpose": service.purpose,
        "council": service.council,
        "service_area": service.service_area,
        "system": service.system,
        "phase": service.phase,
        "route": service.route,
        "standard": service.standard,
        "owner_id": service.owner_id,
        "sponsor_id": service.sponsor_id,
        "directorate": service.directorate,
        "channel_id": service.channel_id,
        "link": service.link,
        "facts": ", ".join(fact for fact in FACTS if fact in service.facts),
    }
    pairs |= {f"contract.{name}": text for name, text in _contract_texts(service.contract)}
    pairs |= {f"targets.{phase}": in_words(service.targets[phase]) for phase in PHASES if phase in service.targets}
    return {name: text for name, text in pairs.items() if text}


def _contract_texts(contract: Contract | None) -> Iterator[tuple[str, str]]:
    if contract is None:
        return
    yield "supplier", contract.supplier
    if contract.starts_on is not None:
        yield "starts_on", in_words(contract.starts_on)
    yield "ends_on", in_words(contract.ends_on)
    yield "notice_months", str(contract.notice_months)
    yield "extensions", ", ".join(str(months) for months in contract.extensions)
    yield "value", VALUE_BANDS[contract.value]


def _text_faults(service: Service) -> Iterator[tuple[str, str]]:
    if not service.name.strip():
        yield "name", "Give the service a name that residents or staff would know."
    texts = {name: getattr(service, name) for name in LONGEST if name != "supplier"}
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            yield name, _too_long(text, LONGEST[name])
    if service.link and (fault := link_fault(service.link)):
        yield "link", fault


def _too_long(text: str, most: int) -> str:
    return f"This is {len(text)} characters long; {most} is the most. Take out {len(text) - most}."


def _choice_faults(service: Service, councils: Container[str]) -> Iterator[tuple[str, str]]:
    if service.council not in councils:
        yield (
            "council",
            "Choose the council from the list: its nation decides the bank holidays and the notes on the law.",
        )
    for name, value, known in (
        ("phase", service.phase, PHASES),
        ("route", service.route, ROUTES),
        ("standard", service.standard, STANDARDS),
    ):
        if value not in known:
            yield name, f"{value!r} is not one of: {', '.join(known)}."
    if unknown := [fact for fact in service.facts if fact not in FACTS]:
        yield "facts", f"Not known: {', '.join(unknown)}. Choose from: {', '.join(FACTS)}."
    if "has public users" in service.facts and "has staff users only" in service.facts:
        yield "facts", "It cannot have public users and staff users only. Leave one of the two."


def _people_faults(service: Service) -> Iterator[tuple[str, str]]:
    if not service.channel_id:
        yield "channel_id", "Choose the channel in which the team works."
    if not service.owner_id:
        yield "owner_id", "Name the service owner: one person who answers for the service."
    if not service.sponsor_id:
        yield "sponsor_id", "Name the sponsor: the person who signs."
    elif service.sponsor_id == service.owner_id:
        yield (
            "sponsor_id",
            "The sponsor signs what the owner submits, so it must be somebody else. Name another person.",
        )


def _target_faults(service: Service, today: dt.date) -> Iterator[tuple[str, str]]:
    latest: tuple[Phase, dt.date] | None = None
    now = PHASES.index(service.phase) if service.phase in PHASES else 0
    for place, phase in enumerate(PHASES):
        day = service.targets.get(phase)
        if day is None:
            continue
        if place > now and day < today:
            yield (
                f"targets.{phase}",
                f"{in_words(day)} is in the past ({how_far(day, today=today)}). Give a day to come.",
            )
        if latest is not None and day < latest[1]:
            yield (
                f"targets.{phase}",
                f"{phase} would begin before {latest[0]} ({in_words(latest[1])}). Change one of them.",
            )
        latest = (phase, day)


def _contract_faults(contract: Contract | None) -> Iterator[tuple[str, str]]:
    if contract is None:
        return
    if not contract.supplier.strip():
        yield "contract.supplier", "Name the supplier, or clear the contract's end date."
    if len(contract.supplier) > LONGEST["supplier"]:
        yield "contract.supplier", _too_long(contract.supplier, LONGEST["supplier"])
    if contract.starts_on is not None and contract.ends_on <= contract.starts_on:
        yield "contract.ends_on", f"The contract would end before it starts ({in_words(contract.starts_on)})."
    if not 0 <= contract.notice_months <= LONGEST_NOTICE:
        yield "contract.notice_months", f"Notice is a number of months from 0 to {LONGEST_NOTICE}."
    if any(not 1 <= months <= LONGEST_EXTENSION for months in contract.extensions):
        yield "contract.extensions", f"Each extension option is a number of months from 1 to {LONGEST_EXTENSION}."
    if contract.value not in VALUE_BANDS:
        yield "contract.value", f"Choose one of: {', '.join(VALUE_BANDS.values())}."
