"""For how long each type of evidence counts (``shelf-lives.yaml``): editors own the numbers, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from bot.errors import KnowledgeError
from bot.knowledge.entry import Part, Source, Text
from bot.knowledge.yaml_nodes import read_document
from bot.settings import SHIPPED_KNOWLEDGE

SHELF_LIVES_FILE: Final = "shelf-lives.yaml"
DOCUMENT: Final = "document"
"""The type that stands for every type that is not listed."""

LONGEST_MONTHS: Final = 120
FOR_EVER: Final = "for ever"


def _read_months(written: Any) -> int | None:
    text = str(written).strip()
    if written is None or text == FOR_EVER:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST_MONTHS:
        raise ValueError(f"write a whole number of months from 1 to {LONGEST_MONTHS}, or {FOR_EVER!r}")
    return int(text)


class ShelfLife(Part):
    """
    For how many months one type of evidence counts (None: for ever), and why.

    ``source`` is where the number is from; without one, ``suggested_by`` says whose suggestion it is.
    """

    type: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=75)]
    months: Annotated[int | None, BeforeValidator(_read_months)]
    why: Text
    source: Source | None = None
    suggested_by: Text | None = None

    @model_validator(mode="after")
    def _says_where_it_is_from(self) -> ShelfLife:
        if (self.source is None) == (self.suggested_by is None):
            raise ValueError("say where the number is from: either 'source', or 'suggested_by'")
        return self


class ShelfLifeFile(Part):
    """The whole of ``shelf-lives.yaml``."""

    review_by: dt.date
    types: Annotated[tuple[ShelfLife, ...], Field(min_length=1)]

    @property
    def by_type(self) -> dict[str, ShelfLife]:
        """The shelf lives by type, in the order of the file."""
        return {one.type: one for one in self.types}

    @field_validator("types", mode="after")
    @classmethod
    def _holds_each_type_once(cls, types: tuple[ShelfLife, ...]) -> tuple[ShelfLife, ...]:
        names = [one.type for one in types]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"these types stand twice: {', '.join(twice)}; keep one of each")
        if DOCUMENT not in names:
            raise ValueError(f"the type {DOCUMENT!r} is missing: it stands for every type that is not listed")
        return types


@cache
def shipped_shelf_lives() -> Mapping[str, ShelfLife]:
    """
    Those that ship, for a knowledge folder without a file of its own; read once.

    Raises: KnowledgeError: the file is not there (the installation is broken).
    """
    file = SHIPPED_KNOWLEDGE / SHELF_LIVES_FILE
    try:
        return ShelfLifeFile.model_validate(read_document(file.read_text(encoding="utf-8")).value).by_type
    except (OSError, ValueError) as error:
        raise KnowledgeError(f"{file}: the shelf lives of evidence cannot be read: {error}.") from error
