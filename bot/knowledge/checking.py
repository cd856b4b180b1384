"""The house rules of our own knowledge base, checked over all entries together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from bot.knowledge.entry import Entry
from bot.knowledge.faults import Fault
from bot.knowledge.loading import Loaded, Located
from bot.knowledge.skeleton import TO_WRITE

STANDARDS = ("service-standard", "local-standard", "technology-code")
PART_OF_KIND = {
    "guide": "guide",
    "platform": "platform",
    "org": "org",
    "case": "case",
    "checkpoint": "template",
    **dict.fromkeys(STANDARDS, "standard_point"),
}
MOST_SUMMARY_WORDS = 60
FEWEST_QUESTIONS = 15
LONGEST_CHANGE = 200
LONGEST_FIRST_WORDING = 12
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NOT_A_FIGURE = re.compile(
    r"`[^`]*`|\]\([^)]*\)|https?://\S+|\bpoints?(?: \d+(?:,| to| and| or)?)+|\b[\w-]+/\d\d\b", re.IGNORECASE
)


def check(loaded: Loaded, *, today: dt.date) -> list[Fault]:
    """Every fault of a loaded folder, those of reading included, by file and line; warnings are among them."""
    faults = list(loaded.faults)
    for located in loaded.located:
        for line, text in _entry_faults(located, loaded, today):
            faults.append(Fault(located.file, line, text, "editorial"))
        if (late := _past_review(located.entry, today)) is not None:
            faults.append(Fault(located.file, located.line("review_by"), late, "warning"))
    faults += _shared(loaded.located)
    faults += _shared_beliefs(loaded.located)
    if loaded.shelf_lives is not None:
        file, line, lives = loaded.shelf_lives
        if lives.review_by <= today:
            faults.append(Fault(file, line, _late(lives.review_by), "warning"))
    return sorted(faults)


def due_for_review(loaded: Loaded, *, by: dt.date) -> list[Located]:
    """The entries whose review date is on or before *by*, the longest overdue first."""
    due = [located for located in loaded.located if located.entry.review_by and located.entry.review_by <= by]
    return sorted(due, key=lambda located: (located.entry.review_by or by, located.entry.id))


def _past_review(entry: Entry, today: dt.date) -> str | None:
    if entry.review_by is None or entry.review_by > today:
        return None
    return _late(entry.review_by)


def _late(review_by: dt.date) -> str:
    return f"the review date {review_by} is past: check the sources again and set a new date."


def _entry_faults(located: Located, loaded: Loaded, today: dt.date) -> Iterator[tuple[int, str]]:
    yield from _completeness(located)
    yield from _unwritten(located)
    yield from _lengths(located)
    yield from _dangling(located, loaded)
    yield from _figures(located)
    yield from _changes(located, today)


def _completeness(located: Located) -> Iterator[tuple[int, str]]:
    entry = located.entry
    if not entry.sources:
        yield located.line("sources"), "no source: name at least one, with the day it was checked."
    if entry.review_by is None:
        yield located.line(), "no review date: add 'review_by'."
    part = PART_OF_KIND.get(entry.kind)
    if part is None:
        kinds = ", ".join(sorted(PART_OF_KIND))
        yield located.line(), f"unknown kind {entry.kind!r}: move it into one of {kinds}."
    elif entry.id not in STANDARDS and getattr(entry, part) is None:
        yield located.line(), f"a {entry.kind} needs the field {part!r}: add it."
    if len(entry.questions) < FEWEST_QUESTIONS:
        text = f"{len(entry.questions)} questions: write at least {FEWEST_QUESTIONS}, as different people put them."
        yield located.line("questions"), text


def _unwritten(located: Located) -> Iterator[tuple[int, str]]:
    for path, text in _strings(located.entry.model_dump(mode="json"), ()):
        if TO_WRITE in text:
            yield located.line(*path), f"{path[0]}: {text!r} is a note of the skeleton: write it, or remove the line."


def _lengths(located: Located) -> Iterator[tuple[int, str]]:
    entry = located.entry
    if (words := len(entry.summary.split())) > MOST_SUMMARY_WORDS:
        yield located.line("summary"), f"the summary has {words} words: cut it to {MOST_SUMMARY_WORDS}."
    for at, belief in enumerate(entry.beliefs):
        if (words := len(belief.correction.split())) > MOST_SUMMARY_WORDS:
            yield (
                located.line("beliefs", at),
                f"the correction has {words} words: cut it to {MOST_SUMMARY_WORDS}.",
            )
        if (words := len(belief.said[0].split())) > LONGEST_FIRST_WORDING:
            said = f"beliefs.{at}: the first wording is quoted to people and has {words} words: put one of at most "
            yield located.line("beliefs", at), f"{said}{LONGEST_FIRST_WORDING} first."
        for name in belief.names:
            if not plain_wording(name):
                yield located.line("beliefs", at), f"beliefs.{at}: the old name {name!r} has no word in it: remove it."


def _dangling(located: Located, loaded: Loaded) -> Iterator[tuple[int, str]]:
    for path, other in references(located.entry):
        if other == located.entry.id:
            yield located.line(*path), f"{path[0]}: the entry names itself."
        elif other not in loaded.library:
            yield located.line(*path), f"{path[0]}: there is no entry {other!r}."


def references(entry: Entry) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every id that *entry* names, with the path of the field that names it."""
    for at, other in enumerate(entry.related):
        yield ("related", at), other
    if entry.standard_point:
        for at, other in enumerate(entry.standard_point.maps_to):
            yield ("standard_point", "maps_to", at), other
    if entry.case:
        for at, other in enumerate(entry.case.illustrates):
            yield ("case", "illustrates", at), other
    if entry.platform and entry.platform.successor and "/" in entry.platform.successor:
        yield ("platform", "successor"), entry.platform.successor
    if entry.template:
        for at, prompt in enumerate(entry.template.prompts):
            yield ("template", "prompts", at, "help"), prompt.help
            for number, other in enumerate(prompt.points):
                yield ("template", "prompts", at, "points", number), other


