"""The whole of what is known: entries by id, immutable once built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from bot.knowledge.entry import Entry
from bot.knowledge.shelf_lives import ShelfLife
from bot.knowledge.vocabulary import DeclineTopic, Vocabulary


@dataclass(frozen=True)
class Library:
    """
    Entries by id, with the vocabulary, the decline topics and the shelf lives of evidence (empty where the folder says
    nothing of them); ``version`` is a hash of all that was read.
    """

    entries: Mapping[str, Entry]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    declines: tuple[DeclineTopic, ...] = ()
    version: str = ""
    shelf_lives: Mapping[str, ShelfLife] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        entries: Iterable[Entry],
        vocabulary: Vocabulary | None = None,
        declines: Iterable[DeclineTopic] = (),
        version: str = "",
        shelf_lives: Mapping[str, ShelfLife] = MappingProxyType({}),
    ) -> Library:
        """A library of *entries* in the order of their ids, so that the order of files never matters."""
        ordered = {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.id)}
        words = vocabulary or Vocabulary()
        return cls(MappingProxyType(ordered), words, tuple(declines), version, MappingProxyType(dict(shelf_lives)))

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self.entries

    def __getitem__(self, entry_id: str) -> Entry:
        return self.entries[entry_id]

    def get(self, entry_id: str) -> Entry | None:
        """The entry of that id, or None."""
        return self.entries.get(entry_id)

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """All entries of *kind* (``platform``, ``case`` ...), by id; an overview counts to its kind."""
        return tuple(entry for entry in self if entry.kind == kind)

    def related(self, entry_id: str) -> tuple[Entry, ...]:
        """The neighbours of an entry, both ways: those it names first, then those that name it, by id."""
        own = self.entries[entry_id].related
        back = [other for other in self._named_by.get(entry_id, ()) if other not in own]
        return tuple(self.entries[other] for other in (*own, *back) if other in self.entries)

    @cached_property
    def _named_by(self) -> dict[str, list[str]]:
        back: dict[str, list[str]] = {}
        for entry in self:
            for other in entry.related:
                back.setdefault(other, []).append(entry.id)
        return back
