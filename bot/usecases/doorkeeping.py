"""At the door: whether a request is served, or what the person hears instead."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from bot.errors import StorageError
from bot.rendering.administration import off_message, slow_down_message
from bot.rendering.message import Message
from bot.storage.door import Door

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Admission:
    """
    What becomes of a request: ``replayed`` it is refused; ``instead`` is said in place of an answer, and ``off`` is why
    (else it was too much at once); ``quiet`` it was said already, and saying it again would only add to the noise.
    """

    replayed: bool = False
    instead: Message | None = None
    off: bool = False
    quiet: bool = False


class Doorkeeper:
    """Looks at every request that a person makes."""

    def __init__(self, door: Door, *, per_minute: int) -> None:
        self._door = door
        self._per_minute = per_minute

    def admit(
        self, workspace_id: str, user_id: str, *, signature: str = "", free: bool = False, at: dt.datetime
    ) -> Admission:
        """
        Whether to serve a request of *user_id*; one that is *free* costs nothing of the allowance.

        Without a database the door is open: nobody is limited then, and what needs the database says so itself.
        """
        limit = 0 if free or not user_id else self._per_minute
        try:
            found = self._door.enter(workspace_id, user_id, signature=signature, per_minute=limit, at=at)
        except StorageError as error:
            _log.warning("The door is open: %s", error, extra={"action": "door_open"})
            return Admission()
        if found.replayed:
            return Admission(replayed=True)
        if found.off is not None:
            return Admission(instead=off_message(found.off), off=True)
        if found.wait_seconds:
            return Admission(instead=slow_down_message(found.wait_seconds), quiet=not found.first_time)
        return Admission()
