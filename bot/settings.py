"""The environment, read once. Slack's own settings keep their conventional names, ours begin with ADVISOR_."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent
SHIPPED_KNOWLEDGE = REPOSITORY / "knowledge"
QUESTION_SETS = REPOSITORY / "tests" / "content" / "questions"
"""The question sets by which Advisor measures itself; they come with the source."""

_SHORTEST_TOKEN = 16
_KEY_BYTES = 32

Mode = Literal["http", "socket", "none"]


class Settings(BaseSettings):
    """All settings, frozen. Times are whole days unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, populate_by_name=True
    )

    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_client_id: str | None = Field(None, validation_alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(None, validation_alias="SLACK_CLIENT_SECRET")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")
    database_url: str = Field("sqlite:///var/advisor.sqlite3", validation_alias="DATABASE_URL")
    secret_keys: SecretStr | None = Field(None, validation_alias="ADVISOR_SECRET_KEYS")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(3000, validation_alias="PORT")
    web_workers: Annotated[int, Field(ge=1, le=64)] = Field(1, validation_alias="WEB_CONCURRENCY")
    knowledge: Path = Field(SHIPPED_KNOWLEDGE, validation_alias="ADVISOR_KNOWLEDGE")
    cache: Path = Field(Path("~/.cache/advisor"), validate_default=True, validation_alias="ADVISOR_CACHE")
    question_sets: Path = Field(QUESTION_SETS, validation_alias="ADVISOR_QUESTION_SETS")
    retention_days: Annotated[int, Field(ge=1, le=3650)] = Field(90, validation_alias="ADVISOR_RETENTION_DAYS")
    rate_limit: Annotated[int, Field(ge=0, le=600)] = Field(30, validation_alias="ADVISOR_RATE_LIMIT")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="ADVISOR_LOG_LEVEL")
    agent_features: bool = Field(False, validation_alias="ADVISOR_AGENT_FEATURES")
    metrics_token: SecretStr | None = Field(None, validation_alias="ADVISOR_METRICS_TOKEN")
    health_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(None, validation_alias="ADVISOR_HEALTH_PORT")
    help_channel: str | None = Field(None, validation_alias="ADVISOR_HELP_CHANNEL")
    admins: str = Field("", validation_alias="ADVISOR_ADMINS")

    @field_validator("knowledge", "cache", "question_sets")
    @classmethod
    def _path(cls, path: Path) -> Path:
        try:
            return path.expanduser()
        except RuntimeError:
            raise ValueError(f"there is no home folder {path.parts[0]}: write the whole path") from None

    @field_validator("log_level", mode="before")
    @classmethod
    def _log_level(cls, level: str) -> str:
        return level.upper()

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith("xoxb-"):
            raise ValueError("a bot token starts with xoxb- (Slack: OAuth & Permissions)")
        return token

    @field_validator("metrics_token")
    @classmethod
    def _metrics_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and len(token.get_secret_value()) < _SHORTEST_TOKEN:
            raise ValueError(f"at least {_SHORTEST_TOKEN} characters, such as from: openssl rand -hex 16")
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith("xapp-"):
            raise ValueError("an app-level token starts with xapp- (Slack: Basic Information, App-Level Tokens)")
        return token

    @field_validator("secret_keys")
    @classmethod
    def _secret_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if not all(map(_is_key, _words(keys.get_secret_value() if keys else ""))):
            raise ValueError("one of the keys is none: `advisor workspaces new-key` makes one")
        return keys

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("write a whole address, such as https://slack.com/api/")
        return url if url.endswith("/") else url + "/"

    @property
    def mode(self) -> Mode:
        """How Slack reaches us: ``socket`` with an app token, ``http`` with a signing secret, else ``none``."""
        if self.slack_bot_token is None:
            return "http" if self.many_workspaces else "none"
        return "socket" if self.slack_app_token else "http" if self.slack_signing_secret else "none"

    @property
    def many_workspaces(self) -> bool:
        """
        Whether any workspace may install Advisor (OAuth). A bot token means one workspace, whatever else is set: who
        copies everything that Slack shows under Basic Information has the client id and its secret too.
        """
        return bool(
            self.slack_bot_token is None
            and self.slack_client_id
            and self.slack_client_secret
            and self.slack_signing_secret
        )

    @property
    def anything_of_slack(self) -> bool:
        """Whether somebody has begun to configure Slack at all."""
        return any((self.slack_bot_token, self.slack_signing_secret, self.slack_app_token, self.slack_client_id))

    @property
    def admin_ids(self) -> frozenset[str]:
        """The user ids of those who are administrators of every workspace."""
        return frozenset(_words(self.admins))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys by which secrets are sealed in the database: the first seals, all open."""
        return tuple(_words(self.secret_keys.get_secret_value() if self.secret_keys else ""))

    def require_slack(self) -> None:
        """
        Raises: SettingsError: what is missing for either mode, one line each, all at once.
        """
        if self.slack_bot_token is None and self.slack_client_id:
            self._require_oauth()
            return
        missing = []
        if self.slack_bot_token is None:
            missing.append("SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token (xoxb-...) of your Slack app.")
        if self.slack_app_token is None and self.slack_signing_secret is None:
            missing.append(
                "SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode) is not set: set one of the two; "
                "both are under Basic Information of your Slack app."
            )
        if missing:
            raise SettingsError("\n".join(missing))

    def _require_oauth(self) -> None:
        needed = {"SLACK_CLIENT_SECRET": self.slack_client_secret, "SLACK_SIGNING_SECRET": self.slack_signing_secret}
        missing = [
            f"{name} is not set: SLACK_CLIENT_ID without SLACK_BOT_TOKEN lets any workspace install Advisor, and that "
            "needs it too; it is under Basic Information of your Slack app."
            for name, value in needed.items()
            if value is None
        ]
        if missing:
            raise SettingsError("\n".join(missing))


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _is_key(text: str) -> bool:
    """Whether it is a key of Fernet's: 32 bytes in base64 (https://github.com/fernet/spec, checked 2026-11-23)."""
    try:
        return len(base64.urlsafe_b64decode(text)) == _KEY_BYTES
    except ValueError:
        return False


def read_settings() -> Settings:
    """
    The settings from the environment, and from ``.env`` in the working directory where there is one.

    Raises: SettingsError: one line for each setting that is wrong, all at once; secrets are never repeated in it.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{problem['loc'][0]}: {problem['msg'].removeprefix('Value error, ')}." for problem in error.errors()]
        raise SettingsError("\n".join(lines)) from None
    except UnicodeDecodeError as error:
        raise SettingsError(f".env: not UTF-8 text (byte {error.start}): save it as UTF-8.") from None
