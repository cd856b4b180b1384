"""Quiet times with their history, and where a message may stand twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_PLACES = sa.table(
    "places",
    sa.column("workspace_id", sa.String()),
    sa.column("place_id", sa.String()),
    sa.column("opted_out", sa.Boolean()),
    sa.column("days_off", sa.JSON()),
)


def upgrade() -> None:
    """Make the tables of settings, and the new columns."""
    op.create_table(
        "council_settings",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("planned_for", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_council_settings"),
    )
    op.create_table(
        "setting_changes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "place_id", "number", name="pk_setting_changes"),
    )
    quiet = op.create_table(
        "quiet_times",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.Column("weekdays_off", sa.JSON(), nullable=False),
        sa.Column("a_week", sa.Integer()),
        sa.PrimaryKeyConstraint("workspace_id", "place_id", name="pk_quiet_times"),
    )
    rows = op.get_bind().execute(sa.select(_PLACES)).mappings()
    kept = [{**row, "days_off": row["days_off"] or [], "weekdays_off": []} for row in rows]
    if kept := [row for row in kept if row["opted_out"] or row["days_off"]]:
        op.bulk_insert(quiet, kept)
    with op.batch_alter_table("places") as places:
        places.drop_column("opted_out")
        places.drop_column("days_off")
    with op.batch_alter_table("notifications") as notifications:
        notifications.add_column(sa.Column("doubted_at", sa.DateTime(timezone=True)))
    op.create_index("ix_notifications_workspace_id_doubted_at", "notifications", ["workspace_id", "doubted_at"])


def downgrade() -> None:
    """Take them away, and all that is in them."""
    op.drop_index("ix_notifications_workspace_id_doubted_at", "notifications")
    with op.batch_alter_table("notifications") as notifications:
        notifications.drop_column("doubted_at")
    with op.batch_alter_table("places") as places:
        places.add_column(sa.Column("opted_out", sa.Boolean(), nullable=False, server_default=sa.false()))
        places.add_column(sa.Column("days_off", sa.JSON()))
    op.drop_table("quiet_times")
    op.drop_table("setting_changes")
    op.drop_table("council_settings")
