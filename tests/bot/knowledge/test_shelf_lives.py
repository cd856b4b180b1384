"""The shelf lives of evidence: checked line by line, part of the version, and changed by editing the file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.knowledge.checking import check
from bot.knowledge.loading import load
from bot.knowledge.shelf_lives import shipped_shelf_lives

TODAY = dt.date(2026, 11, 23)
DOCUMENT = "  - {type: document, months: 24, why: So., suggested_by: Us}"
ENTRY = "title: T\nsummary: S\n"


def folder_with(tmp_path: Path, *lines: str, review_by: str = "2027-11-23") -> Path:
    (tmp_path / "guide").mkdir(exist_ok=True)
    (tmp_path / "guide" / "x.yaml").write_text(ENTRY, encoding="utf-8")
    written = "\n".join([f"review_by: {review_by}", "types:", *lines, ""])
    (tmp_path / "shelf-lives.yaml").write_text(written, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path) -> list[str]:
    found = check(load(folder), today=TODAY)
    return [str(one).removeprefix(f"{folder}/") for one in found if one.file.name == "shelf-lives.yaml"]


def test_a_council_changes_a_number_by_editing_the_file(tmp_path: Path) -> None:
    code = "  - {type: code, months: for ever, why: So., suggested_by: Us}"
    first = load(folder_with(tmp_path, DOCUMENT, code))
    second = load(folder_with(tmp_path, DOCUMENT.replace("24", "36")))

    assert faults_of(tmp_path) == []
    assert {type: life.months for type, life in first.library.shelf_lives.items()} == {"document": 24, "code": None}
    assert second.library.shelf_lives["document"].months == 36
    assert first.library.version != second.library.version


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (DOCUMENT, ":2: types: these types stand twice: document"),
        (
            "  - {type: audit, months: twelve, why: So., suggested_by: Us}",
            ":4: types.1.months: write a whole",
        ),
        ("  - {type: audit, months: 0, why: So., suggested_by: Us}", "from 1 to 120, or 'for ever'"),
        ("  - {type: audit, months: 12, suggested_by: Us}", ":4: the field 'types.1.why' is missing"),
        ("  - {type: audit, months: 12, why: So.}", ":4: types.1: say where the number is from"),
        (
            "  - {type: audit, months: 12, why: So., source: {title: T, url: gov.uk, checked: 2026-11-23}}",
            ":4: types.1.source.url: write the whole address",
        ),
        ("  - {type: audit, month: 12, why: So., suggested_by: Us}", ":4: unknown field 'types.1.month'"),
    ],
)
def test_each_fault_is_said_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    faults = faults_of(folder_with(tmp_path, DOCUMENT, line))

    assert any(said in fault for fault in faults), faults


def test_the_type_for_everything_else_must_stay(tmp_path: Path) -> None:
    [fault] = faults_of(folder_with(tmp_path, DOCUMENT.replace("document", "paper")))

    assert "the type 'document' is missing" in fault


def test_a_file_past_its_review_date_is_a_warning(tmp_path: Path) -> None:
    [fault] = faults_of(folder_with(tmp_path, DOCUMENT, review_by="2026-11-01"))

    assert fault.startswith("shelf-lives.yaml:1: warning: the review date 2026-11-01 is past")


def test_a_folder_without_the_file_has_none_and_the_shipped_ones_stand_in(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(ENTRY, encoding="utf-8")

    assert load(tmp_path).library.shelf_lives == {}
    assert shipped_shelf_lives()["accessibility audit"].months == 12
