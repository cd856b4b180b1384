"""Answers given, for whom to tell when they change; private conversations without the id of whose they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table; forget the subjects of private conversations, which last a day and were kept by user id."""
    op.create_table(
        "given_answers",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "thread_ts", "entry_id", name="pk_given_answers"),
    )
    op.create_index("ix_given_answers_at", "given_answers", ["at"])
    op.create_index("ix_given_answers_workspace_id_entry_id", "given_answers", ["workspace_id", "entry_id"])
    conversations = sa.table("conversations", sa.column("thread_ts", sa.String()))
    op.execute(conversations.delete().where(conversations.c.thread_ts.startswith("private:")))


def downgrade() -> None:
    """Drop the table. Subjects of private conversations are forgotten too: the older code would not find them."""
    op.drop_table("given_answers")
    conversations = sa.table("conversations", sa.column("thread_ts", sa.String()))
    op.execute(conversations.delete().where(conversations.c.thread_ts.startswith("private:")))
