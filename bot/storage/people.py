"""People: known here only as salted hashes, so that no row says who asked or voted."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, bindparam, select

from bot.storage.dialects import insert_once
from bot.storage.tables import settings

_SALT = "salt"
_SALT_BYTES = 32
_SALT_OF = select(settings.c.value).where(settings.c.workspace_id == bindparam("workspace"), settings.c.key == _SALT)


def person_hash(connection: Connection, workspace_id: str, user_id: str) -> str:
    """
    What stands for a person within one workspace (64 hexadecimal digits); *connection* is in a writing transaction.

    The salt is the workspace's own: the same person is another hash elsewhere, and no hash can be traced once the
    workspace is erased and its salt with it.
    """
    return _hash(_salt(connection, workspace_id), user_id)


def known_person_hash(connection: Connection, workspace_id: str, user_id: str) -> str | None:
    """The same in a transaction that only reads; None where nobody has been hashed in this workspace yet."""
    salt = connection.execute(_SALT_OF, {"workspace": workspace_id}).scalar_one_or_none()
    return None if salt is None else _hash(salt, user_id)


def _hash(salt: str, user_id: str) -> str:
    return hmac.new(salt.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def _salt(connection: Connection, workspace_id: str) -> str:
    known = connection.execute(_SALT_OF, {"workspace": workspace_id}).scalar_one_or_none()
    if known is not None:
        return str(known)
    fresh = {"workspace_id": workspace_id, "key": _SALT, "value": secrets.token_hex(_SALT_BYTES)}
    insert_once(connection, settings, fresh)
    # Another process may have been first, so what counts is what is there now.
    return str(connection.execute(_SALT_OF, {"workspace": workspace_id}).scalar_one())
