"""Awaited answers: who is to be told when a question that had no answer has one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "awaited_answers",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "answer_id", "person_id", name="pk_awaited_answers"),
    )
    op.create_index("ix_awaited_answers_at", "awaited_answers", ["at"])


def downgrade() -> None:
    """Drop it, and what is planned from it: the older code would not know what to say."""
    op.drop_table("awaited_answers")
    notifications = sa.table("notifications", sa.column("subject", sa.String()))
    op.execute(notifications.delete().where(notifications.c.subject == "awaited"))
