"""How good the answers are on questions whose right entries are known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bot.answers.scorecard import Asked, Labelled, Report, summarise
from bot.errors import InputError
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge


def read_questions(file: Path) -> list[Labelled]:
    """
    The labelled questions of a JSON Lines file: ``{"q": ..., "ids": [...]}`` a line.

    Raises: InputError: the file cannot be read, or a line is not of that shape; names the line.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read ({error}).") from error
    rows: list[Labelled] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            rows.append(_labelled(line, f"{file}:{number}"))
    if not rows:
        raise InputError(f"{file}: there is no question in it.")
    return rows


def _labelled(line: str, place: str) -> Labelled:
    try:
        row = json.loads(line)
        if not isinstance(row["ids"], list) or not all(isinstance(one, str) for one in row["ids"]):
            raise TypeError("ids")
        return Labelled(str(row["q"]), tuple(row["ids"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f'{place}: not a line like {{"q": "...", "ids": ["..."]}}.') from error


def evaluate(questions: Iterable[Labelled], knowledge: Knowledge) -> Report:
    """
    Ask every question and count. Ids without an entry are left out of the labels; a question that then has none left,
    and had some, is not counted at all.
    """
    asked = []
    for question in questions:
        known = tuple(one for one in question.ids if one in knowledge.library)
        if known or not question.ids:
            asked.append(Asked(Labelled(question.q, known), ask(question.q, knowledge)))
    return summarise(asked)
