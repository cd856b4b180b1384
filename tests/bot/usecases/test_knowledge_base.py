"""A broken folder never takes down what is in use."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.usecases.knowledge_base import KnowledgeBase, open_any
from tests.bot.knowledge.test_loading import GOOD, folder_with

TODAY = dt.date(2026, 11, 23)


def test_a_folder_with_faults_is_refused_at_the_start_with_all_of_them(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, texting=GOOD.replace("title:", "titel:"))

    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.open(folder, today=TODAY)

    assert "titel" in " ".join(map(str, caught.value.faults)) or "not one usable entry" in str(caught.value)


def test_a_reload_swaps_the_whole_knowledge(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, texting=GOOD)
    base = KnowledgeBase.open(folder, today=TODAY)
    before = base.current
    folder_with(tmp_path, texting=GOOD.replace("Use the shared", "Always use the shared"))

    assert base.reload(today=TODAY)
    assert before.library["guide/texting"].summary.startswith("Use")
    assert base.current.library["guide/texting"].summary.startswith("Always")


def test_a_broken_reload_keeps_the_last_good_knowledge_and_says_so(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, texting=GOOD)
    base = KnowledgeBase.open(folder, today=TODAY)
    folder_with(tmp_path, other="title: [")

    assert not base.reload(today=TODAY)
    assert list(base.current.library.entries) == ["guide/texting"]
    assert "other.yaml" in str(base.faults[0])

    (folder / "guide" / "other.yaml").unlink()
    assert base.reload(today=TODAY)
    assert base.faults == ()


def test_a_folder_that_vanished_keeps_the_last_good_knowledge(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    folder = folder_with(tmp_path / "kb", texting=GOOD)
    base = KnowledgeBase.open(folder, today=TODAY)
    shutil.rmtree(folder)

    assert not base.reload(today=TODAY)
    assert len(base.current.library) == 1


def test_other_peoples_folder_is_refused_only_where_it_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "theirs.yaml"
    file.write_text("- {id: a, title: A, questions: [x], answer: B, colour: red}\n", encoding="utf-8")

    assert open_any(tmp_path).library["a"].summary == "B"

    file.write_text("- {id: a, title: A, questions: [x]}\n- {id: b, title: B, answer: C}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="'summary' is missing"):
        open_any(tmp_path)
