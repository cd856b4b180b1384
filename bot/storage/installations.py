"""Who has installed Advisor: Slack's own installation and state stores on our database, with their tokens sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.sealing import Sealer

STATE_SECONDS: Final = 600
"""How long somebody has on Slack's page before the installation must be begun again."""

_BOT_SECRETS = ("bot_token", "bot_refresh_token")
_SECRETS = (*_BOT_SECRETS, "user_token", "user_refresh_token", "incoming_webhook_url")


@dataclass(frozen=True)
class Installed:
    """One workspace (or a whole enterprise) that has installed Advisor, without its tokens."""

    workspace_id: str
    name: str
    installed_at: datetime
    scopes: tuple[str, ...]
    is_enterprise: bool


class Installations(SQLAlchemyInstallationStore):
    """
    Slack's installation store. One thing is different: what it keeps secret is sealed on its way in, and opened on its
    way out; and of each workspace only the newest installation stays.
    """

    def __init__(self, database: Database, client_id: str, sealer: Sealer) -> None:
        super().__init__(client_id=client_id, engine=database.engine)
        self._database = database
        self._sealer = sealer
        # Slack's own saving reads before it writes, so it needs the lock from the start.
        self._plain = SQLAlchemyInstallationStore(client_id=client_id, engine=database.writer)

    def save(self, installation: Installation) -> None:
        """Keep an installation, and its bot. Raises: StorageError."""
        sealed = self._sealed(installation.to_dict_for_copying(), _SECRETS)
        with self._database.in_one_line():
            self._plain.save(Installation(**sealed))
            self.forget(workspace_of(installation), before=sealed["installed_at"])

    def find_bot(self, **which: Any) -> Bot | None:
        """The bot of a workspace. Raises: StorageError."""
        with self._database.in_one_line():
            return super().find_bot(**which)

    def find_installation(self, *, user_id: str | None = None, **which: Any) -> Installation | None:
        """
        The newest installation in a workspace. Nothing of a person's own (*user_id*) is ever installed: Bolt asks for
        that with each request. Raises: StorageError.
        """
        if user_id is not None:
            return None
        with self._database.in_one_line():
            return super().find_installation(**which)

    def build_bot_entity(self, row: Any) -> Bot:  # type: ignore[override]  # theirs is of the class, ours has keys
        """The bot in a row, its secrets opened."""
        return SQLAlchemyInstallationStore.build_bot_entity(self._opened(row))

    def build_installation_entity(self, row: Any) -> Installation:  # type: ignore[override]
        """The installation in a row, its secrets opened."""
        return SQLAlchemyInstallationStore.build_installation_entity(self._opened(row))

    def of_workspace(self, workspace_id: str) -> Installation | None:
        """The installation by the id under which the rows of a workspace are kept. Raises: StorageError."""
        newest = self.installations.c.installed_at.desc()
        asked = select(self.installations).where(self._here(self.installations, workspace_id)).order_by(newest).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(asked).mappings().first()
        return None if row is None else self.build_installation_entity(row)

    def installed(self) -> list[Installed]:
        """Every workspace that has installed Advisor, by name. Raises: StorageError."""
        asked = select(self.bots).where(self.bots.c.client_id == self.client_id).order_by(self.bots.c.installed_at)
        with self._database.reading() as connection:
            found = [_installed(row) for row in connection.execute(asked).mappings()]
        newest = {one.workspace_id: one for one in found}
        return sorted(newest.values(), key=lambda one: (one.name.casefold(), one.workspace_id))

    def forget(self, workspace_id: str, *, before: datetime | None = None) -> int:
        """
        Forget the tokens of a workspace, or only those from *before* a moment; how many installations those were.

        Raises: ValueError: *before* has no time zone. StorageError.
        """
        moment = None if before is None else utc(before)
        return sum(self._forget(table, workspace_id, before=moment) for table in (self.installations, self.bots))

    def reseal(self) -> int:
        """Seal everything that is not yet as the first key would; how many rows changed. Raises: StorageError."""
        changed = 0
        with self._database.writing() as connection:
            for table, secrets in ((self.bots, _BOT_SECRETS), (self.installations, _SECRETS)):
                for row in connection.execute(select(table)).mappings().all():
                    stale = [name for name in secrets if row[name] and not self._sealer.is_current(row[name])]
                    fresh = {name: self._sealer.seal(self._sealer.open(row[name])) for name in stale}
                    if fresh:
                        connection.execute(update(table).where(table.c.id == row["id"]).values(**fresh))
                        changed += 1
        return changed

    def _sealed(self, values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        return values | {name: self._sealer.seal(values[name]) for name in names if values.get(name)}

    def _opened(self, row: Any) -> dict[str, Any]:
        values = dict(row)
        return values | {name: self._sealer.open(values[name]) for name in _SECRETS if values.get(name)}

    def _here(self, table: Table, workspace_id: str) -> ColumnElement[bool]:
        whole = and_(table.c.enterprise_id == workspace_id, table.c.is_enterprise_install.is_(True))
        one = and_(table.c.team_id == workspace_id, table.c.is_enterprise_install.is_(False))
        return and_(table.c.client_id == self.client_id, or_(whole, one))

    def _forget(self, table: Table, workspace_id: str, *, before: datetime | None) -> int:
        older = [] if before is None else [table.c.installed_at < before.replace(tzinfo=None)]
        with self._database.writing() as connection:
            return connection.execute(delete(table).where(self._here(table, workspace_id), *older)).rowcount


class States(SQLAlchemyOAuthStateStore):
    """Slack's store of installations that are under way."""

    def __init__(self, database: Database) -> None:
        super().__init__(expiration_seconds=STATE_SECONDS, engine=database.writer)
        self._database = database

    def forget_before(self, at: datetime) -> int:
        """Forget those that were not finished by then. Raises: ValueError: *at* has no time zone. StorageError."""
        late = self.oauth_states.c.expire_at < utc(at).replace(tzinfo=None)
        with self._database.writing() as connection:
            return connection.execute(delete(self.oauth_states).where(late)).rowcount


def workspace_of(one: Installation) -> str:
    """The id under which rows of a workspace are kept: the enterprise's for an org-wide install, else the team's."""
    return str((one.enterprise_id if one.is_enterprise_install else one.team_id) or "")


def _installed(row: Any) -> Installed:
    whole = bool(row["is_enterprise_install"])
    kind = "enterprise" if whole else "team"
    return Installed(
        str(row[f"{kind}_id"]), str(row[f"{kind}_name"] or ""), row["installed_at"].replace(tzinfo=UTC),
        tuple(filter(None, (row["bot_scopes"] or "").split(","))), whole,
    )  # fmt: skip
