"""The tables of the network between councils: what is shared, who saw what of it, and who is introduced to whom."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table

from bot.storage.columns import Moment, Words
from bot.storage.metadata import metadata

# A row belongs to the workspace whose record it is about, so that it goes when that workspace goes.

sharing = Table(
    "sharing",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("council", String, primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("contact", Words, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
"""What a council shares of its services in a workspace; no row: nothing."""

sharing_changes = Table(
    "sharing_changes",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("council", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("who", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
)
"""Every change of what is shared; rows are only added."""

disclosures = Table(
    "disclosures",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("council", String, nullable=False),
    Column("service_id", String, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("seen_by", String, nullable=False),
    Column("seen_from", String, nullable=False),
    Column("occasion", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("ix_disclosures_workspace_id_council_made_at", "workspace_id", "council", "made_at"),
)
"""
Who saw which fields of which service, when; rows are only added. ``seen_by`` is a person of the same workspace, or a
salted hash that only the workspace of that person can tell; ``seen_from`` are the codes of the viewer's councils.
"""

introductions = Table(
    "introductions",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("introduction_id", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("council", String, nullable=False),
    Column("service_id", String, nullable=False),
    Column("user_id", String, nullable=False),
    Column("contact", Words, nullable=False),
    Column("said", String, nullable=False),
    Column("point", String, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("opened_at", Moment),
    Index("ix_introductions_introduction_id", "introduction_id"),
)
"""
Requests to be introduced, a row a side: ``role`` is asking or asked. Each side belongs to its own workspace and goes
with it; what is left of an introduction then is none.
"""

aliases = Table(
    "aliases",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("first_key", Words, primary_key=True),
    Column("second_key", Words, primary_key=True),
    Column("first", Words, nullable=False),
    Column("second", Words, nullable=False),
    Column("same", Boolean, nullable=False),
    Column("judged_by", String, nullable=False),
    Column("judged_at", Moment, nullable=False),
)
"""Two names of a supplier, a system or a service area, and whether an editor has judged them to be one."""

reviewers = Table(
    "reviewers",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
"""Who offers to review, as they said."""

panels = Table(
    "panels",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("checkpoint_id", String, nullable=False),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_panels_workspace_id_checkpoint_id", "workspace_id", "checkpoint_id"),
)
"""Panels of peers: who was drawn, who was not, and why."""
