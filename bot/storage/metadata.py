"""What the tables of every module share: one collection, with fixed names for keys and indexes."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData(
    # Fixed names, so that a later migration can name on PostgreSQL and SQLite alike what it changes.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
