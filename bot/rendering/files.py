"""A file on its way to Slack or to a disk, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """A file: its name, a title for people, its bytes, and for a picture the words for those who do not see it."""

    name: str
    title: str
    content: bytes
    alt: str = ""