def _figures(located: Located) -> Iterator[tuple[int, str]]:
    """Each figure in the texts must stand in ``facts``, and each fact's source among the sources."""
    entry = located.entry
    urls = {source.url for source in entry.sources}
    known = {figure for fact in entry.facts for figure in figures(fact.fact)}
    for at, fact in enumerate(entry.facts):
        if fact.source not in urls:
            yield (
                located.line("facts", at),
                f"facts.{at}: its source is not among the entry's sources (same url).",
            )
    for path, text in texts(entry):
        for missing in sorted(figures(text) - known):
            yield (
                located.line(*path),
                f"the figure {missing} in {path[0]!r} has no line in 'facts': add it or drop it.",
            )


def _changes(located: Located, today: dt.date) -> Iterator[tuple[int, str]]:
    """What people are told of a change must have happened, be one line, and stand in the order of its days."""
    changes = located.entry.changes
    for at, change in enumerate(changes):
        line = located.line("changes", at)
        if change.on > today:
            yield line, f"changes.{at}: {change.on} is in the future: write the day on which the entry was changed."
        if at and change.on < changes[at - 1].on:
            yield line, f"changes.{at}: {change.on} stands below a later day: write the newest change last."
        if change.material and (len(change.what) > LONGEST_CHANGE or "\n" in change.what):
            yield line, f"changes.{at}: people are told this: write one line of at most {LONGEST_CHANGE} characters."
        if change.what in (other.what for other in changes[:at] if other.on == change.on):
            yield line, f"changes.{at}: the same change stands there twice: remove one."


def figures(text: str) -> set[str]:
    """The figures in *text* without thousands' commas; point numbers, links and code do not count."""
    plain = _NOT_A_FIGURE.sub(" ", text)
    return {match.group().replace(",", "") for match in _FIGURE.finditer(plain)}


def texts(entry: Entry) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of an entry that a reader is shown as a statement, with the path of its field."""
    yield ("summary",), entry.summary
    if entry.body:
        yield ("body",), entry.body
    if entry.binds:
        yield ("binds",), entry.binds
    for at, step in enumerate(entry.next_steps):
        yield ("next_steps", at), step
    for at, belief in enumerate(entry.beliefs):
        yield ("beliefs", at, "correction"), belief.correction
    for part in ("standard_point", "platform", "case", "org", "guide", "template", "by_route"):
        value = getattr(entry, part)
        if value is not None:
            yield from _strings(value.model_dump(mode="json", exclude={"number", "closed_on"}), (part,))
    for nation, text in entry.by_nation.items():
        yield ("by_nation", nation), text
    for tier, text in entry.by_tier.items():
        yield ("by_tier", tier), text


_REFERENCE_FIELDS = frozenset({"maps_to", "illustrates", "points", "help", "start", "successor", "id"})


def _strings(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _REFERENCE_FIELDS or (key == "help" and isinstance(item, list)):
                yield from _strings(item, (*path, key))
    elif isinstance(value, list | tuple):
        for at, item in enumerate(value):
            yield from _strings(item, (*path, at))


def _shared(located: list[Located]) -> list[Fault]:
    """Two entries that share a question or an alias cannot both be the answer to it."""
    faults: list[Fault] = []
    for field, what in (("questions", "question"), ("aliases", "alias")):
        first: dict[str, str] = {}
        for one in located:
            for at, phrase in enumerate(getattr(one.entry, field)):
                line = one.line(field, at)
                wording = plain_wording(phrase)
                if wording in first:
                    text = f"the {what} {phrase!r} stands in {first[wording]} too: keep it in one place."
                    faults.append(Fault(one.file, line, text, "editorial"))
                first.setdefault(wording, f"{one.file}:{line}")
    return faults


def _shared_beliefs(located: list[Located]) -> list[Fault]:
    """The first wording stands for a belief, and an old name for one belief only: neither may be another's too."""
    faults: list[Fault] = []
    first: dict[tuple[str, str], str] = {}
    for one in located:
        for at, belief in enumerate(one.entry.beliefs):
            named = {("old name", plain_wording(name)): name for name in belief.names}
            for key, text in {("first wording", plain_wording(belief.said[0])): belief.said[0], **named}.items():
                line = one.line("beliefs", at)
                if key in first:
                    told = f"beliefs.{at}: the {key[0]} {text!r} is that of {first[key]} too: keep it in one place."
                    faults.append(Fault(one.file, line, told, "editorial"))
                first.setdefault(key, f"{one.file}:{line}")
    return faults


def plain_wording(phrase: str) -> str:
    """*phrase* in lower case with single spaces and no punctuation, to see whether two are the same."""
    return " ".join(re.findall(r"\w+", phrase.casefold()))
