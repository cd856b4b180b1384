"""What the steps for Workflow Builder hand on: plain text, as a workflow puts it into a message or a list."""

from __future__ import annotations

from bot.answers.reply import Answer, Choice, Reply
from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.services import Service
from bot.rendering.checkpoint_words import title_of
from bot.rendering.corrections import WITH_ADDRESSES, maybe_lines, sure_lines
from bot.rendering.declines import declined_words
from bot.rendering.mrkdwn import cut, plain

Outputs = dict[str, str | bool]

_LONGEST = 3000


def reply_outputs(reply: Reply) -> Outputs:
    """The answer in plain text, the outcome, and the address of the first source where there is an answer."""
    if isinstance(reply, Answer):
        words = "\n\n".join(f"{entry.title}. {plain(entry.summary, addresses=True)}" for entry in reply.entries)
        words = "\n\n".join([*sure_lines(reply, WITH_ADDRESSES), words, *maybe_lines(reply, WITH_ADDRESSES)])
        found: Outputs = {"answer": cut(words, _LONGEST), "outcome": reply.outcome}
        return found | ({"source": reply.entry.sources[0].url} if reply.entry.sources else {})
    if isinstance(reply, Choice):
        options = "; ".join(entry.title for entry in reply.options)
        unclear = f"It is not clear which of these is meant: {options}."
        said = [*sure_lines(reply, WITH_ADDRESSES), *maybe_lines(reply, WITH_ADDRESSES)]
        words = "\n\n".join([*said, unclear])
        return {"answer": cut(words, _LONGEST), "outcome": "choice"}
    return {"answer": cut(plain(declined_words(reply), addresses=True), _LONGEST), "outcome": "decline"}


def started_outputs(checkpoint: Checkpoint, service: Service) -> Outputs:
    """A checkpoint that was planned."""
    return {
        "checkpoint": title_of(checkpoint),
        "due_on": checkpoint.due_on.isoformat(),
        "channel": service.channel_id,
        "owner": service.owner_id,
    }


def decided_outputs(checkpoint: Checkpoint | None, code: str) -> Outputs:
    """The last decision, with the code of its receipt; or that there is none."""
    decision = checkpoint.decision if checkpoint else None
    if checkpoint is None or decision is None:
        return {"decided": False, "decision": "not decided"}
    found: Outputs = {"decided": True, "decision": decision.outcome, "checkpoint": title_of(checkpoint)}
    return found | {"decided_on": day_of(decision.at).isoformat()} | ({"receipt": code} if code else {})
