"""From a folder of YAML to a Library, with every fault at once and a place for each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import KnowledgeError
from bot.knowledge.entry import ID_PATTERN, Entry
from bot.knowledge.faults import Fault, Severity
from bot.knowledge.library import Library
from bot.knowledge.shelf_lives import SHELF_LIVES_FILE, ShelfLifeFile
from bot.knowledge.vocabulary import DeclineFile, Vocabulary
from bot.knowledge.yaml_nodes import Document, read_document
from bot.knowledge.yaml_nodes import Path as DataPath

VOCABULARY_FILE = "vocabulary.yaml"
DECLINES_FILE = "declines.yaml"
DATA_FOLDER = "data"
"""Tables that are looked up and are no entries, such as the list of councils."""
_LARGEST_FILE_BYTES = 64_000_000
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Located:
    """An entry and where it stands, so that a check can name the line."""

    entry: Entry
    file: Path
    document: Document
    root: DataPath = ()

    def line(self, *path: str | int) -> int:
        """The line of a field of this entry, for example ``line("sources", 0, "url")``."""
        return self.document.line((*self.root, *path))


@dataclass
class Loaded:
    """What a folder gave: the usable entries, and the faults of the rest."""

    library: Library
    located: list[Located] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shelf_lives: tuple[Path, int, ShelfLifeFile] | None = None
    """The file of the shelf lives, the line of its review date, and what is in it."""


def load(folder: Path) -> Loaded:
    """
    Read every ``*.yaml`` and ``*.yml`` below *folder* (or the one file given), but those in ``data/`` and hidden ones.

    Returns: all entries that could be read, and a fault for whatever could not; never a half-read entry.
    Raises: KnowledgeError: there is no such folder, or not one usable entry in it; its text lists the faults.
    """
    if not _is_there(folder):
        raise KnowledgeError(f"{folder}: there is no such knowledge folder. Give --knowledge or ADVISOR_KNOWLEDGE.")
    reader = _Reader(folder)
    for file in files_of(folder):
        reader.read(file)
    loaded = reader.result()
    if not loaded.library.entries:
        raise KnowledgeError(_nothing_usable(folder, loaded.faults), loaded.faults)
    return loaded


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:  # a name that is too long, or a folder above it that may not be entered
        return False


def _nothing_usable(folder: Path, faults: list[Fault]) -> str:
    if not faults:
        return f"{folder}: no entry was found in it (only .yaml and .yml count, and none in {DATA_FOLDER}/)."
    return "\n".join([f"{folder}: not one usable entry was found in it:", *(f"  {fault}" for fault in faults)])


def files_of(folder: Path) -> Iterator[Path]:
    """The files of a knowledge folder that are read, or the one file given, always in the same order."""
    if folder.is_file():
        yield folder
        return
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        hidden = parts[0] == DATA_FOLDER or any(part.startswith(".") for part in parts)
        if file.suffix.lower() in {".yaml", ".yml"} and file.is_file() and not hidden:
            yield file


class _Reader:
    """Gathers entries and faults over the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hash = hashlib.sha256()
        self._located: dict[str, Located] = {}
        self._vocabulary = Vocabulary()
        self._declines = DeclineFile()
        self._topics_at: tuple[Path, Document] | None = None
        self._shelf_lives: tuple[Path, int, ShelfLifeFile] | None = None
        self._faults: list[Fault] = []

    def result(self) -> Loaded:
        self._check_topics()
        library = Library.of(
            (located.entry for located in self._located.values()),
            self._vocabulary,
            self._declines.topics,
            self._hash.hexdigest(),
            self._shelf_lives[2].by_type if self._shelf_lives else {},
        )
        return Loaded(library, list(self._located.values()), sorted(self._faults), self._shelf_lives)

    def read(self, file: Path) -> None:
        text = self._text(file)
        if text is None:
            return
        self._hash.update(f"{file.relative_to(self._folder).as_posix()}\0{text}\0".encode())
        document = read_document(text)
        self._faults += [Fault(file, line, fault) for line, fault in document.faults]
        if document.value is None:
            if not document.faults:
                self._faults.append(Fault(file, 1, "the file is empty: write an entry or delete the file."))
        elif file.name == VOCABULARY_FILE and file.parent == self._folder:
            self._vocabulary = self._validate(Vocabulary, document.value, file, document) or self._vocabulary
        elif file.name == DECLINES_FILE and file.parent == self._folder:
            self._declines = self._validate(DeclineFile, document.value, file, document) or self._declines
            self._topics_at = (file, document)
        elif file.name == SHELF_LIVES_FILE and file.parent == self._folder:
            if found := self._validate(ShelfLifeFile, document.value, file, document):
                self._shelf_lives = (file, document.line(("review_by",)), found)
        else:
            self._entries(file, document)

    def _text(self, file: Path) -> str | None:
        try:
            str(file.relative_to(self._folder)).encode()
            if file.stat().st_size > _LARGEST_FILE_BYTES:
                self._faults.append(Fault(file, 1, "the file is larger than 64 MB: split it."))
                return None
            return file.read_text(encoding="utf-8-sig")
        except UnicodeEncodeError:
            self._faults.append(Fault(Path(ascii(str(file))), 1, "the file's name is not UTF-8: rename it."))
        except UnicodeDecodeError as error:
            self._faults.append(Fault(file, 1, f"not UTF-8 text (byte {error.start}): save it as UTF-8."))
        except OSError as error:
            self._faults.append(Fault(file, 1, f"cannot be read: {error.strerror}."))
        return None

    def _entries(self, file: Path, document: Document) -> None:
        value = document.value
        if isinstance(value, dict):
            own_id = file.relative_to(self._folder).with_suffix("").as_posix() if file != self._folder else file.stem
            self._entry(value, own_id, file, document, ())
        elif isinstance(value, list):
            for at, item in enumerate(value):
                if isinstance(item, dict):
                    self._entry(item, None, file, document, (at,))
                else:
                    self._faults.append(Fault(file, document.line((at,)), "an entry must be a mapping of fields."))
        else:
            self._faults.append(Fault(file, 1, "the file must hold one entry, or a list of entries with an id each."))

    def _entry(self, value: dict[str, Any], own_id: str | None, file: Path, document: Document, root: DataPath) -> None:
        given = value.get("id")
        if own_id is not None and given and given != own_id:
            text = f"the id is the file's path, {own_id!r}: remove the field 'id' or move the file."
            self._faults.append(Fault(file, document.line((*root, "id")), text, "editorial"))
        if own_id is None and not given:
            self._faults.append(Fault(file, document.line(root), "an entry in a list needs an 'id'."))
            return
        entry = self._validate(Entry, {**value, "id": given or own_id}, file, document, root)
        if entry is None:
            return
        if (other := self._located.get(entry.id)) is not None:
            text = f"the id {entry.id!r} is taken by {other.file}:{other.line()}: choose another."
            self._faults.append(Fault(file, document.line(root), text))
            return
        self._located[entry.id] = Located(entry, file, document, root)

    def _check_topics(self) -> None:
        """A decline topic has an id of its own: what is found under one id must be one thing."""
        if self._topics_at is None:
            return
        file, document = self._topics_at
        seen: set[str] = set()
        for at, topic in enumerate(self._declines.topics):
            if topic.id in seen or topic.id in self._located:
                line = document.line(("topics", at, "id"))
                self._faults.append(Fault(file, line, f"the id {topic.id!r} is taken: choose another."))
            seen.add(topic.id)

    def _validate(
        self, model: type[_Model], value: Any, file: Path, document: Document, root: DataPath = ()
    ) -> _Model | None:
        """The model, or None with a fault for each thing wrong. Unknown fields are a fault, and then left out."""
        value = _without_empty(value)
        try:
            return model.model_validate(value)
        except ValidationError as error:
            fatal = False
            for problem in error.errors(include_url=False):
                path = tuple(part for part in problem["loc"] if part != "function-after")
                unknown = problem["type"] == "extra_forbidden"
                fatal = fatal or not unknown
                severity: Severity = "editorial" if unknown else "structure"
                line = document.line((*root, *path))
                self._faults.append(Fault(file, line, _wording(problem["type"], path, problem), severity))
                if unknown:
                    _drop(value, path)
            return None if fatal else model.model_validate(value)


