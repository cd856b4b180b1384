"""A committee paper as plain data: headings, sentences and grids, each sentence with the records it was read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

NOT_RECORDED: Final = "not recorded"
_MOST_REFS: Final = 12

Sort = Literal["recorded", "to be written"]


@dataclass(frozen=True)
class Said:
    """
    One paragraph. ``refs`` name the records it was read from ("service s12", "receipt 4-7QF4KD", "entry guide/live").

    What is "to be written" is a prompt to a person: only people can say it, and the paper is not done before they have.
    """

    text: str
    refs: tuple[str, ...] = ()
    sort: Sort = "recorded"


@dataclass(frozen=True)
class Row:
    """One row of a grid, with the records it was read from."""

    cells: tuple[str, ...]
    refs: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """
    Rows under headings; its last column, "Record", is made of the references.

    ``widths`` are the shares of the columns, the last one's included; where none are given all are as wide.
    """

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """One numbered section: its paragraphs, then its grid where it has one, then what follows that."""

    heading: str
    said: tuple[Said, ...]
    grid: Grid | None = None
    then: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A whole paper; ``front`` are the lines at its head, label and text."""

    title: str
    read_on: dt.date
    front: tuple[tuple[str, Said], ...]
    sections: tuple[Section, ...]


def said(text: str, *refs: str) -> Said:
    """A paragraph that was read from these records."""
    return Said(text, refs)


def to_write(text: str) -> Said:
    """A prompt to whoever finishes the paper."""
    return Said(f"To be written: {text}", (), "to be written")


def missing(what: str, *refs: str) -> Said:
    """What nobody has recorded, said so."""
    return Said(f"{what}: {NOT_RECORDED}.", refs)


def listed(kind: str, ids: Iterable[str]) -> tuple[str, ...]:
    """References to several records of a kind: the first dozen named, the rest counted and found in the annex."""
    found = list(ids)
    named = tuple(f"{kind} {id}" for id in found[:_MOST_REFS])
    more = len(found) - _MOST_REFS
    return (*named, f"and {more} more in the annex") if more > 0 else named


def records(refs: Iterable[str]) -> str:
    """References as they are printed, each kind named once: "checkpoint c1, c2; receipt 4-7QF4KD"."""
    found: list[tuple[str, list[str]]] = []
    for ref in refs:
        kind, _, id = ref.partition(" ")
        if found and found[-1][0] == kind:
            found[-1][1].append(id)
        else:
            found.append((kind, [id]))
    return "; ".join(f"{kind} {', '.join(ids)}" for kind, ids in found)


def person(user_id: str) -> str:
    """A person as a paper names them: names are not kept, so that the id stands where somebody writes the name."""
    return f"Slack user {user_id}" if user_id else NOT_RECORDED


def counted_words(count: int, one: str, many: str) -> str:
    """ "1 point is", "3 points are": a figure with the words that fit it."""
    return f"{count} {one if count == 1 else many}"


def in_a_row(texts: Sequence[str]) -> str:
    """Texts as a sentence lists them: "a, b and c"."""
    return ", ".join(texts[:-1]) + f" and {texts[-1]}" if len(texts) > 1 else "".join(texts)
