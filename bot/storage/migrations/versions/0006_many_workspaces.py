"""What is being answered is kept until it is; and Slack's own tables of who has installed Advisor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID, _NAME, _SCOPES = sa.String(32), sa.String(200), sa.String(1000)
_SECRET = sa.Text()
"""Slack's SDK calls these 200 letters long, which PostgreSQL would insist on: a sealed token is longer."""


def upgrade() -> None:
    """Let a delivery carry its body and its lease, and make the tables of the installation and state stores."""
    with op.batch_alter_table("processed_deliveries") as table:
        # Defaults in the database, for an older Advisor goes on writing here until it is replaced.
        table.add_column(sa.Column("claimed_by", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("lease_until", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("body", sa.Text()))
    op.create_index("ix_processed_deliveries_lease_until", "processed_deliveries", ["lease_until"])
    _bots()
    _installations()
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("state", _NAME, nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """Take both back; who has installed Advisor is forgotten."""
    for name in ("slack_oauth_states", "slack_installations", "slack_bots"):
        op.drop_table(name)
    op.drop_index("ix_processed_deliveries_lease_until", "processed_deliveries")
    with op.batch_alter_table("processed_deliveries") as table:
        for column in ("body", "tries", "lease_until", "claimed_by"):
            table.drop_column(column)


def _bots() -> None:
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("client_id", _ID, nullable=False),
        sa.Column("app_id", _ID, nullable=False),
        sa.Column("enterprise_id", _ID),
        sa.Column("enterprise_name", _NAME),
        sa.Column("team_id", _ID),
        sa.Column("team_name", _NAME),
        sa.Column("bot_token", _SECRET),
        sa.Column("bot_id", _ID),
        sa.Column("bot_user_id", _ID),
        sa.Column("bot_scopes", _SCOPES),
        sa.Column("bot_refresh_token", _SECRET),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
    )
    op.create_index("slack_bots_idx", "slack_bots", ["client_id", "enterprise_id", "team_id", "installed_at"])


def _installations() -> None:
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("client_id", _ID, nullable=False),
        sa.Column("app_id", _ID, nullable=False),
        sa.Column("enterprise_id", _ID),
        sa.Column("enterprise_name", _NAME),
        sa.Column("enterprise_url", _NAME),
        sa.Column("team_id", _ID),
        sa.Column("team_name", _NAME),
        sa.Column("bot_token", _SECRET),
        sa.Column("bot_id", _ID),
        sa.Column("bot_user_id", _ID),
        sa.Column("bot_scopes", _SCOPES),
        sa.Column("bot_refresh_token", _SECRET),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("user_token", _SECRET),
        sa.Column("user_scopes", _SCOPES),
        sa.Column("user_refresh_token", _SECRET),
        sa.Column("user_token_expires_at", sa.DateTime()),
        sa.Column("incoming_webhook_url", _NAME),
        sa.Column("incoming_webhook_channel", _NAME),
        sa.Column("incoming_webhook_channel_id", _NAME),
        sa.Column("incoming_webhook_configuration_url", _NAME),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("token_type", _ID),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
    )
    key = ["client_id", "enterprise_id", "team_id", "user_id", "installed_at"]
    op.create_index("slack_installations_idx", "slack_installations", key)
