"""Addresses that people paste: whole, readable by others, and free of passwords."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

LONGEST_LINK: Final = 2000


def link_fault(link: str) -> str | None:
    """What is wrong with an address, in plain words and with what to do; None where nothing is."""
    if len(link) > LONGEST_LINK:
        return f"The link is {len(link)} characters long; {LONGEST_LINK} is the most. Share a shorter one."
    if any(letter.isspace() for letter in link):
        return "A link cannot hold spaces. Copy it again from the address bar."
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return "This is not an address that a browser can open. Copy it again from the address bar."
    if parts.scheme not in ("http", "https"):
        return _scheme_fault(link, parts.scheme)
    if parts.username is not None or parts.password is not None:
        return "The link holds a user name or password. Take it out and share the document instead."
    if "." not in host.strip("."):
        return f"The link has no full host name after {parts.scheme}://. Copy it again from the address bar."
    return None


def _scheme_fault(link: str, scheme: str) -> str:
    looks_bare = "." in link.split("/", 1)[0] and "@" not in link and (not scheme or "." in scheme)
    if looks_bare:
        return f"The link has no scheme. Write it whole: https://{link}"
    return "Write the whole address, with https:// in front. Files on a drive of yours cannot be opened by others."
