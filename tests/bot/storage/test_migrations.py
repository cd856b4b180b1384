"""The steps lead to exactly the tables that the code knows, and every row in them belongs to a workspace."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import JSON, Column, MetaData, Table, inspect, select, text

from bot.errors import StorageError
from bot.storage import database as database_module
from bot.storage import dialects
from bot.storage.conversations import Conversations
from bot.storage.database import Database, newest_version
from bot.storage.ledger import Ledger
from bot.storage.tables import conversations, metadata
from bot.storage.welcomes import Welcomes
from tests.bot.storage.processes import NOON

Build = Callable[[MetaData, str], Table]

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
STANDS_ON = (
    "sqlalchemy",
    "alembic",
    "pydantic",
    "cryptography",
    "slack_sdk",
    "bot.errors",
    "bot.matching",
    "bot.access",
    "bot.checkpoints",
    "bot.network",
    "bot.storage",
)
ROOM = Path(database_module.__file__).parent


def migrations() -> Config:
    """Alembic's configuration."""
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    return config


RELEASED = [script.revision for script in reversed(list(ScriptDirectory.from_config(migrations()).walk_revisions()))]


def test_the_migrated_tables_are_those_of_the_code(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        differences = compare_metadata(context, metadata)

    assert differences == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not str(name).startswith("slack_")


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("slack_bots", SQLAlchemyInstallationStore.build_bots_table),
        ("slack_installations", SQLAlchemyInstallationStore.build_installations_table),
        ("slack_oauth_states", SQLAlchemyOAuthStateStore.build_oauth_states_table),
    ],
)
def test_slacks_own_tables_are_those_of_its_sdk(database: Database, name: str, build: Build) -> None:
    wanted = build(MetaData(), name)

    with database.reading() as connection:
        found = Table(name, MetaData(), autoload_with=connection)

    assert [(column.name, column.nullable) for column in found.columns] == [
        (column.name, column.nullable) for column in wanted.columns
    ]
    assert {index.name for index in found.indexes} == {index.name for index in wanted.indexes}


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_migrated_primary_key_is_that_of_the_code(database: Database, table: Table) -> None:
    # Alembic does not compare these.
    with database.reading() as connection:
        found = inspect(connection).get_pk_constraint(table.name)

    assert found["name"] == f"pk_{table.name}"
    assert found["constrained_columns"] == [column.name for column in table.primary_key]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_row_belongs_to_a_workspace(table: Table) -> None:
    assert next(iter(table.primary_key)).name == "workspace_id"


def test_migrating_again_keeps_every_row(database: Database) -> None:
    Welcomes(database).first_time("T1", "U1", at=NOON)

    database.migrate()

    assert not Welcomes(database).first_time("T1", "U1", at=NOON)


def test_the_newest_version_is_read_as_alembic_reads_it() -> None:
    assert newest_version() == ScriptDirectory.from_config(migrations()).get_current_head()


def test_tables_that_are_up_to_date_are_left_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def upgrade(config: Config, revision: str) -> None:
        raise AssertionError("there was nothing to do")

    monkeypatch.setattr(command, "upgrade", upgrade)

    database.migrate()

    assert database.versions() == (newest_version(), newest_version())


