"""Two column types: a moment, always aware and kept in UTC, and words as somebody typed them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator


def utc(at: datetime) -> datetime:
    """
    The moment *at* in UTC.

    Raises: ValueError: *at* has no time zone, so that nobody knows which moment it is.
    """
    if at.utcoffset() is None:
        raise ValueError(f"a moment needs a time zone, and {at.isoformat()} has none")
    return at.astimezone(UTC)


class Moment(TypeDecorator[datetime]):
    """An aware datetime: SQLite forgets the zone and PostgreSQL answers in its own, so both are set right here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, on its way into the database."""
        return None if value is None else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, on its way out."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text that anybody may have typed: what no database takes (NUL, half a surrogate pair) becomes a question mark."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text without what would make the insert fail."""
        return None if value is None else value.replace("\x00", "?").encode("utf-8", "replace").decode("utf-8")
