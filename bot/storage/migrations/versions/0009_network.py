"""The network between councils: what is shared, who saw what, and who is introduced to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sharing",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("council", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "council", name="pk_sharing"),
    )
    op.create_table(
        "sharing_changes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("council", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "council", "number", name="pk_sharing_changes"),
    )
    op.create_table(
        "disclosures",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("council", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=False),
        sa.Column("seen_from", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_disclosures"),
    )
    index = "ix_disclosures_workspace_id_council_made_at"
    op.create_index(index, "disclosures", ["workspace_id", "council", "made_at"])
    op.create_table(
        "introductions",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("introduction_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("council", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("opened_at", _MOMENT),
        sa.PrimaryKeyConstraint("workspace_id", "introduction_id", "role", name="pk_introductions"),
    )
    op.create_index("ix_introductions_introduction_id", "introductions", ["introduction_id"])
    op.create_table(
        "aliases",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_key", sa.Text(), nullable=False),
        sa.Column("second_key", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("judged_by", sa.String(), nullable=False),
        sa.Column("judged_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "first_key", "second_key", name="pk_aliases"),
    )
    op.create_table(
        "reviewers",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name="pk_reviewers"),
    )
    op.create_table(
        "panels",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_panels"),
    )
    op.create_index("ix_panels_workspace_id_checkpoint_id", "panels", ["workspace_id", "checkpoint_id"])


def downgrade() -> None:
    """Drop them, and all that is in them."""
    for table in ("panels", "reviewers", "aliases", "introductions", "disclosures", "sharing_changes", "sharing"):
        op.drop_table(table)
