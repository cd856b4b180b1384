"""``advisor vesting``: two files in, a work list out, and one line where something is wrong."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.network.aliases import Judgement
from bot.storage.commons import Commons
from bot.storage.database import Database
from tests.bot.checkpoints.build import NOW

A = "id,name,owner,supplier,phase,facts\ns1,Parking permits,U1,Acme,live,takes payments\ns2,Beach huts,,,live,\n"
B = "id,name,owner,supplier,phase\nt1,Parking permit,U2,Jadu,live\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "a.csv").write_text(A, encoding="utf-8")
    (tmp_path / "b.csv").write_text(B, encoding="utf-8")
    return [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]


def run(*arguments: str) -> int:
    """The exit code of ``advisor vesting`` with these arguments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["advisor", "vesting", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
    return int(stopped.value.code or 0)


def test_the_work_list_is_printed_with_what_clashes_first(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*files, "--on", "2028-04-01") == 0

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["join"] for row in rows] == ["certain", "only in A"]
    assert rows[0]["to settle"] == "two suppliers, so probably two systems: Acme and Jadu"
    assert rows[1]["to settle"] == "nobody owns it in A"


def test_systems_are_laid_beside_each_other_and_names_that_editors_judged_to_be_one_do_not_clash(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("name,owner,system\nCouncil tax,U1,NEC Revenues\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("name,owner,system\nCouncil tax,U2,Northgate Revenues\n", encoding="utf-8")
    files = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--on", "2028-04-01"]
    shutil.copy(migrated_sqlite, tmp_path / "advisor.sqlite3")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'advisor.sqlite3'}")
    with (
        closing(Database(f"sqlite:///{tmp_path / 'advisor.sqlite3'}")) as database,
        Commons(database).writing() as pages,
    ):
        judgement = Judgement("system", "NEC Revenues", "Northgate Revenues", same=True)
        pages.judgements("T1").keep(judgement, who="U1", at=NOW)

    codes = [run(*files), run(*files, "--workspace", "T1"), run(*files, "--workspace", "T2")]

    assert codes == [0, 0, 2]
    printed = capsys.readouterr()
    rows = [row for row in csv.DictReader(io.StringIO(printed.out, newline="")) if row["order"] == "1"]
    assert [row["to settle"] for row in rows] == ["two systems: NEC Revenues and Northgate Revenues", ""]
    assert (rows[0]["system in A"], rows[0]["system in B"]) == ("NEC Revenues", "Northgate Revenues")
    assert "--workspace: no name has been judged in T2" in printed.err


def test_ratings_are_laid_beside_each_other(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, id, rating in (("pa.csv", "s1", "met"), ("pb.csv", "t1", "not yet")):
        text = f"service_id,point,rating\n{id},service-standard/05,{rating}\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    points = ["--points-a", str(tmp_path / "pa.csv"), "--points-b", str(tmp_path / "pb.csv")]

    assert run(*files, "--on", "2028-04-01", *points) == 0

    assert "rated differently: service-standard/05 (met in A, not yet in B)" in capsys.readouterr().out


def test_it_is_written_to_a_file_and_counted(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "work.csv"

    assert run(*files, "--on", "2028-04-01", "--output", str(output)) == 0

    assert "1 certain, 0 likely, 1 only in one." in capsys.readouterr().out
    assert output.read_text(encoding="utf-8-sig").startswith("order,weight,join")


@pytest.mark.parametrize("on", ["1 April 2028", "2028-13-01"])
def test_a_day_that_is_none_is_one_line(files: list[str], on: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*files, "--on", on) == 2

    assert "is not a date" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_line(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files[0], "nowhere.csv", "--on", "2028-04-01") == 2

    assert "nowhere.csv: cannot be read" in capsys.readouterr().err
