"""A fault in the knowledge folder: where it is, what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["structure", "editorial", "warning"]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend.

    ``structure``: the file or entry cannot be read, whoever wrote it. ``editorial``: it can be read, and breaks a
    rule of our own knowledge base. ``warning``: due for a look, and no reason to refuse.
    """

    file: Path
    line: int
    text: str
    severity: Severity = "structure"

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}: {mark}{self.text}"
