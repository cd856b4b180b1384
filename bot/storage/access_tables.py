"""The tables of roles, the audit log, and the allowance of each person."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, String, Table

from bot.storage.columns import Moment, Words
from bot.storage.metadata import metadata

roles = Table(
    "roles",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("given_by", String, nullable=False),
    Column("given_at", Moment, nullable=False),
)
"""Who has which role beyond being a member."""

audit = Table(
    "audit",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", Words, nullable=False),
)
"""Every act of administration: who did what to whom; rows are only added."""

allowances = Table(
    "allowances",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("person_hash", String, primary_key=True),
    Column("used_until", Float, nullable=False, index=True),
    Column("told", Boolean, nullable=False),
)
"""
How much of the allowance a person has used, as a salted hash: it is all free again at ``used_until`` (seconds since
1970). ``told`` is whether they were asked to wait since they were last served.
"""
