"""A new entry to fill in: every field of its kind, and a note where something must be written."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Final

from bot.errors import InputError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TO_WRITE = "WRITE"
"""Stands in every note of a skeleton; ``advisor knowledge check`` finds those that were left."""
REVIEW_AFTER: Final = {
    "platform": dt.timedelta(days=182),
    "guide": dt.timedelta(days=365),
    "org": dt.timedelta(days=365),
    "checkpoint": dt.timedelta(days=365),
    "case": dt.timedelta(days=730),
}
"""How long an entry of a kind stands unread: prices and eligibility 6 months, law and guidance 12, history 24."""

_PARTS = {
    "guide": """\
guide:
  law:
    - WRITE what binds by law, whom and since when; remove the line if nothing does
  help:
    - WRITE who helps
  mistakes:
    - WRITE what usually goes wrong
""",
    "platform": """\
platform:
  status: live
  councils: "yes"
  audience: WRITE who may use it
  cost: WRITE the price and its year
  start: https://www.gov.uk
  not_when:
    - WRITE when not to use it
""",
    "org": """\
org:
  role: WRITE what it does today
  former_names: []
  ask:
    - WRITE what a council can ask of it
""",
    "case": """\
case:
  organisations: [WRITE who]
  years: WRITE when
  verdict: mixed
  problem: WRITE the problem
  did: WRITE what they did
  outcome: WRITE the outcome and who says so
  went_wrong: WRITE what went wrong
  lessons:
    - WRITE one lesson
  service_areas: []
  illustrates: []
""",
    "checkpoint": """\
template:
  falls: WRITE when it falls
  decides: WRITE who decides
  prompts:
    - id: first-prompt
      question: WRITE the question to the team
      evidence: WRITE what good evidence looks like
      help: service-standard
""",
}

_ENTRY = """\
# yaml-language-server: $schema=../entry.schema.json
title: WRITE the title
aliases: []
questions:  # at least fifteen, as different people put them
  - WRITE a question
summary: >
  WRITE the answer, the decision first, in sixty words at most.
body: |
  WRITE the rest.
next_steps:
  - WRITE what to do on Monday
binds: WRITE whom it binds, or that nothing binds a council
applies_to: [councils]
tags: []
{part}facts: []
sources:
  - {{title: WRITE the title, url: "https://www.gov.uk/WRITE", checked: {today}}}
review_by: {review_by}
related: []
"""


def new_entry(folder: Path, kind: str, slug: str, *, today: dt.date) -> Path:
    """
    Write the skeleton of ``kind/slug`` below *folder*.

    Returns: the file.
    Raises: InputError: the kind is unknown, the slug is no file name of ours, or the entry is there already.
    """
    if kind not in _PARTS:
        raise InputError(f"there is no kind {kind!r}: choose one of {', '.join(sorted(_PARTS))}.")
    if not _SLUG.fullmatch(slug):
        raise InputError(f"{slug!r} is no name for an entry: use small letters, digits and hyphens.")
    file = folder / kind / f"{slug}.yaml"
    text = _ENTRY.format(part=_PARTS[kind], today=today, review_by=today + REVIEW_AFTER[kind])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        if not file.parent.is_dir():
            raise InputError(f"{file.parent} is a file where a folder should be.") from None
        raise InputError(f"{file} is there already: edit it, or choose another name.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error
    return file
