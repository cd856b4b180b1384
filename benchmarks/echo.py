"""
A bare Bolt app that only echoes, served exactly as Advisor is: the limit that Bolt, gunicorn and Python set.

Run as a process of its own, as ``benchmarks.load`` does: python -m benchmarks.echo PORT
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.slack import LISTENER_THREADS
from bot.web import SLACK_PATH, WebServer

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Echo"}, "blocks": []}


def main() -> None:
    """Serve until told to stop."""
    WebServer(build, lambda: None, port=int(sys.argv[1]), workers=1).run()


def build() -> WSGIApplication:
    """The app, with a listener for each sort of request that the load is made of."""
    client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    executor = ThreadPoolExecutor(LISTENER_THREADS)
    app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], listener_executor=executor)
    app.event("app_mention")(echo)
    app.command("/advisor")(echo_command)
    app.action(re.compile(".*"))(echo_click)
    app.view("ask")(echo_form)
    return SlackRequestHandler(app, path=SLACK_PATH)


def echo(event: dict[str, Any], client: WebClient) -> None:
    """The same words, in the thread."""
    client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=event["text"])


def echo_command(ack: Ack, command: dict[str, Any], respond: Respond) -> None:
    """The same words, for the one person."""
    ack()
    respond(command["text"])


def echo_click(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """An empty form."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=_VIEW)


def echo_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """The same words, directly."""
    ack()
    channel = client.conversations_open(users=body["user"]["id"])["channel"]["id"]
    client.chat_postMessage(channel=channel, text="the same")


if __name__ == "__main__":
    main()
