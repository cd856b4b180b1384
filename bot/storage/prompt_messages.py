"""Where the newest message with the button of each checkpoint stands in Slack."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.storage.checkpoint_tables import prompt_messages
from bot.storage.dialects import insert_or_update


class PromptMessages:
    """The prompt messages of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def of_checkpoint(self, checkpoint_id: str) -> tuple[str, str] | None:
        """The channel and Slack's timestamp of the newest message of a checkpoint, or None."""
        asked = select(prompt_messages.c.channel_id, prompt_messages.c.message_ts).where(
            prompt_messages.c.workspace_id == self._workspace, prompt_messages.c.checkpoint_id == checkpoint_id
        )
        row = self._connection.execute(asked).one_or_none()
        return None if row is None else (row.channel_id, row.message_ts)

    def keep(self, checkpoint_id: str, channel_id: str, message_ts: str) -> None:
        """A newer message of a checkpoint stands there now."""
        row = {"workspace_id": self._workspace, "checkpoint_id": checkpoint_id}
        whole = {**row, "channel_id": channel_id, "message_ts": message_ts}
        insert_or_update(self._connection, prompt_messages, whole, only_if=prompt_messages.c.checkpoint_id.is_not(None))
