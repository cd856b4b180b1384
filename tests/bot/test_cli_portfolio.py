"""The commands that look across services, on a database with a made-up portfolio."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from bot.checkpoints.checkpoint import Step
from bot.cli import main
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.usecases.knowledge_base import KnowledgeBase
from tests.bot.checkpoints.build import NOW
from tests.bot.portfolio.build import make_portfolio


@pytest.fixture
def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knowledge_base: KnowledgeBase, migrated_sqlite: Path
) -> Path:
    """A database with eight services, and nothing else configured; the knowledge is read once for all of the suite."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(KnowledgeBase, "open", lambda *_, **__: knowledge_base)
    shutil.copy(migrated_sqlite, tmp_path / "advisor.sqlite3")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    url = f"sqlite:///{tmp_path / 'advisor.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = Database(url)
    portfolio = make_portfolio(8)
    with Ledger(store).writing("T1") as pages:
        for service in portfolio.services:
            pages.services.keep(service, (), who="import", at=NOW)
        for kept in portfolio.checkpoints.values():
            for checkpoint in kept:
                pages.checkpoints.keep(Step(checkpoint, ()), at=NOW)
    store.close()
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["advisor", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_csv_goes_to_standard_output(
    database: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(monkeypatch, "export", "--where", "directorate:Housing") == 0

    rows = list(csv.reader(io.StringIO(capfdbinary.readouterr().out.decode("utf-8-sig"), newline="")))
    assert [row[1] for row in rows] == ["name", "Service 000", "Service 004"]


@pytest.mark.parametrize("format", ["csv", "xlsx", "json", "ics"])
def test_every_format_is_written_to_a_file(database: Path, monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    file = database / f"out.{format}"

    assert run(monkeypatch, "export", "--format", format, "--output", str(file)) == 0

    if format == "xlsx":
        assert openpyxl.load_workbook(file)["services"].max_row == 9
    elif format == "json":
        assert len(json.loads(file.read_text(encoding="utf-8"))["services"]) == 8
    else:
        assert file.stat().st_size > 200


@pytest.mark.parametrize("words", [("Service 001",), ("portfolio",), ("s1", "--format", "docx")])
def test_a_paper_is_written(database: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    file = database / "paper"

    assert run(monkeypatch, "paper", *words, "--output", str(file)) == 0

    content = file.read_bytes()
    assert content.startswith(b"PK" if "docx" in words else b"# ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "--where", "nonsense"), "do not know what 'nonsense' chooses"),
        (("export", "--table", "people"), "There is no table 'people'"),
        (("export", "--workspace", "T1", "--output", "/nowhere/x.csv"), "cannot be written"),
        (("paper", "Bins"), "No service is called 'Bins'"),
        (("paper", "s1", "--where", "phase:live"), "--where chooses"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...],
    said: str,
) -> None:  # fmt: skip
    assert run(monkeypatch, *words) == 2

    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert said in error


def test_the_schema_is_printed_without_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none/at/all.sqlite3")

    assert run(monkeypatch, "export", "--schema") == 0

    assert json.loads(capsys.readouterr().out)["title"] == "Advisor portfolio"


def test_a_case_study_of_what_has_not_passed_is_one_line(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "case", "Service 001") == 2

    assert "has not passed its live review yet" in capsys.readouterr().err
