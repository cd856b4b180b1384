"""The first tables: deliveries, conversations, answers, feedback, gaps, welcomes, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Plain types and names, nothing of ``bot.storage``: what this step makes must not change when the code does.

_SWEPT = ("processed_deliveries", "conversations", "answers", "feedback", "gaps")


def upgrade() -> None:
    """Make the tables."""
    _memory()
    _answers()
    _people()
    for table in _SWEPT:
        op.create_index(f"ix_{table}_at", table, ["at"])


def downgrade() -> None:
    """Drop them, and all that is in them."""
    for table in ("settings", "welcomed", "gaps", "feedback", "answers", "conversations", "processed_deliveries"):
        op.drop_table(table)


def _memory() -> None:
    op.create_table(
        "processed_deliveries",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "delivery_id", name="pk_processed_deliveries"),
    )
    op.create_table(
        "conversations",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "thread_ts", name="pk_conversations"),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("entry_ids", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("knowledge_version", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String()),
        sa.Column("message_ts", sa.String()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "answer_id", name="pk_answers"),
    )
    op.create_table(
        "gaps",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("nearest", sa.String()),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_gaps"),
    )


def _people() -> None:
    op.create_table(
        "feedback",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("voter_hash", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String()),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "answer_id", "voter_hash", name="pk_feedback"),
    )
    op.create_table(
        "welcomed",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_hash", name="pk_welcomed"),
    )
    op.create_table(
        "settings",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_settings"),
    )
