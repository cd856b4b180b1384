"""The tables of checkpoints: services, checkpoints, evidence, decisions, and what is sent when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = (
    "services",
    "service_changes",
    "checkpoints",
    "checkpoint_events",
    "evidence",
    "actions",
    "receipts",
    "notifications",
    "places",
    "budget_slots",
    "snoozes",
    "blind_rounds",
)


def upgrade() -> None:
    """Make the tables."""
    _services()
    _checkpoints()
    _decisions()
    _sending()
    _blind()


def downgrade() -> None:
    """Drop them, and all that is in them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _services() -> None:
    op.create_table(
        "services",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("sponsor_id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_services"),
    )
    op.create_index("ix_services_workspace_id_channel_id", "services", ["workspace_id", "channel_id"])
    op.create_table(
        "service_changes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "service_id", "number", name="pk_service_changes"),
    )


def _checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("template", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_checkpoints"),
    )
    op.create_index("ix_checkpoints_workspace_id_service_id", "checkpoints", ["workspace_id", "service_id"])
    op.create_table(
        "checkpoint_events",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.PrimaryKeyConstraint("workspace_id", "checkpoint_id", "number", name="pk_checkpoint_events"),
    )


def _decisions() -> None:
    op.create_table(
        "evidence",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_workspace_id_service_id", "evidence", ["workspace_id", "service_id"])
    op.create_table(
        "actions",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_actions"),
    )
    op.create_index("ix_actions_workspace_id_owner_id", "actions", ["workspace_id", "owner_id"])
    op.create_table(
        "receipts",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_receipts"),
    )


def _sending() -> None:
    op.create_table(
        "notifications",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_ts", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("led_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_notifications"),
    )
    op.create_index("ix_notifications_workspace_id_service_id", "notifications", ["workspace_id", "service_id"])
    op.create_index(
        "ix_notifications_workspace_id_place_id_state",
        "notifications",
        ["workspace_id", "place_id", "state", "send_at"],
    )
    op.create_index("ix_notifications_workspace_id_settled_at", "notifications", ["workspace_id", "settled_at"])
    op.create_table(
        "places",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True)),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("gone_why", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("days_off", sa.JSON()),
        sa.PrimaryKeyConstraint("workspace_id", "place_id", name="pk_places"),
    )
    op.create_index("ix_places_next_due_at", "places", ["next_due_at"])
    op.create_table(
        "budget_slots",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "slot", name="pk_budget_slots"),
    )
    op.create_table(
        "snoozes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "subject", "subject_id", name="pk_snoozes"),
    )


def _blind() -> None:
    op.create_table(
        "blind_rounds",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "checkpoint_id", name="pk_blind_rounds"),
    )
