"""The housekeeper: what is old is forgotten, a changed folder is read again, and a failure does not end it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.app import Running
from bot.clock import Housekeeper, fingerprint

_PATIENCE_SECONDS = 20.0


class House:
    """What a housekeeper looks after: it counts the rounds, and fails in those that a test names."""

    def __init__(self, folder: Path, *, failing: frozenset[int] = frozenset(), rounds: int = 1) -> None:
        self.settings = SimpleNamespace(knowledge=folder)
        self.knowledge_base = self
        self.reloads = self.forgotten = self.looked_for_left = 0
        self.enough = threading.Event()
        self._failing, self._rounds = failing, rounds

    def now(self) -> Any:
        """The moment, of which only the day is asked."""
        return SimpleNamespace(date=lambda: None)

    def reload(self, *, today: Any) -> bool:
        """Read the folder again."""
        self.reloads += 1
        return True

    def answer_left(self) -> int:
        """Answer what somebody else has left."""
        self.looked_for_left += 1
        return 0

    def forget_old(self) -> None:
        """Forget what is old; the housekeeper's last deed in a round."""
        self.forgotten += 1
        if self.forgotten >= self._rounds:
            self.enough.set()
        if self.forgotten in self._failing:
            raise RuntimeError("the disk is full")


def run(house: House) -> None:
    """Let a housekeeper work until *house* has had enough."""
    housekeeper = Housekeeper(cast(Running, house), every=0)
    housekeeper.start()
    assert house.enough.wait(_PATIENCE_SECONDS)
    housekeeper.stop()


def test_what_is_old_is_forgotten_at_once(tmp_path: Path) -> None:
    house = House(tmp_path)

    run(house)

    assert house.forgotten == 1


def test_a_failure_is_logged_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    house = House(tmp_path, failing=frozenset({1, 2}), rounds=3)

    run(house)

    assert [record.getMessage() for record in caplog.records] == ["Housekeeping failed; it is tried again."] * 2


def test_a_folder_is_read_again_when_a_file_in_it_changes(tmp_path: Path) -> None:
    (tmp_path / "alpha.yaml").write_text("title: Alpha", encoding="utf-8")
    house = House(tmp_path)
    housekeeper = Housekeeper(cast(Running, house))

    looks = [housekeeper.look()]
    (tmp_path / "alpha.yaml").write_text("title: Alpha!", encoding="utf-8")
    looks += [housekeeper.look(), housekeeper.look()]
    (tmp_path / "beta.yml").write_text("title: Beta", encoding="utf-8")
    looks += [housekeeper.look()]
    (tmp_path / "alpha.yaml").unlink()
    looks += [housekeeper.look()]
    (tmp_path / "notes.txt").write_text("not ours", encoding="utf-8")
    looks += [housekeeper.look()]

    assert looks == [False, True, False, True, True, False]
    assert house.reloads == 3


def test_what_was_saved_since_the_knowledge_was_read_is_read_at_the_first_look(tmp_path: Path) -> None:
    seen = fingerprint(tmp_path)
    (tmp_path / "alpha.yaml").write_text("title: Alpha", encoding="utf-8")
    house = House(tmp_path)

    housekeeper = Housekeeper(cast(Running, house), seen=seen)

    assert [housekeeper.look(), housekeeper.look()] == [True, False]


def test_a_file_of_the_same_size_saved_later_is_a_change(tmp_path: Path) -> None:
    file = tmp_path / "alpha.yaml"
    file.write_text("title: Alpha", encoding="utf-8")
    before = fingerprint(tmp_path)

    os.utime(file, (1, 1))

    assert fingerprint(tmp_path) != before


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "gone") == ()


@pytest.mark.parametrize(("answers", "looked"), [(True, 1), (False, 0)])
def test_what_was_left_is_looked_for_only_where_it_can_be_answered(tmp_path: Path, answers: bool, looked: int) -> None:
    house = House(tmp_path)
    housekeeper = Housekeeper(cast(Running, house), every=60, answers=answers)

    housekeeper.start()
    assert house.enough.wait(_PATIENCE_SECONDS)
    housekeeper.stop()

    assert house.looked_for_left == looked
