"""Everything that Advisor raises on purpose.

AdvisorError
  SettingsError       the environment is incomplete or wrong
  KnowledgeError      the knowledge folder cannot be used; carries its faults
  InputError          a file or argument that somebody gave cannot be used
  LimitError          a message or view breaks one of Slack's limits
  StorageError        the database cannot be reached or used
  PostingError        Slack did not take what we sent
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.knowledge.faults import Fault


class AdvisorError(Exception):
    """The root: its text is one plain line that says what is wrong and what to do."""


class SettingsError(AdvisorError):
    """The environment is incomplete or wrong; the text has one line for each setting."""


class KnowledgeError(AdvisorError):
    """The knowledge folder cannot be used; ``faults`` says where and why."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class InputError(AdvisorError):
    """A file or an argument that somebody gave cannot be used."""


class LimitError(AdvisorError):
    """A message or view breaks one of Slack's limits and must not leave."""


class StorageError(AdvisorError):
    """The database cannot be reached or used; the text never holds a password or what a person typed."""


class PostingError(AdvisorError):
    """Slack did not take what we sent; ``retry_after`` is seconds to wait where Slack said so."""

    def __init__(self, message: str, *, code: str = "", retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after
