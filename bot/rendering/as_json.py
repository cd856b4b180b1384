"""A reply as the JSON object that ``advisor ask --json`` prints."""

from __future__ import annotations

from typing import Any

from bot.answers.reply import Answer, Decline, Reply
from bot.answers.scorecard import ranking
from bot.knowledge.entry import Entry


def reply_object(question: str, reply: Reply, *, ms: float) -> dict[str, Any]:
    """
    The reply as plain data; ``ms`` is the time it took, in milliseconds.

    ``alternatives`` is the ranking, best first, at most ten; what is answered or offered stands first.
    """
    return {
        "question": question,
        "outcome": reply.outcome,
        "reason": reply.reason if isinstance(reply, Decline) else None,
        "answer": _answer(reply.entry) if isinstance(reply, Answer) else None,
        "confidence": reply.matches.confidence,
        "alternatives": _alternatives(reply),
        "ms": round(ms, 3),
    }


def _answer(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "sources": [source.model_dump(mode="json") for source in entry.sources],
    }


def _alternatives(reply: Reply) -> list[dict[str, Any]]:
    scores = {match.entry_id: match.score for match in reply.matches.ranked}
    return [{"id": one, "score": scores.get(one, 0.0)} for one in ranking(reply)]
