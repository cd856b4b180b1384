"""Every table. Each row belongs to a workspace (Slack team or enterprise id), which opens each primary key."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, String, Table

from bot.storage import access_tables as access_tables
from bot.storage import checkpoint_tables as checkpoint_tables
from bot.storage import network_tables as network_tables
from bot.storage.columns import Moment, Words
from bot.storage.metadata import metadata as metadata

# ``at`` is indexed wherever the retention job deletes by it.

processed_deliveries = Table(
    "processed_deliveries",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("delivery_id", String, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("done", Boolean, nullable=False, default=False),
    Column("claimed_by", String, nullable=False, server_default=""),
    Column("lease_until", Moment, index=True),
    Column("tries", Integer, nullable=False, server_default="1"),
    Column("body", Words),
)
"""What Slack has delivered already, so that a repeated delivery is answered once; ``at`` is when it was claimed.

``body`` is what Slack sent, and is there only until it is done: if whoever claimed it dies, another one answers it.
"""

conversations = Table(
    "conversations",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("channel_id", String, primary_key=True),
    Column("thread_ts", String, primary_key=True),
    Column("entry_id", String, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""The entry that a thread is about; one that a person has unseen by others is named by a salted hash."""

answers = Table(
    "answers",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("answer_id", String, primary_key=True),
    Column("question", Words, nullable=False),
    Column("entry_ids", JSON, nullable=False),
    Column("outcome", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("knowledge_version", String, nullable=False),
    Column("channel_id", String),
    Column("message_ts", String),
    Column("at", Moment, nullable=False, index=True),
)
"""What a button on an answer needs later: the question is masked, and nobody's id is kept."""

given_answers = Table(
    "given_answers",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("channel_id", String, primary_key=True),
    Column("thread_ts", String, primary_key=True),
    Column("entry_id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Index("ix_given_answers_workspace_id_entry_id", "workspace_id", "entry_id"),
)
"""
The entry that was given in a thread, and which version of it: for whom to tell when it changes. It holds neither a
question nor an answer's id, and of ``at`` only the day is right, so that no thread is tied to what was asked; private
answers are not in it.
"""

feedback = Table(
    "feedback",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("answer_id", String, primary_key=True),
    Column("voter_hash", String, primary_key=True),
    Column("entry_id", String),
    Column("verdict", String, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""One vote for each person and answer; ``entry_id`` is null where the answer named no entry."""

gaps = Table(
    "gaps",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("question", Words, nullable=False),
    Column("outcome", String, nullable=False),
    Column("nearest", String),
    Column("confidence", Float, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""Questions that were declined or answered unhelpfully, masked; ``nearest`` is the id of the nearest entry."""

awaited_answers = Table(
    "awaited_answers",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("answer_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("channel_id", String, nullable=False),
    Column("thread_ts", String, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""
Who wants to be told when a question has an answer, and where: ``channel_id`` is empty where that is in their direct
messages. The question is not written down a second time: it is that of the kept answer (a decline), which goes on the
same day, for ``at`` is when it was asked. A row goes as soon as its person was told.
"""

welcomed = Table(
    "welcomed",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("user_hash", String, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Who has been welcomed, as salted hashes."""

settings = Table(
    "settings",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""What is set for a workspace: its salt, and whether it is switched off."""
