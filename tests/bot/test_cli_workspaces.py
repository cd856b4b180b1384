"""``advisor workspaces``: what is kept of whom, taken out, and deleted without touching anybody else's."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot import cli
from bot.storage.database import Database
from bot.storage.gaps import Gaps
from bot.storage.installations import Installations
from bot.storage.sealing import Sealer, new_key
from bot.storage.workspaces import count_rows
from tests.bot.storage.processes import NOON

OLD, NEW = new_key(), new_key()


@pytest.fixture
def database(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Two workspaces with something in them; one of them has installed Advisor."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("ADVISOR_SECRET_KEYS", OLD)
    with closing(Database(address)) as opened:
        for workspace in ("T1", "T2"):
            Gaps(opened).record(workspace, f"bins of {workspace}", "no_entry", None, 0.1, at=NOON)
        Installations(opened, "1.2", Sealer([OLD])).save(
            Installation(
                app_id="A1", team_id="T1", team_name="Leeds", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1",
                user_id="U2", installed_at=NOON.timestamp(),
            )
        )  # fmt: skip
        yield opened


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, and what was printed and complained."""
    monkeypatch.setattr("sys.argv", ["advisor", "workspaces", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


def test_every_workspace_is_listed(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(monkeypatch, capsys, "list")

    assert out.splitlines() == [
        "T1  Leeds  installed 2026-11-23  1 rows",
        "T2  -  no installation  1 rows",
        "2 workspaces.",
    ]


def test_an_export_has_everything_of_one_workspace_and_no_token(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(monkeypatch, capsys, "export", "T1")

    assert [row["question"] for row in json.loads(out)["gaps"]] == ["bins of T1"]
    assert "T2" not in out
    assert "xoxb" not in out


def test_erasing_takes_one_workspace_and_its_tokens(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "erase", "T1", "--yes")

    assert code == 0
    assert out.startswith("T1 is erased: 1 rows and its tokens.")
    assert count_rows(database) == {"T2": 1}
    assert Installations(database, "1.2", Sealer([OLD])).installed() == []


def test_nothing_is_erased_before_somebody_has_said_yes(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))

    code, _, _ = run(monkeypatch, capsys, "erase", "T1")

    assert code == 130
    assert count_rows(database) == {"T1": 1, "T2": 1}


@pytest.mark.parametrize("command", ["export", "erase"])
def test_a_workspace_that_is_not_there_is_one_line(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, _, err = run(monkeypatch, capsys, command, "T3")

    assert code == 2
    assert err == "advisor: nothing is kept of a workspace 'T3': advisor workspaces list shows their ids.\n"


def test_tokens_are_sealed_with_the_newest_key(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADVISOR_SECRET_KEYS", f"{NEW},{OLD}")

    _, out, _ = run(monkeypatch, capsys, "reencrypt")

    assert out == "2 rows are sealed anew.\n"
    found = Installations(database, "1.2", Sealer([NEW])).of_workspace("T1")
    assert found is not None
    assert found.bot_token == "xoxb-1"


def test_a_new_key_is_one_that_is_taken(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, key, _ = run(monkeypatch, capsys, "new-key")

    monkeypatch.setenv("ADVISOR_SECRET_KEYS", key.strip())

    assert run(monkeypatch, capsys, "reencrypt")[2].startswith(
        "advisor: Something in the database was sealed with a key"
    )


def test_a_key_that_is_none_is_one_line(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADVISOR_SECRET_KEYS", "hunter2")

    code, _, err = run(monkeypatch, capsys, "reencrypt")

    assert code == 2
    assert err.startswith("advisor: ADVISOR_SECRET_KEYS: one of the keys is none")
    assert "hunter2" not in err
