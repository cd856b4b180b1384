"""A folder that was found without fault is not read twice: what is kept is the same, for as long as it would be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import checked
from bot.knowledge.checked import Checked, read_checked, read_kept
from bot.knowledge.loading import load
from bot.settings import SHIPPED_KNOWLEDGE
from tests.bot.knowledge.test_loading import GOOD, TODAY, folder_with

LATE = dt.date(2027, 11, 20)
"""The day from which the entry's review date is past."""


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were read: one that was kept is not among them."""
    read: list[Path] = []

    def noted(folder: Path) -> object:
        read.append(folder)
        return load(folder)

    monkeypatch.setattr(checked, "load", noted)
    return read


def read(folder: Path, snapshots: Path, today: dt.date = TODAY) -> Checked:
    """As every start does."""
    kept = read_kept(folder, today=today, snapshots=snapshots)
    return kept or read_checked(folder, today=today, snapshots=snapshots)


def test_the_library_that_ships_is_the_same_from_the_snapshot(tmp_path: Path, loads: list[Path]) -> None:
    first = read(SHIPPED_KNOWLEDGE, tmp_path)
    second = read(SHIPPED_KNOWLEDGE, tmp_path)

    assert second == first
    assert len(loads) == 1


def test_a_changed_file_and_a_new_one_are_read(tmp_path: Path, loads: list[Path]) -> None:
    folder, kept = folder_with(tmp_path / "knowledge", texting=GOOD), tmp_path / "kept"
    read(folder, kept)

    folder_with(folder, texting=GOOD.replace("title: Texting", "title: Text messages"))
    changed, _ = read(folder, kept)
    folder_with(folder, calling=GOOD.replace("texting", "calling"))
    more, _ = read(folder, kept)

    assert changed["guide/texting"].title == "Text messages"
    assert len(more) == 2
    assert len(loads) == 3


def test_a_fault_is_told_at_every_start_and_never_kept(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "knowledge", texting=GOOD.replace("review_by: 2027-11-20\n", ""))

    for _ in range(2):
        with pytest.raises(KnowledgeError, match="no review date"):
            read(folder, tmp_path / "kept")


def test_what_is_kept_holds_until_a_review_date_and_the_warning_is_kept_from_then_on(
    tmp_path: Path, loads: list[Path]
) -> None:
    folder, kept = folder_with(tmp_path / "knowledge", texting=GOOD), tmp_path / "kept"
    days = (TODAY, LATE - dt.timedelta(days=1), LATE, LATE + dt.timedelta(days=900), TODAY)

    found = [read(folder, kept, day)[1] for day in days]

    warning = (f"{folder}/guide/texting.yaml:24: warning: the review date 2027-11-20 is past",)
    assert [[str(one).partition(": check")[0] for one in faults] for faults in found] == [
        [], [], [*warning], [*warning], [],
    ]  # fmt: skip
    assert len(loads) == 3


def test_a_damaged_snapshot_is_read_anew_and_a_folder_that_takes_none_costs_only_time(tmp_path: Path) -> None:
    folder, kept = folder_with(tmp_path / "knowledge", texting=GOOD), tmp_path / "kept"
    first = read(folder, kept)
    [file] = kept.glob("library-*.json")
    file.write_text('{"version": 1', encoding="utf-8")

    assert read(folder, kept) == first
    assert read(folder, Path("/dev/null/nowhere")) == first
