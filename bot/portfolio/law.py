"""The law that a paper names: taken word for word from knowledge entries with their sources, never made up here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from bot.checkpoints.dates import in_words
from bot.checkpoints.services import Service
from bot.knowledge.entry import Entry, Nation, Source
from bot.knowledge.library import Library
from bot.portfolio.paper import Row, Said, missing, said

LEGAL: Final[Mapping[str, str]] = {
    "guide/spend-controls": "",
    "guide/business-case": "",
    "guide/accessibility-regulations": "",
    "guide/data-protection": "holds personal data",
    "guide/payments": "takes payments",
    "guide/ai": "uses AI",
    "guide/algorithmic-transparency": "uses AI",
    "guide/procurement-act-2023": "is bought",
    "guide/social-value": "is bought",
}
"""Which entries are looked at for the law, and the fact of a service on which that depends ("": always)."""

EQUALITY: Final = ("guide/accessibility-regulations", "guide/digital-inclusion", "guide/ai")
_EQUALITY_ACT: Final = "equality act"


def legal_lines(services: Sequence[Service], library: Library, nation: Nation | None) -> tuple[Said, ...]:
    """What binds these services, a paragraph a line of an entry; the nation's own word after each entry's lines."""
    found: list[Said] = []
    for id in _ids(services):
        entry = library.get(id)
        if entry is None or entry.guide is None or not entry.guide.law:
            continue
        found += [said(f"{_name(entry)}: {line}", f"entry {entry.id}") for line in entry.guide.law]
        if nation is not None and nation in entry.by_nation:
            place = nation.replace("_", " ").title()
            found.append(said(f"{_name(entry)}, in {place}: {entry.by_nation[nation]}", f"entry {entry.id}"))
    return tuple(found) or (missing("The law that binds the service"),)


def equality_lines(services: Sequence[Service], library: Library) -> tuple[Said, ...]:
    """What the entries say of the Equality Act, where it concerns these services."""
    uses_ai = any("uses AI" in one.facts for one in services)
    ids = [id for id in EQUALITY if id != "guide/ai" or uses_ai]
    entries = [entry for entry in map(library.get, ids) if entry is not None and entry.guide is not None]
    return tuple(
        said(f"{_name(entry)}: {line}", f"entry {entry.id}")
        for entry in entries
        for line in (entry.guide.law if entry.guide else ())
        if _EQUALITY_ACT in line.casefold()
    )


def source_rows(paragraphs: Iterable[Said], library: Library) -> tuple[Row, ...]:
    """
    The sources of every entry that these paragraphs name, with the day an editor checked each.

    Legislation comes first, then government. None is left out, for an entry does not say which line rests on which.
    """
    ids = dict.fromkeys(
        ref.removeprefix("entry ") for one in paragraphs for ref in one.refs if ref.startswith("entry ")
    )
    entries = [entry for entry in map(library.get, ids) if entry is not None]
    return tuple(
        Row((source.title, source.url, in_words(source.checked)), (f"entry {entry.id}",))
        for entry in entries
        for source in _ordered(entry.sources)
    )


def _ordered(sources: Sequence[Source]) -> list[Source]:
    def rank(source: Source) -> int:
        host = urlsplit(source.url).hostname or ""
        return 0 if host == "www.legislation.gov.uk" else 1 if host.endswith(".gov.uk") else 2

    return sorted(sources, key=rank)


def _ids(services: Sequence[Service]) -> list[str]:
    return [id for id, fact in LEGAL.items() if not fact or any(_is(one, fact) for one in services)]


def _is(service: Service, fact: str) -> bool:
    if fact == "is bought":
        return service.route == "bought" or service.contract is not None
    return fact in service.facts


def _name(entry: Entry) -> str:
    return entry.title.removeprefix("Guide: ")
