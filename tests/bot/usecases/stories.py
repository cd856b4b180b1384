"""A team, its council and a chat kept in memory: what stories are told with. Every act goes through the use cases."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.notifications import Settings
from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import Contract, Service
from bot.errors import PostingError
from bot.knowledge.councils import Council
from bot.knowledge.entry import Entry, Nation, Prompt, Template
from bot.knowledge.library import Library
from bot.rendering.message import Message
from bot.storage.checkpoint_tables import places
from bot.storage.database import Database
from bot.storage.given import GivenAnswers
from bot.storage.ledger import Ledger
from bot.storage.outbox import Outbox
from bot.usecases.checkpoint_desks import open_desks
from bot.usecases.checkpoint_rules import Done, Rules
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.notify import Notifier
from bot.usecases.poster import CANNOT_LOOK, UNSURE, Posted
from bot.usecases.recall import Recalls
from bot.usecases.upkeep import Upkeep

WORKSPACE, CHANNEL = "T1", "C0TEAM"
OWNER, SPONSOR, MEMBER, BOSS = "UOWNER", "USPONSOR", "UMEMBER", "UBOSS"
PEOPLE = {"owner": OWNER, "sponsor": SPONSOR, "member": MEMBER, "boss": BOSS, "successor": "USUCCESSOR"}
NAMES = {id: name for name, id in PEOPLE.items()}
COUNCILS: Mapping[str, tuple[str, Nation]] = {
    "LDS": ("Leeds City Council", "england"),
    "CRF": ("Cardiff Council", "wales"),
    "GLG": ("Glasgow City Council", "scotland"),
    "BFS": ("Belfast City Council", "northern_ireland"),
}
TEMPLATES = "end-of-discovery end-of-alpha private-beta live contract-renewal accessibility-review retire".split()
ACTIONS = {
    "checkpoint_walk": "Continue", "checkpoint_sign": "Decide", "checkpoint_action_done": "Done",
    "checkpoint_renew": "Renew it", "checkpoint_edit": "Open the service",
}  # fmt: skip
_ASKED = re.compile(r"<@(\w+)>: please \*(.+?)\*, for ")


@dataclass(frozen=True)
class Told:
    """One thing that was said: when, where (the channel, or a person), and in which words."""

    at: dt.datetime
    place: str
    text: str
    asks: tuple[str, ...]

    def lines(self) -> list[str]:
        """What a story expects of it, a line for each thing asked; "and" is what the same message asks besides."""
        where = "channel" if self.place.startswith("C") else f"to {NAMES[self.place]}"
        first, *others = self.asks
        return [f"{self.at.astimezone(LONDON):%Y-%m-%d %H:%M} {where}: {first}", *(f"and {one}" for one in others)]


class Chat:
    """Slack in memory: what was said; channels and people can be gone, and the line can break."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.told: list[tuple[str, Told]] = []
        self.gone: dict[str, str] = {}
        self.breaks_after = 0
        self.may_look = True

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        if place in self.gone:
            raise PostingError("gone", code=self.gone[place])
        batch = str((message.metadata or {})["event_payload"]["batch"])
        self.told.append((batch, Told(self.story.now, place, message.text, _asks(message))))
        if self.breaks_after:
            self.breaks_after -= 1
            raise PostingError("no answer", code=UNSURE)
        return self._posted(place)

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        if not self.may_look:
            raise PostingError("no scope", code=CANNOT_LOOK)
        return self._posted(place) if any(known == batch for known, _ in self.told) else None

    def _posted(self, place: str) -> Posted:
        return Posted(place, f"{self.story.now.timestamp():.6f}", self.story.now)


