"""HTML read back: what a page holds, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Element:
    """One element with the words inside it."""

    tag: str
    attributes: dict[str, str]
    words: str = ""


@dataclass
class Paper:
    """Every element of a page in order, and the faults of its structure."""

    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Return the elements of a kind with these attributes (``class_`` and ``hx_post`` as in Python)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if tag in ("", one.tag) and all(one.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        """Return the only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, [(each.tag, each.attributes) for each in found] or self.elements
        return found[0]

    def named(self, words: str, tag: str = "") -> Element:
        """Return the only element with exactly these words."""
        found = [each for each in self.all(tag) if " ".join(each.words.split()) == words]
        assert len(found) == 1, [each.words for each in self.all(tag)]
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paper = Paper()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.paper.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.paper.faults.append(f"</{tag}> closes {self._open[-1].tag if self._open else 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words += data

    def close(self) -> None:
        super().close()
        self.paper.faults += [f"<{each.tag}> stays open" for each in self._open]


def read(html: str) -> Paper:
    """Return what *html* holds; tags that are not closed, ids used twice and labels for nothing are faults."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    paper = reader.paper
    ids = [each.attributes["id"] for each in paper.elements if "id" in each.attributes]
    paper.faults += [f"id {each} is used twice" for each in sorted(set(ids)) if ids.count(each) > 1]
    targets = {each.attributes["for"] for each in paper.all("label") if "for" in each.attributes}
    paper.faults += [f"a label for {each}, which is not there" for each in sorted(targets - set(ids))]
    described = [name for each in paper.elements for name in each.attributes.get("aria-describedby", "").split()]
    paper.faults += [f"described by {each}, which is not there" for each in described if each not in ids]
    return paper


def whole(html: str) -> Paper:
    """Return what *html* holds, after a check that nothing is wrong with it."""
    paper = read(html)
    assert paper.faults == []
    return paper
