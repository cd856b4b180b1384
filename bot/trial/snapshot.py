"""The workspace in a file, so that a trial goes on where it ended. What Slack forgets is forgotten here too.

Kept: channels, messages, uploaded files, how far the clock was put forward, and what each person has read. Not kept:
messages for one person's eyes alone, open forms, and tokens, which are new each time.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.trial.handles import Upload
from bot.trial.records import Channel, Message, Payload
from bot.trial.workspace import Workspace

FORM = 1
PAUSE_SECONDS = 0.5
Marks = dict[tuple[str, str], str]


class UnreadableError(Exception):
    """The file is not what this version of the trial writes; the text says which."""


@dataclass
class Saved:
    """What a file says besides the workspace: seconds that the clock is ahead, and what was read."""

    ahead_seconds: float = 0.0
    marks: Marks = field(default_factory=dict)


def write_snapshot(file: Path, workspace: Workspace, saved: Saved) -> None:
    """Write the workspace to *file*, whole or not at all."""
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(_as_json(workspace, saved), ensure_ascii=False), encoding="utf-8")
    os.replace(beside, file)


def read_saved(file: Path) -> Payload | None:
    """Return what *file* holds, None where there is none.

    Raises: UnreadableError: it is not what this version of the trial writes.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{file} cannot be read") from error
    if not isinstance(kept, dict) or kept.get("form") != FORM:
        raise UnreadableError(f"{file} is from another version")
    return kept


def ahead_seconds(kept: Payload | None) -> float:
    """Return how far ahead the clock was."""
    return float(kept["ahead_seconds"]) if kept else 0.0


def put_back(kept: Payload, workspace: Workspace) -> Marks:
    """Put what was kept into a fresh *workspace* and return how far everybody has read."""
    with workspace.change():
        for fields in kept["channels"]:
            workspace.channels[fields["id"]] = Channel(**{**fields, "members": set(fields["members"])})
        for fields in kept["messages"]:
            workspace.put_back(_message(fields))
        for upload in kept["uploads"]:
            content = base64.b64decode(upload["content"])
            workspace.handles.uploads[upload["id"]] = Upload(**{**upload, "content": content})
    return {(user, channel): ts for user, channel, ts in kept["marks"]}


class Autosave:
    """One thread that calls *save* a moment after something in the workspace changed, and once at the end."""

    def __init__(self, workspace: Workspace, save: Callable[[], None], *, pause: float = PAUSE_SECONDS) -> None:
        self._workspace = workspace
        self._save = save
        self._pause = pause
        self._stop = threading.Event()
        self._seen = workspace.revision
        self._thread = threading.Thread(target=self._run, name="autosave", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Save what is there and end."""
        self._stop.set()
        with self._workspace.change():
            pass
        self._thread.join()
        self._save()

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._workspace.changed:
                self._workspace.changed.wait_for(self._has_news)
            if self._stop.wait(self._pause):
                return
            self._seen = self._workspace.revision
            self._save()

    def _has_news(self) -> bool:
        return self._stop.is_set() or self._workspace.revision != self._seen


def _as_json(workspace: Workspace, saved: Saved) -> Payload:
    with workspace.lock:
        shown = [each for channel in workspace.channels for each in workspace.messages(channel)]
        return {
            "form": FORM,
            "ahead_seconds": saved.ahead_seconds,
            "channels": [asdict(each) | {"members": sorted(each.members)} for each in workspace.channels.values()],
            "messages": [asdict(each) for each in shown],
            "uploads": [
                asdict(each) | {"content": base64.b64encode(each.content or b"").decode()}
                for each in workspace.handles.uploads.values()
                if each.shared
            ],
            "marks": [[*who_and_where, ts] for who_and_where, ts in saved.marks.items()],
        }


def _message(fields: Payload) -> Message:
    tuples = {name: tuple(fields[name]) for name in ("blocks", "files")}
    reactions = {name: tuple(users) for name, users in fields["reactions"].items()}
    return Message(**{**fields, **tuples, "reactions": reactions})