def _asks(message: Message) -> tuple[str, ...]:
    """Who is asked for what, and the first button: "owner answer the points of Live -> Continue"."""
    found: list[str] = []
    for block in message.blocks:
        text = str((block.get("text") or {}).get("text", ""))
        if asked := _ASKED.search(text):
            note = "(lost) " if "cannot" in text.split("<@")[0] else ""
            found.append(f"{note}{NAMES[asked[1]]} {asked[2]}")
        elif block["type"] == "actions" and str(block["block_id"]).startswith("nudge:"):
            found[-1] += f" -> {ACTIONS[block['elements'][0]['action_id']]}"
    return tuple(found)


class Story:
    """One team from the first act to the last; the clock stands still unless a story moves it."""

    def __init__(self, database: Database, service: Mapping[str, Any], *, begins: dt.datetime) -> None:
        self.now = begins
        self.ledger, self._database = Ledger(database), database
        councils = {code: _council(code, *named) for code, named in COUNCILS.items()}
        self.library = _library()
        base = cast("KnowledgeBase", SimpleNamespace(current=SimpleNamespace(library=self.library)))
        self._ids = 0
        # The Monday digest has journeys of its own; here it would stand in every story.
        self.rules = Rules(base, self.ledger, councils, Settings(digest=False), self._new_id)
        self.chat = Chat(self)
        self.desks = open_desks(self.rules)
        self.upkeep = Upkeep(self.rules)
        self.clock = self._new_clock()
        self.said: list[str] = []
        self.service_id = ""
        self.change("owner", **{**_SERVICE, **service})

    # What people do

    def change(self, who: str, **fields: Any) -> None:
        """Start the service, or change fields of it, in its form."""
        metadata: dict[str, Any] = {"channel": CHANNEL, "service": self.service_id, "seen": 0}
        before: dict[str, Any] = {}
        if self.service_id:
            with self.ledger.reading(WORKSPACE) as pages:
                metadata["seen"] = len(pages.services.history(self.service_id))
            before = _values(self.service)
        values = {**before, **{name: _value(value) for name, value in fields.items()}}
        done = self.desks.services.save(WORKSPACE, _id(who), json.dumps(metadata), values, at=self.now)
        if not self.service_id:
            with self.ledger.reading(WORKSPACE) as pages:
                [service] = pages.services.all()
            self.service_id = service.id
        self._hear(done)

    def plan(self, who: str, name: str, due: str) -> None:
        values = {"template": f"checkpoint/{name}", "due_on": due}
        form = json.dumps({"service": self.service_id})
        self._hear(self.desks.services.open(WORKSPACE, _id(who), form, values, at=self.now))

    def move(self, who: str, name: str, due: str) -> None:
        self._hear(self.desks.services.move(WORKSPACE, _id(who), self._form(name), {"due_on": due}, at=self.now))

    def answer(self, who: str, name: str, prompt: str, value: str, seen: int = -1, **more: str) -> None:
        """Answer a point ("all": every one), having seen the answer that stands unless *seen* says else."""
        checkpoint = self.checkpoint(name)
        prompts = [one.id for one in checkpoint.template.prompts] if prompt == "all" else [prompt]
        for one in prompts:
            if prompt == "all" and one == "privacy" and "holds personal data" not in self.service.facts:
                continue
            standing = checkpoint.answers.get(one)
            version = (standing.version if standing else 0) if seen < 0 else seen
            about = {"checkpoint": checkpoint.id, "prompt": one, "seen": version, "prefilled": ""}
            link = f"https://example.gov.uk/{name}/{one}" if more else ""
            values = {"value": value, "link": link, **more}
            self._hear(self.desks.walk.answer(WORKSPACE, _id(who), json.dumps(about), values, at=self.now))

    def hand_in(self, who: str, name: str) -> None:
        self._hear(self.desks.walk.submit(WORKSPACE, _id(who), self._form(name), {}, at=self.now))

    def take_back(self, who: str, name: str) -> None:
        self._hear(self.desks.walk.take_back(WORKSPACE, _id(who), self.checkpoint(name).id, at=self.now))

    def decide(self, who: str, name: str, outcome: str, **more: str) -> None:
        values: dict[str, Any] = {"outcome": outcome}
        if "what" in more:
            person = _id(more.get("owner", "owner"))
            values |= {"conditions.0.what": more["what"], "conditions.0.owner_id": person}
            values["conditions.0.due_on"] = more["by"]
        if "until" in more:
            values |= {"until": more["until"], "approver_id": BOSS}
        values |= {"reason": more["reason"]} if "reason" in more else {}
        self._hear(self.desks.decisions.decide(WORKSPACE, _id(who), self._form(name), values, at=self.now))

    def complete(self, who: str, name: str) -> None:
        checkpoint = self.checkpoint(name)
        assert checkpoint.decision is not None
        action = checkpoint.decision.actions[0].id
        self._hear(self.desks.decisions.complete(WORKSPACE, _id(who), checkpoint.id, action, at=self.now))

    def snooze(self, who: str, name: str) -> None:
        about = ("checkpoint", self.checkpoint(name).id, self.service_id)
        said = self.desks.services.snooze(WORKSPACE, _id(who), *cast("Any", about), at=self.now)
        self.said.append(said.text)

    def renew(self, who: str, dated_on: str) -> None:
        """Renew the first piece of evidence that there is."""
        with self.ledger.reading(WORKSPACE) as pages:
            piece: Evidence = pages.evidence.all()[-1]
        form, values = json.dumps({"evidence": piece.id}), {"dated_on": dated_on, "link": "https://example.gov.uk/new"}
        self._hear(self.desks.evidence.renew(WORKSPACE, _id(who), form, values, at=self.now))

    def quiet(self, who: str, where: str, **values: Any) -> None:
        """Set quiet times of the channel, of "mine", or of everybody."""
        place = {"channel": CHANNEL, "mine": _id(who)}.get(where, "")
        with self.ledger.reading(WORKSPACE) as pages:
            form = json.dumps({"place": place, "seen": pages.quiet.seen(place)})
        desk = self.desks.quiet
        if where == "everybody":
            usual = {"opens_at": "09:00", "closes_at": "17:00", "sends_at": "09:30"}
            usual |= {"person_a_week": "3", "channel_a_week": "3"}
            self._hear(desk.save_council(WORKSPACE, _id(who), form, {**usual, **values}, at=self.now))
            self.upkeep.plan_anew(at=self.now)
            return
        save = desk.save_channel if where == "channel" else desk.save_person
        self._hear(save(WORKSPACE, _id(who), form, values, at=self.now))

    def channel(self, what: str) -> None:
        """Something happens to the channel: "archived", "removed" or "back" (Advisor is invited again)."""
        words = {"archived": "is_archived", "removed": "not_in_channel"}
        if what == "back":
            self.chat.gone.pop(CHANNEL, None)
            self.desks.overview.came_back(WORKSPACE, CHANNEL)
        else:
            self.chat.gone[CHANNEL] = words[what]

    def attempt(self, act: Callable[[], None]) -> str:
        """Do it; what was said where it was refused, empty where it was not."""
        try:
            act()
        except Refused as refused:
            return " ".join(refused.faults.values())
        return ""

    # What time does

    def wait(self, until: dt.datetime) -> list[str]:
        """Let the clock run; what it sent, a line for each thing asked."""
        before = len(self.chat.told)
        while self.now < until:
            tomorrow = dt.datetime.combine(self.now.date() + dt.timedelta(days=1), dt.time(7), tzinfo=LONDON)
            while (due := self._next_due()) is not None and due < min(tomorrow, until):
                self.now = max(self.now, due) + dt.timedelta(seconds=1)
                self.clock.send_due(at=self.now)
            self.now = min(tomorrow, until)
            if self.now == tomorrow:
                self.upkeep.run(at=self.now)
        return [line for _, told in self.chat.told[before:] for line in told.lines()]

    def checkpoint(self, name: str) -> Checkpoint:
        """The newest checkpoint of a template."""
        with self.ledger.reading(WORKSPACE) as pages:
            found = [one for one in pages.checkpoints.all() if one.template.id == f"checkpoint/{name}"]
        return max(found, key=lambda one: (one.created_at, one.id))

    def not_sent(self) -> list[str]:
        """Why notifications were never sent, each reason once."""
        with self.ledger.reading(WORKSPACE) as pages:
            kept = pages.plans.of_service(self.service_id)
        return sorted({one.why for one in kept if one.state == "collapsed"})

    @property
    def service(self) -> Service:
        """The service as it is now."""
        with self.ledger.reading(WORKSPACE) as pages:
            [service] = pages.services.all()
        return service

    def _new_clock(self) -> Notifier:
        recalls = Recalls(self.rules, GivenAnswers(self._database))
        return Notifier(self.rules, Outbox(self._database), self.chat, {"recall": recalls})

    def _next_due(self) -> dt.datetime | None:
        with self._database.reading() as connection:
            rows = connection.execute(places.select().where(places.c.next_due_at.is_not(None))).mappings()
            moments = [max(row["next_due_at"], row["lease_until"] or row["next_due_at"]) for row in rows]
        return min(moments, default=None)

    def _form(self, name: str) -> str:
        return json.dumps({"checkpoint": self.checkpoint(name).id})

    def _hear(self, done: Done) -> None:
        self.said += [post.message.text for post in done.posts]
        if done.view is not None:
            self.said.append(json.dumps(done.view.payload()))

    def _new_id(self, letter: str) -> str:
        self._ids += 1
        return f"{letter}{self._ids:03}"


