"""What every message must have before Slack takes it: words, blocks in order, metadata in form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.trial.arguments import Arguments
from bot.trial.blocks import check_blocks
from bot.trial.elements import with_ids
from bot.trial.records import Payload, Refusal, faulty
from bot.trial.workspace import Workspace

CUT_AT = 40_000
READS_WELL = 4_000
"""Longer text is cut at 40,000; Slack asks for 4,000 and refuses more in an edit.
Source: https://docs.slack.dev/reference/methods/chat.postMessage and chat.update, checked 2026-11-23."""

MARKDOWN = 12_000
METADATA = 16_000
ATTACHMENTS = 100


@dataclass(frozen=True)
class Content:
    """What a message says: text, blocks (None where none were given) and metadata."""

    text: str
    blocks: tuple[Payload, ...] | None
    metadata: Payload | None = None
    given: frozenset[str] = field(default_factory=frozenset)


def read_content(workspace: Workspace, arguments: Arguments, where: str) -> Content:
    """Return what a message says; refused with ``no_text``, ``invalid_blocks`` and the like.

    *where* is the method or place that complaints name.
    """
    text = arguments.text("text") or ""
    blocks = arguments.structure("blocks", error="invalid_blocks_format")
    markdown = arguments.text("markdown_text")
    attachments = arguments.structure("attachments", error="invalid_attachments") or []
    if markdown is not None and (text or blocks):
        raise Refusal("markdown_text_conflict")
    if len(attachments) > ATTACHMENTS:
        raise Refusal("too_many_attachments")
    _check_text(workspace, text, where)
    if markdown is not None:
        if len(markdown) > MARKDOWN:
            raise Refusal("msg_too_long")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    checked = _read_blocks(blocks)
    if not (text.strip() or checked or attachments):
        raise Refusal("no_text")
    if checked and not text.strip():
        workspace.complain(where, "a message with blocks has no text of its own, for notifications and readers")
    if attachments:
        workspace.complain(where, "attachments are a thing of the past: use blocks")
    return Content(text[:CUT_AT], checked, _read_metadata(arguments), frozenset(arguments.raw))


def refuse_long(arguments: Arguments) -> None:
    """Refuse with ``msg_too_long`` a text of over 4,000 characters."""
    if len(arguments.text("text") or "") > READS_WELL:
        raise Refusal("msg_too_long")


def _check_text(workspace: Workspace, text: str, where: str) -> None:
    if len(text) > READS_WELL:
        workspace.complain(where, f"the text has {len(text)} characters; Slack asks for {READS_WELL} at most")


def _read_blocks(blocks: Any) -> tuple[Payload, ...] | None:
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    faults = check_blocks(blocks, "message")
    if faults:
        raise faulty("invalid_blocks", *faults)
    return tuple(with_ids(blocks))


def _read_metadata(arguments: Arguments) -> Payload | None:
    metadata = arguments.structure("metadata", error="invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA:
        raise Refusal("metadata_too_large")
    return metadata
