"""The audit of our packages: faults that can be mended fail it, and where nobody could be asked it says so."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).resolve().parents[2] / ".ci" / "audit"


@pytest.fixture(scope="module")
def audit() -> Any:
    """The script, as a module."""
    loader = SourceFileLoader("audit", str(FILE))
    spec = importlib.util.spec_from_loader("audit", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def package(**changes: Any) -> dict[str, Any]:
    """A package of which nothing bad is known."""
    return {"name": "gunicorn", "version": "27.0.1", "vulns": [], **changes}


def fault(*mended_in: str) -> dict[str, Any]:
    """A known fault."""
    return {"id": "PYSEC-2026-1", "fix_versions": list(mended_in)}


@pytest.mark.parametrize(
    ("packages", "code", "line"),
    [
        ([], 0, "NOTHING WAS AUDITED"),
        ([{"name": "x", "skip_reason": "not found"}], 0, "NOTHING WAS AUDITED"),
        ([package()], 0, "1 of 1 pinned packages looked at, 0 faults to mend"),
        ([package(vulns=[fault()])], 0, "nobody has mended it yet"),
        ([package(vulns=[fault("28.0")])], 1, "mended in 28.0: run make lock"),
    ],
)
def test_what_is_said_and_whether_it_fails(
    audit: Any, capsys: pytest.CaptureFixture[str], packages: list[dict[str, Any]], code: int, line: str
) -> None:
    assert audit.judge(packages) == code
    assert line in capsys.readouterr().out


def test_without_the_tool_nothing_fails(audit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main("/nowhere/pip-audit") == 0
    assert "NOTHING WAS AUDITED" in capsys.readouterr().out
