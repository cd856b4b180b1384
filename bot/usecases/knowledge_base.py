"""The knowledge in use: read and checked at start, swapped whole on a reload, never left without."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.checked import read_checked, read_kept
from bot.knowledge.faults import Fault
from bot.knowledge.library import Library
from bot.knowledge.loading import load
from bot.matching.index import Index
from bot.matching.indexing import is_learnt

_log = logging.getLogger(__name__)

Apart = Callable[[Callable[[], object]], None]
"""Does some work elsewhere, so that the memory it takes goes back; it raises nothing, whatever becomes of the work."""


@dataclass(frozen=True)
class Knowledge:
    """A library and the index over it: always the same version."""

    library: Library
    index: Index


class KnowledgeBase:
    """Holds the knowledge in use. ``current`` is taken once at the start of a question, so that a reload cannot mix."""

    def __init__(
        self,
        knowledge: Knowledge,
        *,
        folder: Path | None = None,
        snapshots: Path | None = None,
        warnings: tuple[Fault, ...] = (),
    ) -> None:
        self._current = knowledge
        self._snapshots = snapshots
        self._folder = folder
        self._lock = threading.Lock()
        self.warnings = warnings
        self.faults: tuple[Fault, ...] = ()

    @classmethod
    def open(
        cls, folder: Path, *, today: dt.date, snapshots: Path | None = None, apart: Apart | None = None
    ) -> KnowledgeBase:
        """
        Read the house's own knowledge from *folder*; what is learnt from it is kept in the folder *snapshots*. Where
        there is something to learn, that is first done *apart*.

        Raises: KnowledgeError: any entry breaks a rule; its text lists every fault, one a line.
        """
        knowledge, warnings = _read(folder, today, snapshots, apart)
        return cls(knowledge, folder=folder, snapshots=snapshots, warnings=warnings)

    @property
    def current(self) -> Knowledge:
        """The knowledge in use now."""
        return self._current

    def reload(self, *, today: dt.date) -> bool:
        """
        Read the folder again and use it; on any fault keep what is in use and remember the faults for ``health``.

        Returns: whether the new knowledge is in use.
        """
        if self._folder is None:
            return False
        with self._lock:
            try:
                knowledge, warnings = _read(self._folder, today, self._snapshots)
            except KnowledgeError as error:
                self.faults = error.faults
                text = "The knowledge folder has faults; the last good one stays in use.\n%s"
                _log.error(text, error, extra={"action": "reload_refused"})
                return False
            self._current, self.warnings, self.faults = knowledge, warnings, ()
            _log.info("Knowledge reloaded: %d entries.", len(knowledge.library), extra={"action": "knowledge_reloaded"})
            return True


def open_any(folder: Path, *, snapshots: Path | None = None) -> Knowledge:
    """
    Read any folder in the format, ours or not: only what cannot be read at all is refused.

    Raises: KnowledgeError: the folder is missing, empty, or a file in it cannot be read.
    """
    loaded = load(folder)
    broken = [fault for fault in loaded.faults if fault.severity == "structure"]
    if broken:
        listing = "\n".join([f"{folder} cannot be used:", *(f"  {fault}" for fault in broken)])
        raise KnowledgeError(listing, broken)
    return Knowledge(loaded.library, Index(loaded.library, snapshots=snapshots))


def _read(
    folder: Path, today: dt.date, snapshots: Path | None, apart: Apart | None = None
) -> tuple[Knowledge, tuple[Fault, ...]]:
    found = read_kept(folder, today=today, snapshots=snapshots)
    if apart is not None and (found is None or not is_learnt(found[0], snapshots)):
        apart(partial(_read, folder, today, snapshots))
        return _read(folder, today, snapshots)
    library, warnings = found or read_checked(folder, today=today, snapshots=snapshots)
    return Knowledge(library, Index(library, snapshots=snapshots)), warnings