def test_the_working_directory_does_not_matter(
    empty_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with closing(Database(empty_address)) as database:
        database.migrate()
        database.check()


def test_a_database_of_a_newer_version_is_refused_in_one_line(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match=r"made by another version of Advisor.*9999"):
        database.migrate()


def test_a_migration_that_fails_changes_nothing(empty_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def upgrade_and_fail(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise RuntimeError

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)

    with closing(Database(empty_address)) as database:
        with pytest.raises(RuntimeError):
            database.migrate()

        with database.reading() as connection:
            assert inspect(connection).get_table_names() == []


@pytest.mark.parametrize("revision", RELEASED)
def test_every_row_of_a_released_version_is_there_after_the_upgrade(empty_address: str, revision: str) -> None:
    with closing(Database(empty_address)) as database:
        step_to(database, revision)
        filled = fill(database)
        if revision < "0004":
            filled.pop("blind_rounds", None)  # nothing could be written there before that step made the table anew
        before = {name: rows(database, name, filled[name]) for name in filled}

        database.migrate()

        # What a later step moves elsewhere has a test of its own below.
        left = {name: still_there(database, name, filled[name]) for name in filled}
        assert all(len(kept) == 1 for kept in before.values())
        assert {name: rows(database, name, left[name]) for name in filled} == {
            name: [{column: row[column] for column in left[name]} for row in before[name]] for name in filled
        }


def step_to(database: Database, revision: str) -> None:
    """Bring the tables to an older version."""
    with dialects.alone(database.engine) as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill(database: Database) -> dict[str, list[str]]:
    """Put a row into every table as it is now; the columns of each."""
    with database.writing() as connection:
        found = MetaData()
        found.reflect(connection)
        kept = [table for table in found.sorted_tables if table.name != "alembic_version"]
        for table in kept:
            connection.execute(table.insert().values({column.name: _VALUES[_kind(column)] for column in table.columns}))
        return {table.name: [column.name for column in table.columns] for table in kept}


def rows(database: Database, name: str, columns: list[str]) -> list[dict[str, Any]]:
    """What these columns of a table hold."""
    with database.reading() as connection:
        table = Table(name, MetaData(), autoload_with=connection)
        asked = select(*(table.c[column] for column in columns))
        return [dict(row) for row in connection.execute(asked).mappings()]


def still_there(database: Database, name: str, columns: list[str]) -> list[str]:
    """Those of the columns that the table still has."""
    with database.reading() as connection:
        kept = {column["name"] for column in inspect(connection).get_columns(name)}
    return [column for column in columns if column in kept]


def _kind(column: Column[Any]) -> str:
    return "JSON" if isinstance(column.type, JSON) else column.type.python_type.__name__


_VALUES: dict[str, Any] = {
    "str": "Tŷ Hywel's", "int": 7, "float": 0.5, "bool": True, "datetime": datetime(2026, 7, 1, 12),  # noqa: DTZ001
    "date": date(2026, 7, 1), "JSON": {"zażółć": [1, None, True]},
}  # fmt: skip


def test_the_first_step_can_be_taken_back(database: Database) -> None:
    config = migrations()

    with dialects.alone(database.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_private_conversations_kept_by_user_id_are_forgotten_and_threads_stay(database: Database) -> None:
    Conversations(database).remember("T1", "C1", "1.2", "guide/alpha", at=NOON)
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    with dialects.alone(database.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    Conversations(database).remember("T1", "C1", "private:U0SAM", "guide/alpha", at=NOON)

    database.migrate()

    with database.reading() as connection:
        assert list(connection.execute(select(conversations.c.thread_ts)).scalars()) == ["1.2"]


@pytest.mark.parametrize("file", sorted(ROOM.rglob("*.py")), ids=lambda file: file.stem)
def test_the_room_stands_on_its_libraries_and_the_errors_alone(file: Path) -> None:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]

    strangers = [name for name in names if not name.startswith(STANDS_ON)]
    assert [name for name in strangers if name.split(".")[0] not in sys.stdlib_module_names] == []


def test_days_off_that_were_kept_with_places_come_along(empty_address: str) -> None:
    with closing(Database(empty_address)) as database:
        step_to(database, "0003")
        with database.writing() as connection:
            row = "('T1', 'C1', '', '', false, true, '[[\"2026-12-24\", \"2027-01-01\", \"Christmas\"]]')"
            columns = "workspace_id, place_id, claimed_by, gone_why, told, opted_out, days_off"
            connection.execute(text(f"INSERT INTO places ({columns}) VALUES {row}"))

        database.migrate()

        with Ledger(database).reading("T1") as pages:
            found = pages.quiet.of("C1")
    assert found.opted_out
    assert [one.why for one in found.days_off] == ["Christmas"]
