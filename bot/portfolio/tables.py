"""The portfolio as tables, a table a subject: the one source of every export and of its description."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.evidence import Evidence, expires_on, has_expired
from bot.checkpoints.progress import progress
from bot.checkpoints.services import VALUE_BANDS, Service
from bot.portfolio.filters import area_of, directorate_of
from bot.portfolio.portfolio import Portfolio, radars
from bot.portfolio.standings import Standing, counted, standings

Cell = str | int | bool | dt.date | dt.datetime | None
Kind = Literal["text", "number", "yes or no", "day", "moment"]


@dataclass(frozen=True)
class Column:
    """A column: its name, what kind of value stands in it (or nothing), and what it means."""

    name: str
    kind: Kind
    means: str


@dataclass(frozen=True)
class Table:
    """One subject: its columns, and its rows in the order of the columns."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()


def _columns(text: str) -> tuple[Column, ...]:
    kinds: dict[str, Kind] = {"t": "text", "n": "number", "b": "yes or no", "d": "day", "m": "moment"}
    lines = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(Column(name, kinds[kind], means) for name, kind, means in lines)


SERVICES: Final = Table(
    "services",
    "One row a service.",
    _columns("""
    id t The service's id
    name t Its name
    purpose t What it is for
    council t The council's code in the list of councils
    directorate t The directorate; "not given" where nobody gave one
    area t The service area; "not given" where nobody gave one
    system t The system that it runs on: the product, not its supplier
    phase t discovery, alpha, private beta, public beta, live or retired
    route t built, bought or configured
    standard t The standard that it is asked about: the folder of the standard's points
    facts t What is so of it, separated by semicolons
    owner t Slack's id of the service owner
    sponsor t Slack's id of the sponsor
    channel t Slack's id of the team's channel
    link t The service's address
    points_met n Points of its standard that are met
    points_partly n Points that are partly met
    points_not_yet n Points that are not met yet
    points_check_again n Points whose evidence has expired
    points_waived n Points that are waived today
    points_not_asked n Points that no checkpoint has an answer to yet
    actions_overdue n Conditions of decisions whose day has passed
"""),
)
CHECKPOINTS: Final = Table(
    "checkpoints",
    "One row a checkpoint.",
    _columns("""
    id t The checkpoint's id
    service_id t The service
    service t The service's name
    template t The id of the template
    title t The template's title on the day of the copy
    state t planned, open, submitted, returned, met, met with conditions, waived or cancelled
    due_on d When it is due
    created_at m When it was planned
    submitted_by t Slack's id of who handed it in
    submitted_at m When it was handed in
    prompts n How many prompts are asked of the service
    answered n How many of them are answered
    met n Answers "met"
    partly n Answers "partly"
    not_yet n Answers "not yet"
    does_not_apply n Answers "does not apply"
    check_again n Answers whose evidence has expired
"""),
)
POINTS: Final = Table(
    "points",
    "One row a service and point: all of its own standard, and of others what is answered.",
    _columns("""
    service_id t The service
    service t The service's name
    directorate t Its directorate
    phase t Its phase
    standard t The standard of the point
    point t The id of the point
    title t The point's title
    rating t not yet, check again, partly, waived, met, does not apply or not asked
    checkpoint_id t The checkpoint whose answers say so
    prompts t The ids of the prompts whose answers were read, separated by semicolons
"""),
)
ACTIONS: Final = Table(
    "actions",
    "One row a condition of a decision.",
    _columns("""
    id t The action's id
    service_id t The service
    service t The service's name
    directorate t Its directorate
    checkpoint_id t The checkpoint
    prompt t The id of the prompt that it belongs to
    what t What has to be done
    owner t Slack's id of who does it
    due_on d By when
    done_at m When it was done
    done_by t Slack's id of who said that it was done
    overdue b Whether its day has passed and it is not done
"""),
)
CONTRACTS: Final = Table(
    "contracts",
    "One row a contract of a service that is not retired.",
    _columns("""
    service_id t The service
    service t The service's name
    directorate t Its directorate
    supplier t The supplier
    starts_on d When it starts
    ends_on d When it ends
    notice_months n Months of notice
    extension_months t The months of each extension not taken up yet, separated by semicolons
    value t The value band, the whole contract with VAT
    decide_by d The last day to decide and still be sure to leave in time
    decide_by_passed b Whether that day has passed
"""),
)
DECISIONS: Final = Table(
    "decisions",
    "One row a decision that stands.",
    _columns("""
    checkpoint_id t The checkpoint
    receipt t The code of the receipt
    service_id t The service
    service t The service's name
    title t The checkpoint's title
    outcome t met, met with conditions, returned or waived
    decided_at m When
    decided_by t Slack's id of who decided
    reason t The reason as it was given
    conditions n How many conditions it has
    waivers n How many waivers it has
    waived_until d The last day of the waiver that ends first
"""),
)
EVIDENCE: Final = Table(
    "evidence",
    "One row a piece of evidence.",
    _columns("""
    id t The evidence's id
    service_id t The service for which it was added first
    type t What sort of evidence
    title t Its title
    link t Where it is
    dated_on d The day of the evidence itself
    expires_on d The first day on which it does not count any more
    expired b Whether that day has come
    added_by t Slack's id of who added it
    added_at m When it was added or renewed
    relied_on_by n How many answers that stand rely on it
"""),
)
SUBJECTS: Final = (SERVICES, CHECKPOINTS, POINTS, ACTIONS, CONTRACTS, DECISIONS, EVIDENCE)


