"""One entry of the knowledge base: its fields, and the shape of each kind's own part.

An entry's kind is the first folder of its id: ``platform/notify`` is a platform. The models refuse fields they
do not know, so that a slip of the pen is found when the file is checked and not when somebody needs the answer.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints

ID_PATTERN = r"^\S+$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=ID_PATTERN, max_length=200)]
Texts = tuple[Text, ...]
Route = Literal["built", "bought", "configured"]
Nation = Literal["england", "wales", "scotland", "northern_ireland"]
Tier = Literal["county", "district", "unitary", "london_borough", "metropolitan", "combined_authority"]


class Part(BaseModel):
    """A frozen piece of an entry that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(Part):
    """Where a statement can be checked, and the day on which an editor did so."""

    title: Text
    url: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^https?://[^\s]+\.[^\s]+$")]
    checked: dt.date


class Fact(Part):
    """One figure or date as the entry uses it, tied to one of the entry's sources by its address."""

    fact: Text
    source: Text


class Belief(Part):
    """
    What people wrongly believe, as they say it, and what is true instead (at most 60 words).

    The first wording says it barest, for it is quoted. ``names``: names that are out of date, so that whoever uses one
    rests on the belief ("DLUHC"); never an ordinary word.
    """

    said: Annotated[Texts, Field(min_length=1)]
    correction: Text
    names: Texts = ()


class Change(Part):
    """
    One line of what changed in the entry on a day; ``material`` means: whoever was given the older answer should be
    told.
    """

    on: dt.date
    what: Text
    material: bool = False


class Buying(Part):
    """What a council that buys asks of the supplier, and what it looks for in the contract."""

    ask_supplier: Annotated[Texts, Field(min_length=1)]
    look_for_in_contract: Annotated[Texts, Field(min_length=1)]


class ByRoute(Part):
    """What the entry means for a service that is built, bought, or configured from a shared product."""

    built: Text | None = None
    bought: Buying | None = None
    configured: Text | None = None


class PhaseEvidence(Part):
    """What a team can show at the end of each phase."""

    discovery: Texts = ()
    alpha: Texts = ()
    beta: Texts = ()
    live: Texts = ()


class StandardPoint(Part):
    """One numbered point of a standard."""

    number: int = Field(ge=1, le=99)
    asks: Texts = ()
    evidence: PhaseEvidence = PhaseEvidence()
    found_wanting: Texts = ()
    maps_to: tuple[Id, ...] = ()


class Platform(Part):
    """A product that councils can share."""

    status: Literal["live", "beta", "closed"]
    councils: Literal["yes", "no", "not yet"]
    closed_on: dt.date | None = None
    successor: Text | None = None
    audience: Text
    cost: Text
    start: str | None = None
    not_when: Texts = ()


class Case(Part):
    """What somebody did and what came of it, the failures included."""

    organisations: Annotated[Texts, Field(min_length=1)]
    years: Text
    verdict: Literal["worked", "mixed", "failed", "ended", "too early"]
    problem: Text
    did: Text
    outcome: Text
    went_wrong: Text | None = None
    lessons: Texts = ()
    service_areas: Texts = ()
    illustrates: tuple[Id, ...] = ()


class Organisation(Part):
    """A body that councils deal with."""

    role: Text
    former_names: Texts = ()
    ask: Texts = ()


class Guide(Part):
    """What binds by law, who helps, and what usually goes wrong."""

    law: Texts = ()
    help: Texts = ()
    mistakes: Texts = ()


class Prompt(Part):
    """One question of a checkpoint."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    question: Text
    evidence: Text
    link_required: bool = False
    points: tuple[Id, ...] = ()
    help: Id
    by_route: ByRoute | None = None
    only_if: (
        Literal[
            "takes payments",
            "holds personal data",
            "has public users",
            "has staff users only",
            "uses AI",
            "is bought",
            "replaces a system",
        ]
        | None
    ) = None


class Template(Part):
    """A checkpoint: when it falls, who decides, and its prompts."""

    falls: Text
    decides: Text
    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1)]


class Entry(Part):
    """One thing Advisor knows. ``id`` is the file's path without its suffix; ``summary`` is the answer."""

    id: Id
    title: Text
    aliases: Texts = ()
    questions: Texts = ()
    summary: Text = Field(validation_alias=AliasChoices("summary", "answer"))
    body: str = ""
    next_steps: Texts = ()
    binds: Text | None = None
    applies_to: Texts = ()
    tags: Texts = ()
    beliefs: tuple[Belief, ...] = ()
    by_route: ByRoute | None = None
    by_nation: dict[Nation, Text] = Field(default_factory=dict)
    by_tier: dict[Tier, Text] = Field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()
    review_by: dt.date | None = None
    changes: tuple[Change, ...] = ()
    related: tuple[Id, ...] = ()
    standard_point: StandardPoint | None = None
    platform: Platform | None = None
    case: Case | None = None
    org: Organisation | None = None
    guide: Guide | None = None
    template: Template | None = None

    @property
    def kind(self) -> str:
        """The first folder of the id: ``platform`` for ``platform/notify``, the id itself for an overview."""
        return self.id.split("/", 1)[0]

    @property
    def material_changes(self) -> dict[str, Change]:
        """
        The changes that people who were given an older answer are told, by a key that stays when the words are mended:
        the day, and for a second one of that day its number ("2026-11-23", "2026-11-23/2").
        """
        found: dict[str, Change] = {}
        days: Counter[dt.date] = Counter()
        for change in (one for one in self.changes if one.material):
            days[change.on] += 1
            found[f"{change.on}/{days[change.on]}" if days[change.on] > 1 else str(change.on)] = change
        return found

    @property
    def checked_on(self) -> dt.date | None:
        """The oldest day on which one of the sources was checked; None where there is no source."""
        return min((source.checked for source in self.sources), default=None)
