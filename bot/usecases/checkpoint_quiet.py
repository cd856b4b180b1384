"""Quiet times are looked at and set; what they touch is planned anew."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace

from bot.checkpoints.calendar import day_of
from bot.checkpoints.dates import in_words
from bot.checkpoints.quiet import (
    CalmPeriod,
    CouncilQuiet,
    Quiet,
    calm_faults,
    hours_faults,
    in_force,
    quiet_faults,
    read_days_off,
)
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.checkpoints.services import Service
from bot.rendering import checkpoint_quiet as screens
from bot.rendering.checkpoint_status import words_message
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.checkpoint_words import title_of
from bot.rendering.message import Message, View
from bot.storage.ledger import Pages
from bot.storage.services import Changed
from bot.usecases.checkpoint_forms import Values, read_day, several, text
from bot.usecases.checkpoint_rules import Done, Post, Rules

_OVERTAKEN = "Somebody changed these settings in the meantime. Open the form again to see what they say now."
_EVERYBODY = "everybody"


class QuietDesk:
    """What a council, a channel and a person set for what the bot starts."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def settings(
        self, workspace_id: str, channel_id: str, user_id: str, *, may_change_council: bool, at: dt.datetime
    ) -> Message:
        """What holds for this person, here."""
        with self._rules.ledger.reading(workspace_id) as pages:
            channel = None if channel_id.startswith("D") else pages.quiet.of(channel_id)
            holds = screens.Holds(pages.quiet.council(), channel, pages.quiet.of(user_id), may_change_council)
        return screens.settings_message(holds, self._rules.councils, today=day_of(at))

    def channel_form(self, workspace_id: str, channel_id: str) -> View:
        """The form of a channel."""
        with self._rules.ledger.reading(workspace_id) as pages:
            quiet, history = pages.quiet.of(channel_id), _sets(pages.quiet.history(channel_id))
        metadata = json.dumps({"place": channel_id, "seen": len(history)})
        return screens.channel_form(quiet, history, metadata=metadata)

    def person_form(self, workspace_id: str, user_id: str) -> View:
        """The form of a person."""
        with self._rules.ledger.reading(workspace_id) as pages:
            quiet, history = pages.quiet.of(user_id), _sets(pages.quiet.history(user_id))
        return screens.person_form(quiet, history, metadata=json.dumps({"place": user_id, "seen": len(history)}))

    def council_form(self, workspace_id: str, *, at: dt.datetime) -> View:
        """The form of what holds for everybody; who may open it is for the caller to say."""
        with self._rules.ledger.reading(workspace_id) as pages:
            own, history = pages.quiet.council(), _sets(pages.quiet.history())
            codes = sorted({service.council for service in pages.services.all()})
        councils = [self._rules.councils[code] for code in codes if code in self._rules.councils]
        metadata = json.dumps({"seen": len(history)})
        return screens.council_form(own, councils, history, metadata=metadata, today=day_of(at))

    def save_channel(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep what a channel sets and plan its services anew; the channel is told.

        Raises: Refused: something cannot be so; every fault at once, by field.
        """
        channel_id = json.loads(metadata)["place"]
        with self._rules.ledger.writing(workspace_id) as pages:
            quiet = self._read(pages, metadata, values, at=at)
            changes = pages.quiet.keep(channel_id, quiet, who=user_id, at=at)
            services = [one.id for one in pages.services.in_channel(channel_id)]
            remarks = self._plan_anew(pages, services if changes else [], quiet, at=at)
        words = screens.changed_words(changes, by=user_id, where="this channel")
        return Done(_remarks(remarks), (Post(channel_id, words_message(words)),) if changes else ())

    def save_person(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep what a person sets for themselves and plan anew whatever may ask them something.

        Raises: Refused: something cannot be so, or it is another person's.
        """
        if json.loads(metadata)["place"] != user_id:
            raise refuse("days_off", "Only they themselves can set this.")
        with self._rules.ledger.writing(workspace_id) as pages:
            quiet = self._read(pages, metadata, values, at=at)
            changes = pages.quiet.keep(user_id, quiet, who=user_id, at=at)
            asked = {one.id for one in pages.services.of_person(user_id)}
            asked |= {one.service_id for one in pages.checkpoints.open_actions_of(user_id)}
            self._plan_anew(pages, sorted(asked) if changes else [], quiet, at=at)
        return Done()

    def save_council(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep what holds for everybody. The clock plans all services anew before it next sends anything.

        Raises: Refused: something cannot be so; every fault at once, by field.
        """
        with self._rules.ledger.writing(workspace_id) as pages:
            pages.quiet.lock()
            if pages.quiet.seen() != json.loads(metadata)["seen"]:
                raise refuse(FORM, _OVERTAKEN)
            before = pages.quiet.council()
            own, faults = _read_council(values, before, today=day_of(at))
            if faults:
                raise Refused(faults)
            changes = pages.quiet.keep_council(own, who=user_id, at=at)
        words = "Saved. What will be sent is planned again within a minute; `/checkpoint plan` then shows it."
        return Done(words_view("Saved", words) if changes else None)

    def _read(self, pages: Pages, metadata: str, values: Values, *, at: dt.datetime) -> Quiet:
        about = json.loads(metadata)
        pages.quiet.lock(about["place"])
        if pages.quiet.seen(about["place"]) != about["seen"]:
            raise refuse(FORM, _OVERTAKEN)
        periods, wrong = read_days_off(text(values, "days_off"))
        quiet = Quiet(
            opted_out="yes" in several(values, "opted_out"),
            days_off=periods,
            weekdays_off=tuple(sorted(int(day) for day in several(values, "weekdays_off"))),
            a_week=int(text(values, "a_week") or 0) or None,
        )
        before, meant = pages.quiet.of(about["place"]), "yes" in several(values, "meant")
        faults = quiet_faults(quiet, before, today=day_of(at), meant=meant)
        if wrong:
            faults["days_off"] = wrong
        if faults:
            raise Refused(faults)
        return quiet

    def _plan_anew(self, pages: Pages, service_ids: Sequence[str], quiet: Quiet, *, at: dt.datetime) -> list[str]:
        """Plan services anew; what their people should know: dates that fall into the quiet days."""
        remarks: list[str] = []
        for service_id in service_ids:
            service = pages.services.lock(service_id)
            if service is not None:
                self._rules.replan(pages, service, at=at)
                remarks += _falling_in(pages, service, quiet, today=day_of(at))
        return remarks


def _falling_in(pages: Pages, service: Service, quiet: Quiet, *, today: dt.date) -> list[str]:
    days = in_force(quiet.days_off, today=today)
    return [
        f"{title_of(one)} of {service.name} is due on {in_words(one.due_on)}, which is one of these days. What is sent "
        "before it comes on the last working day; the date itself stays."
        for one in pages.checkpoints.of_service(service.id)
        if one.state in ("planned", "open", "returned")
        and any(period.first_on <= one.due_on <= period.last_on for period in days)
    ]


def _read_council(values: Values, before: CouncilQuiet, *, today: dt.date) -> tuple[CouncilQuiet, dict[str, str]]:
    faults: dict[str, str] = {}
    shown = {screens.calm_key(one) for one in in_force(before.calm, today=today)[: screens.MOST_CALM]}
    kept = set(several(values, "kept"))
    calm = tuple(one for one in before.calm if (key := screens.calm_key(one)) not in shown or key in kept)
    own = replace(
        before,
        opens_at=dt.time.fromisoformat(text(values, "opens_at")),
        closes_at=dt.time.fromisoformat(text(values, "closes_at")),
        sends_at=dt.time.fromisoformat(text(values, "sends_at")),
        person_a_week=int(text(values, "person_a_week")),
        channel_a_week=int(text(values, "channel_a_week")),
        calm=calm,
    )
    name, first_on, last_on = (
        text(values, "calm.name"),
        read_day(values, "calm.first_on"),
        read_day(values, "calm.last_on"),
    )
    if name or first_on or last_on:
        if first_on is None or last_on is None:
            faults["calm.first_on" if first_on is None else "calm.last_on"] = "Give both days."
        else:
            applies_to = text(values, "calm.applies_to").removeprefix(_EVERYBODY)
            new = CalmPeriod(name, first_on, last_on, applies_to)
            faults |= calm_faults(new, own, today=today, meant="yes" in several(values, "meant"))
            own = replace(own, calm=tuple(sorted((*calm, new), key=lambda one: (one.first_on, one.last_on))))
    return own, {**hours_faults(own), **faults}


def _sets(history: Sequence[Changed]) -> list[screens.Set]:
    return [screens.Set(one.who, one.at, one.change) for one in history]


def _remarks(remarks: Sequence[str]) -> View | None:
    return words_view("Saved", "\n".join(["Saved.", *remarks])[:2900]) if remarks else None
