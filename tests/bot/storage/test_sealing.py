"""What is sealed opens with any of the keys, is sealed with the first, and says what to do where a key is lost."""

from __future__ import annotations

import pytest

from bot.errors import StorageError
from bot.storage.sealing import Sealer, new_key

OLD, NEW = new_key(), new_key()


def test_what_is_sealed_does_not_show_and_opens_again() -> None:
    sealed = Sealer([NEW]).seal("xoxb-1")

    assert "xoxb" not in sealed
    assert Sealer([NEW]).open(sealed) == "xoxb-1"


def test_without_a_key_everything_stays_as_it_is() -> None:
    assert Sealer().seal("xoxb-1") == Sealer().open("xoxb-1") == "xoxb-1"


def test_what_was_kept_before_there_was_a_key_stays_readable() -> None:
    assert Sealer([NEW]).open("xoxb-1") == "xoxb-1"


def test_the_first_key_seals_and_all_open() -> None:
    both = Sealer([NEW, OLD])

    assert both.open(Sealer([OLD]).seal("xoxb-1")) == "xoxb-1"
    assert Sealer([NEW]).open(both.seal("xoxb-1")) == "xoxb-1"


@pytest.mark.parametrize("keys", [[], [NEW]])
def test_what_was_sealed_with_a_lost_key_says_which_setting_to_mend(keys: list[str]) -> None:
    sealed = Sealer([OLD]).seal("xoxb-1")

    with pytest.raises(StorageError, match="ADVISOR_SECRET_KEYS"):
        Sealer(keys).open(sealed)


@pytest.mark.parametrize(
    ("by", "keys", "current"),
    [
        ([OLD], [OLD], True),
        ([OLD], [NEW, OLD], False),
        ([NEW], [NEW, OLD], True),
        ([], [NEW], False),
        ([], [], True),
        ([OLD], [], False),
    ],
)
def test_what_another_key_sealed_is_not_current(by: list[str], keys: list[str], current: bool) -> None:
    assert Sealer(keys).is_current(Sealer(by).seal("xoxb-1")) is current


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(StorageError, match="new-key"):
        Sealer(["hunter2"])
