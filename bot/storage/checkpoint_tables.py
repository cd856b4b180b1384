"""The tables of checkpoints: services, checkpoints, evidence, decisions, and what is sent when."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table

from bot.storage.columns import Moment, Words
from bot.storage.metadata import metadata

# A body is the whole value as its rules know it; the columns beside it are what is searched by.
# No column here is called ``at``: nothing of this is forgotten by age, only with the workspace.

services = Table(
    "services",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("channel_id", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("sponsor_id", String, nullable=False),
    Column("name", Words, nullable=False),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_services_workspace_id_channel_id", "workspace_id", "channel_id"),
)
"""What teams build, buy and run."""

service_changes = Table(
    "service_changes",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("service_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("who", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("field", String, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
)
"""Every change of a service, a field a row; rows are only added."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("service_id", String, nullable=False),
    Column("template_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("template", JSON, nullable=False),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_checkpoints_workspace_id_service_id", "workspace_id", "service_id"),
)
"""Checkpoints with the answers that stand now; ``template`` is the copy that each keeps for ever."""

checkpoint_events = Table(
    "checkpoint_events",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("checkpoint_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("who", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("subject", Words, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("answer", JSON),
)
"""The history of a checkpoint, every answer as it was given among it; rows are only added."""

evidence = Table(
    "evidence",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("service_id", String, nullable=False),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_evidence_workspace_id_service_id", "workspace_id", "service_id"),
)
"""Pieces of evidence; ``service_id`` is where a piece was added first, any service may rely on it."""

actions = Table(
    "actions",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("checkpoint_id", String, nullable=False),
    Column("service_id", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_at", Moment),
    Index("ix_actions_workspace_id_owner_id", "workspace_id", "owner_id"),
)
"""The conditions of decisions, by their owners; the words stand in the checkpoint."""

receipts = Table(
    "receipts",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("code", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("body", Words, nullable=False),
    Column("checkpoint_id", String, nullable=False),
    Column("written_at", Moment, nullable=False),
)
"""The receipts of decisions, each chained to the one before; rows are only added."""

notifications = Table(
    "notifications",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("service_id", String, nullable=False),
    Column("place_id", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("subject_id", String, nullable=False),
    Column("send_at", Moment, nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("batch", String, nullable=False, default=""),
    Column("settled_at", Moment),
    Column("channel_id", String, nullable=False, default=""),
    Column("message_ts", String, nullable=False, default=""),
    Column("why", Words, nullable=False, default=""),
    Column("led_to", String, nullable=False, default=""),
    Column("doubted_at", Moment),
    Index("ix_notifications_workspace_id_place_id_state", "workspace_id", "place_id", "state", "send_at"),
    Index("ix_notifications_workspace_id_service_id", "workspace_id", "service_id"),
    Index("ix_notifications_workspace_id_settled_at", "workspace_id", "settled_at"),
    Index("ix_notifications_workspace_id_doubted_at", "workspace_id", "doubted_at"),
)
"""
What will be sent, and what became of it. ``state`` is planned, posting (a clock is at it), posted, collapsed or
withdrawn; ``batch`` names the message that it is or was part of; ``place_id`` is a channel, or a person to be told
directly; ``doubted_at`` is when it was given to be posted again although it may stand in Slack already.
"""

places = Table(
    "places",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("place_id", String, primary_key=True),
    Column("next_due_at", Moment, index=True),
    Column("claimed_by", String, nullable=False, default=""),
    Column("lease_until", Moment),
    Column("gone_why", String, nullable=False, default=""),
    Column("told", Boolean, nullable=False, default=False),
)
"""
Where messages go: a channel, or a person. A clock claims the whole place, so that no two write in it at once.
``next_due_at`` is when its next notification is due; ``told`` whether the owner knows that it is gone.
"""

quiet_times = Table(
    "quiet_times",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("place_id", String, primary_key=True),
    Column("opted_out", Boolean, nullable=False),
    Column("days_off", JSON, nullable=False),
    Column("weekdays_off", JSON, nullable=False),
    Column("a_week", Integer),
)
"""
What a channel or a person has set for itself: see ``bot.checkpoints.quiet``. Apart from ``places``, because those are
locked after services, and these before.
"""

council_settings = Table(
    "council_settings",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("planned_for", String, nullable=False),
)
"""What a council has set for everybody; ``planned_for`` names what all services were last planned for."""

setting_changes = Table(
    "setting_changes",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("place_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("who", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("field", String, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
)
"""Every change of quiet times, a field a row, by place (empty: the council's); rows are only added."""

budget_slots = Table(
    "budget_slots",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("slot", String, primary_key=True),
    Column("batch", String, nullable=False),
)
"""What messages have taken of the budgets of channels and people; each slot can be taken once."""

snoozes = Table(
    "snoozes",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("subject_id", String, primary_key=True),
    Column("until", Date, nullable=False),
    Column("who", String, nullable=False),
    Column("made_at", Moment, nullable=False),
)
"""What somebody asked to hear nothing about before a day."""

blind_rounds = Table(
    "blind_rounds",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("checkpoint_id", String, nullable=False),
    Column("service_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_blind_rounds_workspace_id_checkpoint_id", "workspace_id", "checkpoint_id"),
    Index("ix_blind_rounds_workspace_id_service_id", "workspace_id", "service_id"),
    Index("ix_blind_rounds_workspace_id_state", "workspace_id", "state"),
)
"""Blind self-assessments: who is asked, who is in, and after the end what came of it."""

blind_cards = Table(
    "blind_cards",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("round_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
"""What each person said in a round that is open; deleted in the transaction that ends the round."""

prompt_messages = Table(
    "prompt_messages",
    metadata,
    Column("workspace_id", String, primary_key=True),
    Column("checkpoint_id", String, primary_key=True),
    Column("channel_id", String, nullable=False),
    Column("message_ts", String, nullable=False),
)
"""Where the newest message with the button of a checkpoint stands, so that its counts can be kept up to date."""
