"""A conversation as the draft of an entry: what was asked and said stands in it, what an editor must write is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.knowledge.draft import draft_text, note
from bot.knowledge.skeleton import REVIEW_AFTER, TO_WRITE
from bot.rendering.files import File
from bot.rendering.mrkdwn import cut, visible

_LONGEST_QUESTION = 300
_LONGEST_MESSAGE = 1500
_MOST_MESSAGES = 50


def thread_draft(messages: Sequence[str], *, today: dt.date) -> File:
    """
    The draft of a guide from the *messages* of a thread, the first of them the question.

    They come without mentions and masked (``bot.privacy.mask``); it is the editor who takes out what is left of people.
    """
    texts = [" ".join(visible(text).split()) for text in messages]
    said = [f"- {cut(text, _LONGEST_MESSAGE)}" for text in texts[1:_MOST_MESSAGES] if text]
    body = [note("the rest, from what was said:"), "", *(said or ["- nothing was said yet"])]
    fields = {
        "title": note("the title"),
        "aliases": [],
        "questions": [cut(texts[0], _LONGEST_QUESTION) or note("the question"), note("fourteen more, a line each")],
        "summary": note("the answer, the decision first, in sixty words at most"),
        "body": "\n".join(body) + "\n",
        "next_steps": [note("what to do on Monday")],
        "binds": note("whom it binds, or that nothing binds a council"),
        "applies_to": ["councils"],
        "tags": [],
        "guide": {"law": [], "help": [note("who helps")], "mistakes": [note("what usually goes wrong")]},
        "facts": [],
        "sources": [{"title": note("the title"), "url": f"https://www.gov.uk/{TO_WRITE}", "checked": today}],
        "review_by": today + REVIEW_AFTER["guide"],
        "related": [],
    }
    remark = (
        "Drafted from a conversation. Take out names and what is not for the world; each WRITE is yours to write.\n"
        "Save it below knowledge/guide/ and run: advisor knowledge check"
    )
    text = draft_text(fields, remark=remark)
    return File(f"draft-{today.isoformat()}.yaml", "Draft of an entry", text.encode())
