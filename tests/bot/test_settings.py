"""The environment is read once; whatever is wrong with it is said at once, a line each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SHIPPED_KNOWLEDGE, Settings, read_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [
        one for one in os.environ if one.startswith(("SLACK_", "ADVISOR_")) or one in ("PORT", "DATABASE_URL")
    ]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()

    assert settings.mode == "none"
    assert not settings.anything_of_slack
    assert settings.knowledge == SHIPPED_KNOWLEDGE
    assert settings.cache == Path.home() / ".cache" / "advisor"


@pytest.mark.parametrize(
    ("tokens", "mode"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "socket"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, "http"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "none"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "none"),
    ],
)
def test_the_tokens_say_how_slack_reaches_us(
    monkeypatch: pytest.MonkeyPatch, tokens: dict[str, str], mode: str
) -> None:
    for name, token in tokens.items():
        monkeypatch.setenv(name, token)

    assert read_settings().mode == mode


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "secret-1", "SLACK_BOT_TOKEN: a bot token starts with xoxb-"),
        ("SLACK_APP_TOKEN", "secret-1", "SLACK_APP_TOKEN: an app-level token starts with xapp-"),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL: write a whole address"),
        ("PORT", "0", "PORT: "),
        ("ADVISOR_RETENTION_DAYS", "never", "ADVISOR_RETENTION_DAYS: "),
        ("ADVISOR_LOG_LEVEL", "loud", "ADVISOR_LOG_LEVEL: "),
        ("ADVISOR_AGENT_FEATURES", "perhaps", "ADVISOR_AGENT_FEATURES: "),
        ("ADVISOR_CACHE", "~nobody-of-that-name/x", "ADVISOR_CACHE: there is no home folder ~nobody-of-that-name"),
        ("ADVISOR_KNOWLEDGE", "~nobody-of-that-name", "ADVISOR_KNOWLEDGE: there is no home folder"),
    ],
)
def test_a_wrong_setting_is_one_line_and_never_repeats_a_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
    assert "secret-1" not in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "abc")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "abc")

    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert len(str(caught.value).splitlines()) == 2


def test_an_empty_setting_counts_as_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("PORT", "")

    assert read_settings().port == 3000


def test_a_file_env_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nADVISOR_ADMINS=U1, U2\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5000")

    settings = read_settings()

    assert settings.port == 5000
    assert settings.admin_ids == {"U1", "U2"}


def test_a_file_env_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\n")

    with pytest.raises(SettingsError, match=r"^\.env: not UTF-8 text \(byte 5\): save it as UTF-8\.$"):
        read_settings()


def test_paths_may_begin_at_home_and_log_levels_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_KNOWLEDGE", "~/words")
    monkeypatch.setenv("ADVISOR_LOG_LEVEL", "debug")

    settings = read_settings()

    assert settings.knowledge == Path.home() / "words"
    assert settings.log_level == "DEBUG"


def test_what_is_missing_for_slack_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(_env_file=None).require_slack()

    assert [line.split()[0] for line in str(caught.value).splitlines()] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]


def settings_of(**given: str) -> Settings:
    """Settings with nothing but these of Slack's."""
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]  # as from the environment


BASIC = {"slack_client_id": "1.2", "slack_client_secret": "c", "slack_signing_secret": "s"}


@pytest.mark.parametrize(
    ("given", "many", "mode"),
    [
        (BASIC, True, "http"),
        ({**BASIC, "slack_bot_token": "xoxb-1"}, False, "http"),
        ({**BASIC, "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, False, "socket"),
        ({**BASIC, "slack_app_token": "xapp-1"}, True, "http"),
    ],
)
def test_a_bot_token_means_one_workspace_and_none_means_many(given: dict[str, str], many: bool, mode: str) -> None:
    settings = settings_of(**given)
    settings.require_slack()

    assert (settings.many_workspaces, settings.mode) == (many, mode)


def test_what_is_missing_for_many_workspaces_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(slack_client_id="1.2").require_slack()

    assert [line.split()[0] for line in str(caught.value).splitlines()] == [
        "SLACK_CLIENT_SECRET",
        "SLACK_SIGNING_SECRET",
    ]