def tables(portfolio: Portfolio, points: Mapping[str, str], *, today: dt.date) -> tuple[Table, ...]:
    """Every subject with its rows. *points*: the ids of all points of all standards, in order, with their titles."""
    reader = _Reader(portfolio, points, today)
    rows: Mapping[str, Callable[[], Iterable[tuple[Cell, ...]]]] = {
        "services": reader.services, "checkpoints": reader.checkpoints, "points": reader.points,
        "actions": reader.actions, "contracts": reader.contracts, "decisions": reader.decisions,
        "evidence": reader.evidence,
    }  # fmt: skip
    return tuple(Table(one.name, one.about, one.columns, tuple(rows[one.name]())) for one in SUBJECTS)


class _Reader:
    """Reads the rows of each subject out of one portfolio."""

    def __init__(self, portfolio: Portfolio, points: Mapping[str, str], today: dt.date) -> None:
        self._portfolio, self._titles, self._today = portfolio, points, today
        self._standings = standings(portfolio, list(points), today=today)
        self._names = {one.id: one for one in portfolio.services}

    def services(self) -> Iterator[tuple[Cell, ...]]:
        for one in self._portfolio.services:
            count = counted(self._own_points(one))
            late = sum(bool(row[-1]) for row in self._actions_of(one))
            yield (
                one.id, one.name, one.purpose or None, one.council, directorate_of(one), area_of(one),
                one.system or None, one.phase, one.route, one.standard, _joined(one.facts), one.owner_id,
                one.sponsor_id, one.channel_id, one.link or None, *(count.get(rating, 0) for rating in (
                    "met", "partly", "not yet", "check again", "waived", "not asked")), late,
            )  # fmt: skip

    def checkpoints(self) -> Iterator[tuple[Cell, ...]]:
        for service, one in self._all_checkpoints():
            so_far = progress(one, service)
            yield (
                one.id, service.id, service.name, one.template.id, one.template.title, one.state, one.due_on,
                one.created_at, one.submitted_by or None, one.submitted_at, so_far.total,
                so_far.total - so_far.unanswered, so_far.met, so_far.partly, so_far.not_yet, so_far.does_not_apply,
                so_far.check_again,
            )  # fmt: skip

    def points(self) -> Iterator[tuple[Cell, ...]]:
        for service in self._portfolio.services:
            for point, one in self._standings[service.id].items():
                standard = point.partition("/")[0]
                if one.rating == "not asked" and standard != service.standard:
                    continue
                yield (
                    service.id, service.name, directorate_of(service), service.phase, standard, point,
                    self._titles[point], one.rating, one.checkpoint_id or None, _joined(one.prompt_ids),
                )  # fmt: skip

    def actions(self) -> Iterator[tuple[Cell, ...]]:
        for service in self._portfolio.services:
            yield from self._actions_of(service)

    def contracts(self) -> Iterator[tuple[Cell, ...]]:
        for id, radar in radars(self._portfolio, today=self._today).items():
            service = self._names[id]
            contract = service.contract
            assert contract is not None
            yield (
                id, service.name, directorate_of(service), contract.supplier, contract.starts_on, contract.ends_on,
                contract.notice_months, _joined(str(months) for months in contract.extensions),
                VALUE_BANDS[contract.value], radar.decide_by, radar.decide_by < self._today,
            )  # fmt: skip

    def decisions(self) -> Iterator[tuple[Cell, ...]]:
        for service, one in self._all_checkpoints():
            if one.decision is None:
                continue
            decision, codes = one.decision, self._portfolio.receipts.get(one.id, ())
            until = min((waiver.until for waiver in decision.waivers), default=None)
            yield (
                one.id, codes[-1] if codes else None, service.id, service.name, one.template.title, decision.outcome,
                decision.at, decision.by, decision.reason or None, len(decision.actions), len(decision.waivers), until,
            )  # fmt: skip

    def evidence(self) -> Iterator[tuple[Cell, ...]]:
        relied: dict[str, int] = {}
        for _, checkpoint in self._all_checkpoints():
            for answer in checkpoint.answers.values():
                for id in answer.evidence_ids:
                    relied[id] = relied.get(id, 0) + 1
        for piece in sorted(self._portfolio.evidence.values(), key=lambda one: (one.dated_on, one.id)):
            yield self._piece(piece, relied.get(piece.id, 0))

    def _piece(self, piece: Evidence, relied: int) -> tuple[Cell, ...]:
        lives = self._portfolio.lives
        return (
            piece.id, self._portfolio.evidence_of.get(piece.id), piece.type, piece.title, piece.link or None,
            piece.dated_on, expires_on(piece, lives), has_expired(piece, lives, today=self._today), piece.added_by,
            piece.added_at, relied,
        )  # fmt: skip

    def _actions_of(self, service: Service) -> Iterator[tuple[Cell, ...]]:
        for checkpoint in self._portfolio.of(service):
            for one in checkpoint.decision.actions if checkpoint.decision else ():
                yield (
                    one.id, service.id, service.name, directorate_of(service), checkpoint.id, one.prompt_id or None,
                    one.what, one.owner_id, one.due_on, one.done_at, one.done_by or None,
                    one.done_at is None and one.due_on < self._today,
                )  # fmt: skip

    def _own_points(self, service: Service) -> dict[str, Standing]:
        mine = f"{service.standard}/"
        return {point: one for point, one in self._standings[service.id].items() if point.startswith(mine)}

    def _all_checkpoints(self) -> Iterator[tuple[Service, Checkpoint]]:
        for service in self._portfolio.services:
            for one in self._portfolio.of(service):
                yield service, one


def _joined(texts: Iterable[str]) -> str | None:
    return "; ".join(texts) or None
