"""YAML into plain values with the line of every one of them; nothing in the file is ever run.

Every scalar is kept as the text that was typed: ``no``, ``05`` and ``1.10`` stay words, and the models decide what
should be a number, a date or a truth value. So a question that reads "yes" never becomes a boolean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
_BaseLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DEEPEST = 20


@dataclass
class Document:
    """One YAML document: its value, the line of every path in it, and the faults found on the way."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of *path*, or of its nearest parent that stands in the file; 1 where there is none."""
        for length in range(len(path), -1, -1):
            if (found := self.lines.get(path[:length])) is not None:
                return found
        return 1


def read_document(text: str) -> Document:
    """
    Read one YAML document from *text*.

    Returns: a document whose values are str, list and dict only. What cannot be read (broken syntax, a duplicate key,
        a tag, an alias, more than 20 levels) is in ``faults`` as (line, text); ``value`` is None after broken syntax or
        too many levels.
    """
    document = Document()
    try:
        if (line := _too_deep(text)) is not None:
            document.faults.append((line, f"nested more than {_DEEPEST} levels deep: write it flatter."))
            return document
        node = yaml.compose(text, Loader=_BaseLoader)
        if node is not None:
            document.value = _Walk(document).build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        document.faults.append((line, f"not valid YAML: {error.problem or error.context}. Mend the syntax here."))
    except yaml.YAMLError as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        document.faults.append((1, f"not valid YAML: {first}"))
    return document


def _too_deep(text: str) -> int | None:
    """The line where *text* nests too deep, or None. Looked at first: libyaml's composer recurses until it crashes."""
    depth = 0
    for event in yaml.parse(text, Loader=_BaseLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return event.start_mark.line + 1 if event.start_mark else 1
    return None


class _Walk:
    """Turns nodes into values and notes where each one stands."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self._document.lines.setdefault(path, line)
        if node.tag not in _PLAIN_TAGS:
            self._fault(line, f"the tag {node.tag.rsplit(':', 1)[-1]!r} is not allowed: write a plain value.")
            return None
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if id(node) in self._seen:
            self._fault(line, "an alias (*name) is not allowed: write the value out.")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, at)) for at, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(line, "a key must be a plain word.")
                continue
            key = key_node.value
            if key in built:
                first = self._document.lines[(*path, key)]
                self._fault(line, f"the key {key!r} stands twice (first in line {first}): keep one.")
                continue
            self._document.lines[(*path, key)] = line
            built[key] = self.build(value_node, (*path, key))
        return built

    def _fault(self, line: int, text: str) -> None:
        self._document.faults.append((line, text))
