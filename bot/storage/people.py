"""People: known here only as salted hashes, so that no row says who asked or voted."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, select

from bot.storage.dialects import insert_once
from bot.storage.tables import settings

_SALT = "salt"
_SALT_BYTES = 32


def person_hash(connection: Connection, workspace_id: str, user_id: str) -> str:
    """
    What stands for a person within one workspace (64 hexadecimal digits); *connection* is in a writing transaction.

    The salt is the workspace's own: the same person is another hash elsewhere, and no hash can be traced once the
    workspace is erased and its salt with it.
    """
    salt = _salt(connection, workspace_id)
    return hmac.new(salt.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def _salt(connection: Connection, workspace_id: str) -> str:
    asked = select(settings.c.value).where(settings.c.workspace_id == workspace_id, settings.c.key == _SALT)
    if connection.execute(asked).first() is None:
        fresh = {"workspace_id": workspace_id, "key": _SALT, "value": secrets.token_hex(_SALT_BYTES)}
        insert_once(connection, settings, fresh)
    # Another process may have been first, so what counts is what is there now.
    return str(connection.execute(asked).scalar_one())
