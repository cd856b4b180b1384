"""A checkpoint's own copy of its template, kept for ever: later edits of the YAML never reach an open checkpoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.checkpoints.refusals import refuse
from bot.checkpoints.services import Service
from bot.knowledge.entry import Entry, Prompt, Route


@dataclass(frozen=True)
class RouteText:
    """What a prompt adds for one route: a text (built, configured), or what to ask and to look for (bought)."""

    text: str = ""
    ask_supplier: tuple[str, ...] = ()
    look_for_in_contract: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrozenPrompt:
    """One question as it stood on the day of the copy. ``points`` are ids of standard points, ``help`` of an entry."""

    id: str
    question: str
    evidence: str
    help: str
    link_required: bool = False
    points: tuple[str, ...] = ()
    only_if: str | None = None
    built: RouteText | None = None
    bought: RouteText | None = None
    configured: RouteText | None = None


@dataclass(frozen=True)
class FrozenTemplate:
    """A template as it stood on ``taken_on``; ``knowledge_version`` is the hash of the knowledge it was taken from."""

    id: str
    title: str
    falls: str
    decides: str
    prompts: tuple[FrozenPrompt, ...]
    knowledge_version: str
    taken_on: dt.date


@dataclass(frozen=True)
class Wording:
    """A prompt as one service reads it; ``common`` with a ``remark`` where its route has no text of its own."""

    question: str
    evidence: str
    own: RouteText
    common: bool
    remark: str


def freeze(entry: Entry, *, knowledge_version: str, today: dt.date) -> FrozenTemplate:
    """
    Copy a template out of the knowledge, for a checkpoint to keep.

    Raises: Refused: the entry is not a checkpoint template.
    """
    if entry.template is None:
        raise refuse("template", f"{entry.title} is not a checkpoint. Choose one from the list of checkpoints.")
    prompts = tuple(_frozen(prompt) for prompt in entry.template.prompts)
    falls, decides = entry.template.falls, entry.template.decides
    return FrozenTemplate(entry.id, entry.title, falls, decides, prompts, knowledge_version, today)


def to_data(template: FrozenTemplate) -> dict[str, Any]:
    """The template as JSON-able data."""
    data = asdict(template)
    data["taken_on"] = template.taken_on.isoformat()
    return data


def from_data(data: Mapping[str, Any]) -> FrozenTemplate:
    """The template that ``to_data`` wrote, also by an older version: fields that are missing take their default."""
    prompts = tuple(_prompt_of(prompt) for prompt in data["prompts"])
    texts = {name: str(data.get(name, "")) for name in ("id", "title", "falls", "decides", "knowledge_version")}
    return FrozenTemplate(prompts=prompts, taken_on=dt.date.fromisoformat(data["taken_on"]), **texts)


def applies(prompt: FrozenPrompt, service: Service) -> bool:
    """Whether a prompt is asked of this service: its condition is met, or it has none."""
    if prompt.only_if is None:
        return True
    return service.route == "bought" if prompt.only_if == "is bought" else prompt.only_if in service.facts


def prompts_for(template: FrozenTemplate, service: Service) -> tuple[FrozenPrompt, ...]:
    """The prompts asked of this service, in the template's order."""
    return tuple(prompt for prompt in template.prompts if applies(prompt, service))


def skipped_for(template: FrozenTemplate, service: Service) -> tuple[FrozenPrompt, ...]:
    """The prompts not asked of this service, because their condition is not met."""
    return tuple(prompt for prompt in template.prompts if not applies(prompt, service))


def wording(prompt: FrozenPrompt, route: Route) -> Wording:
    """How the prompt reads for a service that is built, bought or configured; without a text of its own it says so."""
    own = {"built": prompt.built, "bought": prompt.bought, "configured": prompt.configured}[route]
    if own is not None:
        return Wording(prompt.question, prompt.evidence, own, common=False, remark="")
    remark = f"Nothing special for a service that is {route}: the common text applies."
    return Wording(prompt.question, prompt.evidence, RouteText(), common=True, remark=remark)


def _frozen(prompt: Prompt) -> FrozenPrompt:
    routes = prompt.by_route
    buying = routes.bought if routes else None
    return FrozenPrompt(
        id=prompt.id,
        question=prompt.question,
        evidence=prompt.evidence,
        help=prompt.help,
        link_required=prompt.link_required,
        points=prompt.points,
        only_if=prompt.only_if,
        built=RouteText(routes.built) if routes and routes.built else None,
        bought=RouteText("", buying.ask_supplier, buying.look_for_in_contract) if buying else None,
        configured=RouteText(routes.configured) if routes and routes.configured else None,
    )


def _prompt_of(data: Mapping[str, Any]) -> FrozenPrompt:
    return FrozenPrompt(
        id=str(data["id"]),
        question=str(data["question"]),
        evidence=str(data.get("evidence", "")),
        help=str(data.get("help", "")),
        link_required=bool(data.get("link_required", False)),
        points=tuple(data.get("points", ())),
        only_if=data.get("only_if"),
        built=_route_text_of(data.get("built")),
        bought=_route_text_of(data.get("bought")),
        configured=_route_text_of(data.get("configured")),
    )


def _route_text_of(data: Mapping[str, Any] | None) -> RouteText | None:
    if data is None:
        return None
    asks, looks = tuple(data.get("ask_supplier", ())), tuple(data.get("look_for_in_contract", ()))
    return RouteText(str(data.get("text", "")), asks, looks)
