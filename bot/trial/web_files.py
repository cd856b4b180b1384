"""Web API: files, uploaded in two steps and shared in a third."""

from __future__ import annotations

from mimetypes import guess_type

from bot.trial.arguments import Arguments
from bot.trial.events import message_event
from bot.trial.handles import Upload
from bot.trial.records import Payload, Refusal, faulty
from bot.trial.web_conversations import channel_for, message_at
from bot.trial.workspace import Workspace

ALT_TEXT = 1_000


def upload_url(workspace: Workspace, arguments: Arguments) -> Payload:
    """``files.getUploadURLExternal``: lend a place for one file."""
    length = arguments.number("length", 0)
    if length < 1 or not arguments.need("filename"):
        raise faulty("invalid_arguments", "must be at least 1 [json-pointer:/length]")
    if len(arguments.text("alt_txt") or "") > ALT_TEXT:
        raise Refusal("alt_txt_too_large")
    upload = workspace.handles.lend_upload(arguments.need("filename"), length)
    upload.alt_txt = arguments.text("alt_txt") or ""
    return {"upload_url": f"{workspace.public_url}/upload/{upload.id}", "file_id": upload.id}


def complete_upload(workspace: Workspace, arguments: Arguments) -> Payload:
    """``files.completeUploadExternal``: share what was uploaded, with an optional comment."""
    files = arguments.structure("files")
    if not isinstance(files, list) or not files:
        raise faulty("invalid_arguments", "must have 1 or more items [json-pointer:/files]")
    _check_places(arguments)
    uploads = [_finished(workspace, each) for each in files]
    for upload in uploads:
        if upload.is_picture and not upload.alt_txt:
            workspace.complain("files.completeUploadExternal", f"the picture {upload.filename} has no alt text")
    channel_id = arguments.text("channel_id") or arguments.text("channels")
    shown = tuple(_as_file(upload) for upload in uploads)
    if channel_id:
        _share(workspace, channel_id, arguments, shown)
    for upload in uploads:
        upload.shared = True
    return {"files": list(shown)}


def receive(workspace: Workspace, upload_id: str, content: bytes) -> str:
    """Take the bytes of a file and return Slack's receipt; refused when unknown or of another length."""
    with workspace.change():
        upload = workspace.handles.uploads.get(upload_id)
        if upload is None:
            raise Refusal("file_not_found")
        if len(content) != upload.length:
            raise Refusal("file_size_mismatch")
        upload.content = content
        return f"OK - {len(content)}"


def _check_places(arguments: Arguments) -> None:
    """Refuse what is no conversation's id: unlike chat.postMessage this method opens no direct messages by itself."""
    if arguments.text("channel_id") and arguments.text("channels"):
        raise faulty("invalid_arguments", "give channel_id or channels, not both [json-pointer:/channels]")
    places = (arguments.text("channel_id") or arguments.text("channels") or "").split(",")
    if any(place and place[0] not in "CDG" for place in places):
        raise Refusal("invalid_channel")
    if arguments.text("thread_ts") and len(places) > 1:
        raise faulty("invalid_arguments", "a thread is in one channel [json-pointer:/thread_ts]")


def _finished(workspace: Workspace, file: object) -> Upload:
    upload = workspace.handles.uploads.get(str(file.get("id", ""))) if isinstance(file, dict) else None
    if upload is None or upload.content is None or upload.shared:
        raise Refusal("file_not_found")
    upload.title = str(file.get("title") or upload.filename) if isinstance(file, dict) else upload.filename
    return upload


def _as_file(upload: Upload) -> Payload:
    shown = {
        "id": upload.id,
        "name": upload.filename,
        "title": upload.title,
        "size": upload.length,
        "mimetype": guess_type(upload.filename)[0] or "application/octet-stream",
    }
    return {**shown, "alt_txt": upload.alt_txt} if upload.alt_txt else shown


def _share(workspace: Workspace, channel_id: str, arguments: Arguments, files: tuple[Payload, ...]) -> None:
    channel = channel_for(workspace, channel_id)
    if workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    thread_ts = arguments.text("thread_ts")
    if thread_ts:
        thread_ts = message_at(workspace, channel.id, thread_ts, error="thread_not_found").ts
    comment = arguments.text("initial_comment") or ""
    message = workspace.post(
        channel.id,
        workspace.bot_user,
        comment,
        files=files,
        thread_ts=thread_ts,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
        subtype="file_share",
    )
    workspace.echo(message_event(workspace, message))


METHODS = {"files.getUploadURLExternal": upload_url, "files.completeUploadExternal": complete_upload}
