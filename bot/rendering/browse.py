"""Lists to browse: the kinds of entry, and the entries of one kind, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.rendering.blocks import actions, button, context, headed, header, section
from bot.rendering.limits import MODAL_TITLE
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.words import KINDS, VERDICT, description, status_line

_DESCRIPTION = 200
_LONGEST_QUERY = 200


def of_kind(library: Library, kind: str) -> tuple[Entry, ...]:
    """The entries of *kind* in the order of a list: points by their number after their overview, others by title."""
    entries = library.of_kind(kind)
    if any(entry.standard_point for entry in entries):
        return entries
    return tuple(sorted(entries, key=lambda entry: (entry.title.casefold(), entry.id)))


def kinds_message() -> Message:
    """What there is to browse, a button for each kind."""
    text = "Browse what Advisor knows, by kind."
    names = ", ".join(plural for _, plural in KINDS.values())
    return message(f"{text} There are: {names}.", [section(text), *kind_blocks()])


def kind_blocks(counts: Mapping[str, int] | None = None) -> list[Block]:
    """A line for each kind with a button to browse it; with *counts* only those of which there are some."""
    blocks: list[Block] = []
    for kind, (_, plural) in KINDS.items():
        if counts is None or counts.get(kind):
            text = _capital(plural) if counts is None else f"{_capital(plural)}: {counts[kind]}"
            blocks.append(section(text, button=button(f"Browse {plural}", "browse", kind)))
    return blocks


def list_message(kind: str, entries: Sequence[Entry], *, page: int = 1, per_page: int = 10, query: str = "") -> Message:
    """
    One page of *entries*, a line on each and a button that shows it.

    A page that is not there becomes the nearest one that is. *query* is what the list was narrowed down by; it stands
    last in the value of the paging buttons, ``kind|page|query``, for it may hold anything.
    """
    title = _title(kind, query)
    if not entries:
        text = f"{escape(title)}: nothing found. Try one word, or ask your question with /advisor."
        return message(text, [section(text)])
    shown = _Page.of(entries, page, per_page)
    lines = [f"{escape(title)}, page {shown.number} of {shown.of_pages}."]
    lines += [f"{number}. {escape(entry.title)}. {_about(entry)}" for number, entry in shown.numbered()]
    return message(cut("\n".join(lines), 3900), [header(title), *_blocks(kind, shown, query)])


def list_view(kind: str, entries: Sequence[Entry], *, page: int = 1, per_page: int = 10) -> View:
    """The same page in a modal, for the Home tab."""
    title = _title(kind, "")
    shown = _Page.of(entries, page, per_page)
    blocks = _blocks(kind, shown, "") or [section("Nothing here yet.")]
    return modal(cut(title, MODAL_TITLE), [header(title), *blocks], callback_id="list")


@dataclass(frozen=True)
class _Page:
    """Some entries of a longer list, and where in it they stand."""

    entries: tuple[Entry, ...]
    number: int
    of_pages: int
    start: int

    @classmethod
    def of(cls, entries: Sequence[Entry], page: int, per_page: int) -> _Page:
        pages = max(1, -(-len(entries) // per_page))
        number = min(max(page, 1), pages)
        start = (number - 1) * per_page
        return cls(tuple(entries[start : start + per_page]), number, pages, start)

    def numbered(self) -> Iterator[tuple[int, Entry]]:
        return enumerate(self.entries, self.start + 1)


def _blocks(kind: str, page: _Page, query: str) -> list[Block]:
    blocks: list[Block] = []
    for number, entry in page.numbered():
        action_id = f"ask_entry:{number - page.start}"
        show = button(f"Show {number}", action_id, entry.id, label=f"Show {number}: {entry.title}")
        blocks.append(section(headed(f"{number}. {entry.title}", _about(entry)), button=show))
    return [*blocks, *_paging(kind, page, query)]


def _paging(kind: str, page: _Page, query: str) -> list[Block]:
    """A row for each way to turn, for one row takes an action only once."""
    if page.of_pages == 1:
        return []
    blocks: list[Block] = [context(f"Page {page.number} of {page.of_pages}")]
    for text, to in (("Previous page", page.number - 1), ("Next page", page.number + 1)):
        if 1 <= to <= page.of_pages:
            turn = button(text, "page", f"{kind}|{to}|{query[:_LONGEST_QUERY]}")
            blocks.append(actions(f"page:{to}", [turn]))
    return blocks


def _title(kind: str, query: str) -> str:
    title = _capital(KINDS[kind][1] if kind in KINDS else kind.replace("-", " "))
    return f"{title} with “{cut(' '.join(query.split()), 60)}”" if query.strip() else title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _about(entry: Entry) -> str:
    """A line on an entry: for a platform its status, for a case how it turned out and who did it."""
    about = escape(cut(description(entry), _DESCRIPTION))
    if entry.platform:
        return f"{escape(status_line(entry.platform))} {about.removeprefix('Closed. ')}"
    if entry.case:
        who = escape(cut(", ".join(entry.case.organisations), _DESCRIPTION))
        return f"{VERDICT[entry.case.verdict]}: {who}, {escape(entry.case.years)}. {about}"
    return about