_SERVICE: dict[str, Any] = {
    "name": "Parking permits", "council": "LDS", "owner_id": OWNER, "sponsor_id": SPONSOR, "phase": "discovery",
    "route": "built", "standard": "service-standard", "facts": ("has public users",),
}  # fmt: skip


def _values(service: Service) -> dict[str, Any]:
    """A service as its form shows it."""
    contract: Contract | None = service.contract
    values = {name: value for name, value in asdict(service).items() if name in _SERVICE}
    if contract is not None:
        ends_on, extensions = contract.ends_on.isoformat(), ", ".join(map(str, contract.extensions))
        values |= {
            "contract.supplier": contract.supplier,
            "contract.ends_on": ends_on,
            "contract.value": contract.value,
        }
        values |= {"contract.notice_months": str(contract.notice_months), "contract.extensions": extensions}
    return values


def _id(who: str) -> str:
    return PEOPLE.get(who, who)


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else _id(str(value))


def _council(code: str, name: str, nation: Nation) -> Council:
    return Council(code=code, name=name, type="x", tier="unitary", nation=nation, region=nation)


def _library() -> Library:
    """Templates of three points: two for everybody, one only where personal data is held."""
    whole = [Prompt(id=id, question=f"Is {id} done?", evidence="A note.", help="guide/x") for id in ("users", "money")]
    privacy = Prompt(
        id="privacy", question="Is privacy done?", evidence="A note.", help="guide/x", only_if="holds personal data"
    )
    template = Template(falls="then", decides="they", prompts=(*whole, privacy))
    return Library.of(
        Entry(id=f"checkpoint/{name}", title=f"Checkpoint: {name.replace('-', ' ')}", summary="x", template=template)
        for name in TEMPLATES
    )


def without(story: Story, name: str) -> None:
    """Take a template out of the knowledge in use."""
    left = [entry for entry in story.library if entry.id != f"checkpoint/{name}"]
    base = cast("KnowledgeBase", SimpleNamespace(current=SimpleNamespace(library=Library.of(left))))
    story.rules = replace(story.rules, knowledge_base=base)
    story.desks, story.upkeep = open_desks(story.rules), Upkeep(story.rules)
    story.clock = story._new_clock()
