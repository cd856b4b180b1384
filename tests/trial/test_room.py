"""The room stands alone: it imports nothing of the house around it, and no Bolt."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot.trial

MODULES = sorted(Path(bot.trial.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_module_imports_nothing_of_the_house(path: Path) -> None:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")

    inside = {name for name in names if name.split(".")[0] in ("bot", "handlers", "slack_bolt")}
    slack_sdk = {name for name in names if name.startswith("slack_sdk")}
    assert all(name.startswith("bot.trial") for name in inside)
    assert slack_sdk <= {"slack_sdk.signature"}
