"""What a council shares, in one screen: a box for each field, a way to stop at once, and who saw what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.dates import in_words
from bot.network.sharing import FIELDS, LONGEST_CONTACT, Field, Shares
from bot.rendering.blocks import actions, button, context, divider, header, section
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.fields import Choice, Payload, boxes_field, choice_field, mention, text_field
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import escape
from bot.storage.sharing import Disclosure

SHARING_CALLBACK: Final = "sharing_save"
_MOST_LINES: Final = 12

FIELD_WORDS: Final[Mapping[Field, str]] = {
    "name": "name of the council and of the service",
    "phase": "phase",
    "route": "built, bought or configured",
    "system": "system that the service runs on",
    "supplier": "supplier",
    "contract_end": "day on which the contract ends",
    "points_met": "points of the standard met, as signed",
    "contact": "contact",
}
_EXPLAINED: Final = (
    "Nothing is shared unless it is ticked. What is ticked can be seen by people of other councils who use this "
    "Advisor, for every service of the council that is not retired, together with its service area, by which it is "
    "found. Ratings, evidence, notes, people and values of contracts are never shared. Unticking works at once."
)


@dataclass(frozen=True)
class Seen:
    """A line of the log with the name of the service, and of the viewer's councils where they are known."""

    disclosure: Disclosure
    service: str
    councils: str


def sharing_form(
    shares: Shares, councils: Sequence[Choice], log: Sequence[Seen], *, may_open: bool, metadata: str
) -> View:
    """The form with what one party shares. *councils* are those that the reader may turn to."""
    name = dict(councils)[shares.party.council]
    blocks: list[Block | Payload] = [header(f"What {name} shares"), section(_EXPLAINED)]
    if len(councils) > 1:
        blocks.append(choice_field("sharing_council", "Council", councils, value=shares.party.council, dispatch=True))
    if not may_open:
        blocks.append(context("You may untick. To share more, ask an administrator: several councils work here."))
    # A new block for each state of the form, or Slack keeps the boxes as they were ticked for another council.
    state = f"{shares.party.council}"
    choices = [(one, FIELD_WORDS[one].capitalize()) for one in FIELDS]
    blocks.append(boxes_field(f"fields:{state}", "Shared with other councils", choices, values=shares.fields))
    blocks.append(
        text_field(
            f"contact:{state}", "Contact for other councils", value=shares.contact, optional=True,
            most=LONGEST_CONTACT, hint="Such as digital@council.gov.uk. Given to others only where it is ticked above.",
        )
    )  # fmt: skip
    if shares.fields:
        stop = button("Share nothing from now on", "sharing_stop", shares.party.council)
        blocks.append(actions("sharing_stop", [stop]))
    blocks += [divider(), section("*Who saw what*"), *_log(log)]
    return modal(
        "Sharing", blocks, callback_id=SHARING_CALLBACK, private_metadata=metadata, submit="Save", close="Cancel"
    )


def saved_view(shares: Shares) -> View:
    """What is shared now, in words."""
    return words_view("Saved", f"Shared with other councils from now on: {words_of_fields(shares.fields)}.")


def shared_message(shares: Shares, council: str, *, by: str) -> Message:
    """People of the council learn that more is shared, and how to stop it."""
    text = (
        f"{mention(by)} has changed what {escape(council)} shares with other councils. Shared now: "
        f"{words_of_fields(shares.fields)}. `/advisor sharing` shows it all, and stops it."
    )
    stop = button("Share nothing from now on", "sharing_stop", shares.party.council)
    return message(text, [section(text), actions("sharing_stop", [stop])])


def home_blocks() -> list[Payload]:
    """The way to this screen from the Home tab."""
    return [actions("sharing_home", [button("What we share with other councils", "sharing_open", "open")]).to_dict()]


def words_of_fields(fields: Sequence[Field] | frozenset[Field]) -> str:
    """Fields as people read them: "phase, supplier"; "nothing" where there is none."""
    return ", ".join(FIELD_WORDS[one] for one in FIELDS if one in fields) or "nothing"


def _log(log: Sequence[Seen]) -> list[Block]:
    if not log:
        return [section("Nobody of another council has seen anything yet.")]
    lines = [f"• {_line(one)}" for one in log[:_MOST_LINES]]
    if len(log) > _MOST_LINES:
        lines.append("Older lines are kept too.")
    return [section("\n".join(lines))]


def _line(seen: Seen) -> str:
    """One disclosure: the day alone, and nobody's name where an introduction was only looked for."""
    one = seen.disclosure
    what = f"{words_of_fields(one.fields)} of {escape(seen.service or 'a service that is gone')}"
    return f"{in_words(one.at.date())}: {what}. Seen by {_who(seen)} ({one.occasion})."


def _who(seen: Seen) -> str:
    if seen.disclosure.occasion == "introduction":
        return "somebody, who saw no name"
    person = mention(seen.disclosure.seen_by)
    council = escape(seen.councils)
    if person == "somebody":
        return f"somebody of {council}" if council else "somebody in another Slack"
    return f"{person} of {council}" if council else person