def _wording(kind: str, path: tuple[int | str, ...], problem: Any) -> str:
    name = ".".join(str(part) for part in path) or "the entry"
    if kind == "extra_forbidden":
        return f"unknown field {name!r}: check the spelling (knowledge/README.md lists the fields)."
    if kind == "missing":
        return f"the field {name!r} is missing: add it."
    if kind.startswith("date"):
        return f"{name}: write the date as 2026-11-20, not {problem['input']!r}."
    if kind == "string_pattern_mismatch" and path[-1] == "url":
        return f"{name}: write the whole address, https:// included, not {problem['input']!r}."
    if kind == "string_pattern_mismatch" and problem["ctx"]["pattern"] == ID_PATTERN:
        return f"{name}: {problem['input']!r} is no id: write it without spaces."
    if kind == "tuple_type":
        return f"{name}: write a list, each item on a line of its own behind '- '."
    if kind == "string_too_short":
        return f"{name}: nothing is written here: write it or remove the line."
    said = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {said[:1].lower()}{said[1:]}."


def _without_empty(value: Any) -> Any:
    """A key with nothing behind it counts as left out."""
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item not in ("", None)}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value


def _drop(value: Any, path: tuple[int | str, ...]) -> None:
    for part in path[:-1]:
        value = value[part]
    value.pop(path[-1], None)
