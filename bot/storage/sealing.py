"""Sealing what must not be read by whoever gets hold of the database: tokens, and questions that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.errors import StorageError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

_MARK: Final = "sealed:"


class Sealer:
    """
    Encrypts with the first of its keys and decrypts with any; without keys everything stays as it is.

    Text from before there was a key stays readable, so that keys can be added at any time.
    Source: Fernet (https://cryptography.io/en/latest/fernet/, checked 2026-11-23): AES-128-CBC with HMAC-SHA256.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Raises: StorageError: one of the keys is none."""
        self._box = _box(keys) if keys else None
        self._newest = _box(keys[:1]) if keys else None

    def seal(self, text: str) -> str:
        """The text, sealed where there is a key."""
        return text if self._box is None else _MARK + self._box.encrypt(text.encode()).decode()

    def open(self, text: str) -> str:
        """The text again. Raises: StorageError: it was sealed with a key that is not among ours."""
        if not text.startswith(_MARK):
            return text
        found = None if self._box is None else _opened(self._box, text)
        if found is None:
            raise StorageError(
                "Something in the database was sealed with a key that is missing: add it at the end of "
                "ADVISOR_SECRET_KEYS, or have the workspace install Advisor again."
            )
        return found

    def is_current(self, text: str) -> bool:
        """Whether the text is as ``seal`` would make it now: sealed with the first key, or open where there is none."""
        if not text.startswith(_MARK):
            return self._newest is None
        return self._newest is not None and _opened(self._newest, text) is not None


def new_key() -> str:
    """A new key for ``ADVISOR_SECRET_KEYS``."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _box(keys: Sequence[str]) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise StorageError(
            "ADVISOR_SECRET_KEYS: one of the keys is none: `advisor workspaces new-key` makes one."
        ) from None


def _opened(box: MultiFernet, text: str) -> str | None:
    from cryptography.fernet import InvalidToken

    try:
        return box.decrypt(text.removeprefix(_MARK).encode()).decode()
    except InvalidToken:
        return None
