"""The UK's councils: what follows from a council's code (its name, tier, nation and region)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from bot.errors import KnowledgeError
from bot.knowledge.entry import Nation, Part, Text, Tier
from bot.knowledge.faults import Fault
from bot.knowledge.yaml_nodes import read_document

COUNCILS_FILE = Path("data") / "councils.yaml"
"""Where the list stands in the knowledge folder; ``data/`` holds no entries."""


class Council(Part):
    """
    One council. ``type`` is what mySociety's list calls it; ``tier`` is the nearest of the tiers that entries know.

    Single-tier councils of Scotland, Wales and Northern Ireland count as unitary, the City of London as a London
    borough, and the Greater London Authority as a combined authority.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}$")]
    name: Text
    type: Text
    tier: Tier
    nation: Nation
    region: Text


class _CouncilFile(Part):
    councils: Annotated[tuple[Council, ...], Field(min_length=1)]


def load_councils(folder: Path) -> dict[str, Council]:
    """
    Every council by its code, in the order of their names.

    Args: folder: the knowledge folder.
    Raises: KnowledgeError: the list is not there or cannot be read; its faults say where.
    """
    file = folder / COUNCILS_FILE
    try:
        document = read_document(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{file}: the list of councils cannot be read: {error}.") from error
    faults = [Fault(file, line, text) for line, text in document.faults]
    if faults:
        raise KnowledgeError(f"{file}: the list of councils cannot be used.", faults)
    try:
        councils = _CouncilFile.model_validate(document.value).councils
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            place = ".".join(str(part) for part in problem["loc"])
            faults.append(Fault(file, document.line(problem["loc"]), f"{place}: {problem['msg']}."))
        raise KnowledgeError(f"{file}: the list of councils cannot be used.", faults) from error
    return {council.code: council for council in sorted(councils, key=lambda council: council.name)}


def find_councils(councils: Mapping[str, Council], typed: str, *, most: int = 100) -> list[Council]:
    """
    The councils whose name or code holds every word typed, those called by it first; all of them for nothing typed.

    The number is limited to *most* because a Slack menu shows 100.
    """
    text = " ".join(typed.casefold().split())
    found = [
        council
        for council in councils.values()
        if all(word in f"{council.name} {council.code}".casefold() for word in text.split())
    ]
    found.sort(key=lambda council: (not _short(council).startswith(text), len(_short(council)) if text else 0))
    return found[:most]


def council_names(councils: Mapping[str, Council]) -> dict[str, str]:
    """What a register may call a council (its name or its code) and the code behind it."""
    return {**{council.name: council.code for council in councils.values()}, **{code: code for code in councils}}


def _short(council: Council) -> str:
    """The name without what comes before the place: "york council" for the City of York Council."""
    name = council.name.casefold()
    return re.sub(r"^(the )?(london borough|royal borough|city and county|city|county) of (the )?", "", name)
