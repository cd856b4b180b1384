"""The form of a service, and the small form in which a checkpoint is given its date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.services import FACTS, LONGEST, PHASES, ROUTES, STANDARDS, VALUE_BANDS, Contract, Service
from bot.knowledge.councils import Council
from bot.knowledge.entry import Entry
from bot.rendering.blocks import context, header
from bot.rendering.checkpoint_blind import blind_fields
from bot.rendering.fields import (
    Payload,
    boxes_field,
    channel_field,
    choice_field,
    date_field,
    person_field,
    search_field,
    text_field,
)
from bot.rendering.message import View, modal
from bot.rendering.mrkdwn import escape

SERVICE_CALLBACK: Final = "checkpoint_service"
OPEN_CALLBACK: Final = "checkpoint_open"
MOVE_CALLBACK: Final = "checkpoint_move"
RENEW_CALLBACK: Final = "checkpoint_renew"

_STANDARD_NAMES = {
    "service-standard": "GOV.UK Service Standard",
    "local-standard": "Local Government Digital Service Standard",
    "technology-code": "Technology Code of Practice",
}
_ROUTE_NAMES = {
    "built": "Built by us or for us",
    "bought": "Bought as a product",
    "configured": "Configured from a shared product",
}
_TARGETS = PHASES[1:5]
_TEXTS = ("service_area", "system", "directorate", "link")


def service_form(
    service: Service | None,
    councils: Mapping[str, Council],
    *,
    metadata: str,
    owner_id: str = "",
    council: str = "",
    route: str = "",
) -> View:
    """
    The form in which a service is started or changed.

    Args: *metadata* travels with the form; *owner_id* and *council* are offered for a new service; *route* is what is
        chosen now, where that has changed since the form was opened.
    """
    chosen = route or (service.route if service else "built")
    blocks = [*_about(service, councils, council), *_how(service, chosen), *_people(service, owner_id)]
    if chosen == "bought" or (service is not None and service.contract is not None):
        blocks += _contract(service.contract if service else None)
    blocks += _later(service)
    if service:
        hint = "Where the team is asked. Invite Advisor there too."
        blocks.append(channel_field("channel_id", "Slack channel", value=service.channel_id, hint=hint))
    title = "Change a service" if service else "Start a service"
    return modal(title, blocks, callback_id=SERVICE_CALLBACK, private_metadata=metadata, submit="Save", close="Cancel")


def open_form(templates: Sequence[Entry], *, service_name: str, metadata: str, due_on: dt.date) -> View:
    """Which checkpoint, and by when."""
    choices = [(entry.id, entry.title.removeprefix("Checkpoint: ").capitalize()) for entry in templates]
    fields = [
        choice_field("template", "Which checkpoint?", choices),
        date_field("due_on", "When does it fall?", value=due_on, hint="The day on which somebody decides."),
    ]
    about = context(f"For {escape(service_name)}. What is asked is copied now and stays as it is.")
    blocks: list[Block | Payload] = [about, *fields, header("Rate it blind first?"), *blind_fields(optional=True)]
    return modal(
        "Plan a checkpoint", blocks, callback_id=OPEN_CALLBACK, private_metadata=metadata, submit="Plan", close="Cancel"
    )


def move_form(title: str, due_on: dt.date, *, metadata: str) -> View:
    """Another date for a checkpoint."""
    blocks: list[Block | Payload] = [
        context(f"{escape(title)}. What will be sent is planned again."),
        date_field("due_on", "When does it fall now?", value=due_on),
    ]
    return modal("Move the date", blocks, callback_id=MOVE_CALLBACK, private_metadata=metadata, submit="Move")


def renew_form(title: str, link: str, *, metadata: str, today: dt.date) -> View:
    """The day and the link of a newer piece of evidence."""
    blocks: list[Block | Payload] = [
        context(f"{escape(title)}. Every point that relied on it counts again once it is renewed."),
        text_field(
            "link", "Link", value=link, optional=True, most=2000, hint="A whole address with https:// in front."
        ),
        date_field("dated_on", "Day of the evidence", value=today, hint="Of the audit or report itself."),
    ]
    return modal("Renew evidence", blocks, callback_id=RENEW_CALLBACK, private_metadata=metadata, submit="Renew")


def _about(service: Service | None, councils: Mapping[str, Council], council: str) -> list[Payload]:
    code = service.council if service else council
    known = (code, councils[code].name) if code in councils else None
    return [
        text_field("name", "Name", value=service.name if service else "", most=LONGEST["name"]),
        text_field(
            "purpose",
            "What does it do, and for whom?",
            value=service.purpose if service else "",
            optional=True,
            multiline=True,
            most=LONGEST["purpose"],
        ),
        search_field("council", "Council", chosen=known, hint="Type a few letters of its name."),
    ]


def _how(service: Service | None, route: str) -> list[Payload]:
    return [
        choice_field("phase", "Phase", _same(PHASES), value=service.phase if service else "discovery"),
        choice_field(
            "route", "How do you get it?", [(one, _ROUTE_NAMES[one]) for one in ROUTES], value=route, dispatch=True
        ),
        choice_field(
            "standard",
            "Standard you follow",
            [(one, _STANDARD_NAMES[one]) for one in STANDARDS],
            value=service.standard if service else "service-standard",
        ),
        boxes_field(
            "facts",
            "What is true of it?",
            _same(FACTS),
            values=service.facts if service else (),
            hint="Points that do not apply are then not asked.",
        ),
    ]


def _people(service: Service | None, owner_id: str) -> list[Payload]:
    owner = service.owner_id if service else owner_id
    sponsor = service.sponsor_id if service else ""
    return [
        person_field(
            "owner_id", "Service owner", value=owner, hint="Answers for the service and hands checkpoints in."
        ),
        person_field("sponsor_id", "Sponsor", value=sponsor, hint="Signs. Never the person who hands in."),
    ]


def _contract(contract: Contract | None) -> list[Payload]:
    options = ", ".join(str(months) for months in contract.extensions) if contract else ""
    return [
        text_field(
            "contract.supplier", "Supplier", value=contract.supplier if contract else "", optional=True,
            most=LONGEST["supplier"],
        ),
        date_field("contract.ends_on", "Contract ends on", value=contract.ends_on if contract else None, optional=True),
        date_field(
            "contract.starts_on", "Contract began on", value=contract.starts_on if contract else None, optional=True
        ),
        text_field(
            "contract.notice_months", "Notice in months", value=str(contract.notice_months) if contract else "",
            optional=True, most=10,
        ),
        text_field(
            "contract.extensions", "Extension options, in months", value=options, optional=True, most=50,
            hint="Those not taken up yet, such as 12, 12.",
        ),
        choice_field(
            "contract.value", "Value of the whole contract", list(VALUE_BANDS.items()),
            value=contract.value if contract else "unknown", optional=True,
        ),
    ]  # fmt: skip


def _later(service: Service | None) -> list[Payload]:
    targets = service.targets if service else {}
    texts = {name: getattr(service, name) if service else "" for name in _TEXTS}
    return [
        header("Can wait").to_dict(),
        text_field("service_area", "Service area", value=texts["service_area"], optional=True, hint="Such as parking."),
        text_field(
            "system",
            "System it runs on",
            value=texts["system"],
            optional=True,
            most=LONGEST["system"],
            hint="The product, such as Civica Pay or NEC Revenues; not who sells it.",
        ),
        text_field("directorate", "Directorate", value=texts["directorate"], optional=True),
        text_field("link", "Where it is", value=texts["link"], optional=True, hint="A whole address with https://"),
        *(
            date_field(f"targets.{phase}", f"Target: {phase} begins", value=targets.get(phase), optional=True)
            for phase in _TARGETS
        ),
    ]


def _same(values: Sequence[str]) -> list[tuple[str, str]]:
    return [(value, value.capitalize() if value != "uses AI" else "Uses AI") for value in values]
