"""The committee paper about one service, read from its own record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Action, Checkpoint
from bot.checkpoints.dates import in_words
from bot.checkpoints.evidence import Evidence, expires_on, has_expired
from bot.checkpoints.radar import read_radar
from bot.checkpoints.services import VALUE_BANDS, Service
from bot.knowledge.entry import Nation
from bot.knowledge.library import Library
from bot.portfolio.law import equality_lines, legal_lines, source_rows
from bot.portfolio.paper import (
    NOT_RECORDED,
    Grid,
    Paper,
    Row,
    Said,
    Section,
    counted_words,
    in_a_row,
    missing,
    person,
    said,
    to_write,
)
from bot.portfolio.portfolio import Portfolio
from bot.portfolio.standings import Standing, counted, number_of, standings

_LONGEST_NOTE = 400
_MOST_NOTES = 20
_COSTS = ("cost figures",)
_EQUALITY_EVIDENCE = ("accessibility audit", "accessibility statement", "impact assessment")
_CLIMATE_POINT = "technology-code/12"


def service_paper(
    service: Service,
    portfolio: Portfolio,
    points: Mapping[str, str],
    library: Library,
    *,
    nation: Nation | None,
    council: str,
    today: dt.date,
) -> Paper:
    """
    The paper of a service of *portfolio*. Every figure names its record; what nobody recorded reads "not recorded".

    Args: points: the ids of all points of all standards, in order, with their titles. council: its name.
    """
    writer = _Writer(service, portfolio, points, library, nation, today)
    legal = legal_lines([service], library, nation)
    equality = equality_lines([service], library)
    sections = (
        writer.purpose(),
        writer.recommendation(),
        writer.position(),
        writer.risks(),
        writer.money(),
        Section("Legal", (*legal, to_write("the comments of the council's legal adviser."))),
        writer.equality(equality),
        writer.climate(),
        writer.consultation(),
        writer.background(),
        Section("Sources of the law", (), _sources(source_rows((*legal, *equality), library))),
    )
    return Paper(f"{service.name}: position against the standard", today, writer.front(council), sections)


def _sources(rows: tuple[Row, ...]) -> Grid:
    return Grid(("Source", "Address", "Checked on"), rows, (5, 6, 3, 4))


class _Writer:
    """Writes the sections of one paper."""

    def __init__(
        self, service: Service, portfolio: Portfolio, points: Mapping[str, str], library: Library,
        nation: Nation | None, today: dt.date,
    ) -> None:  # fmt: skip
        self._service, self._portfolio, self._points = service, portfolio, points
        self._library, self._nation, self._today = library, nation, today
        self._ref = f"service {service.id}"
        self._checkpoints = [one for one in portfolio.of(service) if one.state != "cancelled"]
        everything = standings(portfolio, list(points), today=today)[service.id]
        self._standings = {id: one for id, one in everything.items() if id.startswith(f"{service.standard}/")}
        self._climate = everything.get(_CLIMATE_POINT)

    def front(self, council: str) -> tuple[tuple[str, Said], ...]:
        service = self._service
        return (
            ("Council", said(council or NOT_RECORDED, self._ref)),
            ("Report to", to_write("the committee and the date of its meeting.")),
            ("Directorate", said(service.directorate or NOT_RECORDED, self._ref)),
            ("Service owner", said(person(service.owner_id), self._ref)),
            ("Sponsor", said(person(service.sponsor_id), self._ref)),
            ("Report author", to_write("name and contact.")),
        )

    def purpose(self) -> Section:
        service = self._service
        what = said(f"The service: {service.purpose}", self._ref) if service.purpose else None
        system = said(f"It runs on {service.system}.", self._ref) if service.system else None
        standard = self._library.get(service.standard)
        return Section(
            "Purpose",
            (
                said(f"This report says how {service.name} stands against the "
                     f"{standard.title if standard else service.standard}, and what follows from that.", self._ref),
                what or missing("What the service is for", self._ref),
                said(f"It is in {service.phase} and is {service.route}.", self._ref),
                system or missing("The system it runs on", self._ref),
                to_write("why the committee is asked now."),
            ),
        )  # fmt: skip

    def recommendation(self) -> Section:
        waiting = [one for one in self._checkpoints if one.state == "submitted" and one.submitted_at]
        found = [said("That the committee notes the position in section 3 and the risks in section 4.")]
        for one in waiting:
            assert one.submitted_at is not None
            handed_in = in_words(day_of(one.submitted_at))
            found.append(said(f"{_title(one)} was handed in on {handed_in} and waits for the sponsor.", _ref(one)))
        found.append(to_write("what else the committee is asked to decide, why, and which options were set aside."))
        return Section("Recommendation", tuple(found))

    def position(self) -> Section:
        count = counted(self._standings)
        parts = [f"{rating} {number}" for rating, number in count.items()]
        total = counted_words(len(self._standings), "point", "points")
        found = [said(f"Of {total} of the standard, by rating: {in_a_row(parts)}.", self._ref, *self._answered_in())]
        found += [self._decision(one) for one in self._checkpoints if one.decision is not None]
        if not any(one.decision for one in self._checkpoints):
            found.append(missing("Decisions on checkpoints", self._ref))
        rows = tuple(self._point_row(point, one) for point, one in self._standings.items())
        return Section(
            "Position at each point",
            tuple(found),
            Grid(("Point", "Stands", "The team's note"), rows, (6, 3, 6, 3)),
            tuple(self._panel()),
        )

    def risks(self) -> Section:
        found = [*self._waivers()] or [said("No waiver is recorded.", self._ref)]
        short = [one for one in self._standings.values() if one.rating in ("not yet", "check again")]
        if short:
            numbers = in_a_row([number_of(one.point) for one in short])
            sources = dict.fromkeys(f"checkpoint {one.checkpoint_id}" for one in short)
            found.append(said(f"Not met, or to be checked again: point {numbers}.", *sources))
        actions = [(action, one) for one in self._checkpoints for action in _actions(one)]
        if not actions:
            found.append(said("No condition of a decision is recorded.", self._ref))
        last = to_write("the council's own scores for these risks, and who carries each.")
        rows = tuple(self._action_row(action) for action, _ in actions)
        grid = Grid(("Condition", "Owner", "By", "State"), rows, (6, 4, 3, 3, 3)) if rows else None
        return Section("Risks, waivers and conditions", tuple(found), grid, (last,))

    def money(self) -> Section:
        found = [*self._contract()]
        found += self._pieces(_COSTS) or [missing("What the service costs to run", self._ref)]
        found.append(missing("Savings and other benefits in money", self._ref))
        found.append(
            to_write(
                "the budget it is paid from, and the comments of the officer who answers for the council's finances."
            )
        )
        return Section("Money", tuple(found))

    def equality(self, law: Sequence[Said]) -> Section:
        found = [*law, *self._pieces(_EQUALITY_EVIDENCE)]
        if not self._pieces(_EQUALITY_EVIDENCE):
            found.append(missing("Equality impact assessment and accessibility audit", self._ref))
        found.append(to_write("who is affected and how, and what is done for them."))
        return Section("Equality", tuple(found))

    def climate(self) -> Section:
        one = self._climate
        if one is not None and one.checkpoint_id:
            title = self._points[_CLIMATE_POINT]
            first = said(f"{title}: {one.rating}.", f"checkpoint {one.checkpoint_id}")
        else:
            first = missing("The effect on climate and carbon", self._ref)
        return Section("Climate", (first, to_write("what changes in energy, travel and equipment.")))

    def consultation(self) -> Section:
        found = self._pieces(("user research",)) or [missing("Consultation and user research", self._ref)]
        return Section("Consultation", (*found, to_write("who was asked, what they said and what changed by it.")))

    def background(self) -> Section:
        pieces = self._evidence()
        rows = tuple(
            Row((one.title, one.type, in_words(one.dated_on), one.link or NOT_RECORDED), (f"evidence {one.id}",))
            for one in pieces
        )
        first = said("What the team recorded as evidence:") if rows else missing("Evidence", self._ref)
        grid = Grid(("Paper", "Sort", "Dated", "Where"), rows, (5, 3, 3, 5, 3)) if rows else None
        return Section("Background papers", (first,), grid)

    def _answered_in(self) -> list[str]:
        ids = dict.fromkeys(one.checkpoint_id for one in self._standings.values() if one.checkpoint_id)
        return [f"checkpoint {id}" for id in ids]

    def _decision(self, checkpoint: Checkpoint) -> Said:
        decision = checkpoint.decision
        assert decision is not None
        why = f" Reason given: {decision.reason}" if decision.reason else ""
        by = f"{in_words(day_of(decision.at))}, by {person(decision.by)}"
        codes = [f"receipt {code}" for code in self._portfolio.receipts.get(checkpoint.id, ())[-1:]]
        return said(f"{_title(checkpoint)}: {decision.outcome}, {by}.{why}", _ref(checkpoint), *codes)

    def _point_row(self, point: str, one: Standing) -> Row:
        notes = [
            answer.note
            for checkpoint in self._checkpoints
            if checkpoint.id == one.checkpoint_id
            for id in one.prompt_ids
            if (answer := checkpoint.answers.get(id)) and answer.note.strip()
        ]
        shown = _short(" ".join(notes))
        refs = (f"checkpoint {one.checkpoint_id}",) if one.checkpoint_id else (self._ref,)
        rating = one.rating if one.rating != "not asked" else NOT_RECORDED
        return Row((f"{number_of(point)}. {self._points[point]}", rating, shown or NOT_RECORDED), refs)

    def _panel(self) -> Iterator[Said]:
        """What peers noted, the newest first; unnamed, for they wrote to the team."""
        own = {one.id: one for one in self._checkpoints}
        notes = [one for one in self._portfolio.notes if one.checkpoint_id in own]
        if not notes:
            yield missing("Notes of a review panel", self._ref)
        for one in reversed(notes[-_MOST_NOTES:]):
            checkpoint = own[one.checkpoint_id]
            asked = {prompt.id: prompt.question for prompt in checkpoint.template.prompts}
            about = f"{_title(checkpoint)}, {in_words(day_of(one.at))}. {asked.get(one.prompt_id, one.prompt_id)}"
            yield said(f"A reviewer of the panel on {about} {_short(one.words)}", _ref(checkpoint))
        if len(notes) > _MOST_NOTES:
            yield said(f"{len(notes) - _MOST_NOTES} earlier notes of panels are recorded.", self._ref)

    def _waivers(self) -> Iterator[Said]:
        for checkpoint in self._checkpoints:
            questions = {prompt.id: prompt.question for prompt in checkpoint.template.prompts}
            for waiver in checkpoint.decision.waivers if checkpoint.decision else ():
                about = " ".join(questions[id] for id in waiver.prompt_ids if id in questions) or "the whole checkpoint"
                past = " It has ended." if waiver.until < self._today else ""
                yield said(
                    f"Waived in {_title(checkpoint)}: {about} Until {in_words(waiver.until)}, approved by "
                    f"{person(waiver.approver_id)}. Reason: {waiver.reason}{past}",
                    _ref(checkpoint),
                )

    def _action_row(self, action: Action) -> Row:
        late = "overdue" if action.due_on < self._today else "open"
        state = f"done on {in_words(day_of(action.done_at))}" if action.done_at else late
        cells = (action.what, person(action.owner_id), in_words(action.due_on), state)
        return Row(cells, (f"action {action.id}",))

    def _contract(self) -> Iterator[Said]:
        contract = self._service.contract
        if contract is None:
            yield missing("Contract", self._ref)
            return
        starts = in_words(contract.starts_on) if contract.starts_on else NOT_RECORDED
        value = VALUE_BANDS[contract.value] if contract.value != "unknown" else NOT_RECORDED
        options = in_a_row([f"{months} months" for months in contract.extensions]) or "none recorded"
        notice = counted_words(contract.notice_months, "month", "months")
        yield said(
            f"Contract with {contract.supplier}: from {starts} to {in_words(contract.ends_on)}; value with VAT: "
            f"{value}; notice: {notice}; extensions not taken up: {options}.",
            self._ref,
        )
        yield said(read_radar(contract, self._service.route, today=self._today).headline, self._ref)

    def _pieces(self, types: Sequence[str]) -> list[Said]:
        return [self._piece(one) for one in self._evidence() if one.type in types]

    def _piece(self, piece: Evidence) -> Said:
        lives = self._portfolio.lives
        expiry = expires_on(piece, lives)
        until = ""
        if expiry is not None:
            gone = has_expired(piece, lives, today=self._today)
            until = f"; {'expired on' if gone else 'counts until'} {in_words(expiry)}"
        what = f"{piece.type.capitalize()}: {piece.title}, of {in_words(piece.dated_on)}{until}."
        return said(what, f"evidence {piece.id}")

    def _evidence(self) -> list[Evidence]:
        used = {id for one in self._checkpoints for answer in one.answers.values() for id in answer.evidence_ids}
        used |= {id for id, home in self._portfolio.evidence_of.items() if home == self._service.id}
        pieces = [self._portfolio.evidence[id] for id in used if id in self._portfolio.evidence]
        return sorted(pieces, key=lambda one: (one.dated_on, one.id))


def _short(note: str) -> str:
    """A note on one line, cut at a word where it is long."""
    line = " ".join(note.split())
    return line if len(line) <= _LONGEST_NOTE else line[:_LONGEST_NOTE].rsplit(" ", 1)[0] + "…"


def _actions(checkpoint: Checkpoint) -> tuple[Action, ...]:
    return checkpoint.decision.actions if checkpoint.decision else ()


def _ref(checkpoint: Checkpoint) -> str:
    return f"checkpoint {checkpoint.id}"


def _title(checkpoint: Checkpoint) -> str:
    text = checkpoint.template.title.removeprefix("Checkpoint: ")
    return text[:1].upper() + text[1:]
