"""Looking: where the team of a channel stands, what will be sent, what was sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.checkpoints.blind import Round
from bot.checkpoints.blind_schedule import round_id_of
from bot.checkpoints.calendar import day_of, is_working_moment, next_moment
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.notifications import Planned
from bot.checkpoints.panel_notes import KIND
from bot.checkpoints.radar import read_radar
from bot.checkpoints.services import Service
from bot.checkpoints.signoff import open_actions
from bot.rendering import checkpoint_plan as plans
from bot.rendering import checkpoint_status as status
from bot.rendering.checkpoint_home import OwnService, team_blocks
from bot.rendering.checkpoint_quiet import effect_lines
from bot.rendering.checkpoint_words import title_of
from bot.rendering.message import Message, Payload
from bot.storage.ledger import Pages
from bot.storage.plans import Kept
from bot.usecases.checkpoint_rules import Rules

_DOUBTS_SHOWN = dt.timedelta(days=30)
_ARCHIVED = "is_archived"  # Slack's own word, when we would post there
_MOST_GONE = 10


class OverviewDesk:
    """What a team sees of itself."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def standing(self, workspace_id: str, channel_id: str, *, at: dt.datetime) -> Message:
        """Where the services of a channel stand, each checkpoint with its button."""
        with self._rules.ledger.reading(workspace_id) as pages:
            services = pages.services.in_channel(channel_id)
            found = {one.id: pages.checkpoints.of_service(one.id) for one in services}
            noted = pages.checkpoints.happened((KIND,), of=[one.id for each in found.values() for one in each])
        today = day_of(at)
        radars = {one.id: read_radar(one.contract, one.route, today=today) for one in services if one.contract}
        return status.standing_message(
            services, found, today=today, radars=radars, notes=Counter(one.checkpoint_id for one in noted)
        )

    def plan(self, workspace_id: str, channel_id: str, *, at: dt.datetime) -> Message:
        """Everything that will be sent about the services of a channel: when, to whom, what, and what is quiet."""
        with self._rules.ledger.reading(workspace_id) as pages:
            services = pages.services.in_channel(channel_id)
            lines = [
                plans.PlanLine(self._at_the_earliest(pages, service, kept.planned, at=at), about)
                for service in services
                for kept, about in _named(pages, service)
                if kept.state == "planned"
            ]
            quiet = self._quiet_lines(pages, channel_id, services, {line.planned.owner_id for line in lines}, at=at)
        lines = list(dict.fromkeys(lines))
        lines.sort(key=lambda line: (line.planned.send_at, line.planned.key))
        return plans.plan_message(lines, quiet=quiet)

    def nudges(self, workspace_id: str, channel_id: str) -> Message:
        """What was sent about the services of a channel, and what it led to."""
        with self._rules.ledger.reading(workspace_id) as pages:
            lines = [
                plans.NudgeLine(kept.planned, about, kept.state, kept.settled_at, kept.why, kept.led_to)
                for service in pages.services.in_channel(channel_id)
                for kept, about in _named(pages, service)
                if kept.state in ("posted", "collapsed") and kept.settled_at is not None
            ]
        lines = list(dict.fromkeys(lines))
        lines.sort(key=lambda line: (line.at, line.planned.key))
        return plans.nudges_message(lines)

    def home(self, workspace_id: str, user_id: str, *, at: dt.datetime) -> list[Payload]:
        """My services, what is next, my open actions: for the Home tab."""
        with self._rules.ledger.reading(workspace_id) as pages:
            services = pages.services.of_person(user_id)
            gone = {place.place_id: place.why for place in pages.plans.gone_places()}
            checkpoints = pages.checkpoints.of_services([one.id for one in services])
            doubted = {one.service_id: day_of(one.at) for one in pages.plans.doubted(since=at - _DOUBTS_SHOWN)}
            mine = pages.checkpoints.open_actions_of(user_id)
            decided = pages.checkpoints.get_all({one.checkpoint_id for one in mine})
        own = [
            OwnService(one, _next_of(one, checkpoints), gone.get(one.channel_id, ""), doubted.get(one.id))
            for one in services
        ]
        ids = {one.action_id for one in mine}
        actions = [action for one in decided.values() for action in open_actions(one) if action.id in ids]
        return team_blocks(own, sorted(actions, key=lambda one: (one.due_on, one.id)), today=day_of(at))

    def health(self, workspace_id: str, *, at: dt.datetime) -> dict[str, str]:
        """What whoever runs Advisor should mend: channels that are gone, and messages that may have come twice."""
        with self._rules.ledger.reading(workspace_id) as pages:
            gone = [(one, pages.services.in_channel(one.place_id)) for one in pages.plans.gone_places()]
            doubted = pages.plans.doubted(since=at - _DOUBTS_SHOWN)
        lost = [status.gone_words(one.place_id, one.why, services) for one, services in gone if services]
        lost += [
            status.unreachable_words(one.place_id, one.why) for one, _ in gone if one.place_id.startswith(("U", "W"))
        ]
        facts = {"Channels and people that cannot be reached": "; ".join(lost[:_MOST_GONE])} if lost else {}
        if doubted:
            facts["Messages that may have come twice"] = status.doubted_words(
                [(one.place_id, one.at) for one in doubted[:_MOST_GONE]], days=_DOUBTS_SHOWN.days
            )
        return facts

    def try_again(self, workspace_id: str, user_id: str, service_id: str) -> None:
        """Owner or sponsor say that a channel is there again: what is due is said there; where it fails, told anew."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service = pages.services.get(service_id)
            if service is not None and user_id in (service.owner_id, service.sponsor_id):
                pages.plans.came_back(service.channel_id)

    def archived(self, workspace_id: str, channel_id: str) -> None:
        """A channel was archived: whoever is asked something about its services is told directly from now on."""
        with self._rules.ledger.writing(workspace_id) as pages:
            if pages.services.in_channel(channel_id):
                pages.plans.went_away(channel_id, _ARCHIVED)

    def came_back(self, workspace_id: str, channel_id: str) -> None:
        """Advisor was invited to a channel: what is due there is said there again."""
        with self._rules.ledger.writing(workspace_id) as pages:
            if any(place.place_id == channel_id for place in pages.plans.gone_places()):
                pages.plans.came_back(channel_id)

    def _at_the_earliest(self, pages: Pages, service: Service, planned: Planned, *, at: dt.datetime) -> Planned:
        """A notification with the moment at which it can come: what is due and had to wait comes later than planned."""
        if planned.send_at > at:
            return planned
        place = pages.quiet.of(planned.channel_id or planned.owner_id)
        calendar = self._rules.calendar(service, pages.quiet.council(), place)
        return (
            planned if is_working_moment(calendar, at=at) else replace(planned, send_at=next_moment(calendar, after=at))
        )

    def _quiet_lines(
        self, pages: Pages, channel_id: str, services: Sequence[Service], people: set[str], *, at: dt.datetime
    ) -> list[str]:
        councils = {
            one.council: self._rules.councils[one.council] for one in services if one.council in self._rules.councils
        }
        whose = {"", *councils, *(council.nation for council in councils.values())}
        calm = [one for one in pages.quiet.council().calm if one.applies_to in whose]
        asked = pages.quiet.of_all(people)
        return effect_lines(pages.quiet.of(channel_id), calm, asked, self._rules.councils, today=day_of(at))

    def help(self) -> Message:
        """What ``/checkpoint`` can do."""
        return status.checkpoint_help()


def _next_of(service: Service, checkpoints: Sequence[Checkpoint]) -> Checkpoint | None:
    """The checkpoint of a service that is next: the earliest that is not decided."""
    waiting = ("planned", "open", "submitted", "returned")
    mine = [one for one in checkpoints if one.service_id == service.id and one.state in waiting]
    return min(mine, key=lambda one: (one.due_on, one.id), default=None)


def _named(pages: Pages, service: Service) -> Sequence[tuple[Kept, str]]:
    checkpoints = {one.id: one for one in pages.checkpoints.of_service(service.id)}
    found = pages.plans.of_service(service.id)
    ids = {round_id_of(kept.planned) for kept in found if kept.planned.subject == "blind"}
    rounds = pages.blind.get_all(sorted(ids))
    named = with_rounds(checkpoints, rounds.values())
    return [(_unnamed(kept), name_of(kept.planned, service, named)) for kept in found]


def _unnamed(kept: Kept) -> Kept:
    """The same, without the person where it is a reminder of a blind round: who is in is nobody's business."""
    one = kept.planned
    if one.ask != "rate the points":
        return kept
    bare = replace(one, key="", subject_id="", owner_id="")
    if kept.settled_at is None:
        return replace(kept, planned=bare)
    return Kept(bare, "posted", one.send_at, why="", led_to="")


def with_rounds(checkpoints: Mapping[str, Checkpoint], rounds: Iterable[Round]) -> dict[str, Checkpoint]:
    """The checkpoints by their ids, and by the ids of their blind rounds too."""
    known = {one.id: checkpoints[one.checkpoint_id] for one in rounds if one.checkpoint_id in checkpoints}
    return {**checkpoints, **known}


def name_of(planned: Planned, service: Service, checkpoints: Mapping[str, Checkpoint]) -> str:
    """What a notification is about, as people call it."""
    if planned.subject in ("contract", "digest"):
        return service.name
    if planned.subject == "evidence":
        return f"a piece of evidence of {service.name}"
    checkpoint = checkpoints.get(planned.subject_id.rpartition("-")[0] or planned.subject_id)
    if checkpoint is None:
        return service.name
    if planned.subject == "action":
        actions = checkpoint.decision.actions if checkpoint.decision else ()
        return next((f'"{one.what}"' for one in actions if one.id == planned.subject_id), title_of(checkpoint))
    return title_of(checkpoint)
