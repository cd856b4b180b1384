"""What the documents say is true of the code: tests that they name exist, settings and tables are listed whole."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage.tables import metadata

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"
_NAMED = re.compile(r"`(?:tests/)?([\w/]+\.py)::(\w+)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


@cache
def named_in(file: str) -> frozenset[str]:
    """The tests in a file; none where there is no such file."""
    path = REPOSITORY / "tests" / file
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def text_of(name: str) -> str:
    """A document."""
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "fewest"), [("security.md", 30), ("privacy.md", 7), ("testing.md", 20)])
def test_every_test_that_is_named_exists(name: str, fewest: int) -> None:
    named = _NAMED.findall(text_of(name))

    assert len(named) >= fewest
    assert [f"{file}::{test}" for file, test in named if test not in named_in(file)] == []


def test_every_threat_has_a_proof() -> None:
    threats = text_of("security.md").partition("## Threats")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in threats.splitlines() if line.startswith("| ")][1:]

    assert len(rows) > 15
    assert [row[1].strip() for row in rows if "`" not in row[3] and row[3].strip() != "the same"] == []


def test_every_table_is_in_the_privacy_page() -> None:
    listed = text_of("privacy.md").partition("## What is held")[2].partition("\n## ")[0]
    cells = " ".join(line.split("|")[1] for line in listed.splitlines() if line.startswith("| `"))

    assert set(re.findall(r"`(\w+)`", cells)) == set(metadata.tables)


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    listed = text_of("operations.md").partition("## Settings")[2].partition("\n## ")[0]
    documented = {line.split("`")[1] for line in listed.splitlines() if line.startswith("| `")}

    assert documented == {field.validation_alias for field in Settings.model_fields.values()}


@pytest.mark.parametrize("file", sorted(DOCS.glob("*.md")), ids=lambda file: file.name)
def test_every_link_within_the_repository_leads_somewhere(file: Path) -> None:
    broken = [link for link in _LINK.findall(file.read_text(encoding="utf-8")) if not (file.parent / link).exists()]

    assert broken == []
