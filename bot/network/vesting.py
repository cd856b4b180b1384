"""Vesting day: two registers of councils that become one, joined service by service, what clashes first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.checkpoints.dates import in_words
from bot.matching.alike_names import likeness
from bot.network.aliases import Aliases
from bot.network.alike import is_alike, words_in_order

Sure = Literal["certain", "likely", "only in one"]
LIKELY_FROM: Final = 0.55
"""From this likeness of names on two services are shown side by side as "likely".

Source: tests/bot/network/test_vesting.py, two made-up registers: lower finds few more and errs often.
"""
AREA_WEIGHT: Final = 0.15
_SOON: Final = dt.timedelta(days=183)
_GRAVE_FACTS: Final[Mapping[str, int]] = {
    "has public users": 3, "takes payments": 3, "holds personal data": 2, "uses AI": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A service in one of the two registers; ``ratings`` are by point of a standard."""

    id: str
    name: str
    area: str = ""
    phase: str = ""
    route: str = ""
    owner: str = ""
    system: str = ""
    supplier: str = ""
    contract_end: dt.date | None = None
    facts: tuple[str, ...] = ()
    ratings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A line of the work list: one service of the new council, how sure the join is, and what must be settled."""

    sure: Sure
    first: Entry | None
    second: Entry | None
    issues: tuple[str, ...]
    weight: int
    why: str


def work_list(first: Sequence[Entry], second: Sequence[Entry], aliases: Aliases, *, on: dt.date) -> list[Task]:
    """
    Every service of both registers once, those that matter most on day one first.

    *aliases* are names that somebody has judged to be one. *on* is the vesting day, the first day of the new council.
    """
    certain = _certain(first, second, aliases)
    taken = {id(one) for pair in certain for one in pair}
    left_first = [one for one in first if id(one) not in taken]
    left_second = [one for one in second if id(one) not in taken]
    likely = _likely(left_first, left_second, aliases)
    taken |= {id(one) for pair in likely for one in pair}
    tasks = [_task("certain", one, other, aliases, on) for one, other in certain]
    tasks += [_task("likely", one, other, aliases, on) for one, other in likely]
    tasks += [_task("only in one", one, None, aliases, on) for one in left_first if id(one) not in taken]
    tasks += [_task("only in one", None, one, aliases, on) for one in left_second if id(one) not in taken]
    return sorted(tasks, key=lambda task: (-task.weight, _name(task), task.sure))


def _certain(first: Sequence[Entry], second: Sequence[Entry], aliases: Aliases) -> list[tuple[Entry, Entry]]:
    """
    Pairs whose names say the same in the same order, where nothing else in either register does and areas agree.
    """
    by_words: dict[tuple[str, ...], tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, register in enumerate((first, second)):
        for one in register:
            if words := words_in_order(one.name):
                by_words[words][side].append(one)
    return [
        (mine[0], theirs[0])
        for mine, theirs in by_words.values()
        if len(mine) == len(theirs) == 1 and _areas_agree(mine[0], theirs[0], aliases)
    ]


def _areas_agree(one: Entry, other: Entry, aliases: Aliases) -> bool:
    return not (one.area and other.area) or _same_area(one, other, aliases)


def _same_area(one: Entry, other: Entry, aliases: Aliases) -> bool:
    return is_alike(one.area, other.area) or aliases.is_same("area", one.area, other.area)


def _likely(first: Sequence[Entry], second: Sequence[Entry], aliases: Aliases) -> list[tuple[Entry, Entry]]:
    """The most alike pairs, each service in one of them at most."""
    scored = [(_score(one, other, aliases), at, to) for at, one in enumerate(first) for to, other in enumerate(second)]
    pairs: list[tuple[Entry, Entry]] = []
    used_first: set[int] = set()
    used_second: set[int] = set()
    for score, at, to in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if score >= LIKELY_FROM and at not in used_first and to not in used_second:
            used_first.add(at)
            used_second.add(to)
            pairs.append((first[at], second[to]))
    return pairs


def _score(one: Entry, other: Entry, aliases: Aliases) -> float:
    names = likeness(one.name, other.name)
    if not (one.area and other.area):
        return names
    return names + (AREA_WEIGHT if _same_area(one, other, aliases) else -AREA_WEIGHT)


def _task(sure: Sure, first: Entry | None, second: Entry | None, aliases: Aliases, on: dt.date) -> Task:
    sides = [one for one in (first, second) if one is not None]
    issues: list[tuple[int, str]] = []
    if first is not None and second is not None:
        issues += _clashes(first, second, aliases)
    for one, label in ((first, "A"), (second, "B")):
        if one is not None:
            issues += _of_one(one, label, on)
    grave = {fact: weight for one in sides for fact, weight in _GRAVE_FACTS.items() if fact in one.facts}
    live = any(one.phase in ("live", "public beta") for one in sides)
    weight = sum(grave.values()) + (2 if live else 0) + sum(points for points, _ in issues)
    check = ["joined by likeness: check"] if sure == "likely" else []
    why = ", ".join([*(["in use"] if live else []), *grave, *check])
    return Task(sure, first, second, tuple(text for _, text in issues), weight, why)


def _clashes(first: Entry, second: Entry, aliases: Aliases) -> Iterable[tuple[int, str]]:
    if product := _product_clash(first, second, aliases):
        yield product
    elif first.route and second.route and first.route != second.route:
        yield 1, f"{first.route} in A, {second.route} in B"
    differing = [
        f"{point} ({first.ratings[point]} in A, {second.ratings[point]} in B)"
        for point in sorted(first.ratings.keys() & second.ratings.keys())
        if first.ratings[point] != second.ratings[point]
        and "not asked" not in (first.ratings[point], second.ratings[point])
    ]
    if differing:
        yield 1, f"rated differently: {', '.join(differing)}"


def _product_clash(first: Entry, second: Entry, aliases: Aliases) -> tuple[int, str] | None:
    """
    Whether two services run on different products. Where a register does not name the system its supplier has to do:
    two suppliers sell two systems; of one system they are two contracts for it, which is less to settle.
    """
    systems, suppliers = (first.system, second.system), (first.supplier, second.supplier)
    two_suppliers = all(suppliers) and not aliases.is_same("supplier", *suppliers)
    if all(systems):
        if not aliases.is_same("system", *systems):
            return 3, f"two systems: {first.system} and {second.system}"
        return (1, f"one system, two suppliers: {first.supplier} and {second.supplier}") if two_suppliers else None
    if two_suppliers:
        return 3, f"two suppliers, so probably two systems: {first.supplier} and {second.supplier}"
    return None


def _of_one(one: Entry, label: str, on: dt.date) -> Iterable[tuple[int, str]]:
    end = one.contract_end
    if end is not None and end >= on:
        yield 1, f"contract of {label} runs past vesting day, to {in_words(end)}"
    elif end is not None and end >= on - _SOON:
        yield 3, f"contract of {label} ends before vesting day, on {in_words(end)}"
    if not one.owner.strip():
        yield 2, f"nobody owns it in {label}"


def _name(task: Task) -> str:
    one = task.first or task.second
    assert one is not None
    return one.name.casefold()
