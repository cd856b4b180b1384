"""Arguments of a Web API call, read the way Slack reads them: forms, JSON, JSON inside forms."""

from __future__ import annotations

import json
from typing import Any

from bot.trial.records import Payload, faulty

FALSE = frozenset({"", "0", "false", "none"})


class Arguments:
    """The arguments of one call; a missing one reads as None."""

    def __init__(self, raw: Payload) -> None:
        self.raw = {name: value for name, value in raw.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def text(self, name: str) -> str | None:
        """Return a string argument; a number given instead is read as text."""
        value = self.raw.get(name)
        if isinstance(value, dict | list):
            raise faulty("invalid_arguments", f"must provide a string [json-pointer:/{name}]")
        return None if value is None else str(value)

    def need(self, name: str) -> str:
        """Return a string argument that the caller has checked to be there."""
        return self.text(name) or ""

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no; ``1``, ``true`` and True are yes."""
        value = self.raw.get(name)
        return default if value is None else str(value).lower() not in FALSE

    def number(self, name: str, default: int, *, error: str = "invalid_arguments") -> int:
        """Return a whole number, or *default*; refused with *error* when it is none."""
        value = self.raw.get(name)
        try:
            return default if value is None else int(str(value))
        except ValueError:
            raise faulty(error, f"must be an integer [json-pointer:/{name}]") from None

    def structure(self, name: str, *, error: str = "invalid_arguments") -> Any:
        """Return a list or object, decoded when it came as text; refused with *error* when it is no JSON."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise faulty(error, f"must be valid JSON [json-pointer:/{name}]") from None
