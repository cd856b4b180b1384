"""Small replies: feedback taken, shared, passed on, gone, not in the channel, not allowed."""

from __future__ import annotations

from bot.rendering.awaited import await_button
from bot.rendering.blocks import actions, button, quoted, section
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape

_LONGEST_QUESTION = 3000
_GONE = "That entry is no longer in the knowledge base. Ask again in your own words to see what there is now."


def thanks(*, helpful: bool, answer_id: str) -> Message:
    """Thanks for a verdict; after "not helpful" with what to do, and no field in which to write something personal."""
    if helpful:
        return _note("Thank you. It is noted that this answer helped.")
    text = (
        "Thank you. It is noted that this answer did not help. What was missing? Ask again with those words in it, or "
        "pass the question to a person."
    )
    return _with_pass_on(text, answer_id)


def none_of_these(answer_id: str, *, awaitable: bool = False) -> Message:
    """Nothing that was offered was meant; where it is *awaitable*, with a button to be told when there is an answer."""
    text = (
        "None of these, then. It is noted, so that the answer can be written. Ask again in other words, or pass the "
        "question to a person."
    )
    return _with_pass_on(text, answer_id, awaitable=awaitable)


def passed_on() -> Message:
    """The question went to people."""
    return _note("Passed on, without your name. If you need an answer soon, ask a colleague as well.")


def passed_on_to_people(question: str) -> Message:
    """What the people who help see: the question, as it was typed."""
    said = "Somebody asked Advisor this and wants a person to look at it:"
    text = f"{said} {escape(cut(' '.join(question.split()), _LONGEST_QUESTION // 2))}"
    return message(cut(text, _LONGEST_QUESTION), [section(said), quoted("Question", question)])


def ask_a_person() -> Message:
    """There is nowhere to pass a question on to."""
    return _note("Nobody is set to take questions from here. Ask your head of digital, or whoever runs Advisor.")


def shared() -> Message:
    """The answer now stands in the channel."""
    return _note("Shared. Everyone in this channel can see the answer.")


def not_in_channel() -> Message:
    """Advisor cannot write where it has not been invited."""
    return _note("Advisor is not in this channel, so it cannot post here. Type /invite @Advisor, then try again.")


def gone() -> Message:
    """The entry behind a button is no longer there."""
    return _note(_GONE)


def gone_view() -> View:
    """The same in a modal."""
    return modal("No longer there", [section(_GONE)], callback_id="gone")


def not_allowed() -> Message:
    """Something that only administrators may see."""
    return _note("Only Advisor's administrators can see that. Ask whoever runs Advisor.")


def _note(text: str) -> Message:
    return message(text, [section(text)])


def _with_pass_on(text: str, answer_id: str, *, awaitable: bool = False) -> Message:
    onward = [button("Pass this to a person", "pass_on", answer_id)]
    onward += [await_button(answer_id)] if awaitable else []
    return message(text, [section(text), actions(f"pass_on:{answer_id}", onward)])
