"""Which part of an entry a question asks about: its cost, its evidence at beta, what to ask a supplier ..."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from bot.knowledge.entry import Entry

Aspect = Literal["discovery", "alpha", "beta", "live", "cost", "start", "supplier", "duty", "lessons", "evidence"]

_WORDS: dict[Aspect, frozenset[str]] = {
    "discovery": frozenset("discovery disco".split()),
    "alpha": frozenset("alpha".split()),
    "beta": frozenset("beta".split()),
    "live": frozenset("live".split()),
    "cost": frozenset("cost costs price prices pricing fee fees charge charges expensive cheap pay much".split()),
    "start": frozenset("start started starting begin join signup register onboard enrol".split()),
    "supplier": frozenset("supplier suppliers vendor vendors buy buying bought contract contracts tender".split()),
    "duty": frozenset(
        "law legal legally mandatory must compulsory binding bind binds statutory obliged forced duty required "
        "requirement obligation obligatory".split()
    ),
    "lessons": frozenset("lesson lessons wrong fail failed failure learn learned learnt mistake mistakes".split()),
    "evidence": frozenset("evidence prove proof show".split()),
}

_FILLER = frozenset(
    "and or but so what whats about how is are was were be been it its that this they them there those these "
    "one ones same for at in the a an of to on do does did we i you me us our your then ok okay right please "
    "any can could would should will need get got have has had give tell say put when where who whose which "
    "with from if now once though first stage phase point much many going go went work works practice by mean means "
    "bit lot".split()
)
_MORE = frozenset("more else further explain detail details".split())


def asked_aspect(words: Sequence[str]) -> Aspect | None:
    """The aspect that *words* ask about, or None; the phases win, for "what does it cost in beta" is rare."""
    for aspect, marks in _WORDS.items():
        if not marks.isdisjoint(words):
            return aspect
    return "duty" if ("have", "to") in pairwise(words) else None


def only_aspect(words: Sequence[str]) -> bool:
    """Whether *words* hold nothing but an aspect and small words: "and for beta?", "how much is it?"."""
    marks = frozenset().union(*_WORDS.values())
    return asked_aspect(words) is not None and all(word in marks or word in _FILLER for word in words)


def only_filler(words: Sequence[str]) -> bool:
    """Whether *words* say nothing that could be looked up by itself: "what about it?"."""
    return all(word in _FILLER for word in words)


def asks_for_more(words: Sequence[str]) -> bool:
    """Whether *words* ask for nothing but more of the same: "tell me more about that", "what else?"."""
    return not _MORE.isdisjoint(words) and all(word in _FILLER or word in _MORE for word in words)


def aspect_lines(entry: Entry, aspect: Aspect) -> tuple[str, ...]:
    """What *entry* holds on *aspect*, a line each; empty where it says nothing of its own."""
    point, platform, case, guide = entry.standard_point, entry.platform, entry.case, entry.guide
    if aspect in ("discovery", "alpha", "beta", "live"):
        return tuple(getattr(point.evidence, aspect)) if point else ()
    if aspect == "evidence":
        if entry.template:
            return tuple(prompt.evidence for prompt in entry.template.prompts)
        return (*point.evidence.alpha, *point.evidence.beta, *point.evidence.live) if point else ()
    if aspect == "cost":
        return (platform.cost,) if platform else ()
    if aspect == "start":
        return entry.next_steps
    if aspect == "supplier":
        bought = entry.by_route.bought if entry.by_route else None
        return (*bought.ask_supplier, *bought.look_for_in_contract) if bought else ()
    if aspect == "duty":
        return (*((entry.binds,) if entry.binds else ()), *(guide.law if guide else ()))
    if case:
        return (*((case.went_wrong,) if case.went_wrong else ()), *case.lessons)
    return guide.mistakes if guide else ()
