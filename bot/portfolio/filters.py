"""Which services are looked at: by directorate, area, phase and route, as people type it or choose it in a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.checkpoints.refusals import FORM, refuse
from bot.checkpoints.services import PHASES, ROUTES, STANDARDS, Service
from bot.portfolio.portfolio import Portfolio

KEYS: Final = ("directorate", "area", "phase", "route", "standard")
_KEY: Final = re.compile(rf"\b({'|'.join(KEYS)})\s*[:=]\s*", re.IGNORECASE)
_QUOTES: Final = " \t\"'“”‘’"
NOT_GIVEN: Final = "not given"
"""How a service without directorate or area is found and shown."""


@dataclass(frozen=True)
class Filter:
    """What a service must be to be looked at; empty lets everything pass. ``standard`` chooses the points shown."""

    directorate: str = ""
    area: str = ""
    phase: str = ""
    route: str = ""
    standard: str = STANDARDS[0]

    def words(self) -> str:
        """The filter as a person would type it; empty where it lets everything pass."""
        chosen = {key: getattr(self, key) for key in KEYS if key != "standard"}
        if self.standard != STANDARDS[0]:
            chosen["standard"] = self.standard
        return " ".join(f'{key}:"{value}"' for key, value in chosen.items() if value)


def read_filter(text: str) -> Filter:
    """
    The filter that somebody typed: ``directorate:Housing phase:"private beta"``; "=" does for ":".

    Raises: Refused: it is not clear what is meant; the message says what may be written.
    """
    text = text.strip()
    if not text:
        return Filter()
    parts = _KEY.split(text)
    if len(parts) == 1 or parts[0].strip():
        raise refuse(FORM, f"I do not know what {parts[0].strip()!r} chooses. {_usage()}")
    chosen = {name.lower(): value.strip(_QUOTES + ",") for name, value in zip(parts[1::2], parts[2::2], strict=True)}
    return _checked(Filter(**chosen))


def chosen_filter(fields: Mapping[str, str]) -> Filter:
    """The filter that somebody chose in a form; fields of other names are left alone. Raises: Refused."""
    return _checked(Filter(**{key: fields[key] for key in KEYS if fields.get(key)}))


def chosen_from(portfolio: Portfolio, wanted: Filter) -> Portfolio:
    """The portfolio with the services that pass, and of all else what belongs to them."""
    services = tuple(one for one in portfolio.services if passes(one, wanted))
    if len(services) == len(portfolio.services):
        return portfolio
    ids = {one.id for one in services}
    checkpoints = {id: kept for id, kept in portfolio.checkpoints.items() if id in ids}
    theirs = {one.id for kept in checkpoints.values() for one in kept}
    used = {
        id for kept in checkpoints.values() for one in kept for answer in one.answers.values()
        for id in answer.evidence_ids
    }  # fmt: skip
    used |= {id for id, home in portfolio.evidence_of.items() if home in ids}
    return replace(
        portfolio,
        services=services,
        checkpoints=checkpoints,
        history=tuple(one for one in portfolio.history if one.checkpoint_id in theirs),
        notes=tuple(one for one in portfolio.notes if one.checkpoint_id in theirs),
        receipts={id: codes for id, codes in portfolio.receipts.items() if id in theirs},
        evidence={id: piece for id, piece in portfolio.evidence.items() if id in used},
    )


def passes(service: Service, wanted: Filter) -> bool:
    """Whether a service is looked at; capitals do not matter."""
    pairs = (
        (wanted.directorate, directorate_of(service)),
        (wanted.area, area_of(service)),
        (wanted.phase, service.phase),
        (wanted.route, service.route),
    )
    return all(not want or want.casefold() == have.casefold() for want, have in pairs)


def directorate_of(service: Service) -> str:
    """The directorate of a service as it is shown: "not given" where nobody gave one."""
    return service.directorate.strip() or NOT_GIVEN


def area_of(service: Service) -> str:
    """The area of a service as it is shown."""
    return service.service_area.strip() or NOT_GIVEN


def choices(services: Iterable[Service]) -> dict[str, tuple[str, ...]]:
    """What there is to choose from, by key: of directorates and areas those in use, each once whatever its capitals."""
    found = list(services)
    return {
        "directorate": _distinct(directorate_of(one) for one in found),
        "area": _distinct(area_of(one) for one in found),
        "phase": PHASES,
        "route": ROUTES,
        "standard": STANDARDS,
    }


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    by_fold: dict[str, str] = {}
    for text in texts:
        by_fold.setdefault(text.casefold(), text)
    return tuple(by_fold[fold] for fold in sorted(by_fold))


def _checked(wanted: Filter) -> Filter:
    for name, known in (("phase", PHASES), ("route", ROUTES), ("standard", STANDARDS)):
        value = getattr(wanted, name).casefold()
        if value and value not in known:
            raise refuse(name, f"There is no {name} {value!r}. Choose one of: {', '.join(known)}.")
        wanted = replace(wanted, **{name: value})
    return wanted if wanted.standard else replace(wanted, standard=STANDARDS[0])


def _usage() -> str:
    return (
        "Write directorate:, area:, phase:, route: or standard: and a value, for example "
        '`/advisor portfolio directorate:Housing phase:"private beta"`.'
    )
