"""Blind rounds with their cards in a table of their own, and where the message of a checkpoint stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables. The blind rounds of 0002 were never written to, so nothing is carried over."""
    op.drop_table("blind_rounds")
    op.create_table(
        "blind_rounds",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_blind_rounds"),
    )
    for column in ("checkpoint_id", "service_id", "state"):
        op.create_index(f"ix_blind_rounds_workspace_id_{column}", "blind_rounds", ["workspace_id", column])
    op.create_table(
        "blind_cards",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "round_id", "person_id", name="pk_blind_cards"),
    )
    op.create_table(
        "prompt_messages",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_ts", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "checkpoint_id", name="pk_prompt_messages"),
    )


def downgrade() -> None:
    """Put the table of 0002 back, empty."""
    for table in ("prompt_messages", "blind_cards", "blind_rounds"):
        op.drop_table(table)
    op.create_table(
        "blind_rounds",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "checkpoint_id", name="pk_blind_rounds"),
    )
